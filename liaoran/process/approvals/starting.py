"""Beginning an approval: on the way into a state, or by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from liaoran.kernel.conditions import condition_to_json
from liaoran.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.process.approvals.advancing import advance_all, judge_all
from liaoran.process.approvals.course import Course, Step, in_turns
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.ending import finish
from liaoran.process.approvals.hours import moment_text
from liaoran.process.approvals.keeping import load_courses, running_on
from liaoran.process.mending import mends
from liaoran.process.moves import tracks_of
from liaoran.query.judgements import Judgement
from liaoran.query.sentences import leaf_text
from liaoran.records.context import WriteContext
from liaoran.records.gates import may_be_told
from liaoran.records.loading import hold_rows
from liaoran.records.noting import require_may_edit
from liaoran.records.shape import shape_of
from liaoran.schema.process_json import who_to_json
from liaoran.schema.processes import Approval, ApprovalStep, Process, State, StateCheck

UNKNOWN = Text("这条记录的流程没有名为“{key}”的审批", "the process of this record has no approval “{key}”")
RUNNING = Text(
    "“{approval}”已在审批中，由{who}自 {since} 起处理",
    "“{approval}” is running already; it has been with {who} since {since}",
)
NEEDED = Text("发起“{approval}”前需要：{label}", "before “{approval}” is started: {label}")
NOT_EVALUABLE = Text(
    "无法判断“{label}”是否满足，请联系管理员", "whether “{label}” is met cannot be told; please tell an administrator"
)


async def start_approval(desk: Desk, object_key: str, record: UUID, key: str, comment: str | None = None) -> UUID:
    """Starts an approval of the Process that the record follows and gives its id.

    Raises Invalid for one that the Process does not have, Conflict where one is running, Refused with what is needed
    first.
    """
    row = await desk.hold(object_key, record)
    process, state = _where(desk, object_key, row)
    approval = process.approval_by_key.get(key) if process else None
    if process is None or state is None or approval is None:
        raise Invalid(UNKNOWN.fill(key=key), code="unknown_approval")
    for running in await load_courses(desk.tx, list((await running_on(desk.tx, [record])).values())):
        raise Conflict(
            RUNNING.fill(approval=running.label, **said_holders(running, desk.scope.actor.zone)),
            code="approval_running",
        )
    await _refuse_unmet(desk, object_key, record, approval)
    label = row.get(shape_of(desk.snapshot, desk.snapshot.object(object_key)).label or "")
    (course,) = await begin(desk, object_key, [Beginning(record, label, process, state, approval)], comment)
    return course.id


async def approvals_offered(desk: Desk, object_key: str, record: UUID) -> list[dict[str, Any]]:
    """The approvals of the record's Process that its reader could start now: ``{key, label, steps, lock}``; none while one
    is running, or for somebody who may not edit the record."""
    try:
        await require_may_edit(desk.tx, desk.scope, object_key, record)
    except (Forbidden, NotFound):
        return []
    if await running_on(desk.tx, [record]):
        return []
    owner = desk.snapshot.object(object_key)
    context = WriteContext(desk.tx, desk.everything, owner, desk.cause, desk.now)
    row = (await hold_rows(context, [record], (), lock=False)).get(str(record), {})
    process, _ = _where(desk, object_key, row)
    return [
        {
            "key": one.key,
            "label": one.label.to_json(),
            "steps": [step.label.to_json() for step in one.steps],
            "lock": one.lock,
        }
        for one in (process.approvals if process else ())
    ]


@dataclass(frozen=True, slots=True)
class Beginning:
    """An approval that is to begin on a record (id and label) that is in the state."""

    record: UUID
    label: str | None
    process: Process
    state: State
    approval: Approval


async def begin(
    desk: Desk, object_key: str, beginnings: Sequence[Beginning], comment: str | None = None
) -> list[Course]:
    """Begins approvals that nothing stands in the way of, on different records of an Object, a few statements for all of
    them. One whose own condition does not hold has passed at once."""
    courses = [_course(desk, object_key, one, comment) for one in beginnings]
    wanted = await judge_all(desk, object_key, [(one.record, one.approval.condition) for one in beginnings])
    begun: list[Course] = []
    for course, one, held in zip(courses, beginnings, wanted, strict=True):
        if held is not None and not held.holds:
            course.outcome = {"not_needed": True}
            await finish(desk, course, "passed")
            continue
        turns = in_turns([step.parallel for step in one.approval.steps])
        course.steps = [
            _step(step, turn, place) for place, (step, turn) in enumerate(zip(one.approval.steps, turns, strict=True))
        ]
        begun.append(course)
    await desk.note_all([(one, "started", None, {"comment": comment}) for one in begun])
    await advance_all(desk, begun)
    return courses


def _course(desk: Desk, object_key: str, one: Beginning, comment: str | None) -> Course:
    return Course(
        process=one.process.key,
        process_version=one.process.version,
        object=object_key,
        record_id=one.record,
        record_label=one.label,
        approval=one.approval.key,
        label=one.approval.label,
        lock=one.approval.lock,
        state_key=one.state.key,
        started_at=desk.now,
        started_by=desk.person,
        started_by_label=desk.label,
        comment=comment,
    )


def _step(one: ApprovalStep, turn: int, position: int) -> Step:
    return Step(
        key=one.key,
        label=one.label,
        turn=turn,
        position=position,
        mode=one.mode,
        count=one.count,
        comment=one.comment,
        who=[who_to_json(who) for who in one.who],
        condition=condition_to_json(one.condition) if one.condition is not None else None,
        remind_hours=one.remind_hours,
        escalate_hours=one.escalate_hours,
        escalate_to=who_to_json(one.escalate_to) if one.escalate_to else None,
    )


def said_holders(course: Course, zone: str) -> dict[str, Text | str]:
    """Whose turn it is and since when (in a time zone), for a sentence."""
    names = [one.person_label for one in course.holders]
    since = min((one.opened_at for one in course.holders), default=course.started_at)
    return {"who": Text("、".join(names), ", ".join(names)), "since": moment_text(since, zone)}


def _where(desk: Desk, object_key: str, row: Mapping[str, Any]) -> tuple[Process | None, State | None]:
    owner = desk.snapshot.object(object_key)
    for track in tracks_of(desk.snapshot, owner):
        process = track.followed_by({key: value for key, value in row.items() if value is not None})
        if process is not None:
            return process, process.state_by_key.get(row.get(track.field) or "")
    return None, None


async def _refuse_unmet(desk: Desk, object_key: str, record: UUID, approval: Approval) -> None:
    """Raises Refused with every need that is not met; none is asked of an approval that is not needed."""
    conditions = [approval.condition, *(one.condition for one in approval.needs)]
    wanted, *needs = await judge_all(desk, object_key, [(record, one) for one in conditions])
    if wanted is not None and not wanted.holds:
        return
    pairs = zip(approval.needs, needs, strict=True)
    problems = [_unmet(desk, object_key, approval, need, one) for need, one in pairs if one is None or not one.holds]
    if problems:
        raise Refused(problems[0].message, problems=problems)


def _unmet(desk: Desk, object_key: str, approval: Approval, need: StateCheck, judged: Judgement | None) -> Problem:
    evidence: dict[str, Any] = {
        "part": "approval",
        "approval": approval.key,
        "key": need.key,
        "label": need.label.to_json(),
        "mend": mends(need.condition),
    }
    if judged is None:
        return Problem("gate_not_evaluable", NOT_EVALUABLE.fill(label=need.label), evidence=evidence)
    evidence["leaves"] = [
        {
            "field": leaf.field,
            "wanted": leaf_text(leaf, desk.everything, object_key).to_json(),
            "value": value if may_be_told(desk.scope, object_key, leaf.field) else None,
        }
        for leaf, value in judged.found
    ]
    message = NEEDED.fill(approval=approval.label, label=need.label)
    return Problem("condition_unmet", message, evidence=evidence)
