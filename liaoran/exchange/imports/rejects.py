"""The file of rejected rows: the original columns, then the line and the reason. CSV in UTF-8 with a mark, so that
spreadsheet programs show it rightly; corrected, it can be imported as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from liaoran.exchange.harmless import harmless
from liaoran.exchange.readers.table import Cell, cell_text
from liaoran.kernel.text import Language, Text

LINE_COLUMN = Text("导入行号", "Import line")
REASON_COLUMN = Text("拒绝原因", "Rejected because")
_MARK = "\ufeff"


class RejectsFile:
    """Appends rows to the file at ``path``. ``keep`` bytes of an interrupted run stay, what came after is cut off."""

    def __init__(self, path: Path, columns: Sequence[str], language: Language, keep: int = 0) -> None:
        self.path = path
        self._width = len(columns)
        self._language = language
        self._pending: list[list[str]] = []
        path.parent.mkdir(parents=True, exist_ok=True)
        self.bytes = 0
        self.back_to(keep)
        self._header = [*columns, LINE_COLUMN.read(language), REASON_COLUMN.read(language)]

    def add(self, line: int, cells: Sequence[Cell], reasons: Sequence[Text]) -> None:
        """Notes one rejected row; it is written with ``flush``."""
        texts = [cell_text(cell) for cell in cells[: self._width]]
        if len(cells) > self._width:
            texts[-1] = " ".join([texts[-1], *(cell_text(cell) for cell in cells[self._width :])])
        texts.extend("" for _ in range(self._width - len(texts)))
        reason = "；".join(dict.fromkeys(one.read(self._language) for one in reasons))
        # Whoever opens the file to mend it must not run what somebody else wrote into it.
        self._pending.append([harmless(text) for text in (*texts, str(line), reason)])

    def flush(self) -> int:
        """Writes what was noted; gives the size of the file now."""
        if self._pending:
            buffer = io.StringIO()
            writer = csv.writer(buffer)
            if self.bytes == 0:
                buffer.write(_MARK)
                writer.writerow([harmless(name) for name in self._header])
            writer.writerows(self._pending)
            data = buffer.getvalue().encode("utf-8", "replace")
            with self.path.open("ab") as stream:
                stream.write(data)
            self.bytes += len(data)
            self._pending.clear()
        return self.bytes

    def back_to(self, size: int) -> None:
        """Cuts the file back to ``size`` bytes and forgets what was noted since (its chunk was rolled back)."""
        self._pending.clear()
        with self.path.open("ab") as stream:
            stream.truncate(size)
        self.bytes = size
