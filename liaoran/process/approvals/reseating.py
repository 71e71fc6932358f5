"""Giving the places of one person in running approvals to another, and back: what a hand-over does with them.

Two kinds of places: seats whose turn it is, and steps still to come that name the person. With a seat goes the sight of
the record; whoever had it keeps theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.process.approvals.course import Course, Seat, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.keeping import keep_course, load_courses
from liaoran.process.approvals.sight import take_sight_back
from liaoran.process.approvals.tables import approval_seats, approval_steps, approvals

Json = dict[str, Any]
_PERSON = sa.bindparam("person", type_=sa.Uuid)
_RUNNING = approvals.c.state == sa.literal("running")
_SEATS = Statement(
    sa.select(
        approval_seats.c.id, approval_seats.c.approval, approvals.c.object, approvals.c.record_id, approvals.c.label
    )
    .join(approval_steps, approval_steps.c.id == approval_seats.c.step)
    .join(approvals, approvals.c.id == approval_seats.c.approval)
    .where(
        approval_seats.c.person == _PERSON,
        approval_seats.c.state == sa.literal("open"),
        approval_steps.c.state == sa.literal("open"),
        _RUNNING,
    )
    .order_by(approval_seats.c.opened_at, approval_seats.c.id)
)
_NAMED = sa.cast(sa.bindparam("named", type_=pg.JSONB), pg.JSONB)
_STEPS = Statement(
    sa.select(approval_steps.c.id, approval_steps.c.state, approval_steps.c.who, approval_steps.c.escalate_to)
    .join(approvals, approvals.c.id == approval_steps.c.approval)
    .where(
        approval_steps.c.state.in_([sa.literal("waiting"), sa.literal("open")]),
        _RUNNING,
        sa.or_(
            approval_steps.c.who.contains(sa.func.jsonb_build_array(_NAMED)), approval_steps.c.escalate_to == _NAMED
        ),
    )
    .order_by(approval_steps.c.id)
)
_SET_STEP = Statement(
    sa.update(approval_steps)
    .where(
        approval_steps.c.id == sa.bindparam("step", type_=sa.Uuid),
        approval_steps.c.state == sa.bindparam("in_state", type_=sa.Text),
        approval_steps.c.who == sa.cast(sa.bindparam("old_who", type_=pg.JSONB), pg.JSONB),
    )
    .values(who=sa.bindparam("new_who", type_=pg.JSONB), escalate_to=sa.bindparam("new_escalation", type_=pg.JSONB))
)


@dataclass(frozen=True, slots=True)
class OpenSeat:
    """A place whose turn it is, in an approval of a record."""

    id: UUID
    approval: UUID
    object: str
    record: UUID
    label: Mapping[str, str]


async def open_seats_of(tx: Transaction, person: UUID) -> list[OpenSeat]:
    """Where it is the person's turn, the longest waiting first."""
    rows = await tx.fetch_all(_SEATS, {"person": person})
    return [OpenSeat(row["id"], row["approval"], row["object"], row["record_id"], row["label"]) for row in rows]


async def steps_naming(tx: Transaction, person: UUID) -> list[Json]:
    """``{id, state, who, escalate_to}`` of the steps of running approvals that name the person: as who decides it, or to
    whom it escalates. A step that is open already is seated anew by it, should it begin again."""
    return await tx.fetch_all(_STEPS, {"named": _who(person)})


async def reseat(desk: Desk, place: OpenSeat, to: UUID, label: str, comment: str | None) -> tuple[Json, Json] | None:
    """Gives the seat to somebody else and says how it was before and is after; None where it is not open any more, or
    where they decide the step already."""
    found = await _take(desk, place.object, place.record, place.approval, place.id)
    if found is None:
        return None
    course, step, seat = found
    if any(one.person == to for one in step.votes):
        return None
    before = _holder(seat)
    seat.delegated_by, seat.delegated_by_label = seat.person, seat.person_label
    seat.person, seat.person_label = to, label
    await desk.note(course, "delegated", step, to=[label], comment=comment)
    keep_course(desk, course)
    told = {"object": place.object, "record": str(place.record), "approval": str(place.approval)}
    return {**before, **told}, _holder(seat)


async def seat_again(desk: Desk, seat_id: UUID, before: Json, after: Json) -> bool:
    """Gives a seat back as ``reseat`` found it; False where it has been decided, or given on, since."""
    record, approval = UUID(before["record"]), UUID(before["approval"])
    found = await _take(desk, before["object"], record, approval, seat_id)
    if found is None or _holder(found[2]) != after:
        return False
    course, step, seat = found
    seat.person, seat.person_label = UUID(before["person"]), before["person_label"]
    by = before["delegated_by"]
    seat.delegated_by, seat.delegated_by_label = UUID(by) if by else None, before["delegated_by_label"]
    await desk.note(course, "delegated", step, to=[seat.person_label])
    keep_course(desk, course)
    await take_sight_back(desk, course, UUID(after["person"]), after["person_label"])
    return True


async def rename_in_step(tx: Transaction, step: Json, person: UUID, to: UUID) -> tuple[Json, Json]:
    """Lets a step name somebody else, and says how it was before and is after."""
    old, new = _who(person), _who(to)
    before = {"state": step["state"], "who": step["who"], "escalate_to": step["escalate_to"]}
    who: list[Json] = []
    for one in (new if one == old else one for one in step["who"]):
        if one not in who:
            who.append(one)
    after = {**before, "who": who, "escalate_to": new if step["escalate_to"] == old else step["escalate_to"]}
    await _set_step(tx, step["id"], before, after)
    return before, after


async def name_again(tx: Transaction, step: UUID, before: Json, after: Json) -> bool:
    """Lets a step name whom it named before ``rename_in_step``; False where it has gone on, or was changed, since."""
    return await _set_step(tx, step, after, before)


async def _set_step(tx: Transaction, step: UUID, old: Json, new: Json) -> bool:
    values = {"old_who": old["who"], "new_who": new["who"], "new_escalation": new["escalate_to"]}
    return bool(await tx.execute(_SET_STEP, {"step": step, "in_state": old["state"], **values}))


async def _take(
    desk: Desk, object_key: str, record: UUID, approval: UUID, seat_id: UUID
) -> tuple[Course, Step, Seat] | None:
    try:
        await desk.hold(object_key, record)
    except NotFound:
        return None
    for course in await load_courses(desk.tx, [approval], hold=True):
        if course.state == "running":
            for step in course.open_steps:
                for seat in step.holders:
                    if seat.id == seat_id:
                        return course, step, seat
    return None


def _holder(seat: Seat) -> Json:
    return {
        "person": str(seat.person),
        "person_label": seat.person_label,
        "delegated_by": str(seat.delegated_by) if seat.delegated_by else None,
        "delegated_by_label": seat.delegated_by_label,
    }


def _who(person: UUID) -> Json:
    return {"who": "person", "person": str(person)}
