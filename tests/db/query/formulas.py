"""Random formulas as trees that can be written and be worked out in Python, slowly and obviously."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import chinese_calendar
from hypothesis import strategies as st

TODAY = date(2026, 3, 18)
Record = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of a formula: how it is written, and what it is worth for a record (None for empty)."""

    text: str
    worth: Callable[[Record], Any]


def _known(work: Callable[..., Any]) -> Callable[..., Any]:
    """Empty where an argument is empty."""
    return lambda *values: None if any(value is None for value in values) else work(*values)


def _made(template: str, work: Callable[..., Any], *parts: Part) -> Part:
    return Part(
        template.format(*(part.text for part in parts)), lambda record: work(*(part.worth(record) for part in parts))
    )


def _number(key: str) -> Part:
    return Part(key, lambda record: None if record[key] is None else Decimal(str(record[key])))


def _text(key: str) -> Part:
    return Part("{" + key + "}", lambda record: record[key])


def _day(key: str) -> Part:
    return Part(key, lambda record: None if record[key] is None else date.fromisoformat(record[key]))


def _literal(value: str) -> Part:
    return Part('"' + value.replace('"', '""') + '"', lambda record: value or None)


def _round(value: Decimal, digits: int) -> Decimal:
    step = Decimal(1).scaleb(-digits)
    return (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _filled(text: str) -> str | None:
    return text or None


def _moved(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    index = day.year * 12 + day.month - 1 + count * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@cache
def _works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) if 2004 <= day.year <= 2026 else day.weekday() < 5


@cache
def _workdays(start: date, end: date) -> Decimal:
    low, high = min(start, end), max(start, end)
    count = sum(_works(low + timedelta(days=step)) for step in range((high - low).days + 1))
    return Decimal(-count if end < start else count)


def _least(*values: Any) -> Any:
    known = [value for value in values if value is not None]
    return min(known) if known else None


def _greatest(*values: Any) -> Any:
    known = [value for value in values if value is not None]
    return max(known) if known else None


def _sum(*values: Any) -> Any:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


NUMBERS = st.one_of(
    st.sampled_from([_number("amount"), _number("count"), _number("chance")]),
    st.sampled_from(["0", "1", "2.5", "100", "7"]).map(lambda text: Part(text, lambda record: Decimal(text))),
)
TEXTS = st.one_of(
    st.sampled_from([_text("name"), _text("note")]), st.sampled_from(["", "宝信", "a b", 'q"q']).map(_literal)
)
DATES = st.sampled_from([_day("due"), Part("TODAY()", lambda record: TODAY)])
FLAGS = st.sampled_from([Part("urgent", lambda record: record["urgent"] is True), Part("TRUE", lambda record: True)])


@st.composite
def number(draw: st.DrawFn, depth: int) -> Part:
    if depth == 0:
        return draw(NUMBERS)
    a, b = number(depth - 1), number(depth - 1)
    kind = draw(st.integers(0, 16))
    if kind == 0:
        return _made("({0} + {1})", _known(lambda x, y: x + y), draw(a), draw(b))
    if kind == 1:
        return _made("({0} - {1})", _known(lambda x, y: x - y), draw(a), draw(b))
    if kind == 2:
        return _made("({0} * {1})", _known(lambda x, y: x * y), draw(a), draw(b))
    if kind == 3:
        divide = _known(lambda x, y: None if y == 0 else _round(x / y, 4))
        return _made("ROUND({0} / {1}, 4)", divide, draw(a), draw(b))
    if kind == 4:
        return _made("ROUND({0}, 1)", _known(lambda x: _round(x, 1)), draw(a))
    if kind == 5:
        return _made("ABS({0})", _known(abs), draw(a))
    if kind == 6:
        return _made("MIN({0}, {1})", _least, draw(a), draw(b))
    if kind == 7:
        return _made("MAX({0}, {1})", _greatest, draw(a), draw(b))
    if kind == 8:
        return _made("IF({0}, {1}, {2})", lambda c, x, y: x if c else y, draw(flag(depth - 1)), draw(a), draw(b))
    if kind == 9:
        return _made("LEN({0})", lambda x: Decimal(len(x or "")), draw(text(depth - 1)))
    if kind == 10:
        return _made("SUM({0}, {1})", _sum, draw(a), draw(b))
    if kind == 11:
        return _made("IFBLANK({0}, {1})", lambda x, y: y if x is None else x, draw(a), draw(b))
    if kind == 12:
        return _made("INT({0})", _known(lambda x: x.to_integral_value(ROUND_FLOOR)), draw(a))
    if kind == 13:
        return _made(
            "DAYS({0}, {1})", _known(lambda x, y: Decimal((x - y).days)), draw(day(depth - 1)), draw(day(depth - 1))
        )
    if kind == 14:
        return _made("WORKDAYS({0}, {1})", _known(_workdays), draw(day(depth - 1)), draw(day(depth - 1)))
    if kind == 15:
        return _made(
            "({0} - {1})", _known(lambda x, y: Decimal((x - y).days)), draw(day(depth - 1)), draw(day(depth - 1))
        )
    return _made("YEAR({0})", _known(lambda x: Decimal(x.year)), draw(day(depth - 1)))


@st.composite
def text(draw: st.DrawFn, depth: int) -> Part:
    if depth == 0:
        return draw(TEXTS)
    a, b = text(depth - 1), text(depth - 1)
    kind = draw(st.integers(0, 8))
    if kind == 0:
        return _made("({0} & {1})", lambda x, y: _filled((x or "") + (y or "")), draw(a), draw(b))
    if kind == 1:
        count = draw(st.integers(0, 4))
        return _made(f"LEFT({{0}}, {count})", _known(lambda x: _filled(x[:count])), draw(a))
    if kind == 2:
        count = draw(st.integers(0, 4))
        return _made(f"RIGHT({{0}}, {count})", _known(lambda x: _filled(x[-count:] if count else "")), draw(a))
    if kind == 3:
        start, count = draw(st.integers(1, 4)), draw(st.integers(0, 4))
        return _made(
            f"MID({{0}}, {start}, {count})", _known(lambda x: _filled(x[start - 1 : start - 1 + count])), draw(a)
        )
    if kind == 4:
        return _made("UPPER({0})", _known(lambda x: x.upper()), draw(a))
    if kind == 5:
        return _made("TRIM({0})", _known(lambda x: _filled(x.strip(" "))), draw(a))
    if kind == 6:
        return _made("IF({0}, {1}, {2})", lambda c, x, y: x if c else y, draw(flag(depth - 1)), draw(a), draw(b))
    if kind == 7:
        return _made('SUBSTITUTE({0}, "宝信", "A")', _known(lambda x: _filled(x.replace("宝信", "A"))), draw(a))
    return _made("COALESCE({0}, {1})", lambda x, y: y if x is None else x, draw(a), draw(b))


@st.composite
def flag(draw: st.DrawFn, depth: int) -> Part:
    if depth == 0:
        return draw(FLAGS)
    a, b = flag(depth - 1), flag(depth - 1)
    kind = draw(st.integers(0, 7))
    if kind == 0:
        return _made("AND({0}, {1})", lambda x, y: x and y, draw(a), draw(b))
    if kind == 1:
        return _made("OR({0}, {1})", lambda x, y: x or y, draw(a), draw(b))
    if kind == 2:
        return _made("NOT({0})", lambda x: not x, draw(a))
    if kind == 3:
        return _made(
            "ISBLANK({0})", lambda x: x is None, draw(st.one_of(number(depth - 1), text(depth - 1), day(depth - 1)))
        )
    if kind == 4:
        piece = draw(st.sampled_from(["宝", "A", "a"]))
        contains = lambda x: x is not None and piece.lower() in x.lower()  # noqa: E731
        return _made(f'CONTAINS({{0}}, "{piece}")', contains, draw(text(depth - 1)))
    sign = draw(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]))
    side = draw(st.sampled_from([number, day, text] if sign in ("=", "<>") else [number, day]))
    return _made(
        f"({{0}} {sign} {{1}})", lambda x, y: _compare(sign, x, y), draw(side(depth - 1)), draw(side(depth - 1))
    )


