"""Workbooks (XLSX, XLS, XLSB, ODS): the sheet that holds the table, and its rows, read by a process of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.header import Start, find_start, trimmed
from liaoran.exchange.readers.shape import add_row, check_width, no_rows
from liaoran.exchange.readers.table import (
    BLOCK_ROWS,
    Block,
    Cell,
    FileKind,
    Layout,
    Notice,
    Reading,
    SheetInfo,
    Table,
    Vocabulary,
    cell_text,
)
from liaoran.exchange.readers.workbook_process import decoded
from liaoran.exchange.readers.workbook_scan import check_archive, damaged
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet as inspected: its first rows with their numbers, and what the header search made of them."""

    info: SheetInfo
    lines: list[int]
    rows: list[list[Cell]]
    above: frozenset[tuple[int, int]]


def open_workbook(path: Path, kind: FileKind, reading: Reading, vocabulary: Vocabulary, limits: Limits) -> Table:
    """Opens the sheet that holds the table. Raises Invalid for a damaged, protected or oversized workbook, an unknown
    sheet name, and a workbook without a table."""
    if kind != "xls":
        check_archive(path, limits)
    answer: dict[str, Any] = next(_ask(path, kind, limits, "inspect"), {"sheets": []})
    sheets = [_sheet(one) for one in answer["sheets"]]
    chosen, start = _choose(sheets, reading, vocabulary, limits)
    check_width(len(start.names), limits)
    if start.first >= len(chosen.rows):
        raise no_rows(chosen.lines[start.header])
    layout = Layout(
        kind,
        header_row=chosen.lines[start.header] if start.header >= 0 else 0,
        first_row=chosen.lines[start.first - 1] + 1 if start.first else 1,
        sheet=chosen.info.name,
    )
    notices = list(start.notices)
    others = [one.info.name for one in sheets if one is not chosen and one.info.rows and one.info.visible]
    if others and reading.sheet is None:
        message = Text("读取的是工作表“{name}”，其余未读：{others}", "reading the sheet “{name}”; not read: {others}")
        notices.append(Notice("sheet_chosen", message.fill(name=chosen.info.name, others="、".join(others))))
    size = max(1, chosen.info.rows - layout.first_row + 1)
    source = WorkbookSource(path, kind, limits)
    return Table(layout, start.names, source, notices, tuple(one.info for one in sheets), size)


@dataclass(frozen=True, slots=True)
class WorkbookSource:
    """A workbook file; each reading starts a reader process, which ends with it."""

    path: Path
    kind: FileKind
    limits: Limits

    def blocks(self, table: Table) -> Iterator[Block]:
        """Rows of the table's sheet from the first data row on."""
        block = Block()
        with closing(_ask(self.path, self.kind, self.limits, "rows", table.layout.sheet or "")) as answers:
            for answer in answers:
                for line, cells in answer:
                    if line < table.layout.first_row:
                        continue
                    add_row(block, line, [decoded(cell) for cell in cells], len(table.columns))
                    if len(block.rows) + len(block.bad) >= BLOCK_ROWS:
                        yield block
                        block = Block()
        if block.rows or block.bad:
            yield block


def _choose(sheets: list[_Sheet], reading: Reading, vocabulary: Vocabulary, limits: Limits) -> tuple[_Sheet, Start]:
    """The named sheet, or the visible one whose header holds the most known names; the earlier of equals."""
    if reading.sheet is not None:
        named = next((one for one in sheets if one.info.name == reading.sheet), None)
        if named is None:
            names = "、".join(one.info.name for one in sheets)
            message = Text("没有名为“{name}”的工作表，只有：{names}", "there is no sheet “{name}”; there are: {names}")
            raise Invalid(message.fill(name=reading.sheet, names=names), code="unknown_sheet")
        candidates = [named]
    else:
        candidates = [one for one in sheets if one.info.visible] or sheets
    best: tuple[_Sheet, Start] | None = None
    best_score = (-1, -1)
    for sheet in candidates:
        if not sheet.rows:
            continue
        if len(candidates) == 1:
            check_width(max(len(row) for row in sheet.rows), limits)
        start = find_start(sheet.rows, sheet.lines, vocabulary, reading, sheet.above)
        header = [cell_text(cell) for cell in sheet.rows[start.header]] if start.header >= 0 else []
        score = (1 if start.first < len(sheet.rows) else 0, vocabulary.hits(header))
        if score > best_score:
            best, best_score = (sheet, start), score
    if best is None:
        raise Invalid(Text("工作簿里没有任何内容", "the workbook holds nothing"), code="empty_file")
    return best


def _sheet(answer: dict[str, Any]) -> _Sheet:
    return _Sheet(
        SheetInfo(answer["name"], answer["rows"], answer["visible"]),
        [line for line, _ in answer["head"]],
        [trimmed([decoded(cell) for cell in cells]) for _, cells in answer["head"]],
        frozenset((line, column) for line, column in answer["above"]),
    )


def _ask(path: Path, kind: FileKind, limits: Limits, *command: str) -> Generator[Any, None, None]:
    """Starts the reader process and gives its JSON lines; ends the process when the iteration is closed."""
    arguments = [kind, str(path), str(limits.reader_memory), *command]
    process = subprocess.Popen(  # noqa: S603 - our own module with the interpreter that runs us
        [sys.executable, "-m", "liaoran.exchange.readers.workbook_process", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with process:
        try:
            if process.stdout is None:
                raise damaged()
            for line in process.stdout:
                answer = orjson.loads(line)
                if isinstance(answer, dict) and "refused" in answer:
                    raise _refusal(answer["refused"])
                yield answer
            if process.wait() != 0:
                raise _refusal("memory" if process.returncode < 0 else "damaged")
        finally:
            process.kill()


def _refusal(reason: str) -> Invalid:
    if reason == "password":
        return Invalid(
            Text(
                "工作簿设有密码，请取消密码后再导入", "the workbook is protected by a password; remove it and try again"
            ),
            code="password",
        )
    if reason == "memory":
        return Invalid(
            Text(
                "工作簿太大，无法整个打开；请另存为 CSV 后再导入",
                "the workbook is too large to be opened as a whole; save it as CSV and import that",
            ),
            code="file_too_large",
        )
    return damaged()
