"""Undo of large actions in the background: a bulk edit or an import of many thousand records takes its time to go back."""

from __future__ import annotations

from uuid import UUID

import structlog

from liaoran.access.actors import scope_of_person
from liaoran.access.scope import Scope
from liaoran.infra.database import Database
from liaoran.infra.jobs import defer, is_pending, job
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, LiaoranError, NotFound, Refused
from liaoran.kernel.events import Door
from liaoran.records.actions import Action, find_action, last_action
from liaoran.records.undo import AS_A_WHOLE, DONE, NOTHING, Undone, undo
from liaoran.schema.catalogue import load_snapshot

JOB = "records.undo"
LARGE = 5_000
"""From so many changes on, undo belongs into the background."""
_log = structlog.get_logger(__name__)


async def undo_in_time(tx: Transaction, scope: Scope, action: UUID | None = None) -> Undone | Action:
    """Undoes an action, or, where it is large, has it undone in the background and gives the action. Raises as ``undo``
    does."""
    found = await last_action(tx, scope) if action is None else await find_action(tx, scope, action)
    if found is not None and found.records > LARGE:
        return await undo_later(tx, scope, found.id)
    return await undo(tx, scope, action)


async def is_being_undone(tx: Transaction, action: UUID) -> bool:
    """Whether the background has it still to do, or is at it."""
    return await is_pending(tx, _once(action))


async def undo_later(tx: Transaction, scope: Scope, action: UUID | None = None) -> Action:
    """Queues the undo of an action, without ``action`` of the actor's last one, and gives it. Records that cannot go
    back are left out. Raises as ``undo`` does where it is clear beforehand that nothing will come of it."""
    found = await last_action(tx, scope) if action is None else await find_action(tx, scope, action)
    if found is None or scope.actor.person is None or (found.actor_id != scope.actor.id and not scope.is_administrator):
        raise NotFound(NOTHING, code="nothing_to_undo")
    if found.undone_at is not None:
        raise Conflict(DONE, code="already_undone")
    if found.door == Door.HAND_OVER:
        raise Refused(AS_A_WHOLE, code="part_of_a_hand_over")
    await defer(JOB, tx, once=_once(found.id), action=str(found.id), person=str(scope.actor.person))
    return found


def _once(action: UUID) -> str:
    return f"undo/{action}"


@job(JOB)
async def run_undo(database: Database, schema: str, action: str, person: str) -> None:
    """Takes the action back in one transaction, so that a restart finds it either done or untouched."""
    try:
        async with database.transaction(schema, statement_seconds=0) as tx:
            scope = await scope_of_person(tx, await load_snapshot(tx), UUID(person))
            report = await undo(tx, scope, UUID(action), partly=True)
    except LiaoranError as refused:
        _log.warning("undo_refused", schema=schema, action=action, why=refused.message.en)
        return
    _log.info("undone", schema=schema, action=action, records=report.undone, kept=len(report.kept))
