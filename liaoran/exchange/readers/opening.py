"""The one entry: open any file as a table, whatever its kind."""

from __future__ import annotations

from pathlib import Path

from liaoran.exchange.limits import DEFAULT_LIMITS, Limits
from liaoran.exchange.readers.delimited import open_delimited
from liaoran.exchange.readers.sniff import file_kind
from liaoran.exchange.readers.table import NoVocabulary, Reading, Table, Vocabulary
from liaoran.exchange.readers.workbook import open_workbook

_AUTOMATIC = Reading()
_NOTHING_KNOWN = NoVocabulary()


def open_table(
    path: Path,
    reading: Reading = _AUTOMATIC,
    vocabulary: Vocabulary = _NOTHING_KNOWN,
    limits: Limits = DEFAULT_LIMITS,
) -> Table:
    """Opens the file at ``path``. ``reading`` fixes what detection should not decide; ``vocabulary`` knows names of
    columns. Raises Invalid, with a sentence that says what to do, for every file that holds no table."""
    kind = file_kind(path, limits)
    if kind == "csv":
        return open_delimited(path, reading, vocabulary, limits)
    return open_workbook(path, kind, reading, vocabulary, limits)
