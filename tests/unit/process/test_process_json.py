"""The stored form of a Process gives back an equal Process, whatever it holds."""

from __future__ import annotations

import json
from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from liaoran.kernel.conditions import All, AnyOf, Leaf, Not
from liaoran.kernel.text import EMPTY, Text
from liaoran.process.definition.states import GUIDANCE
from liaoran.schema import processes as parts
from liaoran.schema.process_json import process_from_json, process_to_json
from tests.unit.process.shipped import pipeline, read

words = st.text(max_size=8)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
said = st.text(min_size=1, max_size=8)
named = st.builds(Text, said, said)
labels = st.just(EMPTY) | named
fields = st.lists(keys, max_size=3).map(tuple)
days = st.one_of(st.none(), st.integers(1, 90), st.floats(0.5, 90))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), words), lambda inner: st.lists(inner, max_size=2), max_leaves=3
)
conditions = st.recursive(
    st.builds(Leaf, words, keys, values),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, max_size=2).map(lambda found: All(tuple(found))),
        st.lists(inner, max_size=2).map(lambda found: AnyOf(tuple(found))),
    ),
    max_leaves=4,
)
who = st.one_of(
    st.sampled_from(["owner", "actor", "department_head"]).map(parts.Who),
    st.builds(parts.Who, st.sampled_from(["role", "field"]), key=keys),
    st.builds(parts.Who, st.sampled_from(["person", "department"]), id=st.uuids()),
    st.builds(parts.Who, st.just("manager"), level=st.integers(1, 3)),
)
several_who = st.lists(who, max_size=2).map(tuple)


def _tuples(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


checks = _tuples(st.builds(parts.StateCheck, keys, labels, conditions, st.booleans()))
maybe_key = st.none() | keys
outputs = st.builds(parts.Output, st.sampled_from(get_args(parts.OutputKind)), labels, maybe_key, maybe_key, maybe_key)
actions = st.builds(
    parts.ActionTemplate, keys, labels, who, labels, st.integers(0, 365), st.booleans(), st.none() | outputs
)
states = st.builds(
    parts.State,
    key=keys,
    label=labels,
    kind=st.sampled_from(get_args(parts.StateKind)),
    order=st.just(0),
    probability=st.integers(0, 100),
    forecast_category=maybe_key,
    color=maybe_key,
    guidance=st.dictionaries(st.sampled_from(GUIDANCE), named, max_size=3),
    target_days=days,
    maximum_days=days,
    follow_up_days=days,
    goal=st.none() | st.builds(parts.Goal, labels, conditions),
    accountable=st.none() | who,
    inputs=_tuples(labels),
    outputs=_tuples(outputs),
    required=fields,
    entry=checks,
    exit=checks,
    actions=_tuples(actions),
    on_leave=st.sampled_from(get_args(parts.Leaving)),
    hand_over=st.none() | who,
    team=several_who,
    approval=maybe_key,
)
transitions = st.builds(
    parts.Transition,
    key=keys,
    source=maybe_key,
    to=keys,
    label=labels,
    required=fields,
    who=several_who,
    conditions=checks,
    comment=st.booleans(),
    approval=maybe_key,
    effects=st.dictionaries(keys, values, max_size=2),
)
steps = st.builds(
    parts.ApprovalStep,
    key=keys,
    label=labels,
    who=several_who,
    mode=st.sampled_from(get_args(parts.Mode)),
    count=st.integers(1, 9),
    condition=st.none() | conditions,
    comment=st.sampled_from(get_args(parts.CommentRule)),
    remind_hours=days,
    escalate_hours=days,
    escalate_to=st.none() | who,
    parallel=st.booleans(),
)
approvals = st.builds(
    parts.Approval,
    key=keys,
    label=labels,
    steps=_tuples(steps),
    condition=st.none() | conditions,
    needs=checks,
    lock=st.booleans(),
    passed_to=maybe_key,
    refused_to=maybe_key,
)
kinds = _tuples(st.sampled_from(get_args(parts.MoveKind)), 3)
processes = st.builds(
    parts.Process,
    key=keys,
    object=keys,
    field=keys,
    label=labels,
    version=st.integers(1, 9),
    states=_tuples(states),
    transitions=_tuples(transitions),
    is_default=st.booleans(),
    origin=st.sampled_from(get_args(parts.Origin)),
    description=labels,
    process_field=maybe_key,
    sum_field=maybe_key,
    derived=st.dictionaries(keys, st.one_of(keys, st.dictionaries(keys, keys, max_size=2)), max_size=2),
    minimum=fields,
    comment_on=kinds,
    forbid=kinds,
    approvals=_tuples(approvals, 1),
)


def _ordered(process: parts.Process) -> parts.Process:
    """States know their place."""
    ordered = tuple(parts.State(**{**vars(one), "order": place}) for place, one in enumerate(process.states))
    return parts.Process(**{**vars(process), "states": ordered})


@settings(max_examples=150, deadline=None)
@given(drawn=processes)
def test_a_process_survives_its_stored_form(drawn: parts.Process) -> None:
    process = _ordered(drawn)
    stored = json.loads(json.dumps(process_to_json(process)))
    assert process_from_json({**stored, "version": process.version}) == process
    assert process_to_json(process_from_json(stored)) == stored


def test_what_was_read_survives_too() -> None:
    process = read(pipeline())
    stored = json.loads(json.dumps(process_to_json(process)))
    assert process_from_json(stored) == process
    assert read(stored) == process
