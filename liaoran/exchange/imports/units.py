"""Units of work of an import: one transaction per chunk, or, for a dry run, one for everything that is rolled back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from liaoran.infra.database import Database
from liaoran.infra.transaction import Transaction
from liaoran.schema.words_index import leave_words_pending

STATEMENT_SECONDS = 300
# A chunk need not wait for the disk: its rows and the progress that tells of them are in one transaction, so a server
# that fails loses both together, and the run goes on behind the last line that survived. The import ends with a
# transaction that does wait, and what comes before it in the log is on the disk with it.
_DO_NOT_WAIT = "SET LOCAL synchronous_commit = off"


class Units:
    """Use as ``async with Units(database, schema, dry_run) as units`` and then ``async with units.unit() as tx``."""

    def __init__(self, database: Database, schema: str, dry_run: bool) -> None:
        self._database = database
        self._schema = schema
        self._dry_run = dry_run
        self._stack = AsyncExitStack()
        self._only: Transaction | None = None

    async def __aenter__(self) -> Units:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._only is not None:
            try:
                await self._stack.__aexit__(_RolledBack, _RolledBack(), None)
            except _RolledBack:
                self._only = None

    @property
    def at_once(self) -> int:
        """How many units may be open at the same time."""
        return 1 if self._dry_run else 2

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Transaction]:
        """A transaction that commits at the end of the block; in a dry run a part of the one that never does. Search
        words stay pending: see ``schema.words_index``."""
        if not self._dry_run:
            async with self._database.transaction(self._schema, statement_seconds=STATEMENT_SECONDS) as tx:
                await tx.execute(_DO_NOT_WAIT)
                await leave_words_pending(tx)
                yield tx
            return
        if self._only is None:
            opened = self._database.transaction(self._schema, statement_seconds=STATEMENT_SECONDS)
            self._only = await self._stack.enter_async_context(opened)
        async with self._only.savepoint():
            yield self._only

    @asynccontextmanager
    async def trial(self, tx: Transaction, *, keep: bool) -> AsyncIterator[None]:
        """In a dry run, undoes at the end of the block what was written in it: a dry run of a large file lasts, and the
        rows it has written (totals among them) would stop others until it is over. With ``keep`` they stay, for what
        follows builds on them."""
        if not self._dry_run or keep:
            yield
            return
        with suppress(_RolledBack):
            async with tx.savepoint():
                yield
                raise _RolledBack


class _RolledBack(Exception):
    """Leaves the transaction of a dry run, or a part of it, so that nothing of it stays."""
