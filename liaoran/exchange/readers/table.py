"""What every reader gives: a layout, repaired column names, notices, and blocks of rows with their line numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol

from liaoran.kernel.errors import Problem
from liaoran.kernel.text import Language, Text

FileKind = Literal["csv", "xlsx", "xls", "xlsb", "ods"]
BLOCK_ROWS = 2_000


class ErrorCell(str):
    """A cell whose formula failed (``#N/A``, ``#DIV/0!``); it is never taken as a value."""

    __slots__ = ()


Cell = str | int | float | date | datetime | time | timedelta
"""One cell: text from text files; typed in workbooks, where yes/no is TRUE/FALSE. An empty cell is the empty text."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a person should know about the file: what was skipped, repaired or taken for granted."""

    code: str
    message: Text
    line: int | None = None
    severity: Literal["info", "warning"] = "info"

    def to_json(self, language: Language) -> dict[str, object]:
        """``{code, message, line, severity}``."""
        return {
            "code": self.code,
            "message": self.message.read(language),
            "line": self.line,
            "severity": self.severity,
        }


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read as a row of this table, with its first line and its cells as far as they are known."""

    line: int
    cells: list[Cell]
    problem: Problem


@dataclass(slots=True)
class Block:
    """Up to ``BLOCK_ROWS`` rows, each padded to the table's width; ``lines[i]`` is the first line of ``rows[i]``."""

    lines: list[int] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the caller fixes; None leaves it to detection. ``header_row`` counts from 1; 0 says there is no header."""

    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the file is read: the answers of detection, complete enough to read it again the same way."""

    kind: FileKind
    header_row: int
    first_row: int
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    sheet: str | None = None

    def to_json(self) -> dict[str, object]:
        """Plain JSON values by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet of a workbook, with its number of rows; hidden ones are listed but never chosen by themselves."""

    name: str
    rows: int
    visible: bool


class Vocabulary(Protocol):
    """How many of these header cells are known names of something; used to find the header row and the sheet."""

    def hits(self, cells: list[str]) -> int:
        """The number of known names among the cells."""
        ...


class NoVocabulary:
    """Knows nothing; detection then goes by shape alone."""

    def hits(self, cells: list[str]) -> int:
        """Always 0."""
        return 0


@dataclass(slots=True)
class Table:
    """An opened table. ``notices`` grow while rows are read; ``blocks`` may be called again to read from the start."""

    layout: Layout
    columns: tuple[str, ...]
    source: RowSource
    notices: list[Notice] = field(default_factory=list)
    sheets: tuple[SheetInfo, ...] = ()
    size: int = 0

    def blocks(self) -> Iterator[Block]:
        """The data rows below the header, in file order."""
        return self.source.blocks(self)


class RowSource(Protocol):
    """The part that differs per kind of file."""

    def blocks(self, table: Table) -> Iterator[Block]:
        """Reads the rows of the table from its first data row on."""
        ...


def cell_text(cell: Cell) -> str:
    """The cell as a person would type it: whole numbers without ``.0``, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
