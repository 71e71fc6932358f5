"""Reminders, escalation and stand-ins, at moments that the test sets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from liaoran.kernel.errors import Forbidden
from liaoran.process.approvals.chasing import approvals_to_chase, chase, chase_all_approvals
from liaoran.process.approvals.course import Course
from liaoran.process.approvals.handing import add_sign
from liaoran.process.approvals.starting import start_approval
from tests.db.process.approving import Approving, holders, open_approving, step_of

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""11:00 in Shanghai; two working hours later it is 14:00."""


@pytest.fixture(scope="module")
async def approving(templates: Any) -> AsyncIterator[Approving]:
    async with open_approving(templates) as opened:
        yield opened


async def begun(approving: Approving, key: str = "review", **values: object) -> tuple[UUID, Course]:
    deal = await approving.deal(**values)
    async with approving.desk("ann", MONDAY) as desk:
        await start_approval(desk, "deal", deal, key)
    return deal, await approving.course(deal)


async def chased(approving: Approving, course: Course, now: datetime) -> Course:
    async with approving.org.begin() as tx:
        if course.id in await approvals_to_chase(tx, now):
            await chase(tx, course.id, now)
    return await approving.course(course.record_id)


async def test_whoever_holds_it_is_reminded_after_working_hours_and_again(approving: Approving) -> None:
    deal, course = await begun(approving)
    assert step_of(course, "legal").remind_at == MONDAY + timedelta(hours=3)
    course = await chased(approving, course, MONDAY + timedelta(hours=2, minutes=59))
    assert step_of(course, "legal").reminded_at is None
    course = await chased(approving, course, MONDAY + timedelta(hours=3))
    legal = step_of(course, "legal")
    assert legal.reminded_at == MONDAY + timedelta(hours=3)
    assert legal.remind_at == MONDAY + timedelta(hours=5)
    course = await chased(approving, course, MONDAY + timedelta(hours=4))
    assert step_of(course, "legal").reminded_at == MONDAY + timedelta(hours=3)
    assert await approving.told(deal) == ["started", "reminded"]


async def test_what_is_late_goes_to_whom_it_escalates_to(approving: Approving) -> None:
    deal, course = await begun(approving)
    tuesday = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert step_of(course, "legal").escalate_at == tuesday
    course = await chased(approving, course, tuesday)
    legal = step_of(course, "legal")
    assert (holders(course), legal.deciders, legal.escalated_at) == (["admin"], "escalated", tuesday)
    assert (await approving.told(deal))[-1] == "escalated"
    with pytest.raises(Forbidden, match="it has been with admin"):
        await approving.decide("bob", course, "approve")
    course = await approving.decide("admin", course, "approve")
    assert step_of(course, "legal").state == "passed"
    course = await approving.decide("lee", course, "return", "once more", to_step="legal")
    assert (holders(course), step_of(course, "legal").deciders) == (["bob", "eve"], "named")


async def test_somebody_who_has_left_is_stood_in_for(approving: Approving) -> None:
    _, any_of = await begun(approving)
    _, all_of = await begun(approving, "both", amount=5000)
    _, only = await begun(approving, "chief")
    people = approving.org.people
    async with approving.org.begin() as tx:
        await tx.execute("UPDATE {org}.r_person SET status = 'left' WHERE name IN ('bob', 'lee')")
    try:
        any_of = await chased(approving, any_of, MONDAY)
        assert (holders(any_of), step_of(any_of, "legal").deciders) == (["eve"], "named")
        all_of = await chased(approving, all_of, MONDAY)
        assert {one.key: (one.deciders, [seat.person_label for seat in one.holders]) for one in all_of.open_steps} == {
            "one": ("fallback", ["admin"]),
            "two": ("fallback", ["admin"]),
        }
        only = await chased(approving, only, MONDAY)
        assert holders(only) == ["admin"]
        deal, fresh = await begun(approving)
        assert holders(fresh) == ["eve"]
        async with approving.desk("eve") as desk:
            with pytest.raises(Exception, match="not there or has left"):
                await add_sign(desk, fresh.id, [people["bob"]], "after")
        assert await approving.told(deal) == ["started"]
    finally:
        async with approving.org.begin() as tx:
            await tx.execute("UPDATE {org}.r_person SET status = NULL WHERE name IN ('bob', 'lee')")
    all_of = await approving.decide("admin", all_of, "approve", step="one")
    all_of = await approving.decide("admin", all_of, "approve")
    assert all_of.state == "passed"


async def test_the_job_looks_after_every_organisation(approving: Approving) -> None:
    _, course = await begun(approving)
    async with approving.org.begin() as tx:
        await tx.execute(
            "UPDATE {org}.approval_steps SET remind_at = now() - interval '1 minute' WHERE approval = :id AND state = 'open'",
            {"id": course.id},
        )
    await chase_all_approvals(approving.org.database, "liaoran")
    assert step_of(await approving.course(course.record_id), "legal").reminded_at is not None
