"""Days and moments as people write them. Which of two numbers is the month is never guessed: the column says it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal

from liaoran.exchange.readers.table import Cell, ErrorCell
from liaoran.exchange.values.normal import narrow
from liaoran.exchange.values.unreadable import Unreadable
from liaoran.kernel.text import Text

DateOrder = Literal["ymd", "dmy", "mdy", "ym"]
DATE_ORDERS: tuple[DateOrder, ...] = ("ymd", "dmy", "mdy", "ym")
"""``ym`` is that of a column of months: each stands for its first day."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), start=1
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(
    r"^(mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?\.?,?\s+|\s*[(]?(星期|周|礼拜)[一二三四五六日天][)]?\s*",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"^(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?=$|[\sT,上下中早晚凌])[\sT,]*(.*)$"
)
_YEAR_MONTH = re.compile(r"^((?:19|20|21)\d{2})\s*[-/年]\s*(0?[1-9]|1[0-2])\s*(?:月份?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[\sT]?(\d{2}):?(\d{2}):?(\d{2})?)?$")
_THREE_NUMBERS = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?=$|[\sT,上下])[\sT,]*(.*)$")
_DAY_MONTH_NAME = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]*([A-Za-z]{3,9})\.?,?[\s\-/.,]*(\d{4}|\d{2})(?=$|[\sT,])[\sT,]*(.*)$"
)
_MONTH_NAME_DAY = re.compile(
    r"^([A-Za-z]{3,9})\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?,?[\s\-/]+(\d{4})(?=$|[\sT,])[\sT,]*(.*)$"
)
_YEAR_MONTH_NAME = re.compile(r"^(\d{4})[\s\-/.]*([A-Za-z]{3,9})\.?[\s\-/.]*(\d{1,2})(?=$|[\sT,])[\sT,]*(.*)$")
_TIME = re.compile(
    r"^(?:at\s+)?(?P<before>上午|早上|早晨|凌晨|中午|下午|晚上|晚|傍晚|am|pm)?\s*(?P<hour>\d{1,2})"
    r"(?:\s*[:点时]\s*(?P<minute>\d{1,2})?\s*(?:[:分]\s*(?P<second>\d{1,2})?\s*秒?(?:[.,](?P<fraction>\d{1,9}))?)?分?)?"
    r"\s*(?P<after>a\.?m\.?|p\.?m\.?)?\s*(?P<zone>z|utc|gmt|(?:utc|gmt)?\s*[-+]\d{1,2}(?::?\d{2})?)?\s*$",
    re.IGNORECASE,
)
_EPOCH = date(1899, 12, 30)
_SERIALS = (20_000, 80_000)
_EMPTY_DATES = frozenset({"0000-00-00", "0000-00-00 00:00:00", "0000/00/00", "-", "--", "/"})

NOT_A_DATE = Text("“{value}”不是日期；请写成 2026-01-05 这样", "“{value}” is not a date; write it like 2026-01-05")
_NO_SUCH_DAY = Text("没有“{value}”这一天；请改成存在的日期", "there is no such day as “{value}”; correct the date")
_NO_SUCH_TIME = Text("“{value}”里的时间不对；请写成 14:30 这样", "the time in “{value}” is wrong; write it like 14:30")
_UNDECIDED = Text(
    "“{value}”的日和月分不清；请先说明这一列是 日/月/年 还是 月/日/年",
    "day and month of “{value}” cannot be told apart; say whether the column is day/month/year or month/day/year",
)
_NO_DAY = Text(
    "“{value}”只有年月，没有日；请写成 2026-03-01 这样，或让整列都只写年月（按每月 1 日导入）",
    "“{value}” has no day; write it like 2026-03-01, or let the whole column hold months alone (each is taken as its "
    "first day)",
)
_FAILED_FORMULA = Text(
    "公式出错（{value}）；请在表格里改正公式后再导入",
    "the formula failed ({value}); mend it in the sheet and import again",
)


def read_moment(cell: Cell, order: DateOrder | None = None) -> date | datetime | None:
    """The day, or the moment where a time of day is given (with an offset only where the cell has one).

    ``order`` is the column's order for writings like 01/02/2026, or says that it holds months, which stand for their
    first day. None for the empty dates that databases export, such as 0000-00-00. A number is taken as a spreadsheet
    serial day. Raises Unreadable.
    """
    if isinstance(cell, datetime | date):
        return cell
    if isinstance(cell, ErrorCell):
        raise Unreadable("failed_formula", _FAILED_FORMULA, cell)
    if isinstance(cell, str):
        return _from_text(cell, order)
    if isinstance(cell, int | float):
        if 19_000_101 <= cell <= 21_991_231 and cell == int(cell):
            return _from_text(str(int(cell)), order)
        return _serial(float(cell), cell)
    raise Unreadable("not_a_date", NOT_A_DATE, cell)


def day_of(moment: date | datetime, zone: timezone | object | None = None) -> date:
    """The calendar day; a moment with an offset is first taken to ``zone`` (a tzinfo)."""
    if isinstance(moment, datetime):
        if moment.tzinfo is not None and zone is not None:
            moment = moment.astimezone(zone)  # type: ignore[arg-type]
        return moment.date()
    return moment