def _compare(sign: str, left: Any, right: Any) -> bool:
    if sign == "=":
        return bool(left == right)
    if sign == "<>":
        return bool(left != right)
    if left is None or right is None:
        return False
    return bool({"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign])


@st.composite
def day(draw: st.DrawFn, depth: int) -> Part:
    if depth == 0:
        return draw(DATES)
    inner = day(depth - 1)
    kind = draw(st.integers(0, 4))
    if kind == 0:
        count, unit = draw(st.integers(-40, 40)), draw(st.sampled_from(["day", "week", "month", "quarter", "year"]))
        return _made(f'DATEADD({{0}}, {count}, "{unit}")', _known(lambda x: _moved(x, count, unit)), draw(inner))
    if kind == 1:
        count = draw(st.integers(-5, 5))
        end = lambda x: _moved(_moved(x.replace(day=1), count + 1, "month"), -1, "day")  # noqa: E731
        return _made(f"EOMONTH({{0}}, {count})", _known(end), draw(inner))
    if kind == 2:
        count = draw(st.integers(0, 400))
        return _made(f"({{0}} + {count})", _known(lambda x: x + timedelta(days=count)), draw(inner))
    if kind == 3:
        month, number_of_day = draw(st.integers(-20, 20)), draw(st.integers(-40, 60))
        made = lambda: _moved(_moved(date(2026, 1, 1), month - 1, "month"), number_of_day - 1, "day")  # noqa: E731
        return Part(f"DATE(2026, {month}, {number_of_day})", lambda record: made())
    return _made("IF({0}, {1}, {2})", lambda c, x, y: x if c else y, draw(flag(depth - 1)), draw(inner), draw(inner))


KINDS = {"number": number, "text": text, "boolean": flag, "date": day}
