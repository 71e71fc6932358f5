"""Who may, what mends, what kind of move: the small pure parts that gates are made of."""

from __future__ import annotations

from typing import Any

import pytest

from liaoran.kernel.actor import Actor
from liaoran.kernel.conditions import AnyOf, Leaf, parse_condition
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.definition import read_process
from liaoran.process.mending import mends
from liaoran.process.moves import kind_of_move, way_between
from liaoran.process.who import permission, person_path
from liaoran.schema.processes import Process, Who
from tests.unit.process.test_definition import OWNER

ME, MINE = new_id(), new_id()
OWNER_IS_ME, MANAGER_IS_ME = Leaf("old.owner", "is_me"), Leaf("old.owner.manager.manager", "is_me")


def actor(kind: Any = "person", *roles: str, person: Any = ME) -> Actor:
    return Actor(kind=kind, id=ME, person=person, label="我", roles=roles, department=MINE)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ([], True),
        ([Who("actor")], True),
        ([Who("role", key="boss")], True),
        ([Who("role", key="clerk")], False),
        ([Who("person", id=ME)], True),
        ([Who("person", id=new_id())], False),
        ([Who("department", id=MINE)], True),
        ([Who("department", id=new_id())], False),
        ([Who("owner")], AnyOf((OWNER_IS_ME,))),
        ([Who("manager", level=2), Who("owner")], AnyOf((MANAGER_IS_ME, OWNER_IS_ME))),
        ([Who("role", key="clerk"), Who("owner")], AnyOf((OWNER_IS_ME,))),
        ([Who("owner"), Who("role", key="boss")], True),
        ([Who("department_head")], AnyOf((Leaf("old.department.head", "is_me"),))),
        ([Who("field", key="presales")], AnyOf((Leaf("old.presales", "is_me"),))),
    ],
)
def test_permission(who: list[Who], expected: Any) -> None:
    assert permission(who, actor("person", "boss")) == expected


def test_the_installation_itself_is_never_kept_out_and_a_machine_is_nobody() -> None:
    assert permission([Who("person", id=new_id())], actor("system")) is True
    assert permission([Who("person", id=ME)], actor("token", person=None)) is False
    assert permission([Who("role", key="boss")], actor("token", "boss", person=None)) is True


def test_only_some_are_found_on_the_record() -> None:
    assert [person_path(one) for one in (Who("actor"), Who("role", key="x"), Who("person", id=ME))] == [None] * 3
    assert person_path(Who("manager", level=3)) == "owner.manager.manager.manager"


INNER = {"field": "role", "op": "eq", "value": "decider"}
CHAIN = "count(opportunity_contact.opportunity)"
RECORD = {"kind": "record", "object": "opportunity_contact", "link": "opportunity"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"field": "amount", "op": "gte", "value": 5}, [{"kind": "field", "field": "amount"}]),
        ({"field": "account.industry", "op": "not_empty"}, [{"kind": "field", "field": "account"}]),
        ({"field": "old.amount", "op": "empty"}, [{"kind": "field", "field": "amount"}]),
        ({"not": {"field": "amount", "op": "empty"}}, [{"kind": "field", "field": "amount"}]),
        ({"field": CHAIN, "op": "has", "value": INNER}, [{**RECORD, "where": INNER}]),
        ({"field": CHAIN, "op": "gte", "value": 2}, [{**RECORD, "where": None}]),
        ({"not": {"field": CHAIN, "op": "has_no", "value": INNER}}, [{**RECORD, "where": INNER}]),
        ({"field": CHAIN, "op": "has_no", "value": INNER}, []),
        ({"not": {"field": CHAIN, "op": "has", "value": INNER}}, []),
        ({"field": CHAIN, "op": "lt", "value": 2}, []),
        ({"field": "evidence(file)", "op": "has", "value": {"document_type": "quote"}}, [
            {"kind": "file", "value": {"document_type": "quote"}}
        ]),
        ({"field": "evidence(file)", "op": "has_no", "value": None}, []),
        (
            {"any": [{"field": "a", "op": "not_empty"}, {"all": [{"field": "b", "op": "empty"}, {"field": "a", "op": "is_true"}]}]},
            [{"kind": "field", "field": "a"}, {"kind": "field", "field": "b"}],
        ),
    ],
)  # fmt: skip
def test_mends(condition: Any, expected: Any) -> None:
    assert mends(parse_condition(condition)) == expected


def test_a_field_that_is_asked_for_is_filled_in() -> None:
    assert mends(parse_condition({"field": "x", "op": "eq", "value": 1}), "budget") == [
        {"kind": "field", "field": "budget"}
    ]


def process(**more: Any) -> Process:
    kinds = {"a": "open", "b": "open", "won": "won", "c": "open", "lost": "lost", "rest": "other"}
    return read_process(
        {
            "key": "p",
            "field": "stage",
            "label": "P",
            "states": [{"key": key, "label": key, "kind": kind} for key, kind in kinds.items()],
            **more,
        },
        OWNER,
    )


@pytest.mark.parametrize(
    ("source", "to", "kind"),
    [
        ("a", "b", "forward"),
        ("b", "c", "forward"),
        ("a", "c", "skip"),
        ("c", "b", "back"),
        ("c", "a", "back"),
        ("won", "a", "reopen"),
        ("lost", "c", "reopen"),
        ("a", "won", "win"),
        ("lost", "won", "win"),
        ("c", "lost", "lose"),
        ("a", "rest", "close"),
        ("rest", "b", "reopen"),
    ],
)
def test_kinds_of_moves_go_by_the_order_of_open_states(source: str, to: str, kind: str) -> None:
    found = process()
    assert kind_of_move(found, found.state_by_key[source], found.state_by_key[to]) == kind


def test_forbidden_kinds_are_left_to_exact_transitions() -> None:
    found = process(
        forbid=["skip", "back"],
        transitions=[
            {"from": None, "to": "c"},
            {"from": None, "to": "a"},
            {"from": "a", "to": "b"},
            *({"from": "a", "to": one} for one in ("won", "lost", "rest")),
            {"from": "c", "to": "b", "label": Text("退", "Back").to_json()},
        ],
    )
    states = found.state_by_key

    def allowed(source: str, to: str) -> bool:
        return way_between(found, states[source], states[to]).allowed

    assert not allowed("a", "c"), "skipping is forbidden, and only a general transition leads there"
    assert allowed("b", "c") and allowed("c", "b") and allowed("won", "c")
    assert not allowed("c", "a") and not allowed("b", "won")
