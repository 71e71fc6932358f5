"""Working days: the Chinese calendar with its holidays and make-up working days; beyond its years, Monday to Friday."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, lru_cache

import chinese_calendar

ONE_DAY = timedelta(days=1)


@cache
def _known_years() -> range:
    """The years that the State Council's announcements cover in the installed calendar."""
    published = {day.year for day in chinese_calendar.constants.holidays}
    return range(min(published), max(published) + 1)


@lru_cache(maxsize=10_000)
def is_workday(day: date) -> bool:
    """Whether people work on that day: holidays and weekends are free, make-up days are not."""
    if day.year in _known_years():
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def nth_workday(start: date, number: int) -> date:
    """The ``number``-th working day from ``start`` on, ``start`` itself counting if it is one; negative numbers count
    backwards. ``number`` must not be 0."""
    step = ONE_DAY if number > 0 else -ONE_DAY
    day, left = start, abs(number)
    while True:
        if is_workday(day):
            left -= 1
            if not left:
                return day
        day += step


@cache
def free_weekdays() -> tuple[date, ...]:
    """All days from Monday to Friday on which nobody works, in order."""
    return tuple(day for day in sorted(chinese_calendar.constants.holidays) if day.weekday() < 5)


@cache
def worked_weekend_days() -> tuple[date, ...]:
    """All Saturdays and Sundays that are make-up working days, in order."""
    return tuple(day for day in sorted(chinese_calendar.constants.workdays) if day.weekday() >= 5)
