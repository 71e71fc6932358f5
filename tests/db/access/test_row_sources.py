"""Random people, departments, roles and records: what each way of reading yields is compared with a slow, obvious rule
in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.access.actors import raise_access_version, scope_of_person
from liaoran.access.scope import Scope, system_scope
from liaoran.access.tables import person_roles, roles
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.packs import load_pack
from liaoran.process.guard import ProcessGuard
from liaoran.process.publish import publish_process
from liaoran.query.expressions import FormulaChecker
from liaoran.query.plans import Plan
from liaoran.query.reads import compile_aggregate, compile_board, compile_query, compile_record, compile_search
from liaoran.query.requests import AggregateRequest, BoardRequest, QueryRequest, read_request
from liaoran.records.changes import Change, Create, Delete, Update
from liaoran.records.guards import register_guard
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_objects
from liaoran.schema.expressions import register_checker
from liaoran.schema.install import install_pack
from liaoran.schema.snapshot import Snapshot

PEOPLE, DEPARTMENTS, DEALS = 5, 5, 14
STATES = ("talk", "offer", "won", "lost")
DEAL = {
    "key": "deal",
    "label": {"zh": "单子", "en": "Deal"},
    "tracked": True,
    "fields": [
        {"key": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}},
        {"key": "amount", "type": "money", "label": {"zh": "金额", "en": "Amount"}},
        {
            "key": "stage",
            "type": "choice",
            "label": {"zh": "阶段", "en": "Stage"},
            "choices": [{"key": state, "label": {"zh": state, "en": state}} for state in STATES],
        },
    ],
}
NOTICE = {
    "key": "notice",
    "label": {"zh": "公告", "en": "Notice"},
    "ownable": False,
    "fields": [
        {"key": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}},
        {
            "key": "deal",
            "type": "link",
            "label": {"zh": "单子", "en": "Deal"},
            "options": {"target": "deal", "carries": "edit"},
        },
    ],
}
PIPELINE = {
    "key": "selling",
    "object": "deal",
    "field": "stage",
    "sum_field": "amount",
    "label": {"zh": "销售", "en": "Selling"},
    "states": [
        {"key": state, "label": {"zh": state, "en": state}, "kind": kind}
        for state, kind in zip(STATES, ("open", "open", "won", "lost"), strict=True)
    ],
}


# the world


@dataclass(frozen=True)
class Deal:
    id: UUID
    name: str
    amount: int
    stage: str
    owner: int | None
    department: int | None
    deleted: bool


@dataclass(frozen=True)
class World:
    """``parents[d]`` is the department above d; ``homes[p]`` the one of person p; ``held[p]`` their grants."""

    parents: tuple[int | None, ...]
    homes: tuple[int | None, ...]
    held: tuple[tuple[Mapping[str, Any], ...], ...]
    deals: tuple[Deal, ...]

    def below(self, department: int | None) -> set[int]:
        """The department and everything that reports to it, however far down."""
        if department is None:
            return set()
        found = {department}
        for child, parent in enumerate(self.parents):
            if parent == department:
                found |= self.below(child)
        return found

    def reach(self, person: int, verb: str) -> str:
        """The widest of the person's roles."""
        words = ["none", "own", "department", "below", "all"]
        given = [role["objects"]["*"].get(verb, "none") for role in self.held[person]]
        return max(given, key=words.index, default="none")

    def sees(self, person: int, deal: Deal, verb: str = "read") -> bool:
        reach = self.reach(person, verb)
        if verb != "read" and not self.sees(person, deal):
            return False
        own = deal.owner == person
        if reach in ("department", "below"):
            places = {self.homes[person]} if reach == "department" else self.below(self.homes[person])
            return own or (deal.department is not None and deal.department in places)
        return reach == "all" or (reach == "own" and own)

    def visible(self, person: int, deleted: bool = False) -> list[Deal]:
        return [one for one in self.deals if one.deleted is deleted and self.sees(person, one)]

    def hides_amount(self, person: int) -> bool:
        reading = [role for role in self.held[person] if role["objects"]["*"].get("read", "none") != "none"]
        return bool(reading) and all("amount" in role["objects"]["*"].get("fields", {}) for role in reading)


