"""Notices between processes: one channel, one listening connection per process, handed to any number of subscribers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import orjson
import psycopg
import structlog

from liaoran.infra.encoding import to_json
from liaoran.infra.tables import SHARED_SCHEMA

if TYPE_CHECKING:
    from liaoran.infra.database import Database

CHANNEL = "liaoran"
RECONNECT_SECONDS = 1.0
GATHER_SECONDS = 0.02
_NOTIFY = "SELECT pg_notify(:channel, notice) FROM unnest(:notices::text[]) AS notice"
_log = structlog.get_logger(__name__)

Notice = dict[str, Any]
Subscriber = Callable[[Notice], None]


class Listener:
    """Hands every notice of every process (this one included) to the subscribers, in the order of their commits.

    The connection is opened with the first subscriber and opened again when it is lost; then every subscriber gets
    ``{"lost": true}``, because notices may have been missed meanwhile.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._subscribers: list[Subscriber] = []
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @asynccontextmanager
    async def subscribe(self, subscriber: Subscriber) -> AsyncIterator[None]:
        """Within the block ``subscriber`` is called with each notice ``{"schema": …, …}``. It must not block; what it
        raises is logged. Listening has begun when the block is entered."""
        self._subscribers.append(subscriber)
        try:
            if self._task is None:
                self._task = asyncio.create_task(self._listen(), name="listener")
            await self._ready.wait()
            yield
        finally:
            self._subscribers.remove(subscriber)

    async def close(self) -> None:
        """Ends the connection."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
            self._ready.clear()

    async def _listen(self) -> None:
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self._database.url, autocommit=True)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    if self._ready.is_set():
                        self._hand_out({"lost": True})
                    self._ready.set()
                    async for notice in connection.notifies():
                        self._hand_out(orjson.loads(notice.payload))
            except psycopg.OperationalError as error:
                _log.warning("listener_lost", error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)

    def _hand_out(self, notice: Notice) -> None:
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(notice)
            except Exception:
                _log.exception("subscriber_failed", notice=notice)


class Notifier:
    """Sends notices after their transactions have committed, many in one statement.

    PostgreSQL lets only one transaction with a NOTIFY commit at a time; kept out of the writing transactions, that
    lock never makes one write wait for another's disk. The first notice goes at once; those that follow it closely are
    gathered, so that busy writers do not keep every process busy with news.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def send(self, notices: list[Notice]) -> None:
        """Sends soon; never waits."""
        self._waiting.extend(to_json(notice).decode() for notice in notices)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._flush(), name="notifier")

    async def close(self) -> None:
        """Waits until everything is sent."""
        self._closing.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def _flush(self) -> None:
        while self._waiting:
            notices, self._waiting = list(dict.fromkeys(self._waiting)), []
            try:
                async with self._database.transaction(SHARED_SCHEMA) as tx:
                    tx.send("SET LOCAL synchronous_commit = off")
                    tx.send(_NOTIFY, {"channel": CHANNEL, "notices": notices})
            except Exception as error:
                _log.warning("notices_lost", count=len(notices), error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), GATHER_SECONDS)
