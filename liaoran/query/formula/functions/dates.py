"""Days and instants: today, parts of a day, distances, working days. Instants are read in the actor's time zone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.display import literal
from liaoran.query.formula.functions.base import (
    DATE,
    NUMBER,
    TEXT,
    Function,
    Parameter,
    Setting,
    Sql,
    number,
    once,
    whole,
)
from liaoran.query.workdays import free_weekdays, worked_weekend_days

_DAY = Parameter(Text("日期", "day"), DATE)
_NUMBER = Parameter(Text("数字", "number"), NUMBER)
UNITS = {"day": 100_000, "week": 10_000, "month": 1_200, "quarter": 400, "year": 100}
"""Units of DATEADD and how far they reach."""


def _part(key: str, zh: str, en: str, example: str, field: str) -> Function:
    def write(setting: Setting, arguments: Sequence[Sql]) -> Sql:
        return sa.cast(sa.func.date_part(literal(field), arguments[0]), sa.Numeric)

    return Function(key, Text(zh, en), Text(zh, en), example, (_DAY,), ValueKind.NUMBER, write)


def _interval(unit: str, amount: Sql) -> Sql:
    """``amount`` integer units as an interval."""
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    days = {"day": 1, "week": 7}.get(unit)
    zero: Sql = sa.literal_column("0")
    return sa.func.make_interval(
        zero,
        amount * sa.literal_column(str(months)) if months else zero,
        zero,
        amount * sa.literal_column(str(days)) if days else zero,
    )


def _made(arguments: Sequence[Sql]) -> Sql:
    """As in spreadsheets, month 13 is January of the next year and day 0 the last of the month before."""
    year, month, day = (sa.func.trunc(one) for one in arguments)
    first = sa.func.make_date(whole(year, 1900, 9000), sa.literal_column("1"), sa.literal_column("1"))
    one: Sql = sa.literal_column("1")
    moved = (
        first
        + _interval("month", whole(month, -1200, 1200) - one)
        + _interval("day", whole(day, -40_000, 40_000) - one)
    )
    sound = sa.and_(
        year.between(number(1900), number(9000)),
        month.between(number(-1200), number(1200)),
        day.between(number(-40_000), number(40_000)),
    )
    return sa.case((sound, sa.cast(moved, sa.Date)))


def _moved(setting: Setting, arguments: Sequence[Sql]) -> Sql:
    unit = setting.constants[2]
    limit = UNITS[unit]

    def write(known: Sequence[Sql]) -> Sql:
        moved = sa.cast(known[0] + _interval(unit, whole(known[1], -limit, limit)), sa.Date)
        return sa.case((_reachable(known, limit), moved))

    return once(arguments[:2], write)


def _month_end(arguments: Sequence[Sql]) -> Sql:
    first = sa.func.date_trunc(literal("month"), sa.cast(arguments[0], sa.DateTime))
    limit = UNITS["month"]
    end = first + _interval("month", whole(arguments[1], -limit, limit) + sa.literal_column("1"))
    last = sa.cast(end - _interval("day", sa.literal_column("1")), sa.Date)
    return sa.case((_reachable(arguments, limit), last))


def _reachable(arguments: Sequence[Sql], limit: int) -> Sql:
    """Whether a day moved by so much stays among the years that calendars write with four digits."""
    first: Sql = sa.literal_column("date '1000-01-01'")
    last: Sql = sa.literal_column("date '9000-01-01'")
    return sa.and_(arguments[0].between(first, last), sa.func.abs(arguments[1]) <= number(limit))


def _working_days(arguments: Sequence[Sql]) -> Sql:
    """Both days count. Negative where the second day is before the first."""
    first, last = sa.func.least(*arguments), sa.func.greatest(*arguments)
    known = sa.and_(arguments[0].is_not(None), arguments[1].is_not(None))
    before = sa.cast(first - sa.literal_column("1"), sa.Date)
    worked = _weekdays_until(last) - _weekdays_until(before)
    worked = worked - _listed(last, before, "free_weekdays", free_weekdays())
    worked = worked + _listed(last, before, "worked_weekend_days", worked_weekend_days())
    signed = sa.case((arguments[1] < arguments[0], -worked), else_=worked)
    return sa.case((known, sa.cast(signed, sa.Numeric)))


def _weekdays_until(day: Sql) -> Sql:
    """How many days from Monday to Friday there are from Monday 1900-01-01 to ``day``, both included."""
    days = day - sa.literal_column("date '1899-12-31'")
    weeks = sa.func.floor(sa.cast(days, sa.Numeric) / number(7))
    rest = sa.cast(days, sa.Numeric) - weeks * number(7)
    return weeks * number(5) + sa.func.least(rest, number(5))


def _listed(last: Sql, before: Sql, name: str, days: Sequence[object]) -> Sql:
    """How many of the days, which are in order, lie after ``before`` and not after ``last``: two binary searches."""
    array = sa.bindparam(name, value=list(days), type_=postgresql.ARRAY(sa.Date))
    return sa.cast(sa.func.width_bucket(last, array) - sa.func.width_bucket(before, array), sa.Numeric)


def _now(key: str, label: Text, help_text: Text, kind: ValueKind, pick: Callable[[Setting], Sql]) -> Function:
    return Function(key, label, help_text, f"{key}()", (), kind, lambda setting, _: pick(setting))


TODAY = _now("TODAY", Text("今天", "today"), Text("今天的日期", "today's date"), ValueKind.DATE, lambda one: one.today)
NOW = _now("NOW", Text("现在", "now"), Text("现在的时刻", "this moment"), ValueKind.INSTANT, lambda one: one.now)
DATE_OF = Function(
    "DATE",
    Text("日期", "date"),
    Text("由年、月、日得到日期", "the day from year, month and day"),
    "DATE(2026, 3, 5)",
    (
        Parameter(Text("年", "year"), NUMBER),
        Parameter(Text("月", "month"), NUMBER),
        Parameter(Text("日", "day"), NUMBER),
    ),
    ValueKind.DATE,
    lambda _, a: once(a, _made),
)
YEAR = _part("YEAR", "年份", "the year", "YEAR(expected_close_on)", "year")
QUARTER = _part("QUARTER", "季度，1 到 4", "the quarter, 1 to 4", "QUARTER(expected_close_on)", "quarter")
MONTH = _part("MONTH", "月份，1 到 12", "the month, 1 to 12", "MONTH(expected_close_on)", "month")
DAY = _part("DAY", "几号，1 到 31", "the day of the month, 1 to 31", "DAY(expected_close_on)", "day")
WEEKDAY = _part("WEEKDAY", "星期几，星期一为 1", "the day of the week, Monday is 1", "WEEKDAY(TODAY())", "isodow")
DAYS = Function(
    "DAYS",
    Text("相差天数", "days between"),
    Text("从第二个日期到第一个日期的天数", "how many days the first day is after the second"),
    "DAYS(expected_close_on, TODAY())",
    (Parameter(Text("结束", "end"), DATE), Parameter(Text("开始", "start"), DATE)),
    ValueKind.NUMBER,
    lambda _, a: sa.cast(a[0] - a[1], sa.Numeric),
)
DATEADD = Function(
    "DATEADD",
    Text("日期加减", "move a day"),
    Text("加上若干天、周、月、季度或年", "the day so many days, weeks, months, quarters or years later"),
    'DATEADD(TODAY(), 1, "month")',
    (_DAY, _NUMBER, Parameter(Text("单位", "unit"), TEXT, words=tuple(UNITS))),
    ValueKind.DATE,
    _moved,
)
EOMONTH = Function(
    "EOMONTH",
    Text("月末", "end of month"),
    Text("若干个月之后那个月的最后一天", "the last day of the month so many months later"),
    "EOMONTH(TODAY(), 0)",
    (_DAY, _NUMBER),
    ValueKind.DATE,
    lambda _, a: once(a, _month_end),
)
WORKDAYS = Function(
    "WORKDAYS",
    Text("工作日天数", "working days"),
    Text(
        "两个日期之间的工作日数，含首尾两天，按中国法定节假日和调休计算",
        "working days from one day to another, both included, by the Chinese calendar with its make-up days",
    ),
    "WORKDAYS(TODAY(), expected_close_on)",
    (Parameter(Text("开始", "start"), DATE), Parameter(Text("结束", "end"), DATE)),
    ValueKind.NUMBER,
    lambda _, a: once(a, _working_days),
)
