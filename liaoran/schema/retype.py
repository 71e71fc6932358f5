"""Retyping a Field: new columns filled in the background, then one short switch.

The former column stays in the table as ``<field>__was_<number>``: values that do not convert are listed, never lost.
The Field keeps its key and thereby its column name: at the switch the former column is renamed and the new one takes
its name, so that nothing else has to know of it, and a unit of work that still has the former catalogue fails instead
of writing into a column that nobody reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

from liaoran.infra.database import is_retryable
from liaoran.infra.jobs import cancel, defer, job
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Conflict, LiaoranError, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.schema import ddl
from liaoran.schema.backfill import (
    count_values,
    staging_of,
)
from liaoran.schema.catalogue import load_snapshot, lock_catalogue
from liaoran.schema.retype_plan import RetypePlan, plan_retype
from liaoran.schema.retype_run import LOCK, STATE, RetypeOver, RetypeRun

if TYPE_CHECKING:
    from liaoran.infra.database import Database

INLINE_ROWS = 2_000
"""Objects with at most so many records are converted at once, in the caller's transaction."""

PASSES = 2
"""Passes over the tables before the switch: the second converts what was written during the first, the switch itself
what was written during the second."""

ATTEMPTS = 5

_ADD = """
INSERT INTO {org}.retypes (id, object, field, old_type, new_type, definition, number, state, total, accept_rejects,
    zone, actor_id, actor_label)
SELECT :id, :object, :field, :old_type, :new_type, :definition, 1 + count(*) FILTER (WHERE state = 'done'), 'running',
    :total, :accept_rejects, :zone, :actor_id, :actor_label
FROM {org}.retypes WHERE object = :object AND field = :field
"""
_GET = "SELECT * FROM {org}.retypes WHERE id = :id"
_OPEN = "SELECT * FROM {org}.retypes WHERE object = :object AND state IN ('running', 'held') ORDER BY started_at, id"
_REJECTS = """
SELECT record_id, value, problem FROM {org}.retype_rejects WHERE retype = :id ORDER BY record_id
LIMIT :limit OFFSET :offset
"""
RUNNING = Text("这个字段正在转换类型", "this field is being retyped already")


@dataclass(frozen=True)
class Retype:
    """A retyping on its way. ``state`` is running, held (``decide_retype`` goes on), done, cancelled or failed;
    ``done`` of ``total`` values are converted or ``rejected``. ``message`` says why it is held or failed."""

    id: UUID
    object: str
    field: str
    old_type: str
    new_type: str
    state: str
    total: int
    done: int
    rejected: int
    started_at: datetime
    ended_at: datetime | None
    message: Text


async def start_retype(
    tx: Transaction,
    object_key: str,
    field_key: str,
    change: Mapping[str, Any],
    *,
    accept_rejects: bool = False,
    actor: Actor | None = None,
) -> Retype:
    """Begins a retyping to ``change`` (as for ``retype_plan.plan_retype``); small Objects are done when it returns.

    Where values do not convert it stops before the switch, unless ``accept_rejects``. Raises like ``plan_retype``, and
    Conflict (``retype_running``) where the Field is being retyped already.
    """
    await lock_catalogue(tx)
    plan = await plan_retype(tx, object_key, field_key, change)
    one = plan.snapshot.object(object_key)
    rows, filled = await count_values(tx, one, plan.former)
    retype_id = new_id()
    row = {
        "id": retype_id,
        "object": object_key,
        "field": field_key,
        "old_type": plan.former.type,
        "new_type": plan.field.type,
        "definition": _settled(change, plan),
        "total": filled,
        "accept_rejects": accept_rejects,
        "zone": plan.snapshot.zone,
        "actor_id": actor.id if actor else None,
        "actor_label": actor.label if actor else "system",
    }
    try:
        async with tx.savepoint():
            await tx.execute(_ADD, row)
    except psycopg.errors.UniqueViolation as error:
        raise Conflict(RUNNING, code="retype_running") from error
    await ddl.add_staging_columns(tx, one, list(staging_of(plan.fields).columns()))
    if rows > INLINE_ROWS:
        await _defer(tx, retype_id)
    else:
        run = await RetypeRun.open(tx, retype_id)
        await run.convert_all(tx)
        await run.make_indexes(tx)
        await run.end(tx, actor)
    return await read_retype(tx, retype_id)


def _settled(change: Mapping[str, Any], plan: RetypePlan) -> dict[str, Any]:
    """The change with the choices that were made of the values, so that the job does not make them again."""
    choices = plan.entries[-1].definition["choices"]
    return {"type": plan.field.type, "options": dict(change.get("options") or {}), "choices": choices}


