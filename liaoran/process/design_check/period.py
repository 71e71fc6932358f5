"""Period: which days a check is about, and what they are as moments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

USUAL_DAYS = 365


def period(params: dict[str, Any], since: date | None, until: date | None) -> tuple[datetime, datetime]:
    """The moments from the start of the day ``since`` to the end of the day ``until`` in the actor's zone.

    Left out, it ends today and is a year long. Raises Invalid where it ends before it begins.
    """
    last = until or params["today"]
    first = since or last - timedelta(days=USUAL_DAYS)
    if first > last:
        message = Text(
            "开始日期 {first} 在结束日期 {last} 之后", "the period begins on {first}, after its end on {last}"
        )
        raise Invalid(message.fill(first=first.isoformat(), last=last.isoformat()), code="invalid_period")
    if last == date.max:
        last -= timedelta(days=1)
    zone = ZoneInfo(params["zone"])
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
