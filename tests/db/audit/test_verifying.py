"""Whatever is changed, taken out, put in or moved in the log is found, and named by its number or its id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.audit.chain import link_hash
from liaoran.audit.pruning import prune
from liaoran.audit.redacting import TAKEN_OUT, redact
from liaoran.audit.sealing import seal
from liaoran.audit.verifying import verify
from liaoran.infra.transaction import Transaction

from .conftest import ANN, Log

ENTRIES = 12
_number = st.integers(1, ENTRIES)
_pair = st.lists(_number, min_size=2, max_size=2, unique=True).map(lambda two: (min(two), max(two)))
_tampering = st.one_of(
    st.tuples(st.just("change"), _number, st.sampled_from(["kind", "actor_label", "at", "person", "facts", "record"])),
    st.tuples(st.just("remove"), _number),
    st.tuples(st.just("remove both"), _number),
    st.tuples(st.just("unlink"), _number),
    st.tuples(st.just("swap entries"), _pair),
    st.tuples(st.just("swap links"), _pair),
    st.tuples(st.just("swap contents"), _pair),
    st.tuples(st.just("insert"), _number),
    # Cutting off the end is another matter: see below.
    st.tuples(st.just("rewrite from"), st.integers(1, ENTRIES - 1)),
)
_CHANGES = {
    "kind": "'role.changed'",
    "actor_label": "'Bob'",
    "at": "at - interval '1 microsecond'",
    "person": "NULL",
    "facts": "facts || '{\"number\": -1}'",
    "record": "gen_random_uuid()",
}
_OF = "(SELECT entry FROM {org}.audit_chain WHERE number = :number)"


async def _swap_links(tx: Transaction, first: int, second: int) -> None:
    """Two whole links change their numbers."""
    for old, new in ((first, -1), (second, first), (-1, second)):
        await tx.execute("UPDATE {org}.audit_chain SET number = :new WHERE number = :old", {"new": new, "old": old})


async def _swap_entries(tx: Transaction, first: int, second: int) -> None:
    """Two links prove each other's entries; hashes stay."""
    rows = {row["number"]: row for row in await tx.fetch_all("SELECT * FROM {org}.audit_chain")}
    set_entry = "UPDATE {org}.audit_chain SET entry = :entry, digest = :digest WHERE number = :number"
    for number, other in ((first, None), (second, first), (first, second)):
        row = rows[other] if other else {"entry": ANN.id, "digest": b""}
        await tx.execute(set_entry, {"entry": row["entry"], "digest": row["digest"], "number": number})


async def _swap_contents(tx: Transaction, first: int, second: int) -> None:
    """Two rows of the log change their ids, and with that their places."""
    ids = {}
    for number in (first, second):
        ids[number] = await tx.fetch_value(
            "SELECT entry FROM {org}.audit_chain WHERE number = :number", {"number": number}
        )
    for old, new in ((ids[first], ANN.id), (ids[second], ids[first]), (ANN.id, ids[second])):
        await tx.execute("UPDATE {org}.audit_log SET id = :new WHERE id = :old", {"new": new, "old": old})


async def _rewrite(tx: Transaction, number: int) -> None:
    """Somebody without the key takes an entry out and computes all hashes behind it anew."""
    await tx.execute(f"DELETE FROM {{org}}.audit_log WHERE id = {_OF}", {"number": number})
    await tx.execute("DELETE FROM {org}.audit_chain WHERE number = :number", {"number": number})
    rows = await tx.fetch_all("SELECT * FROM {org}.audit_chain ORDER BY number")
    before, place = bytes(32), 0
    for row in rows:
        place += 1
        before = link_hash(before, place, row["entry"], bytes(row["digest"]), row["sealed_at"])
        values = {"new": place, "hash": before, "old": row["number"]}
        await tx.execute("UPDATE {org}.audit_chain SET number = :new, hash = :hash WHERE number = :old", values)
    await tx.execute("UPDATE {org}.audit_head SET number = :number, hash = :hash", {"number": place, "hash": before})


