"""Links that carry, in the row source: what is written into statements, and which plans PostgreSQL makes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from hashlib import md5
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest
import sqlalchemy as sa

from liaoran.access.grants import ADMINISTRATOR, Grants, merge_grants
from liaoran.access.scope import Scope, system_scope
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.packs import load_pack
from liaoran.query.expressions import FormulaChecker
from liaoran.query.plans import Plan
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest, read_request
from liaoran.records.changes import Create, Delete
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_objects, retire_field
from liaoran.schema.expressions import register_checker
from liaoran.schema.install import install_pack

TEXT = {"zh": "名", "en": "Name"}
DEAL = {"key": "deal", "label": {"zh": "单子", "en": "Deal"}, "fields": []}
VISIT = {
    "key": "visit",
    "label": {"zh": "拜访", "en": "Visit"},
    "fields": [
        {"key": "made_at", "type": "instant", "label": TEXT, "indexed": True},
        {"key": "deal", "type": "link", "label": TEXT, "options": {"target": "deal", "carries": "edit"}},
    ],
}
PHOTO = {
    "key": "photo",
    "label": {"zh": "照片", "en": "Photo"},
    "fields": [{"key": "visit", "type": "link", "label": TEXT, "options": {"target": "visit", "carries": "read"}}],
}
OWN = {"*": {"read": "own", "edit": "own", "delete": "own"}}


@pytest.fixture(scope="module")
async def furnished(database: Database, organisation: Organisation) -> Organisation:
    register_checker(FormulaChecker())
    async with database.transaction(organisation.schema) as tx:
        await install_pack(tx, load_pack("none"))
        await add_objects(tx, [DEAL, VISIT, PHOTO])
    return organisation


@pytest.fixture
async def tx(database: Database, furnished: Organisation) -> AsyncIterator[Transaction]:
    class Back(Exception):
        pass

    with pytest.raises(Back):
        async with database.transaction(furnished.schema) as tx:
            yield tx
            raise Back


async def _scope(tx: Transaction, objects: Mapping[str, Any] | None, **about: Any) -> Scope:
    snapshot = await load_snapshot(tx)
    person = new_id()
    grants: Grants = ADMINISTRATOR if objects is None else merge_grants([{"objects": objects}])
    actor = replace(system_scope(snapshot).actor, kind="person", id=person, person=person, **about)
    return Scope(snapshot, actor, grants)


async def _seen(tx: Transaction, scope: Scope, object_key: str, verb: str = "read") -> set[Any]:
    source = scope.source(object_key, verb)
    return set(await tx.fetch_column(sa.select(source.c.id), scope.params()))


def _sql(scope: Scope, object_key: str, verb: str = "read") -> str:
    return str(sa.select(scope.source(object_key, verb).c.id))


async def test_who_reaches_all_gets_no_predicate(tx: Transaction) -> None:
    for objects in (None, {"*": {"read": "all", "edit": "all"}}, {**OWN, "visit": {"read": "all", "edit": "all"}}):
        scope = await _scope(tx, objects)
        for verb in ("read", "edit"):
            assert "r_deal" not in _sql(scope, "visit", verb)


async def test_rights_go_down_a_chain_and_end_with_a_retired_link(tx: Transaction) -> None:
    scope = await _scope(tx, OWN)
    deal, visit, photo = new_id(), new_id(), new_id()
    changes = [
        Create("deal", {"name": "单", "owner": None}, deal),
        Create("visit", {"name": "访", "deal": str(deal), "owner": None}, visit),
        Create("photo", {"name": "照", "visit": str(visit), "owner": None}, photo),
    ]
    system = system_scope(scope.snapshot)
    for one in changes:
        await write(tx, system, [one], Cause(Door.API))
    assert not await _seen(tx, scope, "photo")
    await tx.execute(sa.update(scope.snapshot.object("deal").table).values(owner=scope.actor.person))
    assert await _seen(tx, scope, "visit") == await _seen(tx, scope, "visit", "delete") == {visit}
    assert await _seen(tx, scope, "photo") == {photo}
    # the last link carries reading only, and nothing carries exporting
    assert not await _seen(tx, scope, "photo", "edit")
    assert not await _seen(tx, scope, "visit", "export")
    await write(tx, system, [Delete("visit", visit)], Cause(Door.API))
    assert not await _seen(tx, scope, "photo")
    assert await _seen(tx, scope, "visit", "bin") == {visit}
    await retire_field(tx, "visit", "deal")
    later = Scope(await load_snapshot(tx), scope.actor, scope.grants)
    assert not await _seen(tx, later, "visit", "bin")


async def test_a_role_that_closes_the_kind_of_record_keeps_it_closed(tx: Transaction) -> None:
    scope = await _scope(
        tx, {"deal": {"read": "all", "edit": "all"}, "visit": {"read": "own"}, "photo": {"read": "none"}}
    )
    assert scope.may("visit", "read")
    assert not scope.may("visit", "edit")
    assert not scope.may("photo", "read")
    assert "r_deal" in _sql(scope, "visit")
    assert "r_deal" not in _sql(scope, "visit", "edit")


_FILL = """
INSERT INTO {org}.r_deal (id, version, created_at, updated_at, name, owner, department)
SELECT md5('d' || n)::uuid, 1, now(), now(), 'd' || n, md5('p' || n % 200)::uuid, md5('t' || n % 20)::uuid
FROM generate_series(1, 20000) n;
INSERT INTO {org}.r_visit (id, version, created_at, updated_at, name, owner, department, deal, made_at)
SELECT gen_random_uuid(), 1, now(), now(), 'v' || n, md5('p' || n % 200)::uuid, md5('t' || n % 20)::uuid,
       md5('d' || 1 + n * 7919 % 20000)::uuid, now() - n * interval '1 minute'
