"""An organisation that an older version has made gets what its pack ships since, and keeps what it has made of the rest."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from liaoran.access.role_shaping import RoleChange, change_role, retire_role
from liaoran.access.scope import Scope, system_scope
from liaoran.app import Founding, found_organisation
from liaoran.collaboration.files.types import DocumentTypePart, list_document_types, put_document_types
from liaoran.exchange import furnishing
from liaoran.exchange.furnishing import bring_packs_up_to_date
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation, create_organisation
from liaoran.infra.tables import SHARED_SCHEMA
from liaoran.infra.transaction import Transaction
from liaoran.packs import load_pack
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import change_field, retire_field

OWN_LABEL = {"zh": "自己的叫法", "en": "Our own word"}
EVERYTHING = {
    "changes": "SELECT count(*) FROM {org}.catalogue_changes",
    "roles": "SELECT json_agg(r ORDER BY key) FROM {org}.roles r",
    "types": "SELECT json_agg(t ORDER BY key) FROM {org}.document_types t",
    "versions": "SELECT count(*) FROM {org}.process_versions",
    "log": "SELECT count(*) FROM {org}.audit_log",
}


def without(layout: Any, gone: set[str]) -> Any:
    """A layout that does not name these Fields."""
    if isinstance(layout, dict):
        return {key: without(one, gone) for key, one in layout.items()}
    if isinstance(layout, list):
        return [without(one, gone) for one in layout if not (isinstance(one, str) and one in gone)]
    return layout


def older(key: str) -> dict[str, Any]:
    """The pack as an older version had it: without two Fields, a choice, an Object, a role, a document type."""
    pack = load_pack(key)
    pack["objects"] = [one for one in pack["objects"] if one["key"] != "lead"]
    pack["roles"] = [one for one in pack["roles"] if one["key"] != "operations"]
    pack["document_types"] = [one for one in pack["document_types"] if one["key"] != "invoice"]
    for one in pack["objects"]:
        gone = {field["key"] for field in one["fields"] if (field.get("options") or {}).get("target") == "lead"}
        gone |= {"founded_year", "employees"} if one["key"] == "account" else set()
        one["fields"] = [field for field in one["fields"] if field["key"] not in gone]
        one["layouts"] = without(one.get("layouts", {}), gone)
        for field in one["fields"]:
            if (one["key"], field["key"]) == ("account", "level"):
                field["choices"] = [choice for choice in field["choices"] if choice["key"] != "minor"]
    return pack


@pytest.fixture
async def aged(database: Database, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """An organisation that an older version has made and its administrators have shaped since."""
    with monkeypatch.context() as patch:
        patch.setattr(furnishing, "load_pack", older)
        furnishing.digest_of.cache_clear()
        made = await found_organisation(database, Founding("aged", "老用户", "admin", "correct horse battery"))
    furnishing.digest_of.cache_clear()
    async with database.transaction(made.schema) as tx:
        scope = await scope_of(tx)
        await change_field(tx, "account", "level", {"label": OWN_LABEL}, actor=scope.actor)
        await retire_field(tx, "account", "website", actor=scope.actor)
        await change_role(tx, scope, "salesperson", RoleChange(label=OWN_LABEL))  # type: ignore[arg-type]
        await retire_role(tx, scope, "auditor", None)
        listed = [DocumentTypePart(**{part: one[part] for part in ("key", "label")}) for one in await types(tx)]
        kept = [one for one in listed if one.key != "minutes"]
        kept[0].label.zh = "客户要的"
        await put_document_types(tx, scope, kept)
    return made


async def scope_of(tx: Transaction) -> Scope:
    return system_scope(await load_snapshot(tx))


async def types(tx: Transaction) -> list[dict[str, Any]]:
    return await list_document_types(tx)


async def state_of(database: Database, organisation: Organisation) -> dict[str, Any]:
    async with database.read(organisation.schema) as tx:
        return {name: await tx.fetch_value(sql) for name, sql in EVERYTHING.items()}


async def test_what_is_new_comes_and_what_was_changed_stays(database: Database, aged: Organisation) -> None:
    before = await state_of(database, aged)
    done = await asyncio.gather(*(bring_packs_up_to_date(database) for _ in range(3)))
    assert sorted(schema for one in done for schema in one) == [aged.schema]

    async with database.read(aged.schema) as tx:
        snapshot = await load_snapshot(tx)
        account = snapshot.object("account")
        assert {"founded_year", "employees"} <= set(account.fields)
        assert "lead" in snapshot.objects
        level = account.fields["level"]
        assert [one.key for one in level.choices] == ["key", "normal", "minor"]
        assert level.label.to_json() == OWN_LABEL
        assert "website" not in {key for key, field in account.fields.items() if not field.retired}
        roles = {one["key"]: one for one in await tx.fetch_all("SELECT key, label, retired FROM {org}.roles")}
        assert (roles["salesperson"]["label"], roles["auditor"]["retired"]) == (OWN_LABEL, True)
        assert not roles["operations"]["retired"]
        shown = {one["key"]: one for one in await types(tx)}
        assert (shown["requirement"]["label"]["zh"], shown["minutes"]["retired"]) == ("客户要的", True)
        assert not shown["invoice"]["retired"]
        entry = await tx.fetch_one("SELECT actor_kind, facts FROM {org}.audit_log WHERE kind = 'pack.updated'")
    assert entry is not None
    assert entry["actor_kind"] == "system"
    assert entry["facts"]["roles"] == ["operations"]
    assert entry["facts"]["document_types"] == ["invoice"]
    assert entry["facts"]["objects"] == ["lead"]
    assert {"account.employees", "account.founded_year"} <= set(entry["facts"]["fields"])
    assert "account.level.minor" in entry["facts"]["choices"]
    after = await state_of(database, aged)
    assert after["versions"] == before["versions"]

    assert await bring_packs_up_to_date(database) == []
    assert await state_of(database, aged) == after


@pytest.mark.parametrize("pack", ["sales", "none"])
async def test_one_from_before_packs_were_noted_is_known_by_its_objects_and_stays_as_it_is(
    database: Database, pack: str
) -> None:
    made = await found_organisation(database, Founding("early", "", "admin", "correct horse battery", pack=pack))
    before = await state_of(database, made)
    kept = "SELECT pack, pack_digest FROM {org}.organisations WHERE slug = 'early'"
    async with database.transaction(SHARED_SCHEMA) as tx:
        noted = await tx.fetch_one(kept)
        await tx.execute("UPDATE {org}.organisations SET pack = NULL, pack_digest = NULL WHERE slug = 'early'")
    assert await bring_packs_up_to_date(database) == [made.schema]
    assert await state_of(database, made) == before
    async with database.read(SHARED_SCHEMA) as tx:
        assert await tx.fetch_one(kept) == noted


async def test_one_without_a_pack_is_left_alone(database: Database) -> None:
    made = await create_organisation(database, "bare", "")
    before = await state_of(database, made)
    assert await bring_packs_up_to_date(database) == []
    assert await state_of(database, made) == before
