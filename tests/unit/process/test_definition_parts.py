"""Each part of a definition is refused at its own place, with its own code where there is one."""

from __future__ import annotations

from typing import Any

import pytest

from liaoran.kernel.errors import Invalid
from tests.unit.process.shipped import pipeline, put, read

LABEL = {"zh": "某", "en": "One"}
FILLED = {"field": "amount", "op": "not_empty"}
CHECK = {"key": "one", "label": LABEL, "condition": FILLED}
ACTION = {"key": "one", "label": LABEL}
STEP = {"key": "one", "label": LABEL, "who": [{"who": "owner"}]}
WHO_PLACES = (
    ("states.0.accountable", "states[0].accountable"),
    ("states.0.hand_over", "states[0].hand_over"),
    ("states.0.team.+", "states[0].team[0]"),
    ("states.0.actions.0.who", "states[0].actions[0].who"),
    ("transitions.0.who.+", "transitions[0].who[0]"),
    ("approvals.0.steps.0.who.0", "approvals[0].steps[0].who[0]"),
    ("approvals.0.steps.0.escalate_to", "approvals[0].steps[0].escalate_to"),
)
WRONG_WHO = (
    ({}, ".who"),
    ({"who": "everybody"}, ".who"),
    ({"who": "role"}, ".role"),
    ({"who": "person", "person": "li"}, ".person"),
    ({"who": "department"}, ".department"),
    ({"who": "manager", "level": 4}, ".level"),
    ({"who": "field", "field": "amount"}, ".field"),
    ({"who": "field", "field": "nothing"}, ".field"),
    ({"who": "owner", "role": "x"}, ".role"),
    ("owner", ""),
)
CONDITION_PLACES = (
    ("states.0.entry", CHECK, "states[0].entry[0].condition"),
    ("states.0.exit", CHECK, "states[0].exit[0].condition"),
    ("transitions.0.conditions", CHECK, "transitions[0].conditions[0].condition"),
    ("approvals.0.needs", CHECK, "approvals[0].needs[0].condition"),
)
WRONG_CONDITIONS = (
    {"field": "nothing", "op": "not_empty"},
    {"field": "amount", "op": "resembles", "value": 1},
    {"field": "amount", "op": "gte", "value": "much"},
    {"field": "account.nothing", "op": "not_empty"},
    {"field": "count(task.nothing)", "op": "has"},
    {"field": "count(opportunity_contact.opportunity)", "op": "has", "value": {"field": "x", "op": "empty"}},
    {"field": "evidence(dreams)", "op": "has"},
    {"field": "evidence(file)", "op": "has", "value": {"since": "ever"}},
    {"field": "evidence(file)", "op": "has", "value": {"since": "left"}},
    {"field": "evidence(activity)", "op": "has", "value": {"objects": ["task"]}},
    {"field": "evidence(file)", "op": "has", "value": {"since": [None]}},
    {"field": "evidence(file)", "op": "has", "value": {"document_type": ["quote"]}},
    {"field": "evidence(tasks)", "op": "has", "value": {"action": 5}},
    {"field": "evidence(tasks)", "op": "has", "value": "done"},
    {"field": "evidence(dwell)", "op": "has", "value": {"over": []}},
    {"field": "evidence(activity)", "op": "has", "value": {"objects": {"event": 1}}},
    {"field": "evidence(approval)", "op": "has", "value": {"approval": ["x"]}},
    {"all": FILLED},
    {"field": "amount"},
    "amount",
)
PARTS: tuple[tuple[str, Any, str, str | None], ...] = (
    ("states.0.guidance", {"colour": LABEL}, "states[0].guidance.colour", None),
    ("states.0.guidance", 7, "states[0].guidance", None),
    ("states.0.target_days", 0, "states[0].target_days", None),
    ("states.0.maximum_days", 1, "states[0].target_days", None),
    ("states.0.maximum_days", 99999, "states[0].maximum_days", None),
    ("states.0.follow_up_days", "soon", "states[0].follow_up_days", None),
    ("states.0.goal", {"label": LABEL, "condition": {"field": "x", "op": "empty"}}, "states[0].goal.condition", None),
    ("states.0.goal", {"condition": FILLED}, "states[0].goal.label", None),
    ("states.0.inputs", "a lead", "states[0].inputs", None),
    ("states.0.outputs", [{"kind": "field"}], "states[0].outputs[0]", None),
    ("states.0.outputs", [{"kind": "field", "field": "nothing"}], "states[0].outputs[0].field", None),
    ("states.0.outputs", [{"kind": "song"}], "states[0].outputs[0].kind", None),
    ("states.0.required", ["weighted_amount"], "states[0].required[0]", None),
    ("states.0.required", ["amount", "nothing"], "states[0].required[1]", None),
    ("states.0.required", "amount", "states[0].required", None),
    ("states.0.exit", [CHECK, CHECK], "states[0].exit[1]", "repeated"),
    ("states.0.exit", [{"key": "one", "condition": FILLED}], "states[0].exit[0].label", None),
    ("states.0.exit", [{**CHECK, "always": "yes"}], "states[0].exit[0].always", None),
    ("states.0.actions", [ACTION, ACTION], "states[0].actions[1]", "repeated"),
    ("states.0.actions", [{**ACTION, "key": "One!"}], "states[0].actions[0].key", None),
    ("states.0.actions", [{**ACTION, "due_days": 366}], "states[0].actions[0].due_days", None),
    ("states.0.actions", [{**ACTION, "due_days": 1.5}], "states[0].actions[0].due_days", None),
    ("states.0.actions", [{**ACTION, "must": 1}], "states[0].actions[0].must", None),
    ("states.0.actions", [{**ACTION, "output": {"kind": "record"}}], "states[0].actions[0].output", None),
    ("states.0.actions", [{**ACTION, "key": f"a{n}"} for n in range(51)], "states[0].actions", None),
    ("states.0.on_leave", "forget", "states[0].on_leave", None),
    ("states.0.approval", "nothing", "states[0].approval", "unknown_approval"),
    ("states.0.colour", "red", "states[0].colour", None),
    ("transitions.0.approval", "nothing", "transitions[0].approval", "unknown_approval"),
    ("transitions.0.comment", "please", "transitions[0].comment", None),
    ("transitions.0.set", {"weighted_amount": 1}, "transitions[0].set.weighted_amount", None),
    ("transitions.0.set", {"status": "open"}, "transitions[0].set.status", None),
    ("transitions.0.set", {"amount": "much"}, "transitions[0].set.amount", None),
    ("transitions.0.set", {"nothing": 1}, "transitions[0].set.nothing", None),
    ("transitions.1.key", "to_initial_contact", "transitions[1]", "repeated"),
    ("derived.status", {"open": {"a": 1}}, "derived.status.open", None),
    ("derived.status", {"open": "asleep"}, "derived.status.open", None),
    ("derived.probability", "name", "derived.probability", None),
    ("minimum", ["nothing"], "minimum[0]", None),
    ("minimum", ["weighted_amount"], "minimum[0]", None),
    ("comment_on", ["sideways"], "comment_on[0]", None),
    ("forbid", ["skip", "fly"], "forbid[1]", None),
    ("approvals.0.steps", [], "approvals[0].steps", "no_steps"),
    ("approvals.0.steps", [STEP, STEP], "approvals[0].steps[1]", "repeated"),
    ("approvals.0.steps", [{**STEP, "who": []}], "approvals[0].steps[0].who", "no_approver"),
    ("approvals.0.steps", [{**STEP, "escalate_hours": 8}], "approvals[0].steps[0].escalate_to", "no_escalation"),
    ("approvals.0.steps", [{**STEP, "mode": "most"}], "approvals[0].steps[0].mode", None),
    ("approvals.0.steps", [{**STEP, "mode": "count", "count": 0}], "approvals[0].steps[0].count", None),
    ("approvals.0.steps", [{**STEP, "comment": "maybe"}], "approvals[0].steps[0].comment", None),
    ("approvals.0.steps", [{**STEP, "remind_hours": -1}], "approvals[0].steps[0].remind_hours", None),
    ("approvals.0.steps", [{**STEP, "condition": {"field": "x", "op": "empty"}}], "approvals[0].steps[0].condition", None),
    ("approvals.0.condition", {"field": "x", "op": "empty"}, "approvals[0].condition", None),
    ("approvals.0.on_passed", {"move_to": "nowhere"}, "approvals[0].on_passed.move_to", None),
    ("approvals.0.on_refused", {"go_to": "lost"}, "approvals[0].on_refused.go_to", None),
    ("approvals.0.on_passed", {"move_to": "contract"}, "states[4].approval", "endless_moves"),
    ("approvals.0.lock", 1, "approvals[0].lock", None),
)  # fmt: skip


