"""Drafts: the rows of a block as values by Field, with what is wrong with them, before anything is written."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from liaoran.exchange.converting import LEFT_EMPTY, Amount, ColumnReader, Deferred, Noted, Refusal
from liaoran.exchange.plan import Plan
from liaoran.exchange.readers.table import Block, Cell, cell_text
from liaoran.kernel.errors import Problem
from liaoran.kernel.text import Text

IN_COLUMN = Text("第 {line} 行“{column}”列：{message}", "line {line}, column “{column}”: {message}")
NOTHING = ""


@dataclass(slots=True)
class Draft:
    """One row. ``values`` holds filled Fields, ``emptied`` Fields whose cell is empty; ``deferred`` links within the
    file; ``problems`` say line, column, value and how to mend it, ``notes`` what of a sound row did not come in."""

    line: int
    cells: Sequence[Cell]
    values: dict[str, Any]
    emptied: tuple[str, ...] = ()
    key: Any = None
    deferred: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Filling:
    """A column (by its place in the row) whose reader fills a Field; ``currency`` is the Field for a named currency."""

    index: int
    column: str
    field: str
    reader: ColumnReader
    currency: str | None = None


class DraftMaker:
    """Makes drafts of blocks, column by column."""

    def __init__(self, plan: Plan, fillings: Sequence[Filling]) -> None:
        self._fillings = list(fillings)
        self._clear = plan.empty_cells == "clear"
        self._filled = {filling.field for filling in fillings}
        self._left_empty: dict[str, int] = {}

    def take_left_empty(self) -> dict[str, int]:
        """How many filled cells were left empty since the last time, by column."""
        left, self._left_empty = self._left_empty, {}
        return left

    def _count_left(self, column: str, output: list[Any]) -> list[Any]:
        left = sum(1 for value in output if value is LEFT_EMPTY)
        self._left_empty[column] = self._left_empty.get(column, 0) + left
        return [None if value is LEFT_EMPTY else value for value in output]

    def make(self, block: Block) -> list[Draft]:
        """One Draft per row of the block, in order."""
        if not block.rows:
            return []
        columns = list(zip(*block.rows, strict=True))
        names: list[str] = []
        outputs: list[list[Any]] = []
        troubled: list[tuple[Filling, list[Any]]] = []
        for filling in self._fillings:
            output = filling.reader.read(columns[filling.index])
            if filling.reader.leaves:
                output = self._count_left(filling.column, output)
            names.append(filling.field)
            if filling.currency is not None and any(type(value) is Amount for value in output):
                names.append(filling.currency)
                outputs.append([value.value if type(value) is Amount else value for value in output])
                outputs.append([value.currency if type(value) is Amount else None for value in output])
            else:
                outputs.append(output)
            if filling.reader.failed or filling.reader.defers or filling.reader.notes:
                troubled.append((filling, output))
        drafts = []
        rows = zip(*outputs, strict=True) if outputs else itertools.repeat((), len(block.rows))
        for line, cells, row in zip(block.lines, block.rows, rows, strict=True):
            values = {name: value for name, value in zip(names, row, strict=True) if value is not None}
            drafts.append(Draft(line, cells, values))
        if self._clear:
            for draft in drafts:
                draft.emptied = tuple(name for name in self._filled if name not in draft.values)
        for filling, output in troubled:
            _take_out(filling, output, drafts)
        return drafts


def _take_out(filling: Filling, output: Sequence[Any], drafts: Sequence[Draft]) -> None:
    """Refusals become problems of their rows, deferred links wait, notes go beside their values."""
    column, key = filling.column, filling.field
    for value, draft in zip(output, drafts, strict=True):
        if type(value) is Refusal:
            draft.values.pop(key, None)
            cell = draft.cells[filling.index]
            draft.problems.append(cell_problem(draft, column, key, value.code, value.message, cell))
        elif type(value) is Noted:
            draft.values[key] = value.value
            cell = draft.cells[filling.index]
            draft.notes.append(cell_problem(draft, column, key, value.code, value.message, cell))
        elif type(value) is Deferred:
            draft.values.pop(filling.field, None)
            draft.deferred[filling.field] = value.text


def cell_problem(draft: Draft, column: str, field_key: str, code: str, message: Text, cell: Cell) -> Problem:
    """The problem of one cell, with line, column and value in words and as evidence."""
    evidence = {"line": draft.line, "column": column, "value": cell_text(cell)[:200]}
    return Problem(code, IN_COLUMN.fill(line=draft.line, column=column, message=message), field_key, evidence)


class Fingerprints:
    """Keys for the rows of a file that has none: the row's contents, counted where equal rows repeat. Importing the
    same file again gives the same keys, so nothing is doubled."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()
        self._last: list[bytes] = []

    def of(self, cells: Sequence[Cell]) -> str:
        """The key of the next row of the file."""
        text = "\x1f".join([cell if type(cell) is str else cell_text(cell) for cell in cells])
        digest = hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=12).digest()
        self._seen[digest] += 1
        self._last.append(digest)
        count = self._seen[digest]
        return f"row-{digest.hex()}" if count == 1 else f"row-{digest.hex()}-{count}"

    def settle(self, count: int) -> None:
        """The first ``count`` of the rows that are not settled yet are committed."""
        del self._last[:count]

    def forget(self) -> None:
        """Forgets the rows that are not settled."""
        self._seen.subtract(self._last)
        self._last.clear()


class Templates:
    """Texts put together from the cells of a row: ``{account} · {product}``. Empty parts go with their separators."""

    def __init__(self, templates: Mapping[str, str], columns: Sequence[str], plan: Plan) -> None:
        by_name = {name: index for index, name in enumerate(columns)}
        for one in plan.columns.values():
            if one.field is not None and one.column in by_name:
                by_name.setdefault(one.field, by_name[one.column])
        self._parts = {key: _template_parts(text, by_name) for key, text in templates.items()}

    def fill(self, key: str, cells: Sequence[Cell]) -> str | None:
        """The text for the Field, or None where all its parts are empty."""
        parts = self._parts.get(key)
        if parts is None:
            return None
        text, pending, filled = "", "", False
        for literal, index in parts:
            pending = literal if not text and not filled else pending + literal
            if index is None:
                continue
            value = cell_text(cells[index]).strip()
            if value:
                text += (pending if filled or not _only_separates(pending) else "") + value
                filled, pending = True, ""
        if filled and pending and not _only_separates(pending):
            text += pending
        return text if filled else None


def _only_separates(text: str) -> bool:
    return not any(letter.isalnum() for letter in text)


def _template_parts(text: str, by_name: Mapping[str, int]) -> list[tuple[str, int | None]]:
    parts: list[tuple[str, int | None]] = []
    rest = text
    while "{" in rest:
        literal, _, rest = rest.partition("{")
        name, _, rest = rest.partition("}")
        parts.append((literal, by_name.get(name.strip())))
    if rest:
        parts.append((rest, None))
    return parts
