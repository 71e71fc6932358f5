"""What a file is, told by its content: neither its name nor what the sender says decides.

The first bytes are looked at and nothing is opened: an archive that would unpack to a terabyte is an archive here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

import filetype

from liaoran.kernel.errors import Refused
from liaoran.kernel.text import Text

HEAD = 64 * 1024
"""So many bytes from the start decide."""
PDF = "application/pdf"
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"})
"""Images that every browser shows and that can hold no script."""
PLAIN_TEXT = "text/plain"
UNKNOWN = "application/octet-stream"
_OLE = "application/x-ole-storage"
_ZIP = "application/zip"
_OFFICE = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "vsd": "application/vnd.visio",
    "wps": "application/vnd.ms-works",
    "et": "application/vnd.ms-excel",
    "dps": "application/vnd.ms-powerpoint",
}
_PARTS_OF_ZIP = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
)
_ZIP_NAME = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
"""The class id of Windows Installer packages, which are OLE files like old office documents."""
_PROGRAM_SIGNATURES = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\x4c\x00\x00\x00\x01\x14\x02\x00",
)
"""Windows, Linux, macOS and Android programs, Java classes, Windows shortcuts."""
_PROGRAM_ENDINGS = frozenset(
    re.findall(
        r"\w+",
        "apk app appx bat cmd com cpl dll exe gadget hta inf jar js jse lnk msc msi msp mst pif ps1 psm1 reg scf scr sh "
        "sys url vb vbe vbs ws wsc wsf wsh",
    )
)
"""Scripts are text like any other; on the reader's machine the ending decides whether a click runs them."""
_NO_TEXT = re.compile(rb"[\x00-\x07\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""Control characters that no text holds."""
_NO_PROGRAMS = Text(
    "“{name}”是程序或脚本，不能作为附件；如确有需要，请打包加密后上传或由管理员放开设置",
    "“{name}” is a program or script and cannot be kept here; pack it with a password, or ask the administrator to "
    "allow programs",
)
_OTHER_TYPE = Text(
    "“{name}”的类型 {found} 不允许上传，可以上传：{allowed}",
    "“{name}” is of the type {found}, which may not be uploaded; allowed: {allowed}",
)


def sniff(head: bytes, name: str) -> str:
    """The media type of a file with this beginning. The name helps only to tell apart old office documents, which
    begin alike."""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(_OLE_SIGNATURE):
        return "application/x-msi" if _INSTALLER in head else _OFFICE.get(ending_of(name), _OLE)
    if is_program(head):
        return "application/x-executable"
    if is_text(head):
        return "application/rtf" if head.startswith(b"{\\rtf") else PLAIN_TEXT
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(head)
    found = filetype.guess(head)
    return str(found.mime) if found is not None else UNKNOWN


def is_text(head: bytes) -> bool:
    """Whether the beginning is text: no control characters, and UTF-8, UTF-16 with its mark, or GB 18030."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(head[: len(head) // 2 * 2], "utf-16")
    if _NO_TEXT.search(head):
        return False
    return _decodes(head, "utf-8") or _decodes(head, "gb18030")


def is_program(head: bytes) -> bool:
    """Whether the beginning is that of a program, or of a script that names its interpreter."""
    if head.startswith(b"#!"):
        return True
    return head.startswith(_PROGRAM_SIGNATURES) and not is_text(head)


def ending_of(name: str) -> str:
    """The part of a file name after its last dot, in lower case; empty where there is none. Blanks and dots at the end
    are left out, as Windows does."""
    _, dot, ending = name.rstrip(". ").rpartition(".")
    return ending.lower() if dot else ""


def admit(head: bytes, name: str, *, allowed: Sequence[str], programs: bool) -> str:
    """The media type of a file that may be kept. ``allowed`` are patterns such as ``image/*``; none means all.

    Raises Refused for programs where they may not be kept, and for types that are not allowed.
    """
    found = sniff(head, name)
    runs = is_program(head) or found in ("application/x-msi", "application/java-archive", _PARTS_OF_ZIP[-1][1])
    if not programs and (runs or ending_of(name) in _PROGRAM_ENDINGS):
        raise Refused(_NO_PROGRAMS.fill(name=name), code="program_refused")
    if allowed and not any(fnmatchcase(found, pattern) for pattern in allowed):
        message = _OTHER_TYPE.fill(name=name, found=found, allowed=", ".join(allowed))
        raise Refused(message, code="file_type_refused", extra={"found": found, "allowed": list(allowed)})
    return found


def preview_of(media_type: str) -> str | None:
    """``image`` or ``pdf`` where a browser may show the file within a page, else None."""
    if media_type in IMAGES:
        return "image"
    return "pdf" if media_type == PDF else None


def _kind_of_zip(head: bytes) -> str:
    """By the names of the first entries, and by the entry in which open formats tell what they are."""
    if head[30:38] == b"mimetype" and (told := re.match(rb"application/[\w.+-]+", head[38:140])):
        # what follows the type is the next entry, which begins with PK
        return told[0].decode().removesuffix("PK")
    for match in _ZIP_NAME.finditer(head):
        name = head[match.end() : match.end() + int.from_bytes(match[1], "little")]
        for part, kind in _PARTS_OF_ZIP:
            if name.startswith(part):
                return kind
    return _ZIP


def _decodes(head: bytes, encoding: str) -> bool:
    """Whether the bytes are text of the encoding; the last character may be cut off."""
    try:
        head.decode(encoding)
    except UnicodeDecodeError as error:
        return len(head) - error.start < 4 and len(head) >= HEAD
    return True
