"""Text tables: encodings, delimiters, quoting, ragged and broken lines, each with its line number."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.opening import open_table
from liaoran.exchange.readers.table import BadRow, Cell, Reading, Table
from liaoran.kernel.errors import Invalid

CHINESE = "客户名称,阶段,金额\n智慧城管平台,报价,680\n供应链金融平台,线索,280\n"
ROWS = [["智慧城管平台", "报价", "680"], ["供应链金融平台", "线索", "280"]]


@pytest.fixture
def write(tmp_path: Path) -> object:
    def writing(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writing


def read(table: Table) -> tuple[list[list[Cell]], list[BadRow]]:
    blocks = list(table.blocks())
    return [row for block in blocks for row in block.rows], [bad for block in blocks for bad in block.bad]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CHINESE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + CHINESE.encode(), "utf-8-sig"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (CHINESE.encode("utf-16-le"), "utf-16-le"),
        (CHINESE.encode("utf-16-be"), "utf-16-be"),
        (CHINESE.encode("gbk"), "gb18030"),
        (CHINESE.encode("gb18030"), "gb18030"),
    ],
)
def test_encodings_of_chinese_files(write: object, content: bytes, encoding: str) -> None:
    table = open_table(write(content))
    assert table.layout.encoding == encoding
    assert table.columns == ("客户名称", "阶段", "金额")
    assert read(table) == (ROWS, [])


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("name,city\nZsa Zsa Gábor,Málaga\nJosé Muñoz,Zürich\n", "latin-1"),
        ("name,price\nCafé “X”,€5\n", "cp1252"),
        ("客戶名稱,階段,金額\n智慧城管平臺,報價,680\n供應鏈金融平臺測試文字,線索,280\n", "big5"),
        ("会社名,担当者\n株式会社テスト,山田太郎\nこれはテストです,よろしく\n", "shift_jis"),
        ("Имя,Город\nИван Петров,Москва\nСергей,Казань\n", "cp1251"),
    ],
)
def test_other_encodings(write: object, text: str, encoding: str) -> None:
    rows, _ = read(open_table(write(text.encode(encoding))))
    assert rows == [line.split(",") for line in text.splitlines()[1:]]


def test_lines_in_another_encoding_are_reported_and_the_rest_is_read(write: object) -> None:
    content = CHINESE.encode() + "混合行,报价,1\n".encode("gbk") + "最后一行,线索,2\n".encode()
    table = open_table(write(content))
    rows, bad = read(table)
    assert rows == [*ROWS, ["最后一行", "线索", "2"]]
    assert [(one.line, one.problem.code, one.cells) for one in bad] == [(4, "wrong_encoding", ["混合行", "报价", "1"])]
    assert "gb18030" in bad[0].problem.message.en
    assert [one.code for one in table.notices] == ["mixed_encoding"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(write: object, delimiter: str) -> None:
    content = "\n".join(delimiter.join(row) for row in (["a", "b", "c"], ["1", "2,5", "x"], ["2", "3,5", "y"]))
    quoted = content if delimiter != "," else content.replace("2,5", '"2,5"').replace("3,5", '"3,5"')
    table = open_table(write(quoted))
    assert table.layout.delimiter == delimiter
    assert read(table)[0] == [["1", "2,5", "x"], ["2", "3,5", "y"]]


def test_a_separator_line_is_followed_and_skipped(write: object) -> None:
    table = open_table(write("sep=;\na;b\n1;2\n"))
    assert (table.columns, read(table)[0], table.layout.header_row) == (("a", "b"), [["1", "2"]], 2)


def test_apostrophes_and_backslashes_as_quoting(write: object) -> None:
    single = "'a','b'\n'1, one','x'\n'2, two','y'\n'3, three','z'\n"
    assert read(open_table(write(single)))[0][0] == ["1, one", "x"]
    escaped = 'a,b\n1,"He said \\"hi\\""\n2,"x, y"\n'
    assert read(open_table(write(escaped)))[0] == [["1", 'He said "hi"'], ["2", "x, y"]]


def test_an_open_quote_costs_its_own_line_only(write: object) -> None:
    table = open_table(write('a,b,c\n1,"open,3\n2,x,y\n3,"fine, quoted",z\n4,"also open,9\n5,last,row\n'))
    rows, bad = read(table)
    assert rows == [["2", "x", "y"], ["3", "fine, quoted", "z"], ["5", "last", "row"]]
    assert [(one.line, one.problem.code) for one in bad] == [(2, "broken_quoting"), (5, "broken_quoting")]
    assert "line 2, character 3" in bad[0].problem.message.en
    assert "第 2 行第 3 个字符" in bad[0].problem.message.zh


def test_text_after_a_closing_quote_is_broken_but_spaces_are_not(write: object) -> None:
    rows, bad = read(open_table(write('a,b\n"x"y,1\n"x" , "y"\n')))
    assert rows == [["x", "y"]]
    assert [one.line for one in bad] == [2]


def test_newlines_inside_quotes_keep_line_numbers(write: object) -> None:
    table = open_table(write('a,b\n1,"x\ny"\n2,"z"w\n3,ok\n'))
    blocks = list(table.blocks())
    assert blocks[0].lines == [2, 5]
    assert [one.line for one in blocks[0].bad] == [4]


def test_ragged_rows(write: object) -> None:
    rows, bad = read(open_table(write("a,b,c\n1\n1,2,3,\n1,2,3,4\n\n , ,\n7,8,9\n")))
    assert rows == [["1", "", ""], ["1", "2", "3"], ["7", "8", "9"]]
    assert [(one.line, one.problem.code) for one in bad] == [(4, "too_many_cells")]


def test_names_are_repaired(write: object) -> None:
    table = open_table(write("a b,A B,,a b\n1,2,3,4\n5,6,7,8\n"))
    assert table.columns == ("a b", "A B (2)", "Column 3", "a b (3)")
    assert [one.code for one in table.notices] == ["column_name"] * 3


def test_title_rows_notes_and_blank_rows_are_passed_over(write: object) -> None:
    content = "2026 年商机台账,,\n制表：销售部,,\n,,\n商机名称,阶段,金额\n必填，项目名称,必填，从下拉选择,选填，数字\n甲,报价,1\n乙,线索,2\n"
    table = open_table(write(content))
    assert table.columns == ("商机名称", "阶段", "金额")
    assert (table.layout.header_row, table.layout.first_row) == (4, 6)
    assert read(table)[0] == [["甲", "报价", "1"], ["乙", "线索", "2"]]
    assert [one.code for one in table.notices] == ["title_rows", "note_row"]


def test_a_file_without_a_header(write: object) -> None:
    content = "2026-01-05,12,a@x.com\n2026-01-06,13,b@x.com\n2026-01-07,14,c@x.com\n"
    table = open_table(write(content))
    assert table.columns == ("Column 1", "Column 2", "Column 3")
    assert len(read(table)[0]) == 3
    named = open_table(write(content), Reading(header_row=1))
    assert named.columns[0] == "2026-01-05"


def test_literal_words_stay_text(write: object) -> None:
    rows, _ = read(open_table(write("a,b,c\nNone,NA,NULL\nnan,TRUE,#N/A\n")))
    assert rows == [["None", "NA", "NULL"], ["nan", "TRUE", "#N/A"]]


def test_named_encoding_delimiter_and_header(write: object) -> None:
    path = write(CHINESE.encode("gbk"))
    assert open_table(path, Reading(encoding="GBK")).columns[0] == "客户名称"
    with pytest.raises(Invalid) as refused:
        open_table(path, Reading(encoding="klingon"))
    assert refused.value.code == "unknown_encoding"
    assert open_table(write("a;b,c\n1;2,3\n"), Reading(delimiter=";")).columns == ("a", "b,c")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n\n  \n", "empty_file"),
        (b"a,b,c\n", "no_rows"),
        (b"%PDF-1.7 ...", "wrong_file_type"),
        (b"\x89PNG\r\n\x1a\n....", "wrong_file_type"),
        (b"<html><body>login</body></html>", "wrong_file_type"),
        (b"<?xml version='1.0'?><a/>", "wrong_file_type"),
        (b"\x7fELF\x02\x01\x01" + bytes(200), "wrong_file_type"),
        (bytes(range(256)) * 20, "wrong_file_type"),
        (b"PK\x03\x04 not really a zip", "damaged_file"),
    ],
)
def test_what_is_no_table_is_refused_in_words(write: object, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_table(write(content, "table.csv"))
    assert refused.value.code == code
    assert refused.value.message.zh
    assert refused.value.message.en


def test_five_thousand_columns_are_refused_with_the_limit(write: object) -> None:
    content = ",".join(f"c{n}" for n in range(5000)) + "\n" + ",".join("1" for _ in range(5000)) + "\n"
    with pytest.raises(Invalid) as refused:
        open_table(write(content))
    assert refused.value.code == "too_many_columns"
    assert "5000" in refused.value.message.zh
    assert "500" in refused.value.message.zh


def test_a_file_beyond_the_size_limit_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.write(b"a,b\n1,2\n")
        stream.truncate(2 * 1024**3)
    with pytest.raises(Invalid) as refused:
        open_table(path)
    assert refused.value.code == "file_too_large"
    assert "2048 MB" in refused.value.message.en


def test_a_cell_that_is_too_long_is_reported_with_its_line(write: object) -> None:
    content = "a,b\n1," + "x" * 2000 + "\n2,y\n"
    rows, bad = read(open_table(write(content), limits=Limits(cell_characters=1000)))
    assert rows == [["2", "y"]]
    assert [(one.line, one.problem.code) for one in bad] == [(2, "cell_too_long")]


def test_a_hundred_thousand_rows_in_flat_memory(write: object) -> None:
    line = "2026-01-05,某某公司第{0}号,报价,12345.67,备注内容\n"
    path = write("日期,客户,阶段,金额,备注\n" + "".join(line.format(n) for n in range(100_000)))
    table = open_table(path)
    assert table.size == 100_000
    count = largest = 0
    for block in table.blocks():
        count += len(block.rows)
        largest = max(largest, len(block.rows))
    assert (count, largest) == (100_000, 2_000)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet="ab,;\t|\"'\n\r 中é12-/.=", max_size=200).map(str.encode),
        st.text(alphabet='ab,"\n中', max_size=80).map(lambda text: text.encode("gbk")),
        st.text(alphabet='ab,"\n中', max_size=80).map(lambda text: text.encode("utf-16")),
    )
)
def test_any_file_is_read_or_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    try:
        table = open_table(path)
        rows, bad = read(table)
    except Invalid as refused:
        assert refused.message.zh
        assert refused.message.en
        return
    assert all(len(row) == len(table.columns) for row in rows)
    assert len(set(table.columns)) == len(table.columns)
    assert all(one.line >= 1 for one in bad)
