"""Working hours: 9:00 to 12:00 and 13:00 to 18:00 on working days, in the organisation's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from liaoran.query.workdays import nth_workday

SPANS = ((time(9), time(12)), (time(13), time(18)))
_ONE_DAY = timedelta(days=1)


def after_working_hours(start: datetime, hours: float, zone: ZoneInfo) -> datetime:
    """The moment (UTC) at which so many working hours have gone by since ``start``. Time outside working hours does not
    count: two hours from Friday 17:00 end on Monday at 10:00."""
    left = timedelta(hours=hours)
    day = start.astimezone(zone).date()
    while True:
        day = nth_workday(day, 1)
        for begin, end in _spans(day, zone):
            since = max(begin, start)
            if since >= end:
                continue
            if left <= end - since:
                return since + left
            left -= end - since
        day += _ONE_DAY


def moment_text(at: datetime, zone: str) -> str:
    """A moment in words, to the minute, in a time zone."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _spans(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    return [
        (datetime.combine(day, begin, zone).astimezone(UTC), datetime.combine(day, end, zone).astimezone(UTC))
        for begin, end in SPANS
    ]
