"""Taking an approval in hand: who may see it, that it still runs, whose turn it is."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from liaoran.infra.statements import Statement
from liaoran.kernel.errors import Conflict, Forbidden, LiaoranError, NotFound
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course, Seat, Step
from liaoran.process.approvals.desk import NOT_FOUND, Desk
from liaoran.process.approvals.hours import moment_text
from liaoran.process.approvals.keeping import load_courses
from liaoran.process.approvals.starting import said_holders
from liaoran.records.history import record_with_heirs
from liaoran.records.noting import require_readable

_WITH_HEIRS = Statement(record_with_heirs(sa.bindparam("record", type_=sa.Uuid)))
STATES = {
    "running": Text("审批中", "running"),
    "passed": Text("已通过", "passed"),
    "refused": Text("未通过", "refused"),
    "returned": Text("已退回发起人", "returned to whoever started it"),
    "recalled": Text("已撤回", "recalled"),
}
OVER = Text(
    "“{approval}”{state}（{who}，{at}），不能再操作",
    "“{approval}” is {state} ({who}, {at}); nothing more can be done about it",
)
NOT_YOUR_TURN = Text(
    "现在不需要您处理“{approval}”，它自 {since} 起在{who}手中",
    "it is not your turn in “{approval}”; it has been with {who} since {since}",
)
ALREADY = Text(
    "“{step}”已由{who}处理（{what}），不需要再处理",
    "“{step}” was dealt with by {who} ({what}); there is nothing left to do",
)
DEALT = {
    "approved": Text("同意", "approved"),
    "refused": Text("拒绝", "refused"),
    "returned": Text("退回", "sent back"),
    "delegated": Text("转交", "delegated"),
    "closed": Text("关闭", "closed"),
}


async def take(desk: Desk, ident: UUID) -> Course:
    """A running approval, locked along with its record, so that of two who act at once one waits and then sees what the
    other did. Raises NotFound where the actor may not see it, Conflict ``approval_over`` where it is over."""
    seen = await find(desk, ident)
    await desk.hold(seen.object, seen.record_id)
    (course,) = await load_courses(desk.tx, [ident], hold=True)
    if course.state != "running":
        raise over(course, desk.scope.actor.zone)
    return course


async def find(desk: Desk, ident: UUID) -> Course:
    """An approval that the actor may see: its people, whoever started it, and everybody who sees the record, or the one
    that the record was merged into."""
    found = await load_courses(desk.tx, [ident])
    if not found:
        # As much work as for one that may not be seen, so that the time does not tell them apart.
        await _sees(desk, next((one.key for one in desk.snapshot.objects.values() if one.processes), ""), ident)
        raise NotFound(NOT_FOUND)
    if not await may_see(desk, found[0]):
        raise NotFound(NOT_FOUND)
    return found[0]


async def may_see(desk: Desk, course: Course) -> bool:
    """Whether the actor takes part in it, or sees the record."""
    return takes_part(course, desk.person) or await _sees(desk, course.object, course.record_id)


async def _sees(desk: Desk, object_key: str, record: UUID) -> bool:
    """Whether the actor sees the record, or the one that it lives on in."""
    for one in await desk.tx.fetch_column(_WITH_HEIRS, {"record": record}):
        try:
            await require_readable(desk.tx, desk.scope, object_key, one)
        except LiaoranError:
            continue
        return True
    return False


def takes_part(course: Course, person: UUID | None) -> bool:
    """Whether the person started it or has, or had, a seat in it."""
    if person is None:
        return False
    return course.started_by == person or any(seat.person == person for step in course.steps for seat in step.seats)


def over(course: Course, zone: str) -> Conflict:
    """What to tell somebody who comes too late."""
    at = moment_text(course.finished_at, zone) if course.finished_at else ""
    message = OVER.fill(approval=course.label, state=STATES[course.state], who=course.finished_by_label or "", at=at)
    return Conflict(message, code="approval_over", extra={"state": course.state})


def my_turn(desk: Desk, course: Course, key: str | None = None) -> tuple[Step, Seat]:
    """The open step in which the actor has an open seat, the first of several unless ``key`` names it. Raises Conflict
    ``already_decided`` where somebody was faster, Forbidden ``not_your_turn``."""
    for step in course.open_steps:
        for seat in step.holders:
            if seat.person == desk.person and key in (None, step.key):
                return step, seat
    for step in reversed(course.steps):
        seat_before = step.seat_of(desk.person)
        if seat_before is not None and seat_before.state != "open" and key in (None, step.key):
            raise _dealt_with(step, seat_before)
    message = NOT_YOUR_TURN.fill(approval=course.label, **said_holders(course, desk.scope.actor.zone))
    raise Forbidden(message, code="not_your_turn")


def _dealt_with(step: Step, seat: Seat) -> Conflict:
    decided = [one for one in step.votes if one.state != "open" and one.decided_at is not None]
    who = (
        seat if seat.state != "closed" or not decided else max(decided, key=lambda one: one.decided_at or one.opened_at)
    )
    message = ALREADY.fill(step=step.label, who=who.person_label, what=DEALT[who.state])
    return Conflict(message, code="already_decided")
