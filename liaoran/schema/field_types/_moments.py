"""Days and instants as people and files write them, year first; other orders are settled by the import, per column."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WRITTEN = re.compile(
    r"""(?P<year>\d{4})
    (?: (?P<mark>[-/.]) (?P<month>\d{1,2}) (?P=mark) (?P<day>\d{1,2})
      | 年 (?P<month_zh>\d{1,2}) 月 (?P<day_zh>\d{1,2}) 日? )
    (?: (?: \s*T\s* | \s+ | (?<=日) )
        (?P<noon>上午|下午|AM|PM)? \s*
        (?P<hour>\d{1,2}) [::时点] (?P<minute>\d{1,2})? (?: [::分] (?P<second>\d{1,2}) )?
        (?: \.(?P<fraction>\d{1,9}) )? [分秒]? \s*
        (?P<noon_after>AM|PM)? \s*
        (?P<offset>Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?
    )?""",
    re.ASCII | re.VERBOSE | re.IGNORECASE,
)


def read_day(text: str) -> date | None:
    """The day of ``2026-03-05``, ``2026/3/5``, ``2026.3.5``, ``2026年3月5日`` or ``20260305``; None for other writings.

    Raises ValueError for a day that does not exist.
    """
    match = _DAY.fullmatch(text) or _COMPACT_DAY.fullmatch(text)
    if match is not None:
        return date(int(match[1]), int(match[2]), int(match[3]))
    found = _WRITTEN.fullmatch(text)
    return None if found is None or found["hour"] else _day_of(found)


def read_instant(text: str, zone: ZoneInfo) -> datetime | None:
    """The instant of a written day and time; without an offset it is taken in ``zone``; a bare day is its midnight.

    None for other writings; raises ValueError for a day or time that does not exist.
    """
    if _COMPACT_DAY.fullmatch(text):
        day = read_day(text)
        return None if day is None else datetime.combine(day, time(), zone)
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    day = _day_of(found)
    hour = _hour_of(found)
    fraction = int((found["fraction"] or "").ljust(6, "0")[:6] or 0)
    moment = datetime(  # noqa: DTZ001 - the zone is added below
        day.year, day.month, day.day, hour, int(found["minute"] or 0), int(found["second"] or 0), fraction
    )
    return moment.replace(tzinfo=_offset_of(found["offset"]) or zone)


def instant_text(moment: datetime) -> str:
    """The canonical writing, the one that PostgreSQL gives in JSON: UTC, ``+00:00``, no needless zeros."""
    text = moment.astimezone(UTC).isoformat()
    return f"{text[:-6].rstrip('0')}+00:00" if moment.microsecond else text


def _day_of(found: re.Match[str]) -> date:
    return date(int(found["year"]), int(found["month"] or found["month_zh"]), int(found["day"] or found["day_zh"]))


def _hour_of(found: re.Match[str]) -> int:
    hour = int(found["hour"] or 0)
    noon = (found["noon"] or found["noon_after"] or "").upper()
    if not noon:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("hour must be in 1..12")
    return hour % 12 + (12 if noon in ("下午", "PM") else 0)


def _offset_of(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text.upper() in ("Z", "UTC"):
        return UTC
    return datetime.strptime(text if len(text) > 3 else f"{text}00", "%z").tzinfo
