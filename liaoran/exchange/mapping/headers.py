"""What a column header says: a name, and around it units, date formats, separators, "required" marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from liaoran.exchange.values.dates import DateOrder
from liaoran.exchange.values.normal import folded, narrow
from liaoran.exchange.values.numbers import currency_in, unit_factor

_BRACKETS = re.compile(r"[(\[【{<]([^()\[\]【】{}<>]*)[)\]】}>]")
_SEPARATORS = {
    "空格": " ", "逗号": ",", "分号": ";", "顿号": "、", "竖线": "|", "斜杠": "/", "换行": "\n",
    "space": " ", "comma": ",", "semicolon": ";", "pipe": "|",
}  # fmt: skip
_ORDERS: tuple[tuple[re.Pattern[str], DateOrder], ...] = (
    (re.compile(r"(?<![a-z])y{2,4}[^a-z]*m{1,2}[^a-z]*d{1,2}(?![a-z])", re.IGNORECASE), "ymd"),
    (re.compile(r"(?<![a-z])d{1,2}[^a-z]*m{1,2}[^a-z]*y{2,4}(?![a-z])|日[/-]月[/-]年", re.IGNORECASE), "dmy"),
    (re.compile(r"(?<![a-z])m{1,2}[^a-z]*d{1,2}[^a-z]*y{2,4}(?![a-z])|月[/-]日[/-]年", re.IGNORECASE), "mdy"),
)
_TRAILING_CURRENCY = re.compile(r"[\s_-]+([A-Z]{3})$")


@dataclass(frozen=True, slots=True)
class Header:
    """``keys`` are the folded names to look up, the whole header first; the rest is what its remarks say."""

    keys: tuple[str, ...]
    factor: Decimal | None = None
    currency: str | None = None
    order: DateOrder | None = None
    separator: str | None = None
    percent: bool = False


@lru_cache(maxsize=4096)
def read_header(name: str) -> Header:
    """Takes a header apart: ``预计金额（万元）`` is 预计金额 in units of 10,000."""
    text = narrow(name).strip("*＊ ")
    remarks = _BRACKETS.findall(text)
    core = _BRACKETS.sub(" ", text).strip("*: ")
    factor = currency = order = separator = None
    for remark in remarks:
        factor = factor or unit_factor(remark)
        currency = currency or (currency_in(remark) if len(remark) <= 12 else None)
        order = order or next((one for pattern, one in _ORDERS if pattern.search(remark)), None)
        if "分隔" in remark or "separated" in remark.casefold():
            separator = next((sign for word, sign in _SEPARATORS.items() if word in remark.casefold()), None)
    keys = [folded(text)]
    if trailing := _TRAILING_CURRENCY.search(core):
        named = currency_in(trailing[1])
        if named:
            currency = currency or named
            core = core[: trailing.start()]
    if folded(core):
        keys.append(folded(core))
    percent = "%" in text or "百分" in text
    return Header(tuple(dict.fromkeys(keys)), factor, currency, order, separator, percent)
