"""Stays as another system tells them: reading the visits of records, and replacing them as a whole.

The write path keeps visits in step with moves by itself; this is for histories that were made elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.process.tables import visits
from liaoran.schema.processes import Process
from liaoran.schema.snapshot import Object

INSTANT = sa.DateTime(timezone=True)
_RECORDS = sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid)))
_PROCESSES = sa.any_(sa.bindparam("processes", type_=pg.ARRAY(sa.Text)))
_READ = Statement(
    sa.select(
        *(visits.c[name] for name in ("record_id", "state", "entered_at", "entered_by", "entered_by_label", "amount"))
    )
    .where(visits.c.record_id == _RECORDS, visits.c.process == _PROCESSES)
    .order_by(visits.c.record_id, visits.c.ordinal)
)
_FORGET = Statement(sa.delete(visits).where(visits.c.record_id == _RECORDS, visits.c.process == _PROCESSES))
_ROW: dict[str, sa.types.TypeEngine[Any]] = {
    "process": sa.Text(),
    "process_version": sa.Integer(),
    "object": sa.Text(),
    "record_id": sa.Uuid(),
    "ordinal": sa.Integer(),
    "state": sa.Text(),
    "from_state": sa.Text(),
    "entered_at": INSTANT,
    "left_at": INSTANT,
    "entered_by": sa.Uuid(),
    "entered_by_label": sa.Text(),
    "amount": sa.Numeric(20, 4),
    "currency": sa.Text(),
}


@dataclass(frozen=True, slots=True)
class Stay:
    """An entry into a state: when, by whom (a person where known, and the label anyway), the amount then."""

    state: str
    at: datetime
    by: UUID | None = None
    by_label: str | None = None
    amount: Any = None
    currency: str | None = None


async def stays_of(tx: Transaction, owner: Object, field: str, records: Sequence[UUID]) -> dict[UUID, list[Stay]]:
    """The stays of the records in the Processes over the Field, in their order."""
    found: dict[UUID, list[Stay]] = {}
    if not records:
        return found
    params = {"records": list(records), "processes": _keys(owner, field)}
    for row in await tx.fetch_all(_READ, params):
        stay = Stay(row["state"], row["entered_at"], row["entered_by"], row["entered_by_label"], row["amount"])
        found.setdefault(row["record_id"], []).append(stay)
    return found


async def replace_stays(tx: Transaction, owner: Object, process: Process, stays: Mapping[UUID, Sequence[Stay]]) -> None:
    """Makes these the stays of the records, the last one still going on. The records themselves have to be in the
    last state already; the write path moves them there."""
    if not stays:
        return
    await tx.execute(_FORGET, {"records": list(stays), "processes": _keys(owner, process.field)})
    rows = [row for record, told in stays.items() for row in _rows(owner, process, record, told)]
    await tx.execute(_TELL, {"rows": orjson.dumps(rows, default=str).decode()})


def _rows(owner: Object, process: Process, record: UUID, told: Sequence[Stay]) -> list[dict[str, Any]]:
    following = [*told[1:], None]
    before = [None, *told[:-1]]
    return [
        {
            "process": process.key,
            "process_version": process.version,
            "object": owner.key,
            "record_id": record,
            "ordinal": place,
            "state": stay.state,
            "from_state": former.state if former is not None else None,
            "entered_at": stay.at,
            "left_at": later.at if later is not None else None,
            "entered_by": stay.by,
            "entered_by_label": stay.by_label,
            "amount": stay.amount,
            "currency": stay.currency,
        }
        for place, (stay, later, former) in enumerate(zip(told, following, before, strict=True), start=1)
    ]


def _keys(owner: Object, field: str) -> list[str]:
    return [one.key for one in owner.processes if one.field == field]


def _tell() -> Statement:
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text()), pg.JSON))
    parts: list[sa.ColumnClause[Any]] = [sa.column(name, kind) for name, kind in _ROW.items()]
    told = source.table_valued(*parts).render_derived("told", with_types=True)
    return Statement(sa.insert(visits).from_select(list(_ROW), sa.select(*(told.c[name] for name in _ROW))))


_TELL = _tell()
