"""Counting anew what is maintained by deltas: to begin it, to rebuild it, and to find out whether it is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.process.moves import default_of, process_field_of, process_fields
from liaoran.process.tables import state_totals, visits
from liaoran.process.totals import DEPARTMENT, OWNER
from liaoran.schema.snapshot import Object, Process

_KEY = ("process", "state", "owner", "department", "currency")
_NOBODY = sa.literal(UUID(int=0), sa.Uuid)


async def rebuild_totals(tx: Transaction, scope: Scope, object_key: str) -> None:
    """Counts the totals of all Processes of an Object anew. ``scope`` has to see every record (``system_scope``).

    Writers wait while it runs, so that no delta is lost.
    """
    owner = scope.snapshot.object(object_key)
    keys = [process.key for process in owner.processes]
    await tx.execute("LOCK TABLE {org}.state_totals IN SHARE ROW EXCLUSIVE MODE")
    await tx.execute(sa.delete(state_totals).where(_of(keys)), {"keys": keys})
    for field, processes in process_fields(owner).items():
        counted = _counted(scope, owner, field, processes)
        insert = sa.insert(state_totals).from_select([*_KEY, "count", "sum"], sa.select(*counted.c))
        await tx.execute(insert, scope.params())


async def wrong_totals(tx: Transaction, scope: Scope, object_key: str) -> list[dict[str, Any]]:
    """Totals that differ from counting: ``{process, state, owner, department, currency, kept, counted}`` with
    ``[count, sum]`` each; empty when all is well. ``scope`` has to see every record."""
    owner = scope.snapshot.object(object_key)
    wrong: list[dict[str, Any]] = []
    for field, processes in process_fields(owner).items():
        keys = [process.key for process in processes]
        statement = _differences(scope, owner, field, processes)
        wrong += await tx.fetch_all(statement, {**scope.params(), "keys": keys})
    return wrong


def _of(keys: Sequence[str]) -> sa.ColumnElement[bool]:
    return state_totals.c.process == sa.any_(sa.bindparam("keys", list(keys), type_=pg.ARRAY(sa.Text)))


def _counted(scope: Scope, owner: Object, field: str, processes: Sequence[Process]) -> sa.Subquery:
    rows = scope.source(owner.key)
    process = _process_of(rows, processes)
    summed = owner.fields.get(processes[0].sum_field or "")
    companion = summed.options.get("currency_field") if summed is not None else None
    key = (
        process,
        rows.c[field],
        _or_nobody(rows, OWNER),
        _or_nobody(rows, DEPARTMENT),
        sa.func.coalesce(rows.c[companion], "") if companion else sa.literal("", sa.Text),
    )
    amount = sa.func.coalesce(rows.c[summed.key], 0) if summed is not None else sa.literal(0)
    counted = (
        sa.select(
            *(part.label(name) for name, part in zip(_KEY, key, strict=True)),
            sa.func.count().label("count"),
            sa.cast(sa.func.sum(amount), sa.Numeric(24, 4)).label("sum"),
        )
        .where(rows.c[field].is_not(None), process == _known(processes))
        .group_by(*(sa.literal_column(str(position)) for position in range(1, len(_KEY) + 1)))
    )
    return counted.subquery("counted")


def _or_nobody(rows: sa.FromClause, key: str) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(rows.c[key], _NOBODY) if key in rows.c else _NOBODY


def _differences(scope: Scope, owner: Object, field: str, processes: Sequence[Process]) -> sa.Select[Any]:
    counted = _counted(scope, owner, field, processes)
    kept = sa.select(state_totals).where(_of([one.key for one in processes])).subquery("kept")
    same = sa.and_(*(kept.c[name] == counted.c[name] for name in _KEY))
    figures = [
        sa.func.coalesce(side.c[name], 0).label(f"{word}_{name}")
        for word, side in (("kept", kept), ("counted", counted))
        for name in ("count", "sum")
    ]
    return (
        sa.select(*(sa.func.coalesce(kept.c[name], counted.c[name]).label(name) for name in _KEY), *figures)
        .select_from(kept.join(counted, same, full=True))
        .where(sa.or_(figures[0].element != figures[2].element, figures[1].element != figures[3].element))
    )


async def begin_visits(tx: Transaction, scope: Scope, object_key: str) -> None:
    """Gives a stay to every record that is in a state without one, as when a Process is put over records that are
    there already; it counts from the record's last change. ``scope`` has to see every record."""
    owner = scope.snapshot.object(object_key)
    for field, processes in process_fields(owner).items():
        rows = scope.source(object_key)
        process = _process_of(rows, processes)
        versions = sa.case(*((process == one.key, sa.literal(one.version)) for one in processes), else_=sa.literal(1))
        staying = sa.exists(
            sa.select(sa.literal(1)).where(
                visits.c.record_id == rows.c.id, visits.c.process == _known(processes), visits.c.left_at.is_(None)
            )
        )
        former = sa.select(sa.func.max(visits.c.ordinal)).where(
            visits.c.record_id == rows.c.id, visits.c.process == _known(processes)
        )
        values: dict[str, Any] = {
            "process": process,
            "object": sa.literal(object_key, sa.Text),
            "record_id": rows.c.id,
            "ordinal": sa.func.coalesce(former.scalar_subquery(), 0) + 1,
            "state": rows.c[field],
            "entered_at": rows.c.updated_at,
            "process_version": versions,
        }
        select = sa.select(*values.values()).where(rows.c[field].is_not(None), process == _known(processes), ~staying)
        await tx.execute(sa.insert(visits).from_select(list(values), select), scope.params())


def _process_of(rows: sa.FromClause, processes: Sequence[Process]) -> sa.ColumnElement[str]:
    chooser = process_field_of(processes)
    default = sa.literal(default_of(processes).key, sa.Text)
    return sa.func.coalesce(rows.c[chooser], default) if chooser else default


def _known(processes: Sequence[Process]) -> Any:
    return sa.any_(sa.literal([one.key for one in processes], pg.ARRAY(sa.Text)))