async def _tamper(tx: Transaction, what: str, where: Any, column: str | None = None) -> None:
    if what == "change" and column:
        sets = f"SET {column} = {_CHANGES[column]}"
        await tx.execute(f"UPDATE {{org}}.audit_log {sets} WHERE id = {_OF}", {"number": where})
    if what in ("remove", "remove both"):
        await tx.execute(f"DELETE FROM {{org}}.audit_log WHERE id = {_OF}", {"number": where})
    if what in ("unlink", "remove both"):
        await tx.execute("DELETE FROM {org}.audit_chain WHERE number = :number", {"number": where})
    if what == "insert":
        await tx.execute(
            "INSERT INTO {org}.audit_log SELECT gen_random_uuid(), at, kind, actor_kind, actor_id, person, actor_label, "
            f"object, record, facts FROM {{org}}.audit_log WHERE id = {_OF}",
            {"number": where},
        )
    swaps = {"swap entries": _swap_entries, "swap links": _swap_links, "swap contents": _swap_contents}
    if what in swaps:
        await swaps[what](tx, *where)
    if what == "rewrite from":
        await _rewrite(tx, where)


def _due(what: str, where: Any) -> set[tuple[str, int | None]]:
    """What has to be among the findings."""
    last = where == ENTRIES
    match what:
        case "change":
            return {("changed", where)}
        case "remove":
            return {("removed", where)}
        case "unlink":
            return {("added", None)} | ({("head", ENTRIES)} if last else {("gap", where)})
        case "remove both":
            return {("head", ENTRIES)} if last else {("gap", where)}
        case "insert":
            return {("added", None)}
        case "swap entries" | "swap links":
            return {("moved", where[0]), ("moved", where[1])}
        case "swap contents":
            return {("changed", where[0]), ("changed", where[1])}
        case _:
            return {("seal", None)}


