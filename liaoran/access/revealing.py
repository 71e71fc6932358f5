"""Revealing: one masked value in the open, for one reason, noted in the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran import audit
from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.query.plans import cached_statement

LONGEST_REASON = 500
_NOT_MASKED = Text("“{field}”没有脱敏，可以直接查看", "“{field}” is not masked; you see it as it is")
_REASON = Text("请写明查看原值的原因", "say why you need the value")
_NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")


async def reveal(
    tx: Transaction, scope: Scope, object_key: str, record: UUID, field_key: str, reason: str
) -> str | None:
    """The value of a Field that the actor sees masked. Raises NotFound where they do not see the record, Invalid for a
    Field that they do not see at all, Refused without a reason or where the Field is not masked."""
    scope.require(object_key, "read")
    one = scope.field(object_key, field_key)
    if not scope.is_masked(object_key, field_key):
        message = _NOT_MASKED.fill(field=one.label)
        raise Refused(message, code="not_masked", problems=[Problem("not_masked", message, "field")])
    if not reason.strip():
        raise Refused(_REASON, code="reason_missing", problems=[Problem("required", _REASON, "reason")])

    def compile_value() -> sa.Select[Any]:
        whole, seen = scope.as_it_is.source(object_key), scope.source(object_key)
        visible = sa.exists(sa.select(sa.literal(1)).select_from(seen).where(seen.c.id == whole.c.id))
        chosen = whole.c.id == sa.bindparam("record", type_=sa.Uuid)
        return sa.select(whole.c[field_key].label("value")).where(chosen, visible)

    statement = cached_statement(scope, ("revealing", object_key, field_key), compile_value)
    rows = await tx.fetch_all(statement, {**scope.params(), "record": record})
    if not rows:
        raise NotFound(_NOT_FOUND)
    facts = {"field": field_key, "label": one.label.to_json(), "reason": reason.strip()[:LONGEST_REASON]}
    audit.note(tx, "value.revealed", scope.actor, object=object_key, record=record, facts=facts)
    value: str | None = rows[0]["value"]
    return value
