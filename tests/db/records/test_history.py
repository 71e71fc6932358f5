"""The history of a record, the bin for good, and answers to repeated requests."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest

from liaoran.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from liaoran.records.bin import purge, purge_bins
from liaoran.records.changes import Create, Delete, Update
from liaoran.records.history import read_history
from liaoran.records.idempotency import Answer, claim_key, forget_all_answers, forget_answers, keep_answer


async def history(selling: Any, record: Any, name: str = "admin", **options: Any) -> dict[str, Any]:
    async with selling.begin() as tx:
        return orjson.loads(await read_history(tx, await selling.scope(tx, name), "deal", record, **options))


async def test_the_history_shows_labels_and_pages_backwards(selling: Any) -> None:
    (company,) = await selling.write("admin", Create("company", {"name": "宝信"}))
    (made,) = await selling.write("admin", Create("deal", {"name": "A", "tags": ["price"]}))
    await selling.write(
        "admin", Update("deal", made.id, {"company": company.id, "stage": "lost", "loss_reason": "信任"})
    )
    await selling.write("admin", Update("deal", made.id, {"tags": ["price", "trust"], "amount": 2.5}))
    first = await history(selling, made.id, limit=2)
    assert [one["kind"] for one in first["events"]] == ["updated", "updated"]
    tags, amount = (next(c for c in first["events"][0]["changes"] if c["field"] == key) for key in ("tags", "amount"))
    assert tags["old_label"] == [{"zh": "价格", "en": "Price"}] and len(tags["new_label"]) == 2
    assert (amount["old"], amount["new"], amount["new_label"], amount["label"]["en"]) == (None, 2.5, None, "Amount")
    changes = {one["field"]: one for one in first["events"][1]["changes"]}
    assert changes["company"]["new_label"] == "宝信" and changes["company"]["old"] is None
    assert changes["stage"]["old_label"]["zh"] == "初步接触" and changes["stage"]["new_label"]["en"] == "Lost"
    second = await history(selling, made.id, limit=2, cursor=first["next_cursor"])
    assert [one["kind"] for one in second["events"]] == ["created"] and second["next_cursor"] is None
    assert second["events"][0]["actor"]["label"] == "Admin"


async def test_the_history_is_for_those_who_may_see_the_record(selling: Any) -> None:
    (made,) = await selling.write("eve", Create("deal", {"name": "A"}))
    with pytest.raises(NotFound):
        await history(selling, made.id, "ann")
    with pytest.raises(Invalid):
        await history(selling, made.id, "eve", cursor="nonsense")
    await selling.write("eve", Delete("deal", made.id))
    assert [one["kind"] for one in (await history(selling, made.id, "eve"))["events"]] == ["deleted", "created"]


async def test_the_bin_is_emptied_for_good_by_administrators(selling: Any) -> None:
    (made,) = await selling.write("ann", Create("deal", {"name": "A"}))
    await selling.write("ann", Delete("deal", made.id))
    async with selling.begin() as tx:
        later = datetime.now(UTC) + timedelta(seconds=1)
        with pytest.raises(Forbidden):
            await purge(tx, await selling.scope(tx, "ann"), "deal", later)
        scope = await selling.scope(tx)
        assert await purge(tx, scope, "deal", datetime(2020, 1, 1, tzinfo=UTC)) == 0
        assert await purge(tx, scope, "deal", later) >= 1
        assert not await tx.fetch_value("SELECT count(*) FROM {org}.v_deal WHERE id = :id", {"id": made.id})
        assert await tx.fetch_value("SELECT count(*) FROM {org}.events WHERE record_id = :id", {"id": made.id}) == 2


async def test_the_bin_is_purged_by_itself_after_the_days_of_the_setting(
    selling: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = await selling.write("admin", Create("deal", {"name": "旧"}), Create("deal", {"name": "新"}))
    await selling.write("admin", Delete("deal", old.id), Delete("deal", new.id))
    async with selling.begin() as tx:
        await tx.execute(
            "UPDATE {org}.r_deal SET deleted_at = deleted_at - interval '91 days' WHERE id = :id", {"id": old.id}
        )

    async def in_bin() -> set[Any]:
        async with selling.begin() as tx:
            ids = {"old": old.id, "new": new.id}
            rows = await tx.fetch_all("SELECT id FROM {org}.r_deal WHERE id IN (:old, :new)", ids)
            return {row["id"] for row in rows}

    settings = selling.database.settings
    monkeypatch.setattr(selling.database, "settings", settings.model_copy(update={"bin_days": 0}))
    await purge_bins(selling.database, "liaoran")
    assert await in_bin() == {old.id, new.id}
    monkeypatch.setattr(selling.database, "settings", settings)
    await purge_bins(selling.database, "liaoran")
    assert await in_bin() == {new.id}
    assert [one["kind"] for one in (await history(selling, new.id))["events"]] == ["deleted", "created"]


async def test_a_repeated_request_gets_the_first_answer(selling: Any) -> None:
    actor = uuid4()
    async with selling.begin() as tx:
        assert await claim_key(tx, actor, "k", b"one") is None
        await keep_answer(tx, actor, "k", Answer(201, b"{}"))
    async with selling.begin() as tx:
        assert await claim_key(tx, actor, "k", b"one") == Answer(201, b"{}")
        assert await claim_key(tx, uuid4(), "k", b"two") is None
        with pytest.raises(Conflict):
            await claim_key(tx, actor, "k", b"two")
    async with selling.begin() as tx:
        await tx.execute("UPDATE {org}.idempotency_keys SET at = at - interval '25 hours'")
        assert await claim_key(tx, actor, "k", b"two") is None, "after a day the key is free"
        await tx.execute("UPDATE {org}.idempotency_keys SET at = at - interval '25 hours'")
        assert await forget_answers(tx) >= 1
    await forget_all_answers(selling.database, "liaoran")


async def test_a_second_request_waits_for_the_first(selling: Any) -> None:
    actor = uuid4()

    async def again() -> Answer | None:
        async with selling.begin() as tx:
            return await claim_key(tx, actor, "k", b"one")

    async with selling.begin() as tx:
        assert await claim_key(tx, actor, "k", b"one") is None
        second = asyncio.create_task(again())
        # what is waited for happens in the server
        while not await tx.fetch_value("SELECT count(*) FROM pg_locks WHERE NOT granted"):  # noqa: ASYNC110
            await asyncio.sleep(0)
        await keep_answer(tx, actor, "k", Answer(200, b"1"))
    assert await second == Answer(200, b"1")
