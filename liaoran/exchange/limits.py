"""How large a file may be. Everything is counted while it is read, never believed from a header or a file name."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file.

    ``file_bytes`` for text files, ``workbook_bytes`` for workbooks (which are read as a whole), ``unpacked_bytes`` for
    the sum of what a zipped workbook unpacks to, ``unpacked_ratio`` for a single large part of it, ``columns`` and
    ``cell_characters`` for the table, ``reader_memory`` for the process that reads a workbook (bytes),
    ``analysed_rows`` for how many rows the analysis looks at.
    """

    file_bytes: int = 1024 * MEBIBYTE
    workbook_bytes: int = 200 * MEBIBYTE
    unpacked_bytes: int = 1536 * MEBIBYTE
    unpacked_ratio: int = 300
    columns: int = 500
    cell_characters: int = 131_072
    reader_memory: int = 3072 * MEBIBYTE
    analysed_rows: int = 200_000


DEFAULT_LIMITS = Limits()
