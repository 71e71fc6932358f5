"""The one way a cell is refused: a stable code and a sentence that quotes the value and says how to mend it."""

from __future__ import annotations

from liaoran.exchange.readers.table import Cell, cell_text
from liaoran.kernel.text import Text

_SHOWN = 80


class Unreadable(ValueError):
    """The cell does not hold what its column should hold. ``message`` already quotes the value."""

    def __init__(self, code: str, message: Text, cell: Cell) -> None:
        shown = cell_text(cell)
        shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
        self.code = code
        self.message = message.fill(value=shown)
        super().__init__(self.message.en)
