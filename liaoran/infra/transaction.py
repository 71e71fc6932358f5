"""Transaction: the unit of work. Everything that reaches the database goes through one; only ``Database`` commits."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import sqlalchemy as sa
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row, tuple_row

from liaoran.infra.encoding import to_json
from liaoran.infra.flights import Connection, Passenger, Row, is_stale_plan
from liaoran.infra.statements import Runnable, prepare

if TYPE_CHECKING:
    from liaoran.infra.database import Database

Params = Mapping[str, Any]
Source = Runnable | sa.Executable | str
Callback = Callable[[], Awaitable[None] | None]
FollowUp = Callable[["Database", str], Awaitable[object]]

MOST_TOGETHER = 500
"""Statements of a list that travel in one message."""
_NOTHING: Params = {}


class Transaction:
    """One unit of work in one organisation's schema.

    A ``statement`` is a ``Statement``, a SQLAlchemy Core executable, or SQL text with ``:name`` binds in which
    ``{org}`` stands for the quoted schema. Binds travel apart from the SQL. A failed statement ends the transaction
    (use ``savepoint`` to go on). Database errors are psycopg's; see ``database.is_retryable``.

    What is given to ``send`` waits and travels with the next statement whose answer is asked for, in the same order;
    so do ``opening`` statements, which begin the transaction.
    """

    def __init__(self, connection: Connection, schema: str, opening: Iterable[str] = ()) -> None:
        self.schema = schema
        self.after: list[Callback] = []
        self.follow_ups: list[FollowUp] = []
        self.notices: list[dict[str, Any]] = []
        self._connection = connection
        self._opening = [Passenger(text.encode()) for text in opening]
        self._waiting: list[Passenger] = []
        self._savepoints = 0

    def send(
        self, statement: Source, params: Params = _NOTHING, then: Callable[[list[Row]], None] | None = None
    ) -> Passenger:
        """Runs the statement together with the next one whose answer is asked for, at the latest at ``land``.

        ``then`` is called with the rows once they are there. What it raises, and what the database refuses, is raised
        where the answer is waited for.
        """
        runnable = prepare(statement, params)
        passenger = Passenger(runnable.text(self.schema), runnable.values(params), then)
        self._waiting.append(passenger)
        return passenger

    async def land(self) -> None:
        """Waits until everything that was sent has run."""
        async with self._connection.lock:
            if not self._waiting:
                return
            flight = [*self._opening, *self._waiting]
            self._opening, self._waiting = [], []
            try:
                await self._connection.fly(flight)
            except (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName) as error:
                # Without a transaction around it, a statement that was prepared too long ago can just run again.
                if not is_stale_plan(error) or self._connection.info.transaction_status != TransactionStatus.IDLE:
                    raise
                await self._connection.fly(flight)

    async def commit(self) -> None:
        """For ``Database`` alone: makes what was done last."""
        if any(one.then is not None for one in self._waiting):
            await self.land()
        if self._waiting or not self._opening:
            self._waiting.append(Passenger(b"COMMIT"))
            await self.land()

    async def fetch_json(self, statement: Source, params: Params = _NOTHING) -> bytes | None:
        """The one text or json column of the first row as UTF-8 bytes, not parsed; None without a row or if null."""
        return (await self._run(statement, params)).json

    async def fetch_all(self, statement: Source, params: Params = _NOTHING) -> list[Row]:
        """All rows, each a dict by column name."""
        return self._connection.rows(await self._run(statement, params))

    async def fetch_one(self, statement: Source, params: Params = _NOTHING) -> Row | None:
        """The first row as a dict, or None."""
        return next(iter(await self.fetch_all(statement, params)), None)

    async def fetch_value(self, statement: Source, params: Params = _NOTHING) -> Any:
        """The first column of the first row, or None."""
        return next(iter(await self.fetch_column(statement, params)), None)

    async def fetch_column(self, statement: Source, params: Params = _NOTHING) -> list[Any]:
        """The first column of all rows."""
        return self._connection.column(await self._run(statement, params))

    async def execute(self, statement: Source, params: Params | Sequence[Params] = _NOTHING) -> int:
        """Runs the statement and gives the number of rows touched; with a list of params, once for each."""
        if not isinstance(params, Mapping):
            return await self._execute_many(statement, params)
        return (await self._run(statement, params)).count

    async def plain_connection(self) -> Connection:
        """The connection itself, for what speaks psycopg; everything sent before has run."""
        self._waiting = [*self._opening, *self._waiting]
        self._opening = []
        await self.land()
        return self._connection

    async def stream(
        self, statement: Source, params: Params = _NOTHING, *, batch: int = 1000
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Rows in lists of at most ``batch`` through a server-side cursor: memory stays flat."""
        runnable = prepare(statement, params)
        cursor = psycopg.AsyncRawServerCursor(await self.plain_connection(), "stream", row_factory=dict_row)
        async with cursor:
            await cursor.execute(runnable.text(self.schema), runnable.values(params))
            while rows := await cursor.fetchmany(batch):
                yield rows

    async def copy_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """Loads rows by COPY into a table of the organisation; gives the number of rows. For bulk system data."""
        names = ", ".join(f'"{column}"' for column in columns)
        count = 0
        async with (
            psycopg.AsyncCursor(await self.plain_connection(), row_factory=tuple_row) as cursor,
            cursor.copy(f'COPY "{self.schema}"."{table}" ({names}) FROM STDIN'.encode()) as copy,
        ):
            for row in rows:
                await copy.write_row(row)
                count += 1
        return count

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """What happens inside is undone alone when it raises; the transaction goes on. Callbacks and notices too."""
        await self.land()
        callbacks, notices, follow_ups = len(self.after), len(self.notices), len(self.follow_ups)
        self._savepoints += 1
        name = f"s{self._savepoints}".encode()
        begin = Passenger(b"SAVEPOINT " + name)
        self._waiting.append(begin)
        try:
            yield
            await self.land()
            self._waiting.append(Passenger(b"RELEASE " + name))
        except BaseException:
            del self.after[callbacks:], self.notices[notices:], self.follow_ups[follow_ups:]
            begun = begin not in self._waiting
            self._waiting.clear()
            if begun:
                self._waiting += [Passenger(b"ROLLBACK TO " + name), Passenger(b"RELEASE " + name)]
            raise

    async def lock(self, name: str) -> None:
        """Waits for the advisory lock ``name`` of this organisation; held to the end of the transaction."""
        await self.fetch_value("SELECT pg_advisory_xact_lock(:key)", {"key": lock_key(f"{self.schema}/{name}")})

    def after_commit(self, callback: Callback) -> None:
        """Runs ``callback`` (plain or async) once the transaction has committed, in order of registration; never
        after a rollback. What it raises is logged and hurts nobody."""
        self.after.append(callback)

    def follow_up(self, work: FollowUp) -> None:
        """Runs ``work(database, schema)`` once the transaction has committed and its connection is free again, before
        the unit of work is over; once, however often it is asked for. What it raises is logged and hurts nobody: it is
        for what a job makes good where this process dies before."""
        if work not in self.follow_ups:
            self.follow_ups.append(work)

    def notify(self, payload: dict[str, Any]) -> None:
        """Tells all processes after the commit: subscribers of ``Database.listener`` get ``{"schema", **payload}``.
        Equal payloads are sent once. A hint, not a record: a crash in between loses it. Raises ValueError when the
        payload is larger than 7,000 bytes of JSON."""
        if len(to_json(payload)) > 7000:
            raise ValueError("the payload of a notice must stay below 7,000 bytes")
        notice = {"schema": self.schema, **payload}
        if notice not in self.notices:
            self.notices.append(notice)

    async def _run(self, statement: Source, params: Params) -> Passenger:
        passenger = self.send(statement, params)
        await self.land()
        if passenger.error is not None:
            # It went along with a flight that another task had waited for.
            raise passenger.error
        return passenger

    async def _execute_many(self, statement: Source, rows: Sequence[Params]) -> int:
        count = 0
        for begin in range(0, len(rows), MOST_TOGETHER):
            sent = [self.send(statement, row) for row in rows[begin : begin + MOST_TOGETHER]]
            for one in sent:
                one.often = True
            await self.land()
            count += sum(one.count for one in sent)
        return count


def lock_key(name: str) -> int:
    """A signed 64-bit key for PostgreSQL's advisory locks, the same in every process."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
