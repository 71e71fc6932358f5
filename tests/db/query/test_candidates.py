"""Conditions over candidates mean what they mean over a table, and tell which leaf stands in the way and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.access.scope import Scope
from liaoran.kernel.conditions import Leaf, Not, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.ids import new_id
from liaoran.query.candidates import CandidateRow, Unmet, compile_on_candidates
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from tests.db.query.conftest import NOW
from tests.db.query.trees import trees


async def judge(world: Any, conditions: list[Any], candidates: list[CandidateRow]) -> dict[UUID, list[Unmet]]:
    plan = compile_on_candidates(world.scope(), "deal", [parse_condition(one) for one in conditions], candidates)
    async with world.database.read(world.schema) as tx:
        return plan.read(await tx.fetch_json(plan.plan.statement, plan.plan.binds))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_a_gate_means_what_a_filter_means(filled: Any, data: st.DataObject) -> None:
    world, oracle, ids = filled
    where = data.draw(trees(ids))
    request = QueryRequest(where=where, select=(), limit=1000)
    listed = {one["id"] for one in (await world.ask(compile_query(world.scope(), "deal", request)))["records"]}
    candidates = [CandidateRow(UUID(key), deal) for key, deal in oracle.records["deal"].items()]
    unmet = await judge(world, [where], candidates)
    assert {str(one.id) for one in candidates if one.id not in unmet} == listed
    for [verdict] in unmet.values():
        assert verdict.condition == 0


async def test_evidence_names_the_leaves_in_the_way(filled: Any) -> None:
    world, _, ids = filled
    company = ids["company"][0]
    where = {
        "all": [
            {"field": "amount", "op": "gte", "value": 100},
            {"not": {"field": "stage", "op": "eq", "value": "new"}},
            {"any": [{"field": "due", "op": "not_empty"}, {"field": "company", "op": "empty"}]},
        ]
    }
    good = CandidateRow(new_id(), {"amount": 100, "stage": "won"})
    bad = CandidateRow(new_id(), {"amount": 99.5, "stage": "new", "company": company})
    found = await judge(world, [where, {"field": "name", "op": "empty"}], [good, bad])
    assert set(found) == {bad.id}
    [verdict] = found[bad.id]
    assert [(leaf.leaf.field, leaf.negated) for leaf in verdict.leaves] == [
        ("amount", False), ("stage", True), ("due", False), ("company", False),
    ]  # fmt: skip
    values = [leaf.value for leaf in verdict.leaves]
    assert values[:3] == [99.5, "new", None]
    assert values[3]["id"] == company


async def test_each_candidate_meets_the_conditions_it_is_asked(filled: Any) -> None:
    world, _, _ = filled
    conditions = [{"field": "amount", "op": "gt", "value": 1}, {"field": "name", "op": "not_empty"}]
    first = CandidateRow(new_id(), {}, asked=[0])
    second = CandidateRow(new_id(), {}, asked=[1])
    third = CandidateRow(new_id(), {}, asked=[])
    found = await judge(world, conditions, [first, second, third])
    assert {key: [one.condition for one in verdicts] for key, verdicts in found.items()} == {
        first.id: [0],
        second.id: [1],
    }
    assert await judge(world, [], [first]) == {}
    assert await judge(world, conditions, []) == {}


CHANGES = [
    ({"field": "stage", "op": "changed"}, {"stage": "new"}, {"stage": "won"}, True),
    ({"field": "stage", "op": "changed"}, {"stage": "won"}, {"stage": "won"}, False),
    ({"field": "stage", "op": "changed"}, None, {"stage": "won"}, True),
    ({"field": "stage", "op": "changed"}, None, {}, False),
    ({"field": "stage", "op": "changed"}, {"stage": "won"}, {}, True),
    ({"field": "stage", "op": "changed_to", "value": "won"}, {"stage": "new"}, {"stage": "won"}, True),
    ({"field": "stage", "op": "changed_to", "value": ["赢单", "talk"]}, {"stage": "new"}, {"stage": "talk"}, True),
    ({"field": "stage", "op": "changed_to", "value": "won"}, {"stage": "won"}, {"stage": "won"}, False),
    ({"field": "stage", "op": "changed_to", "value": "won"}, {"stage": "won"}, {}, False),
    ({"field": "stage", "op": "changed_to", "value": None}, {"stage": "won"}, {}, True),
    ({"field": "stage", "op": "changed_from", "value": "new"}, {"stage": "new"}, {"stage": "won"}, True),
    ({"field": "stage", "op": "changed_from", "value": "new"}, {"stage": "talk"}, {"stage": "won"}, False),
    ({"field": "stage", "op": "changed_from", "value": [None]}, None, {"stage": "won"}, True),
    ({"field": "amount", "op": "changed_to", "value": 5}, {"amount": 4}, {"amount": 5.0}, True),
    ({"field": "tags", "op": "changed"}, {"tags": ["a"]}, {"tags": ["a", "b"]}, True),
    ({"field": "old.amount", "op": "lt", "value": 5}, {"amount": 4}, {"amount": 50}, True),
    ({"field": "old.amount", "op": "empty"}, None, {"amount": 50}, True),
    ({"field": "weighted", "op": "changed"}, {"amount": 4, "chance": 50}, {"amount": 4, "chance": 60}, True),
    ({"field": "weighted", "op": "changed"}, {"amount": 4, "chance": 50}, {"amount": 2, "chance": 100}, False),
]


@pytest.mark.parametrize("negated", [False, True])
@pytest.mark.parametrize("case", CHANGES)
async def test_operators_on_change(world: Any, case: Any, negated: bool) -> None:
    condition, old, new, holds = case
    one = CandidateRow(new_id(), new, old)
    found = await judge(world, [{"not": condition} if negated else condition], [one])
    assert (one.id not in found) is (holds is not negated)


async def test_links_of_the_row_before_are_followed(filled: Any) -> None:
    world, oracle, ids = filled
    banks = [key for key in ids["company"] if oracle.records["company"][key]["industry"] == "bank"]
    others = [key for key in ids["company"] if oracle.records["company"][key]["industry"] == "factory"]
    moved = CandidateRow(new_id(), {"company": banks[0]}, {"company": others[0]})
    conditions = [
        {"field": "old.company.industry", "op": "eq", "value": "factory"},
        {"field": "company.industry", "op": "changed_to", "value": "bank"},
        {"field": "company.industry", "op": "changed_to", "value": "factory"},
    ]
    found = await judge(world, conditions, [moved])
    assert [one.condition for one in found[moved.id]] == [2]


def test_only_candidates_know_what_was_before(world: Any) -> None:
    changed = Not(Leaf("stage", "changed"))
    with pytest.raises(Invalid):
        compile_query(world.scope(), "deal", QueryRequest(where={"field": "stage", "op": "changed"}))
    with pytest.raises(Invalid):
        compile_on_candidates(world.scope(), "deal", [Leaf("old.stage", "changed")], [])
    assert compile_on_candidates(world.scope(), "deal", [changed], []).ids == ()


async def test_what_is_bound_once_still_knows_who_asks_and_when(world: Any) -> None:
    today, tomorrow = NOW.date(), NOW.date() + timedelta(days=1)
    mine = CandidateRow(new_id(), {"owner": str(world.person), "due": today.isoformat()})
    others = CandidateRow(new_id(), {"owner": str(new_id()), "due": tomorrow.isoformat()})
    due = Leaf("due", "eq", "@today")
    conditions = [Leaf("owner", "is_me"), Leaf("owner", "eq", "@me"), due, Not(due), Leaf("name", "empty")]

    async def unmet(asker: Scope) -> list[list[int]]:
        plan = compile_on_candidates(world.scope(), "deal", conditions, [mine, others], asker=asker)
        async with world.database.read(world.schema) as tx:
            found = plan.read(await tx.fetch_json(plan.plan.statement, plan.plan.binds))
        return [[each.condition for each in found[one.id]] for one in (mine, others)]

    later, colleague = world.scope(), world.scope()
    later._clock = lambda: NOW + timedelta(days=1)
    colleague.actor = replace(colleague.actor, id=UUID(others.new["owner"]), person=UUID(others.new["owner"]))
    for _ in range(2):
        assert await unmet(world.scope()) == [[3], [0, 1, 2]]
        assert await unmet(later) == [[2], [0, 1, 3]]
        assert await unmet(colleague) == [[0, 1, 3], [2]]