async def read_retype(tx: Transaction, retype_id: UUID) -> Retype:
    """How far a retyping is. Raises NotFound."""
    row = await tx.fetch_one(_GET, {"id": retype_id})
    if row is None:
        raise NotFound(Text("没有这次类型转换", "there is no such retyping"), code="unknown_retype")
    return _retype(row)


def _retype(row: Mapping[str, Any]) -> Retype:
    names = [name for name in Retype.__dataclass_fields__ if name != "message"]
    return Retype(**{name: row[name] for name in names}, message=Text.from_json(row["message"]))


async def list_retypes(tx: Transaction, object_key: str) -> list[Retype]:
    """The retypings of an Object's Fields that run or wait for a decision, the oldest first."""
    return [_retype(row) for row in await tx.fetch_all(_OPEN, {"object": object_key})]


async def list_rejects(tx: Transaction, retype_id: UUID, *, limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
    """Current records whose value does not convert: ``{"record_id", "value", "problem": {code, message}}``."""
    return await tx.fetch_all(_REJECTS, {"id": retype_id, "limit": limit, "offset": offset})


async def decide_retype(tx: Transaction, retype_id: UUID, *, go_on: bool, actor: Actor | None = None) -> Retype:
    """Goes on with a held retyping without the values that do not convert, or cancels a held or running one.

    Raises Conflict (``retype_over``) where it is over already.
    """
    row = await tx.fetch_one(LOCK, {"id": retype_id})
    if row is None or row["state"] not in ("held", "running"):
        found = await read_retype(tx, retype_id)
        message = Text("这次转换已经结束（{state}）", "this retyping is over already ({state})")
        raise Conflict(message.fill(state=found.state), code="retype_over")
    if go_on and row["state"] == "held":
        await tx.execute("UPDATE {org}.retypes SET accept_rejects = true WHERE id = :id", {"id": retype_id})
        await tx.execute(STATE, {"id": retype_id, "state": "running", "message": None})
        if row["total"] > INLINE_ROWS:
            await _defer(tx, retype_id)
        else:
            await (await RetypeRun.open(tx, retype_id)).end(tx, actor)
    elif not go_on:
        if row["job"] is not None:
            await cancel(tx, row["job"])
        await _drop(tx, retype_id, "cancelled")
    return await read_retype(tx, retype_id)


@job("schema.retype", retries=3)
async def run_retype(database: Database, schema: str, *, retype: str) -> None:
    """The job: chunk by chunk, each in a transaction of its own, then the switch. Begun again after a crash it goes on
    where it was; while somebody else holds the table it is tried again later."""
    retype_id = UUID(retype)
    try:
        async with database.transaction(schema) as tx:
            run = await RetypeRun.open(tx, retype_id)
        for _ in range(PASSES):
            while await _one_chunk(database, schema, run):
                pass
        async with database.transaction(schema, statement_seconds=0) as tx:
            run = await RetypeRun.open(tx, retype_id)
            await run.make_indexes(tx)
        async with database.transaction(schema, statement_seconds=0) as tx:
            await (await RetypeRun.open(tx, retype_id)).end(tx, None)
    except RetypeOver:
        return
    except LiaoranError as refused:
        if refused.extra.get("retryable"):
            raise
        async with database.transaction(schema) as tx:
            await _drop(tx, retype_id, "failed", refused.message)


async def _one_chunk(database: Database, schema: str, run: RetypeRun) -> bool:
    """One chunk in a transaction of its own, again where it met a deadlock with somebody who writes."""
    for attempt in range(ATTEMPTS):
        try:
            async with database.transaction(schema) as tx:
                return await run.convert_chunk(tx)
        except psycopg.Error as error:
            if not is_retryable(error) or attempt == ATTEMPTS - 1:
                raise
    return False


async def _defer(tx: Transaction, retype_id: UUID) -> None:
    number = await defer("schema.retype", tx, retype=str(retype_id))
    await tx.execute("UPDATE {org}.retypes SET job = :job WHERE id = :id", {"job": number, "id": retype_id})


async def _drop(tx: Transaction, retype_id: UUID, state: str, message: Text | None = None) -> None:
    """Ends a retyping without the switch: its staging columns go."""
    row = await tx.fetch_one(LOCK, {"id": retype_id})
    if row is None or row["state"] not in ("running", "held"):
        return
    snapshot = await load_snapshot(tx)
    one = snapshot.objects[row["object"]]
    await ddl.drop_staging_columns(tx, one, row["field"])
    shown = message.to_json() if message else None
    await tx.execute(STATE, {"id": retype_id, "state": state, "message": shown})
