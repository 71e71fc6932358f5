"""What comes next for a record, and the one line that answers "where is it?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from liaoran.kernel.text import Text
from liaoran.process.stage_tasks import StageTask
from liaoran.process.transitions import Move, Requirement
from liaoran.schema.processes import State

_WHERE = Text("阶段“{state}”", "Stage “{state}”")
_MET = Text("，条件已满足 {met}/{of}", ", {met} of {of} conditions met")
_NEXT = Text("，下一步：{what}", ", next: {what}")
_BY_AND_DUE = Text("，由 {who} 于 {day}前完成", " ({who}, by {day})")
_BY = Text("，由 {who} 完成", " ({who})")
_DUE = Text("，{day}前完成", " (by {day})")
_LATE = Text("（已逾期 {days} 天）", ", {days} days late")
_ENDED = Text("，流程已结束", ", where the process ends")
_MEND = Text("补齐“{label}”", "see to “{label}”")
_APPROVE = Text("审批“{label}”", "approve “{label}”")
_MOVE = Text("推进到“{state}”", "move on to “{state}”")


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is to be done next: a task of the stage, what the owner has planned, a condition to meet, or the move
    itself. ``due`` is a day."""

    kind: Literal["task", "plan", "condition", "move"]
    what: Text
    person: str | None = None
    due: date | None = None
    task: str | None = None

    def to_json(self) -> dict[str, Any]:
        """``{kind, what, person, due, task}``."""
        return {
            "kind": self.kind,
            "what": self.what.to_json(),
            "person": self.person,
            "due": self.due.isoformat() if self.due else None,
            "task": self.task,
        }


def next_step(
    tasks: Sequence[StageTask],
    owner: Mapping[str, Any] | None,
    planned: tuple[str, str | None] | None,
    forward: Move | None,
) -> NextStep | None:
    """The first open must-task, else what is planned (text and day), else another open task, else the first condition
    that is not met, else the move. ``tasks`` come with the most urgent first. None at the end of a Process."""
    if forward is None:
        return None
    still = [one for one in tasks if one.status == "open"]
    name = owner.get("label") if owner else None
    for one in (each for each in still if each.must):
        return _of_task(one)
    if planned is not None:
        return NextStep("plan", Text(planned[0]), name, _day(planned[1]))
    for one in still:
        return _of_task(one)
    unmet = next((one for one in forward.gate if not one.met), None)
    if unmet is not None:
        return _of_condition(unmet, name)
    return NextStep("move", _MOVE.fill(state=forward.to.label), name)


def _of_task(task: StageTask) -> NextStep:
    return NextStep("task", task.said, task.person, _day(task.due), task.row["id"])


def _of_condition(unmet: Requirement, owner: str | None) -> NextStep:
    """What the owner sees to; while an approval locks the record, it is with whom the approval waits for."""
    evidence = unmet.problem.evidence
    if unmet.problem.code == "locked_by_approval":
        holders = "、".join(evidence["holders"]) or None
        return NextStep("condition", _APPROVE.fill(label=Text.from_json(evidence["approval_label"])), holders)
    label = evidence.get("label")
    return NextStep("condition", _MEND.fill(label=Text.from_json(label)) if label else unmet.message, owner)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def answer(state: State, forward: Move | None, step: NextStep | None, today: date) -> Text:
    """``阶段“需求确认”，条件已满足 3/5，下一步：确认预算，由 李娜 于 11月25日前完成``."""
    parts = [_WHERE.fill(state=state.label)]
    if forward is None:
        return _joined([*parts, _ENDED]) if not state.is_open else parts[0]
    if forward.gate:
        parts.append(_MET.fill(met=sum(1 for one in forward.gate if one.met), of=len(forward.gate)))
    if step is not None:
        parts.append(_NEXT.fill(what=step.what))
        parts += _when(step, today)
    return _joined(parts)


def _when(step: NextStep, today: date) -> list[Text]:
    if step.due is None:
        return [_BY.fill(who=step.person)] if step.person else []
    day = _spoken(step.due, today)
    said = _BY_AND_DUE.fill(who=step.person, day=day) if step.person else _DUE.fill(day=day)
    return [said, _LATE.fill(days=(today - step.due).days)] if step.due < today else [said]


def _spoken(day: date, today: date) -> Text:
    """The day as people say it, with the year where it is another one."""
    zh, en = f"{day.month}月{day.day}日", f"{day.day} {day:%b}"
    return Text(zh, en) if day.year == today.year else Text(f"{day.year}年{zh}", f"{en} {day.year}")


def _joined(parts: Sequence[Text]) -> Text:
    return Text("".join(one.read("zh") for one in parts), "".join(one.read("en") for one in parts))
