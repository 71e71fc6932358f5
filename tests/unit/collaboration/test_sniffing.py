from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.collaboration.files.sniffing import HEAD, UNKNOWN, admit, ending_of, is_text, preview_of, sniff
from liaoran.kernel.errors import Refused

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\1" * 20
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PNG, "合同.pdf", "image/png"),
        (JPEG, "a", "image/jpeg"),
        (b"GIF89a" + b"\0" * 20, "a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 20, "a", "image/webp"),
        (PDF, "照片.png", "application/pdf"),
        (zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "a.zip", WORD),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "a", EXCEL),
        (zipped("a.txt"), "a.docx", "application/zip"),
        (OLE, "报价.XLS", "application/vnd.ms-excel"),
        (OLE, "报价.wps", "application/vnd.ms-works"),
        (OLE, "a.bin", "application/x-ole-storage"),
        (b"{\\rtf1\\ansi}", "a.doc", "application/rtf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "a.svg", "text/plain"),
        (b"<!doctype html><script>alert(1)</script>", "a.png", "text/plain"),
        ("会议纪要：预算已批".encode(), "a", "text/plain"),
        ("会议纪要：预算已批".encode("gb18030"), "a", "text/plain"),
        ("会议纪要".encode("utf-16"), "a", "text/plain"),
        (b"MZ is how this text begins", "a.txt", "text/plain"),
        (b"BM, a letter", "a.txt", "text/plain"),
        (b"\0\1\2\3" * 50, "a.pdf", UNKNOWN),
    ],
)
def test_content_decides(content: bytes, name: str, kind: str) -> None:
    assert sniff(content[:HEAD], name) == kind


def test_a_character_cut_off_at_the_end_of_the_beginning_is_no_reason() -> None:
    content = ("纪要" * HEAD).encode()
    for cut in range(4):
        assert sniff(content[cut * 3 : cut * 3 + HEAD], "a") == "text/plain"
    assert not is_text("纪".encode()[:2] + b"\xff")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\0\3\0\0\0", "报价.pdf"),
        (b"\x7fELF\2\1\1\0", "a"),
        (b"\xca\xfe\xba\xbe\0\0\0\2", "a"),
        (b"\xcf\xfa\xed\xfe\7\0\0\1", "a"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt"),
        (b"\x4c\0\0\0\1\x14\2\0", "a"),
        (zipped("META-INF/MANIFEST.MF"), "a.zip"),
        (OLE + bytes.fromhex("84100c0000000000c000000000000046"), "a.doc"),
        (b"WScript.Echo 1", "invoice.VBS"),
        (b"@echo off", "a.bat . "),
        (PNG, "cat.png.exe"),
    ],
)
def test_programs_are_refused_unless_the_settings_allow_them(content: bytes, name: str) -> None:
    with pytest.raises(Refused) as caught:
        admit(content, name, allowed=[], programs=False)
    assert caught.value.code == "program_refused"
    assert name in caught.value.message.zh
    assert admit(content, name, allowed=[], programs=True)


def test_only_types_that_the_settings_name_are_taken() -> None:
    allowed = ["image/*", "application/pdf"]
    assert admit(PNG, "a", allowed=allowed, programs=False) == "image/png"
    assert admit(PDF, "a", allowed=allowed, programs=False) == "application/pdf"
    with pytest.raises(Refused) as caught:
        admit(b"text", "a.png", allowed=allowed, programs=False)
    assert caught.value.code == "file_type_refused"
    assert caught.value.extra == {"found": "text/plain", "allowed": allowed}


@pytest.mark.parametrize(("name", "ending"), [("a.PDF", "pdf"), ("a", ""), ("a.exe. ", "exe"), (".bashrc", "bashrc")])
def test_endings(name: str, ending: str) -> None:
    assert ending_of(name) == ending


def test_only_images_and_pdf_are_shown_in_a_page() -> None:
    assert (preview_of("image/png"), preview_of("application/pdf")) == ("image", "pdf")
    for kind in ("image/svg+xml", "text/html", "text/plain", "image/heic", WORD, UNKNOWN):
        assert preview_of(kind) is None


@given(st.binary(min_size=1, max_size=300), st.text(max_size=20))
def test_anything_is_something(content: bytes, name: str) -> None:
    assert "/" in sniff(content, name)
