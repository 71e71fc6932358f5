"""Fixtures on a real PostgreSQL: one embedded server per test process, one database per module, made from a template.

``database``      infra's Database on a fresh copy that holds one empty organisation
``organisation``  that organisation: all system tables, no Objects
``sales_database``, ``sales_organisation``  the same with the sales pack installed and one administrator
``templates``     makes further templates: see ``Templates.clone``
``s3``            the address of an S3 server on loopback
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from liaoran.infra.database import Database
from liaoran.infra.embedded import EmbeddedPostgres
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import Organisation, create_organisation, get_organisation
from liaoran.infra.postgres_options import create_database_sql
from liaoran.infra.settings import Settings

Build = Callable[[Database], Awaitable[None]]
ORGANISATION = "test"
ADMINISTRATOR = "admin"
PREFIX = "liaoran-test-"
LEFTOVER_SECONDS = 3600
PASSWORD = "Tested-and-true-2026"


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """Tests see no settings of whoever runs them."""
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name.startswith("LIAORAN_"):
            patch.delenv(name)
    patch.setenv("LIAORAN_CONFIG", os.devnull)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def settings() -> Iterator[Settings]:
    """Settings with a data directory of their own, removed after the last test."""
    _remove_leftovers()
    directory = Path(tempfile.mkdtemp(prefix=PREFIX))
    yield Settings(data_dir=directory, pool_size=4, postgres_memory_mb=64)
    shutil.rmtree(directory, ignore_errors=True)


def _remove_leftovers() -> None:
    """Stops the servers, and removes the directories, of test processes that were killed over an hour ago."""
    for directory in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if time.time() - directory.stat().st_mtime > LEFTOVER_SECONDS:
            postgres = EmbeddedPostgres(directory / "postgres")
            postgres.stop_abandoned()
            if postgres.pid is None:
                shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def server(settings: Settings) -> Iterator[str]:
    """Connection string of the embedded server's database ``liaoran``; the server stops after the last test."""
    postgres = EmbeddedPostgres(settings.data_dir / "postgres", memory_mb=settings.postgres_memory_mb, durable=False)
    url = postgres.acquire()
    try:
        yield url
    finally:
        postgres.release()


class Templates:
    """Databases that are built once and copied in a moment."""

    def __init__(self, server: str, settings: Settings) -> None:
        self._server = server
        self._settings = settings
        self._built: set[str] = set()
        self._lock = asyncio.Lock()
        self._count = 0

    @asynccontextmanager
    async def clone(self, name: str, build: Build, *, base: str | None = None) -> AsyncIterator[Database]:
        """An open Database on a copy of the template ``name``; ``build`` fills the template the first time.

        ``base`` names a template, already built, to start from; without it the template starts empty.
        """
        async with self._lock:
            if name not in self._built:
                await self._create(name, base)
                async with Database(self._settings, url=self._url(name)) as database:
                    await build(database)
                self._built.add(name)
        self._count += 1
        copy = f"copy_{self._count}"
        await self._create(copy, name)
        try:
            async with Database(self._settings, url=self._url(copy)) as database:
                yield database
        finally:
            await self._run(f'DROP DATABASE "{copy}" WITH (FORCE)')

    def _url(self, name: str) -> str:
        return self._server.replace("dbname=liaoran", f"dbname={name}")

    async def _create(self, name: str, base: str | None) -> None:
        empty = create_database_sql(name).decode()
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{base}" STRATEGY file_copy' if base else empty)

    async def _run(self, sql: str) -> None:
        async with await psycopg.AsyncConnection.connect(self._url("postgres"), autocommit=True) as connection:
            await connection.execute(sql.encode())


async def build_empty(database: Database) -> None:
    """The template that all others start from: the shared schema and one organisation without Objects."""
    await upgrade(database)
    await create_organisation(database, ORGANISATION, "测试")


async def build_sales(database: Database) -> None:
    """The template with the sales pack, made as ``liaoran init`` makes an organisation."""
    # Not at the top: tests of lower layers run without the upper ones.
    app = importlib.import_module("liaoran.app")
    await upgrade(database)
    await app.found_organisation(database, app.Founding(ORGANISATION, "测试", ADMINISTRATOR, PASSWORD))


@pytest.fixture(scope="session")
def templates(server: str, settings: Settings) -> Templates:
    """The templates of this test process."""
    return Templates(server, settings)


@pytest.fixture(scope="module")
async def database(templates: Templates) -> AsyncIterator[Database]:
    """A Database of the module's own with the empty organisation ``test``."""
    async with templates.clone("empty", build_empty) as database:
        yield database


@pytest.fixture(scope="module")
async def organisation(database: Database) -> Organisation:
    """The empty organisation in ``database``: all system tables, no Objects."""
    return await get_organisation(database, ORGANISATION)


@pytest.fixture(scope="module")
async def sales_database(templates: Templates) -> AsyncIterator[Database]:
    """A Database of the module's own with the sales pack in the organisation ``test``."""
    async with templates.clone("sales", build_sales) as database:
        yield database


@pytest.fixture(scope="module")
async def sales_organisation(sales_database: Database) -> Organisation:
    """The organisation in ``sales_database``; its administrator signs in as ``ADMINISTRATOR`` with ``PASSWORD``."""
    return await get_organisation(sales_database, ORGANISATION)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of an S3 server in a thread of this process, with the empty bucket ``files``."""
    moto = importlib.import_module("moto.server")
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    httpx.put(f"{endpoint}/files", trust_env=False).raise_for_status()
    yield endpoint
    server.stop()
