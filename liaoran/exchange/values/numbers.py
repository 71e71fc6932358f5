"""Numbers as people write them: currency signs, units, thousands separators, brackets for negatives, percent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from liaoran.exchange.readers.table import Cell, ErrorCell
from liaoran.exchange.values.chinese_numerals import chinese_number
from liaoran.exchange.values.normal import narrow
from liaoran.exchange.values.unreadable import Unreadable
from liaoran.kernel.text import Text

_SIGNS = {
    "US$": "USD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "C$": "CAD", "S$": "SGD", "R$": "BRL",
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "₩": "KRW", "₹": "INR", "₽": "RUB", "฿": "THB", "₫": "VND",
}  # fmt: skip
_NAMES = {
    "人民币": "CNY", "rmb": "CNY", "美元": "USD", "美金": "USD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY",
    "港币": "HKD", "港元": "HKD", "韩元": "KRW", "新台币": "TWD", "台币": "TWD", "新加坡元": "SGD", "澳元": "AUD",
    "加元": "CAD", "卢布": "RUB",
}  # fmt: skip
_CODES = [
    "CNY",
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "HKD",
    "TWD",
    "KRW",
    "SGD",
    "AUD",
    "CAD",
    "CHF",
    "SEK",
    "NOK",
    "DKK",
    "INR",
    "BRL",
    "RUB",
    "THB",
    "VND",
    "MYR",
    "IDR",
    "PHP",
    "MXN",
    "ZAR",
    "NZD",
    "AED",
    "SAR",
    "TRY",
    "PLN",
    "CZK",
    "HUF",
    "ILS",
    "EGP",
    "MOP",
    "KZT",
]
_UNITS = {
    "亿万": Decimal(10) ** 12, "万亿": Decimal(10) ** 12, "千亿": Decimal(10) ** 11, "百亿": Decimal(10) ** 10,
    "十亿": Decimal(10) ** 9, "亿": Decimal(10) ** 8, "千万": Decimal(10) ** 7, "百万": Decimal(10) ** 6,
    "十万": Decimal(10) ** 5, "万": Decimal(10) ** 4, "w": Decimal(10) ** 4, "千": Decimal(1000), "百": Decimal(100),
    "k": Decimal(1000), "thousand": Decimal(1000), "m": Decimal(10) ** 6, "mn": Decimal(10) ** 6,
    "mm": Decimal(10) ** 6, "mio": Decimal(10) ** 6, "million": Decimal(10) ** 6, "b": Decimal(10) ** 9, "bn": Decimal(10) ** 9,
    "billion": Decimal(10) ** 9, "": Decimal(1),
}  # fmt: skip
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)))
_NAME = re.compile("|".join(sorted(_NAMES, key=len, reverse=True)), re.IGNORECASE)
_CODE = re.compile(r"(?<![A-Za-z])(" + "|".join(_CODES) + r")(?![A-Za-z])", re.IGNORECASE)
_UNIT = re.compile(
    r"(" + "|".join(sorted((unit for unit in _UNITS if unit), key=len, reverse=True)) + r")\.?$", re.IGNORECASE
)
_GROUPED_POINT = re.compile(
    r"^(\d{1,3}(?:([,' ])\d{3})(?:\2\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}|\d+)?(\.\d*)?(e[-+]?\d+)?$", re.IGNORECASE
)
_GROUPED_COMMA = re.compile(r"^(\d{1,3}(?:([. '])\d{3})(?:\2\d{3})*|\d+)?(,\d*)?(e[-+]?\d+)?$", re.IGNORECASE)
_SURE_COMMA = re.compile(r"^[^\d]*(\d{1,3}(\.\d{3})+,\d+|\d+,(\d{1,2}|\d{4,}))[^\d,.]*$")
_SURE_POINT = re.compile(r"^[^\d]*(\d{1,3}(,\d{3})+\.\d+|\d+\.(\d{1,2}|\d{4,}))[^\d,.]*$")
_PARTS = re.compile(r"(?:\d+(?:\.\d+)?(?:亿|千万|百万|十万|万|千|百)){2,}")
_PART = re.compile(r"([\d.]+)(\D+)")
_LARGEST = Decimal(10) ** 15

NOT_A_NUMBER = Text(
    "“{value}”不是数字；请只填数字，如 1054、1,054.00 或 1.2万",
    "“{value}” is not a number; write digits only, such as 1054 or 1,054.00",
)
_FAILED_FORMULA = Text(
    "公式出错（{value}）；请在表格里改正公式后再导入",
    "the formula failed ({value}); mend it in the sheet and import again",
)
_TOO_LARGE = Text("“{value}”太大，最多 15 位整数", "“{value}” is too large; at most 15 digits before the point")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with what was written around it: an ISO currency code, and whether a percent sign."""

    value: Decimal
    currency: str | None = None
    percent: bool = False


