"""Maintained totals: records and amounts per Process, state, owner, department and currency.

Boards read their counts and sums here instead of counting. They move by deltas within the transaction of the write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.process.moves import Track
from liaoran.process.visits import currency_of

OWNER, DEPARTMENT = "owner", "department"
NOBODY = str(UUID(int=0))
Key = tuple[str, str, str, str, str]
_ZERO = Decimal(0)
_WAS_LIVE = frozenset({EventKind.UPDATED, EventKind.DELETED, EventKind.MERGED})
_IS_LIVE = frozenset({EventKind.CREATED, EventKind.UPDATED, EventKind.RESTORED})


def totals_delta(track: Track, candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """By how much each total moves with this batch, as JSON rows for ``upkeep``, in the order in which they are to be
    locked. Totals that stay as they are are left out."""
    counts: dict[Key, int] = {}
    sums: dict[Key, Decimal] = {}
    for one in candidates:
        before = _place(track, one.old) if one.old is not None and one.kind in _WAS_LIVE else None
        after = _place(track, one.new) if one.kind in _IS_LIVE else None
        if before == after:
            continue
        for place, sign in ((before, -1), (after, 1)):
            if place is not None:
                key, amount = place
                counts[key] = counts.get(key, 0) + sign
                sums[key] = sums.get(key, _ZERO) + sign * amount
    names = ("process", "state", "owner", "department", "currency")
    return [
        {**dict(zip(names, key, strict=True)), "count": counts[key], "sum": str(sums[key])}
        for key in sorted(counts)
        if counts[key] or sums[key]
    ]


def _place(track: Track, values: Mapping[str, Any]) -> tuple[Key, Decimal] | None:
    process, state = track.followed_by(values), values.get(track.field)
    if process is None or state is None:
        return None
    amount = values.get(process.sum_field) if process.sum_field else None
    key = (
        process.key,
        state,
        values.get(OWNER) or NOBODY,
        values.get(DEPARTMENT) or NOBODY,
        currency_of(track.owner, process, values) or "",
    )
    return key, _ZERO if amount is None else Decimal(str(amount))
