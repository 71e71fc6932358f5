"""Which encoding a text file is in: UTF-8 and UTF-16 by their rules, Chinese GB18030 by its byte pairs, then others.

The whole file is read once as bytes, so that a wrong byte in the last line is found before anything is imported.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import charset_normalizer

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = ["big5", "shift_jis", "euc_kr", "cp1252", "cp1251", "cp1250", "latin_1"]
_MIXED_SHARE = 0.5
"""At least this share of the lines with special characters must fit the main encoding to call a file mixed."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """``name`` as Python's codecs know it, ``mixed`` when some lines do not fit it, ``lines`` of the whole file."""

    name: str
    mixed: bool
    lines: int


def detect_encoding(path: Path, named: str | None = None) -> Encoding:
    """The encoding of the file; ``named`` is taken as it is, and lines that do not fit it count as mixed.

    Raises Invalid for an encoding name that does not exist.
    """
    if named is not None:
        name = _codec(named)
        return Encoding(name, not _decodes(path, name), _count_lines(path))
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    lines = _count_lines(path)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name, not _decodes(path, name), lines)
    wide = _utf16_without_mark(head)
    if wide and _decodes(path, wide):
        return Encoding(wide, False, lines)
    if _decodes(path, "utf-8"):
        return Encoding("utf-8", False, lines)
    special = _special_lines(path)
    share = _share_decoding(special, "utf-8")
    if share >= _MIXED_SHARE:
        return Encoding("utf-8", True, lines)
    name = _legacy(b"\n".join(special))
    return Encoding(name, not _decodes(path, name), lines)


def other_reading(raw: bytes, main: str) -> tuple[str, str]:
    """For a line that does not fit ``main``: the encoding it most likely is in, and the text read that way."""
    candidates = [name for name in ("utf-8", _legacy(raw)) if name != main.removesuffix("-sig")]
    for name in (*candidates, "latin_1"):
        try:
            return name, raw.decode(name)
        except UnicodeDecodeError:
            continue
    raise AssertionError("latin_1 reads any bytes")


def _codec(named: str) -> str:
    try:
        name = codecs.lookup(named).name
    except LookupError as error:
        raise Invalid(
            Text("没有名为“{name}”的编码", "there is no encoding “{name}”").fill(name=named), code="unknown_encoding"
        ) from error
    if not getattr(codecs.lookup(name), "_is_text_encoding", True):
        raise Invalid(
            Text("“{name}”不是文字编码", "“{name}” is not a text encoding").fill(name=named), code="unknown_encoding"
        )
    return {"gbk": "gb18030", "gb2312": "gb18030", "utf-8": "utf-8-sig", "ascii": "utf-8"}.get(name, name)


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _count_lines(path: Path) -> int:
    count, last = 0, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            count += max(chunk.count(b"\n"), chunk.count(b"\r"))
            last = chunk[-2:]
    return count + (0 if last.strip(b"\0").endswith((b"\n", b"\r")) else 1)


def _utf16_without_mark(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 40 < len(head) or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _special_lines(path: Path, wanted: int = 2_000) -> list[bytes]:
    """The first lines that hold bytes beyond ASCII."""
    found: list[bytes] = []
    with path.open("rb") as stream:
        for line in stream:
            if not line.isascii():
                found.append(line[:4096])
                if len(found) == wanted:
                    break
    return found


def _share_decoding(lines: list[bytes], name: str) -> float:
    if not lines:
        return 0.0
    good = 0
    for line in lines:
        try:
            line.decode(name)
        except UnicodeDecodeError as error:
            # A line cut at 4096 bytes may end in the middle of a character.
            good += error.reason == "unexpected end of data" and error.start > 4000
        else:
            good += 1
    return good / len(lines)


def _legacy(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not Unicode."""
    if (paired := _double_byte(sample)) is not None:
        return paired
    western = _western(sample)
    if _high_bytes_stand_alone(sample):
        return western
    best = charset_normalizer.from_bytes(sample[:_SAMPLE], cp_isolation=_OTHERS).best()
    return western if best is None or best.encoding in ("latin_1", "cp1252") else best.encoding


def _western(sample: bytes) -> str:
    try:
        sample.decode("cp1252")
    except UnicodeDecodeError:
        return "latin_1"
    return "cp1252"


def _high_bytes_stand_alone(sample: bytes) -> bool:
    """Western European words have single accented letters among ASCII ones; other scripts have runs of high bytes."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    return sum(1 for length in runs if length == 1) * 4 >= len(runs) * 3


def _double_byte(sample: bytes) -> str | None:
    """Chinese GB2312/GBK/GB18030, or Korean or Japanese in the same byte ranges: high bytes in pairs, nearly all in the
    common part of the table. None where the bytes are not like that."""
    firsts: Counter[int] = Counter()
    pairs = common = alone = index = 0
    end = len(sample)
    while index < end:
        first = sample[index]
        if first < 0x80:
            index += 1
            continue
        second = sample[index + 1] if index + 1 < end else 0
        if 0x81 <= first <= 0xFE and (0x40 <= second <= 0xFE and second != 0x7F):
            pairs += 1
            firsts[first] += 1
            common += second >= 0xA1 and (0xA1 <= first <= 0xA9 or 0xB0 <= first <= 0xD7)
            index += 2
        elif 0x81 <= first <= 0xFE and 0x30 <= second <= 0x39 and index + 3 < end:
            index += 4
        else:
            alone += 1
            index += 1
    if not pairs or common < 0.8 * pairs or alone * 20 > pairs:
        return None
    return _script(firsts)


def _script(firsts: Counter[int]) -> str:
    """Korean syllables all start in B0-C8, Japanese is full of kana (A4, A5); Chinese spreads over B0-D7."""
    letters = sum(count for byte, count in firsts.items() if byte >= 0xB0)
    kana = firsts[0xA4] + firsts[0xA5]
    if kana * 3 > letters + kana:
        return "euc_jp"
    if letters >= 10 and not any(byte > 0xC8 for byte in firsts):
        return "euc_kr"
    return "gb18030"
