"""Merging keeps one record, moves every link to it, is one action, and can go back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from liaoran.kernel.errors import Forbidden, Invalid
from liaoran.kernel.events import Cause, Door
from liaoran.records.changes import Create
from liaoran.records.history import read_history
from liaoran.records.merge import merge
from liaoran.records.undo import undo


async def make(selling: Any, object_key: str, name: str = "admin", **values: Any) -> UUID:
    (outcome,) = await selling.write(name, Create(object_key, {"name": "X", **values}))
    return outcome.id


async def run(selling: Any, name: str, **options: Any) -> UUID:
    cause = Cause(Door.MERGE)
    async with selling.begin() as tx:
        await merge(tx, await selling.scope(tx, name), "company", cause=cause, **{"values": {}, **options})
    return cause.action


async def column(selling: Any, table: str, name: str, record: UUID) -> Any:
    async with selling.begin() as tx:
        return await tx.fetch_value(f"SELECT {name} FROM {{org}}.{table} WHERE id = :id", {"id": record})


async def test_a_merge_and_its_undo(selling: Any) -> None:
    code = uuid4().hex
    winner = await make(selling, "company", name="admin")
    loser = await make(selling, "company", code=code, parent=winner)
    child = await make(selling, "company", parent=loser)
    deal = await make(selling, "deal", company=loser)
    action = await run(selling, "admin", into=winner, others=[loser], values={"code": code})
    assert await column(selling, "r_company", "deleted_at", loser) is not None
    assert await column(selling, "r_company", "code", winner) == code, "free once the loser is in the bin"
    assert await column(selling, "r_deal", "company", deal) == winner
    assert await column(selling, "r_company", "parent", child) == winner
    async with selling.begin() as tx:
        scope = await selling.scope(tx)
        history = orjson.loads(await read_history(tx, scope, "company", winner))["events"]
        assert {one["record"]["id"] for one in history} == {str(winner), str(loser)}
        assert "merged" in {one["kind"] for one in history}
        await undo(tx, scope, action)
        history = orjson.loads(await read_history(tx, scope, "company", winner))["events"]
        assert {one["record"]["id"] for one in history} == {str(winner)}
    assert await column(selling, "r_company", "deleted_at", loser) is None
    assert await column(selling, "r_company", "code", winner) is None
    assert await column(selling, "r_deal", "company", deal) == loser
    assert await column(selling, "r_company", "parent", child) == loser


async def test_a_winner_that_pointed_to_a_loser_does_not_point_to_itself(selling: Any) -> None:
    loser = await make(selling, "company")
    winner = await make(selling, "company", parent=loser)
    await run(selling, "admin", into=winner, others=[loser])
    assert await column(selling, "r_company", "parent", winner) is None


async def test_links_of_others_are_not_moved_behind_their_back(selling: Any) -> None:
    winner, loser = await make(selling, "company", "ann"), await make(selling, "company", "ann")
    hers = await make(selling, "deal", "eve", company=loser)
    with pytest.raises(Forbidden) as caught:
        await run(selling, "ann", into=winner, others=[loser])
    assert caught.value.code == "linked_records_of_others"
    assert await column(selling, "r_deal", "company", hers) == loser
    await run(selling, "admin", into=winner, others=[loser])


async def test_impossible_selections(selling: Any) -> None:
    one = await make(selling, "company")
    for others in ([], [one], [uuid4() for _ in range(51)]):
        with pytest.raises(Invalid):
            await run(selling, "admin", into=one, others=others)
