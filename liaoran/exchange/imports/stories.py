"""Stories on their way into the database: new records come into being and move as their entries say.

A record that is here already keeps the stays it has in common with the file, and takes over the whole history where it
was never moved here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.exchange.imports.drafts import Draft
from liaoran.exchange.imports.entries import Entry, Story
from liaoran.exchange.imports.links import TargetIndex
from liaoran.exchange.imports.preparing import learn_links, transposed
from liaoran.exchange.imports.running import Ledger, in_words
from liaoran.exchange.imports.settling import Setup
from liaoran.exchange.mapping.names import EXTERNAL_ID
from liaoran.exchange.plan import ColumnPlan, Plan
from liaoran.exchange.readers.table import Block
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Problem
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.stays import Stay, replace_stays, stays_of
from liaoran.records.changes import Change, Create, Past, Rejected, Update
from liaoran.records.write import write
from liaoran.schema.processes import Process

OWN_HISTORY = Text(
    "“{record}”在这里已有自己的阶段历史，与文件不一致，未改动",
    "“{record}” has a history of its own here that differs from the file; it was left alone",
)


class StoryWriter:
    """Writes some stories in one transaction."""

    def __init__(
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
            self._ledger.reject(entry.line, entry.cells, problems)

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
            columns = transposed(block.rows)
            made = await learn_links(self._tx, self._scope, self._setup, columns, self._ledger.cause)
            for key, count in made.items():
                self._ledger.count_made(key, count)
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
    return story.rewrite or any(first == second for first, second in pairwise(states))
