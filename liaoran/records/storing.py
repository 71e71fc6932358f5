"""Writing a batch: rows, versions, Events and the action in one statement per kind of change.

All candidates of a statement travel as one JSON parameter into ``json_to_recordset``; the statement depends only on
which columns change, so it is compiled and planned once for many writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.records.context import Batch, WriteContext
from liaoran.records.rows import LEXEME_END, candidate_rows
from liaoran.records.tables import actions, events, merges
from liaoran.schema.system_fields import WORDS_COLUMN

INSTANT = sa.DateTime(timezone=True)
_META: dict[str, Any] = {
    "id": sa.Uuid(),
    "version": sa.Integer(),
    "at": INSTANT,
    "by": sa.Uuid(),
    "actor": sa.Uuid(),
    "by_label": sa.Text(),
    "label": sa.Text(),
    "changes": sa.Text(),
}
_PREFIX = "__"
_SEPARATE = Statement(sa.delete(merges).where(merges.c.loser == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))))
_statements: LeastRecentlyUsed[Statement] = LeastRecentlyUsed(1000)


async def store(batch: Batch) -> None:
    """Sends all candidates of the batch, grouped by kind; each gets the version after its own."""
    for kind in EventKind:
        group = [one for one in batch.candidates if one.kind is kind]
        if group:
            await _store_group(batch.context, kind, group)


async def _store_group(context: WriteContext, kind: EventKind, group: list[Candidate]) -> None:
    written = _written_columns(context, kind, group)
    key = (context.snapshot.identity, context.object.key, kind, written)
    statement = _statements.get(key, partial(_compile, context, kind, written))
    rows = candidate_rows(context, group, written)
    cause = context.cause
    details = {**({"note": cause.note} if cause.note else {}), **cause.details}
    text, label = orjson.dumps(rows).decode(), rows[0][f"{_PREFIX}label"]
    del rows
    if context.turn is not None:
        await context.turn()
    context.tx.send(
        statement,
        {
            "rows": text,
            "now": context.now,
            "actor_kind": context.actor.kind,
            "actor_id": context.actor.id,
            "actor_label": context.actor.label,
            "door": str(cause.door),
            "action": cause.action,
            "cause": orjson.dumps(details, default=str).decode() if details else None,
            "schema_version": context.snapshot.version,
            "first_label": label,
            "count": len(group),
        },
    )
    if kind is EventKind.RESTORED:
        # what is there again lives on in no other record
        context.tx.send(_SEPARATE, {"ids": [one.id for one in group]})


def _written_columns(context: WriteContext, kind: EventKind, group: Sequence[Candidate]) -> frozenset[str]:
    """The columns of Fields that the statement sets, helper columns and search words included."""
    keys: set[str] = set()
    for one in group:
        keys.update(one.new if one.old is None else one.changes)
    columns: set[str] = set()
    for key in keys:
        columns.update(context.shape.columns[key])
    if kind is EventKind.CREATED or any(one.key in keys for one in context.shape.searched):
        columns.add(WORDS_COLUMN)
    return frozenset(columns)


def _compile(context: WriteContext, kind: EventKind, written: frozenset[str]) -> Statement:
    table = context.object.table
    columns = [table.c[name] for name in sorted(written)]
    rows = _recordset(columns)
    if kind is EventKind.CREATED:
        changed: sa.CTE = _insert(context, rows, columns)
    else:
        changed = _update(context, kind, rows, columns)
    parts = [
        changed,
        *_versions(context, kind, rows, changed, columns),
        _events(context, kind, rows),
        _action(context, kind),
    ]
    return Statement(sa.select(sa.literal(1)).add_cte(*parts))


def _recordset(columns: Sequence[sa.Column[Any]]) -> sa.CTE:
    """The candidates as a CTE: Fields' columns under their names, everything else with a prefix."""
    parts = [sa.column(f"{_PREFIX}{name}", kind) for name, kind in _META.items()]
    parts += [sa.column(one.name, sa.Text() if one.name == WORDS_COLUMN else one.type) for one in columns]
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text()), pg.JSON))
    return sa.select(source.table_valued(*parts).render_derived("candidate", with_types=True)).cte("candidate")


def _values(rows: sa.CTE, columns: Sequence[sa.Column[Any]]) -> dict[str, sa.ColumnElement[Any]]:
    """The Fields' columns by name; lexemes become a search vector, cheaper so than through its text form."""
    values: dict[str, sa.ColumnElement[Any]] = {one.name: rows.c[one.name] for one in columns}
    if WORDS_COLUMN in values:
        split = sa.func.string_to_array(values[WORDS_COLUMN], LEXEME_END)
        values[WORDS_COLUMN] = sa.func.array_to_tsvector(split, type_=pg.TSVECTOR)
    return values


def _meta(rows: sa.CTE, name: str) -> sa.ColumnElement[Any]:
    return rows.c[f"{_PREFIX}{name}"]


