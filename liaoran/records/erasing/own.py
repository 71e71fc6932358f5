"""The record itself: its personal Fields become empty, in its row, its versions and its Events.

This is the one place that changes what was: nothing may be left that says what it held. The write path would keep the
old value in an Event, so it is not asked; what it would have done besides (search words, labels) is done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.records.context import WriteContext
from liaoran.records.loading import hold_rows
from liaoran.records.rewording import reword_records
from liaoran.records.tables import actions, events
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object

_NAMELESS = Text("已匿名 {mark}", "Anonymised {mark}")
_IDS = sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))


async def empty_records(
    tx: Transaction, scope: Scope, one: Object, ids: Sequence[UUID], fields: Sequence[Field]
) -> str:
    """Empties the personal Fields of the records everywhere they are kept; gives the name that stands there now."""
    context = WriteContext(tx, scope, one, Cause(Door.API), datetime.now(UTC))
    await hold_rows(context, ids, ())
    label = _NAMELESS.read(scope.snapshot.language, mark=ids[0].hex[-6:])
    for table in (one.table, one.versions_table):
        if table is not None:
            await _empty(tx, table, ids, fields, label, one)
    keys = [field.key for field in fields]
    await tx.execute(_FORGET_CHANGES, {"ids": list(ids), "keys": keys})
    if one.name_field in keys:
        await tx.execute(_RELABEL_ACTIONS, {"ids": list(ids), "label": label})
        await tx.execute(_RELABEL_EVENTS, {"ids": list(ids), "label": label})
    await reword_records(tx, one.key, ids)
    tx.notify({"change": {"object": one.key, "action": str(context.cause.action)}})
    return label


async def _empty(
    tx: Transaction, table: sa.Table, ids: Sequence[UUID], fields: Sequence[Field], label: str, one: Object
) -> None:
    """All columns of the Fields: their own, helpers, and what retyping has left. A name that has to be there says that
    the record was made anonymous."""
    present = await tx.fetch_column(_COLUMNS, {"schema": tx.schema, "table": table.name})
    values: dict[str, Any] = {}
    for field in fields:
        values.update({name: None for name in present if name.partition("__")[0] == field.key})
        if field.key == one.name_field and field.kind is ValueKind.TEXT:
            values.update({name: stored[0] for name, stored in type_of(field).store_many([label], field).items()})
    target = sa.table(table.name, sa.column("id", sa.Uuid), *(sa.column(name) for name in values), schema=table.schema)
    assigned = {name: sa.null() if value is None else sa.literal(value) for name, value in values.items()}
    if assigned:
        await tx.execute(sa.update(target).where(target.c.id == _IDS).values(assigned), {"ids": list(ids)})


async def note_erasure(tx: Transaction, scope: Scope, one: Object, record: UUID, words: str) -> None:
    """An Event that says so, in the record's own history."""
    table = one.table
    row = await tx.fetch_one(sa.select(table.c.version, table.c[one.name_field]).where(table.c.id == record))
    if row is None:
        return
    await tx.execute(
        sa.insert(events),
        {
            "at": datetime.now(UTC),
            "actor_kind": scope.actor.kind,
            "actor_id": scope.actor.id,
            "actor_label": scope.actor.label,
            "object": one.key,
            "record_id": record,
            "record_label": str(row[one.name_field] or ""),
            "version": row["version"],
            "kind": "updated",
            "changes": {},
            "door": str(Door.API),
            "action": Cause(Door.API).action,
            "cause": orjson.loads(orjson.dumps({"note": words})),
            "schema_version": scope.snapshot.version,
        },
    )


_COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_schema = :schema AND table_name = :table"
_FORGET_CHANGES = Statement(
    sa.update(events)
    .where(events.c.record_id == _IDS)
    .values(changes=events.c.changes.op("-")(sa.bindparam("keys", type_=pg.ARRAY(sa.Text))))
)
_RELABEL_EVENTS = Statement(
    sa.update(events).where(events.c.record_id == _IDS).values(record_label=sa.bindparam("label", type_=sa.Text))
)
_RELABEL_ACTIONS = Statement(
    sa.update(actions)
    .where(
        actions.c.id.in_(sa.select(events.c.action).where(events.c.record_id == _IDS)),
        actions.c.record_label.in_(sa.select(events.c.record_label).where(events.c.record_id == _IDS)),
    )
    .values(record_label=sa.bindparam("label", type_=sa.Text))
)
