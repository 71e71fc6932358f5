"""What an undone move takes back with it, as far as nobody has touched it since: the tasks that it made, the end that it
put to others, the hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.kernel.events import Cause, Door, EventKind
from liaoran.process.tasks import TaskObject, is_open, task_object, tasks_of
from liaoran.records.changes import Change, Delete, Update
from liaoran.records.context import WriteContext
from liaoran.records.tables import events
from liaoran.records.write import write

if TYPE_CHECKING:
    from liaoran.process.following import Made

_GIVEN = ("owner", "department")
_FOLLOWED = Statement(
    sa.select(events.c.record_id, events.c.kind, events.c.changes)
    .where(
        events.c.record_id == sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid))),
        events.c.door == str(Door.PROCESS),
        events.c.cause["action"].astext == sa.bindparam("undone", type_=sa.Text),
    )
    .order_by(events.c.seq)
)
"""What a Process did to records by itself upon an action."""


async def take_back(context: WriteContext, acting: Scope, moves: Sequence[Made], cause: Cause) -> None:
    """Takes back what followed from the moves that are being undone."""
    if not moves:
        return
    where = task_object(context.snapshot, context.object.key)
    if where is not None:
        await _take_back_tasks(context, acting, where, moves, cause)
    await _hand_back(context, acting, moves, cause)


async def _take_back_tasks(
    context: WriteContext, acting: Scope, where: TaskObject, moves: Sequence[Made], cause: Cause
) -> None:
    """Removes the tasks that the moves made, and opens again those that they cancelled."""
    stays = [(one.candidate.id, *one.left) for one in moves if one.left is not None]
    stays += [(one.candidate.id, one.process, one.state) for one in moves]
    found = await tasks_of(context, acting, where, [one for one in stays if one[2].actions])
    followed = await _followed(context, [UUID(row["id"]) for row in found])
    kinds = {row["record_id"]: EventKind(row["kind"]) for row in followed}
    reopened = {where.form.status: where.form.open}
    changes: list[Change] = []
    for row in found:
        task, status = UUID(row["id"]), row[where.form.status]
        if kinds.get(task) is EventKind.CREATED and is_open(where.form, row) and row["version"] == 1:
            changes.append(Delete(where.object.key, task))
        elif kinds.get(task) is EventKind.UPDATED and status == where.form.cancelled:
            changes.append(Update(where.object.key, task, reopened))
    if changes:
        await write(context.tx, acting, changes, cause)


async def _hand_back(context: WriteContext, acting: Scope, moves: Sequence[Made], cause: Cause) -> None:
    """Gives records back to whom they belonged before the move, unless they have been given to somebody else since."""
    now = {one.candidate.id: one.candidate.new for one in moves}
    former: dict[UUID, dict[str, Any]] = {}
    for row in await _followed(context, list(now)):
        record, changes = row["record_id"], row["changes"]
        handed = {key: changes[key] for key in _GIVEN if key in changes}
        if handed and all(now[record].get(key) == given for key, (_, given) in handed.items()):
            former[record] = {key: old for key, (old, _) in handed.items()}
    back = [Update(context.object.key, record, values) for record, values in former.items()]
    if back:
        await write(context.tx, acting, back, cause)


async def _followed(context: WriteContext, records: Sequence[UUID]) -> list[dict[str, Any]]:
    undone = str(context.cause.details.get("undo_of"))
    return await context.tx.fetch_all(_FOLLOWED, {"records": sorted(records), "undone": undone}) if records else []
