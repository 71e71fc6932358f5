from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from liaoran.infra import migrate
from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.migrate import ORGANISATION_CHAIN, head, pending_schemas, upgrade
from liaoran.infra.organisations import create_organisation
from tests.conftest import Templates


async def nothing(database: Database) -> None:
    """Leaves a template as it is: a database in which nothing was ever done."""


@pytest.fixture
async def untouched(templates: Templates) -> AsyncIterator[Database]:
    async with templates.clone("untouched", nothing) as database:
        yield database


@pytest.fixture
def chains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations that a test may add to."""
    copy = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, copy)
    monkeypatch.setattr(migrate, "MIGRATIONS", copy)
    return copy


def add_migration(chains: Path, name: str, after: str, body: str) -> None:
    (chains / ORGANISATION_CHAIN / f"{name}.py").write_text(
        f'from alembic import op\n\nrevision = "{name}"\ndown_revision = "{after}"\n\n\ndef upgrade():\n    {body}\n'
    )


async def test_an_empty_database_is_brought_up_to_date_once(untouched: Database) -> None:
    assert await pending_schemas(untouched) == ["liaoran"]
    assert await upgrade(untouched) == ["liaoran"]
    assert await upgrade(untouched) == []
    async with untouched.read("liaoran") as tx:
        assert await tx.fetch_value("SELECT count(*) FROM {org}.procrastinate_jobs") == 0
        assert await tx.fetch_value("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


async def test_several_processes_at_once_do_it_once(untouched: Database) -> None:
    done = await asyncio.gather(*(upgrade(untouched) for _ in range(4)))
    assert all(schemas in ([], ["liaoran"]) for schemas in done)
    assert await pending_schemas(untouched) == []


async def test_every_organisation_gets_what_is_new(untouched: Database, chains: Path) -> None:
    await upgrade(untouched)
    for slug in ("one", "two"):
        await create_organisation(untouched, slug)
    add_migration(chains, "9998_new", head(ORGANISATION_CHAIN), 'op.execute("CREATE TABLE fresh (a int)")')
    assert await upgrade(untouched) == ["org_one", "org_two"]
    for schema in ("org_one", "org_two"):
        async with untouched.read(schema) as tx:
            assert await tx.fetch_all("SELECT * FROM {org}.fresh") == []
    assert await upgrade(untouched) == []
    assert (await create_organisation(untouched, "three")).schema == "org_three"
    assert await pending_schemas(untouched) == []


async def test_a_migration_that_fails_leaves_its_schema_as_it_was(untouched: Database, chains: Path) -> None:
    await upgrade(untouched)
    await create_organisation(untouched, "one")
    body = 'op.execute("CREATE TABLE half (a int)"); op.execute("SELECT 1 / 0")'
    add_migration(chains, "9998_bad", head(ORGANISATION_CHAIN), body)
    with pytest.raises(SQLAlchemyError, match="division"):
        await upgrade(untouched)
    async with untouched.read("org_one") as tx:
        assert await tx.fetch_value("SELECT to_regclass('{org}.half')") is None
    assert await pending_schemas(untouched) == ["org_one"]


async def test_a_database_of_a_newer_version_is_refused(untouched: Database) -> None:
    await upgrade(untouched)
    await create_organisation(untouched, "one")
    async with untouched.transaction("org_one") as tx:
        await tx.execute("UPDATE {org}.alembic_version SET version_num = '9999_future'")
    with pytest.raises(Unavailable) as caught:
        await upgrade(untouched)
    assert caught.value.code == "newer_database"


async def test_the_queue_brings_its_own_migrations(
    untouched: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upgrade(untouched)
    script = tmp_path / "99.00.00_01_more.sql"
    script.write_text("CREATE TABLE queue_more (a int); INSERT INTO queue_more VALUES (1);")
    known = migrate._queue_scripts()
    monkeypatch.setattr(migrate, "_queue_scripts", lambda: {**known, script.name: script})
    assert await upgrade(untouched) == ["liaoran"]
    async with untouched.read("liaoran") as tx:
        assert await tx.fetch_value("SELECT a FROM {org}.queue_more") == 1
    assert await upgrade(untouched) == []


def test_revisions_are_named_as_their_files_and_form_one_chain() -> None:
    for chain in (ORGANISATION_CHAIN, migrate.SHARED_CHAIN):
        before = None
        for path in sorted((migrate.MIGRATIONS / chain).glob("[0-9]*.py")):
            values: dict[str, object] = {}
            exec(compile(path.read_text(encoding="utf-8"), path, "exec"), values)
            assert values["revision"] == path.stem
            assert values["down_revision"] == before
            before = path.stem
