"""What a mover is told of a record that the stage gave to somebody else, and that they may not see any more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson

from liaoran.access.scope import Scope, system_scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.process.transitions import NOT_FOUND
from liaoran.query.reads import compile_record

_OWNER = "owner"


async def read_handed_over(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> dict[str, Any]:
    """``{id, version, visible: false, owner}`` of a record that the actor has just moved. Nothing else of it is told.
    Raises NotFound where it is gone."""
    everything = system_scope(scope.snapshot)
    select = [_OWNER] if _OWNER in scope.snapshot.object(object_key).fields else []
    plan = compile_record(everything, object_key, record, select=select)
    body = await tx.fetch_json(plan.statement, plan.binds)
    if body is None:
        raise NotFound(NOT_FOUND)
    row = orjson.loads(body)
    return {"id": row["id"], "version": row["version"], "visible": False, "owner": row.get(_OWNER)}
