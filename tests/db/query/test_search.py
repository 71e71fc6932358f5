"""Search: bigrams, words and pinyin over all Objects, best matches first, through the index."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from liaoran.query.reads import compile_query, compile_search
from liaoran.query.requests import QueryRequest


@pytest.fixture(scope="module")
async def named(world: Any) -> Any:
    """Companies and deals with telling names, among some thousands that tell nothing."""
    names = ["上海宝信软件股份有限公司", "宝信", "重庆长安汽车", "GTX Pro 研究院", "中信宝武集团", "Alpha-Beta 科技"]
    async with world.database.transaction(world.schema) as tx:
        await world.put(tx, "company", [{"name": name, "industry": "bank"} for name in names])
        await world.put(
            tx, "deal", [{"name": "一期", "note": "客户要求与宝信的平台对接,联系人王女士", "mail": "wang@baosight.com"}]
        )
        await tx.execute(
            "INSERT INTO {org}.r_company (id, version, created_at, updated_at, name, name__pinyin, search__words)"
            " SELECT gen_random_uuid(), 1, now(), now(), '公司' || n, 'gong1si1' || n,"
            " array_to_tsvector(ARRAY['公司', '司', 'gongsi' || n, 'gs', '^公司' || n])"
            " FROM generate_series(1, 30000) n"
        )
    async with await psycopg.AsyncConnection.connect(world.database.url, autocommit=True) as connection:
        await connection.execute(f'VACUUM ANALYZE "{world.schema}".r_company'.encode())
    return world


async def _search(world: Any, q: str, **options: Any) -> list[tuple[str, list[str]]]:
    answer = await world.ask(compile_search(world.scope(), q, **options))
    return [(group["object"], [record["label"] for record in group["records"]]) for group in answer["groups"]]


async def test_the_name_itself_comes_first_then_its_beginning(named: Any) -> None:
    groups = dict(await _search(named, "宝信"))
    assert groups["company"][0] == "宝信"
    assert set(groups["company"]) >= {"宝信", "上海宝信软件股份有限公司"}
    assert "中信宝武集团" not in groups["company"]
    assert groups["deal"] == ["一期"]
    assert next(name for name, _ in await _search(named, "宝信")) == "company"


@pytest.mark.parametrize(
    ("q", "label"),
    [
        ("shbx", "上海宝信软件股份有限公司"),
        ("bxrj", "上海宝信软件股份有限公司"),
        ("baoxinruan", "上海宝信软件股份有限公司"),
        ("chongqing", "重庆长安汽车"),
        ("cqca", "重庆长安汽车"),
        ("GTX", "GTX Pro 研究院"),
        ("ｇｔｘ　ｐｒｏ", "GTX Pro 研究院"),
        ("pro 研究", "GTX Pro 研究院"),
        ("研究院 gtx", "GTX Pro 研究院"),
        ("beta", "Alpha-Beta 科技"),
        ("alpha beta", "Alpha-Beta 科技"),
        ("汽", "重庆长安汽车"),
        ("车", "重庆长安汽车"),
        ("股份有限", "上海宝信软件股份有限公司"),
    ],
)
async def test_found_by(named: Any, q: str, label: str) -> None:
    groups = dict(await _search(named, q))
    assert label in groups["company"]


async def test_found_in_other_fields_with_a_subtitle(named: Any) -> None:
    assert dict(await _search(named, "王女士 对接"))["deal"] == ["一期"]
    assert dict(await _search(named, "wang@baosight.com"))["deal"] == ["一期"]
    assert await _search(named, "对接 火星") == []


@pytest.mark.parametrize("q", ["", "   ", "'", "\\", "&|!():*", "'; drop table x; --", "%", "\x00", "﻿"])
async def test_odd_words_find_nothing_and_do_no_harm(named: Any, q: str) -> None:
    assert await _search(named, q) == []


async def test_a_name_that_matches_in_several_ways_is_listed_once(named: Any) -> None:
    for q in ("宝信", "baoxin", "bx", "上海", "shbxrj"):
        labels = dict(await _search(named, q, limit=50))["company"]
        assert len(labels) == len(set(labels)), q


async def test_limits_objects_and_long_words(named: Any) -> None:
    assert len(dict(await _search(named, "公司", limit=3))["company"]) == 3
    assert [name for name, _ in await _search(named, "宝信", objects=["deal"])] == ["deal"]
    assert await _search(named, "长" * 500) == []


async def test_only_what_the_actor_may_see(named: Any) -> None:
    scope = named.scope({"objects": {"*": {"read": "none"}, "deal": {"read": "all"}}})
    answer = await named.ask(compile_search(scope, "宝信"))
    assert [group["object"] for group in answer["groups"]] == ["deal"]
    hidden = named.scope({"objects": {"*": {"read": "all"}, "company": {"read": "all", "fields": {"name": "hidden"}}}})
    answer = await named.ask(compile_search(hidden, "宝信"))
    assert [group["object"] for group in answer["groups"]] == ["deal"]


async def _explain(world: Any, plan: Any) -> str:
    async with await psycopg.AsyncConnection.connect(world.database.url, autocommit=True) as connection:
        cursor = psycopg.AsyncRawCursor(connection)
        await cursor.execute(b"EXPLAIN " + plan.statement.text(world.schema), plan.statement.values(plan.binds))
        return "\n".join(row[0] for row in await cursor.fetchall())


@pytest.mark.parametrize("q", ["宝信", "信软", "gtx", "bxrj"])
async def test_two_characters_use_the_index_of_words(named: Any, q: str) -> None:
    plan = await _explain(named, compile_search(named.scope(), q, objects=["company"]))
    assert plan.count("Bitmap Index Scan on ix__r_company__search__words") >= 2, plan
    request = QueryRequest(q=q, sort=[{"field": "updated_at", "dir": "desc"}], select=["name"])
    plan = await _explain(named, compile_query(named.scope(), "company", request))
    assert "Bitmap Index Scan on ix__r_company__search__words" in plan


async def test_a_list_restricted_by_words(named: Any) -> None:
    request = QueryRequest(
        q="宝信 软件", select=["name"], count=True, where={"field": "industry", "op": "eq", "value": "bank"}
    )
    answer = await named.ask(compile_query(named.scope(), "company", request))
    assert [record["name"] for record in answer["records"]] == ["上海宝信软件股份有限公司"]
    assert answer["total"] == 1
    many = await named.ask(compile_query(named.scope(), "company", QueryRequest(q="公司", select=[], limit=20)))
    assert len(many["records"]) == 20
    assert many["next_cursor"]
