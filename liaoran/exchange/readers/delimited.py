"""Text tables: CSV and its relatives, read line by line; a broken line is reported and reading goes on."""

from __future__ import annotations

import csv
import itertools
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.dialect import Dialect, detect_dialect, separator_line
from liaoran.exchange.readers.encoding import Encoding, detect_encoding, other_reading
from liaoran.exchange.readers.header import SAMPLE_ROWS, find_start, trimmed
from liaoran.exchange.readers.shape import add_row, check_width, no_rows
from liaoran.exchange.readers.table import (
    BLOCK_ROWS,
    BadRow,
    Block,
    Cell,
    Layout,
    Notice,
    Reading,
    Table,
    Vocabulary,
)
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Text

_UNDECODED = re.compile("[\udc80-\udcff]")
_LONGEST_QUOTED_LINES = 2_000
_LONGEST_LINE = 1 << 24
_SNIFFED_CHARACTERS = 1 << 18


def open_delimited(path: Path, reading: Reading, vocabulary: Vocabulary, limits: Limits) -> Table:
    """Opens a text table. Raises Invalid where there is no header, no row, or too many columns."""
    encoding = detect_encoding(path, reading.encoding)
    with _open(path, encoding) as stream:
        head = stream.read(_SNIFFED_CHARACTERS)
    lines = head.splitlines(keepends=True)
    if len(head) == _SNIFFED_CHARACTERS and len(lines) > 1:
        lines.pop()
    named = separator_line(lines[0]) if lines else None
    dialect = detect_dialect(lines[1:] if named else lines, reading.delimiter or named)
    source = DelimitedSource(path, encoding, dialect, 1 if named else 0, limits)
    table = source.opened(reading, vocabulary)
    if encoding.mixed:
        message = Text(
            "有些行不是 {name} 编码，这些行会单独列出，其余照常导入",
            "some lines are not in {name}; they are listed one by one and the others are imported",
        )
        table.notices.append(Notice("mixed_encoding", message.fill(name=encoding.name), None, "warning"))
    return table


@dataclass(slots=True)
class DelimitedSource:
    """A text file with its encoding and dialect; ``skipped_lines`` at its start are no part of any table."""

    path: Path
    encoding: Encoding
    dialect: Dialect
    skipped_lines: int
    limits: Limits

    def opened(self, reading: Reading, vocabulary: Vocabulary) -> Table:
        """Finds header and names in the first rows."""
        sample: list[list[Cell]] = []
        lines: list[int] = []
        with _open(self.path, self.encoding) as stream:
            for record in itertools.islice(self._records(stream), SAMPLE_ROWS * 3):
                if isinstance(record, BadRow) or len(sample) == SAMPLE_ROWS:
                    continue
                cells = trimmed(record[1])
                if cells:
                    lines.append(record[0])
                    sample.append(cells)
        if not sample:
            raise Invalid(Text("文件里没有任何内容", "the file holds nothing but blank rows"), code="empty_file")
        check_width(max(len(row) for row in sample), self.limits)
        start = find_start(sample, lines, vocabulary, reading)
        check_width(len(start.names), self.limits)
        if start.first >= len(sample):
            raise no_rows(lines[start.header])
        layout = Layout(
            "csv",
            header_row=lines[start.header] if start.header >= 0 else 0,
            first_row=lines[start.first - 1] + 1 if start.first else 1,
            encoding=self.encoding.name,
            delimiter=self.dialect.delimiter,
            quote=self.dialect.quote,
            escape=self.dialect.escape,
        )
        size = max(1, self.encoding.lines - layout.first_row + 1)
        return Table(layout, start.names, self, list(start.notices), size=size)

    def blocks(self, table: Table) -> Iterator[Block]:
        """Rows from the first data row on, padded to the table's width."""
        block = Block()
        with _open(self.path, self.encoding) as stream:
            for record in self._records(stream, len(table.columns)):
                line = record.line if isinstance(record, BadRow) else record[0]
                if line < table.layout.first_row:
                    continue
                if isinstance(record, BadRow):
                    block.bad.append(record)
                else:
                    add_row(block, line, record[1], len(table.columns))
                if len(block.rows) + len(block.bad) >= BLOCK_ROWS:
                    yield block
                    block = Block()
        if block.rows or block.bad:
            yield block

    def _records(self, stream: TextIO, width: int | None = None) -> Iterator[tuple[int, list[Cell]] | BadRow]:
        """Every row with its first line, or what is wrong with that line. ``width`` is that of the table, if known."""
        csv.field_size_limit(self.limits.cell_characters)
        lines = _Lines(stream, self.skipped_lines)
        reader = csv.reader(lines, **self.dialect.reader_options())  # type: ignore[arg-type]
        mixed = self.encoding.mixed
        while True:
            lines.begin_record()
            try:
                row: list[Cell] = [*next(reader)]
                broken = len(lines.pending) > 1 and self._swallowed(lines.pending[1], len(row), width)
            except StopIteration:
                return
            except csv.Error:
                broken = True
            record = self._broken(lines) if broken else row
            if mixed and _UNDECODED.search("".join(lines.pending)):
                yield self._wrong_encoding(lines)
            elif isinstance(record, BadRow):
                yield record
            else:
                yield lines.first, record

    def _swallowed(self, second: str, found: int, width: int | None) -> bool:
        """Whether a row over several lines is really a row with an open quote that swallowed the next ones: it has the
        wrong number of cells, and its second line alone has the right number."""
        if width is None or found == width:
            return False
        try:
            return len(next(csv.reader([second], **self.dialect.reader_options()), [])) == width  # type: ignore[arg-type]
        except csv.Error:
            return False

    def _broken(self, lines: _Lines) -> BadRow | list[Cell]:
        """The row of a line whose quoting failed, read once more without spaces around its quotes, or the problem.

        All later lines that were swallowed by an open quote go back, so that reading continues with the next one."""
        first = lines.give_back_all_but_first()
        quote, delimiter = self.dialect.quote, self.dialect.delimiter
        tidy = re.sub(rf"{quote}[ \t]+(?={re.escape(delimiter)}|\r|\n|$)", quote, first) if delimiter != "\t" else first
        if tidy != first:
            try:
                return next(csv.reader([tidy], **self.dialect.reader_options()), [])  # type: ignore[arg-type,return-value]
            except csv.Error:
                pass
        return _bad_quoting(lines.first, first.rstrip("\r\n"), delimiter, quote, self.limits.cell_characters)

    def _wrong_encoding(self, lines: _Lines) -> BadRow:
        text = "".join(lines.pending)
        raw = text.encode(self.encoding.name, "surrogateescape").removeprefix(b"\xef\xbb\xbf")
        found = _UNDECODED.search(text)
        likely, decoded = other_reading(raw, self.encoding.name)
        message = Text(
            "第 {line} 行第 {column} 个字符不是 {main} 编码，像是 {likely}；请统一编码，或核对被拒行文件后导入它",
            "line {line}, character {column} is not {main}; it looks like {likely}. Save the whole file in one "
            "encoding, or check the row in the file of rejected rows and import that",
        ).fill(line=lines.first, column=(found.start() if found else 0) + 1, main=self.encoding.name, likely=likely)
        cells: list[Cell] = []
        try:
            cells.extend(next(csv.reader([decoded], **self.dialect.reader_options()), []))  # type: ignore[arg-type]
        except csv.Error:
            cells.append(decoded.rstrip("\r\n"))
        return BadRow(lines.first, cells, Problem("wrong_encoding", message))


