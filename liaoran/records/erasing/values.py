"""What has to go: the values that personal Fields of a record hold or have held, and the forms they are written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.records.history import record_with_merged
from liaoran.records.tables import events
from liaoran.schema.snapshot import Field, Object

REPLACED = "▇▇▇"
"""What stands where a value stood."""
SHORTEST = 2
_TELLING = re.compile(r"[\d@]")
_MOBILE = re.compile(r"(\d{3})(\d{4})(\d{4})")


@dataclass(slots=True)
class PersonalValues:
    """Values by Field key. ``strong`` ones (numbers, addresses) mean one person wherever they stand; the others, such
    as names, may mean somebody else."""

    strong: set[str] = field(default_factory=set)
    weak: set[str] = field(default_factory=set)

    @property
    def all(self) -> list[str]:
        """Every value, the longest first, so that none is replaced in part."""
        return sorted(self.strong | self.weak, key=len, reverse=True)

    def add(self, value: Any) -> None:
        """Takes in a value as the database holds it."""
        if not isinstance(value, str) or len(value.strip()) < SHORTEST:
            return
        if len(value) >= 5 and _TELLING.search(value):
            self.strong.update(_forms(value))
        else:
            self.weak.add(value)


def personal_fields(one: Object) -> list[Field]:
    """The Fields that hold data about a person, retired ones included, computed ones not."""
    return [found for found in one.fields.values() if found.personal and not found.computed]


async def records_of(tx: Transaction, record: UUID) -> list[UUID]:
    """The record and all that were merged into it."""
    return await tx.fetch_column(_WITH_MERGED, {"record": record})


async def collect_values(tx: Transaction, one: Object, ids: Sequence[UUID], fields: Iterable[Field]) -> PersonalValues:
    """What the personal Fields of the records hold, and have held: rows, versions, Events."""
    found = PersonalValues()
    keys = [field.key for field in fields if field.kind is not None]
    for table in (one.table, one.versions_table):
        if table is None:
            continue
        columns = [sa.cast(table.c[key], sa.Text).label(key) for key in keys]
        statement = sa.select(*columns).where(table.c.id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))))
        for row in await tx.fetch_all(statement, {"ids": list(ids)}):
            _take(found, row)
    for row in await tx.fetch_all(_CHANGES, {"ids": list(ids)}):
        for key in keys:
            for side in row["changes"].get(key) or ():
                found.add(side)
        found.add(row["record_label"])
    return found


def _take(found: PersonalValues, row: Mapping[str, Any]) -> None:
    for value in row.values():
        found.add(value)


def _forms(value: str) -> set[str]:
    """The value, and a Chinese mobile number as people write it."""
    forms = {value}
    parts = _MOBILE.fullmatch(value)
    if parts:
        forms |= {" ".join(parts.groups()), "-".join(parts.groups())}
    return forms


_WITH_MERGED = Statement(record_with_merged(sa.bindparam("record", type_=sa.Uuid)))
_CHANGES = Statement(
    sa.select(events.c.changes, events.c.record_label).where(
        events.c.record_id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))
    )
)
