"""What a file is, by its content: its name and extension are never trusted."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from liaoran.exchange.limits import Limits
from liaoran.exchange.readers.archive import TooManyParts, open_archive
from liaoran.exchange.readers.table import FileKind
from liaoran.exchange.readers.workbook_scan import zip_bomb
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF-", Text("PDF 文档", "a PDF document")),
    (b"\x89PNG", Text("PNG 图片", "a PNG image")),
    (b"\xff\xd8\xff", Text("JPEG 图片", "a JPEG image")),
    (b"GIF8", Text("GIF 图片", "a GIF image")),
    (b"\x1f\x8b", Text("gzip 压缩文件", "a gzip archive")),
    (b"7z\xbc\xaf\x27\x1c", Text("7z 压缩文件", "a 7z archive")),
    (b"Rar!", Text("RAR 压缩文件", "a RAR archive")),
    (b"\x7fELF", Text("程序文件", "a program")),
    (b"MZ\x90\x00", Text("程序文件", "a program")),
    (b"SQLite format 3", Text("SQLite 数据库", "an SQLite database")),
    (b"{\\rtf", Text("RTF 文档", "an RTF document")),
)
_MARKUP: tuple[tuple[tuple[bytes, ...], Text], ...] = (
    ((b"<!doctype html", b"<html"), Text("网页（HTML）", "a web page (HTML)")),
    ((b"<?xml",), Text("XML 文件", "an XML file")),
)
_JSON = re.compile(rb'^(\[\s*[\[{"]|\[\s*\]|\{\s*("[^"]*"\s*:|\}))')
_HOW = Text(
    "请在原系统或表格软件中另存为 CSV 或 XLSX 后再导入",
    "save it as CSV or XLSX in the program it comes from, then import that",
)


def file_kind(path: Path, limits: Limits) -> FileKind:
    """The kind of file at ``path``. Raises Invalid for an empty file, a wrong type or one beyond the limits."""
    size = path.stat().st_size
    if size == 0:
        raise Invalid(Text("文件是空的，没有任何内容", "the file is empty"), code="empty_file")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        _check_size(size, limits.workbook_bytes)
        return _zip_kind(path)
    if head.startswith(_OLE):
        _check_size(size, limits.workbook_bytes)
        return "xls"
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            raise _wrong_type(name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for starts, name in _MARKUP:
        if start.startswith(starts):
            raise _wrong_type(name)
    if _JSON.match(start):
        raise _wrong_type(Text("JSON 文件", "a JSON file"))
    _check_size(size, limits.file_bytes)
    if _looks_binary(head):
        raise _wrong_type(Text("二进制文件", "a binary file"))
    return "csv"


def too_large(size: int, limit: int) -> Invalid:
    """The refusal of a file of ``size`` bytes (or more, where it is still arriving) against ``limit`` bytes."""
    return Invalid(
        Text(
            "文件太大：{size} MB，最多 {limit} MB；请分成几个文件导入",
            "the file is too large: {size} MB, at most {limit} MB; split it into several files",
        ).fill(size=size // 1_048_576, limit=limit // 1_048_576),
        code="file_too_large",
        extra={"size": size, "limit": limit},
    )


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise too_large(size, limit)


def _zip_kind(path: Path) -> FileKind:
    try:
        with open_archive(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.bin" in names:
                return "xlsb"
            if any(name.endswith("xl/workbook.xml") for name in names) or "xl/_rels/workbook.xml.rels" in names:
                return "xlsx"
            if "mimetype" in names and b"opendocument.spreadsheet" in _start_of(archive, "mimetype"):
                return "ods"
    except TooManyParts as error:
        raise zip_bomb() from error
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise Invalid(
            Text(
                "工作簿文件已损坏，无法打开；请重新导出或另存一次",
                "the workbook is damaged and cannot be opened; export or save it again",
            ),
            code="damaged_file",
        ) from error
    if "word/document.xml" in names:
        raise _wrong_type(Text("Word 文档", "a Word document"))
    raise _wrong_type(Text("ZIP 压缩文件", "a ZIP archive"))


def _start_of(archive: zipfile.ZipFile, part: str) -> bytes:
    """The first bytes; the whole might unpack to anything."""
    with archive.open(part) as stream:
        return stream.read(200)


def _looks_binary(head: bytes) -> bool:
    """Control bytes that no text has; UTF-16 text has NUL bytes in every other place and is not binary."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    if zeros_even + zeros_odd:
        one_sided = min(zeros_even, zeros_odd) * 10 <= max(zeros_even, zeros_odd)
        return not (one_sided and max(zeros_even, zeros_odd) * 40 >= len(head))
    controls = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\v\f\r\x1a\x1b")
    return controls * 100 > len(head)


def _wrong_type(name: Text) -> Invalid:
    return Invalid(
        Text("这不是表格文件，而是{name}；{how}", "this is not a table but {name}; {how}").fill(name=name, how=_HOW),
        code="wrong_file_type",
    )
