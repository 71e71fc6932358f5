"""One Field back to what it was: an old value of the history goes through the write path, like any other change."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, NotFound
from liaoran.kernel.text import Text
from liaoran.records.changes import Update
from liaoran.records.history import record_with_merged
from liaoran.records.noting import require_readable
from liaoran.records.tables import events

Side = Literal["old", "new"]
_GONE = Text("历史中没有这次修改", "there is no such change in the history")
_MAY_NOT = Text("您不能修改“{field}”", "you may not change “{field}”")


async def old_value(
    tx: Transaction, scope: Scope, object_key: str, record: UUID, event: UUID, field_key: str, side: Side = "old"
) -> Update:
    """The change that brings back what the Field held before the Event (``old``) or from it on (``new``); the caller
    writes it.

    Raises NotFound where the actor does not see the record or the Event is not one of its, Invalid for a Field that is
    hidden, Forbidden for one that the actor may not change: what is masked is not brought to light so.
    """
    await require_readable(tx, scope, object_key, record)
    field = scope.field(object_key, field_key)
    if not scope.may_write_field(object_key, field_key):
        raise Forbidden(_MAY_NOT.fill(field=field.label))
    row = await tx.fetch_one(_FIND, {"record": record, "event": event})
    if row is None or field_key not in row["changes"]:
        raise NotFound(_GONE)
    before, after = row["changes"][field_key]
    return Update(object_key, record, {field_key: before if side == "old" else after})


_FIND = Statement(
    sa.select(events.c.changes).where(
        events.c.record_id.in_(record_with_merged(sa.bindparam("record", type_=sa.Uuid))),
        events.c.id == sa.bindparam("event", type_=sa.Uuid),
    )
)
