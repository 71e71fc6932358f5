"""Sight: whoever gets a seat in an approval may read the record from then on, and may look up later what they decided.

It is a share of its own kind beside those that people give, so no other share is in its way and none is lost by it. It
comes with the seat, in the statement after it, whatever the way to the seat is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran import audit
from liaoran.access.tables import APPROVER, shares
from liaoran.infra.flights import Row
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course, Seat
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.tables import approval_seats, approval_steps, approvals
from liaoran.records.history import record_with_merged

APPROVER_LABEL = Text("审批人", "Approver")
_OBJECT, _RECORD = sa.bindparam("object", type_=sa.Text), sa.bindparam("record", type_=sa.Uuid)
_PERSON = sa.bindparam("person", type_=sa.Uuid)


def _live(of_object: Any, record: Any, person: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """The sight that somebody has of a record by their seats, as long as nobody has ended it."""
    whose = (shares.c.object == of_object, shares.c.record == record, shares.c.person == person)
    return *whose, shares.c.role == sa.literal(APPROVER), shares.c.ends_at.is_(None)


def _giving() -> Statement:
    """Any number of rows at once, from one list; what is not said stays null. Whoever has sight of the record already
    gets none."""
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text()), pg.JSON))
    parts = [sa.column(one.name, one.type) for one in shares.c]
    rows = source.table_valued(*parts).render_derived("seated", with_types=True)
    known = sa.exists(sa.select(shares.c.id).where(*_live(rows.c.object, rows.c.record, rows.c.person)))
    insert = sa.insert(shares).from_select([one.name for one in shares.c], sa.select(*rows.c).where(sa.not_(known)))
    return Statement(insert.returning(shares.c.object, shares.c.record, shares.c.person))


_GIVE = _giving()
_SEATED = approval_seats.join(approvals, approvals.c.id == approval_seats.c.approval)
_OF_RECORD = (approvals.c.object == _OBJECT, approvals.c.record_id.in_(record_with_merged(_RECORD)))
_TAKE_BACK = Statement(
    sa.delete(shares)
    .where(
        *_live(_OBJECT, _RECORD, _PERSON),
        sa.not_(
            sa.exists(
                sa.select(approval_seats.c.id)
                .select_from(_SEATED)
                .where(
                    *_OF_RECORD, sa.or_(approval_seats.c.person == _PERSON, approval_seats.c.delegated_by == _PERSON)
                )
            )
        ),
    )
    .returning(shares.c.id)
)
_TURN = Statement(
    sa.select(approvals.c.label)
    .select_from(_SEATED.join(approval_steps, approval_steps.c.id == approval_seats.c.step))
    .where(
        *_OF_RECORD,
        approvals.c.state == sa.literal("running"),
        approval_steps.c.state == sa.literal("open"),
        approval_seats.c.state == sa.literal("open"),
        approval_seats.c.person == _PERSON,
    )
    .limit(1)
)


def give_sight(desk: Desk, courses: Sequence[Course]) -> None:
    """Sends the sight that goes with the seats of these approvals whose turn it is, one statement for all of them. What
    is new of it goes to the audit log."""
    seats = [(course, seat) for course in courses for seat in course.holders]
    if not seats:
        return
    rows = {(course.record_id, seat.person): _share(desk, course, seat) for course, seat in seats}
    names = {seat.person: seat.person_label for _, seat in seats}
    course_of = {course.record_id: course for course, _ in seats}

    def tell(given: Sequence[Row]) -> None:
        to: dict[UUID, list[str]] = {}
        for row in given:
            to.setdefault(row["record"], []).append(names[row["person"]])
        told = [(course_of[one].object, one, _facts(course_of[one], people)) for one, people in to.items()]
        audit.note_all(desk.tx, "share.given", desk.scope.actor, told)

    desk.tx.send(_GIVE, {"rows": orjson.dumps(list(rows.values())).decode()}, tell)


async def take_sight_back(desk: Desk, course: Course, person: UUID, label: str) -> None:
    """Takes the sight of the record from somebody who has, and had, no seat in any approval of it after all."""
    asked = {"object": course.object, "record": course.record_id, "person": person}
    if await desk.tx.fetch_all(_TAKE_BACK, asked):
        told = (course.object, course.record_id, _facts(course, [label]))
        audit.note_all(desk.tx, "share.ended", desk.scope.actor, [told])


async def approval_in_turn(tx: Transaction, object_key: str, record: UUID, person: UUID) -> Text | None:
    """The name of a running approval of the record in which it is the person's turn; None where there is none."""
    label: Mapping[str, str] | None = await tx.fetch_value(
        _TURN, {"object": object_key, "record": record, "person": person}
    )
    return Text.from_json(dict(label)) if label else None


def _share(desk: Desk, course: Course, seat: Seat) -> dict[str, Any]:
    return {
        "id": new_id(),
        "object": course.object,
        "record": course.record_id,
        "person": seat.person,
        "level": "read",
        "role": APPROVER,
        "starts_at": seat.opened_at,
        "given_by": desk.person,
        "given_at": desk.now,
    }


def _facts(course: Course, people: Sequence[str]) -> dict[str, Any]:
    return {"to": list(people), "level": "read", "role": APPROVER_LABEL.to_json(), "approval": course.label.to_json()}
