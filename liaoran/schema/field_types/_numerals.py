"""Numbers as people and files write them, read into JSON numbers without ever calculating in binary fractions.

A canonical number is an int where whole and otherwise the float whose shortest writing is the decimal number itself.
At most 15 significant digits are taken, so that every JSON reader, browsers included, gets exactly the number that
PostgreSQL stores as ``numeric``; sums and averages are made by PostgreSQL.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.field_types.base import ValueProblem, problem
from liaoran.schema.reading import Reader
from liaoran.schema.snapshot import Field

DIGITS = 15
_FIFTEEN = Context(prec=DIGITS, rounding=ROUND_HALF_UP)
_ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)
_STEPS = [Decimal(1).scaleb(-scale) for scale in range(11)]
_PLAIN = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,20})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?", re.ASCII)
_WRITTEN = re.compile(
    r"""(?P<open>\()?(?P<sign>[+-])?
        (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)
        (?P<power>e[+-]?\d{1,3})?
        (?P<unit>万亿|百万|千万|亿|万|千|百|k|m)?
        (?(open)\))""",
    re.ASCII | re.VERBOSE | re.IGNORECASE,
)
_UNITS = {
    "": 1, "百": 100, "千": 1_000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000,
    "万亿": 1_000_000_000_000, "k": 1_000, "m": 1_000_000,
}  # fmt: skip

NOT_A_NUMBER = Text("“{value}”不是数字", "“{value}” is not a number")


def halfwidth(text: str) -> str:
    """The text with full-width digits, letters and punctuation as ordinary ones, without blanks around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def read_decimal(text: str) -> Decimal | None:
    """The number written in a half-width text with thousands separators, 万 or 亿, or brackets for minus; else None."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", ""))
    match = _WRITTEN.fullmatch(text.replace(" ", "").replace("−", "-"))
    if match is None or (match["open"] and match["sign"]):
        return None
    try:
        value = _ROUNDING.multiply(
            Decimal(match["number"].replace(",", "") + (match["power"] or "")),
            Decimal(_UNITS[(match["unit"] or "").lower()]),
        )
    except InvalidOperation:
        return None
    return -value if match["open"] or match["sign"] == "-" else value


def json_number(value: Decimal, raw: Any, one: Field, scale: int | None) -> int | float:
    """The canonical number, rounded half up to ``scale`` digits after the point. Refuses what does not fit."""
    if not value.is_finite():
        raise problem(one, "not_a_number", NOT_A_NUMBER.fill(value=raw), raw)
    if value.adjusted() >= DIGITS:
        raise _too_long(raw, one)
    rounded = _FIFTEEN.plus(value) if scale is None else value.quantize(_STEPS[scale], context=_ROUNDING)
    if scale is not None and len(rounded.as_tuple().digits) > DIGITS and _FIFTEEN.plus(rounded) != rounded:
        raise _too_long(raw, one)
    whole = int(rounded)
    return whole if whole == rounded else float(rounded)


def canonical(raw: Any, one: Field, scale: int | None, bare: Callable[[str], str] | None = None) -> int | float:
    """The canonical number of a raw value of any accepted type; ``bare`` takes away what may stand around digits."""
    if raw.__class__ is int:
        value = Decimal(raw)
    elif isinstance(raw, float):
        value = Decimal(repr(raw))
    elif isinstance(raw, Decimal):
        value = raw
    elif isinstance(raw, str):
        text = halfwidth(raw)
        read = read_decimal(text)
        if read is None and bare is not None:
            read = read_decimal(bare(text))
        if read is None:
            raise problem(one, "not_a_number", NOT_A_NUMBER.fill(value=raw[:60]), raw)
        value = read
    else:
        raise problem(one, "not_a_number", NOT_A_NUMBER.fill(value=raw), raw)
    return json_number(value, raw, one, scale)


def check_bounds(value: int | float, raw: Any, one: Field) -> int | float:
    """The value, refused where it lies beyond the options ``minimum`` and ``maximum``."""
    low, high = one.options.get("minimum"), one.options.get("maximum")
    if low is not None and value < low:
        message = Text("不能小于 {low}", "must not be less than {low}").fill(low=low)
        raise problem(one, "too_small", message, raw, minimum=low)
    if high is not None and value > high:
        message = Text("不能大于 {high}", "must not be greater than {high}").fill(high=high)
        raise problem(one, "too_large", message, raw, maximum=high)
    return value


def read_bounds(reader: Reader) -> dict[str, Any]:
    """The options ``minimum`` and ``maximum``, left out where absent."""
    bounds = {name: value for name in ("minimum", "maximum") if (value := reader.number(name)) is not None}
    if len(bounds) == 2 and bounds["minimum"] > bounds["maximum"]:
        raise reader.place.at("maximum").refuse(Text("不能小于 minimum", "must not be less than minimum"))
    return bounds


def written(value: Any) -> str:
    """A canonical number as text, never in scientific writing."""
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


def _too_long(raw: Any, one: Field) -> ValueProblem:
    return problem(
        one,
        "too_many_digits",
        Text(
            "数字超过 {limit} 位，编号一类请用文本字段",
            "the number has more than {limit} digits; use a text field for identifiers",
        ).fill(limit=DIGITS),
        raw,
        limit=DIGITS,
    )
