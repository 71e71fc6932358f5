"""How an approval ends, and where the record goes by it: by an ordinary write, through the same gates as any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.kernel.errors import LiaoranError
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import WENT_WITH, ApprovalState, Course
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.keeping import keep_course, keep_courses, load_courses, running_on
from liaoran.process.approvals.tables import approvals
from liaoran.records.changes import Update
from liaoran.records.write import write
from liaoran.schema.processes import State

_WHY = {
    "passed": Text("“{approval}”已通过", "“{approval}” has passed"),
    "refused": Text("“{approval}”未通过", "“{approval}” was refused"),
}

_WENT = Statement(
    sa.select(approvals.c.id)
    .where(
        approvals.c.record_id == sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid))),
        approvals.c.state == sa.literal("recalled"),
        approvals.c.outcome[WENT_WITH]["action"].astext == sa.bindparam("undone", type_=sa.Text),
    )
    .order_by(approvals.c.id)
)


async def finish(desk: Desk, course: Course, state: ApprovalState, comment: str | None = None) -> None:
    """Ends the approval, keeps it, and moves the record on where the definition says so. Where the record may not go
    there, the approval stays as it ended and says why the record stayed."""
    course.finish(state, desk.now, desk.label)
    keep_course(desk, course)
    await desk.tx.land()
    to = _target(desk, course, state)
    if to is not None:
        course.outcome |= await _move(desk, course, to, comment)
        keep_course(desk, course)
    await desk.note(course, state if state != "refused" else "failed", comment=comment, **course.outcome)


def _target(desk: Desk, course: Course, state: ApprovalState) -> State | None:
    """Where the published version of the Process sends the record; None where it says nothing, or not any more."""
    process = desk.snapshot.process(course.process)
    approval = process.approval_by_key.get(course.approval) if process else None
    if process is None or approval is None:
        return None
    key = {"passed": approval.passed_to, "refused": approval.refused_to}.get(state)
    return process.state_by_key.get(key or "")


async def _move(desk: Desk, course: Course, to: State, comment: str | None) -> dict[str, Any]:
    process = desk.snapshot.process(course.process)
    if process is None:
        raise RuntimeError("a target of a Process that is not there")
    why = _WHY[course.state].fill(approval=course.label).read(desk.snapshot.language)
    cause = Cause(Door.PROCESS, note=comment or why, details={"action": str(desk.cause.action)})
    told = {"to": to.key, "to_label": to.label.to_json()}
    try:
        async with desk.tx.savepoint():
            await write(
                desk.tx, desk.everything, [Update(course.object, course.record_id, {process.field: to.key})], cause
            )
    except LiaoranError as refused:
        reasons = [one.message for one in refused.problems] or [refused.message]
        return {**told, "stayed": [one.to_json() for one in reasons]}
    return told


async def recall_left(desk: Desk, records: Sequence[UUID]) -> None:
    """Recalls the running approvals of records that have left the state in which they began."""
    courses = await load_courses(desk.tx, list((await running_on(desk.tx, records)).values()), hold=True)
    for course in courses:
        course.finish("recalled", desk.now, desk.label)
    keep_courses(desk, courses)
    await desk.note_all([(course, "left", None, {}) for course in courses])


async def recall_gone(desk: Desk, heirs: Mapping[UUID, UUID | None], action: UUID) -> None:
    """Recalls the running approvals of records that went into the bin by this action. No Event can be left with them any
    more; the record that one was merged into, its heir, is told instead."""
    courses = await load_courses(desk.tx, list((await running_on(desk.tx, list(heirs))).values()), hold=True)
    for course in courses:
        course.go_along(action, desk.now, desk.label)
    keep_courses(desk, courses)
    told = [(course, heir) for course in courses if (heir := heirs[course.record_id]) is not None]
    await desk.note_all([(replace(course, record_id=heir), "merged", None, {}) for course, heir in told])


async def carry_on_returned(desk: Desk, records: Sequence[UUID], action: str) -> None:
    """Lets approvals go on that were recalled because these records went by this action, which is being undone."""
    found = await desk.tx.fetch_column(_WENT, {"records": list(records), "undone": action})
    courses = await load_courses(desk.tx, found, hold=True)
    for course in courses:
        course.come_back()
    keep_courses(desk, courses)
    await desk.note_all([(course, "resumed", None, {}) for course in courses])
