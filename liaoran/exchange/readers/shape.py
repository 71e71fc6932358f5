"""The shape of tables: how wide they may be, and rows that are shorter, longer or emptier than their table."""

from __future__ import annotations

import re

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.table import BadRow, Block, Cell
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import Text

TOTAL = Text("第 {line} 行是合计行，没有导入", "line {line} is a row of totals and is not imported")
_TOTALS = {
    "合计": 1.0,
    "总计": 1.0,
    "小计": 1.0,
    "总和": 1.0,
    "total": 0.5,
    "totals": 0.5,
    "grand total": 0.5,
    "sum": 0.5,
}
"""Words that begin a row of totals, and which share of the cells may be filled beside them."""
_FIGURE = re.compile(r"^[-+(]?[￥¥$€£]?[\d.,]+[%万亿)]?$")


def _begins_with_total(row: list[Cell]) -> bool:
    first = row[0] if row else ""
    if first == "":
        first = next((cell for cell in row if cell != ""), "")
    return isinstance(first, str) and len(first) < 16 and first.strip().rstrip(":：").casefold() in _TOTALS


def is_total(row: list[Cell], width: int) -> bool:
    """Whether the row is one of totals: a word such as 合计, and beside it figures or nothing (a formula that was
    never calculated) only."""
    filled = [cell for cell in row if not isinstance(cell, str) or cell.strip()]
    if not filled or not isinstance(filled[0], str):
        return False
    share = _TOTALS.get(filled[0].strip().rstrip(":：").casefold())
    if share is None or width < 2 or len(filled) > max(1.0, share * width):
        return False
    return all(not isinstance(cell, str) or _FIGURE.match(cell.strip()) for cell in filled[1:])


def add_row(block: Block, line: int, row: list[Cell], width: int) -> None:
    """Adds a row to the block: blank ones are dropped, short ones padded, too long ones become bad rows."""
    length = len(row)
    if _begins_with_total(row) and is_total(row, width):
        block.bad.append(BadRow(line, row[:width], Problem("total_row", TOTAL.fill(line=line))))
        return
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
