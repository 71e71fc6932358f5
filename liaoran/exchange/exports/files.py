"""Writing the files: CSV that every spreadsheet program reads rightly, and XLSX with typed cells. Both in flat memory.

Text that a spreadsheet program would take for a formula is made harmless: in CSV by an apostrophe before it, in XLSX by
the cell's type. Numbers stay numbers, negative ones too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

import xlsxwriter

from liaoran.exchange.exports.cells import CellMaker, CellValue
from liaoran.exchange.harmless import FORMULA_STARTS, harmless
from liaoran.kernel.actor import Actor
from liaoran.kernel.text import Text

ExportFormat = Literal["csv", "xlsx"]
SHEET_ROWS = 1_048_576
LONGEST_CELL = 32_767
MEDIA_TYPES: dict[ExportFormat, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_WATERMARK = Text("由 {who} 于 {when} 导出，请勿外传", "Exported by {who} on {when}; please do not pass on")
_MARK_SHEET = "Liaoran"


class ExportWriter(Protocol):
    """A file being written."""

    def write(self, records: Iterable[dict[str, Any]]) -> None:
        """Adds rows."""
        ...

    def close(self) -> None:
        """Completes the file."""
        ...


def watermark_of(actor: Actor) -> str:
    """What tells in a file who took it along, and when."""
    now = datetime.now(ZoneInfo(actor.zone))
    return _WATERMARK.read(actor.language, who=actor.label, when=f"{now:%Y-%m-%d %H:%M}")


def export_writer(
    kind: ExportFormat, path: Path, keys: Sequence[str], makers: Sequence[CellMaker], mark: str | None = None
) -> ExportWriter:
    """A writer for the format; ``keys`` are the keys of the columns in the records' JSON. ``mark`` is a watermark: on
    every printed page, in the properties and on a sheet of its own in XLSX, below the rows in CSV."""
    return CsvWriter(path, keys, makers, mark) if kind == "csv" else XlsxWriter(path, keys, makers, mark)


class CsvWriter:
    """CSV in UTF-8 with a mark, rows ended by CR LF."""

    def __init__(self, path: Path, keys: Sequence[str], makers: Sequence[CellMaker], mark: str | None = None) -> None:
        self._mark = mark
        self._stream = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._stream)
        self._columns = list(zip(keys, makers, strict=True))
        self._writer.writerow([harmless(maker.heading) for maker in makers])

    def write(self, records: Iterable[dict[str, Any]]) -> None:
        """Adds rows."""
        self._writer.writerows(
            [_csv_cell(maker, maker.make(record.get(key))) for key, maker in self._columns] for record in records
        )

    def close(self) -> None:
        """Completes the file."""
        if self._mark:
            self._writer.writerow([self._mark])
        self._stream.close()


def _csv_cell(maker: CellMaker, value: CellValue) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds" if value.microsecond else "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value}%" if maker.style == "percent" else value


class XlsxWriter:
    """XLSX, row by row; a further sheet where one is full."""

    def __init__(self, path: Path, keys: Sequence[str], makers: Sequence[CellMaker], mark: str | None = None) -> None:
        self._mark = mark
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        add = self._book.add_format
        self._formats = {
            "text": add({}),
            "harmless": add({"quote_prefix": True}),
            "number": add({"num_format": "#,##0.####"}),
            "percent": add({"num_format": "0.##%"}),
            "date": add({"num_format": "yyyy-mm-dd"}),
            "instant": add({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "heading": add({"bold": True, "bottom": 1}),
        }
        self._columns = list(zip(keys, makers, strict=True))
        self._begin_sheet()

    def write(self, records: Iterable[dict[str, Any]]) -> None:
        """Adds rows."""
        for record in records:
            if self._row == SHEET_ROWS:
                self._begin_sheet()
            for column, (key, maker) in enumerate(self._columns):
                value = maker.make(record.get(key))
                if value is not None:
                    self._write_cell(column, maker, value)
            self._row += 1

    def close(self) -> None:
        """Completes the file."""
        if self._mark:
            self._book.set_properties({"comments": self._mark})
            self._book.add_worksheet(_MARK_SHEET).write_string(0, 0, self._mark)
        self._book.close()

    def _begin_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        if self._mark:
            self._sheet.set_footer(f"&C{self._mark.replace('&', '&&')}")
        for column, (_, maker) in enumerate(self._columns):
            width = {"date": 12, "instant": 20, "number": 14, "percent": 10}.get(maker.style, 22)
            self._sheet.set_column(column, column, width)
        for column, (_, maker) in enumerate(self._columns):
            self._sheet.write_string(0, column, maker.heading, self._formats["heading"])
        self._row = 1

    def _write_cell(self, column: int, maker: CellMaker, value: CellValue) -> None:
        sheet, row = self._sheet, self._row
        if isinstance(value, str):
            style = "harmless" if value.startswith(FORMULA_STARTS) else "text"
            sheet.write_string(row, column, value[:LONGEST_CELL], self._formats[style])
        elif isinstance(value, datetime | date):
            if value.year < 1900:
                sheet.write_string(row, column, value.isoformat(), self._formats["text"])
            else:
                sheet.write_datetime(row, column, value, self._formats[maker.style])
        elif value is not None:
            number = value / 100 if maker.style == "percent" else value
            sheet.write_number(row, column, number, self._formats[maker.style])
