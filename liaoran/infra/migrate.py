"""Brings the shared schema and every organisation's schema up to date; safe with any number of processes at once.

Each schema is one transaction under one advisory lock: whoever comes second finds nothing left to do. Where everything
is up to date already, one query says so and Alembic is not even imported.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.statements import quote
from liaoran.infra.tables import SHARED_SCHEMA
from liaoran.infra.transaction import lock_key
from liaoran.kernel.text import Text

if TYPE_CHECKING:
    import sqlalchemy as sa

MIGRATIONS = Path(__file__).parent.parent / "migrations"
ORGANISATION_CHAIN = "versions"
SHARED_CHAIN = "shared"
MOST_ROUNDS = 3
_LOCK = lock_key("liaoran/migrate")
_log = structlog.get_logger(__name__)


async def upgrade(database: Database) -> list[str]:
    """Upgrades whatever is not up to date and gives the names of the schemas that were changed."""
    changed: list[str] = []
    for _ in range(MOST_ROUNDS):
        pending = await pending_schemas(database)
        if not pending:
            return changed
        # A second round: an organisation may be listed only since the shared schema is there, or was made meanwhile.
        await asyncio.to_thread(_upgrade_all, database.url, pending)
        changed += pending
    raise RuntimeError(f"still not up to date: {pending}")


async def pending_schemas(database: Database) -> list[str]:
    """Names of the schemas that are not up to date, the shared one first.

    Raises Unavailable when a schema was made by a newer version of Liaoran than this.
    """
    async with database.read(SHARED_SCHEMA) as tx:
        if await tx.fetch_value("SELECT to_regclass('{org}.queue_migrations')") is None:
            return [SHARED_SCHEMA]
        shared = await tx.fetch_value("SELECT version_num FROM {org}.alembic_version")
        queue = await tx.fetch_value("SELECT max(name) FROM {org}.queue_migrations")
        schemas = await tx.fetch_column("SELECT schema FROM {org}.organisations ORDER BY created_at, slug")
        current = dict.fromkeys(schemas, "")
        if schemas:
            # One statement for all: the names come from the catalogue, quoted.
            parts = [f"SELECT '{one}' AS schema, version_num FROM {quote(one)}.alembic_version" for one in schemas]
            current |= {row["schema"]: row["version_num"] for row in await tx.fetch_all(" UNION ALL ".join(parts))}
    newest = head(ORGANISATION_CHAIN)
    if shared > head(SHARED_CHAIN) or any(found > newest for found in current.values()):
        raise _made_by_newer_version()
    pending = [] if shared == head(SHARED_CHAIN) and queue >= _queue_head() else [SHARED_SCHEMA]
    return pending + [schema for schema, found in current.items() if found != newest]


def head(chain: str) -> str:
    """The newest revision of a chain: revisions are named as their files, and files are numbered."""
    return max(path.stem for path in (MIGRATIONS / chain).glob("[0-9]*.py"))


def create_schema(url: str, schema: str, register: Callable[[sa.Connection], object]) -> None:
    """Makes an organisation's schema with all system tables and calls ``register``, in one transaction. Blocks."""
    import sqlalchemy as sa  # noqa: PLC0415

    with _connect(url) as connection, connection.begin():
        _lock(connection)
        register(connection)
        connection.execute(sa.schema.CreateSchema(schema))
        _run(connection, schema, ORGANISATION_CHAIN)


def _upgrade_all(url: str, schemas: list[str]) -> None:
    for schema in schemas:
        with _connect(url) as connection, connection.begin():
            _lock(connection)
            if schema == SHARED_SCHEMA:
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")
                _run(connection, schema, SHARED_CHAIN)
                _upgrade_queue(connection)
            else:
                _run(connection, schema, ORGANISATION_CHAIN)
        _log.info("schema_upgraded", schema=schema)


def _connect(url: str) -> sa.Connection:
    import psycopg  # noqa: PLC0415
    import sqlalchemy as sa  # noqa: PLC0415

    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=sa.NullPool)
    return engine.connect()


def _lock(connection: sa.Connection) -> None:
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _run(connection: sa.Connection, schema: str, chain: str) -> None:
    """Runs a chain to its end inside the transaction that is open; names without a schema mean ``schema``."""
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    connection.exec_driver_sql(f"SET LOCAL search_path = {quote(schema)}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(MIGRATIONS / chain))
    config.attributes |= {"connection": connection, "schema": schema}
    command.upgrade(config, "head")


def _upgrade_queue(connection: sa.Connection) -> None:
    """The job queue brings its own schema: the whole at first, later those of its migrations that are new."""
    from procrastinate.schema import SchemaManager  # noqa: PLC0415

    driver: Any = connection.connection.driver_connection
    applied = {row[0] for row in driver.execute("SELECT name FROM queue_migrations").fetchall()}
    scripts = _queue_scripts()
    new = [name for name in scripts if name not in applied]
    if not applied:
        driver.execute(SchemaManager.get_schema())
    else:
        for name in new:
            driver.execute(scripts[name].read_text(encoding="utf-8"))
    for name in new:
        driver.execute("INSERT INTO queue_migrations (name) VALUES (%s)", [name])


def _queue_scripts() -> dict[str, Path]:
    from procrastinate.schema import migrations_path  # noqa: PLC0415

    return {path.name: path for path in sorted(migrations_path.glob("*.sql"))}


def _made_by_newer_version() -> Unavailable:
    return Unavailable(
        Text(
            "数据库由更新版本的 Liaoran 升级过，请使用该版本",
            "the database was upgraded by a newer version of Liaoran; please use that version",
        ),
        code="newer_database",
    )


def _queue_head() -> str:
    return max(_queue_scripts())
