"""Cutting the changes of a call into batches that can each be written set-based."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.records.changes import Change

LARGE = 200
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


class _Large:
    """How many large batches are at work: the collector comes back with the end of the last one."""

    count = 0


@contextmanager
def uncollected(size: int) -> Iterator[None]:
    """Keeps the cyclic garbage collector out of a large batch: tens of thousands of live small objects make it look
    through all of them again and again, for a third of the time, and there is nothing to find."""
    if size < LARGE or not (_Large.count or gc.isenabled()):
        yield
        return
    gc.disable()
    _Large.count += 1
    try:
        yield
    finally:
        _Large.count -= 1
        if not _Large.count:
            gc.enable()


ONE = sa.bindparam("record", type_=sa.Uuid)
SEVERAL = sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))
"""What a statement about records names them by. One record is asked for by itself, because of a list PostgreSQL does
not know that it is short: it would plan the statement anew each time, for longer than it runs."""


def asked_for(ids: Sequence[UUID]) -> dict[str, Any]:
    """The values of ``ONE`` or ``SEVERAL``."""
    return {ONE.key: ids[0]} if len(ids) == 1 else {SEVERAL.key: list(ids)}


def named_ids(batch: Sequence[tuple[int, Change]]) -> list[UUID]:
    """The records that the changes name: to be there already, or, at create, not to be there yet."""
    return [change.id for _, change in batch if change.id is not None]
