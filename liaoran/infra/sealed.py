"""Where the database holds sealed values, so that all of them can be sealed anew with the newest key.

Whoever seals declares the column with ``register_sealed`` beside the purpose; a test finds who forgets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from liaoran.infra.errors import Unavailable
from liaoran.infra.secrets import Secrets
from liaoran.infra.transaction import Transaction

Purpose = Callable[[Mapping[str, Any]], str]
BATCH = 500
"""Most values that are written by one statement."""
_PLACES: dict[str, SealedColumn] = {}


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of sealed values (NULL where there is none); ``purpose`` tells from a row what its value was sealed
    for."""

    holder: sa.Table
    column: str
    purpose: Purpose

    @property
    def name(self) -> str:
        """``table.column``."""
        return f"{self.holder.name}.{self.column}"


@dataclass(slots=True)
class Resealed:
    """How many values were sealed anew, were sealed with the newest key already, and could not be opened."""

    resealed: int = 0
    current: int = 0
    unreadable: int = 0


def register_sealed(table: sa.Table, column: str, purpose: Purpose) -> None:
    """Declares a column of sealed values. May be repeated."""
    place = SealedColumn(table, column, purpose)
    _PLACES[place.name] = place


def sealed_columns() -> tuple[str, ...]:
    """All that are declared, as ``table.column``."""
    return tuple(sorted(_PLACES))


async def reseal_all(tx: Transaction, secrets: Secrets) -> dict[str, Resealed]:
    """Seals every sealed value of the organisation with the newest key, by column; what is sealed with it already stays.

    A value that opens with none of the keys stays as it is and is counted. Raises Unavailable where there is no key.
    """
    secrets.prepare()
    await tx.lock("reseal")
    return {name: await _reseal(tx, secrets, _PLACES[name]) for name in sealed_columns()}


async def _reseal(tx: Transaction, secrets: Secrets, place: SealedColumn) -> Resealed:
    table, column, done = place.holder, place.holder.c[place.column], Resealed()
    keys = list(table.primary_key.columns)
    write = sa.update(table).where(*(key == sa.bindparam(f"is_{key.name}") for key in keys))
    rows = await tx.fetch_all(sa.select(table).where(column.is_not(None)).order_by(*keys).with_for_update())
    fresh = []
    for row in rows:
        sealed, purpose = bytes(row[column.name]), place.purpose(row)
        if secrets.is_newest(sealed):
            done.current += 1
            continue
        try:
            value = secrets.seal(secrets.open_sealed(sealed, purpose), purpose)
        except Unavailable:
            done.unreadable += 1
            continue
        fresh.append({**{f"is_{key.name}": row[key.name] for key in keys}, "sealed": value})
    for start in range(0, len(fresh), BATCH):
        await tx.execute(write.values({column: sa.bindparam("sealed")}), fresh[start : start + BATCH])
    done.resealed = len(fresh)
    return done