reaches = st.sampled_from(["none", "own", "department", "below", "all"])
grants = st.builds(
    lambda read, edit, delete, hide: {
        "objects": {
            "*": {
                "read": read,
                "edit": edit,
                "delete": delete,
                "export": read,
                "create": True,
                **({"fields": {"amount": "hidden"}} if hide else {}),
            }
        }
    },
    reaches,
    reaches,
    reaches,
    st.integers(0, 3).map(lambda number: number == 0),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    above = [draw(st.none() | st.integers(0, number - 1)) if number else None for number in range(DEPARTMENTS)]
    homes = [draw(st.none() | st.integers(0, DEPARTMENTS - 1)) for _ in range(PEOPLE)]
    held = [tuple(draw(st.lists(grants, max_size=2))) for _ in range(PEOPLE)]
    deals = [
        Deal(
            id=new_id(),
            name=f"华为云项目{number}",
            amount=draw(st.integers(0, 5)) * 1000,
            stage=draw(st.sampled_from(STATES)),
            owner=draw(st.none() | st.integers(0, PEOPLE - 1)),
            department=draw(st.none() | st.integers(0, DEPARTMENTS - 1)),
            deleted=draw(st.integers(0, 4)) == 0,
        )
        for number in range(draw(st.integers(1, DEALS)))
    ]
    return World(tuple(above), tuple(homes), tuple(held), tuple(deals))


# the world in the database


class RollBack(Exception):
    """Ends an example and leaves nothing of it."""


@dataclass(frozen=True)
class Built:
    tx: Transaction
    snapshot: Snapshot
    people: tuple[UUID, ...]
    departments: tuple[UUID, ...]

    async def scope(self, person: int) -> Scope:
        return await scope_of_person(self.tx, self.snapshot, self.people[person])

    async def read(self, plan: Plan) -> Any:
        return orjson.loads(await self.tx.fetch_json(plan.statement, plan.binds) or b"null")


@pytest.fixture(scope="module")
async def furnished(database: Database, organisation: Organisation) -> Organisation:
    register_checker(FormulaChecker())
    register_guard(ProcessGuard())
    async with database.transaction(organisation.schema) as tx:
        await install_pack(tx, load_pack("none"))
        snapshot = await add_objects(tx, [DEAL, NOTICE])
        await publish_process(tx, system_scope(snapshot), PIPELINE)
    return organisation


async def _build(tx: Transaction, world: World) -> Built:
    snapshot = await load_snapshot(tx)
    built = Built(tx, snapshot, tuple(new_id() for _ in range(PEOPLE)), tuple(new_id() for _ in range(DEPARTMENTS)))
    system, cause = system_scope(snapshot), Cause(Door.API)
    await write(tx, system, list(_base(built, world)), cause)
    tree = [
        Update("department", built.departments[child], {"parent": str(built.departments[parent])})
        for child, parent in enumerate(world.parents)
        if parent is not None
    ]
    await write(tx, system, tree, cause)
    await write(tx, system, [Delete("deal", one.id) for one in world.deals if one.deleted], cause)
    for person, held in enumerate(world.held):
        for number, role in enumerate(held):
            key = f"role_{person}_{number}"
            await tx.execute(sa.insert(roles), {"key": key, "label": {"zh": key}, "grants": role})
            await tx.execute(sa.insert(person_roles), {"person": built.people[person], "role": key})
    await raise_access_version(tx)
    return built


def _base(built: Built, world: World) -> Iterator[Change]:
    for number, department in enumerate(built.departments):
        yield Create("department", {"name": f"部门{number}"}, department)
    for number, person in enumerate(built.people):
        home = world.homes[number]
        values = {"name": f"人员{number}", "department": None if home is None else str(built.departments[home])}
        yield Create("person", values, person)
    for deal in world.deals:
        values = {
            "name": deal.name,
            "amount": deal.amount,
            "stage": deal.stage,
            "owner": None if deal.owner is None else str(built.people[deal.owner]),
            "department": None if deal.department is None else str(built.departments[deal.department]),
        }
        yield Create("deal", values, deal.id)
    for deal in world.deals:
        yield Create("notice", {"name": "通知", "deal": str(deal.id)})


@given(world=worlds())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_every_way_of_reading_agrees_with_the_oracle(
    world: World, database: Database, furnished: Organisation
) -> None:
    with pytest.raises(RollBack):
        async with database.transaction(furnished.schema) as tx:
            built = await _build(tx, world)
            for person in range(PEOPLE):
                scope = await built.scope(person)
                await _compare_lists(built, world, person, scope)
                await _compare_figures(built, world, person, scope)
                await _compare_verbs(built, world, person, scope)
                await _compare_links(built, world, person, scope)
                await _compare_carried(built, world, person, scope)
                await _compare_fields(built, world, person, scope)
            raise RollBack


async def _compare_lists(built: Built, world: World, person: int, scope: Scope) -> None:
    visible = {str(one.id) for one in world.visible(person)}
    listed = await built.read(_query(scope, "deal", {"limit": 1000, "count": True, "select": ["name"]}))
    assert {one["id"] for one in listed["records"]} == visible
    assert listed["total"] == len(visible)
    found = await built.read(_query(scope, "deal", {"limit": 1000, "q": "华为", "select": ["name"]}))
    assert {one["id"] for one in found["records"]} == visible
    moment = (scope.params()["now"] + timedelta(minutes=1)).isoformat()
    past = await built.read(_query(scope, "deal", {"limit": 1000, "as_of": moment, "select": ["name"]}))
    assert {one["id"] for one in past["records"]} == visible
    for deal in world.deals:
        one = await built.read(compile_record(scope, "deal", deal.id))
        assert (one is not None) == (str(deal.id) in visible)
    groups = (await built.read(compile_search(scope, "hwy", ["deal"], 50)))["groups"]
    assert {one["id"] for group in groups for one in group["records"]} == visible


async def _compare_figures(built: Built, world: World, person: int, scope: Scope) -> None:
    visible = world.visible(person)
    grouped = await built.read(_figures(scope, {"group_by": ["stage"], "measures": [{"fn": "count"}]}))
    assert Counter({_key(row[0]): row[1] for row in grouped["rows"]}) == Counter(one.stage for one in visible)
    if not world.hides_amount(person):
        summed = await built.read(_figures(scope, {"measures": [{"fn": "sum", "field": "amount"}]}))
        place = [column["key"] for column in summed["columns"]].index("sum(amount)")
        assert sum(Decimal(str(row[place] or 0)) for row in summed["rows"]) == sum(one.amount for one in visible)
    for request in ({}, {"where": {"field": "name", "op": "not_empty"}}):
        board = await built.read(
            compile_board(scope, "selling", read_request(BoardRequest, {"per_state": 50, **request}))
        )
        for state in board["states"]:
            there = [one for one in visible if one.stage == state["key"]]
            assert state["count"] == len(there)
            assert {one["id"] for one in state["records"]} == {str(one.id) for one in there}
            if world.hides_amount(person):
                assert "amount" not in state["sums"]
            else:
                assert sum(state["sums"].get("amount", {}).values()) == sum(one.amount for one in there)


async def _compare_verbs(built: Built, world: World, person: int, scope: Scope) -> None:
    for verb in ("edit", "delete"):
        reached = {one.id for one in world.deals if not one.deleted and world.sees(person, one, verb)}
        assert await _ids(built, scope, verb) == reached
        assert scope.may("deal", verb) or not reached
    binned = {one.id for one in world.deals if one.deleted and world.sees(person, one, "delete")}
    assert await _ids(built, scope, "bin") == binned


async def _compare_links(built: Built, world: World, person: int, scope: Scope) -> None:
    """A record that nobody owns is read by all readers, yet what it links to shows only to whom it shows anyway."""
    notices = await built.read(_query(scope, "notice", {"limit": 1000, "select": ["deal", "deal.stage"]}))
    if world.reach(person, "read") == "none":
        assert notices["records"] == []
        return
    assert len(notices["records"]) == len(world.deals)
    visible = {str(one.id): one.stage for one in world.visible(person)}
    shown = [one for one in notices["records"] if one["deal.stage"] is not None]
    assert {one["deal"]["id"]: _key(one["deal.stage"]) for one in shown} == visible
    assert all((one["deal"] or {}).get("label") is None for one in notices["records"] if one not in shown)


async def _compare_carried(built: Built, world: World, person: int, scope: Scope) -> None:
    """A record that nobody owns is changed with what it goes with, by whoever may change such records at all."""
    for verb in ("edit", "delete"):
        reach = world.reach(person, verb)
        may = reach != "none" and world.reach(person, "read") != "none"
        assert scope.may("notice", verb) is (may and (reach == "all" or world.reach(person, "edit") != "none"))
        source = scope.source("notice", verb)
        found = await built.tx.fetch_column(sa.select(source.c.deal), scope.params())
        edited = {one.id for one in world.deals if not one.deleted and world.sees(person, one, "edit")}
        everything = {one.id for one in world.deals}
        assert set(found) == (everything if may and reach == "all" else edited if may else set())


async def _compare_fields(built: Built, world: World, person: int, scope: Scope) -> None:
    if not world.hides_amount(person):
        return
    attempts: list[tuple[str, Any]] = [
        ("select", lambda field: _query(scope, "deal", {"select": [field]})),
        ("where", lambda field: _query(scope, "deal", {"where": {"field": field, "op": "not_empty"}})),
        ("sort", lambda field: _query(scope, "deal", {"sort": [{"field": field}]})),
        ("group", lambda field: _figures(scope, {"group_by": [field]})),
        ("sum", lambda field: _figures(scope, {"measures": [{"fn": "sum", "field": field}]})),
        ("path", lambda field: _query(scope, "notice", {"select": [f"deal.{field}"]})),
    ]
    for place, attempt in attempts:
        answers = {}
        for field in ("amount", "no_such_field"):
            with pytest.raises(Invalid) as caught:
                attempt(field)
            answers[field] = (caught.value.code, caught.value.message.zh.replace(field, "…"))
        assert answers["amount"] == answers["no_such_field"], place
    for field in ("amount", "no_such_field"):
        with pytest.raises(Invalid) as caught:
            async with built.tx.savepoint():
                await write(built.tx, scope, [Create("deal", {"name": "新", field: 1})], Cause(Door.API))
        assert "unknown_field" in {caught.value.code, *(one.code for one in caught.value.problems)}
    records = (await built.read(_query(scope, "deal", {"limit": 1000})))["records"]
    assert not any("amount" in one for one in records)


def _query(scope: Scope, object_key: str, request: Mapping[str, Any]) -> Plan:
    return compile_query(scope, object_key, read_request(QueryRequest, request))


def _figures(scope: Scope, request: Mapping[str, Any]) -> Plan:
    return compile_aggregate(scope, "deal", read_request(AggregateRequest, request))


async def _ids(built: Built, scope: Scope, verb: str) -> set[UUID]:
    source = scope.source("deal", verb)
    return set(await built.tx.fetch_column(sa.select(source.c.id), scope.params()))


def _key(value: Any) -> Any:
    return value["key"] if isinstance(value, dict) and "key" in value else value
