"""The index of search words during mass writing.

New words wait in a list of the index until PostgreSQL merges them into it, many at once. Merging twice as many costs
much less than twice, but searches read the list from its beginning to its end. So whoever writes many records lets the
words wait, and merges them beside the writing, often enough that searches do not notice.
"""

from __future__ import annotations

from liaoran.infra.statements import quote
from liaoran.infra.transaction import Transaction
from liaoran.schema.indexes import words_index
from liaoran.schema.snapshot import Object

MERGED_ROWS = 8_000
"""After so many rows the words are merged: some 8 MB, which a search reads in about two milliseconds."""
_LEAVE = "SET LOCAL gin_pending_list_limit = '64MB'"
_MERGE = "SELECT gin_clean_pending_list(:index::regclass)"


async def leave_words_pending(tx: Transaction) -> None:
    """Keeps the writes of this transaction from merging; the caller sees to it that ``merge_words`` follows."""
    await tx.execute(_LEAVE)


async def merge_words(tx: Transaction, one: Object) -> None:
    """Merges the words of the Object that wait."""
    await tx.fetch_value(_MERGE, {"index": f"{quote(tx.schema)}.{quote(words_index(one).name)}"})
