"""Random organisations, roles, shares, rules and restrictions: every way of reading and writing, for every person, against
a slow oracle in plain Python.

``ACCESS_CASES`` sets how many organisations are made (nightly: 10000), ``ACCESS_FROM`` where their numbers begin. A
failure names the number, so ``ACCESS_CASES=1 ACCESS_FROM=<number>`` makes that one again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from liaoran.access.actors import raise_access_version, scope_of_person
from liaoran.access.holdings import holdings_of
from liaoran.access.reasons import explain
from liaoran.access.scope import Scope, system_scope
from liaoran.access.tables import person_roles, policies, roles, shares, sharing_rules
from liaoran.exchange.exports.rows import export_pages, select_columns
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, Invalid, LiaoranError, NotFound
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.packs import load_pack
from liaoran.process.guard import ProcessGuard
from liaoran.process.publish import publish_process
from liaoran.process.reading import read_visits
from liaoran.process.timeline import read_timeline
from liaoran.query.expressions import FormulaChecker
from liaoran.query.plans import Plan
from liaoran.query.reads import compile_aggregate, compile_board, compile_query, compile_record, compile_search
from liaoran.query.requests import AggregateRequest, BoardRequest, QueryRequest, read_request
from liaoran.records.changes import Create, Delete, Past, Rejected, Update
from liaoran.records.guards import register_guard
from liaoran.records.history import read_history
from liaoran.records.write import write
from liaoran.schema.changes import add_objects, change_field
from liaoran.schema.expressions import register_checker
from liaoran.schema.install import install_pack
from liaoran.schema.snapshot import Snapshot
from tests.db.access.worlds import DEPARTMENTS, PEOPLE, SCOPED, STATES, Deal, Facts, Note, World, make_world

CASES = int(os.environ.get("ACCESS_CASES", "24"))
FROM = int(os.environ.get("ACCESS_FROM", "990"))
THEN, BETWEEN = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
LATER, LONG_AGO, FAR_AWAY = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2000, 2100))
TEXT = {"zh": "名", "en": "Name"}
COMPANY = {
    "key": "company",
    "label": {"zh": "公司", "en": "Company"},
    "fields": [{"key": "name", "type": "text", "label": TEXT}, {"key": "city", "type": "text", "label": TEXT}],
}
DEAL = {
    "key": "deal",
    "label": {"zh": "单子", "en": "Deal"},
    "tracked": True,
    "fields": [
        {"key": "name", "type": "text", "label": TEXT},
        {"key": "amount", "type": "money", "label": TEXT},
        {"key": "phone", "type": "phone", "label": TEXT},
        {"key": "mail", "type": "email", "label": TEXT},
        {"key": "company", "type": "link", "label": TEXT, "options": {"target": "company"}},
        {
            "key": "region",
            "type": "choice",
            "label": TEXT,
            "choices": [{"key": one, "label": {"zh": one, "en": one}} for one in ("east", "west")],
        },
        {
            "key": "stage",
            "type": "choice",
            "label": TEXT,
            "choices": [{"key": one, "label": {"zh": one, "en": one}} for one in STATES],
        },
    ],
}
NOTICE = {
    "key": "notice",
    "label": {"zh": "公告", "en": "Notice"},
    "ownable": False,
    "fields": [
        {"key": "name", "type": "text", "label": TEXT},
        {"key": "deal", "type": "link", "label": TEXT, "options": {"target": "deal"}},
    ],
}
NOTE = {
    "key": "note",
    "label": {"zh": "便签", "en": "Note"},
    "tracked": True,
    "activity": {"at": ["made_at"], "by": "owner"},
    "fields": [
        {"key": "name", "type": "text", "label": TEXT},
        {"key": "points", "type": "number", "label": TEXT},
        {"key": "made_at", "type": "instant", "label": TEXT},
        {"key": "deal", "type": "link", "label": TEXT, "options": {"target": "deal"}},
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


class RollBack(Exception):
    """Ends a case and leaves nothing of it."""


@dataclass(frozen=True)
class Built:
    tx: Transaction
    snapshot: Snapshot
    world: World
    people: tuple[UUID, ...]
    departments: tuple[UUID, ...]

    async def read(self, plan: Plan) -> Any:
        return orjson.loads(await self.tx.fetch_json(plan.statement, plan.binds) or b"null")

    def person(self, number: int | None) -> str | None:
        return None if number is None else str(self.people[number])

    def department(self, number: int | None) -> str | None:
        return None if number is None else str(self.departments[number])

    def deal(self, number: int | None) -> str | None:
        return None if number is None else str(self.world.deals[number].id)

    def company(self, number: int | None) -> str | None:
        return None if number is None else str(self.world.companies[number].id)


@pytest.fixture(scope="module")
async def furnished(database: Database, organisation: Organisation) -> Organisation:
    register_checker(FormulaChecker())
    register_guard(ProcessGuard())
    async with database.transaction(organisation.schema) as tx:
        await install_pack(tx, load_pack("none"))
        snapshot = await add_objects(tx, [COMPANY, DEAL, NOTICE, NOTE])
        await publish_process(tx, system_scope(snapshot), PIPELINE)
    return organisation


# the world in the database


async def _build(tx: Transaction, world: World) -> Built:
    snapshot = await change_field(tx, "note", "deal", {"options": {"carries": world.carries}})
    people, departments = tuple(new_id() for _ in range(PEOPLE)), tuple(new_id() for _ in range(DEPARTMENTS))
    built = Built(tx, snapshot, world, people, departments)
    system, cause = system_scope(snapshot), Cause(Door.API)
    changes = [
        Create("department", {"name": f"部门{n}", "parent": built.department(world.parents[n])}, one)
        for n, one in enumerate(departments)
    ]
    changes += [
        Create(
            "person",
            {
                "name": f"人员{n}",
                "department": built.department(world.homes[n]),
                "manager": built.person(world.managers[n]),
            },
            one,
        )
        for n, one in enumerate(people)
    ]
    changes += [
        Create(
            "company",
            {
                "name": "公司",
                "city": one.city,
                "owner": built.person(one.owner),
                "department": built.department(one.department),
            },
            one.id,
        )
        for one in world.companies
    ]
    await write(tx, system, changes, cause)
    deals = [Create("deal", _values(built, one, one.then, new=True), one.id, Past(THEN)) for one in world.deals]
    await write(tx, system, deals, cause)
    await write(tx, system, [Create("notice", {"name": "通知", "deal": str(one.id)}) for one in world.deals], cause)
    moved = [one for one in world.deals if one.now != one.then]
    await write(
        tx, system, [Update("deal", one.id, _values(built, one, one.now), past=Past(LATER)) for one in moved], cause
    )
    await _write_notes(built)
    await write(tx, system, [Delete("deal", one.id) for one in world.deals if one.deleted], cause)
    await _allow(built)
    return built


async def _write_notes(built: Built) -> None:
    tx, notes, system, cause = built.tx, built.world.notes, system_scope(built.snapshot), Cause(Door.API)

    def values(one: Note) -> dict[str, Any]:
        return {
            "name": "便签",
            "points": one.points,
            "made_at": THEN.isoformat(),
            "deal": built.deal(one.then),
            "owner": built.person(one.owner),
            "department": built.department(one.department),
        }

    await write(tx, system, [Create("note", values(one), one.id, Past(THEN)) for one in notes], cause)
    moved = [one for one in notes if one.deal != one.then]
    await write(
        tx, system, [Update("note", one.id, {"deal": built.deal(one.deal)}, past=Past(LATER)) for one in moved], cause
    )
    await write(tx, system, [Delete("note", one.id) for one in notes if one.deleted], cause)


def _values(built: Built, deal: Deal, facts: Facts, *, new: bool = False) -> dict[str, Any]:
    fixed = {"name": deal.name, "phone": deal.phone, "mail": deal.mail, "company": built.company(deal.company)}
    return {
        **(fixed if new else {}),
        "amount": facts.amount,
        "stage": facts.stage,
        "region": facts.region,
        "owner": built.person(facts.owner),
        "department": built.department(facts.department),
    }


async def _allow(built: Built) -> None:
    tx, world = built.tx, built.world
    for key, role in world.roles.items():
        await tx.execute(sa.insert(roles), {"key": key, "label": {"zh": key}, "grants": role})
    for person, held in enumerate(world.held):
        own = [*held, "administrator"] if world.is_administrator(person) else held
        for key in own:
            await tx.execute(sa.insert(person_roles), {"person": built.people[person], "role": key})
    for share in world.shares:
        values = {
            "id": new_id(),
            "object": share.object,
            "record": (world.deals if share.object == "deal" else world.notes)[share.deal].id,
            "person": None if share.person is None else built.people[share.person],
            "department": None if share.department is None else built.departments[share.department],
            "level": share.level,
            "starts_at": LONG_AGO,
            "ends_at": FAR_AWAY if share.running else LATER,
            "given_at": LONG_AGO,
        }
        await tx.execute(sa.insert(shares), values)
    for n, rule in enumerate(world.rules):
        values = {"id": new_id(), "label": TEXT, "object": "deal", "where": rule.where, "level": rule.level}
        await tx.execute(sa.insert(sharing_rules), {**values, **_named(built, rule), "position": n})
    for n, policy in enumerate(world.policies):
        about = {"object": policy.object, "where": policy.where, "verbs": list(policy.verbs)}
        values = {"key": f"p{n}", "label": TEXT, **about}
        await tx.execute(sa.insert(policies), {**values, **_named(built, policy), "position": n})
    await raise_access_version(tx)


def _named(built: Built, one: Any) -> dict[str, Any]:
    return {
        "people": [built.people[person] for person in one.people],
        "departments": [built.departments[department] for department in one.departments],
        "roles": list(one.roles),
        "active": one.active,
    }


@pytest.mark.parametrize("part", range(4))
async def test_every_path_agrees_with_the_oracle(part: int, database: Database, furnished: Organisation) -> None:
    for number in range(FROM + part, FROM + CASES, 4):
        world = make_world(number)
        with pytest.raises(RollBack):
            async with database.transaction(furnished.schema) as tx:
                built = await _build(tx, world)
                for person in range(PEOPLE):
                    try:
                        await _compare(built, person, await scope_of_person(tx, built.snapshot, built.people[person]))
                    except Exception as error:
                        error.add_note(f"world {number}, person {person}")
                        raise
                raise RollBack


async def _compare(built: Built, person: int, scope: Scope) -> None:
    for verb in ("create", *SCOPED):
        if verb != "create":
            assert scope.may("deal", verb) is built.world.may(person, "deal", verb), verb
    await _compare_rows(built, person, scope)
    await _compare_reasons(built, person)
    await _compare_notes(built, person, scope)
    if not built.world.may(person, "deal", "read"):
        return
    await _compare_lists(built, person, scope)
    await _compare_past(built, person, scope)
    await _compare_figures(built, person, scope)
    await _compare_beside(built, person, scope)
    await _compare_links(built, person, scope)
    await _compare_masks(built, person, scope)
    await _compare_writes(built, person, scope)


def _ids(records: Sequence[Deal | Note]) -> set[str]:
    return {str(one.id) for one in records}


async def _compare_rows(built: Built, person: int, scope: Scope) -> None:
    world = built.world
    for verb in SCOPED:
        source = scope.source("deal", verb)
        found = {str(one) for one in await built.tx.fetch_column(sa.select(source.c.id), scope.params())}
        assert found == _ids([one for one in world.deals if not one.deleted and world.sees(person, one, verb)]), verb
    source = scope.source("deal", "bin")
    found = {str(one) for one in await built.tx.fetch_column(sa.select(source.c.id), scope.params())}
    assert found == _ids([one for one in world.deals if one.deleted and world.sees(person, one, "delete")])


async def _compare_reasons(built: Built, person: int) -> None:
    """What is told about a record is what happens, and each outcome has its reason."""
    world = built.world
    held = list((await holdings_of(built.tx, built.snapshot, [built.people[person]])).values())
    for deal in world.deals:
        if deal.deleted:
            continue
        told = (await explain(built.tx, built.snapshot, held, "deal", deal.id))[built.people[person]]
        for verb, may in (("read", told.sees), ("edit", told.edits)):
            assert may is world.sees(person, deal, verb)
            assert may is any(one.verb == verb for one in told.reasons)
        assert bool(told.obstacles) is not (told.sees and told.edits)


async def _compare_lists(built: Built, person: int, scope: Scope) -> None:
    world = built.world
    visible = _ids(world.visible(person))
    listed = await built.read(_query(scope, {"limit": 1000, "count": True, "select": ["name"]}))
    assert {one["id"] for one in listed["records"]} == visible
    assert listed["total"] == len(visible)
    found = await built.read(compile_search(scope, "hwy", ["deal"], 50))
    searched = {one["id"] for group in found["groups"] for one in group["records"]}
    closed = any(world.mask(person, key) in ("hidden", "masked") for key in ("phone", "mail"))
    assert searched == (set() if closed else visible)
    for deal in world.deals:
        one = await built.read(compile_record(scope, "deal", deal.id))
        assert (one is not None) == (str(deal.id) in visible)
    if scope.may("deal", "export"):
        selection = select_columns(scope, "deal", read_request(QueryRequest, {"select": ["name"]}))
        exported = [one["id"] async for _, page in export_pages(built.tx, scope, selection) for one in page]
        reached = [one for one in world.deals if not one.deleted and world.sees(person, one, "export")]
        assert Counter(exported) == Counter(_ids(reached))


async def _compare_past(built: Built, person: int, scope: Scope) -> None:
    world = built.world
    then = world.visible_then(person)
    past = {"as_of": BETWEEN.isoformat()}
    listed = await built.read(_query(scope, {**past, "limit": 1000, "select": ["name"]}))
    assert {one["id"] for one in listed["records"]} == _ids(then)
    grouped = await built.read(_figures(scope, {**past, "group_by": ["stage"]}))
    assert _counted(grouped) == Counter(one.then.stage for one in then)
    board = await built.read(_board(scope, past))
    assert {one["key"]: one["count"] for one in board["states"] if one["count"]} == Counter(
        one.then.stage for one in then
    )


async def _compare_figures(built: Built, person: int, scope: Scope) -> None:
    world = built.world
    visible = world.visible(person)
    grouped = await built.read(_figures(scope, {"group_by": ["stage"]}))
    assert _counted(grouped) == Counter(one.now.stage for one in visible)
    sums = world.mask(person, "amount") != "hidden"
    if sums:
        summed = await built.read(_figures(scope, {"measures": [{"fn": "sum", "field": "amount"}]}))
        place = [column["key"] for column in summed["columns"]].index("sum(amount)")
        assert sum(row[place] or 0 for row in summed["rows"]) == sum(one.now.amount for one in visible)
    for request in ({}, {"where": {"field": "name", "op": "not_empty"}}):
        for state in (await built.read(_board(scope, request)))["states"]:
            there = [one for one in visible if one.now.stage == state["key"]]
            assert state["count"] == len(there)
            assert {one["id"] for one in state["records"]} == _ids(there)
            assert sum(state["sums"].get("amount", {}).values()) == sum(one.now.amount for one in there if sums)


async def _compare_beside(built: Built, person: int, scope: Scope) -> None:
    """What hangs on a record: its history, its timeline, its stays."""
    world = built.world
    for deal in world.deals:
        known = world.sees(person, deal, "delete" if deal.deleted else "read")
        for read in (
            lambda deal: read_history(built.tx, scope, "deal", deal.id),
            lambda deal: read_timeline(built.tx, scope, "deal", deal.id),
            lambda deal: read_visits(built.tx, scope, "deal", deal.id),
        ):
            try:
                text = (await read(deal)).decode()
            except NotFound:
                assert not known
                continue
            assert known
            for key, value in (("phone", deal.phone), ("mail", deal.mail)):
                if world.mask(person, key) in ("hidden", "masked"):
                    assert value not in text


async def _compare_links(built: Built, person: int, scope: Scope) -> None:
    """A record that nobody owns is read by all readers, yet what it links to shows only to whom it shows anyway."""
    world = built.world
    if scope.may("notice", "read"):
        notices = await built.read(_query(scope, {"limit": 1000, "select": ["deal", "deal.stage"]}, "notice"))
        assert len(notices["records"]) == len(world.deals)
        visible = {str(one.id): one.now.stage for one in world.visible(person)}
        shown = [one for one in notices["records"] if one["deal.stage"] is not None]
        assert {one["deal"]["id"]: one["deal.stage"] for one in shown} == visible
        assert all((one["deal"] or {}).get("label") is None for one in notices["records"] if one not in shown)
    if scope.may("company", "read"):
        listed = await built.read(_query(scope, {"limit": 1000, "select": ["company.city", "company"]}))
        for one in listed["records"]:
            deal = next(each for each in world.deals if str(each.id) == one["id"])
            company = None if deal.company is None else world.companies[deal.company]
            seen = company is not None and world.sees_company(person, company)
            assert one["company.city"] == (company.city if seen and company else None)
            assert ((one["company"] or {}).get("label") is not None) is seen


async def _compare_masks(built: Built, person: int, scope: Scope) -> None:
    world = built.world
    shown = [key for key in ("phone", "mail") if world.mask(person, key) != "hidden"]
    asked = {"limit": 1000, "select": ["name", *shown]}
    by_id = {str(one.id): one for one in world.deals}
    for one in (await built.read(_query(scope, asked)))["records"]:
        for key in shown:
            assert one[key] == world.shown(person, key, getattr(by_id[one["id"]], key))
    past = (await built.read(_query(scope, {**asked, "as_of": BETWEEN.isoformat()})))["records"]
    for one in past:
        for key in shown:
            assert one[key] == world.shown(person, key, getattr(by_id[one["id"]], key))
    visible = world.visible(person)
    for key in shown:
        # neither filter nor groups nor search tell more than what is shown
        for deal in visible[:2]:
            value = getattr(deal, key)
            same = [each for each in visible if world.shown(person, key, getattr(each, key)) == value]
            found = await built.read(_query(scope, {"where": {"field": key, "op": "eq", "value": value}, "limit": 99}))
            assert {one["id"] for one in found["records"]} == _ids(same)
        grouped = await built.read(_figures(scope, {"group_by": [key]}))
        values = Counter(world.shown(person, key, getattr(one, key)) for one in visible)
        assert _counted(grouped) == values
    for key in ("amount", "phone", "mail", "region"):
        if world.mask(person, key) == "hidden":
            with pytest.raises(Invalid) as caught:
                _query(scope, {"select": [key]})
            assert caught.value.code == "unknown_field"


async def _compare_writes(built: Built, person: int, scope: Scope) -> None:
    """What each attempt comes to: carried out, refused in words, or nothing to be found."""
    world, tx = built.world, built.tx
    live = [one for one in world.deals if not one.deleted]
    me = str(built.people[person])
    for verb, change in (
        ("edit", lambda deal: Update("deal", deal.id, {"name": deal.name + "!"})),
        ("delete", lambda deal: Delete("deal", deal.id)),
        ("transfer", lambda deal: Update("deal", deal.id, {"owner": _other(built, deal)})),
    ):
        needed = "edit" if verb == "transfer" else verb
        try:
            async with tx.savepoint():
                outcomes = await write(tx, scope, [change(one) for one in live], Cause(Door.API), all_or_nothing=False)
                raise RollBack
        except RollBack:
            pass
        except LiaoranError as error:
            assert isinstance(error, Forbidden)
            assert not world.may(person, "deal", needed)
            continue
        for deal, outcome in zip(live, outcomes, strict=True):
            if not world.sees(person, deal):
                assert isinstance(outcome, Rejected)
                assert outcome.kind is NotFound
            elif not world.sees(person, deal, needed):
                assert isinstance(outcome, Rejected)
                assert outcome.kind is Forbidden
            elif verb == "transfer":
                told = {one.code for one in outcome.problems} if isinstance(outcome, Rejected) else set()
                assert told <= {"may_not_transfer", "unknown_link"}
                assert ("may_not_transfer" in told) is not world.sees(person, deal, "transfer")
                assert ("unknown_link" in told) is not (
                    world.may(person, "person", "read") or _other(built, deal) == me
                )
            else:
                assert not isinstance(outcome, Rejected), outcome


async def _compare_notes(built: Built, person: int, scope: Scope) -> None:
    """Records that go with another one, on every path."""
    world = built.world
    for verb in SCOPED:
        source = scope.source("note", verb)
        found = {str(one) for one in await built.tx.fetch_column(sa.select(source.c.id), scope.params())}
        assert found == _ids([one for one in world.notes if not one.deleted and world.sees_note(person, one, verb)]), (
            verb
        )
    source = scope.source("note", "bin")
    found = {str(one) for one in await built.tx.fetch_column(sa.select(source.c.id), scope.params())}
    assert found == _ids([one for one in world.notes if one.deleted and world.sees_note(person, one, "delete")])
    await _compare_note_reasons(built, person)
    if world.may(person, "note", "read"):
        await _compare_note_lists(built, person, scope)
        await _compare_notes_beside(built, person, scope)
        await _compare_note_writes(built, person, scope)


async def _compare_note_reasons(built: Built, person: int) -> None:
    world = built.world
    held = list((await holdings_of(built.tx, built.snapshot, [built.people[person]])).values())
    for note in world.notes:
        if note.deleted:
            continue
        told = (await explain(built.tx, built.snapshot, held, "note", note.id))[built.people[person]]
        for verb, may in (("read", told.sees), ("edit", told.edits)):
            assert may is world.sees_note(person, note, verb)
            assert may is any(one.verb == verb for one in told.reasons)
            carried = any(one.kind == "carried" and one.verb == verb for one in told.reasons)
            assert carried is (may and not world.is_administrator(person) and world.goes_along(person, note, verb))
        assert bool(told.obstacles) is not (told.sees and told.edits)


async def _compare_note_lists(built: Built, person: int, scope: Scope) -> None:
    world = built.world
    visible = world.visible_notes(person)
    listed = await built.read(
        _query(scope, {"limit": 1000, "count": True, "select": ["deal", "points"]}, "note"),
    )
    assert {one["id"]: (one["deal"] or {}).get("id") for one in listed["records"]} == {
        str(one.id): built.deal(one.deal) for one in visible
    }
    assert listed["total"] == len(visible)
    if world.may(person, "deal", "read"):
        deals = _ids(world.visible(person))
        for one in listed["records"]:
            # a linked record shows its name to whom it shows anyway
            assert ((one["deal"] or {}).get("label") is not None) is ((one["deal"] or {}).get("id") in deals)
    then = await built.read(_query(scope, {"as_of": BETWEEN.isoformat(), "limit": 1000, "select": ["name"]}, "note"))
    assert {one["id"] for one in then["records"]} == _ids(world.visible_notes_then(person))
    found = await built.read(compile_search(scope, "bq", ["note"], 50))
    assert {one["id"] for group in found["groups"] for one in group["records"]} == _ids(visible)
    summed = await built.read(_figures(scope, {"measures": [{"fn": "sum", "field": "points"}]}, "note"))
    place = [column["key"] for column in summed["columns"]].index("sum(points)")
    assert sum(row[place] or 0 for row in summed["rows"]) == sum(one.points for one in visible)
    grouped = await built.read(_figures(scope, {"group_by": ["deal"]}, "note"))
    counted = Counter({(row[0] or {}).get("id"): row[1] for row in grouped["rows"]})
    assert counted == Counter(built.deal(one.deal) for one in visible)
    if scope.may("note", "export"):
        selection = select_columns(scope, "note", read_request(QueryRequest, {"select": ["points"]}))
        exported = [one["id"] async for _, page in export_pages(built.tx, scope, selection) for one in page]
        reached = [one for one in world.notes if not one.deleted and world.sees_note(person, one, "export")]
        assert Counter(exported) == Counter(_ids(reached))


async def _compare_notes_beside(built: Built, person: int, scope: Scope) -> None:
    """A note by itself, its history, and where it stands in the timeline of its deal."""
    world = built.world
    for note in world.notes:
        one = await built.read(compile_record(scope, "note", note.id))
        assert (one is not None) == (not note.deleted and world.sees_note(person, note))
        known = world.sees_note(person, note, "delete" if note.deleted else "read")
        try:
            await read_history(built.tx, scope, "note", note.id)
        except NotFound:
            assert not known
        else:
            assert known
    if not world.may(person, "deal", "read"):
        return
    for number, deal in enumerate(world.deals):
        if deal.deleted or not world.sees(person, deal):
            continue
        told = orjson.loads(await read_timeline(built.tx, scope, "deal", deal.id, kinds=("activity",)))
        assert {one["id"] for one in told["entries"]} == _ids(
            [one for one in world.visible_notes(person) if one.deal == number]
        )


async def _compare_note_writes(built: Built, person: int, scope: Scope) -> None:
    world, tx = built.world, built.tx
    live = [one for one in world.notes if not one.deleted]
    for verb, change in (
        ("edit", lambda note: Update("note", note.id, {"name": "改过的便签"})),
        ("delete", lambda note: Delete("note", note.id)),
    ):
        assert scope.may("note", verb) is world.may(person, "note", verb)
        try:
            async with tx.savepoint():
                outcomes = await write(tx, scope, [change(one) for one in live], Cause(Door.API), all_or_nothing=False)
                raise RollBack
        except RollBack:
            pass
        except Forbidden:
            assert not world.may(person, "note", verb)
            continue
        for note, outcome in zip(live, outcomes, strict=True):
            if not world.sees_note(person, note):
                assert isinstance(outcome, Rejected)
                assert outcome.kind is NotFound
            elif not world.sees_note(person, note, verb):
                assert isinstance(outcome, Rejected)
                assert outcome.kind is Forbidden
            else:
                assert not isinstance(outcome, Rejected), outcome


def _other(built: Built, deal: Deal) -> str:
    return str(built.people[(PEOPLE - 1 if deal.now.owner is None else deal.now.owner + 1) % PEOPLE])


def _query(scope: Scope, request: Mapping[str, Any], object_key: str = "deal") -> Plan:
    return compile_query(scope, object_key, read_request(QueryRequest, request))


def _figures(scope: Scope, request: Mapping[str, Any], object_key: str = "deal") -> Plan:
    asked = {"measures": [{"fn": "count"}], **request}
    return compile_aggregate(scope, object_key, read_request(AggregateRequest, asked))


def _board(scope: Scope, request: Mapping[str, Any]) -> Plan:
    return compile_board(scope, "selling", read_request(BoardRequest, {"per_state": 50, **request}))


def _counted(answer: Any) -> Counter[Any]:
    return Counter(
        {row[0]["key"] if isinstance(row[0], dict) and "key" in row[0] else row[0]: row[1] for row in answer["rows"]}
    )
