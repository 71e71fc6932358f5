"""The shape of tables: how wide they may be, and rows that are shorter, longer or emptier than their table."""

from __future__ import annotations

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.table import BadRow, Block, Cell
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Text


def add_row(block: Block, line: int, row: list[Cell], width: int) -> None:
    """Adds a row to the block: blank ones are dropped, short ones padded, too long ones become bad rows."""
    length = len(row)
    if length > width:
        beyond = [cell for cell in row[width:] if not isinstance(cell, str) or cell.strip()]
        if beyond:
            block.bad.append(BadRow(line, row, _too_many_cells(line, len(row), width)))
            return
        row = row[:width]
    first = row[0] if row else ""
    if isinstance(first, str) and not first.strip() and all(isinstance(one, str) and not one.strip() for one in row):
        return
    if length < width:
        row = [*row, *([""] * (width - length))]
    block.lines.append(line)
    block.rows.append(row)


def check_width(width: int, limits: Limits) -> None:
    """Raises Invalid for more columns than a table may have."""
    if width > limits.columns:
        raise Invalid(
            Text(
                "文件有 {width} 列，最多可导入 {limit} 列；请删去不需要的列",
                "the file has {width} columns, at most {limit} can be imported; remove those you do not need",
            ).fill(width=width, limit=limits.columns),
            code="too_many_columns",
            extra={"columns": width, "limit": limits.columns},
        )


def no_rows(header_line: int) -> Invalid:
    """The refusal of a header with nothing under it."""
    return Invalid(
        Text(
            "只有表头（第 {line} 行），下面没有数据行", "there is a header (row {line}) but no row of data below it"
        ).fill(line=header_line),
        code="no_rows",
    )


def _too_many_cells(line: int, cells: int, width: int) -> Problem:
    message = Text(
        "第 {line} 行有 {cells} 个单元格，而表头只有 {width} 列；可能是内容里的分隔符没有加引号",
        "line {line} has {cells} cells but the header has {width}; perhaps a separator inside a cell is not quoted",
    )
    return Problem("too_many_cells", message.fill(line=line, cells=cells, width=width), None, {"cells": cells})
