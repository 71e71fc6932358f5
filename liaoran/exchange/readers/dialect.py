"""Which character separates the cells of a text file and how cells are quoted, by trying each on the first lines."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"^\ufeff?\"?sep=(.|\\t)\"?\s*$", re.IGNORECASE)
_TRIED_LINES = 400


@dataclass(frozen=True, slots=True)
class Dialect:
    """``escape`` is a backslash where quotes inside quoted cells are written ``\\"`` instead of doubled."""

    delimiter: str = ","
    quote: str = '"'
    escape: str | None = None

    def reader_options(self) -> dict[str, object]:
        """Keyword arguments for ``csv.reader`` in strict mode."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "escapechar": self.escape,
            "doublequote": self.escape is None,
            "skipinitialspace": True,
            "strict": True,
        }


def separator_line(line: str) -> str | None:
    """The delimiter named by a first line ``sep=;`` as spreadsheet programs write it, else None."""
    found = _SEPARATOR_LINE.match(line)
    return None if found is None else found[1].replace("\\t", "\t")


def detect_dialect(lines: Sequence[str], delimiter: str | None = None) -> Dialect:
    """The dialect under which the lines make the most regular table; a comma where nothing separates anything."""
    tried = list(lines[:_TRIED_LINES])
    delimiters = (delimiter,) if delimiter else DELIMITERS
    quote = _quote(tried, delimiters)
    best, best_score = Dialect(delimiter or ",", quote), 0.0
    for one in delimiters:
        for escape in (None, "\\") if any(f"\\{quote}" in line for line in tried) else (None,):
            score = _regularity(tried, Dialect(one, quote, escape))
            if score > best_score + 1e-9:
                best, best_score = Dialect(one, quote, escape), score
    return best


def _quote(lines: Sequence[str], delimiters: Sequence[str]) -> str:
    """The apostrophe only where cells are wrapped in it and none in double quotes."""
    text = "".join(lines)
    edge = "[" + re.escape("".join(delimiters)) + "\n\r]"
    double = len(re.findall(f'{edge}"|"{edge}', text))
    single = len(re.findall(f"{edge}'[^']*'(?={edge})", text))
    return "'" if single > 3 and double == 0 else '"'


def _regularity(lines: Sequence[str], dialect: Dialect) -> float:
    """0 where nothing is separated; grows with the share of equally wide rows, and a little with their width."""
    widths: Counter[int] = Counter()
    errors = 0
    reader = csv.reader(iter(lines), **dialect.reader_options())  # type: ignore[arg-type]
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            errors += 1
            continue
        if any(cell.strip() for cell in row):
            widths[len(row)] += 1
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    share = count / (sum(widths.values()) + errors)
    return share**3 * math.log2(1 + width)
