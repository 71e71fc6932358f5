"""The one statement that brings visits and totals in step with a batch that has just been written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.process.tables import state_totals, visits

INSTANT = sa.DateTime(timezone=True)
_TOTALS_KEY = ("process", "state", "owner", "department", "currency")
_ENTRY = {
    "record": sa.Uuid(),
    "process": sa.Text(),
    "process_version": sa.Integer(),
    "state": sa.Text(),
    "from_state": sa.Text(),
    "at": INSTANT,
    "by": sa.Uuid(),
    "by_label": sa.Text(),
    "amount": sa.Numeric(20, 4),
    "currency": sa.Text(),
    "processes": pg.ARRAY(sa.Text()),
}
_DELTA = {
    "process": sa.Text(),
    "state": sa.Text(),
    "owner": sa.Uuid(),
    "department": sa.Uuid(),
    "currency": sa.Text(),
    "count": sa.BigInteger(),
    "sum": sa.Numeric(24, 4),
}


async def keep_up(
    tx: Transaction, object_key: str, entries: Sequence[dict[str, Any]], deltas: Sequence[dict[str, Any]]
) -> None:
    """Ends and begins stays (``visits_delta``), moves totals (``totals_delta``)."""
    if not entries and not deltas:
        return
    statement = _CREATED if all(one["fresh"] for one in entries) else _MOVED
    if not entries:
        statement = _TOTALS
    params = {
        "object": object_key,
        "entries": orjson.dumps(entries).decode(),
        "deltas": orjson.dumps(deltas).decode(),
    }
    tx.send(statement, params)


def _recordset(bind: str, columns: dict[str, Any]) -> sa.CTE:
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam(bind, type_=sa.Text()), pg.JSON))
    parts = [sa.column(name, kind) for name, kind in columns.items()]
    return sa.select(source.table_valued(*parts).render_derived(f"{bind}_row", with_types=True)).cte(bind)


def _ended(entries: sa.CTE) -> sa.CTE:
    """Ends the stay that each record is in, found record by record through the index, whatever the statistics say."""
    staying = (
        sa.select(visits.c.id)
        .where(
            visits.c.record_id == entries.c.record,
            visits.c.left_at.is_(None),
            visits.c.process == sa.any_(entries.c.processes),
        )
        .order_by(visits.c.ordinal.desc())
        .limit(1)
        .lateral("staying")
    )
    found = sa.select(staying.c.id, entries.c.at).select_from(entries.join(staying, sa.true())).cte("found")
    return (
        sa.update(visits)
        .where(visits.c.id == found.c.id)
        .values(left_at=found.c.at)
        .returning(visits.c.record_id, visits.c.ordinal)
        .cte("ended")
    )


def _begun(entries: sa.CTE, ordinal: sa.ColumnElement[int], origin: sa.FromClause) -> sa.CTE:
    values: dict[str, Any] = {
        "process": entries.c.process,
        "object": sa.bindparam("object", type_=sa.Text()),
        "record_id": entries.c.record,
        "ordinal": ordinal,
        "state": entries.c.state,
        "entered_at": entries.c.at,
        "entered_by": entries.c.by,
        "entered_by_label": entries.c.by_label,
        "from_state": entries.c.from_state,
        "amount": entries.c.amount,
        "currency": entries.c.currency,
        "process_version": entries.c.process_version,
    }
    return sa.insert(visits).from_select(list(values), sa.select(*values.values()).select_from(origin)).cte("begun")


def _stays(moved: bool) -> list[sa.CTE]:
    entries = _recordset("entries", _ENTRY)
    if not moved:
        return [_begun(entries, sa.literal(1), entries)]
    ended = _ended(entries)
    # a record whose last stay was ended otherwise (history, a Process that came later) counts on
    former = sa.select(sa.func.max(visits.c.ordinal)).where(
        visits.c.record_id == entries.c.record, visits.c.process == sa.any_(entries.c.processes)
    )
    ordinal = sa.func.coalesce(ended.c.ordinal, former.scalar_subquery(), 0) + 1
    origin = entries.outerjoin(ended, ended.c.record_id == entries.c.record)
    return [ended, _begun(entries, ordinal, origin)]


def _totalled() -> sa.CTE:
    """Adds the deltas in the order of the key, so that two transactions never wait for each other in a circle."""
    deltas = _recordset("deltas", _DELTA)
    ordered = sa.select(deltas).order_by(*(deltas.c[name] for name in _TOTALS_KEY))
    insert = pg.insert(state_totals).from_select(list(_DELTA), ordered)
    sums = {name: state_totals.c[name] + insert.excluded[name] for name in ("count", "sum")}
    return insert.on_conflict_do_update(index_elements=_TOTALS_KEY, set_=sums).cte("totalled")


def _statement(*parts: sa.CTE) -> Statement:
    return Statement(sa.select(sa.literal(1)).add_cte(*parts))


_TOTALS = _statement(_totalled())
_CREATED = _statement(*_stays(moved=False), _totalled())
_MOVED = _statement(*_stays(moved=True), _totalled())
