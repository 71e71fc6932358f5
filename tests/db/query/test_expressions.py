"""The catalogue's checks of formulas and roll-ups, and that what definitions bring along is fresh at each reading."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from liaoran.kernel.errors import Invalid, LiaoranError
from liaoran.kernel.values import ValueKind
from liaoran.query.expressions import FormulaChecker
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.schema.changes import add_field, change_field
from tests.db.query.conftest import NOW, text

CHECK = FormulaChecker()


def _formula(key: str, expression: str) -> dict[str, Any]:
    return {"key": key, "type": "formula", "label": text(key, key), "options": {"expression": expression}}


async def test_circles_are_refused(world: Any) -> None:
    async with world.database.transaction(world.schema) as tx:
        await add_field(tx, "deal", _formula("twice", "amount * 2"))
        await add_field(tx, "deal", _formula("thrice", "twice + amount"))
        for expression in ("thrice + 1", "twice"):
            with pytest.raises(Invalid) as refused:
                async with tx.savepoint():
                    await change_field(tx, "deal", "twice", {"options": {"expression": expression}})
            assert "refer to itself" in refused.value.message.en
        with pytest.raises(Invalid):
            async with tx.savepoint():
                await add_field(tx, "deal", _formula("own", "own + 1"))
        summed = {"object": "deal", "link": "company", "function": "sum", "field": "thrice"}
        rollup = {"key": "all_thrice", "type": "rollup", "label": text("和", "Sum"), "options": summed}
        await add_field(tx, "company", rollup)
        with pytest.raises(LiaoranError, match="refer to itself"):
            async with tx.savepoint():
                await change_field(tx, "deal", "twice", {"options": {"expression": "company.all_thrice"}})


def test_what_is_read(world: Any) -> None:
    assert CHECK.references(world.snapshot, "deal", "title") == {
        ("deal", "company"),
        ("company", "name"),
        ("deal", "stage"),
    }
    assert CHECK.references(world.snapshot, "company", "won_amount") == {
        ("deal", "company"), ("deal", "stage"), ("deal", "amount"), ("deal", "currency"),
    }  # fmt: skip
    assert CHECK.references(world.snapshot, "deal", "name") == frozenset()


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"function": "count"}, ValueKind.NUMBER),
        ({"function": "avg", "field": "chance"}, ValueKind.NUMBER),
        ({"function": "max", "field": "due"}, ValueKind.DATE),
        ({"function": "min", "field": "met_at"}, ValueKind.INSTANT),
        ({"function": "sum", "field": "weighted"}, ValueKind.NUMBER),
        ({"function": "sum", "field": "owner.department.version"}, ValueKind.NUMBER),
    ],
)
def test_kinds_of_rollups(world: Any, options: dict[str, Any], kind: ValueKind) -> None:
    whole = {"object": "deal", "link": "company", **options}
    assert CHECK.check_rollup(world.snapshot, "company", "tried", whole) is kind


@pytest.mark.parametrize(
    "options",
    [
        {"link": "owner", "function": "count"},
        {"link": "nothing", "function": "count"},
        {"function": "sum", "field": "name"},
        {"function": "max", "field": "stage"},
        {"function": "sum", "field": "nothing"},
        {"function": "count", "where": {"field": "stage", "op": "eq", "value": "nothing"}},
        {"function": "count", "where": {"field": "nothing", "op": "empty"}},
    ],
)
def test_refused_rollups(world: Any, options: dict[str, Any]) -> None:
    with pytest.raises(LiaoranError):
        CHECK.check_rollup(world.snapshot, "company", "tried", {"object": "deal", "link": "company", **options})


async def test_today_in_a_definition_is_the_today_of_the_reading(world: Any) -> None:
    async with world.database.transaction(world.schema) as tx:
        [company] = await world.put(tx, "company", [{"name": "甲"}])
        await world.put(tx, "deal", [{"due": "2026-03-20", "company": str(company)}])
    request = QueryRequest(select=["due_soon"], where={"field": "due_soon", "op": "gte", "value": 0})
    now, later = world.scope(), world.scope()
    later._clock = lambda: NOW + timedelta(days=30)
    first, second = compile_query(now, "company", request), compile_query(later, "company", request)
    assert first.statement is second.statement
    assert [one["due_soon"] for one in (await world.ask(first))["records"]] == [1]
    assert [one["due_soon"] for one in (await world.ask(second))["records"]] == [0]


async def test_a_rollup_never_adds_up_different_currencies(world: Any) -> None:
    async with world.database.transaction(world.schema) as tx:
        one, mixed, none = await world.put(tx, "company", [{"name": "一种"}, {"name": "两种"}, {"name": "没有"}])
        await world.put(
            tx,
            "deal",
            [
                {"stage": "won", "amount": 5, "currency": "CNY", "company": str(one)},
                {"stage": "won", "amount": 7, "currency": "CNY", "company": str(one)},
                {"stage": "won", "amount": None, "currency": "USD", "company": str(one)},
                {"stage": "won", "amount": 5, "currency": "CNY", "company": str(mixed)},
                {"stage": "won", "amount": 7, "currency": "USD", "company": str(mixed)},
                {"stage": "won", "amount": None, "currency": "USD", "company": str(none)},
            ],
        )
    where = {"field": "name", "op": "in", "value": ["一种", "两种", "没有"]}
    request = QueryRequest(select=["name", "won_amount"], where=where)
    found = (await world.ask(compile_query(world.scope(), "company", request)))["records"]
    assert {row["name"]: row["won_amount"] for row in found} == {"一种": 12, "两种": None, "没有": None}
