"""The shipped packs can be installed, again and again, and what they define works on a real database."""

from __future__ import annotations

import pytest

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.packs import PACKS, load_pack
from liaoran.process.definition import read_process
from liaoran.schema.install import install_pack


@pytest.mark.parametrize("key", PACKS[::-1])
async def test_a_pack_installs_and_installing_again_changes_nothing(
    database: Database, organisation: Organisation, key: str
) -> None:
    pack = load_pack(key)
    async with database.transaction(organisation.schema) as tx:
        first = await install_pack(tx, pack)
    async with database.transaction(organisation.schema) as tx:
        second = await install_pack(tx, pack)
    assert second.version == first.version
    assert {one["key"] for one in pack["objects"]} <= set(second.objects)
    for definition in pack["objects"]:
        made = second.object(definition["key"])
        assert {field["key"] for field in definition["fields"]} <= set(made.fields)
        assert made.tracked == definition.get("tracked", False)


async def test_the_pipeline_can_be_published(database: Database, organisation: Organisation) -> None:
    pack = load_pack("sales")
    async with database.transaction(organisation.schema) as tx:
        snapshot = await install_pack(tx, pack)
    for definition in pack["processes"]:
        process = read_process(definition, snapshot.object(definition["object"]))
        assert process.initial.key == "initial_contact"
        assert process.sum_field == "amount"
