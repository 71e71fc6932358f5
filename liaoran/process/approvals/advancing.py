"""From turn to turn: opens the next steps, leaves out those whose condition does not hold, ends with the last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from liaoran.access.scope import Scope
from liaoran.kernel.conditions import Condition, condition_to_json, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.process.approvals.approvers import seat_approvers
from liaoran.process.approvals.course import Course, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.ending import finish
from liaoran.process.approvals.hours import after_working_hours
from liaoran.process.approvals.keeping import keep_courses
from liaoran.query.judgements import Judgement, compile_judgements

MOST_CONDITIONS = 100


async def advance(desk: Desk, course: Course) -> None:
    """Opens the next turn and keeps the course; where none is left, it has passed."""
    await advance_all(desk, [course])


async def advance_all(desk: Desk, courses: Sequence[Course]) -> None:
    """Does so with many approvals over one Object, a few statements for all of them; each that passes at once ends by
    itself."""
    going = list(courses)
    while going:
        turns = [(course, course.next_turn()) for course in going]
        for course, turn in turns:
            if turn is None:
                await finish(desk, course, "passed")
        waiting = [(course, step) for course, turn in turns for step in turn or () if step.state == "waiting"]
        wanted = await _wanted(desk, waiting)
        for (_, step), one in zip(waiting, wanted, strict=True):
            if not one:
                step.close("skipped", desk.now)
        await open_steps(desk, [pair for pair, one in zip(waiting, wanted, strict=True) if one])
        begun = {course.id for course, turn in turns for step in turn or () if step.state == "open"}
        keep_courses(desk, [course for course in going if course.id in begun])
        going = [course for course, turn in turns if turn is not None and course.id not in begun]


async def open_steps(desk: Desk, opening: Sequence[tuple[Course, Step]]) -> None:
    """Lets the people of steps decide. One that was waiting for a step put in before it goes on with its own."""
    for _, step in opening:
        step.state, step.opened_at = "open", desk.now
    await seat_approvers(desk, [(course, step) for course, step in opening if not step.votes])
    for _, step in opening:
        set_times(desk, step)
    await desk.note_all(
        [
            (course, "nobody", step, {"to": [one.person_label for one in step.holders]})
            for course, step in opening
            if step.deciders == "fallback"
        ]
    )


def set_times(desk: Desk, step: Step) -> None:
    """When the step is late, when its people are reminded and when it escalates, counted from now."""
    zone = ZoneInfo(desk.snapshot.zone)

    def after(hours: float | None) -> Any:
        return after_working_hours(desk.now, hours, zone) if hours else None

    step.remind_at, step.escalate_at = after(step.remind_hours), after(step.escalate_hours)
    step.due_at = step.remind_at or step.escalate_at


async def _wanted(desk: Desk, steps: Sequence[tuple[Course, Step]]) -> list[bool]:
    """Which of these steps are needed. One whose condition cannot be judged any more is: nobody is passed over by
    mistake. So is one that has begun already."""
    asked = [
        (course.record_id, parse_condition(step.condition) if step.condition and not step.votes else None)
        for course, step in steps
    ]
    if not asked:
        return []
    return [one is None or one.holds for one in await judge_all(desk, steps[0][0].object, asked)]


async def judge_all(
    desk: Desk, object_key: str, asked: Sequence[tuple[UUID, Condition | None]]
) -> list[Judgement | None]:
    """The judgement of each Condition on its record as it stands, all in one statement; None for a Condition that is not
    there or cannot be judged."""
    different = {_name(one): one for _, one in asked if one is not None}
    known = {name: one for name, one in different.items() if _sound(desk.everything, object_key, one)}
    found: dict[UUID, dict[str, Judgement]] = {}
    records = list({record for record, _ in asked})
    for start in range(0, len(known), MOST_CONDITIONS):
        names = list(known)[start : start + MOST_CONDITIONS]
        plan = compile_judgements(desk.everything, object_key, records, [known[name] for name in names])
        judged = plan.read(await desk.tx.fetch_json(plan.plan.statement, plan.plan.binds))
        for record, verdicts in judged.items():
            found.setdefault(record, {}).update(zip(names, verdicts, strict=True))
    return [found.get(record, {}).get(_name(one)) if one is not None else None for record, one in asked]


def _name(condition: Condition) -> str:
    """Equal for equal Conditions."""
    return orjson.dumps(condition_to_json(condition)).decode()


def _sound(rows: Scope, object_key: str, condition: Condition) -> bool:
    try:
        compile_judgements(rows, object_key, (), [condition])
    except Invalid:
        return False
    return True