class _Lines:
    """The lines of a stream, counted; those of the record being read are kept so that they can be read again."""

    __slots__ = ("_again", "_stream", "first", "number", "pending")

    def __init__(self, stream: TextIO, skipped: int) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self.pending: list[str] = []
        self.number = self.first = 0
        for _ in range(skipped):
            next(self)
        self.begin_record()

    def begin_record(self) -> None:
        """The next line begins a new record."""
        self.pending.clear()
        self.first = self.number + 1

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.pending) >= _LONGEST_QUOTED_LINES:
            raise csv.Error("a quoted cell over too many lines")
        line = self._again.popleft() if self._again else self._stream.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST_LINE:
            raise _line_too_long(self.number + 1)
        if "\0" in line:
            line = line.replace("\0", "")
        self.number += 1
        self.pending.append(line)
        return line

    def give_back_all_but_first(self) -> str:
        """Makes the lines after the record's first one unread again; the first one is returned."""
        self._again.extendleft(reversed(self.pending[1:]))
        self.number = self.first
        first = self.pending[0]
        del self.pending[1:]
        return first


def _line_too_long(line: int) -> Invalid:
    message = Text(
        "第 {line} 行超过 {limit} 个字符，这不像一个表格文件",
        "line {line} is longer than {limit} characters; this does not look like a table",
    )
    return Invalid(message.fill(line=line, limit=_LONGEST_LINE), code="line_too_long")


def _open(path: Path, encoding: Encoding) -> TextIO:
    errors = "surrogateescape" if encoding.mixed else "strict"
    return path.open(encoding=encoding.name, errors=errors, newline="")


def _bad_quoting(line: int, text: str, delimiter: str, quote: str, longest: int) -> BadRow:
    if max(len(cell) for cell in text.split(delimiter)) > longest:
        message = Text(
            "第 {line} 行有单元格超过 {longest} 个字符", "line {line} has a cell of more than {longest} characters"
        ).fill(line=line, longest=longest)
        return BadRow(line, [text[:longest]], Problem("cell_too_long", message))
    column = text.find(quote) + 1
    message = Text(
        "第 {line} 行第 {column} 个字符处引号不成对；请补上或去掉引号（内容里的引号要写两个）",
        "line {line}, character {column}: the quoting is broken; close or remove the quote (a quote inside a quoted "
        "cell is written twice)",
    ).fill(line=line, column=column)
    cells: list[Cell] = [part.strip(quote) for part in text.split(delimiter)]
    return BadRow(line, cells, Problem("broken_quoting", message, None, {"text": text[:500]}))
