"""The stored definition JSON of a Process, complete and checked, to the immutable form of the Snapshot and back.

Parts that a definition of an older form does not have are read as empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from liaoran.kernel.conditions import Condition, condition_to_json, parse_condition
from liaoran.kernel.text import LANGUAGES, Text
from liaoran.schema.processes import (
    ActionTemplate,
    Approval,
    ApprovalStep,
    Goal,
    Output,
    Process,
    State,
    StateCheck,
    Transition,
    Who,
)

T = TypeVar("T")
Json = Mapping[str, Any]


def process_from_json(definition: Json) -> Process:
    """The Process of a stored definition."""
    return Process(
        key=definition["key"],
        object=definition["object"],
        field=definition["field"],
        label=Text.from_json(definition["label"]),
        version=definition.get("version", 1),
        states=tuple(_state(one, index) for index, one in enumerate(definition["states"])),
        transitions=_each(_transition, definition, "transitions"),
        is_default=definition.get("is_default", False),
        origin=definition.get("origin", "custom"),
        description=Text.from_json(definition.get("description")),
        process_field=definition.get("process_field"),
        sum_field=definition.get("sum_field"),
        derived=definition.get("derived", {}),
        minimum=tuple(definition.get("minimum", ())),
        comment_on=tuple(definition.get("comment_on", ())),
        forbid=tuple(definition.get("forbid", ())),
        approvals=_each(_approval, definition, "approvals"),
    )


def process_to_json(process: Process) -> dict[str, Any]:
    """The complete definition; ``process_from_json`` reads it back to an equal Process (the version aside)."""
    return {
        "key": process.key,
        "object": process.object,
        "field": process.field,
        "process_field": process.process_field,
        "label": process.label.to_json(),
        "description": process.description.to_json(),
        "is_default": process.is_default,
        "origin": process.origin,
        "sum_field": process.sum_field,
        "derived": dict(process.derived),
        "minimum": list(process.minimum),
        "comment_on": list(process.comment_on),
        "forbid": list(process.forbid),
        "states": [state_to_json(one) for one in process.states],
        "transitions": [transition_to_json(one) for one in process.transitions],
        "approvals": [_approval_to_json(one) for one in process.approvals],
    }


def state_to_json(state: State) -> dict[str, Any]:
    """One state, complete."""
    return {
        "key": state.key,
        "label": state.label.to_json(),
        "kind": state.kind,
        "probability": state.probability,
        "forecast_category": state.forecast_category,
        "color": state.color,
        "guidance": {part: text.to_json() for part, text in state.guidance.items()},
        "target_days": state.target_days,
        "maximum_days": state.maximum_days,
        "follow_up_days": state.follow_up_days,
        "goal": _maybe(_goal_to_json, state.goal),
        "accountable": _maybe(who_to_json, state.accountable),
        "inputs": [one.to_json() for one in state.inputs],
        "outputs": [output_to_json(one) for one in state.outputs],
        "required": list(state.required),
        "entry": [_check_to_json(one) for one in state.entry],
        "exit": [_check_to_json(one) for one in state.exit],
        "actions": [_action_to_json(one) for one in state.actions],
        "on_leave": state.on_leave,
        "hand_over": _maybe(who_to_json, state.hand_over),
        "team": [who_to_json(one) for one in state.team],
        "approval": state.approval,
    }


def transition_to_json(move: Transition) -> dict[str, Any]:
    """One transition, complete."""
    return {
        "key": move.key,
        "from": move.source,
        "to": move.to,
        "label": move.label.to_json(),
        "required": list(move.required),
        "who": [who_to_json(one) for one in move.who],
        "conditions": [_check_to_json(one) for one in move.conditions],
        "comment": move.comment,
        "approval": move.approval,
        "set": dict(move.effects),
    }


def who_to_json(who: Who) -> dict[str, Any]:
    """``{"who", …}`` with what that kind needs."""
    match who.kind:
        case "role" | "field":
            return {"who": who.kind, who.kind: who.key}
        case "person" | "department":
            return {"who": who.kind, who.kind: str(who.id)}
        case "manager":
            return {"who": who.kind, "level": who.level}
        case _:
            return {"who": who.kind}


def who_from_json(value: Json) -> Who:
    """A stored ``{"who", …}``."""
    kind = value["who"]
    ident = value.get(kind) if kind in ("person", "department") else None
    key = value.get(kind) if kind in ("role", "field") else None
    return Who(kind, key, UUID(ident) if ident else None, value.get("level", 1))


def guidance_from_json(value: Any) -> dict[str, Text]:
    """Texts by part; one plain text says how."""
    if not value:
        return {}
    if isinstance(value, str) or set(value) <= set(LANGUAGES):
        return {"how": Text.from_json(value)}
    return {part: Text.from_json(text) for part, text in value.items() if text}


def _each(read: Callable[[Json], T], owner: Json, key: str) -> tuple[T, ...]:
    return tuple(read(one) for one in owner.get(key) or ())


def _maybe(change: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else change(value)


def _state(one: Json, index: int) -> State:
    return State(
        key=one["key"],
        label=Text.from_json(one["label"]),
        kind=one["kind"],
        order=one.get("order", index),
        probability=one.get("probability") or 0,
        forecast_category=one.get("forecast_category"),
        color=one.get("color"),
        guidance=guidance_from_json(one.get("guidance")),
        target_days=one.get("target_days"),
        maximum_days=one.get("maximum_days"),
        follow_up_days=one.get("follow_up_days"),
        goal=_maybe(
            lambda goal: Goal(Text.from_json(goal["label"]), parse_condition(goal["condition"])), one.get("goal")
        ),
        accountable=_maybe(who_from_json, one.get("accountable")),
        inputs=tuple(Text.from_json(text) for text in one.get("inputs") or ()),
        outputs=_each(_output, one, "outputs"),
        required=tuple(one.get("required") or ()),
        entry=_each(_check, one, "entry"),
        exit=_each(_check, one, "exit"),
        actions=_each(_action, one, "actions"),
        on_leave=one.get("on_leave") or "carry",
        hand_over=_maybe(who_from_json, one.get("hand_over")),
        team=_each(who_from_json, one, "team"),
        approval=one.get("approval"),
    )


def _transition(one: Json) -> Transition:
    return Transition(
        key=one["key"],
        source=one.get("from"),
        to=one["to"],
        label=Text.from_json(one.get("label")),
        required=tuple(one.get("required") or ()),
        who=_each(who_from_json, one, "who"),
        conditions=_each(_check, one, "conditions"),
        comment=one.get("comment", False),
        approval=one.get("approval"),
        effects=one.get("set") or {},
    )


def _check(one: Json) -> StateCheck:
    condition = parse_condition(one["condition"])
    return StateCheck(one["key"], Text.from_json(one["label"]), condition, one.get("always", False))


def _output(one: Json) -> Output:
    label = Text.from_json(one.get("label"))
    return Output(one["kind"], label, one.get("document_type"), one.get("field"), one.get("object"))


def _action(one: Json) -> ActionTemplate:
    return ActionTemplate(
        key=one["key"],
        label=Text.from_json(one["label"]),
        who=who_from_json(one["who"]),
        help=Text.from_json(one.get("help")),
        due_days=one.get("due_days") or 0,
        must=one.get("must", False),
        output=_maybe(_output, one.get("output")),
    )


def _approval(one: Json) -> Approval:
    return Approval(
        key=one["key"],
        label=Text.from_json(one["label"]),
        steps=_each(_step, one, "steps"),
        condition=_maybe(parse_condition, one.get("condition")),
        needs=_each(_check, one, "needs"),
        lock=one.get("lock", True),
        passed_to=(one.get("on_passed") or {}).get("move_to"),
        refused_to=(one.get("on_refused") or {}).get("move_to"),
    )


def _step(one: Json) -> ApprovalStep:
    return ApprovalStep(
        key=one["key"],
        label=Text.from_json(one["label"]),
        who=_each(who_from_json, one, "who"),
        mode=one.get("mode") or "any",
        count=one.get("count") or 1,
        condition=_maybe(parse_condition, one.get("condition")),
        comment=one.get("comment") or "on_refusal",
        remind_hours=one.get("remind_hours"),
        escalate_hours=one.get("escalate_hours"),
        escalate_to=_maybe(who_from_json, one.get("escalate_to")),
        parallel=one.get("parallel", False),
    )


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    return None if condition is None else condition_to_json(condition)


def _goal_to_json(goal: Goal) -> dict[str, Any]:
    return {"label": goal.label.to_json(), "condition": _condition(goal.condition)}


def _check_to_json(check: StateCheck) -> dict[str, Any]:
    return {
        "key": check.key,
        "label": check.label.to_json(),
        "condition": _condition(check.condition),
        "always": check.always,
    }


def output_to_json(output: Output) -> dict[str, Any]:
    """``{"kind", "label", "document_type"?, "field"?, "object"?}``."""
    parts = {"document_type": output.document_type, "field": output.field, "object": output.object}
    return {"kind": output.kind, "label": output.label.to_json(), **_present(parts.items())}


def _present(parts: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in parts if value is not None}


def _action_to_json(action: ActionTemplate) -> dict[str, Any]:
    return {
        "key": action.key,
        "label": action.label.to_json(),
        "help": action.help.to_json(),
        "who": who_to_json(action.who),
        "due_days": action.due_days,
        "must": action.must,
        "output": _maybe(output_to_json, action.output),
    }


def _approval_to_json(approval: Approval) -> dict[str, Any]:
    return {
        "key": approval.key,
        "label": approval.label.to_json(),
        "condition": _condition(approval.condition),
        "needs": [_check_to_json(one) for one in approval.needs],
        "steps": [_step_to_json(one) for one in approval.steps],
        "lock": approval.lock,
        "on_passed": {"move_to": approval.passed_to} if approval.passed_to else None,
        "on_refused": {"move_to": approval.refused_to} if approval.refused_to else None,
    }


def _step_to_json(step: ApprovalStep) -> dict[str, Any]:
    return {
        "key": step.key,
        "label": step.label.to_json(),
        "who": [who_to_json(one) for one in step.who],
        "mode": step.mode,
        "count": step.count,
        "condition": _condition(step.condition),
        "comment": step.comment,
        "remind_hours": step.remind_hours,
        "escalate_hours": step.escalate_hours,
        "escalate_to": _maybe(who_to_json, step.escalate_to),
        "parallel": step.parallel,
    }
