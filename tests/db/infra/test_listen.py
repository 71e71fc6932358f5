from __future__ import annotations

import asyncio
from typing import Any

import pytest

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation


async def take(queue: asyncio.Queue[dict[str, Any]]) -> dict[str, Any]:
    return await asyncio.wait_for(queue.get(), 10)


async def test_notices_reach_every_process_after_the_commit(database: Database, organisation: Organisation) -> None:
    here: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    there: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    async with (
        Database(database.settings, url=database.url) as other,
        database.listener.subscribe(here.put_nowait),
        other.listener.subscribe(there.put_nowait),
    ):
        with pytest.raises(KeyError):
            async with database.transaction(organisation.schema) as tx:
                tx.notify({"object": "never"})
                raise KeyError
        async with database.transaction(organisation.schema) as tx:
            tx.notify({"object": "account"})
            tx.notify({"object": "account"})
            tx.notify({"object": "contact", "action": None})
        expected = [
            {"schema": organisation.schema, "object": "account"},
            {"schema": organisation.schema, "object": "contact", "action": None},
        ]
        assert [await take(here), await take(here)] == expected
        assert [await take(there), await take(there)] == expected
        assert here.empty()


async def test_a_subscriber_that_fails_hurts_nobody(database: Database, organisation: Organisation) -> None:
    seen: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def broken(notice: dict[str, Any]) -> None:
        raise RuntimeError(str(notice))

    async with database.listener.subscribe(broken), database.listener.subscribe(seen.put_nowait):
        async with database.transaction(organisation.schema) as tx:
            tx.notify({"n": 1})
        assert (await take(seen))["n"] == 1


async def test_a_lost_connection_is_opened_again_and_told(database: Database, organisation: Organisation) -> None:
    seen: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    async with database.listener.subscribe(seen.put_nowait):
        async with database.transaction(organisation.schema) as tx:
            cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            assert await tx.fetch_value(cut + " AND datname = current_database()") == 1
        assert await take(seen) == {"lost": True}
        async with database.transaction(organisation.schema) as tx:
            tx.notify({"n": 2})
        assert (await take(seen))["n"] == 2


async def test_what_was_sent_before_closing_arrives(database: Database, organisation: Organisation) -> None:
    seen: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    async with database.listener.subscribe(seen.put_nowait):
        async with (
            Database(database.settings, url=database.url) as command,
            command.transaction(organisation.schema) as tx,
        ):
            tx.notify({"from": "command"})
        assert (await take(seen))["from"] == "command"


async def test_a_notice_that_is_too_large_is_refused_at_once(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        with pytest.raises(ValueError, match="7,000"):
            tx.notify({"text": "商" * 3000})
