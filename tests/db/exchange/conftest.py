"""An organisation with the sales pack, and ways to import files into it and to look at what came in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from liaoran.access.scope import Scope, system_scope
from liaoran.app import Founding, found_organisation
from liaoran.exchange.imports.command import import_file
from liaoran.infra.database import Database
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import Organisation, get_organisation
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_object

Import = Callable[..., Awaitable[dict[str, Any]]]
Fetch = Callable[..., Awaitable[list[dict[str, Any]]]]


async def build_sales(database: Database) -> None:
    """The template: one organisation with the sales pack and an administrator."""
    await upgrade(database)
    await found_organisation(
        database, Founding("sales", "销售", "admin", "correct horse battery", currency="USD", zone="Asia/Shanghai")
    )


@pytest.fixture
async def database(templates: Any) -> AsyncIterator[Database]:
    """A fresh copy for each test: imports leave many traces."""
    async with templates.clone("exchange_sales", build_sales) as database:
        yield database


@pytest.fixture
async def organisation(database: Database) -> Organisation:
    """The organisation with the sales pack."""
    return await get_organisation(database, "sales")


@pytest.fixture
async def scope(database: Database, organisation: Organisation) -> Scope:
    """Sees and may do everything."""
    async with database.read(organisation.schema) as tx:
        return system_scope(await load_snapshot(tx), "tests")


@pytest.fixture
def run(database: Database, organisation: Organisation, scope: Scope) -> Import:
    """``await run("account", path, create_missing=True)`` imports a file."""

    async def importing(
        object_key: str, path: Path, map: dict[str, Any] | None = None, **options: Any
    ) -> dict[str, Any]:
        return await import_file(database, organisation, scope.actor, object_key, path, map, **options)

    return importing


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """``table("a,b\\n1,2\\n")`` writes a file."""

    def writing(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writing


@pytest.fixture
def fetch(database: Database, organisation: Organisation) -> Fetch:
    """Rows of plain SQL, ``{org}`` being the organisation's schema."""

    async def fetching(sql: str, **params: Any) -> list[dict[str, Any]]:
        async with database.read(organisation.schema) as tx:
            return await tx.fetch_all(sql, params)

    return fetching


@pytest.fixture
def define(database: Database, organisation: Organisation) -> Callable[..., Awaitable[None]]:
    """``await define({"Name": "text", "Cost": "money"})`` adds the custom Object "thing"; its name is the first Field."""

    async def defining(fields: dict[str, str]) -> None:
        definition = {
            "key": "thing",
            "label": "物件",
            "name_field": "f0",
            "fields": [
                {"key": f"f{index}", "label": label, "type": kind, "required": index == 0}
                for index, (label, kind) in enumerate(fields.items())
            ],
        }
        async with database.transaction(organisation.schema) as tx:
            await add_object(tx, definition)

    return defining


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real files; tests that need one are skipped where it is absent."""
    folder = Path(__file__).parents[3].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real files is not here")
    return folder
