from __future__ import annotations

import asyncio
from uuid import UUID

import psycopg
import pytest

from liaoran.audit import note
from liaoran.audit.sealing import seal, seal_all

from .conftest import ANN, Log

pytestmark = pytest.mark.filterwarnings("ignore:.*coroutine.*")


async def test_an_entry_is_there_with_its_transaction_and_in_the_chain_right_after(log: Log) -> None:
    record = UUID(int=7)
    await log.note("value.revealed", object="contact", record=record, facts={"field": "mobile", "reason": "电话确认"})
    [entry] = await log.rows("SELECT * FROM {org}.audit_log")
    assert (entry["kind"], entry["person"], entry["actor_label"]) == ("value.revealed", ANN.person, "Ann")
    assert (entry["object"], entry["record"], entry["facts"]["field"]) == ("contact", record, "mobile")
    [link] = await log.rows("SELECT number, entry, seal FROM {org}.audit_chain")
    assert (link["number"], link["entry"]) == (1, entry["id"])
    assert link["seal"] is not None
    assert (await log.verify()).sound


async def test_what_is_rolled_back_was_never_noted(log: Log) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with log.database.transaction(log.schema) as tx:
            note(tx, "token.made", ANN)
            await tx.land()
            raise RuntimeError("no")
    async with log.database.transaction(log.schema) as tx:
        note(tx, "token.made", ANN)
        with pytest.raises(RuntimeError, match="part"):
            async with tx.savepoint():
                note(tx, "token.ended", ANN)
                await tx.land()
                raise RuntimeError("part")
    assert [row["kind"] for row in await log.rows("SELECT kind FROM {org}.audit_log")] == ["token.made"]


async def test_a_kind_without_words_is_a_mistake_of_the_program(log: Log) -> None:
    async with log.database.transaction(log.schema) as tx:
        with pytest.raises(ValueError, match="kinds"):
            note(tx, "no.such.kind", ANN)


async def test_writers_do_not_wait_for_one_another_and_nothing_stays_unsealed(log: Log) -> None:
    """A transaction that has noted stays open while others note, commit and are sealed."""
    async with log.database.transaction(log.schema) as slow:
        note(slow, "token.made", ANN)
        await slow.land()
        await asyncio.gather(*(log.note() for _ in range(12)))
        assert len(await log.rows("SELECT number FROM {org}.audit_chain")) == 12
        assert await log.rows("SELECT entry FROM {org}.audit_pending") == []
    found = await log.verify()
    assert (found.entries, found.waiting, found.findings) == (13, 0, [])


async def test_who_comes_while_another_seals_goes_on_at_once(log: Log) -> None:
    await log.note()
    async with log.database.transaction(log.schema) as holder:
        await holder.fetch_one("SELECT number FROM {org}.audit_head FOR UPDATE")
        await log.note()
        assert len(await log.rows("SELECT number FROM {org}.audit_chain")) == 1
    assert (await log.verify()).waiting == 1
    await seal_all(log.database, "liaoran")
    found = await log.verify()
    assert (found.entries, found.waiting, found.findings) == (2, 0, [])


async def test_many_entries_of_one_transaction_are_one_chain(log: Log) -> None:
    await log.fill(1203)
    found = await log.verify()
    assert (found.entries, found.findings) == (1203, [])
    assert await seal(log.database, log.schema) == 0
    rows = await log.rows(
        "SELECT facts FROM {org}.audit_log AS log JOIN {org}.audit_chain AS chain ON entry = log.id ORDER BY number"
    )
    assert [row["facts"]["number"] for row in rows] == list(range(1203))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {org}.audit_log SET actor_label = 'Bob'",
        "UPDATE {org}.audit_log SET facts = '{{}}'",
        "DELETE FROM {org}.audit_log",
        "TRUNCATE {org}.audit_log",
        "UPDATE {org}.audit_chain SET number = number + 100",
        "DELETE FROM {org}.audit_chain",
        "TRUNCATE {org}.audit_chain",
        "TRUNCATE {org}.audit_checkpoints",
        "TRUNCATE {org}.audit_redactions",
    ],
)
async def test_the_tables_refuse_to_be_changed(log: Log, statement: str) -> None:
    await log.fill(3)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        async with log.database.transaction(log.schema) as tx:
            await tx.execute(statement.replace("{{}}", "{}"))
    assert (await log.verify()).sound
