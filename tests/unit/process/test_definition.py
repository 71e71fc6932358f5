"""Definitions of Processes: what is complete, what is refused, and where the refusal points."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.process.definition import read_process
from liaoran.process.moves import Track, entry_requirements, transition_between
from liaoran.schema.process_json import process_from_json, process_to_json
from liaoran.schema.snapshot import Choice, Field, Object

KINDS = {"choice": ValueKind.CHOICE, "money": ValueKind.NUMBER, "date": ValueKind.DATE, "text": ValueKind.TEXT}


def _field(key: str, kind: str, **options: Any) -> Field:
    return Field(object="deal", key=key, type=kind, label=Text(key, key), kind=KINDS[kind], **options)


FIELDS = [
    _field("stage", "choice", choices=(Choice("a", Text("甲", "A")), Choice("b2", Text("乙", "B")))),
    _field("pipeline", "choice"),
    _field("status", "choice", choices=(Choice("open", Text("进行中")), Choice("won", Text("赢")))),
    _field("amount", "money"),
    _field("closed_on", "date"),
    _field("sum", "money", computed=True),
    _field("gone", "text", retired=True),
]
OWNER = Object(
    key="deal",
    label=Text("单子", "Deal"),
    label_plural=Text("单子", "Deals"),
    name_field="name",
    fields={one.key: one for one in FIELDS},
    tables=lambda owner, versions: sa.Table(f"r_{owner.key}", sa.MetaData()),
)
GOOD: dict[str, Any] = {
    "key": "selling",
    "object": "deal",
    "field": "stage",
    "process_field": "pipeline",
    "label": {"zh": "销售", "en": "Selling"},
    "is_default": True,
    "sum_field": "amount",
    "derived": {"status": {"open": "open", "won": "won"}, "closed_on": "closed_on"},
    "states": [
        {"key": "a", "label": {"zh": "甲", "en": "A"}, "probability": 10},
        {"key": "b", "label": {"zh": "乙", "en": "B"}, "kind": "won", "probability": 100, "guidance": {"zh": "做完"}},
    ],
    "transitions": [{"from": "a", "to": "b", "required": ["amount"]}, {"from": None, "to": "b", "required": []}],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good definition with one part replaced (``states.0.key``)."""
    definition = copy.deepcopy(GOOD)
    *steps, last = path.split(".")
    place: Any = definition
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value
    return definition


def test_a_definition_is_completed_and_reads_back_equal() -> None:
    process = read_process(GOOD, OWNER)
    assert process.initial.key == "a" and process.transitions[0].key == "a_to_b"
    assert process.transitions[0].label == Text("乙", "B")
    stored = process_to_json(process)
    assert process_to_json(read_process(stored, OWNER)) == stored
    built = process_from_json({**stored, "version": 1})
    assert process_to_json(built) == stored, "the catalogue builds from it what was published"
    assert built.derived["status"] == {"field": "status", "open": "open", "won": "won"}


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("key", "Not A Key", "key"),
        ("field", "amount", "field"),
        ("field", "nothing", "field"),
        ("process_field", "closed_on", "process_field"),
        ("sum_field", "stage", "sum_field"),
        ("sum_field", "sum", "sum_field"),
        ("object", "other", "object"),
        ("derived", {"closed_on": "amount"}, "derived.closed_on"),
        ("derived", {"nonsense": "amount"}, "derived.nonsense"),
        ("derived", {"status": {"open": "never"}}, "derived.status.open"),
        ("derived", {"status": {"somehow": "open"}}, "derived.status.somehow"),
        ("states", [], "states"),
        ("states.0.kind", "lost", "states"),
        ("states.0.kind", "perhaps", "states[0].kind"),
        ("states.0.probability", 101, "states[0].probability"),
        ("states.1.key", "a", "states[1]"),
        ("states.0.label", "", "states[0].label"),
        ("states.0.colour", "red", "states[0].colour"),
        ("transitions.0.to", "nowhere", "transitions[0].to"),
        ("transitions.0.from", "nowhere", "transitions[0].from"),
        ("transitions.0.required", ["nothing"], "transitions[0].required[0]"),
        ("transitions.0.required", ["gone"], "transitions[0].required[0]"),
        ("transitions.0.required", ["sum"], "transitions[0].required[0]"),
        ("transitions.1", {"from": "a", "to": "b"}, "transitions[1]"),
        ("transitions", [{"from": "b", "to": "a"}], "states[1]"),
    ],
)
def test_refusals_name_the_place(path: str, value: Any, place: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_process(changed(path, value), OWNER)
    assert caught.value.extra["at"] == place


def test_codes_of_the_gravest_faults() -> None:
    for path, value, code in (
        ("states.0.kind", "lost", "no_open_state"),
        ("transitions", [{"from": "b", "to": "a"}], "unreachable_state"),
    ):
        with pytest.raises(Invalid) as caught:
            read_process(changed(path, value), OWNER)
        assert caught.value.code == code


def test_without_transitions_every_way_is_open() -> None:
    process = read_process(changed("transitions", []), OWNER)
    assert transition_between(process, "a", "b") is None and entry_requirements(process, "b") == ()


def test_the_exact_transition_goes_before_the_general_one() -> None:
    process = read_process(GOOD, OWNER)
    found = transition_between(process, "a", "b")
    assert found is not None and found.required == ("amount",)
    assert entry_requirements(process, "b") == (), "another way in asks for nothing"


def test_a_state_is_meant_by_key_or_by_the_label_of_its_choice() -> None:
    process = read_process(GOOD, OWNER)
    track = Track(OWNER, "stage", (process,))
    assert [track.state_meant(process, word) for word in ("b", "b2")] == [process.states[1]] * 2
    assert track.state_meant(process, "zzz") is None
    assert track.followed_by({}) is process and track.followed_by({"pipeline": "other"}) is None