def refusal(definition: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read(definition)
    assert caught.value.message.zh and caught.value.message.en
    return caught.value


def test_the_standard_pipeline_is_sound() -> None:
    assert [one.key for one in read(pipeline()).states][-2:] == ["won", "lost"]


@pytest.mark.parametrize(("path", "value", "place", "code"), PARTS)
def test_each_part_is_refused_at_its_place(path: str, value: Any, place: str, code: str | None) -> None:
    found = refusal(put(pipeline(), path, value))
    assert found.extra["at"] == place
    assert found.code == (code or found.code)


@pytest.mark.parametrize(("path", "place"), WHO_PLACES)
@pytest.mark.parametrize(("who", "end"), WRONG_WHO)
def test_whoever_is_meant_is_checked_everywhere(path: str, place: str, who: Any, end: str) -> None:
    definition = pipeline()
    definition["states"][0].setdefault("team", [])
    definition["transitions"][0].setdefault("who", [])
    assert refusal(put(definition, path, who)).extra["at"] == place + end


@pytest.mark.parametrize(("path", "check", "place"), CONDITION_PLACES)
@pytest.mark.parametrize("condition", WRONG_CONDITIONS)
def test_conditions_are_checked_everywhere(path: str, check: Any, place: str, condition: Any) -> None:
    found = refusal(put(pipeline(), path, [{**check, "condition": condition}]))
    assert found.extra["at"] == place
