"""Transaction: the unit of work. Everything that reaches the database goes through one; only ``Database`` commits."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row, scalar_row, tuple_row

from liaoran.infra.encoding import to_json
from liaoran.infra.statements import Runnable, prepare

Params = Mapping[str, Any]
Source = Runnable | sa.Executable | str
Connection = psycopg.AsyncConnection[Any]
Callback = Callable[[], Awaitable[None] | None]

_NOTHING: Params = {}


class Transaction:
    """One unit of work in one organisation's schema.

    A ``statement`` is a ``Statement``, a SQLAlchemy Core executable, or SQL text with ``:name`` binds in which
    ``{org}`` stands for the quoted schema. Binds travel apart from the SQL. A failed statement ends the transaction
    (use ``savepoint`` to go on). Database errors are psycopg's; see ``database.is_retryable``.
    """

    def __init__(self, connection: Connection, schema: str) -> None:
        self.connection = connection
        self.schema = schema
        self.after: list[Callback] = []
        self.notices: list[dict[str, Any]] = []

    async def fetch_json(self, statement: Source, params: Params = _NOTHING) -> bytes | None:
        """The one text or json column of the first row as UTF-8 bytes, not parsed; None without a row or if null."""
        cursor = psycopg.AsyncRawCursor(self.connection)
        await self._run(cursor, statement, params)
        result = cursor.pgresult
        return result.get_value(0, 0) if result is not None and result.ntuples else None

    async def fetch_all(self, statement: Source, params: Params = _NOTHING) -> list[dict[str, Any]]:
        """All rows, each a dict by column name."""
        cursor = psycopg.AsyncRawCursor(self.connection, row_factory=dict_row)
        await self._run(cursor, statement, params)
        return await cursor.fetchall()

    async def fetch_one(self, statement: Source, params: Params = _NOTHING) -> dict[str, Any] | None:
        """The first row as a dict, or None."""
        cursor = psycopg.AsyncRawCursor(self.connection, row_factory=dict_row)
        await self._run(cursor, statement, params)
        return await cursor.fetchone()

    async def fetch_value(self, statement: Source, params: Params = _NOTHING) -> Any:
        """The first column of the first row, or None."""
        cursor = psycopg.AsyncRawCursor(self.connection, row_factory=scalar_row)
        await self._run(cursor, statement, params)
        return await cursor.fetchone()

    async def fetch_column(self, statement: Source, params: Params = _NOTHING) -> list[Any]:
        """The first column of all rows."""
        cursor = psycopg.AsyncRawCursor(self.connection, row_factory=scalar_row)
        await self._run(cursor, statement, params)
        return await cursor.fetchall()

    async def execute(self, statement: Source, params: Params | Sequence[Params] = _NOTHING) -> int:
        """Runs the statement and gives the number of rows touched; with a list of params, once for each."""
        if not isinstance(params, Mapping):
            return await self._execute_many(statement, params)
        cursor = psycopg.AsyncRawCursor(self.connection)
        await self._run(cursor, statement, params)
        return max(cursor.rowcount, 0)

    async def stream(
        self, statement: Source, params: Params = _NOTHING, *, batch: int = 1000
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Rows in lists of at most ``batch`` through a server-side cursor: memory stays flat."""
        runnable = prepare(statement, params)
        cursor = psycopg.AsyncRawServerCursor(self.connection, "stream", row_factory=dict_row)
        async with cursor:
            await cursor.execute(runnable.text(self.schema), runnable.values(params))
            while rows := await cursor.fetchmany(batch):
                yield rows

    async def copy_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Loads rows by COPY into a table of the organisation; gives the number of rows. For bulk system data."""
        names = ", ".join(f'"{column}"' for column in columns)
        count = 0
        async with (
            psycopg.AsyncCursor(self.connection, row_factory=tuple_row) as cursor,
            cursor.copy(f'COPY "{self.schema}"."{table}" ({names}) FROM STDIN'.encode()) as copy,
        ):
            for row in rows:
                await copy.write_row(row)
                count += 1
        return count

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What happens inside is undone alone when it raises; the transaction goes on. Callbacks and notices too."""
        callbacks, notices = len(self.after), len(self.notices)
        try:
            async with self.connection.transaction():
                yield
        except BaseException:
            del self.after[callbacks:], self.notices[notices:]
            raise

    async def lock(self, name: str) -> None:
        """Waits for the advisory lock ``name`` of this organisation; held to the end of the transaction."""
        await self.fetch_value("SELECT pg_advisory_xact_lock(:key)", {"key": lock_key(f"{self.schema}/{name}")})

    def after_commit(self, callback: Callback) -> None:
        """Runs ``callback`` (plain or async) once the transaction has committed, in order of registration; never
        after a rollback. What it raises is logged and hurts nobody."""
        self.after.append(callback)

    def notify(self, payload: dict[str, Any]) -> None:
        """Tells all processes after the commit: subscribers of ``Database.listener`` get ``{"schema", **payload}``.
        Equal payloads are sent once. A hint, not a record: a crash in between loses it. Raises ValueError when the
        payload is larger than 7,000 bytes of JSON."""
        if len(to_json(payload)) > 7000:
            raise ValueError("the payload of a notice must stay below 7,000 bytes")
        notice = {"schema": self.schema, **payload}
        if notice not in self.notices:
            self.notices.append(notice)

    async def _run(self, cursor: psycopg.AsyncRawCursor[Any], statement: Source, params: Params) -> None:
        runnable = prepare(statement, params)
        text, values = runnable.text(self.schema), runnable.values(params)
        try:
            await cursor.execute(text, values)
        except psycopg.errors.FeatureNotSupported as error:
            # A column changed its type since this connection prepared the statement; it is prepared anew.
            if not is_stale_plan(error) or self.connection.info.transaction_status != TransactionStatus.IDLE:
                raise
            await self.connection.execute(b"DEALLOCATE ALL")
            await cursor.execute(text, values)

    async def _execute_many(self, statement: Source, rows: Sequence[Params]) -> int:
        if not rows:
            return 0
        runnable = prepare(statement, rows[0])
        cursor = psycopg.AsyncRawCursor(self.connection)
        await cursor.executemany(runnable.text(self.schema), [runnable.values(row) for row in rows])
        return max(cursor.rowcount, 0)


def is_stale_plan(error: BaseException) -> bool:
    """Whether a prepared statement was refused because a table has changed; it is forgotten with the rollback."""
    return isinstance(error, psycopg.errors.FeatureNotSupported) and "cached plan" in str(error)


def lock_key(name: str) -> int:
    """A signed 64-bit key for PostgreSQL's advisory locks, the same in every process."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