class _Again(Exception):
    """Takes the tampering back."""


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tampering=_tampering)
async def test_tampering_is_found_and_named(log: Log, tampering: tuple[Any, ...]) -> None:
    if not await log.rows("SELECT entry FROM {org}.audit_chain"):
        for number in range(ENTRIES // 4):
            await log.fill(3, {"batch": number})
            await log.note()
    assert await log.found() == set()
    what, where, *more = tampering
    try:
        async with log.tampering() as tx:
            await _tamper(tx, what, where, *more)
            found = set()
            for one in (await verify(tx, log.database.secrets)).findings:
                found.add((one.what, None if one.what in ("seal", "added") else one.number))
                assert one.message.zh
                assert one.message.en
            raise _Again
    except _Again:
        pass
    assert _due(what, where) <= found, (tampering, found)
    assert await log.found() == set()


async def test_the_end_can_be_cut_off_only_by_who_forges_the_head_and_then_an_earlier_head_tells(log: Log) -> None:
    await log.note()
    await log.note()
    head = (await log.verify()).head
    assert (await log.verify(head)).sound
    async with log.tampering() as tx:
        first = await tx.fetch_one("SELECT * FROM {org}.audit_chain WHERE number = 1")
        assert first is not None
        await tx.execute("DELETE FROM {org}.audit_log WHERE id <> :kept", {"kept": first["entry"]})
        await tx.execute("DELETE FROM {org}.audit_chain WHERE number > 1")
    assert await log.found() == {("head", 2)}
    async with log.tampering() as tx:
        await tx.execute("UPDATE {org}.audit_head SET number = 1, hash = :hash", {"hash": first["hash"]})
    assert (await log.verify()).sound
    assert [one.what for one in (await log.verify(head)).findings] == ["head"]


async def test_what_waits_and_is_taken_out_by_half_is_found(log: Log) -> None:
    await log.add_raw(datetime.now(UTC))
    assert (await log.verify()).waiting == 1
    async with log.tampering() as tx:
        await tx.execute("DELETE FROM {org}.audit_log")
    assert {what for what, _ in await log.found()} == {"removed"}


async def test_old_entries_give_way_to_a_checkpoint_and_the_rest_is_still_proved(log: Log) -> None:
    now = datetime.now(UTC)
    for days in (400, 300, 200, 10):
        await log.add_raw(now - timedelta(days=days))
        await seal(log.database, log.schema)
    async with log.database.transaction(log.schema) as tx:
        assert await prune(tx, log.database.secrets, now - timedelta(days=250)) == 2
    found = await log.verify()
    assert (found.since, found.entries, found.findings) == (2, 3, [])
    kinds = [row["kind"] for row in await log.rows("SELECT kind FROM {org}.audit_log ORDER BY at")]
    assert kinds == ["sign_in.refused", "sign_in.refused", "audit.pruned"]
    async with log.database.transaction(log.schema) as tx:
        assert await prune(tx, log.database.secrets, now - timedelta(days=250)) == 0
        assert await prune(tx, log.database.secrets, now + timedelta(days=1)) == 3
    found = await log.verify()
    assert (found.since, found.entries, found.findings) == (5, 1, [])


async def test_a_forged_checkpoint_is_found(log: Log) -> None:
    await log.fill(4)
    async with log.tampering() as tx:
        await tx.execute(
            "INSERT INTO {org}.audit_checkpoints SELECT number, hash, now(), now(), now(), 2, 'x' FROM {org}.audit_chain "
            "WHERE number = 2"
        )
    # The trigger goes by checkpoints, whoever made them; the walk does not.
    async with log.database.transaction(log.schema) as tx:
        await tx.execute(
            "DELETE FROM {org}.audit_log WHERE id IN (SELECT entry FROM {org}.audit_chain WHERE number < 3)"
        )
        await tx.execute("DELETE FROM {org}.audit_chain WHERE number < 3")
    assert await log.found() == {("checkpoint", 2), ("gap", 1), ("gap", 2)}


async def test_a_value_that_has_to_go_leaves_an_account(log: Log) -> None:
    await log.note("export.made", facts={"filter": {"zh": '姓名 是 “王小"明”', "en": "x"}, "list": ['王小"明', "甲"]})
    await log.note("export.made", facts={"filter": {"zh": "姓名 是 张三", "en": "x"}})
    async with log.database.transaction(log.schema) as tx:
        assert await redact(tx, log.database.secrets, ANN, ['王小"明', "x" * 3, ""]) == 1
    first, second, told = await log.rows("SELECT kind, facts FROM {org}.audit_log ORDER BY at")
    assert first["facts"]["list"] == [TAKEN_OUT, "甲"]
    assert "王小" not in str(first["facts"])
    assert "张三" in str(second["facts"])
    assert (told["kind"], told["facts"]) == ("audit.redacted", {"count": 1})
    assert (await log.verify()).sound
    async with log.database.transaction(log.schema) as tx:
        assert await redact(tx, log.database.secrets, ANN, ["甲", "张三"]) == 1
        assert await redact(tx, log.database.secrets, ANN, ["姓名"]) == 2
    assert (await log.verify()).sound


async def test_a_redaction_opens_the_facts_only_and_a_forged_one_is_found(log: Log) -> None:
    await log.note("export.made", facts={"filter": "张三"})
    async with log.database.transaction(log.schema) as tx:
        await redact(tx, log.database.secrets, ANN, ["张三"])
    with pytest.raises(Exception, match="append-only"):
        async with log.database.transaction(log.schema) as tx:
            await tx.execute("UPDATE {org}.audit_log SET actor_label = 'Bob'")
    async with log.database.transaction(log.schema) as tx:
        await tx.execute("UPDATE {org}.audit_log SET facts = '{\"filter\": \"Li\"}' WHERE kind = 'export.made'")
    assert await log.found() == {("changed", 1)}
    async with log.tampering() as tx:
        await tx.execute("UPDATE {org}.audit_redactions SET seal = 'no seal at all'")
    assert {what for what, _ in await log.found()} == {"changed", "redaction"}
