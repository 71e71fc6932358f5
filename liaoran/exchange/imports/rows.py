"""Rows as records: the file chunk by chunk through the one write path, each chunk and its progress in one transaction.

What the progress says is therefore what is in the database: after a restart the run goes on behind the last committed
line. Links between records of the same file are made in a second pass, when all of them exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.exchange.imports.drafts import Draft, DraftMaker
from liaoran.exchange.imports.keys import SEVERAL, RowKeys, existing_records
from liaoran.exchange.imports.preparing import learn_catalogue, learn_links, prepare, transposed
from liaoran.exchange.imports.progress import Progress
from liaoran.exchange.imports.rejects import RejectsFile
from liaoran.exchange.imports.running import IN_LINE, Ledger, Saver, Task, in_words, read_ahead, scope_now
from liaoran.exchange.imports.settling import Setup
from liaoran.exchange.imports.states import Followed
from liaoran.exchange.imports.units import Units
from liaoran.exchange.mapping.names import CREATED_AT
from liaoran.exchange.plan import Plan
from liaoran.exchange.readers.table import Block, Table
from liaoran.infra.database import is_retryable
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem
from liaoran.records.changes import Change, Create, Past, Rejected, Update, Written
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
        self._resumed = progress.line > 0 or progress.phase == "links"
        self._keys = RowKeys()
        self._waiting: dict[int, Result] = {}

    async def run(self) -> Progress:
        """Does what is left to do. Raises Cancelled; on any other error the chunks committed so far stay."""
        async with Units(self._task.database, self._task.schema, self._task.dry_run) as units:
            setup = await prepare(units, self._task, self._plan, self._table, defer=True)
            if self._progress.phase == "rows":
                await self._write_rows(units, setup)
                self._progress.phase, self._progress.line = "links", 0
            if self._progress.phase == "links":
                await self._write_links(units, setup)
            self._progress.phase = "done"
            async with units.unit() as tx:
                await self._ledger.store(tx)
        return self._progress

    @property
    def _progress(self) -> Progress:
        return self._ledger.progress

    # first pass

    async def _write_rows(self, units: Units, setup: Setup) -> None:
        async for block in read_ahead(self._table):
            fresh = self._undone(setup, block)
            if fresh.rows or fresh.bad:
                setup = await self._write_block(units, setup, fresh)

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
        self._keys.give(setup, setup.key_maker.make(passed))
        return rest

    async def _write_block(self, units: Units, setup: Setup, block: Block) -> Setup:
        """Writes a block, again where the database asks for it; gives the setup that is good from now on."""
        attempt = 0
        while True:
            before = Progress.from_json(self._progress.to_json())
            self._keys.settle()
            try:
                columns = transposed(block.rows)
                if columns:
                    await learn_catalogue(units, self._task, setup, columns)
                async with units.unit() as tx:
                    await self._write_chunk(tx, setup, block)
            except Exception as error:
                self._ledger.back_to(before)
                self._keys.forget()
                attempt += 1
                if not is_retryable(error) or attempt == ATTEMPTS or self._task.dry_run:
                    raise
                setup = await prepare(units, self._task, self._plan, self._table, defer=True)
            else:
                return setup

    async def _write_chunk(self, tx: Transaction, setup: Setup, block: Block) -> None:
        scope = await scope_now(self._task, tx)
        columns = transposed(block.rows)
        if columns:
            await learn_links(tx, scope, setup, columns, self._ledger)
        drafts = setup.maker.make(block)
        self._ledger.count_left(setup.maker.left_empty)
        if setup.followed is not None:
            for draft in drafts:
                _follow(setup.followed, draft)
        self._keys.give(setup, drafts)
        await self._write_drafts(tx, scope, setup, drafts)
        for bad in block.bad:
            self._ledger.reject(bad.line, bad.cells, [bad.problem])
        self._progress.read += len(block.rows) + len(block.bad)
        self._progress.line = max([*block.lines[-1:], *(bad.line for bad in block.bad)])
        await self._ledger.store(tx)

    async def _write_drafts(self, tx: Transaction, scope: Scope, setup: Setup, drafts: Sequence[Draft]) -> None:
        existing = await existing_records(tx, scope, setup, drafts)
        changes: list[Change] = []
        changing: list[Draft] = []
        for draft in drafts:
            change = None if draft.problems else self._change(setup, draft, existing)
            if change is not None:
                changes.append(change)
                changing.append(draft)
        outcomes = await write(tx, scope, changes, self._ledger.cause, all_or_nothing=False) if changes else []
        for draft, change, outcome in zip(changing, changes, outcomes, strict=True):
            if isinstance(outcome, Rejected):
                draft.problems.extend(_told(setup, draft, problem) for problem in outcome.problems)
            else:
                self._count(change, outcome, draft)
        for draft in drafts:
            if draft.problems:
                self._ledger.reject(draft.line, draft.cells, draft.problems)

    def _change(self, setup: Setup, draft: Draft, existing: Mapping[Any, Sequence[UUID]]) -> Change | None:
        """What becomes of a sound draft; None where nothing is to be written."""
        found = existing.get(draft.key, ()) if draft.key is not None else ()
        created_at = draft.values.pop(CREATED_AT, None)
        if len(set(found)) > 1:
            message = SEVERAL.fill(value=draft.key, count=len(set(found)))
            draft.problems.append(Problem("several_records", IN_LINE.fill(line=draft.line, message=message)))
            return None
        if found and setup.plan.duplicates == "skip":
            self._progress.skipped += 1
            self._progress.unchanged += 1
            return None
        process = setup.process
        if setup.followed is not None:
            process = setup.followed.process_of(draft.cells)
        if setup.outcome is not None and process is not None:
            setup.outcome.settle(process, draft.cells, draft.values)
        if process is not None and process.process_field and (not found or process.field in draft.values):
            draft.values.setdefault(process.process_field, process.key)
        if found:
            values = {**dict.fromkeys(draft.emptied), **draft.values} if draft.emptied else draft.values
            return Update(setup.owner.key, found[0], values)
        return Create(setup.owner.key, self._completed(setup, draft), past=_past(created_at))

    def _completed(self, setup: Setup, draft: Draft) -> dict[str, Any]:
        """The values of a new record: templates and defaults fill what no column does."""
        for key in setup.plan.template:
            if key not in draft.values and (text := setup.templates.fill(key, draft.cells)):
                draft.values[key] = text
        for key, value in setup.plan.defaults.items():
            draft.values.setdefault(key, value)
        return draft.values

    def _count(self, change: Change, outcome: Written, draft: Draft) -> None:
        result: Result = "created" if isinstance(change, Create) else "updated" if outcome.changed else "unchanged"
        setattr(self._progress, result, getattr(self._progress, result) + 1)
        if draft.deferred:
            self._waiting[draft.line] = result

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
        rows = [index for index, line in enumerate(block.lines) if self._resumed or line in self._waiting]
        part = Block([block.lines[index] for index in rows], [block.rows[index] for index in rows])
        if part.rows:
            await learn_links(tx, scope, setup, transposed(part.rows), self._ledger, keys)
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
                self._ledger.note([_told(setup, draft, problem) for problem in outcome.problems])
            elif outcome.changed and self._waiting.get(draft.line) == "unchanged":
                self._progress.unchanged -= 1
                self._progress.updated += 1
        self._progress.line = block.lines[-1]
        await self._ledger.store(tx)


def _follow(followed: Followed, draft: Draft) -> None:
    wrong = followed.settle(draft.cells, draft.values)
    if wrong is not None:
        place, refusal = wrong
        problem = Problem(refusal.code, refusal.message, place.plan.field)
        draft.problems.append(in_words(problem, draft.line, place.plan.column, draft.cells[place.index]))


def _told(setup: Setup, draft: Draft, problem: Problem) -> Problem:
    """The problem of the write path in terms of the file: line, column and cell."""
    column = setup.column_of.get(problem.field or "")
    cell = draft.cells[setup.columns.index(column)] if column is not None else None
    return in_words(problem, draft.line, column, cell)


def _past(created_at: str | None) -> Past | None:
    """When the record was created in the system it comes from; a moment in the future is none."""
    if created_at is None:
        return None
    at = datetime.fromisoformat(created_at)
    return None if at > datetime.now(UTC) else Past(at)
