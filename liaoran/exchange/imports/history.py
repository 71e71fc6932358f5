"""History: a file with one row per entry into a state becomes the visits of its records, row for row.

Rows of one record are taken in the order of their times, equal times in the order of the file. New records come into
being with their first row and move through the write path with each further one, dated as the file says, so that Events
and earlier versions are there as if it had happened here. A record that is here already keeps the stays it has in
common with the file; one that was never moved here takes over the file's history.
"""

from __future__ import annotations

import asyncio

from liaoran.exchange.imports.entries import Entry, EntryReader, Story
from liaoran.exchange.imports.links import TargetIndex
from liaoran.exchange.imports.pending_words import PendingWords
from liaoran.exchange.imports.preparing import learn_catalogue, settle_process, transposed, without_columns
from liaoran.exchange.imports.progress import Progress
from liaoran.exchange.imports.rejects import RejectsFile
from liaoran.exchange.imports.running import Ledger, Saver, Task, read_ahead, scope_now
from liaoran.exchange.imports.settling import build_setup
from liaoran.exchange.imports.stories import StoryWriter
from liaoran.exchange.imports.units import Units
from liaoran.exchange.plan import Plan
from liaoran.exchange.readers.table import Table
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Object

RECORDS_PER_CHUNK = 2_000
NO_PROCESS = Text("“{object}”没有流程，不能导入阶段历史", "“{object}” has no process, so there is no history to import")


class HistoryRun:
    """One run of a Plan with ``history`` over an opened table. ``Progress.line`` counts records here."""

    def __init__(
        self, task: Task, table: Table, plan: Plan, rejects: RejectsFile, progress: Progress, save: Saver
    ) -> None:
        if plan.history is None:
            raise ValueError("the plan is not one of a history")
        self._task = task
        self._table = table
        self._columns = plan.history
        roles = {plan.history.state, plan.history.time, plan.history.record, plan.history.person, plan.history.amount}
        self._plan = plan
        self._attributes = without_columns(plan, {name for name in roles if name is not None})
        self._ledger = Ledger(task, rejects, progress, save)
        self._words = PendingWords(task.database, task.schema)

    async def run(self) -> Progress:
        """Does what is left to do. Raises Cancelled."""
        progress = self._ledger.progress
        async with Units(self._task.database, self._task.schema, self._task.dry_run) as units:
            async with units.unit() as tx:
                scope = await scope_now(self._task, tx)
                owner = scope.require(self._plan.object, "import")
                state_field = _state_field(owner)
                column = self._plan.columns[self._columns.state]
                scope, process = await settle_process(tx, scope, owner, self._plan, column, state_field)
                setup = build_setup(scope, self._attributes, self._table.columns, None, defer=False)
                reader = EntryReader(self._plan, self._columns, self._table, scope, process)
            stories = await self._read(reader)
            people = TargetIndex(scope.snapshot.object("person"))
            for start in range(progress.line, len(stories), RECORDS_PER_CHUNK):
                part = stories[start : start + RECORDS_PER_CHUNK]
                await learn_catalogue(units, self._task, setup, transposed([one.entries[0].cells for one in part]))
                async with units.unit() as tx:
                    chunk = StoryWriter(tx, await scope_now(self._task, tx), setup, self._plan, process, self._ledger)
                    await chunk.write(part, people)
                    progress.line = start + len(part)
                    progress.read += sum(len(one.entries) for one in part)
                    await self._ledger.store(tx)
                if not self._task.dry_run:
                    self._words.add(scope.snapshot, {owner.key: len(part)})
            progress.phase = "done"
            async with units.unit() as tx:
                await self._ledger.store(tx)
        return progress

    async def settle(self) -> None:
        """What is left to do when the import is over and told to be."""
        await self._words.settle()

    async def _read(self, reader: EntryReader) -> list[Story]:
        """The stories of the file, in the order in which their records first occur."""
        stories: dict[str, list[Entry]] = {}
        fresh = self._ledger.progress.line == 0
        async for block in read_ahead(self._table):
            for key, entry in await asyncio.to_thread(reader.read, block):
                if entry.problems or key is None:
                    if fresh:
                        self._ledger.progress.read += 1
                        self._ledger.reject(entry.line, entry.cells, entry.problems)
                    continue
                stories.setdefault(key, []).append(entry)
            for bad in block.bad if fresh else ():
                self._ledger.progress.read += 1
                self._ledger.reject(bad.line, bad.cells, [bad.problem])
        return [Story(key, sorted(entries, key=lambda one: one.at)) for key, entries in stories.items()]


def _state_field(owner: Object) -> str:
    if not owner.processes:
        raise Invalid(NO_PROCESS.fill(object=owner.label), code="no_process")
    process = owner.default_process or owner.processes[0]
    return process.field
