"""What the workbook library does not tell about an XLSX file: the zip itself, failed formulas, percent formats.

The guard looks at the archive before anything is unpacked; the scan streams the sheet's XML and keeps only the cells
that matter.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.archive import TooManyParts, open_archive
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

_CHUNK = 1 << 20
_LARGE_PART = 32 * 1024 * 1024
_LONGEST_ROW = 64 * 1024 * 1024
_BUILT_IN_PERCENT = frozenset({"9", "10"})
# Every repetition is bounded or stops at the next mark, so that no sheet makes the search slow.
_CELL = rb'<(?:\w{1,20}:)?c r="([A-Z]{1,3})(\d{1,7})"'
_FORMULA = rb"<(?:\w{1,20}:)?f(?: [^<>]{0,500})?(?:/>|>[^<]{0,20000}</(?:\w{1,20}:)?f>)"
_FAILED = re.compile(_CELL + rb'[^<>]{0,200}?\st="e"[^<>]{0,200}>(?:' + _FORMULA + rb")?<(?:\w{1,20}:)?v>([^<]{1,20})<")
_NO_VALUE = re.compile(_CELL + rb"[^<>]{0,200}>" + _FORMULA + rb"</(?:\w{1,20}:)?c>")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


@dataclass(slots=True)
class CellMarks:
    """By (row, column), both counted from 0: failed formulas with their error text, and numbers shown as percent."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percents: set[tuple[int, int]] = field(default_factory=set)


def check_archive(path: Path, limits: Limits) -> None:
    """Raises Invalid for an archive that would unpack to too much (a zip bomb) or that is damaged or encrypted."""
    try:
        with open_archive(path) as archive:
            parts = archive.infolist()
    except TooManyParts as error:
        raise zip_bomb() from error
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise damaged() from error
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > _LARGE_PART and part.file_size > limits.unpacked_ratio * max(1, part.compress_size)
        for part in parts
    )
    if total > limits.unpacked_bytes or swollen:
        raise zip_bomb(total, limits.unpacked_bytes)


def zip_bomb(unpacked: int = 0, limit: int = 0) -> Invalid:
    """The refusal of a workbook that would unpack to too much; with its size in bytes, where that is known."""
    if not unpacked:
        message = Text(
            "工作簿内部的部件多得异常，为安全起见没有打开；请另存为 CSV 后再导入",
            "the workbook is made of abnormally many parts and was not opened for safety; save it as CSV and import that",
        )
        return Invalid(message, code="zip_bomb")
    message = Text(
        "工作簿解压后有 {size} MB，超过上限或压缩比异常，为安全起见没有打开；请另存为 CSV 后再导入",
        "the workbook unpacks to {size} MB, beyond the limit or abnormally compressed, and was not opened for "
        "safety; save it as CSV and import that",
    )
    extra = {"unpacked": unpacked, "limit": limit}
    return Invalid(message.fill(size=unpacked // 1_048_576), code="zip_bomb", extra=extra)


def damaged() -> Invalid:
    """The refusal of a workbook that cannot be opened."""
    return Invalid(
        Text("工作簿已损坏，无法打开；请重新导出或另存一次", "the workbook is damaged; export or save it again"),
        code="damaged_file",
    )


def scan_sheet(path: Path, sheet: str) -> CellMarks:
    """The marks of one sheet of an XLSX file; nothing where its parts are not found."""
    marks = CellMarks()
    with open_archive(path) as archive:
        part = _sheet_part(archive, sheet)
        if part is None:
            return marks
        percent = _percent_pattern(archive)
        for chunk in _whole_rows(archive, part):
            if b't="e"' in chunk:
                for letters, row, code in _FAILED.findall(chunk):
                    marks.errors[int(row) - 1, _column(letters)] = code.decode("ascii", "replace")
            if b"</f></c>" in chunk or b":f></" in chunk or b"/></c>" in chunk:
                for letters, row in _NO_VALUE.findall(chunk):
                    marks.errors[int(row) - 1, _column(letters)] = "#VALUE?"
            if percent is not None:
                marks.percents.update((int(row) - 1, _column(letters)) for letters, row in percent.findall(chunk))
    return marks


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of the part in pieces that end at the end of a row. Raises Invalid where one never ends."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            if len(rest) > _LONGEST_ROW:
                raise damaged()
            end = rest.rfind(b"</row>")
            if end < 0:
                end = rest.rfind(b":row>")
            if end >= 0:
                yield rest[: end + 6]
                rest = rest[end + 6 :]
    yield rest


def _sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    relation = None
    for element in _xml(archive, "xl/workbook.xml").iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            relation = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
    if relation is None:
        return None
    for element in _xml(archive, "xl/_rels/workbook.xml.rels").iter():
        if element.get("Id") == relation:
            target = element.get("Target", "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in archive.namelist() else None
    return None


def _percent_pattern(archive: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """Matches cells whose style shows a number as percent; None where no style does."""
    if "xl/styles.xml" not in archive.namelist():
        return None
    root = _xml(archive, "xl/styles.xml")
    formats = set(_BUILT_IN_PERCENT)
    for element in root.iter():
        if element.tag.endswith("}numFmt") and "%" in _QUOTED.sub("", element.get("formatCode", "")):
            formats.add(element.get("numFmtId", ""))
    cells = next((element for element in root if element.tag.endswith("}cellXfs")), None)
    styles = [
        str(index) for index, style in enumerate(cells if cells is not None else ()) if style.get("numFmtId") in formats
    ]
    if not styles:
        return None
    return re.compile(_CELL + rb' s="(?:' + "|".join(styles).encode() + rb')"(?: t="n")?>')


def _xml(archive: zipfile.ZipFile, part: str) -> ElementTree.Element:
    try:
        data = archive.read(part)
    except KeyError:
        return ElementTree.Element("nothing")
    try:
        # Refuses what declares a type or entities, in whatever encoding it is written.
        return cast("ElementTree.Element", fromstring(data, forbid_dtd=True))
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise damaged() from error


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
