"""Cutting the changes of a call into batches that can each be written set-based."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from liaoran.records.changes import Change, Create

LIMIT = 2000
"""Changes per statement: large enough that statements cost nothing per row, small enough to stay in memory."""


def in_batches(changes: Sequence[Change]) -> Iterator[tuple[str, list[tuple[int, Change]]]]:
    """``(object key, [(position, change)])`` in the order of the call: changes of one Object, each record once.

    A second change of the same record starts a new batch, so that it meets what the first one left.
    """
    batch: list[tuple[int, Change]] = []
    members: set[UUID] = set()
    for position, change in enumerate(changes):
        record = change.id
        full = len(batch) >= LIMIT or (record is not None and record in members)
        if batch and (full or change.object != batch[0][1].object):
            yield batch[0][1].object, batch
            batch, members = [], set()
        batch.append((position, change))
        if record is not None:
            members.add(record)
    if batch:
        yield batch[0][1].object, batch


def asked_verbs(batch: Sequence[tuple[int, Change]]) -> set[type[Change]]:
    """The kinds of change in a batch."""
    return {type(change) for _, change in batch}


def existing_ids(batch: Sequence[tuple[int, Change]]) -> list[UUID]:
    """The records that must be there already."""
    return [change.id for _, change in batch if not isinstance(change, Create)]
