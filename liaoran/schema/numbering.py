"""Automatic numbers: given out by a PostgreSQL sequence, many at once, never twice."""

from __future__ import annotations

from datetime import date

from liaoran.infra.transaction import Transaction
from liaoran.schema.field_types.autonumber import AUTONUMBER
from liaoran.schema.indexes import sequence_name
from liaoran.schema.snapshot import Field

_NEXT = "SELECT nextval(:sequence::regclass) FROM generate_series(1, :count)"


async def next_numbers(tx: Transaction, one: Field, count: int, day: date) -> list[str]:
    """The next ``count`` numbers of an automatic number Field as text, with ``day`` filled into their format.

    Numbers taken in a transaction that rolls back stay unused.
    """
    if count <= 0:
        return []
    sequence = f'"{tx.schema}"."{sequence_name(one)}"'
    numbers = await tx.fetch_column(_NEXT, {"sequence": sequence, "count": count})
    return [AUTONUMBER.number_text(number, day, one) for number in numbers]
