"""The process that opens a workbook: started apart with bounded memory, so that no file can bring the server down.

Run as ``python -m liaoran.exchange.readers.workbook_process KIND PATH MEMORY COMMAND [SHEET]``; it writes JSON lines:
``inspect`` one line with all sheets and their first rows, ``rows`` one line per block of rows of a sheet. A refusal is
a line ``{"refused": code}``. Cells are JSON values; typed ones are objects with one key (see ``decoded``).
"""

from __future__ import annotations

import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
import python_calamine as calamine

from liaoran.exchange.readers.table import BLOCK_ROWS, Cell, ErrorCell
from liaoran.exchange.readers.workbook_scan import CellMarks, scan_sheet

HEAD_ROWS = 120
_PROCESSOR_SECONDS = 900
_LARGEST_ANSWER = 256 * 1024 * 1024
"""Of one line in bytes: the process that reads it has no bound of its own."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def encoded(value: Any) -> Any:
    """A cell as the workbook library gives it, as a JSON value."""
    if isinstance(value, str):
        if "_x" in value:
            value = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        return _CONTROL.sub("", value.replace("\r\n", "\n"))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    if isinstance(value, timedelta):
        return {"s": value.total_seconds()}
    return value


def decoded(value: Any) -> Cell:
    """The cell that ``encoded`` wrote."""
    if not isinstance(value, dict):
        return "" if value is None else value
    ((key, inner),) = value.items()
    match key:
        case "t":
            return datetime.fromisoformat(inner)
        case "d":
            return date.fromisoformat(inner)
        case "h":
            return time.fromisoformat(inner)
        case "s":
            return timedelta(seconds=inner)
        case _:
            return ErrorCell(inner)


def _rows(sheet: calamine.CalamineSheet, marks: CellMarks) -> Iterator[tuple[int, list[Any]]]:
    """Non-blank rows with their number from 1, cells from column A on; merged cells repeat their value downwards."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    fills = _fills(sheet)
    carried: dict[int, tuple[Any, int]] = {}
    marked_rows = {row for row, _ in marks.errors} | {row for row, _ in marks.percents}
    for index, cells in enumerate(sheet.iter_rows()):
        row = [encoded(cell) for cell in (*left, *cells)]
        if index in marked_rows:
            _apply_marks(row, index, marks)
        for column, last in fills.get(index, ()):
            if column < len(row):
                carried[column] = (row[column], last)
        for column, (value, last) in list(carried.items()):
            if index > last:
                del carried[column]
            elif row[column] == "":
                row[column] = value
        if any(cell != "" for cell in row):
            yield index + 1, row


def _fills(sheet: calamine.CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """For the first row of each range merged over rows in one column: (column, last row)."""
    fills: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom > top and left == right:
            fills.setdefault(top, []).append((left, bottom))
    return fills


def _apply_marks(row: list[Any], index: int, marks: CellMarks) -> None:
    for column, value in enumerate(row):
        if (index, column) in marks.errors:
            row[column] = {"e": marks.errors[index, column]}
        elif (index, column) in marks.percents and isinstance(value, int | float):
            row[column] = f"{round(value * 100, 10):.10f}".rstrip("0").rstrip(".") + "%"


def _inspect(workbook: calamine.CalamineWorkbook, kind: str, path: Path) -> dict[str, Any]:
    sheets = []
    for meta in workbook.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        marks = scan_sheet(path, meta.name) if kind == "xlsx" else CellMarks()
        head = []
        for row in _rows(sheet, marks):
            head.append(row)
            if len(head) == HEAD_ROWS:
                break
        above = [
            (row + 1, column)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            if top < HEAD_ROWS and left == right
            for row in range(top + 1, min(bottom, top + 3) + 1)
            for column in (left,)
        ]
        visible = meta.visible == calamine.SheetVisibleEnum.Visible
        sheets.append(
            {
                "name": meta.name,
                "visible": visible,
                "rows": sheet.end[0] + 1 if sheet.end else 0,
                "head": head,
                "above": above,
            }
        )
    return {"sheets": sheets}


def _write(value: Any) -> None:
    line = orjson.dumps(value)
    if len(line) > _LARGEST_ANSWER:
        raise MemoryError
    sys.stdout.buffer.write(line + b"\n")


def main(arguments: list[str]) -> int:
    """Does one command; 0 when done or refused in words, 1 when the file cannot be opened."""
    kind, path, memory, command, *rest = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            if command == "inspect":
                _write(_inspect(workbook, kind, Path(path)))
                return 0
            marks = scan_sheet(Path(path), rest[0]) if kind == "xlsx" else CellMarks()
            block: list[tuple[int, list[Any]]] = []
            for row in _rows(workbook.get_sheet_by_name(rest[0]), marks):
                block.append(row)
                if len(block) == BLOCK_ROWS:
                    _write(block)
                    block = []
            _write(block)
    except calamine.PasswordError:
        _write({"refused": "password"})
    except MemoryError:
        _write({"refused": "memory"})
    except Exception:
        # Whatever a strange file makes the library raise, the answer to the person is the same.
        _write({"refused": "damaged"})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
