"""Undo goes back the way it came, through the same gates, and leaves alone what others have changed since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from liaoran.access.people import LoginChange, change_login
from liaoran.access.roles import install_roles
from liaoran.kernel.errors import Conflict, NotFound, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.process.recount import wrong_totals
from liaoran.records.actions import last_action
from liaoran.records.changes import Change, Create, Delete, Update
from liaoran.records.undo import undo
from liaoran.records.undo_job import run_undo, undo_later
from liaoran.records.write import write


async def act(selling: Any, name: str, *changes: Change) -> tuple[UUID, list[UUID]]:
    """One action; its id and the records."""
    cause = Cause(Door.FORM)
    async with selling.begin() as tx:
        outcomes = await write(tx, await selling.scope(tx, name), changes, cause)
    return cause.action, [one.id for one in outcomes]


async def take_back(selling: Any, name: str, action: UUID | None = None, **options: Any) -> Any:
    async with selling.begin() as tx:
        return await undo(tx, await selling.scope(tx, name), action, **options)


async def row_of(selling: Any, record: UUID) -> dict[str, Any]:
    async with selling.begin() as tx:
        return await tx.fetch_one("SELECT * FROM {org}.r_deal WHERE id = :id", {"id": record})


async def test_the_last_action_is_offered_in_words_and_taken_back(selling: Any) -> None:
    _, (record,) = await act(selling, "ann", Create("deal", {"name": "Alpha", "amount": 1, "note": "a"}))
    await act(selling, "ann", Update("deal", record, {"amount": 2, "note": None, "stage": "offer"}))
    async with selling.begin() as tx:
        action = await last_action(tx, await selling.scope(tx, "ann"))
    assert action.label.zh == "修改单子“Alpha”" and action.label.en == "change Deal “Alpha”"
    report = await take_back(selling, "ann")
    row = await row_of(selling, record)
    assert (report.undone, row["amount"], row["note"], row["stage"], row["chance"]) == (1, 1, "a", "first", 10)
    await take_back(selling, "ann")
    assert (await row_of(selling, record))["deleted_at"] is not None, "the creation is next"


async def test_each_kind_of_change_goes_back(selling: Any) -> None:
    _, (record,) = await act(selling, "ann", Create("deal", {"name": "Alpha"}))
    gone, _ = await act(selling, "ann", Delete("deal", record))
    await take_back(selling, "ann", gone)
    assert (await row_of(selling, record))["deleted_at"] is None
    with pytest.raises(Conflict):
        await take_back(selling, "ann", gone)


async def test_the_undo_of_an_undo_is_a_redo(selling: Any) -> None:
    _, (record,) = await act(selling, "ann", Create("deal", {"name": "Alpha", "note": "a"}))
    action, _ = await act(selling, "ann", Update("deal", record, {"note": "b"}))
    first = await take_back(selling, "ann", action)
    await take_back(selling, "ann", first.action)
    assert (await row_of(selling, record))["note"] == "b"


async def test_what_others_changed_since_is_named_and_kept(selling: Any) -> None:
    _, (record, other) = await act(selling, "ann", Create("deal", {"name": "Alpha"}), Create("deal", {"name": "Beta"}))
    action, _ = await act(selling, "ann", Update("deal", record, {"note": "b"}), Update("deal", other, {"note": "b"}))
    await act(selling, "admin", Update("deal", record, {"amount": 5}))
    await act(selling, "admin", Update("deal", other, {"note": "c"}))
    with pytest.raises(Conflict) as caught:
        await take_back(selling, "ann", action)
    (problem,) = caught.value.problems
    assert problem.evidence == {"record": str(other), "fields": ["note"], "changed_by": "Admin"}
    report = await take_back(selling, "ann", action, partly=True)
    assert report.undone == 1 and [record_id for record_id, _ in report.kept] == [other]
    assert [(await row_of(selling, one))["note"] for one in (record, other)] == [None, "c"]
    assert (await row_of(selling, record))["amount"] == 5, "another field of the same record is none of its business"


async def test_what_was_deleted_since_cannot_be_undone(selling: Any) -> None:
    _, (record,) = await act(selling, "ann", Create("deal", {"name": "Alpha"}))
    action, _ = await act(selling, "ann", Update("deal", record, {"note": "b"}))
    await act(selling, "admin", Delete("deal", record))
    with pytest.raises(Conflict):
        await take_back(selling, "ann", action)


async def test_the_way_back_meets_the_same_gate(selling: Any) -> None:
    _, (record,) = await act(
        selling, "ann", Create("deal", {"name": "A", "stage": "won", "win_reason": "price", "amount": 1})
    )
    action, _ = await act(selling, "ann", Update("deal", record, {"stage": "lost", "loss_reason": "price"}))
    with pytest.raises(Refused) as caught:
        await take_back(selling, "ann", action)
    assert caught.value.problems[0].code == "transition_not_allowed", "no way leads from lost to won"


async def test_only_ones_own_actions_but_administrators_any(selling: Any) -> None:
    action, (record,) = await act(selling, "ann", Create("deal", {"name": "Alpha"}))
    with pytest.raises(NotFound):
        await take_back(selling, "bob", action)
    with pytest.raises(NotFound):
        await take_back(selling, "lee")
    await take_back(selling, "admin", action)
    assert (await row_of(selling, record))["deleted_at"] is not None


async def test_a_large_action_over_several_objects_goes_back_set_based(selling: Any) -> None:
    cause = Cause(Door.IMPORT)
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "admin")
        companies = await write(tx, scope, [Create("company", {"name": f"C{i}"}) for i in range(50)], cause)
        deals = [Create("deal", {"name": f"D{i}", "amount": i, "company": companies[i % 50].id}) for i in range(4200)]
        await write(tx, scope, deals, cause)
    report = await take_back(selling, "admin", cause.action)
    assert report.undone == 4250 and not report.kept
    async with selling.begin() as tx:
        live = await tx.fetch_value("SELECT count(*) FROM {org}.r_deal WHERE name ~ '^D[0-9]' AND deleted_at IS NULL")
        assert live == 0
        assert await wrong_totals(tx, await selling.scope(tx, "system"), "deal") == []


async def test_a_large_action_goes_back_in_the_background(selling: Any) -> None:
    action, (record,) = await act(selling, "ann", Create("deal", {"name": "Alpha"}))
    async with selling.begin() as tx:
        roles = [{"key": "administrator", "label": {"zh": "管理员", "en": "Administrator"}, "objects": {}}]
        await install_roles(tx, roles)
        await change_login(
            tx, selling.people["admin"], LoginChange("admin", "correct-horse-battery", ["administrator"])
        )
        with pytest.raises(NotFound):
            await undo_later(tx, await selling.scope(tx, "bob"), action)
        assert (await undo_later(tx, await selling.scope(tx), action)).id == action
    person = str(selling.people["admin"])
    await run_undo(selling.database, selling.schema, str(action), person)
    assert (await row_of(selling, record))["deleted_at"] is not None
    await run_undo(selling.database, selling.schema, str(action), person)
    async with selling.begin() as tx:
        with pytest.raises(Conflict):
            await undo_later(tx, await selling.scope(tx), action)
