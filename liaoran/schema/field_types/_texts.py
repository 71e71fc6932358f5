"""What all text-like types share: clean text, limits, and folding for comparison."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.field_types.base import problem
from liaoran.schema.snapshot import Field

# Control characters but tab and line feed, lone surrogates, and the two code points that are never characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BLANKS = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+ *")


def as_text(raw: Any, one: Field) -> str:
    """The raw value as a string in Unicode normal form C; numbers are taken as written, other types refused."""
    if raw.__class__ is not str:
        if not isinstance(raw, str | int | float) or isinstance(raw, bool):
            raise problem(one, "not_a_text", Text("应为文字", "must be text"), raw)
        raw = str(int(raw)) if isinstance(raw, float) and raw.is_integer() else str(raw)
    return raw if raw.isascii() else unicodedata.normalize("NFC", raw)


def one_line(raw: Any, one: Field) -> str:
    """Text of one line: blanks around it dropped, line breaks and tabs inside become one blank."""
    text = as_text(raw, one).strip()
    if text.isprintable():
        return text
    return _checked(_BLANKS.sub(" ", text), raw, one)


def many_lines(raw: Any, one: Field) -> str:
    """Text of several lines: line ends become line feeds, blanks at its end are dropped."""
    text = as_text(raw, one).replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()
    return text if text.isprintable() else _checked(text, raw, one)


def limited(text: str, one: Field, limit: int) -> str:
    """The text, refused where it is longer than ``limit`` characters."""
    if len(text) > limit:
        message = Text("最多 {limit} 个字，现有 {found} 个", "at most {limit} characters, found {found}")
        raise problem(one, "too_long", message.fill(limit=limit, found=len(text)), text, limit=limit, found=len(text))
    return text


def fold(text: str) -> str:
    """The form in which labels are compared: half-width, lower case, without blanks inside or around."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _checked(text: str, raw: Any, one: Field) -> str:
    found = _FORBIDDEN.search(text)
    if found is not None:
        message = Text("含有不可用的控制字符 U+{code}", "contains the control character U+{code}")
        raise problem(
            one, "control_character", message.fill(code=f"{ord(found[0]):04X}"), ascii(raw), position=found.start()
        )
    return text
