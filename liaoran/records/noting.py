"""Events of what belongs to a record beside its Fields, such as its files. The record itself stays as it is.

Whoever keeps such things in a table of its own asks here whether the actor may, and leaves the Event here, in the same
transaction; so history, timeline and live updates know of them like of any change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, NotFound, Refused
from liaoran.kernel.events import Cause, Door, EventKind
from liaoran.kernel.ports import Candidate
from liaoran.query.plans import cached_statement
from liaoran.records.context import WriteContext
from liaoran.records.guards import guards
from liaoran.records.loading import IN_BIN, MAY_NOT, NOT_FOUND, hold_rows
from liaoran.records.tables import events

_COLUMNS = [one for one in events.c if one.name not in ("seq", "id")]


def _insert() -> Statement:
    """Any number of Events at once, from one list of rows."""
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text()), pg.JSON))
    parts = [sa.column(one.name, one.type) for one in _COLUMNS]
    rows = source.table_valued(*parts).render_derived("noted", with_types=True)
    return Statement(sa.insert(events).from_select([one.name for one in _COLUMNS], sa.select(*rows.c)))


_INSERT = _insert()


async def require_readable(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> None:
    """Raises NotFound where the actor does not see the record; what is in the recycle bin is not seen."""
    scope.require(object_key, "read")

    def compile_visible() -> sa.Select[Any]:
        source = scope.source(object_key, "read")
        return sa.select(sa.literal(1)).select_from(source).where(source.c.id == sa.bindparam("record", type_=sa.Uuid))

    statement = cached_statement(scope, ("records.readable", object_key), compile_visible)
    if await tx.fetch_value(statement, {**scope.params(), "record": record}) is None:
        raise NotFound(NOT_FOUND)


async def require_may_edit(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> None:
    """Raises NotFound where the actor does not see the record, Forbidden where they may not edit it; whether something
    holds it as it is does not matter."""
    scope.require(object_key, "edit")
    # nothing is written, so the door does not matter
    context = WriteContext(tx, scope, scope.snapshot.object(object_key), Cause(Door.API), datetime.now(UTC))
    await _editable(context, record)


async def require_editable(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> None:
    """Raises NotFound where the actor does not see the record, Forbidden where they may not edit it, Refused where
    something holds it as it is (an approval)."""
    scope.require(object_key, "edit")
    # nothing is written, so the door does not matter
    context = WriteContext(tx, scope, scope.snapshot.object(object_key), Cause(Door.API), datetime.now(UTC))
    await _refuse_held(context, record, await _editable(context, record))


async def note_event(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    record: UUID,
    kind: EventKind,
    details: Mapping[str, Any],
    cause: Cause,
    *,
    free: bool = False,
) -> datetime:
    """Writes an Event of a record that the actor may edit, and gives its moment. ``details`` are kept under the name of
    the ``kind`` and come back so in history. The record is locked to the end of the transaction. ``free`` Events are
    noted also of a record that something holds as it is.

    Raises as ``require_editable`` does.
    """
    scope.require(object_key, "edit")
    context = WriteContext(tx, scope, scope.snapshot.object(object_key), cause, datetime.now(UTC))
    row = await _editable(context, record, lock=True)
    if not free:
        await _refuse_held(context, record, row)
    return (await _note(context, kind, [(row, details)]))[0]


async def note_events(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    told: Sequence[tuple[UUID, Mapping[str, Any]]],
    kind: EventKind,
    cause: Cause,
) -> None:
    """Writes an Event, free in the sense of ``note_event``, of each of these records with its details, all in two
    statements. Raises as ``require_may_edit`` does."""
    if not told:
        return
    scope.require(object_key, "edit")
    context = WriteContext(tx, scope, scope.snapshot.object(object_key), cause, datetime.now(UTC))
    rows = await hold_rows(context, [record for record, _ in told], ("edit",))
    await _note(context, kind, [(_require_edit(rows.get(str(record))), details) for record, details in told])


async def _note(
    context: WriteContext, kind: EventKind, told: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> list[datetime]:
    """Writes an Event of each row with its details, and gives their moments."""
    actor, cause, object_key = context.actor, context.cause, context.object.key
    note = {"note": cause.note} if cause.note else {}
    rows = [
        {
            "at": _moment(context, row),
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_label": actor.label,
            "object": object_key,
            "record_id": row["id"],
            "record_label": row.get(context.shape.label or ""),
            "version": row["version"],
            "kind": str(kind),
            "changes": {},
            "door": str(cause.door),
            "action": cause.action,
            "cause": {**note, str(kind): dict(details)},
            "schema_version": context.snapshot.version,
        }
        for row, details in told
    ]
    await context.tx.execute(_INSERT, {"rows": orjson.dumps(rows, default=str).decode()})
    context.tx.notify({"change": {"object": object_key, "action": str(cause.action)}})
    return [one["at"] for one in rows]


def _moment(context: WriteContext, row: Mapping[str, Any]) -> datetime:
    """As the Cause says; else now, but never before the change that precedes it, or the order of the history would not
    be that of what happened."""
    return context.cause.at or max(context.now, datetime.fromisoformat(row["updated_at"]))


async def _editable(context: WriteContext, record: UUID, *, lock: bool = False) -> dict[str, Any]:
    return _require_edit((await hold_rows(context, [record], ("edit",), lock=lock)).get(str(record)))


def _require_edit(row: dict[str, Any] | None) -> dict[str, Any]:
    if row is not None and row["__bin"]:
        raise NotFound(IN_BIN, code="in_bin")
    if row is None or not (row["__read"] or row["__edit"]):
        raise NotFound(NOT_FOUND)
    if not row["__edit"]:
        raise Forbidden(MAY_NOT["edit"])
    return row


async def _refuse_held(context: WriteContext, record: UUID, row: Mapping[str, Any]) -> None:
    """Raises Refused with what the guards have against changing what belongs to the record."""
    values = {key: row[key] for key in context.stored_fields if row[key] is not None}
    candidate = Candidate(
        position=0,
        id=record,
        kind=EventKind.UPDATED,
        at=context.now,
        by=context.actor.person,
        by_label=context.actor.label,
        old=values,
        new=dict(values),
        version=row["version"],
        stamps={"created_at": row["created_at"], "created_by": row["created_by"]},
    )
    for guard in guards():
        guard.ask(context, [candidate], beside=True)
    await context.tx.land()
    if candidate.problems:
        raise Refused(candidate.problems[0].message, code=candidate.problems[0].code, problems=candidate.problems)
