"""Workbooks that somebody made to hurt: bombs of every kind, entities, endless rows, lies about sizes."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from liaoran.exchange.readers.opening import open_table
from liaoran.exchange.readers.workbook_scan import scan_sheet
from liaoran.kernel.errors import Invalid

MEBIBYTE = 1024 * 1024
WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="x" Target="worksheets/sheet1.xml"/></Relationships>'
)


def book(path: Path, **parts: bytes | str) -> Path:
    """An XLSX file of the usual parts, some of them replaced: ``workbook``, ``relations``, ``styles``, ``sheet``."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", parts.get("workbook", WORKBOOK))
        archive.writestr("xl/_rels/workbook.xml.rels", parts.get("relations", RELATIONS))
        if "styles" in parts:
            archive.writestr("xl/styles.xml", parts["styles"])
        archive.writestr("xl/worksheets/sheet1.xml", parts.get("sheet", "<worksheet><sheetData/></worksheet>"))
    return path


def refusal_of(path: Path) -> str:
    with pytest.raises(Invalid) as refused:
        open_table(path)
    return refused.value.code


def test_a_table_of_contents_with_a_million_parts(tmp_path: Path) -> None:
    """Opening it would take a gigabyte before anything could be counted."""
    path = book(tmp_path / "parts.xlsx")
    content = path.read_bytes()
    start = content.rfind(b"PK\x05\x06")
    begins, size = struct.unpack("<I", content[start + 16 : start + 20])[0], 0
    entry = content[begins:start]
    entries = entry * 50_000
    size = len(entries)
    end = content[start : start + 12] + struct.pack("<I", size) + content[start + 16 :]
    path.write_bytes(content[:begins] + entries + end)
    tracemalloc.start()
    try:
        assert refusal_of(path) == "zip_bomb"
        assert tracemalloc.get_traced_memory()[1] < 16 * MEBIBYTE
    finally:
        tracemalloc.stop()


def test_the_entry_that_tells_the_kind_is_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("mimetype", "w") as part:
        part.write(b"application/vnd.oasis.opendocument.spreadsheet")
        for _ in range(100):
            part.write(bytes(MEBIBYTE))
    tracemalloc.start()
    try:
        assert refusal_of(path) == "zip_bomb"
        assert tracemalloc.get_traced_memory()[1] < 16 * MEBIBYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY e0 "x">{levels}]><w>&e8;</w>'
    with pytest.raises(Invalid) as refused:
        scan_sheet(book(tmp_path / "entities.xlsx", workbook=bomb.encode(encoding)), "Sheet1")
    assert refused.value.code == "damaged_file"


def test_an_entity_cannot_read_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hunter2", encoding="utf-8")
    stealing = f'<!DOCTYPE w [<!ENTITY e SYSTEM "file://{secret}">]><worksheet><sheetData>&e;</sheetData></worksheet>'
    for parts in ({"sheet": stealing}, {"workbook": stealing}, {"styles": stealing}):
        with pytest.raises(Invalid) as refused:
            open_table(book(tmp_path / "stealing.xlsx", **parts))
        assert "hunter2" not in refused.value.message.zh


def test_a_row_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "row.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(70):
                part.write(b"x" * MEBIBYTE)
    with pytest.raises(Invalid) as refused:
        scan_sheet(path, "Sheet1")
    assert refused.value.code == "damaged_file"


@pytest.mark.parametrize(
    "piece",
    [
        b'<c r="A1" t="e">',
        b'<c r="A1" t="e"',
        b'<c r="A1"',
        b'<c r="A1"><f>',
        b'<c r="A1"><f ',
        b'<c r="A1" t="e"><f>x</f>',
    ],
)
def test_what_begins_like_a_cell_again_and_again_is_read_in_one_go(tmp_path: Path, piece: bytes) -> None:
    """Each beginning looked for its end over the whole sheet, which took hours."""
    sheet = b"<sheetData><row>" + piece * (4 * MEBIBYTE // len(piece)) + b"</c></f></row></sheetData>"
    marks = scan_sheet(book(tmp_path / "begins.xlsx", sheet=sheet), "Sheet1")
    assert len(marks.errors) <= 1


def test_failed_formulas_are_still_found(tmp_path: Path) -> None:
    sheet = (
        b'<sheetData><row r="2"><c r="B2" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        b'<c r="C2" t="e"><v>#REF!</v></c><x:c r="AA2" t="e"><x:f t="shared" si="0"/><x:v>#N/A</x:v></x:c>'
        b'<c r="D2"><f>A1</f></c></row></sheetData>'
    )
    marks = scan_sheet(book(tmp_path / "failed.xlsx", sheet=sheet), "Sheet1")
    assert marks.errors == {(1, 1): "#DIV/0!", (1, 2): "#REF!", (1, 26): "#N/A", (1, 3): "#VALUE?"}


def test_a_part_that_lies_about_its_size(tmp_path: Path) -> None:
    """The archive says a kilobyte and unpacks to more than there is."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(b"<worksheet><sheetData><row><c><v>")
            for _ in range(50):
                part.write(b"1" * MEBIBYTE)
    content = target.getvalue()
    true_size = struct.pack("<I", 50 * MEBIBYTE + 33)
    path = tmp_path / "lies.xlsx"
    path.write_bytes(content.replace(true_size, struct.pack("<I", 1024)))
    assert refusal_of(path) in {"damaged_file", "file_too_large", "zip_bomb"}
