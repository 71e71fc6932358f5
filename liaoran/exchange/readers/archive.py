"""Opening the zip of a workbook so that not even its table of contents can fill the memory."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LARGEST_CONTENTS = 4 * 1024 * 1024
"""Of the table of contents in bytes; a workbook has some dozens of parts, of which each takes about a hundred."""


class TooManyParts(Exception):
    """The archive has a table of contents that no workbook has."""


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, opened. Raises TooManyParts, and what ``zipfile`` raises for archives that are none."""
    with _Careful(io.FileIO(path)) as stream, zipfile.ZipFile(stream) as archive:
        stream.is_opening = False
        yield archive


class _Careful(io.BufferedReader):
    """A file that gives no more than the largest table of contents at once while an archive is being opened, whatever
    the archive says of itself."""

    is_opening = True

    def read(self, size: int | None = -1, /) -> bytes:
        """Reads on."""
        if self.is_opening:
            wanted = os.fstat(self.fileno()).st_size - self.tell() if size is None or size < 0 else size
            if wanted > LARGEST_CONTENTS:
                raise TooManyParts
        return super().read(size)
