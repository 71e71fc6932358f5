"""Reading the records that a batch changes: locked in one order, judged by row sources, versions compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran.access.predicates import OWNER
from liaoran.kernel.errors import Conflict, Forbidden, NotFound, Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.ids import new_id
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.plans import cached_statement
from liaoran.records.batches import ONE, SEVERAL, asked_for, named_ids
from liaoran.records.changes import Change, Create, Delete, Past, Restore, Update, Written
from liaoran.records.conflicts import reject_outdated
from liaoran.records.context import Batch, WriteContext

VERBS: dict[type[Change], str] = {Update: "edit", Delete: "delete", Restore: "bin"}
KINDS: dict[type[Change], EventKind] = {
    Update: EventKind.UPDATED,
    Delete: EventKind.DELETED,
    Restore: EventKind.RESTORED,
}
NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")
IN_BIN = Text("记录在回收站中，请先恢复", "the record is in the recycle bin; restore it first")
ID_TAKEN = Text("已有这个编号的记录", "there is a record with this id already")
MAY_NOT = {
    "edit": Text("您可以查看这条记录，但不能修改", "you may see this record but not change it"),
    "delete": Text("您可以查看这条记录，但不能删除", "you may see this record but not delete it"),
}


async def load(batch: Batch) -> None:
    """Makes the candidates. Rejects what is not there, may not be touched, or is of another version than was seen."""
    found = await _read(batch)
    outdated: list[tuple[int, Update | Delete]] = []
    for position, change in batch.changes:
        row = found.get(str(change.id))
        if isinstance(change, Create):
            if row is None:
                batch.candidates.append(_fresh(batch.context, position, change))
            else:
                batch.reject(position, [Problem("id_taken", ID_TAKEN)], Conflict, record=change.id)
            continue
        if row is None or not _may_touch(batch, position, change, row):
            if row is None:
                _reject_missing(batch, position, change.id)
            continue
        if isinstance(change, Update | Delete) and change.version not in (None, row["version"]):
            outdated.append((position, change))
            continue
        batch.candidates.append(_existing(batch.context, position, change, row))
    await reject_outdated(batch, outdated)


def _fresh(context: WriteContext, position: int, change: Create) -> Candidate:
    past, at = change.past, context.moment(change.past)
    by = _maker(context, past)
    return Candidate(
        position=position,
        id=change.id or new_id(),
        kind=EventKind.CREATED,
        at=at,
        by=by,
        by_label=past.person_label if past and past.person_label else context.actor.label,
        old=None,
        new={},
        told=past is not None,
        stamps={"created_at": at, "created_by": by},
    )


def _maker(context: WriteContext, past: Past | None) -> UUID | None:
    """The person who made the change; nobody where all that is known of the past is how they were called."""
    if past is None or (past.person is None and past.person_label is None):
        return context.actor.person
    return past.person


def _existing(context: WriteContext, position: int, change: Change, row: dict[str, Any]) -> Candidate:
    past = change.past if isinstance(change, Update) else None
    into = change.merged_into if isinstance(change, Delete) else None
    values = {key: row[key] for key in context.stored_fields if row[key] is not None}
    return Candidate(
        position=position,
        id=UUID(row["id"]),
        kind=EventKind.MERGED if into else KINDS[type(change)],
        # never before the change that precedes it, or the past could not be told apart
        at=max(context.moment(past), datetime.fromisoformat(row["updated_at"])),
        by=_maker(context, past),
        by_label=past.person_label if past and past.person_label else context.actor.label,
        old=values,
        new=dict(values),
        version=row["version"],
        told=past is not None,
        carried=isinstance(change, Update) and change.carried,
        stamps={"created_at": row["created_at"], "created_by": row["created_by"]},
        into=into,
    )


def _may_touch(batch: Batch, position: int, change: Change, row: dict[str, Any]) -> bool:
    verb = VERBS[type(change)]
    if not row.get("__transfer", True):
        batch.settled_owners.add(UUID(row["id"]))
    if isinstance(change, Restore) and not row["__deleted"]:
        if row["__read"]:
            batch.outcomes[position] = Written(UUID(row["id"]), row["version"], changed=False)
        else:
            _reject_missing(batch, position, change.id)
        return False
    if row[f"__{verb}"]:
        return True
    record = UUID(row["id"])
    if row["__bin"]:
        batch.reject(position, [Problem("in_bin", IN_BIN)], NotFound, record=record)
    elif row["__read"] and verb in MAY_NOT:
        batch.reject(position, [Problem("forbidden", MAY_NOT[verb])], Forbidden, record=record)
    else:
        _reject_missing(batch, position, record)
    return False


def _reject_missing(batch: Batch, position: int, record: UUID | None) -> None:
    batch.reject(position, [Problem("not_found", NOT_FOUND)], NotFound, record=record)


async def _read(batch: Batch) -> dict[str, dict[str, Any]]:
    verbs = {VERBS[type(change)] for _, change in batch.changes if type(change) in VERBS}
    if any(isinstance(change, Update) and OWNER in change.values for _, change in batch.changes):
        verbs.add("transfer")
    return await hold_rows(batch.context, named_ids(batch.changes), tuple(sorted(verbs)))


async def hold_rows(
    context: WriteContext, ids: Sequence[UUID], verbs: tuple[str, ...], *, lock: bool = True
) -> dict[str, dict[str, Any]]:
    """Rows by id as text, whoever may see them, locked to the end of the transaction unless told otherwise.

    A row holds canonical values by Field key, ``id``, ``version``, stamps, and flags: ``__deleted``, ``__bin`` (in the
    part of the bin that the actor reaches), ``__read`` and ``__<verb>`` for each verb asked for.
    """
    if not ids:
        return {}
    single = len(ids) == 1
    shape = ("records.rows", context.object.key, verbs, lock, single)
    statement = cached_statement(context.scope, shape, lambda: _rows(context, verbs, lock, single))
    found = await context.tx.fetch_json(statement, {**context.scope.params(), **asked_for(ids)})
    return {row["id"]: row for row in orjson.loads(found or b"[]")}


def _rows(context: WriteContext, verbs: tuple[str, ...], lock: bool, single: bool) -> sa.Select[Any]:
    """One JSON list. Locks are taken in the order of ids, so that two writers never wait for each other in a circle."""
    table = context.object.table.alias("t")
    flags = [_reached(context, table, verb).label(f"__{verb}") for verb in sorted({"read", *verbs} - {"bin"})]
    deleted = table.c.deleted_at.is_not(None)
    in_bin = sa.case((deleted, _reached(context, table, "bin")), else_=sa.false())
    rows = (
        sa.select(
            table.c.id,
            table.c.version,
            table.c.updated_at,
            table.c.created_at,
            table.c.created_by,
            deleted.label("__deleted"),
            in_bin.label("__bin"),
            *flags,
            *(readable(table, context, key).label(key) for key in context.stored_fields),
        )
        .where(table.c.id == (ONE if single else sa.any_(SEVERAL)))
        .order_by(table.c.id)
    )
    held = (rows.with_for_update(of=table) if lock else rows).subquery("held")
    return sa.select(sa.func.json_agg(sa.literal_column("held"))).select_from(held)


def readable(table: sa.FromClause, context: WriteContext, key: str) -> sa.ColumnElement[Any]:
    """A stored column in the form whose JSON is the canonical value: numbers without needless zeros."""
    column = table.c[key]
    if context.stored_fields[key].kind is ValueKind.NUMBER:
        return sa.func.trim_scale(column)
    return column


def _reached(context: WriteContext, table: sa.FromClause, verb: str) -> sa.ColumnElement[bool]:
    source = context.scope.source(context.object.key, verb)
    return sa.exists(sa.select(sa.literal(1)).select_from(source).where(source.c.id == table.c.id))
