"""Lists and single records: what they show, to whom, and from when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.ids import new_id
from liaoran.query.reads import compile_aggregate, compile_query, compile_record
from liaoran.query.requests import AggregateRequest, QueryRequest, read_request
from tests.db.query.conftest import NOW, World

OWN = {"objects": {"*": {"read": "all"}, "deal": {"read": "own"}}}


@pytest.fixture(scope="module")
async def stocked(world: World) -> dict[str, Any]:
    """One company with a parent, and three deals: full, empty, in the bin."""
    ids = {key: new_id() for key in ("mother", "company", "full", "empty", "binned", "secret")}
    async with world.database.transaction(world.schema) as tx:
        await world.put(tx, "department", [{"id": world.department, "name": "华东"}])
        await world.put(tx, "person", [{"id": world.person, "name": "李雷", "department": str(world.department)}])
        await world.put(
            tx,
            "company",
            [
                {"id": ids["mother"], "name": "宝钢", "industry": "factory", "staff": 90000},
                {"id": ids["company"], "name": "宝信软件", "industry": "bank", "parent": str(ids["mother"])},
                {"id": ids["secret"], "name": "秘密公司", "deleted_at": NOW},
            ],
        )
        await world.put(tx, "deal", [_full(world, ids), {"id": ids["empty"], "name": "空"}, _binned(ids)])
    return ids


def _full(world: World, ids: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": ids["full"], "name": "甲", "amount": 1000.5, "currency": "CNY", "chance": 25,
        "company": str(ids["company"]),
        "stage": "talk", "due": "2026-03-20", "met_at": "2026-03-18T01:00:00+00:00", "tags": ["a", "b"],
        "place": "310115",
        "owner": str(world.person), "urgent": True, "mail": "a@b.cn",
    }  # fmt: skip


def _binned(ids: dict[str, Any]) -> dict[str, Any]:
    return {"id": ids["binned"], "name": "丢", "company": str(ids["secret"]), "deleted_at": NOW}


async def _list(world: World, scope: Any = None, /, object_key: str = "deal", **request: Any) -> dict[str, Any]:
    plan = compile_query(scope or world.scope(), object_key, read_request(QueryRequest, request))
    answer: dict[str, Any] = await world.ask(plan)
    return answer


async def test_values_have_their_json_form(world: World, stocked: dict[str, Any]) -> None:
    answer = await _list(world, where={"field": "name", "op": "eq", "value": "甲"}, count=True)
    [record] = answer["records"]
    assert answer["total"] == 1
    assert answer["next_cursor"] is None
    assert record["id"] == str(stocked["full"])
    assert record["version"] == 1
    assert record["amount"] == 1000.5
    assert record["company"] == {"id": str(stocked["company"]), "label": "宝信软件"}
    assert record["owner"] == {"id": str(world.person), "label": "李雷"}
    assert record["stage"] == "talk"
    assert record["tags"] == ["a", "b"]
    assert record["due"] == "2026-03-20"
    assert record["met_at"] == "2026-03-18T01:00:00.000000Z"
    assert record["place"] == {"code": "310115", "label": "上海市/浦东新区"}
    assert record["urgent"] is True
    assert record["weighted"] == 250.125
    assert record["title"] == "宝信软件-谈判"
    assert set(record) == {"id", "version", *(one.key for one in world.snapshot.object("deal").active_fields)}


async def test_paths_of_several_links(world: World, stocked: dict[str, Any]) -> None:
    select = ["name", "company.industry", "company.parent.name", "company.parent",
    "owner.department.name", "company.won_amount",
              "company.count(deal.company)", "company.parent.count(company.parent)"]  # fmt: skip
    answer = await _list(world, select=select, sort=[{"field": "name"}], where={"field": "due", "op": "not_empty"})
    [record] = answer["records"]
    assert record["company.industry"] == "bank"
    assert record["company.parent.name"] == "宝钢"
    assert record["company.parent"] == {"id": str(stocked["mother"]), "label": "宝钢"}
    assert record["owner.department.name"] == "华东"
    assert record["company.won_amount"] is None
    assert record["company.count(deal.company)"] == 1
    assert record["company.parent.count(company.parent)"] == 1


async def test_a_path_longer_than_a_column_name(world: World, stocked: dict[str, Any]) -> None:
    path = "company.parent.parent.count(company.parent)"
    longer = "owner.department.parent.count(department.parent)"
    answer = await _list(world, select=["name", path, longer, f"company.parent.parent.{'due_soon'}"], limit=1)
    assert set(answer["records"][0]) == {"id", "version", "name", path, longer, "company.parent.parent.due_soon"}


async def test_the_bin_holds_what_was_deleted_and_nothing_else(world: World, stocked: dict[str, Any]) -> None:
    answer = await _list(world, deleted=True)
    [record] = answer["records"]
    assert record["id"] == str(stocked["binned"])
    assert record["deleted_at"] == "2026-03-18T02:30:00.000000Z"
    assert record["company"] == {"id": str(stocked["secret"]), "label": None}
    ids = {record["id"] for record in (await _list(world))["records"]}
    assert str(stocked["binned"]) not in ids


async def test_a_hidden_target_contributes_no_value(world: World, stocked: dict[str, Any]) -> None:
    scope = world.scope({"objects": {"*": {"read": "all"}, "company": {"read": "none"}}})
    where = {"field": "company.industry", "op": "eq", "value": "bank"}
    assert (await _list(world, scope, where=where))["records"] == []
    where = {"field": "company.industry", "op": "ne", "value": "bank"}
    assert len((await _list(world, scope, where=where))["records"]) == 2
    full = await _list(
        world, scope, where={"field": "name", "op": "eq", "value": "甲"}, select=["company", "title", "company.name"]
    )
    [record] = full["records"]
    assert record["company"] == {"id": str(stocked["company"]), "label": None}
    assert record["title"] == "-谈判"
    assert record["company.name"] is None


async def test_own_rows_only(world: World, stocked: dict[str, Any]) -> None:
    scope = world.scope(OWN)
    answer = await _list(world, scope, count=True)
    assert [record["id"] for record in answer["records"]] == [str(stocked["full"])]
    assert answer["total"] == 1
    assert await world.ask(compile_record(scope, "deal", stocked["empty"])) is None
    assert (await world.ask(compile_record(scope, "deal", stocked["full"])))["name"] == "甲"


@pytest.mark.parametrize(
    "request_parts",
    [
        {"where": {"field": "amount", "op": "gt", "value": 1}},
        {"select": ["amount"]},
        {"sort": [{"field": "amount"}]},
        {"select": ["weighted"]},
        {"where": {"field": "weighted", "op": "gt", "value": 1}},
        {"sort": [{"field": "company.won_amount"}]},
        {"where": {"field": "nothing", "op": "gt", "value": 1}},
    ],
)
async def test_a_masked_field_is_unknown_everywhere(world: World, stocked: dict[str, Any], request_parts: Any) -> None:
    """Formulas and roll-ups over it are unknown as well, and the answer does not tell why."""
    grants = {"objects": {"*": {"read": "all"}, "deal": {"read": "all", "fields": {"amount": "hidden"}}}}
    with pytest.raises(Invalid) as refused:
        await _list(world, world.scope(grants), **request_parts)
    assert refused.value.code == "unknown_field"
    if "amount" not in str(request_parts):
        assert "amount" not in refused.value.message.en
    with pytest.raises(Invalid) as refused:
        compile_aggregate(world.scope(grants), "deal", AggregateRequest(measures=[{"fn": "sum", "field": "amount"}]))
    assert refused.value.code == "unknown_field"
    answer = await _list(world, world.scope(grants), where={"field": "name", "op": "eq", "value": "甲"})
    assert "amount" not in answer["records"][0]
    assert answer["records"][0].get("weighted") is None


async def test_as_of_reads_the_versions(world: World, stocked: dict[str, Any]) -> None:
    one = world.snapshot.object("deal")
    assert one.versions_table is not None
    past, earlier = new_id(), NOW - timedelta(days=10)
    row = {"id": past, "version": 3, "created_at": earlier, "updated_at": earlier, "name": "旧名", "amount": 7,
           "company": stocked["company"], "owner": world.person}  # fmt: skip
    async with world.database.transaction(world.schema) as tx:
        await tx.execute(sa.insert(one.versions_table), {**row, "valid_from": earlier, "valid_to": NOW})
    when = (NOW - timedelta(days=5)).isoformat()
    answer = await _list(world, as_of=when, sort=[{"field": "amount", "dir": "desc"}])
    [record] = answer["records"]
    assert (record["name"], record["version"], record["company"]["label"]) == ("旧名", 3, "宝信软件")
    assert (await _list(world, as_of=(NOW - timedelta(days=11)).isoformat()))["records"] == []
    naive = await _list(world, as_of="2026-03-08T11:00:00", where={"field": "amount", "op": "eq", "value": 7})
    assert len(naive["records"]) == 1
    assert (await world.ask(compile_record(world.scope(), "deal", past, as_of=NOW - timedelta(days=1))))[
        "name"
    ] == "旧名"
    figures = compile_aggregate(world.scope(), "deal", read_request(AggregateRequest, {"as_of": when}))
    assert (await world.ask(figures))["rows"] == [[1]]
    with pytest.raises(Invalid) as refused:
        await _list(world, as_of=when, q="旧名")
    assert refused.value.code == "search_in_the_past"


async def test_filters_on_ids_and_on_a_tree(world: World, stocked: dict[str, Any]) -> None:
    where = {"all": [{"field": "id", "op": "in", "value": [str(stocked["full"]), str(stocked["binned"])]}]}
    assert [record["id"] for record in (await _list(world, where=where, select=[]))["records"]] == [
        str(stocked["full"])
    ]
    where = {"field": "company", "op": "under", "value": {"id": str(stocked["mother"]), "label": "x"}}
    assert [record["id"] for record in (await _list(world, where=where, select=[]))["records"]] == [
        str(stocked["full"])
    ]
    where = {"not": where}
    assert [record["id"] for record in (await _list(world, where=where, select=[]))["records"]] == [
        str(stocked["empty"])
    ]


@pytest.mark.parametrize(
    ("where", "code", "words"),
    [
        ({"field": "amount", "op": "gt", "value": "12abc"}, "invalid_condition", ["Amount", "gt", "12abc"]),
        ({"field": "amount", "op": "gt"}, "invalid_condition", ["Amount", "required"]),
        ({"field": "due", "op": "eq", "value": "2026-02-30"}, "invalid_condition", ["Due", "2026-02-30"]),
        ({"field": "stage", "op": "eq", "value": "赢丹"}, "invalid_condition", ["Stage", "赢丹"]),
        ({"field": "stage", "op": "gt", "value": "won"}, "operator_not_applicable", ["Stage", "gt", "eq"]),
        ({"field": "stage", "op": "equals", "value": "won"}, "unknown_operator", ["equals"]),
        ({"field": "company", "op": "eq", "value": "宝信"}, "invalid_condition", ["Company", "UUID"]),
        ({"field": "company", "op": "is_me"}, "operator_not_applicable", ["is_me"]),
        ({"field": "due", "op": "last_days", "value": 0}, "invalid_condition", ["1 to 36600"]),
        ({"field": "due", "op": "next_working_days", "value": 1.5}, "invalid_condition", ["whole number"]),
        ({"field": "due", "op": "between", "value": [None, None]}, "invalid_condition", ["at least one end"]),
        ({"field": "due", "op": "between", "value": "2026"}, "invalid_condition", ["list of two"]),
        ({"field": "name", "op": "contains", "value": ""}, "invalid_condition", ["required"]),
        ({"field": "name", "op": "contains", "value": "\ud800"}, "invalid_condition", ["usable"]),
        ({"field": "name", "op": "in", "value": ["x"] * 1001}, "invalid_condition", ["1000"]),
        ({"field": "name", "op": "changed"}, "operator_not_applicable", ["changed"]),
        ({"field": "old.name", "op": "eq", "value": "x"}, "unknown_field", ["old"]),
        ({"field": "company.parent.parent.parent.name", "op": "eq", "value": "x"}, "invalid_path", ["at most 3"]),
        ({"field": "name.x", "op": "eq", "value": "x"}, "invalid_path", ["not a link"]),
        ({"field": "a b", "op": "eq", "value": "x"}, "invalid_path", ["account.industry"]),
        ({"field": "count(deal.name)", "op": "gt", "value": 1}, "unknown_field", ["name"]),
        ({"field": "count(nothing.company)", "op": "gt", "value": 1}, "unknown_object", ["nothing"]),
    ],
)
async def test_refusals_name_field_operator_and_value(world: World, where: Any, code: str, words: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        await _list(world, where=where)
    assert refused.value.code == code
    for word in words:
        assert word in refused.value.message.en
    assert refused.value.message.zh


async def test_choices_by_key_and_label_in_any_language(world: World, stocked: dict[str, Any]) -> None:
    for value in ("talk", "谈判", "Talk", " TALK "):
        answer = await _list(world, where={"field": "stage", "op": "eq", "value": value}, select=[])
        assert [record["id"] for record in answer["records"]] == [str(stocked["full"])]


async def test_the_statement_is_shared_between_values(world: World, stocked: dict[str, Any]) -> None:
    scope = world.scope()
    first = compile_query(scope, "deal", QueryRequest(where={"field": "amount", "op": "gt", "value": 1}))
    second = compile_query(scope, "deal", QueryRequest(where={"field": "amount", "op": "gt", "value": 10**6}))
    assert first.statement is second.statement
    assert len((await world.ask(first))["records"]) == 1
    assert len((await world.ask(second))["records"]) == 0
    equal = compile_query(scope, "deal", QueryRequest(where={"field": "amount", "op": "gte", "value": 1}))
    assert equal.statement is not first.statement


def test_requests_refuse_what_they_do_not_know() -> None:
    with pytest.raises(Invalid) as refused:
        read_request(QueryRequest, {"were": {}, "limit": 5000, "sort": [{"dir": "up"}]})
    fields = {problem.field for problem in refused.value.problems}
    assert {"were", "limit"} <= fields
    assert any("sort.0" in str(field) for field in fields)
    figures = read_request(AggregateRequest, {"group_by": ["stage"], "measures": [{"op": "sum", "field": "amount"}]})
    assert figures.measures[0].key == "sum(amount)"
