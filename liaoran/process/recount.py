"""Counting anew what is maintained by deltas: to begin it, to rebuild it, and to find out whether it is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.process.moves import Track, tracks_of
from liaoran.process.tables import state_totals, visits
from liaoran.process.totals import DEPARTMENT, OWNER

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
    for track in tracks_of(scope.snapshot, owner):
        counted = _counted(scope, track)
        insert = sa.insert(state_totals).from_select([*_KEY, "count", "sum"], sa.select(*counted.c))
        await tx.execute(insert, scope.params())


async def wrong_totals(tx: Transaction, scope: Scope, object_key: str) -> list[dict[str, Any]]:
    """Totals that differ from counting: ``{process, state, owner, department, currency, kept, counted}`` with
    ``[count, sum]`` each; empty when all is well. ``scope`` has to see every record."""
    owner = scope.snapshot.object(object_key)
    wrong: list[dict[str, Any]] = []
    for track in tracks_of(scope.snapshot, owner):
        params = {**scope.params(), "keys": list(track.by_key)}
        wrong += await tx.fetch_all(_differences(scope, track), params)
    return wrong


def _of(keys: Sequence[str]) -> sa.ColumnElement[bool]:
    return state_totals.c.process == sa.any_(sa.bindparam("keys", list(keys), type_=pg.ARRAY(sa.Text)))


def _counted(scope: Scope, track: Track) -> sa.Subquery:
    owner = track.owner
    rows = scope.source(owner.key)
    process = _process_of(rows, track)
    summed = owner.fields.get(track.default.sum_field or "")
    companion = summed.options.get("currency_field") if summed is not None else None
    key = (
        process,
        rows.c[track.field],
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
        .where(rows.c[track.field].is_not(None), process == _known(track))
        .group_by(*(sa.literal_column(str(position)) for position in range(1, len(_KEY) + 1)))
    )
    return counted.subquery("counted")


def _or_nobody(rows: sa.FromClause, key: str) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(rows.c[key], _NOBODY) if key in rows.c else _NOBODY


def _differences(scope: Scope, track: Track) -> sa.Select[Any]:
    counted = _counted(scope, track)
    kept = sa.select(state_totals).where(_of(list(track.by_key))).subquery("kept")
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
    for track in tracks_of(scope.snapshot, owner):
        rows = scope.source(object_key)
        process, state = _process_of(rows, track), rows.c[track.field]
        versions = sa.case(
            *((process == one.key, sa.literal(one.version)) for one in track.processes), else_=sa.literal(1)
        )
        staying = sa.exists(
            sa.select(sa.literal(1)).where(
                visits.c.record_id == rows.c.id, visits.c.process == _known(track), visits.c.left_at.is_(None)
            )
        )
        former = sa.select(sa.func.max(visits.c.ordinal)).where(
            visits.c.record_id == rows.c.id, visits.c.process == _known(track)
        )
        values: dict[str, Any] = {
            "process": process,
            "object": sa.literal(object_key, sa.Text),
            "record_id": rows.c.id,
            "ordinal": sa.func.coalesce(former.scalar_subquery(), 0) + 1,
            "state": state,
            "entered_at": rows.c.updated_at,
            "process_version": versions,
        }
        select = sa.select(*values.values()).where(state.is_not(None), process == _known(track), ~staying)
        await tx.execute(sa.insert(visits).from_select(list(values), select), scope.params())


def _process_of(rows: sa.FromClause, track: Track) -> sa.ColumnElement[str]:
    default = sa.literal(track.default.key, sa.Text)
    return sa.func.coalesce(rows.c[track.chooser], default) if track.chooser else default


def _known(track: Track) -> Any:
    return sa.any_(sa.literal(list(track.by_key), pg.ARRAY(sa.Text)))
