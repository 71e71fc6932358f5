"""Entries of a history file: which record entered which state, when, through whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from liaoran.access.scope import Scope
from liaoran.exchange.converting import (
    Amount,
    ColumnReader,
    Refusal,
    instant_of,
    learned_only,
    plain_text,
    value_reader,
)
from liaoran.exchange.imports.preparing import transposed
from liaoran.exchange.imports.running import in_words
from liaoran.exchange.imports.states import state_meanings
from liaoran.exchange.plan import HistoryPlan, Plan
from liaoran.exchange.readers.table import Block, Cell, Table
from liaoran.exchange.values.dates import read_moment
from liaoran.kernel.errors import Problem
from liaoran.kernel.text import Text
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Field

MISSING_PART = Text("这一列不能为空", "this cell must not be empty")


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


class EntryReader:
    """Reads record key, state, time, person and amount of each row."""

    def __init__(self, plan: Plan, columns: HistoryPlan, table: Table, scope: Scope, process: Process) -> None:
        owner = scope.snapshot.object(plan.object)
        zone = ZoneInfo(scope.actor.zone)
        place = {name: index for index, name in enumerate(table.columns)}
        time = plan.columns[columns.time]
        self._columns = columns
        self._place = place
        self._owner = owner
        self._process = process
        self._state_plan = plan.columns[columns.state]
        self._states = ColumnReader(self._state_plan, learned_only)
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
        meanings = state_meanings(self._owner, self._process, asked, self._state_plan.values, "reject")
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


def _amount_reader(plan: Plan, columns: HistoryPlan, amount: Field | None, zone: ZoneInfo) -> ColumnReader | None:
    if columns.amount is None or amount is None:
        return None
    one = plan.columns[columns.amount]
    return ColumnReader(one, value_reader(one, amount, zone))
