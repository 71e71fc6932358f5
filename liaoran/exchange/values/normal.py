"""Writings that mean the same: full-width and half-width, upper and lower case, spaces, Chinese and its pinyin."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

ERROR_TEXTS = frozenset(
    {"#N/A", "#DIV/0!", "#VALUE!", "#VALUE?", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)
_GAPS = re.compile(r"[\s\u200b\ufeff_\-‐-―·・]+")
_HAN = re.compile("[\u3400-\u9fff]")


def narrow(text: str) -> str:
    """The text with full-width letters, digits and signs made half-width, other spaces made plain, trimmed."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").strip()


def folded(text: str) -> str:
    """The key under which two writings count as the same: ``GTXPro`` and ``gtx-pro`` and ``ＧＴＸ Pro`` are equal."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=65_536)
def pinyin_key(text: str) -> str:
    """The folded full pinyin without tones, for texts with Chinese characters; equal to ``folded`` for others."""
    if not _HAN.search(text):
        return folded(text)
    return folded("".join(lazy_pinyin(text, style=Style.NORMAL, errors="default"))).replace("ü", "v")


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _HAN.search(text) is not None
