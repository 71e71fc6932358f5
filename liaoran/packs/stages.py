"""The words in which shipped Processes are written, beside those of ``definition``: stages with their guidance, checks,
actions and approvals. Each function returns a part of the definition JSON of a Process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liaoran.packs.definition import Definition, Pair, text
from liaoran.packs.document_types import DOCUMENT_TYPES

_DOCUMENTS = {one["key"]: one["label"] for one in DOCUMENT_TYPES}
OWNER: Definition = {"who": "owner"}
"""The person accountable for the record."""
DEPARTMENT_HEAD: Definition = {"who": "department_head"}
"""Who leads the department of the record."""


def role(key: str) -> Definition:
    """Everybody with the role."""
    return {"who": "role", "role": key}


def manager(level: int = 1) -> Definition:
    """The owner's manager, ``level`` steps up (1 to 3)."""
    return {"who": "manager", "level": level}


def named_in(field: str) -> Definition:
    """The person that a Field of the record names."""
    return {"who": "field", "field": field}


def filled(*fields: str) -> Definition:
    """All these Fields hold something."""
    leaves = [{"field": one, "op": "not_empty"} for one in fields]
    return leaves[0] if len(leaves) == 1 else {"all": leaves}


def either(*parts: Definition) -> Definition:
    """At least one of the Conditions holds."""
    return {"any": list(parts)}


def every(*parts: Definition) -> Definition:
    """All of the Conditions hold."""
    return {"all": list(parts)}


def leaf(field: str, op: str, value: Any = None) -> Definition:
    """One comparison."""
    return {"field": field, "op": op} if value is None else {"field": field, "op": op, "value": value}


def file_of(document_type: str, since: str = "any") -> Definition:
    """A file of that document type is attached. ``since`` is ``any``, ``entered`` (uploaded in the present stay) or
    ``left`` (newer than the last stay in the same state, so that who comes back brings a new version)."""
    return leaf("evidence(file)", "has", {"document_type": document_type, "since": since})


def spoken(*objects: str, since: str = "entered") -> Definition:
    """An activity of one of these Objects is on record, since the state was entered or ever."""
    return leaf("evidence(activity)", "has", {"objects": list(objects), "since": since})


def in_the_chain(*roles: str) -> Definition:
    """Somebody with one of these parts stands in the decision chain."""
    inner = leaf("role", "eq", roles[0]) if len(roles) == 1 else leaf("role", "in", list(roles))
    return leaf("count(opportunity_contact.opportunity)", "has", inner)


def check(key: str, label: Pair, condition: Definition) -> Definition:
    """A Condition with the words in which the gate tells it."""
    return {"key": key, "label": text(label), "condition": condition}


def guidance(
    *,
    why: Pair,
    how: Pair,
    done: Pair,
    focus: Pair,
    difficulty: Pair,
    effect: Pair | None = None,
    script: Pair | None = None,
) -> Definition:
    """What the page tells in a state: why the next step, how to do it, what counts as done, where to look and what is
    often hard; ``effect`` is what it brings, ``script`` words to say, with paths such as ``{account.name}``."""
    parts = {
        "why": why,
        "how": how,
        "done": done,
        "focus": focus,
        "difficulty": difficulty,
        "effect": effect,
        "script": script,
    }
    return {key: text(pair) for key, pair in parts.items() if pair is not None}


def action(
    key: str,
    label: Pair,
    due_days: int,
    *,
    who: Definition = OWNER,
    must: bool = True,
    help: Pair | None = None,
    document: str | None = None,
    field: str | None = None,
    note: bool = False,
    record: str | None = None,
) -> Definition:
    """A task that entering the state makes. ``due_days`` are working days after the entry. What it leaves behind is a
    ``document`` (type), a ``field``, a ``record`` (Object) or a ``note``."""
    entry: Definition = {"key": key, "label": text(label), "who": who, "due_days": due_days, "must": must}
    if help is not None:
        entry["help"] = text(help)
    made = _output(document, field, record, note)
    if made is not None:
        entry["output"] = made
    return entry


def output(
    label: Pair,
    *,
    document: str | None = None,
    field: str | None = None,
    record: str | None = None,
    note: bool = False,
) -> Definition:
    """What a state hands on to the next one."""
    made = _output(document, field, record, note)
    if made is None:
        raise ValueError("an output is a document, a field, a record or a note")
    return {**made, "label": text(label)}


