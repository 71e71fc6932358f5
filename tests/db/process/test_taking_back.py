"""Undoing a move: what followed from it goes back with it, and no gate is got around in that way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from liaoran.kernel.errors import Refused
from liaoran.kernel.events import Cause, Door
from liaoran.records.actions import last_action
from liaoran.records.changes import Create, Update
from liaoran.records.undo import undo
from liaoran.records.write import write


async def a_deal(strict: Any, **values: Any) -> UUID:
    company, deal = await strict.write(
        "system", Create("company", {"name": "甲"}), Create("deal", {"name": "A", "pipeline": "renewing"})
    )
    given = {"pipeline": "strict", "stage": "talk", "company": str(company.id), "owner": str(strict.people["ann"])}
    await strict.write("system", Update("deal", deal.id, {**given, **values}))
    return UUID(str(deal.id))


async def go(strict: Any, deal: UUID, name: str = "ann", **values: Any) -> UUID:
    """Changes the deal and gives the action."""
    cause = Cause(Door.FORM, note="因为")
    async with strict.begin() as tx:
        await write(tx, await strict.scope(tx, name), [Update("deal", deal, values)], cause)
    return cause.action


async def take_back(strict: Any, action: UUID | None = None, name: str = "admin") -> None:
    async with strict.begin() as tx:
        await undo(tx, await strict.scope(tx, name), action)


async def tasks_of(strict: Any, deal: UUID) -> dict[str, str]:
    """By action the status, or that it is in the bin."""
    async with strict.begin() as tx:
        rows = await tx.fetch_all(
            "SELECT origin, status, deleted_at FROM {org}.r_todo WHERE deal = :deal ORDER BY created_at", {"deal": deal}
        )
    return {row["origin"]: "gone" if row["deleted_at"] else row["status"] for row in rows}


async def row_of(strict: Any, deal: UUID) -> dict[str, Any]:
    async with strict.begin() as tx:
        return await tx.fetch_one("SELECT * FROM {org}.r_deal WHERE id = :id", {"id": deal})


async def test_cancelled_tasks_are_to_be_done_again_and_still_hold_the_gate(strict: Any) -> None:
    deal = await a_deal(strict, amount=500)
    await strict.write("system", Create("meeting", {"name": "会", "deal": str(deal), "minutes": True}))
    lost = await go(strict, deal, stage="lost", loss_reason="price")
    assert set((await tasks_of(strict, deal)).values()) == {"cancelled"}
    await take_back(strict, lost)
    assert await tasks_of(strict, deal) == dict.fromkeys(
        ("strict.talk.call", "strict.talk.help", "strict.talk.read"), "open"
    )
    with pytest.raises(Refused) as caught:
        await go(strict, deal, stage="price")
    assert [one.evidence["key"] for one in caught.value.problems] == ["tasks"]


async def test_tasks_of_a_move_go_with_it_unless_somebody_has_begun(strict: Any) -> None:
    deal = await a_deal(strict, stage="lost", loss_reason="price")
    back = await go(strict, deal, "system", stage="talk")
    async with strict.begin() as tx:
        call = await tx.fetch_value(
            "SELECT id FROM {org}.r_todo WHERE deal = :deal AND origin = 'strict.talk.call'", {"deal": deal}
        )
    await strict.write("system", Update("todo", call, {"output": "已约"}))
    await take_back(strict, back)
    assert (await row_of(strict, deal))["stage"] == "lost"
    assert await tasks_of(strict, deal) == {
        "strict.talk.call": "open",
        "strict.talk.help": "gone",
        "strict.talk.read": "gone",
    }


async def test_a_record_that_was_handed_over_goes_back_to_its_owner(strict: Any) -> None:
    deal = await a_deal(strict, stage="lost", loss_reason="price", amount=500)
    moved = await go(strict, deal, "admin", stage="price")
    assert (await row_of(strict, deal))["owner"] == strict.people["bob"]
    await take_back(strict, moved)
    row = await row_of(strict, deal)
    assert (row["stage"], row["owner"], row["department"]) == (
        "lost", strict.people["ann"], strict.departments["north"],
    )  # fmt: skip


async def test_whom_it_was_given_to_since_keeps_it(strict: Any) -> None:
    deal = await a_deal(strict, stage="lost", loss_reason="price", amount=500)
    moved = await go(strict, deal, "admin", stage="price")
    await go(strict, deal, "admin", owner=str(strict.people["lee"]))
    await take_back(strict, moved)
    assert (await row_of(strict, deal))["owner"] == strict.people["lee"]


async def test_a_record_made_in_a_stage_that_hands_over_can_be_undone(strict: Any) -> None:
    (company,) = await strict.write("system", Create("company", {"name": "乙"}))
    cause = Cause(Door.FORM)
    values = {"name": "A", "pipeline": "strict", "stage": "price", "amount": 500, "company": str(company.id)}
    async with strict.begin() as tx:
        (made,) = await write(tx, await strict.scope(tx, "ann"), [Create("deal", values)], cause)
    assert (await row_of(strict, made.id))["owner"] == strict.people["bob"]
    await take_back(strict, cause.action)
    assert (await row_of(strict, made.id))["deleted_at"] is not None


async def test_undo_offers_the_move_and_not_what_came_of_it(strict: Any) -> None:
    deal = await a_deal(strict)
    moved = await go(strict, deal, stage="lost", loss_reason="price")
    async with strict.begin() as tx:
        found = await last_action(tx, await strict.scope(tx, "ann"))
    assert found is not None and found.id == moved
    await take_back(strict, name="ann")
    assert (await row_of(strict, deal))["stage"] == "talk"


async def test_a_transition_sets_nothing_on_the_way_back(strict: Any) -> None:
    deal = await a_deal(strict, stage="price", amount=500, note="自己写的", owner=str(strict.people["bob"]))
    signed = await go(strict, deal, "bob", stage="sign")
    assert (await row_of(strict, deal))["note"] == "交给法务"
    await take_back(strict, signed)
    row = await row_of(strict, deal)
    assert (row["stage"], row["note"]) == ("price", "自己写的")
