"""Database: where units of work begin and where, and only where, they are committed."""

from __future__ import annotations

import asyncio
import inspect
import select
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import orjson
import psycopg
import structlog
from psycopg.types.json import JsonbDumper, set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from liaoran.infra.embedded import EmbeddedPostgres
from liaoran.infra.encoding import to_json
from liaoran.infra.errors import Unavailable
from liaoran.infra.files import open_files
from liaoran.infra.flights import Connection, is_stale_plan
from liaoran.infra.listen import Listener, Notifier
from liaoran.infra.secrets import Secrets
from liaoran.infra.server_check import check_server, with_keepalive
from liaoran.infra.settings import Settings
from liaoran.infra.tables import SHARED_SCHEMA
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text

IDLE_MILLISECONDS = "60000"
WATCH_SECONDS = 2.0
_log = structlog.get_logger(__name__)
_Pool = AsyncConnectionPool[Connection]


class _NewestFirst(AsyncConnectionPool[Connection]):
    """Gives the connection that came back last: it has its statements prepared and their plans kept, which taking turns
    would have every connection do for itself, and the ones that few need are those that are closed."""

    async def _get_ready_connection(self, timeout: float | None) -> Connection | None:  # noqa: ASYNC109 - the pool's own
        self._pool.rotate(1)
        return await super()._get_ready_connection(timeout)


class Database:
    """The database of one process: two pools (reading, writing), the stored files, the key that
    seals secrets, the listener and, if embedded, the server itself.

    Use as ``async with Database(settings) as database``. ``url`` replaces the settings' address and then nothing is
    started or stopped. ``patient`` lifts the time limit of statements, for jobs. Schemas are expected to be up to
    date: see ``migrate.upgrade``.
    """

    def __init__(self, settings: Settings, *, url: str | None = None, patient: bool = False) -> None:
        self.settings = settings
        self._patient = patient
        self.url = url or (settings.database_url.get_secret_value() if settings.database_url else "")
        self._server: EmbeddedPostgres | None = None
        self._readers: _Pool | None = None
        self._writers: _Pool | None = None
        self.files = open_files(settings)
        self.secrets = Secrets(settings)
        self.listener = Listener(self)
        self._notifier = Notifier(self)

    async def open(self) -> None:
        """Starts or takes over the embedded server where no address is given, checks it, opens the pools.

        Raises Unavailable when the server cannot be started or reached, or is of a version that does not serve, and
        when there is no usable secret key.
        """
        await asyncio.to_thread(self.settings.data_dir.mkdir, parents=True, exist_ok=True)
        await asyncio.to_thread(self.secrets.prepare)
        if not self.url:
            self._server = embedded_server(self.settings)
            self.url = await asyncio.to_thread(self._server.acquire)
        try:
            self.url = with_keepalive(self.url)
            await check_server(self.url, own=self._server is None)
            self._readers = await self._open_pool(reading=True)
            self._writers = await self._open_pool(reading=False)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Sends waiting notices, closes all connections, lets go of the embedded server. May be repeated."""
        await self._notifier.close()
        await self.listener.close()
        for pool in (self._readers, self._writers):
            if pool is not None:
                await pool.close()
        self._readers = self._writers = None
        if self._server is not None:
            server, self._server = self._server, None
            self.url = ""
            await asyncio.to_thread(server.release)

    async def keep_server(self) -> None:
        """Starts the embedded server again whenever it dies; runs until cancelled. One process per machine does it."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self._server is not None and await asyncio.to_thread(self._server.ensure_running):
                _log.error("embedded_postgres_restarted")

    async def __aenter__(self) -> Database:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def writers(self) -> AsyncConnectionPool[Any]:
        """The pool of writing connections, for the job queue. Raises RuntimeError before ``open``."""
        if self._writers is None:
            raise RuntimeError("the database is not open")
        return self._writers

    @property
    def readers(self) -> AsyncConnectionPool[Connection]:
        """The pool of connections that can only read. Raises RuntimeError before ``open``."""
        if self._readers is None:
            raise RuntimeError("the database is not open")
        return self._readers

    @asynccontextmanager
    async def transaction(
        self, schema: str, *, statement_seconds: float | None = None, consistent: bool = False
    ) -> AsyncIterator[Transaction]:
        """A unit of work: commits when the block ends, rolls back when it raises.

        ``statement_seconds`` limits each statement; 0 means no limit; None the limit of the settings. ``consistent``
        takes isolation level "repeatable read" instead of "read committed"; then, and on deadlock, the caller may have
        to try again (``is_retryable``). After the commit come the callbacks and notices. Raises Unavailable when no
        connection is free in time, a statement takes too long, or the connection is lost.
        """
        opening = ["BEGIN ISOLATION LEVEL REPEATABLE READ" if consistent else "BEGIN"]
        if statement_seconds is not None:
            opening.append(f"SET LOCAL statement_timeout = {int(statement_seconds * 1000)}")
        async with self._connection(self.writers) as connection:
            transaction = Transaction(connection, schema, opening)
            try:
                yield transaction
                await transaction.commit()
            except BaseException:
                await _undo(connection)
                raise
        await self._finish(transaction)

    def read(self, schema: str, *, consistent: bool = False) -> AbstractAsyncContextManager[Transaction]:
        """A reading unit of work, cheaper than ``transaction``: each statement by itself sees what is committed when
        it starts. With ``consistent`` all see the same moment. Writing fails in both."""
        return self._read_consistently(schema) if consistent else self._read(schema)

    @asynccontextmanager
    async def _read(self, schema: str) -> AsyncIterator[Transaction]:
        async with self._connection(self.readers) as connection:
            yield Transaction(connection, schema)

    @asynccontextmanager
    async def _read_consistently(self, schema: str) -> AsyncIterator[Transaction]:
        async with self._connection(self.readers) as connection:
            transaction = Transaction(connection, schema, ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"])
            try:
                yield transaction
                await transaction.commit()
            except BaseException:
                await _undo(connection)
                raise

    @asynccontextmanager
    async def _connection(self, pool: _Pool) -> AsyncIterator[Connection]:
        try:
            connection = await _take(pool)
        except PoolTimeout as error:
            raise _busy() from error
        try:
            yield connection
        except psycopg.errors.QueryCanceled as error:
            raise _too_slow() from error
        except psycopg.OperationalError as error:
            if connection.closed:
                raise _lost() from error
            raise
        finally:
            await pool.putconn(connection)

    async def _finish(self, transaction: Transaction) -> None:
        for callback in transaction.after:
            try:
                result = callback()
                if inspect.isawaitable(result):
                    await result
            except Exception:
                _log.exception("after_commit_failed", schema=transaction.schema)
        if transaction.notices:
            self._notifier.send(transaction.notices)
        for work in transaction.follow_ups:
            try:
                await work(self, transaction.schema)
            except Exception:
                _log.exception("follow_up_failed", schema=transaction.schema)

    async def _open_pool(self, *, reading: bool) -> _Pool:
        options = {
            "search_path": SHARED_SCHEMA,
            "timezone": "UTC",
            "statement_timeout": "0" if self._patient else str(int(self.settings.statement_seconds * 1000)),
            "idle_in_transaction_session_timeout": "0" if self._patient else IDLE_MILLISECONDS,
            "default_transaction_read_only": "on" if reading else "off",
        }

        async def configure(connection: Connection) -> None:
            await connection.set_autocommit(reading)
            set_json_dumps(to_json, connection)
            set_json_loads(orjson.loads, connection)
            connection.adapters.register_dumper(dict, JsonbDumper)
            calls = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in options.items())
            await connection.execute(f"SELECT {calls}".encode())
            if not connection.autocommit:
                await connection.commit()

        pool: _Pool = _NewestFirst(
            self.url,
            connection_class=Connection,
            min_size=1,
            max_size=self.settings.pool_size,
            timeout=self.settings.pool_wait_seconds,
            configure=configure,
            open=False,
            name="readers" if reading else "writers",
        )
        await pool.open(wait=True, timeout=30)
        return pool


