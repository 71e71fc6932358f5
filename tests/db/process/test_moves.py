"""Moves through a Process: what follows from a state, what a gate asks, what visits and totals remember."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from liaoran.kernel.errors import Invalid, NotFound, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.process.reading import read_visits
from liaoran.process.recount import rebuild_totals, wrong_totals
from liaoran.process.transitions import move, transitions_of
from liaoran.records.changes import Create, Delete, Past, Rejected, Restore, Update
from liaoran.records.write import write


async def make(selling: Any, name: str = "ann", **values: Any) -> UUID:
    (outcome,) = await selling.write(name, Create("deal", {"name": "Alpha", **values}))
    return outcome.id


async def row_of(selling: Any, record: UUID) -> dict[str, Any]:
    async with selling.begin() as tx:
        return await tx.fetch_one("SELECT * FROM {org}.r_deal WHERE id = :id", {"id": record})


async def visits_of(selling: Any, record: UUID) -> list[dict[str, Any]]:
    async with selling.begin() as tx:
        return await tx.fetch_all("SELECT * FROM {org}.visits WHERE record_id = :id ORDER BY ordinal", {"id": record})


async def change(selling: Any, record: UUID, **values: Any) -> Any:
    return (await selling.write("ann", Update("deal", record, values)))[0]


async def problems_of(selling: Any, record: UUID, **values: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as caught:
        await change(selling, record, **values)
    return [(one.code, one.field) for one in caught.value.problems]


@pytest.mark.parametrize("written", ["offer", "方案报价", "Offer", "OFFER"])
async def test_a_state_is_taken_by_key_and_by_label(selling: Any, written: str) -> None:
    record = await make(selling, stage=written, amount=1)
    assert (await row_of(selling, record))["stage"] == "offer"


async def test_a_move_derives_what_follows_from_the_state(selling: Any) -> None:
    record = await make(selling, amount=100)
    await change(selling, record, stage="offer")
    row = await row_of(selling, record)
    assert (row["chance"], row["outlook"], row["status"]) == (50, "pipeline", "open")
    await change(selling, record, chance=65, outlook="commit")
    assert (await row_of(selling, record))["chance"] == 65
    await change(selling, record, stage="won", win_reason="price", chance=33)
    row = await row_of(selling, record)
    assert (row["chance"], row["outlook"], row["status"]) == (100, "closed", "won")
    assert row["closed_on"] is not None
    await change(selling, record, stage="lost", loss_reason="price", closed_on="2025-01-02")
    row = await row_of(selling, record)
    assert (row["status"], row["chance"], str(row["closed_on"])) == ("lost", 0, "2025-01-02")
    await change(selling, record, stage="first")
    row = await row_of(selling, record)
    assert (row["status"], row["chance"], row["closed_on"]) == ("open", 10, None)


async def test_the_day_of_closing_is_that_of_the_actors_zone(selling: Any) -> None:
    late = datetime(2025, 3, 4, 20, 0, tzinfo=UTC)
    (made,) = await selling.write(
        "system", Create("deal", {"name": "A", "stage": "lost", "loss_reason": "price"}, past=Past(late))
    )
    assert str((await row_of(selling, made.id))["closed_on"]) == "2025-03-05", "already the next day in Shanghai"


async def test_the_gate_asks_for_what_the_transition_requires(selling: Any) -> None:
    record = await make(selling)
    assert await problems_of(selling, record, stage="offer") == [("required_for_transition", "amount")]
    assert await problems_of(selling, record, stage="won") == [("transition_not_allowed", "stage")]
    await change(selling, record, stage="offer", amount=5)
    with pytest.raises(Refused) as caught:
        await change(selling, record, stage="赢单")
    (problem,) = caught.value.problems
    assert (problem.code, problem.field) == ("required_for_transition", "win_reason")
    assert problem.message.zh == "进入“赢单”前请填写“赢因”"
    assert problem.evidence == {
        "part": "entry", "state": "won", "key": "win_reason", "process": "selling", "version": 1, "value": None,
    }  # fmt: skip
    await change(selling, record, stage="赢单", win_reason="price")
    assert await problems_of(selling, record, win_reason=None) == [("required_for_transition", "win_reason")]
    assert await problems_of(selling, record, stage="first") == [("transition_not_allowed", "stage")]
    assert await problems_of(selling, record, stage=None) == [("required", "stage")]


async def test_the_gate_holds_at_create_too(selling: Any) -> None:
    with pytest.raises(Refused) as caught:
        await selling.write("ann", Create("deal", {"name": "A", "stage": "won"}))
    assert {one.field for one in caught.value.problems} == {"win_reason", "amount"}
    assert await make(selling, stage="won", win_reason="price", amount=1)


async def test_a_pipeline_is_found_by_its_state_and_a_change_of_it_asks_for_one(selling: Any) -> None:
    record = await make(selling, stage="due")
    assert (await row_of(selling, record))["pipeline"] == "renewing"
    assert await problems_of(selling, record, pipeline="selling") == [("state_required", "stage")]
    assert await problems_of(selling, record, pipeline="selling", stage="due") == [("unknown_state", "stage")]
    await change(selling, record, pipeline="销售", stage="first")
    assert [one["process"] for one in await visits_of(selling, record)] == ["renewing", "selling"]
    assert await problems_of(selling, record, stage="due") == [("unknown_state", "stage")]
    (rejected,) = await selling.write("ann", Update("deal", record, {"pipeline": "nothing"}), partly=True)
    assert isinstance(rejected, Rejected)


async def test_visits_tell_every_stay(selling: Any) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    (made,) = await selling.write(
        "system", Create("deal", {"name": "A", "amount": 7, "currency": "USD"}, past=Past(start))
    )
    steps = [("offer", {}), ("first", {"amount": 9}), ("offer", {}), ("won", {"win_reason": "price"})]
    for day, (stage, values) in enumerate(steps, start=2):
        at = datetime(2025, 1, day, tzinfo=UTC)
        past = Past(at, selling.people["eve"], "Eve")
        await selling.write("system", Update("deal", made.id, {"stage": stage, **values}, past=past))
    await selling.write("system", Update("deal", made.id, {"note": "no move"}))
    told = await visits_of(selling, made.id)
    assert [one["state"] for one in told] == ["first", "offer", "first", "offer", "won"]
    assert [one["from_state"] for one in told] == [None, "first", "offer", "first", "offer"]
    assert [one["ordinal"] for one in told] == [1, 2, 3, 4, 5]
    assert [one["amount"] for one in told] == [7, 7, 9, 9, 9] and {one["currency"] for one in told} == {"USD"}
    assert [one["entered_by_label"] for one in told[1:]] == ["Eve"] * 4
    assert [one["left_at"] for one in told] == [one["entered_at"] for one in told[1:]] + [None]
    async with selling.begin() as tx:
        shown = orjson.loads(await read_visits(tx, await selling.scope(tx), "deal", made.id))
        with pytest.raises(NotFound):
            await read_visits(tx, await selling.scope(tx, "ann"), "deal", made.id)
    assert [one["label"]["zh"] for one in shown[:2]] == ["初步接触", "方案报价"]
    assert [one["days"] for one in shown[:4]] == [1, 1, 1, 1] and shown[-1]["left_at"] is None


async def test_totals_follow_every_kind_of_change(selling: Any) -> None:
    async def check() -> None:
        async with selling.begin() as tx:
            assert await wrong_totals(tx, await selling.scope(tx, "system"), "deal") == []

    records = [await make(selling, amount=amount) for amount in (1.5, None, 3)]
    await check()
    await change(selling, records[0], amount=2.25)
    await change(selling, records[0], stage="offer", currency="USD")
    await selling.write("admin", *(Update("deal", one, {"owner": selling.people["eve"]}) for one in records))
    await check()
    await selling.write("admin", *(Delete("deal", one) for one in records))
    await check()
    await selling.write("admin", *(Restore("deal", one) for one in records[:2]))
    await check()
    async with selling.begin() as tx:
        await tx.execute("UPDATE {org}.state_totals SET count = count + 1")
        scope = await selling.scope(tx, "system")
        assert await wrong_totals(tx, scope, "deal")
        await rebuild_totals(tx, scope, "deal")
    await check()


async def test_transitions_tell_what_is_met_and_what_is_not(selling: Any) -> None:
    record = await make(selling, stage="offer", amount=3)
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "ann")
        moves = (await transitions_of(tx, scope, "deal", [record]))[record]
        shown = {one.to.key: one.to_json("zh") for one in moves}
        with pytest.raises(NotFound):
            await transitions_of(tx, await selling.scope(tx, "eve"), "deal", [record])
    assert set(shown) == {"first", "won", "lost"}
    assert shown["first"]["open"] and not shown["won"]["open"]
    assert [(one["field"], one["met"]) for one in shown["won"]["gate"]] == [("win_reason", False), ("amount", True)]
    assert shown["won"]["key"] == "win" and shown["won"]["to_label"]["en"] == "Won"


async def test_a_move_by_transition_or_state_is_an_ordinary_write(selling: Any) -> None:
    record = await make(selling, stage="offer", amount=3)
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "ann")
        with pytest.raises(Invalid):
            await move(tx, scope, "deal", [record], Cause(Door.BOARD), transition="no-such")
        await move(tx, scope, "deal", [record], Cause(Door.BOARD), transition="win", values={"win_reason": "信任"})
    assert (await row_of(selling, record))["win_reason"] == "trust"
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "ann")
        await move(tx, scope, "deal", [record], Cause(Door.BOARD), to_state="输单", values={"loss_reason": "price"})
    assert (await row_of(selling, record))["stage"] == "lost"


async def test_a_batch_is_gated_record_by_record(selling: Any) -> None:
    records = [await make(selling, stage="offer", amount=1) for _ in range(3)]
    await change(selling, records[1], win_reason="price")
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "ann")
        changes = [Update("deal", one, {"stage": "won"}) for one in records]
        outcomes = await write(tx, scope, changes, Cause(Door.BULK), all_or_nothing=False)
    assert [isinstance(one, Rejected) for one in outcomes] == [True, False, True]
