"""Gates of a strict Process: what leaving, moving and entering ask for, on whatever door, and what is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from liaoran.kernel.errors import Refused
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.process.transitions import move, transitions_of, try_move
from liaoran.process.usages import ProcessUsages
from liaoran.records.changes import Create, Rejected, Update, Written
from liaoran.records.write import write


async def a_company(strict: Any) -> str:
    (made,) = await strict.write("ann", Create("company", {"name": f"甲{new_id()}"}))
    return str(made.id)


async def a_deal(strict: Any, name: str = "ann", **values: Any) -> UUID:
    given = {"name": "Alpha", "pipeline": "strict", "company": await a_company(strict), **values}
    (made,) = await strict.write(name, Create("deal", given))
    return UUID(str(made.id))


async def tasks_of(strict: Any, deal: UUID) -> list[dict[str, Any]]:
    async with strict.begin() as tx:
        return await tx.fetch_all(
            "SELECT t.*, p.name AS who FROM {org}.r_todo t LEFT JOIN {org}.r_person p ON p.id = t.owner "
            "WHERE deal = :deal AND t.deleted_at IS NULL ORDER BY origin", {"deal": deal}
        )  # fmt: skip


async def fulfil(strict: Any, deal: UUID) -> None:
    """A meeting with minutes, and all tasks of the talk done."""
    changes = [
        Create("meeting", {"name": "会", "deal": str(deal), "minutes": True}),
        *(Update("todo", one["id"], {"status": "done"}) for one in await tasks_of(strict, deal)),
    ]
    await strict.write("system", *changes)


async def told(strict: Any, deal: UUID, values: dict[str, Any], name: str = "ann") -> list[tuple[str, Any]]:
    with pytest.raises(Refused) as caught:
        await strict.write(name, Update("deal", deal, values))
    return [(one.code, one.field or one.evidence.get("key")) for one in caught.value.problems]


async def test_leaving_entering_and_the_minimum_are_asked_for_together(strict: Any) -> None:
    deal = await a_deal(strict)
    found = await told(strict, deal, {"stage": "price"})
    assert sorted(found, key=str) == [
        ("condition_unmet", "big"),
        ("condition_unmet", "decided"),
        ("condition_unmet", "tasks"),
        ("required_for_transition", "amount"),
    ]
    await fulfil(strict, deal)
    assert await told(strict, deal, {"stage": "price", "amount": 99}) == [("condition_unmet", "big")]
    await strict.write("ann", Update("deal", deal, {"stage": "price", "amount": 100}))


async def test_what_is_told_names_the_leaf_and_the_version(strict: Any) -> None:
    deal = await a_deal(strict)
    await fulfil(strict, deal)
    with pytest.raises(Refused) as caught:
        await strict.write("ann", Update("deal", deal, {"stage": "price", "amount": 5}))
    (problem,) = caught.value.problems
    assert problem.message.zh == "进入“报价”需要：金额够大"
    assert problem.message.en == "to enter “Price”: Big enough"
    leaf = {"field": "amount", "wanted": {"zh": "金额不小于 100", "en": "Amount is at least 100"}, "value": 5}
    assert problem.evidence["leaves"] == [leaf]
    assert (problem.evidence["part"], problem.evidence["state"], problem.evidence["version"]) == ("entry", "price", 1)


async def test_the_minimum_is_asked_for_at_every_write(strict: Any) -> None:
    with pytest.raises(Refused) as caught:
        await strict.write("ann", Create("deal", {"name": "A", "pipeline": "strict"}))
    assert [(one.code, one.field) for one in caught.value.problems] == [("required_minimum", "company")]
    deal = await a_deal(strict)
    assert await told(strict, deal, {"company": None, "note": "x"}) == [("required_minimum", "company")]
    await strict.write("ann", Update("deal", deal, {"stage": "lost", "loss_reason": "price"}))
    await strict.write("ann", Update("deal", deal, {"company": None}))


async def test_a_record_that_is_made_in_a_later_stage_meets_its_entry_alone(strict: Any) -> None:
    with pytest.raises(Refused) as caught:
        await a_deal(strict, stage="price", amount=5)
    assert [one.evidence["key"] for one in caught.value.problems] == ["big"]
    await a_deal(strict, stage="price", amount=500)


async def test_going_back_asks_for_a_reason_and_not_for_the_way_out(strict: Any) -> None:
    deal = await a_deal(strict, stage="price", amount=500)
    assert await told(strict, deal, {"stage": "talk"}, "bob") == [("comment_required", "comment")]
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        cause = Cause(Door.FORM, note="客户改主意了")
        (outcome,) = await move(tx, scope, "deal", [deal], cause, to_state="talk")
    assert isinstance(outcome, Written)
    assert await told(strict, deal, {"stage": "lost"}, "system") == [("required_for_transition", "loss_reason")]
    await strict.write("system", Update("deal", deal, {"stage": "lost", "loss_reason": "price"}))


async def test_skipping_is_for_exact_transitions_only(strict: Any) -> None:
    deal = await a_deal(strict)
    assert (await told(strict, deal, {"stage": "sign"}))[0][0] == "transition_not_allowed"
    assert (await told(strict, deal, {"stage": "won"}))[0][0] == "transition_not_allowed"


async def test_who_may_move(strict: Any) -> None:
    deal = await a_deal(strict, stage="price", amount=500)
    async with strict.begin() as tx:
        owner = (await tx.fetch_one("SELECT owner FROM {org}.r_deal WHERE id = :id", {"id": deal}))["owner"]
    assert owner == strict.people["bob"], "handed over to the nearest of the role, not to eve of another department"
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "lee")
        with pytest.raises(Refused) as caught:
            await write(tx, scope, [Update("deal", deal, {"stage": "sign"})], Cause(Door.BOARD))
    assert [one.code for one in caught.value.problems] == ["not_permitted_to_move"]
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "lee")
        boss = type(scope)(scope.snapshot, replace(scope.actor, roles=("boss",)), scope.grants)
        (outcome,) = await try_move(tx, boss, "deal", [deal], Cause(Door.BOARD), to_state="sign")
    assert isinstance(outcome, Written)
    await strict.write("bob", Update("deal", deal, {"stage": "sign"}))
    async with strict.begin() as tx:
        row = await tx.fetch_one("SELECT stage, note FROM {org}.r_deal WHERE id = :id", {"id": deal})
    assert row == {"stage": "sign", "note": "交给法务"}


async def test_trying_a_move_leaves_nothing_behind(strict: Any) -> None:
    deal = await a_deal(strict)
    await fulfil(strict, deal)
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "ann")
        good, bad = ({"amount": 500}, {"amount": 1})
        (works,) = await try_move(tx, scope, "deal", [deal], Cause(Door.FORM), to_state="price", values=good)
        (fails,) = await try_move(tx, scope, "deal", [deal], Cause(Door.FORM), to_state="price", values=bad)
    assert isinstance(works, Written) and isinstance(fails, Rejected)
    async with strict.begin() as tx:
        row = await tx.fetch_one("SELECT stage, amount, version FROM {org}.r_deal WHERE id = :id", {"id": deal})
    assert row == {"stage": "talk", "amount": None, "version": 1}


async def test_what_is_offered_says_met_unmet_and_how_to_mend(strict: Any) -> None:
    deal = await a_deal(strict, amount=500)
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "ann")
        moves = {one.to.key: one for one in (await transitions_of(tx, scope, "deal", [deal]))[deal]}
    assert set(moves) == {"price", "lost"}, "from talk: on to price, or lost"
    onwards = moves["price"]
    assert not onwards.open
    shown = {one["key"]: one for one in (item.to_json("zh") for item in onwards.gate)}
    assert shown["amount"]["met"] and shown["big"]["met"] and shown["company"]["met"]
    assert shown["decided"]["mend"] == [
        {"kind": "record", "object": "meeting", "link": "deal", "where": {"field": "minutes", "op": "is_true"}}
    ]
    assert shown["tasks"]["mend"] == [{"kind": "tasks", "value": None}]
    assert shown["big"]["label"] == {"zh": "金额够大", "en": "Big enough"}
    await fulfil(strict, deal)
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "ann")
        (offered,) = (await transitions_of(tx, scope, "deal", [deal], to_state="price"))[deal]
    assert offered.open


async def test_stage_tasks_are_made_once_and_go_with_the_stage(strict: Any) -> None:
    deal = await a_deal(strict)
    call, prepare, read = await tasks_of(strict, deal)
    assert [one["origin"] for one in (call, prepare, read)] == [
        "strict.talk.call", "strict.talk.help", "strict.talk.read",
    ]  # fmt: skip
    assert [one["who"] for one in (call, prepare, read)] == ["ann", "bob", "lee"]
    assert (call["must"], call["output"], call["subject"]) == (True, "一句结论", "打电话")
    await strict.write("ann", Update("deal", deal, {"note": "不动阶段"}))
    assert len(await tasks_of(strict, deal)) == 3
    await strict.write("ann", Update("deal", deal, {"stage": "lost", "loss_reason": "price"}))
    assert {one["status"] for one in await tasks_of(strict, deal)} == {"cancelled"}


async def test_a_must_task_that_is_cancelled_or_thrown_away_is_not_done(strict: Any) -> None:
    deal = await a_deal(strict, amount=500)
    await fulfil(strict, deal)
    call = (await tasks_of(strict, deal))[0]
    for change in ({"status": "cancelled"}, {"status": "open"}):
        await strict.write("system", Update("todo", call["id"], change))
        assert await told(strict, deal, {"stage": "price"}) == [("condition_unmet", "tasks")]
    await strict.write("system", Update("todo", call["id"], {"status": "done"}))
    await strict.write("ann", Update("deal", deal, {"stage": "price"}))


async def test_only_the_system_writes_where_a_task_comes_from(strict: Any) -> None:
    with pytest.raises(Refused) as caught:
        await strict.write("ann", Create("todo", {"subject": "x", "origin": "strict.talk.call"}))
    assert caught.value.problems[0].code == "read_only_field"


async def test_what_an_import_brings_makes_no_tasks(strict: Any) -> None:
    values = {"name": "Old", "pipeline": "strict", "company": await a_company(strict)}
    (made,) = await strict.write("ann", Create("deal", values), door=Door.IMPORT)
    assert await tasks_of(strict, UUID(str(made.id))) == []


async def test_a_field_that_a_gate_asks_for_is_not_retired(strict: Any) -> None:
    finder = ProcessUsages()
    async with strict.begin() as tx:
        snapshot = (await strict.scope(tx, "system")).snapshot
        for object_key, field, expected in (
            ("deal", "amount", "流程“严格”的条件（报价）"),
            ("meeting", "minutes", "流程“严格”的条件（洽谈）"),
            ("meeting", None, "流程“严格”的条件（洽谈）"),
            ("deal", "company", "流程“严格”的全程必填"),
        ):
            assert expected in [one.zh for one in await finder.uses(tx, snapshot, object_key, field)], field
        assert await finder.uses(tx, snapshot, "deal", "met_at") == []
