"""What somebody has to decide, and where pipelines name them, goes along with a hand-over and comes back with its undo."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from liaoran.access.scope import system_scope
from liaoran.collaboration.hand_over.giving import begin_hand_over, run_hand_over
from liaoran.collaboration.hand_over.holdings import read_holdings
from liaoran.collaboration.hand_over.ledger import HandOver, find_hand_over
from liaoran.collaboration.hand_over.plan import HandOverPlan
from liaoran.collaboration.hand_over.taking_back import begin_undo, run_undo
from liaoran.process.approvals.course import Course
from liaoran.process.approvals.starting import start_approval
from liaoran.process.publish import publish_process
from liaoran.records.changes import Create
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.process_json import process_to_json
from tests.db.process.approving import APPROVING, Approving, holders, label, open_approving, step, step_of


@pytest.fixture
async def approving(templates: Any) -> AsyncIterator[Approving]:
    """Each test with an organisation of its own, in which a pipeline names bob in four places."""
    async with open_approving(templates) as opened:
        bob = {"who": "person", "person": str(opened.org.people["bob"])}
        definition = copy.deepcopy(APPROVING)
        definition["states"][0]["accountable"] = bob
        definition["transitions"][2]["who"] = [bob, {"who": "role", "role": "boss"}]
        definition["approvals"].append(
            {"key": "named", "label": label("named"), "steps": [step("first", bob), step("then", bob)]}
        )
        async with opened.org.begin() as tx:
            await publish_process(tx, system_scope(await load_snapshot(tx)), definition)
        yield opened


async def hand_over(approving: Approving, *successors: str, **plan: Any) -> HandOver:
    people = approving.org.people
    body = {"person": people["bob"], "successors": [people[one] for one in successors], "reason": "moves on", **plan}
    async with approving.org.begin() as tx:
        begun = await begin_hand_over(tx, await approving.org.scope(tx), HandOverPlan.model_validate(body))
    await run_hand_over(approving.org.database, approving.org.schema, str(begun.id))
    return await find(approving, begun.id)


async def take_back(approving: Approving, one: HandOver) -> HandOver:
    async with approving.org.begin() as tx:
        await begin_undo(tx, await approving.org.scope(tx), one.id)
    admin = str(approving.org.people["admin"])
    await run_undo(approving.org.database, approving.org.schema, str(one.id), admin)
    return await find(approving, one.id)


async def find(approving: Approving, ident: UUID) -> HandOver:
    async with approving.org.begin() as tx:
        return await find_hand_over(tx, ident)


async def started(approving: Approving, owner: str = "ann") -> tuple[UUID, Course]:
    values = {"name": "Alpha", "pipeline": "approving", "note": "x", "amount": 10}
    (made,) = await approving.org.write(owner, Create("deal", values))
    deal = UUID(str(made.id))
    async with approving.desk(owner) as desk:
        await start_approval(desk, "deal", deal, "named")
    return deal, await approving.course(deal)


async def definition_of(approving: Approving) -> dict[str, Any]:
    async with approving.org.begin() as tx:
        process = (await load_snapshot(tx)).process("approving")
    assert process is not None
    return process_to_json(process)


def named(definition: Any, person: UUID) -> int:
    """How often a definition names somebody."""
    return str(definition).count(str(person))


async def test_seats_steps_and_pipelines_go_and_come_back(approving: Approving) -> None:
    people = approving.org.people
    _, course = await started(approving)
    before = await definition_of(approving)
    assert (named(before, people["bob"]), named(before, people["eve"])) == (4, 0)
    async with approving.org.begin() as tx:
        held = await read_holdings(tx, await approving.org.scope(tx), people["bob"])
    assert {one["key"]: one["total"] for one in held["beside"]} == {"approvals": 3, "processes": 1}
    assert [one["en"] for one in held["processes"][0]["parts"]] == ["stage “Talk”", "move “Sign”", "approval “Named”"]

    done = await hand_over(approving, "eve")
    assert (done.state, done.done, done.kept_count) == ("done", 4, 0)
    moved = await approving.course(course.record_id)
    assert holders(moved) == ["eve"]
    seat = step_of(moved, "first").seats[0]
    assert (seat.delegated_by, seat.delegated_by_label) == (people["bob"], "bob")
    assert step_of(moved, "then").who == [{"who": "person", "person": str(people["eve"])}]
    after = await definition_of(approving)
    assert (named(after, people["bob"]), named(after, people["eve"])) == (0, 4)

    undone = await take_back(approving, done)
    assert (undone.state, undone.taken_back, undone.kept_count) == ("undone", 4, 0)
    again = await approving.course(course.record_id)
    assert step_of(again, "first").seats[0] == step_of(course, "first").seats[0]
    assert step_of(again, "then").who == step_of(course, "then").who
    assert await definition_of(approving) == before


async def test_what_was_decided_since_stays_decided(approving: Approving) -> None:
    _, course = await started(approving)
    done = await hand_over(approving, "eve", parts={"processes": "none"})
    await approving.decide("eve", course, "approve")
    undone = await take_back(approving, done)
    # the seat and its step that are decided, and the next step, which has begun with eve
    assert (undone.taken_back, undone.kept_count) == (0, 3)
    decided = await approving.course(course.record_id)
    assert step_of(decided, "first").state == "passed"
    assert step_of(decided, "first").seats[0].person == approving.org.people["eve"]


async def test_a_successor_who_decides_already_is_passed_over(approving: Approving) -> None:
    people = approving.org.people
    deal, course = await started(approving)
    async with approving.org.begin() as tx:
        await tx.execute(
            "INSERT INTO {org}.approval_seats (id, approval, step, round, person, person_label, state, opened_at)"
            " SELECT gen_random_uuid(), approval, step, round, :eve, 'eve', 'open', opened_at"
            " FROM {org}.approval_seats WHERE approval = :approval",
            {"eve": people["eve"], "approval": course.id},
        )
    done = await hand_over(approving, "eve", "lee", parts={"processes": "none"})
    assert done.division.given["approvals"] == {str(people["lee"]): 1, str(people["eve"]): 2}
    assert sorted(holders(await approving.course(deal))) == ["eve", "lee"]
    alone = await take_back(approving, done)
    assert alone.kept_count == 0
    kept = await hand_over(approving, "eve", parts={"processes": "none"})
    assert (kept.kept_count, kept.kept[0]["record"]) == (1, str(deal))


async def test_a_record_that_an_approval_locks_goes_along(approving: Approving) -> None:
    people = approving.org.people
    deal, _ = await started(approving, "bob")
    done = await hand_over(approving, "eve", parts={"approvals": "none", "processes": "none"})
    assert done.kept_count == 0

    async def owner() -> UUID:
        async with approving.org.begin() as tx:
            return await tx.fetch_value("SELECT owner FROM {org}.r_deal WHERE id = :id", {"id": deal})

    assert await owner() == people["eve"]
    undone = await take_back(approving, done)
    assert (undone.state, undone.kept_count, await owner()) == ("undone", 0, people["bob"])


async def sights(approving: Approving, deal: UUID) -> dict[str, dict[str, Any]]:
    """What approvers see of the deal: the rows of the shares, by name."""
    by_id = {ident: name for name, ident in approving.org.people.items()}
    async with approving.org.begin() as tx:
        rows = await tx.fetch_all("SELECT * FROM {org}.shares WHERE record = :deal ORDER BY id", {"deal": deal})
    assert {(row["level"], row["role"], row["ends_at"]) for row in rows} <= {("read", "approver", None)}
    return {by_id[row["person"]]: row for row in rows}


async def test_the_sight_of_a_record_goes_with_the_seat_and_is_no_share_to_give_on(approving: Approving) -> None:
    deal, _ = await started(approving)
    before = await sights(approving, deal)
    assert list(before) == ["bob"]
    async with approving.org.begin() as tx:
        held = await read_holdings(tx, await approving.org.scope(tx), approving.org.people["bob"])
    assert "shares" not in {one["key"] for one in held["beside"]}
    done = await hand_over(approving, "lee", "eve", by_object={})
    assert done.kept == []
    assert await sights(approving, deal) == {**before, "lee": (await sights(approving, deal))["lee"]}
    undone = await take_back(approving, done)
    assert undone.kept == []
    assert await sights(approving, deal) == before
    async with approving.org.begin() as tx:
        told = await tx.fetch_column(
            "SELECT kind FROM {org}.audit_log WHERE record = :deal ORDER BY at", {"deal": deal}
        )
    assert told == ["share.given", "share.given", "share.ended"]


async def test_a_share_that_somebody_gave_goes_beside_it(approving: Approving) -> None:
    deal, _ = await started(approving)
    people = approving.org.people
    async with approving.org.begin() as tx:
        await tx.execute(
            "INSERT INTO {org}.shares (id, object, record, person, level, starts_at, given_at) "
            "SELECT gen_random_uuid(), 'deal', :deal, unnest(ARRAY[:bob, :lee]::uuid[]), "
            "unnest(ARRAY['edit', 'read']), now(), now()",
            {"deal": deal, "bob": people["bob"], "lee": people["lee"]},
        )

    async def state() -> list[Any]:
        async with approving.org.begin() as tx:
            return await tx.fetch_all("SELECT * FROM {org}.shares ORDER BY id")

    before = await state()
    done = await hand_over(approving, "lee")
    live = {(row["person"], row["level"], row["role"]) for row in await state() if row["ends_at"] is None}
    bob, lee = people["bob"], people["lee"]
    assert live == {(bob, "read", "approver"), (lee, "read", "approver"), (lee, "edit", None)}
    await take_back(approving, done)
    assert await state() == before
