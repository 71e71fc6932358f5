"""One page of text as a PDF, written by hand: no font is embedded, since every reader of PDF has one for Chinese."""

from __future__ import annotations

from collections.abc import Sequence

_LEFT, _TOP, _TITLE, _SIZE, _LEADING = 56, 780, 17, 10.5, 19
_OBJECTS = (
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
    "{content}",
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
    "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/W[1 95 500]/FontDescriptor 7 0 R>>",
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 752"
    "/Descent -271/CapHeight 737/StemV 58>>",
)


def pdf_page(title: str, lines: Sequence[str]) -> bytes:
    """A4 with a title and lines of text; letters beyond the basic plane cannot be shown."""
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(_OBJECTS, start=1):
        places.append(len(written))
        text = body.replace("{content}", _content(title, lines))
        written += f"{number} 0 obj\n{text}\nendobj\n".encode("ascii")
    start = len(written)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    written += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}".encode("ascii")
    written += f"trailer\n<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(written)


def _content(title: str, lines: Sequence[str]) -> str:
    shown = "\n".join(f"{_shown(one)} Tj T*" for one in lines)
    body = (
        f"BT\n/F1 {_TITLE} Tf\n{_LEFT} {_TOP} Td\n{_shown(title)} Tj\n"
        f"/F1 {_SIZE} Tf\n{_LEADING} TL\n0 -{2 * _LEADING} Td\n{shown}\nET"
    )
    return f"<</Length {len(body)}>>\nstream\n{body}\nendstream"


def _shown(text: str) -> str:
    return f"<{text.encode('utf-16-be').hex()}>"
