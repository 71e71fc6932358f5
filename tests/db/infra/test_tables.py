from __future__ import annotations

import asyncio
import importlib
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import liaoran
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.tables import metadata, shared_metadata


def differences(url: str, schema: str, tables: sa.MetaData) -> list[Any]:
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(url, options=f"-c search_path={schema}"),
        poolclass=sa.NullPool,
    )

    def included(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
        # What a migration adds besides (indexes, the queue's tables) need not be declared; what is declared must be.
        return not (reflected and compared is None and kind in {"table", "index", "unique_constraint"})

    with engine.connect() as connection:
        options = {"include_object": included, "compare_type": True, "version_table_schema": schema}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), tables))


async def test_what_the_layers_declare_is_what_the_migrations_make(
    database: Database, organisation: Organisation
) -> None:
    for path in sorted(Path(liaoran.__file__).parent.glob("*/tables.py")):
        importlib.import_module(f"liaoran.{path.parent.name}.tables")
    assert len(metadata.tables) > 3
    assert await asyncio.to_thread(differences, database.url, organisation.schema, metadata) == []


async def test_the_shared_tables_agree_too(database: Database) -> None:
    shared = sa.MetaData()
    for table in shared_metadata.tables.values():
        table.to_metadata(shared, schema=None)
    assert await asyncio.to_thread(differences, database.url, "liaoran", shared) == []