async def _undo(connection: Connection) -> None:
    if not connection.closed:
        await connection.rollback()


async def _take(pool: _Pool) -> Connection:
    """A connection that lives: one that the server has closed meanwhile can be told by its socket, at no cost."""
    while True:
        connection = await pool.getconn()
        if not _has_something_to_read(connection):
            return connection
        try:
            await pool.check_connection(connection)
        except psycopg.OperationalError:
            await pool.putconn(connection)
        else:
            return connection


def _has_something_to_read(connection: Connection) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def embedded_server(settings: Settings, *, durable: bool = True) -> EmbeddedPostgres:
    """The embedded server of the settings' data directory, not yet started."""
    return EmbeddedPostgres(settings.data_dir / "postgres", memory_mb=settings.postgres_memory_mb, durable=durable)


def is_retryable(error: BaseException) -> bool:
    """Whether running the whole unit of work again may succeed: serialization failure, deadlock, or a table that was
    changed under a prepared statement."""
    failures = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
    return isinstance(error, failures) or is_stale_plan(error)


def _busy() -> Unavailable:
    return Unavailable(Text("数据库正忙，请稍后再试", "the database is busy, please try again shortly"), code="busy")


def _lost() -> Unavailable:
    return Unavailable(
        Text("与数据库的连接中断，请重试", "the connection to the database was lost, please try again"),
        code="connection_lost",
    )


def _too_slow() -> Unavailable:
    return Unavailable(
        Text("操作耗时过长，已中止", "this took too long and was stopped"),
        code="too_slow",
    )
