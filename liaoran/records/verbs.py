"""What the actor may do with one record: which of the row sources yield it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.grants import SCOPED_VERBS
from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.query.plans import cached_statement
from liaoran.records.loading import NOT_FOUND


async def verbs_on(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> list[str]:
    """The verbs that reach the record, of those that reach some rows and not others. Raises NotFound where the actor
    does not see it."""
    scope.require(object_key, "read")
    verbs = [verb for verb in SCOPED_VERBS if scope.may(object_key, verb)]

    def compile_reaching() -> sa.Select[Any]:
        reached: list[sa.ColumnElement[Any]] = [_reaches(scope, object_key, verb).label(verb) for verb in verbs]
        return sa.select(*reached)

    statement = cached_statement(scope, ("records.verbs", object_key, *verbs), compile_reaching)
    found = await tx.fetch_one(statement, {**scope.params(), "record": record})
    if found is None or not found["read"]:
        raise NotFound(NOT_FOUND)
    return [verb for verb in verbs if found[verb]]


def _reaches(scope: Scope, object_key: str, verb: str) -> sa.ColumnElement[bool]:
    """Whether the very source that the verb goes through yields the record."""
    source = scope.source(object_key, verb)
    record = sa.bindparam("record", type_=sa.Uuid)
    return sa.exists(sa.select(sa.literal(1)).select_from(source).where(source.c.id == record))
