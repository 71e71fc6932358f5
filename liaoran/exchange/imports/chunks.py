"""Chunks: the drafts of one block and the changes that follow from them, before and after they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from liaoran.exchange.imports.drafts import Draft
from liaoran.exchange.imports.keys import SEVERAL
from liaoran.exchange.imports.running import IN_LINE, in_words
from liaoran.exchange.imports.settling import Setup
from liaoran.exchange.imports.states import Followed
from liaoran.exchange.mapping.names import CREATED_AT
from liaoran.exchange.readers.table import Block
from liaoran.kernel.errors import Problem
from liaoran.records.changes import Change, Create, Past, Update


@dataclass(slots=True)
class Chunk:
    """What a block asks for. ``changes[i]`` comes from ``changing[i]``; ``skipped`` counts rows that are here already
    and stay as they are. ``made`` and ``left_empty`` are counted when the chunk is."""

    block: Block
    drafts: list[Draft]
    changes: list[Change] = field(default_factory=list)
    changing: list[Draft] = field(default_factory=list)
    skipped: int = 0
    made: Mapping[str, int] = field(default_factory=dict)
    left_empty: Mapping[str, int] = field(default_factory=dict)

    @property
    def last_line(self) -> int:
        """The last line of the file that belongs to the chunk."""
        return max([*self.block.lines[-1:], *(bad.line for bad in self.block.bad)])


def draft_chunk(setup: Setup, block: Block, made: Mapping[str, int]) -> Chunk:
    """The block as drafts; what its columns mean has been learned."""
    drafts = setup.maker.make(block)
    if setup.followed is not None:
        for draft in drafts:
            _follow(setup.followed, draft)
    return Chunk(block, drafts, made=made, left_empty=setup.maker.take_left_empty())


def settle_changes(setup: Setup, chunk: Chunk, existing: Mapping[Any, Sequence[UUID]]) -> None:
    """Says what becomes of each sound draft, given the records that have the keys."""
    for draft in chunk.drafts:
        change = None if draft.problems else _change(setup, chunk, draft, existing)
        if change is not None:
            chunk.changes.append(change)
            chunk.changing.append(draft)


def told(setup: Setup, draft: Draft, problem: Problem) -> Problem:
    """The problem of the write path in terms of the file: line, column and cell."""
    column = setup.column_of.get(problem.field or "")
    cell = draft.cells[setup.columns.index(column)] if column is not None else None
    return in_words(problem, draft.line, column, cell)


def _change(setup: Setup, chunk: Chunk, draft: Draft, existing: Mapping[Any, Sequence[UUID]]) -> Change | None:
    found = existing.get(draft.key, ()) if draft.key is not None else ()
    created_at = draft.values.pop(CREATED_AT, None)
    if len(set(found)) > 1:
        message = SEVERAL.fill(value=draft.key, count=len(set(found)))
        draft.problems.append(Problem("several_records", IN_LINE.fill(line=draft.line, message=message)))
        return None
    if found and setup.plan.duplicates == "skip":
        chunk.skipped += 1
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
    return Create(setup.owner.key, _completed(setup, draft), past=_past(created_at))


def _completed(setup: Setup, draft: Draft) -> dict[str, Any]:
    """The values of a new record: templates and defaults fill what no column does."""
    for key in setup.plan.template:
        if key not in draft.values and (text := setup.templates.fill(key, draft.cells)):
            draft.values[key] = text
    for key, value in setup.plan.defaults.items():
        draft.values.setdefault(key, value)
    return draft.values


def _follow(followed: Followed, draft: Draft) -> None:
    wrong = followed.settle(draft.cells, draft.values)
    if wrong is not None:
        place, refusal = wrong
        problem = Problem(refusal.code, refusal.message, place.plan.field)
        draft.problems.append(in_words(problem, draft.line, place.plan.column, draft.cells[place.index]))


def _past(created_at: str | None) -> Past | None:
    """When the record was created in the system it comes from; a moment in the future is none."""
    if created_at is None:
        return None
    at = datetime.fromisoformat(created_at)
    return None if at > datetime.now(UTC) else Past(at)
