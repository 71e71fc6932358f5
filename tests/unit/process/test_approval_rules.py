"""Votes of a step and working hours, each against an oracle that counts one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from liaoran.process.approvals.course import in_turns
from liaoran.process.approvals.hours import after_working_hours
from liaoran.process.approvals.verdict import verdict
from liaoran.query.workdays import is_workday

CHINA = ZoneInfo("Asia/Shanghai")
MODES = st.sampled_from(["any", "all", "count"])
DECISIONS = st.lists(st.sampled_from(["approved", "refused", "open"]), min_size=1, max_size=6)


def settled(mode: str, count: int, votes: tuple[str, ...]) -> str:
    """The result where everybody has decided."""
    approved = votes.count("approved")
    wanted = {"all": len(votes), "count": min(count, len(votes)), "any": 1}[mode]
    return "passed" if approved >= wanted else "refused"


def oracle(mode: str, count: int, votes: list[str]) -> str | None:
    """It is decided when every way in which the others may still decide comes to the same; of any the first decides."""
    if mode == "any":
        decided = [one for one in votes if one != "open"]
        return None if not decided else "passed" if "approved" in decided else "refused"
    still_open = [place for place, one in enumerate(votes) if one == "open"]
    ends = set()
    for choice in product(["approved", "refused"], repeat=len(still_open)):
        end = list(votes)
        for place, one in zip(still_open, choice, strict=True):
            end[place] = one
        ends.add(settled(mode, count, tuple(end)))
    return ends.pop() if len(ends) == 1 else None


@given(MODES, st.integers(1, 8), DECISIONS)
def test_a_step_is_decided_exactly_when_nothing_can_change_it_any_more(mode: str, count: int, votes: list[str]) -> None:
    assert verdict(mode, count, votes) == oracle(mode, count, votes)  # type: ignore[arg-type]


def works(moment: datetime) -> bool:
    local = moment.astimezone(CHINA)
    return is_workday(local.date()) and (9 <= local.hour < 12 or 13 <= local.hour < 18)


def minute_by_minute(start: datetime, minutes: int) -> datetime:
    now = start
    while minutes:
        minutes -= works(now)
        now += timedelta(minutes=1)
    return now


@settings(max_examples=60, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 20), timezones=st.just(UTC)).map(
        lambda one: one.replace(second=0, microsecond=0)
    ),
    st.integers(1, 20 * 60),
)
def test_working_hours_are_counted_as_a_clock_would(start: datetime, minutes: int) -> None:
    assert after_working_hours(start, minutes / 60, CHINA) == minute_by_minute(start, minutes)


def test_the_weekend_and_the_lunch_break_do_not_count() -> None:
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=CHINA)
    assert after_working_hours(friday, 2, CHINA) == datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
    noon = datetime(2026, 11, 23, 11, 30, tzinfo=CHINA)
    assert after_working_hours(noon, 1, CHINA) == datetime(2026, 11, 23, 13, 30, tzinfo=CHINA)


def test_a_parallel_step_runs_with_the_one_before() -> None:
    assert in_turns([False, False, True, True, False]) == [0, 1, 1, 1, 2]
    assert in_turns([True, True]) == [0, 0]
