"""History: a file with one row per entry into a state becomes the visits of its records, row for row.

Rows of one record are taken in the order of their times, equal times in the order of the file. New records come into
being with their first row and move through the write path with each further one, dated as the file says, so that Events
and earlier versions are there as if it had happened here. A record that is here already keeps the stays it has in
common with the file; one that was never moved here takes over the file's history.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from liaoran.access.scope import Scope
from liaoran.exchange.converting import Amount, ColumnReader, Refusal, instant_of, plain_text, value_reader
from liaoran.exchange.imports.drafts import Draft
from liaoran.exchange.imports.links import TargetIndex
from liaoran.exchange.imports.preparing import learn_catalogue, learn_links, settle_process, transposed, without_columns
from liaoran.exchange.imports.progress import Progress
from liaoran.exchange.imports.rejects import RejectsFile
from liaoran.exchange.imports.running import Ledger, Saver, Task, in_words, read_ahead, scope_now
from liaoran.exchange.imports.settling import Setup, build_setup
from liaoran.exchange.imports.states import state_meanings
from liaoran.exchange.imports.units import Units
from liaoran.exchange.mapping.names import EXTERNAL_ID
from liaoran.exchange.plan import ColumnPlan, HistoryPlan, Plan
from liaoran.exchange.readers.table import Block, Cell, Table
from liaoran.exchange.values.dates import read_moment
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.stays import Stay, replace_stays, stays_of
from liaoran.records.changes import Change, Create, Past, Rejected, Update
from liaoran.records.write import write
from liaoran.schema.snapshot import Field, Object, Process

RECORDS_PER_CHUNK = 2_000
NO_PROCESS = Text("“{object}”没有流程，不能导入阶段历史", "“{object}” has no process, so there is no history to import")
MISSING_PART = Text("这一列不能为空", "this cell must not be empty")
OWN_HISTORY = Text(
    "“{record}”在这里已有自己的阶段历史，与文件不一致，未改动",
    "“{record}” has a history of its own here that differs from the file; it was left alone",
)


@dataclass(slots=True)
class Entry:
    """One row: a record entered a state."""

    line: int
    cells: Sequence[Cell]
    state: str
    at: datetime
    person: str | None
    amount: Any = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Story:
    """All rows of one record, in their order. ``kept`` of them are stays that the record has already; with ``rewrite``
    its stays are replaced as a whole."""

    key: str
    entries: list[Entry]
    record: UUID | None = None
    kept: int = 0
    rewrite: bool = False
    new: bool = False


class HistoryRun:
    """One run of a Plan with ``history`` over an opened table. ``Progress.line`` counts records here."""

    def __init__(  # noqa: PLR0917 - the parts of one run
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
                    chunk = Chunk(tx, await scope_now(self._task, tx), setup, self._plan, process, self._ledger)
                    await chunk.write(part, people)
                    progress.line = start + len(part)
                    progress.read += sum(len(one.entries) for one in part)
                    await self._ledger.store(tx)
            progress.phase = "done"
            async with units.unit() as tx:
                await self._ledger.store(tx)
        return progress

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


class EntryReader:
    """Reads record key, state, time, person and amount of each row."""

    def __init__(self, plan: Plan, columns: HistoryPlan, table: Table, scope: Scope, process: Process) -> None:
        owner = scope.snapshot.object(plan.object)
        zone = ZoneInfo(scope.actor.zone)
        place = {name: index for index, name in enumerate(table.columns)}
        time = plan.columns[columns.time]
        self._columns = columns
        self._place = place
        self._process = process
        self._state_plan = plan.columns[columns.state]
        self._states = ColumnReader(self._state_plan, lambda cell: None)
        self._times = ColumnReader(time, lambda cell: instant_of(read_moment(cell, time.date_order), zone))
        amount = owner.fields.get(process.sum_field or "")
        self._amounts = _amount_reader(plan, columns, amount, zone)

    def read(self, block: Block) -> list[tuple[str | None, Entry]]:
        """The entries of a block with the keys of their records."""
        if not block.rows:
            return []
        columns = transposed(block.rows)
        cells = columns[self._place[self._columns.state]]
        texts = {cell: plain_text(cell) for cell in self._states.unknown(cells)}
        asked = [text for text in texts.values() if text is not None]
        meanings = state_meanings(self._process, asked, self._state_plan.values, "reject")
        self._states.learn({cell: None if text is None else meanings[text] for cell, text in texts.items()})
        states = self._states.read(cells)
        times = self._times.read(columns[self._place[self._columns.time]])
        people = columns[self._place[self._columns.person]] if self._columns.person else [""] * len(block.rows)
        amounts: list[Any] = [None] * len(block.rows)
        if self._amounts is not None and self._columns.amount:
            amounts = self._amounts.read(columns[self._place[self._columns.amount]])
        keys = columns[self._place[self._columns.record]]
        found = []
        for index, line in enumerate(block.lines):
            entry = Entry(
                line, block.rows[index], states[index], times[index], plain_text(people[index]), amounts[index]
            )
            key = plain_text(keys[index])
            self._judge(entry, key)
            if isinstance(entry.amount, Amount):
                entry.amount = entry.amount.value
            found.append((key, entry))
        return found

    def _judge(self, entry: Entry, key: str | None) -> None:
        parts = (
            (self._columns.record, key, True),
            (self._columns.state, entry.state, True),
            (self._columns.time, entry.at, True),
            (self._columns.amount, entry.amount, False),
        )
        for column, value, needed in parts:
            if column is None:
                continue
            problem = None
            if isinstance(value, Refusal):
                problem = Problem(value.code, value.message)
            elif value is None and needed:
                problem = Problem("required", MISSING_PART)
            if problem is not None:
                entry.problems.append(in_words(problem, entry.line, column, entry.cells[self._place[column]]))


class Chunk:
    """Some stories on their way into the database, in one transaction."""

    def __init__(  # noqa: PLR0917 - the parts of one chunk
        self, tx: Transaction, scope: Scope, setup: Setup, plan: Plan, process: Process, ledger: Ledger
    ) -> None:
        self._tx = tx
        self._scope = scope
        self._setup = setup
        self._plan = plan
        self._process = process
        self._ledger = ledger
        self._people: dict[str, UUID | None] = {}

    async def write(self, stories: Sequence[Story], people: TargetIndex) -> None:
        """Creates and moves the records, entry by entry, all records in step."""
        await self._know_people(stories, people)
        await self._find_records(stories)
        drafts = await self._drafts(stories)
        moving = [one for one in stories if not one.rewrite or one.new]
        for place in range(max((len(one.entries) for one in moving), default=0)):
            await self._round(moving, place, drafts)
        for story in (one for one in stories if one.rewrite and not one.new):
            await self._to_last_state(story)
        again = {one.record: self._stays(one) for one in stories if one.record is not None and _needs_rewriting(one)}
        await replace_stays(self._tx, self._setup.owner, self._process, again)

    async def _round(self, stories: Sequence[Story], place: int, drafts: dict[str, Draft]) -> None:
        """The ``place``-th entry of each story that has one and needs it."""
        changes: list[Change] = []
        changing: list[Story] = []
        for story in stories:
            if place >= len(story.entries) or (story.record is None and not (story.new and place == 0)):
                continue
            entry = story.entries[place]
            if place < story.kept:
                self._ledger.progress.unchanged += 1
                continue
            values = self._values(entry)
            if story.new and place == 0:
                story.record = new_id()
                created = {**self._named(story.key), **drafts[story.key].values, **values}
                changes.append(Create(self._setup.owner.key, created, id=story.record, past=self._past(entry)))
            elif story.record is not None:
                changes.append(Update(self._setup.owner.key, story.record, values, past=self._past(entry)))
            changing.append(story)
        outcomes = (
            await write(self._tx, self._scope, changes, self._ledger.cause, all_or_nothing=False) if changes else []
        )
        for story, change, outcome in zip(changing, changes, outcomes, strict=True):
            entry = story.entries[place]
            if isinstance(outcome, Rejected):
                problems = [in_words(problem, entry.line, None, None) for problem in outcome.problems]
                self._ledger.reject(entry.line, entry.cells, problems)
                entry.problems.extend(problems)
                if isinstance(change, Create):
                    self._drop(story, problems)
                continue
            self._ledger.progress.created += 1
            if isinstance(change, Create):
                self._ledger.count_made(self._setup.owner.key, 1)

    def _drop(self, story: Story, problems: Sequence[Problem]) -> None:
        """A record that could not be created takes its further rows with it."""
        story.record = None
        for entry in story.entries[1:]:
            self._ledger.reject(entry.line, entry.cells, [problem for problem in problems])

    async def _to_last_state(self, story: Story) -> None:
        """A record whose history is taken over moves to where the file leaves it; its stays are replaced afterwards."""
        if story.record is None:
            return
        last = story.entries[-1]
        change = Update(self._setup.owner.key, story.record, self._values(last))
        (outcome,) = await write(self._tx, self._scope, [change], self._ledger.cause, all_or_nothing=False)
        if isinstance(outcome, Rejected):
            problems = [in_words(problem, last.line, None, None) for problem in outcome.problems]
            for entry in story.entries:
                self._ledger.reject(entry.line, entry.cells, problems)
            story.record = None
            return
        self._ledger.progress.created += len(story.entries)

    async def _know_people(self, stories: Sequence[Story], people: TargetIndex) -> None:
        """Who the written people are; unknown ones are made where the Plan wants that, else they stay a label."""
        names = {entry.person for one in stories for entry in one.entries if entry.person} - self._people.keys()
        if not names:
            return
        matches = await people.match(self._tx, self._scope, names)
        self._people.update({name: match.id for name, match in matches.items()})
        column = self._plan.columns.get(self._plan.history.person or "") if self._plan.history else None
        unknown = [name for name in sorted(names) if self._people[name] is None and matches[name].how == "none"]
        if (
            column is None
            or column.missing != "create"
            or not unknown
            or not self._scope.may(people.target.key, "create")
        ):
            return
        creations = [Create(people.target.key, {people.target.name_field: name}) for name in unknown]
        outcomes = await write(self._tx, self._scope, creations, self._ledger.cause, all_or_nothing=False)
        for name, outcome in zip(unknown, outcomes, strict=True):
            if not isinstance(outcome, Rejected):
                self._people[name] = outcome.id
                people.note_new(name, outcome.id)
                self._ledger.count_made(people.target.key, 1)

    async def _find_records(self, stories: Sequence[Story]) -> None:
        """Which records are here already, and how many of the file's stays they have."""
        index = TargetIndex(self._setup.owner)
        matches = await index.match_exactly(self._tx, self._scope, {one.key for one in stories})
        for story in stories:
            match = matches.get(story.key)
            story.record = match.id if match is not None else None
            story.new = story.record is None
        known = [one.record for one in stories if one.record is not None]
        stays = await stays_of(self._tx, self._setup.owner, self._process.field, known)
        for story in stories:
            if story.record is None:
                continue
            here = stays.get(story.record, [])
            wanted = [(entry.state, entry.at) for entry in story.entries]
            found = [(stay.state, stay.at) for stay in here]
            if found == wanted[: len(found)]:
                story.kept = len(found)
            elif len(found) <= 1:
                story.rewrite = True
            else:
                self._leave_alone(story)

    def _leave_alone(self, story: Story) -> None:
        story.record = None
        story.new = False
        for entry in story.entries:
            problem = Problem("own_history", OWN_HISTORY.fill(record=story.key))
            self._ledger.reject(entry.line, entry.cells, [in_words(problem, entry.line, None, None)])

    async def _drafts(self, stories: Sequence[Story]) -> dict[str, Draft]:
        """The attributes of new records, from their first rows."""
        new = [one for one in stories if one.new]
        block = Block([one.entries[0].line for one in new], [list(one.entries[0].cells) for one in new])
        if block.rows:
            await learn_links(self._tx, self._scope, self._setup, transposed(block.rows), self._ledger)
        drafts = {}
        for story, draft in zip(new, self._setup.maker.make(block), strict=True):
            for key, value in self._plan.defaults.items():
                draft.values.setdefault(key, value)
            for key in self._plan.template:
                text = self._setup.templates.fill(key, draft.cells)
                if text:
                    draft.values.setdefault(key, text)
            self._ledger.note(draft.problems)
            drafts[story.key] = draft
        return drafts

    def _named(self, key: str) -> dict[str, Any]:
        owner = self._setup.owner
        column = self._plan.columns[self._plan.history.record] if self._plan.history else ColumnPlan("")
        by_name = column.field == owner.name_field
        values: dict[str, Any] = {}
        name_field = owner.fields[owner.name_field]
        if not name_field.readonly and not name_field.computed:
            values[owner.name_field] = key
        if not by_name and EXTERNAL_ID in owner.fields:
            values[EXTERNAL_ID] = key
        return values

    def _values(self, entry: Entry) -> dict[str, Any]:
        values: dict[str, Any] = {self._process.field: entry.state}
        if self._process.process_field:
            values[self._process.process_field] = self._process.key
        if entry.amount is not None and self._process.sum_field:
            values[self._process.sum_field] = entry.amount
        return values

    def _past(self, entry: Entry) -> Past:
        person = self._people.get(entry.person) if entry.person else None
        return Past(entry.at, person, entry.person)

    def _stays(self, story: Story) -> list[Stay]:
        return [
            Stay(
                entry.state,
                entry.at,
                self._people.get(entry.person) if entry.person else None,
                entry.person,
                entry.amount,
            )
            for entry in story.entries
            if not entry.problems
        ]


def _needs_rewriting(story: Story) -> bool:
    """Whether the write path alone does not leave the stays of the file: the record had others, or it enters the state
    that it is in already."""
    states = [entry.state for entry in story.entries]
    return story.rewrite or any(first == second for first, second in zip(states, states[1:], strict=False))


def _state_field(owner: Object) -> str:
    if not owner.processes:
        raise Invalid(NO_PROCESS.fill(object=owner.label), code="no_process")
    process = owner.default_process or owner.processes[0]
    return process.field


def _amount_reader(plan: Plan, columns: HistoryPlan, amount: Field | None, zone: ZoneInfo) -> ColumnReader | None:
    if columns.amount is None or amount is None:
        return None
    one = plan.columns[columns.amount]
    return ColumnReader(one, value_reader(one, amount, zone))


__all__ = ["UTC", "HistoryRun"]
