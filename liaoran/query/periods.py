"""Periods relative to today, as half-open ranges of days; instants get the range of their moments in the zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from liaoran.query.workdays import nth_workday

MAXIMUM_DAYS = 36_600
MAXIMUM_WORKING_DAYS = 1_000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From ``start`` (included) to ``end`` (excluded); None leaves that side open."""

    start: date | None
    end: date | None


def start_of_day(day: date, zone: str) -> datetime:
    """The first moment of the day in the zone, in UTC."""
    return datetime.combine(day, time.min, _zone(zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _week(today: date, shift: int) -> Days:
    monday = today - DAY * today.weekday() + DAY * 7 * shift
    return Days(monday, monday + DAY * 7)


def _months(first: date, length: int, shift: int) -> Days:
    def moved(months: int) -> date:
        index = first.year * 12 + first.month - 1 + months
        return date(index // 12, index % 12 + 1, 1)

    return Days(moved(shift * length), moved((shift + 1) * length))


def _month(today: date, shift: int) -> Days:
    return _months(today.replace(day=1), 1, shift)


def _quarter(today: date, shift: int) -> Days:
    return _months(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), 3, shift)


def _year(today: date, shift: int) -> Days:
    return _months(today.replace(month=1, day=1), 12, shift)


PLAIN: Mapping[str, Callable[[date], Days]] = {
    "today": lambda today: Days(today, today + DAY),
    "yesterday": lambda today: Days(today - DAY, today),
    "tomorrow": lambda today: Days(today + DAY, today + 2 * DAY),
    "last_week": lambda today: _week(today, -1),
    "this_week": lambda today: _week(today, 0),
    "next_week": lambda today: _week(today, 1),
    "last_month": lambda today: _month(today, -1),
    "this_month": lambda today: _month(today, 0),
    "next_month": lambda today: _month(today, 1),
    "last_quarter": lambda today: _quarter(today, -1),
    "this_quarter": lambda today: _quarter(today, 0),
    "next_quarter": lambda today: _quarter(today, 1),
    "last_year": lambda today: _year(today, -1),
    "this_year": lambda today: _year(today, 0),
    "next_year": lambda today: _year(today, 1),
    "before_today": lambda today: Days(None, today),
    "after_today": lambda today: Days(today + DAY, None),
}
"""Periods that take no number. Weeks begin on Monday."""

COUNTED: Mapping[str, Callable[[date, int], Days]] = {
    "last_days": lambda today, n: Days(today - DAY * (n - 1), today + DAY),
    "next_days": lambda today, n: Days(today, today + DAY * n),
    "older_than_days": lambda today, n: Days(None, today - DAY * n),
    "last_working_days": lambda today, n: Days(nth_workday(today, -n), today + DAY),
    "next_working_days": lambda today, n: Days(today, nth_workday(today, n) + DAY),
}
"""Periods over n days. ``last_*`` and ``next_*`` are n days with today as one of them, ``older_than_days`` ends n days
before today."""


def period(key: str, today: date, number: int | None = None) -> Days:
    """The days that the period covers, seen from ``today``."""
    return PLAIN[key](today) if number is None else COUNTED[key](today, number)
