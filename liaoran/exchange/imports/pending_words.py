"""Merging the search words that an import writes, beside the import."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import psycopg
import structlog

from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.schema.snapshot import Object, Snapshot
from liaoran.schema.words_index import MERGED_ROWS, merge_words

_log = structlog.get_logger(__name__)


class PendingWords:
    """Counts the rows whose words wait in the index, by Object, and merges them when there are enough. Nothing depends
    on it but the speed of searches, so what goes wrong here is logged and stops no import."""

    def __init__(self, database: Database, schema: str) -> None:
        self._database = database
        self._schema = schema
        self._rows: dict[str, int] = {}
        self._objects: Mapping[str, Object] = {}
        self._merging: asyncio.Task[None] | None = None

    def add(self, snapshot: Snapshot, rows: Mapping[str, int]) -> None:
        """Notes committed rows by Object; merges in the background where there are many by now."""
        self._objects = snapshot.objects
        for key, count in rows.items():
            self._rows[key] = self._rows.get(key, 0) + count
        idle = self._merging is None or self._merging.done()
        if idle and (full := [key for key, count in self._rows.items() if count >= MERGED_ROWS]):
            self._merging = asyncio.create_task(self._merge(full))

    async def settle(self) -> None:
        """Merges all that waits."""
        if self._merging is not None:
            await self._merging
        await self._merge([key for key, count in self._rows.items() if count])

    async def stop(self) -> None:
        """Leaves what waits to PostgreSQL."""
        if self._merging is not None:
            self._merging.cancel()
            with suppress(asyncio.CancelledError):
                await self._merging

    async def _merge(self, keys: list[str]) -> None:
        for key in keys:
            self._rows[key] = 0
            try:
                async with self._database.transaction(self._schema, statement_seconds=0) as tx:
                    await merge_words(tx, self._objects[key])
            except (psycopg.Error, Unavailable):
                _log.exception("words_not_merged", schema=self._schema, object=key)
