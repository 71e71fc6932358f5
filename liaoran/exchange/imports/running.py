"""What every run of a Plan needs: who imports, the rejected rows, the progress that is stored with each chunk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

from liaoran.access.actors import scope_of_person
from liaoran.access.scope import Scope, system_scope
from liaoran.exchange.imports.drafts import IN_COLUMN
from liaoran.exchange.imports.progress import PROBLEMS_KEPT, Progress, Stopwatch
from liaoran.exchange.imports.rejects import RejectsFile
from liaoran.exchange.plan import Plan
from liaoran.exchange.readers.table import Block, Cell, Table, cell_text
from liaoran.infra.database import Database
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Problem
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot

IN_LINE = Text("第 {line} 行：{message}", "line {line}: {message}")
Saver = Callable[[Transaction, Progress], Awaitable[bool]]
"""Stores the progress within the chunk's transaction; False where the import has been cancelled meanwhile."""


@dataclass(frozen=True, slots=True)
class Task:
    """One run: who imports, for which action (the unit of undo), really or only trying."""

    database: Database
    schema: str
    actor: Actor
    action: UUID
    dry_run: bool = False


class Cancelled(Exception):
    """Somebody cancelled the import; what is committed stays until it is undone."""


class Runner(Protocol):
    """A kind of run: rows as records, or rows as entries into states."""

    async def run(self) -> Progress:
        """Does what is left to do."""
        ...

    async def settle(self) -> None:
        """What is left to do when the import is over and told to be."""
        ...


async def scope_now(task: Task, tx: Transaction) -> Scope:
    """The importing person's Scope at the present schema version; Events name the import as the kind of actor."""
    snapshot = await load_snapshot(tx)
    if task.actor.kind == "system" or task.actor.person is None:
        scope = system_scope(snapshot, task.actor.label, task.actor.person)
        actor = replace(scope.actor, id=task.actor.id, zone=task.actor.zone, language=task.actor.language)
        return Scope(snapshot, actor, scope.grants)
    scope = await scope_of_person(tx, snapshot, task.actor.person)
    return Scope(snapshot, replace(scope.actor, kind="import"), scope.grants)


class Ledger:
    """Keeps count of what becomes of the rows: progress, the file of rejected rows, the first problems in words."""

    def __init__(self, task: Task, rejects: RejectsFile, progress: Progress, save: Saver) -> None:
        self.progress = progress
        self.cause = Cause(Door.IMPORT, action=task.action)
        self._rejects = rejects
        self._save = save
        self._watch = Stopwatch()

    def reject(self, line: int, cells: Sequence[Cell], problems: Sequence[Problem]) -> None:
        """Counts and notes a row that is not imported."""
        self.progress.rejected += 1
        self._rejects.add(line, cells, [problem.message for problem in problems])
        self.note(problems, line)

    def note(self, problems: Sequence[Problem], line: int | None = None) -> None:
        """Keeps the first problems for the report."""
        for problem in problems:
            if len(self.progress.problems) >= PROBLEMS_KEPT:
                return
            evidence = problem.evidence
            self.progress.problems.append(
                {
                    "line": evidence.get("line", line),
                    "column": evidence.get("column"),
                    "value": evidence.get("value"),
                    "code": problem.code,
                    "message": problem.message.to_json(),
                }
            )

    def count_made(self, object_key: str, count: int) -> None:
        """Counts linked records that were created."""
        if count:
            self.progress.made[object_key] = self.progress.made.get(object_key, 0) + count

    def count_left(self, cells: Mapping[str, int]) -> None:
        """Counts cells whose unknown value was left out, by column."""
        for column, count in cells.items():
            if count:
                self.progress.left_empty[column] = self.progress.left_empty.get(column, 0) + count

    async def store(self, tx: Transaction) -> None:
        """Stores where the import is. Raises Cancelled where somebody asked for it."""
        self._watch.lap(self.progress)
        self.progress.rejects_bytes = self._rejects.flush()
        if not await self._save(tx, self.progress):
            raise Cancelled

    def back_to(self, progress: Progress) -> None:
        """Takes back what was counted since, for a chunk that is tried again."""
        self._rejects.back_to(progress.rejects_bytes)
        self.progress = progress


def in_words(problem: Problem, line: int, column: str | None, cell: Cell | None) -> Problem:
    """The problem with its line and, where it is about one cell, its column and value."""
    if column is None or cell is None:
        message = IN_LINE.fill(line=line, message=problem.message)
        return replace(problem, message=message, evidence={**problem.evidence, "line": line})
    evidence: Mapping[str, Any] = {
        **problem.evidence,
        "line": line,
        "column": column,
        "value": cell_text(cell)[:200],
    }
    message = IN_COLUMN.fill(line=line, column=column, message=problem.message)
    return replace(problem, message=message, evidence=evidence)


async def read_ahead(table: Table) -> AsyncIterator[Block]:
    """The blocks of the table; the next one is read in a thread while the present one is worked on."""
    blocks = table.blocks()

    def take() -> Block | None:
        return next(islice(blocks, 1), None)

    waiting = asyncio.create_task(asyncio.to_thread(take))
    try:
        while (block := await waiting) is not None:
            waiting = asyncio.create_task(asyncio.to_thread(take))
            yield block
    finally:
        waiting.cancel()


__all__ = [
    "Cancelled", "Ledger", "Plan", "Runner", "Saver", "Task", "in_words", "read_ahead", "scope_now",
]  # fmt: skip