def read_number(cell: Cell, decimal: str = ".") -> Number:
    """The number in the cell. ``decimal`` is the column's decimal sign, ``.`` or ``,``.

    ``￥1,054.00``, ``1.2万``, ``$342.09K``, ``(1,234)``, ``１２３``, ``25%``, ``三百万`` are numbers; ``12abc`` is not.
    Raises Unreadable.
    """
    if isinstance(cell, ErrorCell):
        raise Unreadable("failed_formula", _FAILED_FORMULA, cell)
    if isinstance(cell, int | float):
        return Number(_sized(_decimal(repr(cell), cell), cell))
    if not isinstance(cell, str):
        raise Unreadable("not_a_number", NOT_A_NUMBER, cell)
    text, currency = _without_currency(narrow(cell))
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
        text, inner = _without_currency(text)
        currency = currency or inner
    if text[:1] in "+-−–" and text[:1]:
        negative, text = negative ^ (text[0] != "+"), text[1:].strip()
    elif text.endswith("-"):
        negative, text = not negative, text[:-1].strip()
    percent = text.endswith("%")
    value = _magnitude(text[:-1].strip() if percent else text, decimal, cell)
    return Number(_sized(-value if negative else value, cell), currency, percent)


def decimal_sign(texts: list[str]) -> str:
    """``,`` where the texts of a column are sure to use a decimal comma and none a decimal point, else ``.``."""
    comma = sum(1 for text in texts if _SURE_COMMA.match(narrow(text)))
    point = sum(1 for text in texts if _SURE_POINT.match(narrow(text)))
    return "," if comma > point else "."


def unit_factor(text: str) -> Decimal | None:
    """What ``万元``, ``百万``, ``K USD`` in a column name multiply its values by; None where the text is no unit."""
    rest = _CODE.sub("", narrow(text))
    rest = _NAME.sub("", rest)
    rest = _SIGN.sub("", rest).replace("元", "").replace("单位", "").strip(" :/").casefold()
    rest = re.sub(r"s$", "", rest) if rest.endswith(("thousands", "millions", "billions")) else rest
    if not rest or rest in ("b", "m", "w", "百"):
        return None
    return _UNITS.get(rest)


def currency_in(text: str) -> str | None:
    """The ISO code of the currency that the text names by sign, name or code, else None."""
    return _without_currency(narrow(text))[1]


def _magnitude(text: str, decimal: str, cell: Cell) -> Decimal:
    found = _UNIT.search(text)
    unit = found[1].casefold() if found else ""
    digits = text[: found.start()].strip() if found else text
    pattern = _GROUPED_COMMA if decimal == "," else _GROUPED_POINT
    if digits and any(letter.isdigit() for letter in digits) and pattern.match(digits):
        plain = digits.replace("'", "").replace(" ", "")
        plain = plain.replace(".", "").replace(",", ".") if decimal == "," else plain.replace(",", "")
        return _decimal(plain, cell) * _UNITS[unit]
    if _PARTS.fullmatch(text):
        parts = (_PART.fullmatch(part) for part in re.findall(r"[\d.]+\D*", text))
        return sum((_decimal(part[1], cell) * _UNITS[part[2]] for part in parts if part), Decimal())
    written = chinese_number(text)
    if written is None:
        raise Unreadable("not_a_number", NOT_A_NUMBER, cell)
    return Decimal(written)


def _without_currency(text: str) -> tuple[str, str | None]:
    """The text without the sign, name or code of a currency, and its ISO code."""
    for pattern, codes in ((_SIGN, _SIGNS), (_NAME, _NAMES), (_CODE, None)):
        found = pattern.search(text)
        if found:
            code = found[0].upper() if codes is None else codes[found[0] if codes is _SIGNS else found[0].casefold()]
            rest = (text[: found.start()] + text[found.end() :]).strip()
            return rest.removesuffix("元").removesuffix("元整").strip(), code
    for ending in ("元整", "圆整", "元", "圆", "块"):
        if text.endswith(ending):
            return text.removesuffix(ending).strip(), "CNY"
    return text, None


def _decimal(text: str, cell: Cell) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Unreadable("not_a_number", NOT_A_NUMBER, cell) from None
    if not value.is_finite():
        raise Unreadable("not_a_number", NOT_A_NUMBER, cell)
    return value


def _sized(value: Decimal, cell: Cell) -> Decimal:
    if abs(value) >= _LARGEST:
        raise Unreadable("number_too_large", _TOO_LARGE, cell)
    return value
