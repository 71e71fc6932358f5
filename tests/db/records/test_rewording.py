"""Search words made anew: after a retyping, and for records that an earlier version has worded."""

from __future__ import annotations

from typing import Any

import pytest

from liaoran.records import rewording
from liaoran.records.changes import Create, Delete
from liaoran.records.rewording import Rewording, reword, reword_former
from liaoran.schema.retype import start_retype
from liaoran.schema.usages import register_retype_follower


async def _words(selling: Any, record: Any) -> str:
    async with selling.begin() as tx:
        found = await tx.fetch_value("SELECT search__words::text FROM {org}.r_deal WHERE id = :id", {"id": record})
    return str(found)


async def _make(selling: Any, name: str, **values: Any) -> Any:
    (outcome,) = await selling.write("ann", Create("deal", {"name": name, **values}))
    return outcome.id


async def test_a_retyped_field_is_found_by_its_new_values(selling: Any) -> None:
    register_retype_follower(Rewording())
    record = await _make(selling, "Alpha", win_reason="price")
    assert "价格" not in await _words(selling, record)
    async with selling.begin() as tx:
        assert (await start_retype(tx, "deal", "win_reason", {"type": "text"})).state == "done"
    async with selling.begin() as tx:
        jobs = await tx.fetch_all(
            "SELECT args FROM liaoran.procrastinate_jobs WHERE task_name = :name AND args ->> 'schema' = :schema",
            {"name": rewording.JOB, "schema": selling.schema},
        )
    assert [one["args"]["arguments"] for one in jobs] == [{"object": "deal"}]
    await reword(selling.database, selling.schema, **jobs[0]["args"]["arguments"])
    assert "价格" in await _words(selling, record)


async def test_all_records_are_reworded_as_the_write_path_words_them(
    selling: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewording, "CHUNK", 3)
    records = [await _make(selling, f"上海宝信 {n}", note="上海电气", amount=n) for n in range(7)]
    records.append(await _make(selling, "-"))
    await selling.write("ann", Delete("deal", records[0]))
    before = [await _words(selling, record) for record in records]
    async with selling.begin() as tx:
        versions = await tx.fetch_all("SELECT id, version, updated_at FROM {org}.r_deal ORDER BY id")
        await tx.execute("UPDATE {org}.r_deal SET search__words = NULL")
    await reword(selling.database, selling.schema, "deal")
    assert [await _words(selling, record) for record in records] == before
    async with selling.begin() as tx:
        assert await tx.fetch_all("SELECT id, version, updated_at FROM {org}.r_deal ORDER BY id") == versions
    await reword(selling.database, selling.schema, "gone")


async def test_words_of_an_earlier_version_are_brought_up_to_date(
    selling: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewording, "CHUNK", 3)
    records = [await _make(selling, f"上海宝信 {n}") for n in range(7)]
    before = [await _words(selling, record) for record in records]
    async with selling.begin() as tx:
        await tx.execute(
            "UPDATE {org}.r_deal SET search__words = array_to_tsvector(ARRAY['=上海宝信', 'shanghaibaoxin'])"
            " WHERE id = ANY(:ids)",
            {"ids": records[:5]},
        )
    await reword_former(selling.database, "liaoran")
    assert [await _words(selling, record) for record in records] == before
    await reword_former(selling.database, "liaoran")
