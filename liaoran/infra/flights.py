"""Flights: statements that travel to PostgreSQL together, in one message, and whose answers come back together.

Most of what a short unit of work costs is going back and forth, so what need not wait for an answer does not go alone.
This rests on psycopg's connection, its adapters, and the pipeline mode of libpq beneath them; psycopg's own cursors
send a message per statement.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq.abc import PGresult

PREPARE_AFTER = 2
"""Statements that have run so often on a connection are prepared there."""
MOST_PREPARED = 400
MOST_COUNTED = 2000
Row = dict[str, Any]
_Key = tuple[bytes, tuple[int, ...]]
_NO_TYPES: tuple[int, ...] = ()
_GOOD = frozenset({pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK, pq.ExecStatus.EMPTY_QUERY})


@dataclass(eq=False, slots=True)
class Passenger:
    """One statement on its way: ``text`` with ``$1, $2, …`` and its values.

    ``then`` gets the rows when they have arrived; what it raises is raised by whoever waits for the flight. ``often``
    says that the statement will run many times.
    """

    text: bytes
    values: Sequence[Any] = ()
    then: Callable[[list[Row]], None] | None = None
    often: bool = False
    result: PGresult | None = None
    error: BaseException | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it has not been answered yet."""
        return self.result is None and self.error is None

    @property
    def json(self) -> bytes | None:
        """The one text or json column of the first row as UTF-8 bytes, not parsed; None without a row or if null."""
        return self.result.get_value(0, 0) if self.result is not None and self.result.ntuples else None

    @property
    def count(self) -> int:
        """How many rows the statement touched or gave."""
        return (self.result.command_tuples or 0) if self.result is not None else 0


@dataclass(slots=True)
class _Prepared:
    """The statements that are prepared on a connection, the longest unused first."""

    names: OrderedDict[_Key, bytes] = field(default_factory=OrderedDict)
    counts: OrderedDict[_Key, int] = field(default_factory=OrderedDict)
    unwanted: list[bytes] = field(default_factory=list)
    drawn: int = 0

    def name(self, key: _Key) -> bytes | None:
        """The name of a statement that is prepared."""
        found = self.names.get(key)
        if found is not None:
            self.names.move_to_end(key)
        return found

    def is_due(self, key: _Key) -> bool:
        """Counts a use; whether the statement has become worth preparing."""
        used = self.counts.pop(key, 0)
        if used >= PREPARE_AFTER:
            return True
        self.counts[key] = used + 1
        if len(self.counts) > MOST_COUNTED:
            self.counts.popitem(last=False)
        return False

    def add(self, key: _Key) -> bytes:
        """A name for a statement that is about to be prepared."""
        self.drawn += 1
        name = self.names[key] = f"liaoran_{self.drawn}".encode()
        if len(self.names) > MOST_PREPARED:
            self.unwanted.append(self.names.popitem(last=False)[1])
        return name

    def forget(self) -> None:
        """Has all statements prepared afresh."""
        self.unwanted += self.names.values()
        self.names.clear()


class Connection(psycopg.AsyncConnection[Any]):
    """A connection on which statements can travel together."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        # Statements that psycopg's cursors run (copy, jobs) are few; whatever is prepared, is prepared here.
        self.prepare_threshold = None
        self._statements = _Prepared()
        self._adapting = Transformer(self)

    async def fly(self, passengers: Sequence[Passenger]) -> None:
        """Runs the statements in their order; afterwards each has its ``result``.

        Raises psycopg's error of the first that fails, and those behind it do not run, or what the first ``then`` that
        objects raises. The caller holds ``lock``.
        """
        try:
            failure = await self._exchange(passengers)
            for one in passengers:
                if one.result is None and failure is not None:
                    raise failure
                if one.then is not None:
                    one.then(self.rows(one))
        except BaseException as error:
            for one in passengers:
                one.error = error
            raise
        for one in passengers:
            one.error = None

    def rows(self, passenger: Passenger) -> list[Row]:
        """The rows that a statement gave, each a dict by column name."""
        result = passenger.result
        if result is None or not result.nfields:
            return []
        names = [(result.fname(place) or b"").decode() for place in range(result.nfields)]
        return self._load(result, lambda values: dict(zip(names, values, strict=True)))

    def column(self, passenger: Passenger) -> list[Any]:
        """The first column of the rows that a statement gave."""
        result = passenger.result
        return [] if result is None or not result.nfields else self._load(result, lambda values: values[0])

    def _load(self, result: PGresult, make: Callable[[Sequence[Any]], Any]) -> list[Any]:
        self._adapting.set_pgresult(result)
        return self._adapting.load_rows(0, result.ntuples, make)

    async def _exchange(self, passengers: Sequence[Passenger]) -> psycopg.Error | None:
        try:
            return await self.wait(self._messages(passengers))
        finally:
            if not self.closed and self.pgconn.pipeline_status != pq.PipelineStatus.OFF:
                # Something broke in the middle; who knows what the server would answer next.
                self.pgconn.finish()

    def _messages(self, passengers: Sequence[Passenger]) -> Generator[Any, Any, psycopg.Error | None]:
        wire, sent = self.pgconn, list[Passenger | _Key | None]()
        wire.enter_pipeline_mode()
        for one in passengers:
            self._put(one, sent)
        for name in self._statements.unwanted:
            wire.send_close_prepared(name)
            sent.append(None)
        self._statements.unwanted.clear()
        wire.pipeline_sync()
        yield from send(wire)
        results: list[PGresult] = []
        while (found := (yield from fetch_many(wire))) and found[-1].status != pq.ExecStatus.PIPELINE_SYNC:
            results.append(found[-1])
        wire.exit_pipeline_mode()
        return self._settle(sent, results)

    def _put(self, one: Passenger, sent: list[Passenger | _Key | None]) -> None:
        """Puts a statement into the message, and before it, where that is due, its preparation."""
        wire, adapting, types, values, formats = self.pgconn, self._adapting, _NO_TYPES, None, None
        if one.values:
            values = adapting.dump_sequence(one.values, [PyFormat.AUTO] * len(one.values))
            types, formats = adapting.types or _NO_TYPES, adapting.formats
        key = (one.text, types)
        name = self._statements.name(key)
        if name is None and (self._statements.is_due(key) or one.often):
            name = self._statements.add(key)
            wire.send_prepare(name, one.text, types)
            sent.append(key)
        if name is None:
            wire.send_query_params(one.text, values, types, formats)
        else:
            wire.send_query_prepared(name, values, formats)
        sent.append(one)

    def _settle(self, sent: Sequence[Passenger | _Key | None], results: Sequence[PGresult]) -> psycopg.Error | None:
        """Hands out the results; gives the error of the first statement that failed."""
        failure: psycopg.Error | None = None
        for one, result in zip(sent, results, strict=True):
            if result.status in _GOOD:
                if isinstance(one, Passenger):
                    one.result = result
                continue
            if failure is None:
                failure = error_from_result(result)
            if isinstance(one, tuple):
                self._statements.names.pop(one, None)
        if is_stale_plan(failure):
            self._statements.forget()
        return failure


def is_stale_plan(error: BaseException | None) -> bool:
    """Whether a prepared statement was refused because a table has changed, or because the server (or a pooler before
    it) has dropped it. It is forgotten and may be run again."""
    dropped = isinstance(error, psycopg.errors.InvalidSqlStatementName)
    return dropped or (isinstance(error, psycopg.errors.FeatureNotSupported) and "cached plan" in str(error))
