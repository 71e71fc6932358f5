"""Workbooks: typed cells, sheets, merged cells, failed formulas, percent formats, bombs."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.opening import open_table
from liaoran.exchange.readers.table import Cell, ErrorCell, Reading, Table
from liaoran.kernel.errors import Invalid


def rows_of(table: Table) -> list[list[Cell]]:
    return [row for block in table.blocks() for row in block.rows]


@pytest.fixture
def book(tmp_path: Path) -> Any:
    def making(fill: Any, **options: Any) -> Path:
        path = tmp_path / "book.xlsx"
        workbook = xlsxwriter.Workbook(str(path), options)
        fill(workbook)
        workbook.close()
        return path

    return making


@pytest.mark.parametrize("date_1904", [False, True])
def test_typed_cells(book: Any, date_1904: bool) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        percent = workbook.add_format({"num_format": "0.00%"})
        clock = workbook.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["name", "count", "day", "moment", "share", "yes", "failed", "sum", "clock"])
        for row in (1, 2):
            sheet.write(row, 0, f"甲{row}")
            sheet.write(row, 1, 2026)
            sheet.write_datetime(row, 2, datetime(2026, 1, 5), day)
            sheet.write_datetime(row, 3, datetime(2026, 1, 5, 13, 30), day)
            sheet.write(row, 4, 0.255, percent)
            sheet.write_boolean(row, 5, True)
            sheet.write_formula(row, 6, "=1/0", None, "#DIV/0!")
            sheet.write_formula(row, 7, "=1+1", None, 2)
            sheet.write_datetime(row, 8, time(13, 5), clock)

    rows = rows_of(open_table(book(fill, date_1904=date_1904)))
    assert rows[0] == [
        "甲1", 2026, date(2026, 1, 5), datetime(2026, 1, 5, 13, 30), "25.5%", "TRUE", "#DIV/0!", 2, time(13, 5)
    ]  # fmt: skip
    assert isinstance(rows[0][6], ErrorCell)


def test_merged_titles_and_merged_rows(book: Any) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "2026 年客户台账")
        sheet.merge_range(1, 0, 2, 0, "客户")
        sheet.merge_range(1, 1, 1, 3, "联系方式")
        sheet.write_row(2, 1, ["联系人", "电话", "金额"])
        sheet.merge_range(3, 0, 5, 0, "甲公司")
        sheet.write_row(3, 1, ["张三", "13800138001", 1])
        sheet.write_row(4, 1, ["李四", "13800138002", 2])
        sheet.write_row(5, 1, ["王五", "13800138003", 3])
        sheet.write_row(6, 0, ["乙公司", "赵六", "13800138004", 4])

    table = open_table(book(fill))
    assert table.columns == ("客户", "联系人", "电话", "金额")
    assert [row[0] for row in rows_of(table)] == ["甲公司", "甲公司", "甲公司", "乙公司"]


def test_the_sheet_with_data_is_chosen_and_hidden_ones_are_not(book: Any) -> None:
    def fill(workbook: Any) -> None:
        empty = workbook.add_worksheet("封面")
        empty.write(0, 0, "只有一行")
        hidden = workbook.add_worksheet("字典")
        hidden.write_column(0, 0, ["x", "y", "z"])
        hidden.hide()
        data = workbook.add_worksheet("数据")
        data.write_row(0, 0, ["名称", "金额"])
        data.write_row(1, 0, ["甲", 1])

    path = book(fill)
    table = open_table(path)
    assert table.layout.sheet == "数据"
    assert [one.name for one in table.sheets] == ["封面", "字典", "数据"]
    assert open_table(path, Reading(sheet="字典")).layout.sheet == "字典"
    with pytest.raises(Invalid) as refused:
        open_table(path, Reading(sheet="没有"))
    assert refused.value.code == "unknown_sheet"


def test_a_table_that_does_not_start_in_the_corner(book: Any) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(3, 2, ["name", "amount"])
        sheet.write_row(4, 2, ["x", 5])
        sheet.write_row(7, 2, ["y", 6])

    table = open_table(book(fill))
    blocks = list(table.blocks())
    assert blocks[0].lines == [5, 8]
    assert [row[2:] for row in blocks[0].rows] == [["x", 5], ["y", 6]]


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(bytes(1024 * 1024))
    with pytest.raises(Invalid) as refused:
        open_table(path)
    assert refused.value.code == "zip_bomb"
    with pytest.raises(Invalid) as refused:
        open_table(path, limits=Limits(unpacked_bytes=1024, unpacked_ratio=10**9))
    assert refused.value.code == "zip_bomb"


def test_a_cell_in_the_far_corner_does_not_eat_the_memory(book: Any, tmp_path: Path) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1, 0, "1")
        sheet.write(1_048_575, 16_383, "far")

    with pytest.raises(Invalid) as refused:
        open_table(book(fill), limits=Limits(reader_memory=512 * 1024 * 1024))
    assert refused.value.code == "file_too_large"


@pytest.mark.parametrize("content", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), b"PK\x03\x04" + bytes(100)])
def test_damaged_workbooks(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.xls"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        open_table(path)
    assert refused.value.code == "damaged_file"


def test_another_archive_is_named_for_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "letters.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Invalid) as refused:
        open_table(path)
    assert refused.value.code == "wrong_file_type"
    assert "Word" in refused.value.message.zh


def test_too_many_columns_in_a_sheet(book: Any) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet()
        for row in (0, 1):
            for column in range(5000):
                sheet.write(row, column, f"c{column}")

    with pytest.raises(Invalid) as refused:
        open_table(book(fill))
    assert refused.value.code == "too_many_columns"
