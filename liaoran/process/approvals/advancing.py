"""From turn to turn: opens the next steps, leaves out those whose condition does not hold, ends with the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.conditions import Condition, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.process.approvals.approvers import seat_approvers
from liaoran.process.approvals.course import Course, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.ending import finish
from liaoran.process.approvals.hours import after_working_hours
from liaoran.process.approvals.keeping import keep_course
from liaoran.query.judgements import Judgement, compile_judgements


async def advance(desk: Desk, course: Course) -> None:
    """Opens the next turn and keeps the course; where none is left, it has passed."""
    while (turn := course.next_turn()) is not None:
        waiting = [one for one in turn if one.state == "waiting"]
        for step, wanted in zip(waiting, await _wanted(desk, course, waiting), strict=True):
            if wanted:
                await open_step(desk, course, step)
            else:
                step.close("skipped", desk.now)
        if any(one.state == "open" for one in turn):
            keep_course(desk.tx, course)
            return
    await finish(desk, course, "passed")


async def open_step(desk: Desk, course: Course, step: Step) -> None:
    """Lets the people of a step decide. One that was waiting for a step put in before it goes on with its own."""
    step.state, step.opened_at = "open", desk.now
    if not step.votes:
        await seat_approvers(desk, course, step)
    set_times(desk, step)
    if step.deciders == "fallback":
        await desk.note(course, "nobody", step, to=[one.person_label for one in step.holders])


def set_times(desk: Desk, step: Step) -> None:
    """When the step is late, when its people are reminded and when it escalates, counted from now."""
    zone = ZoneInfo(desk.snapshot.zone)

    def after(hours: float | None) -> Any:
        return after_working_hours(desk.now, hours, zone) if hours else None

    step.remind_at, step.escalate_at = after(step.remind_hours), after(step.escalate_hours)
    step.due_at = step.remind_at or step.escalate_at


async def _wanted(desk: Desk, course: Course, steps: Sequence[Step]) -> list[bool]:
    """Which of these steps are needed. One whose condition cannot be judged any more is: nobody is passed over by
    mistake. So is one that has begun already."""
    asked = [parse_condition(one.condition) if one.condition and not one.votes else None for one in steps]
    judged = await judge(desk.tx, desk.everything, course.object, course.record_id, asked)
    return [one is None or one.holds for one in judged]


async def judge(
    tx: Transaction, rows: Scope, object_key: str, record: UUID, conditions: Sequence[Condition | None]
) -> list[Judgement | None]:
    """The judgement of each Condition on the record as it stands, None for one that is not there or cannot be judged."""
    known = [place for place, one in enumerate(conditions) if one is not None and _sound(rows, object_key, one)]
    found: list[Judgement | None] = [None] * len(conditions)
    if known:
        plan = compile_judgements(rows, object_key, record, [conditions[place] for place in known])  # type: ignore[misc]
        judged = plan.read(await tx.fetch_json(plan.plan.statement, plan.plan.binds)) or []
        for place, one in zip(known, judged, strict=False):
            found[place] = one
    return found


def _sound(rows: Scope, object_key: str, condition: Condition) -> bool:
    try:
        compile_judgements(rows, object_key, UUID(int=0), [condition])
    except Invalid:
        return False
    return True