def _output(document: str | None, field: str | None, record: str | None, note: bool) -> Definition | None:
    if document is not None:
        return {"kind": "document", "document_type": document, "label": _DOCUMENTS[document]}
    if field is not None:
        return {"kind": "field", "field": field}
    if record is not None:
        return {"kind": "record", "object": record}
    return {"kind": "note", "label": text(("一条记录", "A note"))} if note else None


def stage(
    key: str,
    label: Pair,
    *,
    probability: int,
    forecast: str,
    color: str,
    guidance: Definition,
    accountable: Definition = OWNER,
    kind: str = "open",
    days: tuple[float, float] | None = None,
    follow_up_days: float | None = None,
    goal: Definition | None = None,
    inputs: Sequence[Pair] = (),
    outputs: Sequence[Definition] = (),
    required: str = "",
    entry: Sequence[Definition] = (),
    exit: Sequence[Definition] = (),
    actions: Sequence[Definition] = (),
    on_leave: str = "carry",
    hand_over: Definition | None = None,
    team: Sequence[Definition] = (),
    approval: str | None = None,
) -> Definition:
    """A state of a pipeline. ``days`` are the target and the maximum of a stay, ``required`` blank-separated Fields."""
    state: Definition = {
        "key": key,
        "label": text(label),
        "kind": kind,
        "probability": probability,
        "forecast_category": forecast,
        "color": color,
        "guidance": guidance,
        "accountable": accountable,
    }
    if days is not None:
        state["target_days"], state["maximum_days"] = days
    optional: Definition = {
        "follow_up_days": follow_up_days,
        "goal": goal,
        "inputs": [text(pair) for pair in inputs],
        "outputs": list(outputs),
        "required": required.split(),
        "entry": list(entry),
        "exit": list(exit),
        "actions": list(actions),
        "hand_over": hand_over,
        "team": list(team),
        "approval": approval,
    }
    state |= {name: value for name, value in optional.items() if value}
    if actions:
        state["on_leave"] = on_leave
    return state


def goal(label: Pair, condition: Definition) -> Definition:
    """What is measured in a state without holding anybody up."""
    return {"label": text(label), "condition": condition}


def step(
    key: str,
    label: Pair,
    *who: Definition,
    mode: str = "any",
    condition: Definition | None = None,
    comment: str = "on_refusal",
    remind_hours: float = 8,
    escalate_hours: float = 24,
    escalate_to: Definition = DEPARTMENT_HEAD,
    parallel: bool = False,
) -> Definition:
    """One step of an approval; hours are working hours, and the step is left out where ``condition`` does not hold."""
    return {
        "key": key,
        "label": text(label),
        "mode": mode,
        "who": list(who),
        "condition": condition,
        "comment": comment,
        "remind_hours": remind_hours,
        "escalate_hours": escalate_hours,
        "escalate_to": escalate_to,
        "parallel": parallel,
    }


def approval(
    key: str,
    label: Pair,
    steps: Sequence[Definition],
    *,
    needs: Sequence[Definition] = (),
    condition: Definition | None = None,
    refused_to: str | None = None,
    passed_to: str | None = None,
) -> Definition:
    """An approval with its steps in order; it locks the record and cannot start before ``needs`` are met."""
    return {
        "key": key,
        "label": text(label),
        "condition": condition,
        "needs": list(needs),
        "steps": list(steps),
        "lock": True,
        "on_passed": {"move_to": passed_to} if passed_to else None,
        "on_refused": {"move_to": refused_to} if refused_to else None,
    }


def template(definition: Definition, *, advice: Pair, industries: str = "", optional: str = "") -> Definition:
    """A Process that is offered to start from. ``advice`` says what to watch, ``industries`` (blank-separated choices of
    the Field ``industry``) for whom it is offered first, ``optional`` the states that may be left out."""
    return {
        "key": definition["key"],
        "label": definition["label"],
        "description": definition["description"],
        "advice": text(advice),
        "industry_field": "industry",
        "industries": industries.split(),
        "optional": optional.split(),
        "definition": definition,
    }