def possible_orders(text: str) -> set[DateOrder] | None:
    """The orders under which three numbers with the year last (or of two digits) are a day, ``ym`` for a month alone;
    None for other texts."""
    found = _THREE_NUMBERS.match(_plain(text))
    if found is None:
        return {"ym"} if _YEAR_MONTH.match(_plain(text)) else None
    first, middle, last = int(found[1]), int(found[3]), found[4]
    orders: set[DateOrder] = set()
    if first <= 31 and middle <= 12:
        orders.add("dmy")
    if first <= 12 and middle <= 31:
        orders.add("mdy")
    if len(last) == 2 and middle <= 12 and int(last) <= 31:
        orders.add("ymd")
    return orders


def _from_text(cell: str, order: DateOrder | None) -> date | datetime | None:
    text = _plain(cell)
    if text in _EMPTY_DATES:
        return None
    if found := _YEAR_FIRST.match(text):
        return _built(found[1], found[3], found[4], found[5], cell)
    if found := _YEAR_MONTH.match(text):
        if order != "ym":
            raise Unreadable("no_day", _NO_DAY, cell)
        return date(int(found[1]), int(found[2]), 1)
    if found := _COMPACT.match(text):
        clock = ":".join(part for part in found.groups()[3:] if part)
        return _built(found[1], found[2], found[3], clock, cell)
    if found := _THREE_NUMBERS.match(text):
        return _three_numbers(found, order, cell)
    for pattern, places in ((_DAY_MONTH_NAME, (3, 2, 1)), (_MONTH_NAME_DAY, (3, 1, 2)), (_YEAR_MONTH_NAME, (1, 2, 3))):
        found = pattern.match(text)
        if found and found[places[1]].casefold() in _MONTHS:
            month = str(_MONTHS[found[places[1]].casefold()])
            return _built(found[places[0]], month, found[places[2]], found[4], cell)
    return _numeric_text(text, cell)


def _plain(cell: str) -> str:
    return " ".join(_WEEKDAY.sub(" ", narrow(cell)).split()) if cell else ""


def _three_numbers(found: re.Match[str], order: DateOrder | None, cell: str) -> date | datetime:
    first, separator, middle, last, clock = found.groups()
    if order is None or order == "ym":
        orders = possible_orders(cell) or set()
        if not orders:
            raise Unreadable("no_such_day", _NO_SUCH_DAY, cell)
        if separator == "." and "dmy" in orders and len(last) == 4:
            order = "dmy"
        elif len(orders) == 1:
            order = next(iter(orders))
        elif int(first) == int(middle) and len(last) == 4:
            order = "dmy"
        else:
            raise Unreadable("date_order", _UNDECIDED, cell)
    if order == "ymd":
        if len(last) == 4:
            raise Unreadable("no_such_day", _NO_SUCH_DAY, cell)
        return _built(first.zfill(2), middle, last, clock, cell)
    day, month = (first, middle) if order == "dmy" else (middle, first)
    return _built(last, month, day, clock, cell)


def _numeric_text(text: str, cell: str) -> date | datetime:
    """Spreadsheet serials that became text, and the seconds or milliseconds since 1970 of exports."""
    try:
        number = float(text)
    except ValueError:
        raise Unreadable("not_a_date", NOT_A_DATE, cell) from None
    if _SERIALS[0] <= number <= _SERIALS[1]:
        return _serial(number, cell)
    if text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(number / (1000 if len(text) == 13 else 1), UTC)
    raise Unreadable("not_a_date", NOT_A_DATE, cell)


def _serial(number: float, cell: Cell) -> date | datetime:
    if not 1 <= number < 2_958_466:
        raise Unreadable("not_a_date", NOT_A_DATE, cell)
    day = _EPOCH + timedelta(days=int(number) + (1 if number < 60 else 0))
    seconds = round((number - int(number)) * 86_400)
    return day if seconds == 0 else datetime.combine(day, time()) + timedelta(seconds=seconds)


def _built(year: str, month: str, day: str, clock: str, cell: str) -> date | datetime:
    number = int(year)
    if len(year) <= 2:
        number += 2000 if number < 69 else 1900
    try:
        built = date(number, int(month), int(day))
    except ValueError:
        raise Unreadable("no_such_day", _NO_SUCH_DAY, cell) from None
    clock = clock.strip()
    return built if not clock else _with_time(built, clock, cell)


def _with_time(day: date, clock: str, cell: str) -> datetime:
    found = _TIME.match(clock)
    if found is None:
        raise Unreadable("no_such_time", _NO_SUCH_TIME, cell)
    hour = int(found["hour"])
    half = (found["before"] or found["after"] or "").casefold().replace(".", "")
    if (half in ("下午", "晚上", "晚", "傍晚", "pm") and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half in ("am", "凌晨", "上午") and hour == 12:
        hour = 0
    fraction = (found["fraction"] or "")[:6].ljust(6, "0")
    extra = timedelta()
    if hour == 24 and not int(found["minute"] or 0) and not int(found["second"] or 0):
        hour, extra = 0, timedelta(days=1)
    try:
        moment = time(hour, int(found["minute"] or 0), int(found["second"] or 0), int(fraction), _zone(found["zone"]))
    except ValueError:
        raise Unreadable("no_such_time", _NO_SUCH_TIME, cell) from None
    return datetime.combine(day, moment) + extra


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    offset = text.casefold().replace("utc", "").replace("gmt", "").replace(" ", "").replace(":", "")
    if offset in ("", "z"):
        return UTC
    hours, minutes = (int(offset[1:-2]), int(offset[-2:])) if len(offset) > 3 else (int(offset[1:]), 0)
    delta = timedelta(hours=hours, minutes=minutes)
    if delta >= timedelta(hours=15):
        raise ValueError(text)
    return timezone(-delta if offset[0] == "-" else delta)
