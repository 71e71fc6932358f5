"""Relative periods and working days, at the edges of months, quarters, years and holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.query.periods import COUNTED, PLAIN, Days, period, start_of_day
from liaoran.query.workdays import is_workday, nth_workday

DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("key", "today", "start", "end"),
    [
        ("this_quarter", "2026-03-31", "2026-01-01", "2026-04-01"),
        ("last_quarter", "2026-02-28", "2025-10-01", "2026-01-01"),
        ("next_quarter", "2026-11-30", "2027-01-01", "2027-04-01"),
        ("last_month", "2026-01-31", "2025-12-01", "2026-01-01"),
        ("next_month", "2026-12-31", "2027-01-01", "2027-02-01"),
        ("this_week", "2026-03-22", "2026-03-16", "2026-03-23"),
        ("next_week", "2026-12-31", "2027-01-04", "2027-01-11"),
        ("last_year", "2024-02-29", "2023-01-01", "2024-01-01"),
        ("tomorrow", "2026-12-31", "2027-01-01", "2027-01-02"),
        ("after_today", "2026-03-18", "2026-03-19", None),
        ("before_today", "2026-03-18", None, "2026-03-18"),
    ],
)
def test_plain_periods(key: str, today: str, start: str | None, end: str | None) -> None:
    expected = Days(start and date.fromisoformat(start), end and date.fromisoformat(end))  # type: ignore[arg-type]
    assert period(key, date.fromisoformat(today)) == expected


@given(DAYS, st.sampled_from(sorted(PLAIN)))
def test_periods_around_today_hold_it(today: date, key: str) -> None:
    days = period(key, today)
    if key == "today" or key.startswith("this_"):
        assert days.start is not None
        assert days.end is not None
        assert days.start <= today < days.end
    if key.startswith("last_"):
        following = period(f"this_{key[5:]}", today)
        assert days.end == following.start


@given(DAYS, st.integers(1, 60), st.sampled_from(sorted(COUNTED)))
def test_counted_periods_have_so_many_days(today: date, n: int, key: str) -> None:
    days = period(key, today, n)
    if key in ("last_days", "next_days"):
        assert days.start is not None
        assert days.end is not None
        assert (days.end - days.start).days == n
        assert days.start <= today < days.end
    if "working" in key:
        assert days.start is not None
        assert days.end is not None
        span = [days.start + timedelta(days=step) for step in range((days.end - days.start).days)]
        assert sum(map(is_workday, span)) == n


def test_chinese_holidays_and_make_up_days() -> None:
    assert not is_workday(date(2026, 10, 1))
    assert is_workday(date(2026, 2, 14))
    assert not is_workday(date(2026, 2, 17))
    assert nth_workday(date(2026, 9, 30), 2) == date(2026, 10, 8)
    assert nth_workday(date(2026, 10, 8), -2) == date(2026, 9, 30)
    assert is_workday(date(2040, 1, 2))
    assert not is_workday(date(2040, 1, 1))


def test_days_begin_in_the_zone() -> None:
    assert start_of_day(date(2026, 3, 18), "Asia/Shanghai") == datetime(2026, 3, 17, 16, tzinfo=UTC)
    assert start_of_day(date(2026, 3, 29), "Europe/Berlin") == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert start_of_day(date(2026, 3, 30), "Europe/Berlin") == datetime(2026, 3, 29, 22, tzinfo=UTC)
