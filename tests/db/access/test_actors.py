from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
import structlog

from liaoran.access.actors import access_version, raise_access_version, resolve_actor, scope_of_person
from liaoran.access.grants import ADMINISTRATOR
from liaoran.access.guard import AccessGuard
from liaoran.access.people import LoginChange, change_login, set_preferences
from liaoran.access.roles import install_roles
from liaoran.access.scope import Scope, system_scope
from liaoran.access.tables import person_roles, roles
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Forbidden, Invalid, Refused, Unauthenticated
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.packs import load_pack
from liaoran.records.changes import Create, Delete, Update
from liaoran.records.guards import register_guard
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_object
from liaoran.schema.install import install_pack

NOTE = {
    "key": "note",
    "label": "Note",
    "fields": [{"key": "name", "type": "text", "label": "Name"}],
}


@pytest.fixture(scope="module")
async def furnished(database: Database, organisation: Organisation) -> Organisation:
    register_guard(AccessGuard())
    async with database.transaction(organisation.schema) as tx:
        pack = load_pack("none")
        await install_pack(tx, pack)
        await install_roles(tx, pack["roles"])
        await add_object(tx, NOTE)
    return organisation


@pytest.fixture
async def tx(database: Database, furnished: Organisation) -> AsyncIterator[Transaction]:
    """A transaction that leaves nothing behind."""
    with pytest.raises(ZeroDivisionError):
        async with database.transaction(furnished.schema) as tx:
            yield tx
            raise ZeroDivisionError


async def _write(tx: Transaction, *changes: Any) -> None:
    await write(tx, system_scope(await load_snapshot(tx)), changes, Cause(Door.API))


async def _person(tx: Transaction, **values: Any) -> UUID:
    person = new_id()
    await _write(tx, Create("person", {"name": "某人", **values}, person))
    return person


async def _departments(tx: Transaction, *names: str) -> list[UUID]:
    ids = [new_id() for _ in names]
    await _write(tx, *(Create("department", {"name": name}, key) for name, key in zip(names, ids, strict=True)))
    return ids


async def test_a_person_becomes_an_actor(tx: Transaction) -> None:
    top, below, aside = await _departments(tx, "总部", "分部", "旁部")
    await _write(tx, Update("department", below, {"parent": str(top)}))
    person = await _person(tx, department=str(top))
    await change_login(tx, person, LoginChange("someone", "some-password", ["manager", "salesperson"]))
    await set_preferences(tx, person, {"language": "en", "zone": "Asia/Tokyo", "theme": "dark"})
    found = await resolve_actor(tx, await load_snapshot(tx), person)
    actor = found.actor
    assert (actor.label, actor.login, actor.language, actor.zone, found.theme) == (
        "某人",
        "someone",
        "en",
        "Asia/Tokyo",
        "dark",
    )
    assert (actor.department, set(actor.departments)) == (top, {top, below})
    assert aside not in actor.departments
    assert actor.roles == ("manager", "salesperson")
    assert found.department_label == "总部"
    assert found.role_labels["manager"]["zh"] == "经理"


async def test_departments_in_a_circle_end_somewhere(tx: Transaction) -> None:
    one, two, three = await _departments(tx, "甲", "乙", "丙")
    circle = {one: two, two: three, three: one}
    for child, parent in circle.items():
        table = (await load_snapshot(tx)).object("department").table
        await tx.execute(sa.update(table).where(table.c.id == child).values(parent=parent))
    person = await _person(tx, department=str(one))
    found = await resolve_actor(tx, await load_snapshot(tx), person)
    assert set(found.actor.departments) == {one, two, three}


async def test_a_deleted_department_is_none(tx: Transaction) -> None:
    (gone,) = await _departments(tx, "旧部")
    person = await _person(tx, department=str(gone))
    await _write(tx, Delete("department", gone))
    actor = (await resolve_actor(tx, await load_snapshot(tx), person)).actor
    assert (actor.department, actor.departments) == (None, ())


