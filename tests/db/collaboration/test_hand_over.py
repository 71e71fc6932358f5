"""Handing over what somebody holds, and taking it back: afterwards everything is as it was, versions aside."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from liaoran.access.people import person_of_login
from liaoran.access.scope import Scope, system_scope
from liaoran.collaboration.hand_over import giving, records_held
from liaoran.collaboration.hand_over.giving import begin_hand_over, run_hand_over
from liaoran.collaboration.hand_over.holdings import read_holdings
from liaoran.collaboration.hand_over.ledger import HandOver, find_hand_over
from liaoran.collaboration.hand_over.plan import Division, HandOverPlan
from liaoran.collaboration.hand_over.taking_back import begin_undo, run_undo
from liaoran.collaboration.sharing.cleaning import clean_sharing
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.errors import Conflict, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.records.changes import Create, Delete, Past, Update
from liaoran.records.undo import undo
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot

from ...conftest import ADMINISTRATOR

MANY = 20_000
"""Records of the large hand-over."""
STAMPS = "ARRAY['version', 'updated_at', 'updated_by']"


@dataclass
class House:
    """An organisation with people: somebody who leaves, two who take over, and their manager."""

    database: Database
    schema: str
    people: Mapping[str, UUID]
    departments: Mapping[str, UUID]
    admin: UUID

    async def state(self) -> dict[str, Any]:
        """Everything that a hand-over may touch, versions and stamps aside."""
        tables = {
            name: f"SELECT to_jsonb(t) - {STAMPS} AS row FROM {{org}}.{name} t ORDER BY id"
            for name in ("r_account", "r_opportunity", "r_task", "r_person", "r_department", "r_contact")
        }
        tables["shares"] = "SELECT to_jsonb(t) AS row FROM {org}.shares t ORDER BY id"
        tables["followers"] = "SELECT to_jsonb(t) AS row FROM {org}.followers t ORDER BY record, person"
        tables["rules"] = "SELECT to_jsonb(t) AS row FROM {org}.sharing_rules t ORDER BY id"
        tables["seats"] = "SELECT to_jsonb(t) AS row FROM {org}.approval_seats t ORDER BY id"
        tables["steps"] = "SELECT to_jsonb(t) AS row FROM {org}.approval_steps t ORDER BY id"
        tables["totals"] = (
            "SELECT to_jsonb(t) AS row FROM {org}.state_totals t WHERE count <> 0 ORDER BY to_jsonb(t)::text"
        )
        async with self.database.read(self.schema) as tx:
            return {name: [row["row"] for row in await tx.fetch_all(text)] for name, text in tables.items()}

    async def held(self, who: str, table: str = "r_opportunity") -> int:
        """How many records of a table somebody owns."""
        text = f"SELECT count(*) FROM {{org}}.{table} WHERE owner = :owner AND deleted_at IS NULL"
        async with self.database.read(self.schema) as tx:
            return int(await tx.fetch_value(text, {"owner": self.people[who]}))

    async def hand_over(self, **plan: Any) -> HandOver:
        """Hands over by a plan and gives what came of it."""
        body = {"person": self.people["leaver"], "reason": "离职", **plan}
        async with self.database.transaction(self.schema) as tx:
            scope = await self.scope(tx)
            begun = await begin_hand_over(tx, scope, HandOverPlan.model_validate(body))
        await run_hand_over(self.database, self.schema, str(begun.id))
        return await self.find(begun.id)

    async def take_back(self, one: HandOver) -> HandOver:
        """Undoes it and gives what came of that."""
        async with self.database.transaction(self.schema) as tx:
            await begin_undo(tx, await self.scope(tx), one.id)
        await run_undo(self.database, self.schema, str(one.id), str(self.admin))
        return await self.find(one.id)

    async def find(self, ident: UUID) -> HandOver:
        """The hand-over as it stands."""
        async with self.database.read(self.schema) as tx:
            return await find_hand_over(tx, ident)

    async def scope(self, tx: Any) -> Scope:
        """The scope of the administrator who does it."""
        return system_scope(await load_snapshot(tx), "管理员", self.admin)

    async def make(self, changes: list[Any]) -> None:
        """Writes as the installation itself."""
        async with self.database.transaction(self.schema, statement_seconds=0) as tx:
            await write(tx, system_scope(await load_snapshot(tx)), changes, Cause(Door.API))


@pytest.fixture
async def house(sales_database: Database, sales_organisation: Organisation) -> AsyncIterator[House]:
    """A fresh one for each test: the people of the others have names of their own."""
    names = ("leaver", "first", "second", "boss")
    people, departments = {name: new_id() for name in names}, {name: new_id() for name in ("east", "south")}
    async with sales_database.transaction(sales_organisation.schema) as tx:
        admin = await person_of_login(tx, ADMINISTRATOR)
        house = House(sales_database, sales_organisation.schema, people, departments, admin)
    await house.make([Create("department", {"name": name}, ident) for name, ident in departments.items()])
    await house.make(
        [
            Create("person", {"name": name, "department": str(departments["east"])}, ident)
            for name, ident in people.items()
        ]
    )
    await house.make([Update("person", people["second"], {"department": str(departments["south"])})])
    yield house


def _records(house: House, owner: str, accounts: int, deals: int, past: Past | None = None) -> list[Any]:
    who = str(house.people[owner])
    made = [new_id() for _ in range(accounts)]
    found: list[Any] = [Create("account", {"name": f"客户 {one}", "owner": who}, one) for one in made]
    found += [
        Create(
            "opportunity",
            {"name": f"商机 {at}", "owner": who, "account": str(made[at % accounts]), "amount": at + 1},
            past=past,
        )
        for at in range(deals)
    ]
    return found


async def test_everything_goes_and_comes_back(house: House) -> None:
    people = house.people
    await house.make(_records(house, "leaver", 4, 10))
    leaver = str(people["leaver"])
    tasks = [{"subject": f"任务 {at}", "owner": leaver, "status": "done" if at < 2 else "open"} for at in range(5)]
    await house.make([Create("task", one) for one in tasks])
    await house.make([Update("person", people["first"], {"manager": leaver})])
    await house.make([Update("person", people["leaver"], {"manager": str(people["boss"])})])
    await house.make([Update("person", people["second"], {"manager": leaver})])
    await house.make([Update("department", house.departments["east"], {"head": leaver})])
    await _besides(house)
    before = await house.state()

    async with house.database.read(house.schema) as tx:
        held = await read_holdings(tx, await house.scope(tx), people["leaver"])
    figures = {one["key"]: (one["total"], one["open"]) for one in held["parts"]}
    assert figures == {
        "account.owner": (4, None),
        "opportunity.owner": (10, 10),
        "task.owner": (35, 33),
        "person.manager": (2, None),
        "department.head": (1, None),
    }
    assert {one["key"]: one["total"] for one in held["beside"]} == {"shares": 3, "following": 2, "rules": 1}

    done = await house.hand_over(successors=[str(people["first"])], leaves=True)
    assert (done.state, done.kept_count, done.done, done.total) == ("done", 0, 56, 56)
    assert (await house.held("leaver"), await house.held("first")) == (0, 10)
    # what is done stays with whoever did it; the others are three for each opportunity from its stage, and three more
    assert (await house.held("leaver", "r_task"), await house.held("first", "r_task")) == (2, 33)
    after = await house.state()
    by_id = {row["id"]: row for row in after["r_person"]}
    assert by_id[leaver]["status"] == "left"
    # a successor who reported to the leaver does not come to report to themselves
    assert by_id[str(people["first"])]["manager"] == str(people["boss"])
    assert by_id[str(people["second"])]["manager"] == str(people["first"])

    undone = await house.take_back(done)
    assert (undone.state, undone.kept_count, undone.problem) == ("undone", 0, None)
    assert await house.state() == before
    with pytest.raises(Conflict):
        await house.take_back(undone)


async def _besides(house: House) -> None:
    """Shares, followers and a rule: some that only the leaver has, some that the first successor has as well."""
    people, now = house.people, datetime.now(UTC)
    rows = [new_id() for _ in range(4)]
    await house.make([Create("account", {"name": f"别人的客户 {one}"}, one) for one in rows])
    given = [
        (rows[0], "leaver", "edit", None),
        (rows[1], "leaver", "edit", None),
        (rows[1], "first", "read", None),
        (rows[2], "leaver", "read", now + timedelta(days=9)),
        (rows[3], "leaver", "read", now - timedelta(days=9)),
    ]
    async with house.database.transaction(house.schema) as tx:
        for record, who, level, ends_at in given:
            await tx.execute(
                "INSERT INTO {org}.shares (id, object, record, person, level, starts_at, ends_at, given_at)"
                " VALUES (:id, 'account', :record, :person, :level, :now, :ends_at, :now)",
                {
                    "id": new_id(),
                    "record": record,
                    "person": people[who],
                    "level": level,
                    "now": now - timedelta(days=10),
                    "ends_at": ends_at,
                },
            )
        for record, who in ((rows[0], "leaver"), (rows[1], "leaver"), (rows[1], "first")):
            await tx.execute(
                "INSERT INTO {org}.followers (record, person, object, since) VALUES (:record, :person, 'account', :now)",
                {"record": record, "person": people[who], "now": now},
            )
        await tx.execute(
            'INSERT INTO {org}.sharing_rules (id, label, object, "where", people, level)'
            ' VALUES (:id, \'{"zh": "规则"}\', \'account\', \'{"field": "name", "op": "eq", "value": "无"}\','
            " :people, 'read')",
            {"id": new_id(), "people": [people["leaver"], people["boss"]]},
        )


async def test_what_others_have_changed_since_stays_theirs(house: House) -> None:
    people = house.people
    await house.make(_records(house, "leaver", 1, 3))
    done = await house.hand_over(successors=[str(people["first"])])
    async with house.database.read(house.schema) as tx:
        given = await tx.fetch_column(
            "SELECT id FROM {org}.r_opportunity WHERE owner = :owner ORDER BY id", {"owner": people["first"]}
        )
    await house.make([Update("opportunity", given[0], {"owner": str(people["boss"])})])
    undone = await house.take_back(done)
    assert (undone.state, undone.kept_count) == ("undone", 1)
    assert undone.kept[0]["record"] == str(given[0])
    assert [await house.held(who) for who in ("leaver", "first", "boss")] == [2, 0, 1]


async def test_a_hand_over_is_undone_as_a_whole_only(house: House) -> None:
    await house.make(_records(house, "leaver", 1, 1))
    done = await house.hand_over(successors=[str(house.people["first"])])
    async with house.database.transaction(house.schema) as tx:
        with pytest.raises(Refused) as refused:
            await undo(tx, await house.scope(tx), done.action)
    assert refused.value.code == "part_of_a_hand_over"


async def test_splitting_by_object(house: House) -> None:
    first, second = str(house.people["first"]), str(house.people["second"])
    await house.make(_records(house, "leaver", 3, 5))
    await house.hand_over(successors=[first, second], split="object", by_object={"account": second})
    assert (await house.held("second", "r_account"), await house.held("first")) == (3, 5)


async def test_splitting_by_department(house: House) -> None:
    first, second = str(house.people["first"]), str(house.people["second"])
    await house.make(_records(house, "leaver", 2, 4))
    async with house.database.read(house.schema) as tx:
        rows = await tx.fetch_column(
            "SELECT id FROM {org}.r_opportunity WHERE owner = :owner ORDER BY id", {"owner": house.people["leaver"]}
        )
    south = str(house.departments["south"])
    await house.make([Update("opportunity", one, {"department": south}) for one in rows[:3]])
    await house.hand_over(successors=[first, second], split="department", by_department={south: second})
    assert (await house.held("second"), await house.held("first")) == (3, 1)


async def test_splitting_evenly_keeps_together_what_hangs_together(house: House) -> None:
    first, second = str(house.people["first"]), str(house.people["second"])
    await house.make(_records(house, "leaver", 5, 20))
    done = await house.hand_over(successors=[first, second], split="evenly")
    counts = done.division.given["account.owner"]
    assert sorted(counts.values()) == [2, 3]
    async with house.database.read(house.schema) as tx:
        apart = await tx.fetch_value(
            "SELECT count(*) FROM {org}.r_opportunity o JOIN {org}.r_account a ON a.id = o.account"
            " WHERE o.owner <> a.owner AND o.owner = ANY(:people)",
            {"people": [house.people["first"], house.people["second"]]},
        )
    assert apart == 0
    assert await house.held("first") + await house.held("second") == 20


async def test_parts_that_stay(house: House) -> None:
    first = str(house.people["first"])
    await house.make(_records(house, "leaver", 2, 3))
    done = await house.hand_over(
        successors=[first], parts={"account.owner": "none", "task.owner": "none", "opportunity.owner": "open"}
    )
    assert (await house.held("leaver", "r_account"), await house.held("first")) == (2, 3)
    assert done.total == 3


async def test_a_plan_that_cannot_be(house: House) -> None:
    leaver, first = str(house.people["leaver"]), str(house.people["first"])
    gone = new_id()
    await house.make([Create("person", {"name": "走了", "status": "left"}, gone)])
    for plan, code in (
        ({"successors": [leaver]}, "own_successor"),
        ({"successors": [str(gone)]}, "unknown_person"),
        ({"successors": [first], "person": str(new_id())}, "unknown_person"),
        ({"successors": [first], "split": "object", "by_object": {"account": leaver}}, "no_successor"),
        ({"successors": [first], "person": str(house.admin), "leaves": True}, "not_yourself"),
    ):
        with pytest.raises(Refused) as refused:
            await house.hand_over(**plan)
        assert refused.value.code == code, plan


async def test_the_last_administrator_does_not_leave(house: House) -> None:
    body = {"person": house.admin, "successors": [house.people["first"]], "leaves": True, "reason": "离职"}
    with pytest.raises(Refused) as refused:
        async with house.database.transaction(house.schema) as tx:
            scope = system_scope(await load_snapshot(tx), "installation", house.people["boss"])
            await begin_hand_over(tx, scope, HandOverPlan.model_validate(body))
    assert refused.value.code == "last_administrator"


def test_dividing_evenly_after_an_interruption() -> None:
    people = [new_id() for _ in range(3)]
    plan = HandOverPlan(person=new_id(), successors=people, split="evenly", reason="离职")
    drawn = random.Random(7)
    whole, broken = Division(plan), Division(plan)
    for at in range(100):
        for one in (whole, broken):
            one.count("part", one.choose("part"))
        if drawn.random() < 0.1:
            broken = Division(plan, {part: dict(counts) for part, counts in broken.given.items()})
        assert whole.given == broken.given, at
    assert sorted(whole.given["part"].values()) == [33, 33, 34]


async def test_twenty_thousand_records_go_and_come_back(house: House) -> None:
    # told afterwards, so that the stage makes no tasks
    await house.make(_records(house, "leaver", 2_000, 12_000, Past(datetime.now(UTC) - timedelta(days=30))))
    leaver = str(house.people["leaver"])
    await house.make([Create("task", {"subject": f"任务 {at}", "owner": leaver}) for at in range(MANY - 14_000)])
    before = await house.state()
    successors = [str(house.people[one]) for one in ("first", "second", "boss")]
    done = await house.hand_over(successors=successors, split="evenly", leaves=True)
    assert (done.state, done.done, done.kept_count) == ("done", MANY, 0)
    assert await house.held("leaver") == await house.held("leaver", "r_task") == 0
    undone = await house.take_back(done)
    assert (undone.state, undone.kept_count, undone.taken_back) == ("undone", 0, MANY + 1)
    assert await house.state() == before


async def test_what_belongs_to_records_that_are_gone_goes_with_them(house: House) -> None:
    kept, binned, gone = (new_id() for _ in range(3))
    await house.make([Create("account", {"name": f"客户 {one}"}, one) for one in (kept, binned)])
    people = house.people
    async with house.database.transaction(house.schema) as tx:
        for record in (kept, binned, gone):
            await tx.execute(
                "INSERT INTO {org}.followers (record, person, object, since) VALUES (:record, :person, 'account', now())",
                {"record": record, "person": people["first"]},
            )
            await tx.execute(
                "INSERT INTO {org}.shares (id, object, record, person, level, starts_at, given_at)"
                " VALUES (:id, 'account', :record, :person, 'read', now(), now())",
                {"id": new_id(), "record": record, "person": people["first"]},
            )
    await house.make([Delete("account", binned)])
    async with house.database.transaction(house.schema) as tx:
        assert await clean_sharing(tx, await house.scope(tx)) == 2
        assert await clean_sharing(tx, await house.scope(tx)) == 0
        left = await tx.fetch_column("SELECT record FROM {org}.shares WHERE person = :p", {"p": people["first"]})
    assert set(left) == {kept, binned}


async def test_a_run_that_is_cut_off_goes_on_where_it_stopped(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.make(_records(house, "leaver", 10, 0))
    before = await house.state()
    successors = [house.people["first"], house.people["second"]]
    body = {"person": house.people["leaver"], "reason": "离职", "successors": successors, "split": "evenly"}
    async with house.database.transaction(house.schema) as tx:
        begun = await begin_hand_over(tx, await house.scope(tx), HandOverPlan.model_validate(body))
    pages = 0
    give = giving.give_page

    async def give_two(*arguments: Any) -> str | None:
        nonlocal pages
        pages += 1
        if pages == 3:
            raise asyncio.CancelledError
        return await give(*arguments)

    monkeypatch.setattr(records_held, "PAGE", 3)
    with monkeypatch.context() as patch:
        patch.setattr(giving, "give_page", give_two)
        with pytest.raises(asyncio.CancelledError):
            await run_hand_over(house.database, house.schema, str(begun.id))
    half = await house.find(begun.id)
    assert (half.state, half.done, await house.held("leaver", "r_account")) == ("running", 6, 4)
    await run_hand_over(house.database, house.schema, str(begun.id))
    done = await house.find(begun.id)
    assert (done.state, done.done, sorted(done.division.given["account.owner"].values())) == ("done", 10, [5, 5])
    # what is over is not done again
    await run_hand_over(house.database, house.schema, str(begun.id))
    undone = await house.take_back(done)
    assert (undone.taken_back, await house.state() == before) == (10, True)