def _stamped(rows: sa.CTE) -> dict[str, sa.ColumnElement[Any]]:
    return {
        "id": _meta(rows, "id"),
        "version": _meta(rows, "version"),
        "created_at": _meta(rows, "at"),
        "created_by": _meta(rows, "by"),
        "updated_at": _meta(rows, "at"),
        "updated_by": _meta(rows, "by"),
    }


def _insert(context: WriteContext, rows: sa.CTE, columns: Sequence[sa.Column[Any]]) -> sa.CTE:
    values = {**_stamped(rows), **_values(rows, columns)}
    insert = sa.insert(context.object.table).from_select(list(values), sa.select(*values.values()))
    return insert.cte("changed")


def _update(context: WriteContext, kind: EventKind, rows: sa.CTE, columns: Sequence[sa.Column[Any]]) -> sa.CTE:
    table = context.object.table
    values: dict[str, Any] = {
        "version": _meta(rows, "version"),
        "updated_at": _meta(rows, "at"),
        "updated_by": _meta(rows, "by"),
        **_values(rows, columns),
    }
    if kind in (EventKind.DELETED, EventKind.MERGED):
        values["deleted_at"] = _meta(rows, "at")
    elif kind is EventKind.RESTORED:
        values["deleted_at"] = sa.null()
    update = sa.update(table).where(table.c.id == _meta(rows, "id")).values(values)
    return update.returning(*table.c).cte("changed")


def _versions(
    context: WriteContext, kind: EventKind, rows: sa.CTE, changed: sa.CTE, columns: Sequence[sa.Column[Any]]
) -> list[sa.CTE]:
    """Of a tracked Object: the version that held so far ends, the new one begins."""
    versions = context.object.versions_table
    if versions is None:
        return []
    if kind is EventKind.CREATED:
        values: dict[str, Any] = {**_stamped(rows), **_values(rows, columns)}
        values = {name: value for name, value in values.items() if name in versions.c}
        select = sa.select(*values.values(), _meta(rows, "at"))
        return [sa.insert(versions).from_select([*values, "valid_from"], select).cte("version")]
    ended = (
        sa.update(versions)
        # by the whole key, so that the plan is right even before the table has statistics
        .where(versions.c.id == _meta(rows, "id"), versions.c.version == _meta(rows, "version") - 1)
        .values(valid_to=_meta(rows, "at"))
        .returning(versions.c.id)
        .cte("ended")
    )
    if kind in (EventKind.DELETED, EventKind.MERGED):
        return [ended]
    kept = [one.name for one in versions.c if one.name in changed.c]
    # joined to "ended" so that the old version is closed before the new one is opened
    select = sa.select(*(changed.c[name] for name in kept), changed.c.updated_at).select_from(
        changed.outerjoin(ended, ended.c.id == changed.c.id)
    )
    return [ended, sa.insert(versions).from_select([*kept, "valid_from"], select).cte("version")]


def _events(context: WriteContext, kind: EventKind, rows: sa.CTE) -> sa.CTE:
    other = _meta(rows, "actor")
    values: dict[str, Any] = {
        "at": _meta(rows, "at"),
        "actor_kind": sa.case((other.is_not(None), "person"), else_=sa.bindparam("actor_kind", type_=sa.Text())),
        "actor_id": sa.func.coalesce(other, sa.bindparam("actor_id", type_=sa.Uuid())),
        "actor_label": _meta(rows, "by_label"),
        "object": sa.literal(context.object.key),
        "record_id": _meta(rows, "id"),
        "record_label": _meta(rows, "label"),
        "version": _meta(rows, "version"),
        "kind": sa.literal(str(kind)),
        "changes": sa.cast(_meta(rows, "changes"), pg.JSONB),
        "door": sa.bindparam("door", type_=sa.Text()),
        "action": sa.bindparam("action", type_=sa.Uuid()),
        "cause": sa.cast(sa.bindparam("cause", type_=sa.Text()), pg.JSONB),
        "schema_version": sa.bindparam("schema_version", type_=sa.Integer()),
    }
    return sa.insert(events).from_select(list(values), sa.select(*values.values())).cte("event")


def _action(context: WriteContext, kind: EventKind) -> sa.CTE:
    """Counts the group with its action, which may have begun in an earlier batch."""
    counted = actions.c[str(kind)]
    insert = pg.insert(actions).values(
        {
            "id": sa.bindparam("action", type_=sa.Uuid()),
            "at": sa.bindparam("now", type_=INSTANT),
            "actor_id": sa.bindparam("actor_id", type_=sa.Uuid()),
            "actor_label": sa.bindparam("actor_label", type_=sa.Text()),
            "door": sa.bindparam("door", type_=sa.Text()),
            "object": sa.literal(context.object.key),
            "record_label": sa.bindparam("first_label", type_=sa.Text()),
            counted.name: sa.bindparam("count", type_=sa.Integer()),
        }
    )
    counts = {counted.name: counted + insert.excluded[counted.name]}
    return insert.on_conflict_do_update(index_elements=["id"], set_=counts).cte("action")
