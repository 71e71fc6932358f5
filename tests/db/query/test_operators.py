"""Every operator on each of its kinds: works on values and on empty ones, and its negation is its complement."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from liaoran.kernel.conditions import Leaf, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.ids import new_id
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.computed import new_compilation
from liaoran.query.conditions import compile_condition
from liaoran.query.operators import OPERATORS
from liaoran.query.operators.base import Argument
from liaoran.query.paths import resolve_path
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.query.sentences import leaf_text, sentence
from liaoran.query.subjects import Subject

FIELDS = {
    ValueKind.TEXT: ("name", "mail", "title"), ValueKind.NUMBER: ("amount", "count", "chance", "weighted", "version"),
    ValueKind.BOOLEAN: ("urgent",), ValueKind.DATE: ("due",), ValueKind.INSTANT: ("met_at", "updated_at"),
    ValueKind.CHOICE: ("stage", "currency", "company.industry"), ValueKind.CHOICES: ("tags",),
    ValueKind.LINK: ("company", "owner", "department", "id", "company.parent"), ValueKind.REGION: ("place",),
}  # fmt: skip
LINK = str(new_id())
VALUES = {
    ValueKind.TEXT: "a@b.cn", ValueKind.NUMBER: 5, ValueKind.BOOLEAN: True, ValueKind.DATE: "2026-03-18",
    ValueKind.INSTANT: "2026-03-18T00:00:00Z", ValueKind.CHOICE: None, ValueKind.CHOICES: "a", ValueKind.LINK: LINK,
    ValueKind.REGION: "310000",
}  # fmt: skip
CHOICES = {"stage": "won", "currency": "CNY", "company.industry": "bank"}
ONLY = {
    "is_me": ("owner",),
    "is_my_department": ("department",),
    "under": ("place", "company", "department", "company.parent"),
}
CASES = [
    (key, path)
    for key, operator in OPERATORS.items()
    for kind in sorted(operator.kinds)
    for path in FIELDS[kind]
    if not operator.on_change and operator.argument is not Argument.RELATED and path in ONLY.get(key, (path,))
]


@pytest.fixture(scope="module")
async def two(world: Any) -> Any:
    """A record with every value, and one with none."""
    full, empty, company = new_id(), new_id(), new_id()
    async with world.database.transaction(world.schema) as tx:
        await world.put(tx, "company", [{"id": company, "name": "甲", "industry": "bank"}])
        values = {
            "id": full, "name": "a@b.cn", "mail": "a@b.cn", "amount": 5, "count": 5, "chance": 100, "urgent": True,
            "due": "2026-03-18", "met_at": "2026-03-18T01:00:00+00:00", "stage": "won",
            "currency": "CNY", "tags": ["a"],
            "company": str(company), "owner": str(world.person), "department": str(world.department), "place": "310115",
        }  # fmt: skip
        await world.put(tx, "deal", [values, {"id": empty}])
    return world


def _argument(world: Any, operator: Any, path: str) -> Any:
    resolved = resolve_path(world.scope(), "deal", path)
    value = CHOICES.get(path, VALUES[resolved.kind])
    match operator.argument:
        case Argument.NONE:
            return None
        case Argument.MANY:
            return [value]
        case Argument.RANGE:
            return [value, value]
        case Argument.DAYS:
            return 3
        case _:
            return value


@pytest.mark.parametrize("key", sorted({key for key, _ in CASES}))
async def test_an_operator_and_its_negation_part_the_records(two: Any, key: str) -> None:
    operator = OPERATORS[key]
    async with two.database.read(two.schema) as tx:
        everything = await _found(two, tx, None)
        for path in (path for one, path in CASES if one == key):
            leaf = {"field": path, "op": key, "value": _argument(two, operator, path)}
            holds = await _found(two, tx, leaf)
            fails = await _found(two, tx, {"not": leaf})
            assert holds | fails == everything, path
            assert not holds & fails, path
            assert await _found(two, tx, {"not": {"not": leaf}}) == holds, path


async def _found(world: Any, tx: Any, where: Any) -> set[str]:
    plan = compile_query(world.scope(), "deal", QueryRequest(where=where, select=()))
    return {record["id"] for record in (await world.ask(plan, tx))["records"]}


@pytest.mark.parametrize("key", sorted(ONLY))
def test_some_operators_ask_about_some_links_only(world: Any, key: str) -> None:
    scope = world.scope()
    suited = {
        path
        for paths in FIELDS.values()
        for path in paths
        if OPERATORS[key].suits(Subject(resolve_path(scope, "deal", path), key, scope, scope.params()))
    }
    assert suited == set(ONLY[key])


def test_every_operator_has_a_sentence_in_both_languages(world: Any) -> None:
    scope = world.scope()
    for key, path in CASES:
        condition = parse_condition({"field": path, "op": key, "value": _argument(world, OPERATORS[key], path)})
        zh, en = sentence(condition, scope, "deal", "zh"), sentence(condition, scope, "deal", "en")
        label = resolve_path(scope, "deal", path).label
        assert label.zh in zh
        assert (label.en or label.zh) in en
        assert zh != en
        assert "{" not in zh + en


HAS_WON = {"field": "count(deal.company)", "op": "has", "value": {"field": "stage", "op": "eq", "value": "won"}}


async def test_has_asks_about_linked_records(two: Any) -> None:
    async with two.database.read(two.schema) as tx:
        for op, inner, expected in (("has", "won", 1), ("has", "talk", 0), ("has_no", "won", 0), ("has_no", "new", 1)):
            leaf = {**HAS_WON, "op": op, "value": {"field": "stage", "op": "eq", "value": inner}}
            plan = compile_query(two.scope(), "company", QueryRequest(where=leaf, select=()))
            assert len((await two.ask(plan, tx))["records"]) == expected


def test_has_in_words_and_its_bounds(world: Any) -> None:
    scope = world.scope()
    assert sentence(parse_condition(HAS_WON), scope, "company", "zh") == "有阶段是“赢单”的单子"
    assert sentence(parse_condition({**HAS_WON, "value": None}), scope, "company", "en") == "has any Deals"
    nested = {**HAS_WON, "value": {"field": "company.count(deal.company)", "op": "has", "value": HAS_WON["value"]}}
    wrong = {
        "one level": nested,
        "no path": {**HAS_WON, "value": {"field": "nothing", "op": "eq", "value": 1}},
        "no count": {"field": "staff", "op": "has", "value": None},
        "no evidence": {"field": "evidence(nothing)", "op": "has", "value": None},
    }
    for why, leaf in wrong.items():
        with pytest.raises(Invalid):
            compile_query(scope, "company", QueryRequest(where=leaf, select=()))
            pytest.fail(why)


def test_sentences_of_whole_conditions(world: Any) -> None:
    scope = world.scope()
    condition = parse_condition(
        {
            "all": [
                {"field": "amount", "op": "gte", "value": 100000},
                {
                    "any": [
                        {"field": "company.industry", "op": "in", "value": ["bank", "制造业"]},
                        {"field": "company", "op": "eq", "value": LINK},
                    ]
                },
                {"not": {"field": "due", "op": "next_working_days", "value": 5}},
                {"field": "owner", "op": "eq", "value": "@me"},
                {"field": "met_at", "op": "between", "value": ["2026-03-01", None]},
                {"field": "tags", "op": "has_all", "value": ["a", "b"]},
            ]
        }
    )
    zh = sentence(condition, scope, "deal", "zh", {LINK: "宝信软件"})
    assert zh == (
        "预计金额不小于 100000 且 （公司 › 行业是“金融”、“制造业”之一 或 公司是“宝信软件”）"
        " 且 并非（截止日在未来 5 个工作日内（含今天））"
        " 且 负责人是我 且 见面时间在 2026-03-01 到 不限 之间 且 标签同时包含“甲”、“乙”"
    )
    en = sentence(condition, scope, "deal", "en", {LINK: "Baosight"})
    assert en.startswith("Amount is at least 100000 and (Company › Industry is one of “Finance”, ")
    assert "Owner is me" in en
    assert sentence(parse_condition(None), scope, "deal", "zh") == "不限"
    assert sentence(parse_condition({"any": []}), scope, "deal", "en") == "never"


def test_descriptions_for_the_pages(world: Any) -> None:
    for operator in OPERATORS.values():
        shown = operator.to_json()
        assert shown["label"]["zh"] and shown["label"]["en"] and shown["kinds"]
        assert shown["argument"] in list(Argument)


async def test_a_condition_within_a_statement_of_another_layer(two: Any) -> None:
    scope = two.scope()
    compilation = new_compilation(scope)
    row = Row(compilation, "deal", compilation.source("deal"))
    condition = parse_condition({"not": {"field": "company.industry", "op": "eq", "value": "金融"}})
    holds, binds = compile_condition(condition, compilation, row)
    statement = sa.select(sa.func.count()).select_from(row.from_clause()).where(holds)
    async with two.database.read(two.schema) as tx:
        assert await tx.fetch_value(statement, {**scope.params(), **binds}) == 1


def test_one_leaf_in_words(world: Any) -> None:
    leaf = parse_condition({"field": "old.stage", "op": "ne", "value": "won"})
    assert isinstance(leaf, Leaf)
    said = leaf_text(leaf, world.scope(), "deal")
    assert (said.zh, said.en) == ("（原）阶段不是“赢单”", "(before) Stage is not “Won”")
