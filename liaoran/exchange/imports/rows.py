"""Rows as records: the file chunk by chunk through the one write path, each chunk and its progress in one transaction.

What the progress says is therefore what is in the database: after a restart the run goes on behind the last committed
line. While one chunk is being stored the next is made ready (see ``relay``). Links between records of the same file are
made in a second pass, when all of them exist.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import Literal

from liaoran.access.scope import Scope
from liaoran.exchange.imports.chunks import Chunk, draft_chunk, settle_changes, told
from liaoran.exchange.imports.drafts import DraftMaker
from liaoran.exchange.imports.keys import RowKeys, existing_records
from liaoran.exchange.imports.pending_words import PendingWords
from liaoran.exchange.imports.preparing import learn_catalogue, learn_links, prepare, transposed
from liaoran.exchange.imports.progress import Progress
from liaoran.exchange.imports.rejects import RejectsFile
from liaoran.exchange.imports.relay import Leg, Relay
from liaoran.exchange.imports.running import Ledger, Saver, Task, read_ahead, scope_now
from liaoran.exchange.imports.settling import Setup
from liaoran.exchange.imports.units import Units
from liaoran.exchange.plan import Plan
from liaoran.exchange.readers.table import Block, Table
from liaoran.infra.database import is_retryable
from liaoran.infra.transaction import Transaction
from liaoran.records.changes import Create, Outcome, Rejected, Update
from liaoran.records.write import write

ATTEMPTS = 5
Result = Literal["created", "updated", "unchanged"]


class RowsRun:
    """One run of a settled Plan over an opened table."""

    def __init__(
        self, task: Task, table: Table, plan: Plan, rejects: RejectsFile, progress: Progress, save: Saver
    ) -> None:
        self._task = task
        self._table = table
        self._plan = plan
        self._ledger = Ledger(task, rejects, progress, save)
        self._committed = progress.to_json()
        self._resumed = progress.line > 0 or progress.phase == "links"
        self._keys = RowKeys()
        self._waiting: dict[int, Result] = {}
        self._words = PendingWords(task.database, task.schema)

    async def run(self) -> Progress:
        """Does what is left to do. Raises Cancelled; on any other error the chunks committed so far stay."""
        try:
            async with Units(self._task.database, self._task.schema, self._task.dry_run) as units:
                setup = await prepare(units, self._task, self._plan, self._table, defer=True)
                if self._progress.phase == "rows":
                    setup = await self._write_rows(units, setup)
                    self._progress.phase, self._progress.line = "links", 0
                if self._progress.phase == "links":
                    await self._write_links(units, setup)
                self._progress.phase = "done"
                async with units.unit() as tx:
                    await self._ledger.store(tx)
        except BaseException:
            await self._words.stop()
            raise
        return self._progress

    async def settle(self) -> None:
        """What is left to do when the import is over and told to be."""
        await self._words.settle()

    @property
    def _progress(self) -> Progress:
        return self._ledger.progress

    # first pass

    async def _write_rows(self, units: Units, setup: Setup) -> Setup:
        """Writes the table; gives the setup that is good in the end."""
        relay = Relay(partial(self._carry, units), units.at_once)
        try:
            async for block in read_ahead(self._table):
                fresh = self._undone(setup, block)
                if fresh.rows or fresh.bad:
                    setup = await self._give(relay, units, setup, [fresh])
            return await self._give(relay, units, setup, [])
        finally:
            await relay.take_back()

    async def _give(self, relay: Relay[tuple[Setup, Block]], units: Units, setup: Setup, blocks: list[Block]) -> Setup:
        """Gives blocks to the relay; without any, waits for those under way. Where the database asks for it, what is
        not committed is written again, with a setup made anew, which is given back."""
        attempt, waiting = 0, deque(blocks)
        while True:
            try:
                while waiting:
                    await relay.give((setup, waiting[0]))
                    waiting.popleft()
                if attempt or not blocks:
                    await relay.finish()
            except Exception as error:
                waiting.extendleft(block for _, block in reversed(await relay.take_back()))
                attempt += 1
                if not is_retryable(error) or attempt == ATTEMPTS or self._task.dry_run:
                    raise
                self._ledger.back_to(Progress.from_json(self._committed))
                self._keys.forget()
                setup = await prepare(units, self._task, self._plan, self._table, defer=True)
            else:
                return setup

    def _undone(self, setup: Setup, block: Block) -> Block:
        """The part of the block behind the last committed line; keys of what lies before are remembered."""
        done = self._progress.line
        if not done or (block.lines and block.lines[0] > done):
            return block
        rest, passed = Block(bad=[one for one in block.bad if one.line > done]), Block()
        for line, row in zip(block.lines, block.rows, strict=True):
            part = rest if line > done else passed
            part.lines.append(line)
            part.rows.append(row)
        if passed.rows:
            self._keys.give(setup, setup.key_maker.make(passed))
            self._keys.settle()
        return rest

    async def _carry(self, units: Units, load: tuple[Setup, Block], leg: Leg) -> None:
        """One chunk from its block to its commit."""
        setup, block = load
        columns = transposed(block.rows)
        if columns:
            await learn_catalogue(units, self._task, setup, columns)
        async with units.unit() as tx:
            scope = await scope_now(self._task, tx)
            made = await learn_links(tx, scope, setup, columns, self._ledger.cause)
            chunk = draft_chunk(setup, block, made)
            self._keys.give(setup, chunk.drafts)
            if not made:
                # records made for this chunk are seen by the next one only when they are committed
                leg.pass_on()
            settle_changes(setup, chunk, await existing_records(tx, scope, setup, chunk.drafts))
            # links within the file are looked up among its own records later on
            async with units.trial(tx, keep=any(link.defer for _, link in setup.links)):
                outcomes = await self._write(tx, scope, chunk, leg)
            await leg.turn()
            self._account(setup, chunk, outcomes)
            await self._ledger.store(tx)
        self._keys.settle()
        self._committed = self._progress.to_json()
        if not self._task.dry_run:
            self._words.add(scope.snapshot, {**made, setup.owner.key: len(chunk.changes)})

    async def _write(self, tx: Transaction, scope: Scope, chunk: Chunk, leg: Leg) -> list[Outcome]:
        if not chunk.changes:
            return []
        return await write(tx, scope, chunk.changes, self._ledger.cause, all_or_nothing=False, turn=leg.turn)

    def _account(self, setup: Setup, chunk: Chunk, outcomes: list[Outcome]) -> None:
        """Counts what has become of the rows."""
        progress = self._progress
        for change, draft, outcome in zip(chunk.changes, chunk.changing, outcomes, strict=True):
            if isinstance(outcome, Rejected):
                draft.problems.extend(told(setup, draft, problem) for problem in outcome.problems)
                continue
            result: Result = "created" if isinstance(change, Create) else "updated" if outcome.changed else "unchanged"
            setattr(progress, result, getattr(progress, result) + 1)
            if draft.deferred:
                self._waiting[draft.line] = result
        for key, count in chunk.made.items():
            self._ledger.count_made(key, count)
        self._ledger.count_left(chunk.left_empty)
        progress.skipped += chunk.skipped
        progress.unchanged += chunk.skipped
        for draft in chunk.drafts:
            if draft.problems:
                self._ledger.reject(draft.line, draft.cells, draft.problems)
            else:
                self._ledger.note(draft.notes)
        for bad in chunk.block.bad:
            self._ledger.reject(bad.line, bad.cells, [bad.problem])
        progress.read += len(chunk.block.rows) + len(chunk.block.bad)
        progress.line = chunk.last_line

    # second pass

    async def _write_links(self, units: Units, setup: Setup) -> None:
        """Links between records of the file, for the rows that wait for them; for all rows after a restart, which
        forgot which ones wait."""
        keys = {link.field.key for _, link in setup.links if link.defer}
        if (setup.key_field is None and setup.id_index is None) or not keys or not (self._resumed or self._waiting):
            return
        self._keys = RowKeys()
        setup = await prepare(units, self._task, self._plan, self._table, defer=False)
        async for block in read_ahead(self._table):
            fresh = self._undone(setup, block)
            if fresh.rows:
                async with units.unit() as tx:
                    await self._link_chunk(tx, setup, fresh, keys)

    async def _link_chunk(self, tx: Transaction, setup: Setup, block: Block, keys: set[str]) -> None:
        scope = await scope_now(self._task, tx)
        keyed = setup.key_maker.make(block)
        self._keys.give(setup, keyed)
        self._keys.settle()
        rows = [index for index, line in enumerate(block.lines) if self._resumed or line in self._waiting]
        part = Block([block.lines[index] for index in rows], [block.rows[index] for index in rows])
        columns = transposed(part.rows)
        for key, count in (await learn_links(tx, scope, setup, columns, self._ledger.cause, keys)).items():
            self._ledger.count_made(key, count)
        links = DraftMaker(setup.plan, [one for one in setup.fillings if one.field in keys]).make(part)
        linking = []
        for index, draft in zip(rows, links, strict=True):
            self._ledger.note(draft.problems)
            draft.problems.clear()
            draft.key = keyed[index].key
            if draft.values:
                linking.append(draft)
        existing = await existing_records(tx, scope, setup, linking)
        pairs = [(draft, ids[0]) for draft in linking if (ids := existing.get(draft.key)) and len(set(ids)) == 1]
        changes = [Update(setup.owner.key, record, draft.values) for draft, record in pairs]
        outcomes = await write(tx, scope, changes, self._ledger.cause, all_or_nothing=False) if changes else []
        for (draft, _), outcome in zip(pairs, outcomes, strict=True):
            if isinstance(outcome, Rejected):
                self._ledger.note([told(setup, draft, problem) for problem in outcome.problems])
            elif outcome.changed and self._waiting.get(draft.line) == "unchanged":
                self._progress.unchanged -= 1
                self._progress.updated += 1
        self._progress.line = block.lines[-1]
        await self._ledger.store(tx)
