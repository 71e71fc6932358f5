"""An organisation with the sales pack, and a way to import files into it."""

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

Import = Callable[..., Awaitable[dict[str, Any]]]


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

    async def importing(object_key: str, path: Path, **options: Any) -> dict[str, Any]:
        return await import_file(database, organisation, scope.actor, object_key, path, **options)

    return importing


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real files; tests that need one are skipped where it is absent."""
    folder = Path(__file__).parents[3].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real files is not here")
    return folder
