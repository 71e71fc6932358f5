"""The recycle bin: ``Delete`` and ``Restore`` of the write path fill and empty it; here it is emptied for good."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction


async def purge(tx: Transaction, scope: Scope, object_key: str, before: datetime) -> int:
    """Deletes for good what went into the bin before ``before``, as far as the actor's part of the bin reaches, with
    its past versions; gives the number of records. Events stay: they are the record of what people did.

    Raises Forbidden for everybody but administrators.
    """
    scope.require_administrator()
    one = scope.snapshot.object(object_key)
    reached = scope.source(object_key, "bin")
    moment = sa.bindparam("before", type_=sa.DateTime(timezone=True))
    old = sa.select(reached.c.id).where(reached.c.deleted_at < moment)
    gone = sa.delete(one.table).where(one.table.c.id.in_(old)).returning(one.table.c.id).cte("gone")
    parts = [gone]
    if one.versions_table is not None:
        versions = one.versions_table
        parts.append(sa.delete(versions).where(versions.c.id.in_(sa.select(gone.c.id))).cte("past"))
    count = sa.select(sa.func.count()).select_from(gone).add_cte(*parts)
    return int(await tx.fetch_value(count, {**scope.params(), "before": before}))