FROM generate_series(1, 60000) n;
ANALYZE {org}.r_deal;
ANALYZE {org}.r_visit;
"""
BELOW = {"*": {"read": "below", "edit": "below"}}


@pytest.fixture
async def filled(database: Database, furnished: Organisation) -> Scope:
    """Twenty thousand deals of two hundred people in twenty departments, and three visits of each, most by others."""
    async with database.transaction(furnished.schema) as tx:
        for statement in _FILL.strip().split(";\n"):
            await tx.execute(statement.rstrip(";"))
        found = await tx.fetch_one("SELECT md5('p7')::uuid AS person, md5('t7')::uuid AS department")
        assert found is not None
        department = found["department"]
        scope = await _scope(tx, OWN, department=department, departments=(department,))
        return Scope(scope.snapshot, replace(scope.actor, person=found["person"]), scope.grants)


async def test_lists_stay_with_their_indexes(database: Database, filled: Scope) -> None:
    """Neither what hangs on one record nor the first page of a list looks at every row."""
    department_head = Scope(filled.snapshot, filled.actor, merge_grants([{"objects": BELOW}]))
    deal = UUID(bytes=md5(b"d77", usedforsecurity=False).digest())
    around = {"where": {"field": "deal", "op": "eq", "value": str(deal)}, "sort": [{"field": "made_at"}]}
    newest = {"sort": [{"field": "made_at", "dir": "desc"}], "limit": 50}
    # what somebody owns or has around their own deals is counted by the indexes as well
    counted = {"count": True, "limit": 1}
    asked = [(scope, one) for scope in (filled, department_head) for one in (around, newest)]
    for scope, request in [*asked, (filled, counted)]:
        plan = await _plan_of(database, compile_query(scope, "visit", read_request(QueryRequest, request)), scope)
        assert not _scans(plan, "r_visit"), orjson.dumps(plan, option=orjson.OPT_INDENT_2).decode()


async def _plan_of(database: Database, plan: Plan, scope: Scope) -> Any:
    async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as connection:
        cursor = psycopg.AsyncRawCursor(connection)
        text = plan.statement.text(scope.snapshot.schema)
        await cursor.execute(b"EXPLAIN (FORMAT JSON) " + text, plan.statement.values(plan.binds))
        row = await cursor.fetchone()
        return row[0][0]["Plan"] if row else {}


def _scans(plan: Mapping[str, Any], table: str) -> bool:
    """Whether any part of the plan reads the whole table."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == table:
        return True
    return any(_scans(part, table) for part in plan.get("Plans", ()))