@pytest.mark.parametrize("grants", [{"objects": {"*": {"read": "everything"}}}, {"objects": 7}, None])
async def test_a_role_that_cannot_be_read_allows_nothing_and_is_reported(tx: Transaction, grants: Any) -> None:
    person = await _person(tx)
    await _write(tx, Create("note", {"name": "记", "owner": str(person)}))
    if grants is not None:
        await tx.execute(sa.insert(roles), {"key": "odd", "label": {"zh": "怪"}, "grants": grants})
    await tx.execute(sa.insert(person_roles), {"person": person, "role": "odd"})
    await raise_access_version(tx)
    with structlog.testing.capture_logs() as logs:
        scope = await scope_of_person(tx, await load_snapshot(tx), person)
    assert [(one["event"], one["role"]) for one in logs] == [("role_allows_nothing", "odd")]
    assert not scope.may("note", "read")
    source = scope.source("note")
    assert await tx.fetch_all(sa.select(source.c.id), scope.params()) == []
    await tx.execute(sa.insert(person_roles), {"person": person, "role": "salesperson"})
    await raise_access_version(tx)
    wider = await scope_of_person(tx, await load_snapshot(tx), person)
    assert wider.may("note", "read")


@pytest.mark.parametrize("state", ["deleted", "left", "disabled", "unknown"])
async def test_who_is_gone_is_no_actor(tx: Transaction, state: str) -> None:
    person = await _person(tx)
    await change_login(tx, person, LoginChange("goer", "some-password"))
    if state == "deleted":
        await _write(tx, Delete("person", person))
    elif state == "left":
        await _write(tx, Update("person", person, {"status": "left"}))
    elif state == "disabled":
        await change_login(tx, person, LoginChange(disabled=True))
    with pytest.raises(Unauthenticated):
        await scope_of_person(tx, await load_snapshot(tx), new_id() if state == "unknown" else person)


async def test_the_access_version_grows_with_people_and_departments_only(tx: Transaction) -> None:
    before = await access_version(tx)
    await _write(tx, Create("note", {"name": "记"}))
    assert await access_version(tx) == before
    person = await _person(tx)
    assert await access_version(tx) > before
    before = await access_version(tx)
    await _write(tx, Update("person", person, {"name": "改名"}))
    assert await access_version(tx) > before


async def test_the_last_administrator_neither_goes_nor_leaves(tx: Transaction) -> None:
    person = await _person(tx)
    await change_login(tx, person, LoginChange("last", "some-password", ["administrator"]))
    for change in (Delete("person", person), Update("person", person, {"status": "left"})):
        with pytest.raises(Refused) as caught:
            async with tx.savepoint():
                await _write(tx, change)
        assert caught.value.code == "last_administrator"
    other = await _person(tx)
    await _write(tx, Update("person", other, {"status": "left"}), Delete("person", other))
    await change_login(tx, other, LoginChange("next", "some-password", ["administrator"]))
    with pytest.raises(Refused):
        await _write(tx, Delete("person", person))


async def test_equal_roles_share_statements(tx: Transaction) -> None:
    snapshot = await load_snapshot(tx)
    scopes = []
    for _ in range(2):
        person = await _person(tx)
        await tx.execute(sa.insert(person_roles), {"person": person, "role": "salesperson"})
        await raise_access_version(tx)
        scopes.append(await scope_of_person(tx, snapshot, person))
    one, two = scopes
    assert one.key == two.key
    texts = {str(scope.source("note").compile()).replace("anon_2", "anon_1") for scope in scopes}
    assert len(texts) == 1
    assert one.params()["actor_person"] != two.params()["actor_person"]
    assert one.key != system_scope(snapshot).key


async def test_an_administrator_reads_without_a_predicate(tx: Transaction) -> None:
    snapshot = await load_snapshot(tx)
    text = str(system_scope(snapshot).source("note"))
    assert "owner =" not in text
    assert "deleted_at IS NULL" in text


async def test_tokens_narrow_a_scope(tx: Transaction) -> None:
    snapshot = await load_snapshot(tx)

    def narrowed(*scopes: str) -> Scope:
        actor = Actor(kind="token", id=new_id(), person=None, label="t", scopes=frozenset(scopes))
        return Scope(snapshot, actor, ADMINISTRATOR)

    assert narrowed("read").verbs("note") == ("read", "export")
    assert "edit" in narrowed("write").verbs("note")
    assert narrowed("admin").is_administrator
    assert not narrowed("write").is_administrator
    assert narrowed().verbs("note") == ()
    with pytest.raises(Forbidden):
        narrowed("read").require_writing()
    with pytest.raises(Forbidden):
        narrowed("read").require("note", "edit")
    with pytest.raises(Forbidden):
        narrowed().require("note", "read")
    with pytest.raises(Invalid):
        narrowed("read").require("nothing", "read")
