"""Undoing a hand-over: records, places and shares go back to whom they were with, in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import structlog

from liaoran import audit
from liaoran.access.actors import scope_of_person
from liaoran.access.scope import Scope
from liaoran.collaboration.hand_over.beside import CHANGED_SINCE, Change, Work
from liaoran.collaboration.hand_over.kinds import KIND_OF_CHANGE
from liaoran.collaboration.hand_over.ledger import (
    HandOver,
    changes_of,
    find_hand_over,
    forget_changes,
    is_under_way,
    keep_hand_over,
)
from liaoran.collaboration.hand_over.parts import PERSON
from liaoran.infra.database import Database
from liaoran.infra.jobs import defer, job
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Forbidden, LiaoranError
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.text import Text
from liaoran.records.actions import find_action
from liaoran.records.undo import undo
from liaoran.schema.catalogue import load_snapshot

JOB = "collaboration.undo_hand_over"
_NOT_NOW = Text("这次交接现在不能撤销（{state}）", "this hand-over cannot be undone now ({state})")
_STATES = {
    "waiting": Text("等待中", "waiting"),
    "running": Text("进行中", "running"),
    "undoing": Text("正在撤销", "being undone"),
    "undone": Text("已撤销", "undone"),
}
_BUSY = Text("这位同事的另一次交接正在进行", "another hand-over of this person is under way")
_log = structlog.get_logger(__name__)


async def begin_undo(tx: Transaction, scope: Scope, ident: UUID) -> HandOver:
    """Queues the undo of a hand-over that is over. Raises Forbidden for everybody but administrators, NotFound, Conflict
    where it is not over, or undone already."""
    scope.require_administrator()
    if scope.actor.person is None:
        raise Forbidden(_BUSY)
    one = await find_hand_over(tx, ident, hold=True)
    if one.state not in ("done", "stopped"):
        raise Conflict(_NOT_NOW.fill(state=_STATES[one.state]), code="not_undoable")
    await tx.lock(f"hand_over/{one.person}")
    if await is_under_way(tx, one.person):
        raise Conflict(_BUSY, code="hand_over_under_way")
    one.state, one.undone_by_label = "undoing", scope.actor.label
    await keep_hand_over(tx, one)
    await defer(JOB, tx, hand_over=str(one.id), person=str(scope.actor.person))
    return one


@job(JOB)
async def run_undo(database: Database, schema: str, hand_over: str, person: str) -> None:
    """Takes all of it back in one transaction, so that a restart finds it either done or untouched. What somebody else
    has changed since stays as it is, and is told of."""
    try:
        async with database.transaction(schema, statement_seconds=0) as tx:
            one = await find_hand_over(tx, UUID(hand_over), hold=True)
            if one.state != "undoing":
                return
            scope = await scope_of_person(tx, await load_snapshot(tx), UUID(person))
            scope.require_administrator()
            await _take_back(tx, scope, one)
    except LiaoranError as refused:
        _log.warning("hand_over_not_undone", schema=schema, hand_over=hand_over, why=refused.message.en)
        async with database.transaction(schema) as tx:
            one = await find_hand_over(tx, UUID(hand_over), hold=True)
            one.state, one.problem, one.undone_by_label = "done", refused.message.to_json(), None
            await keep_hand_over(tx, one)


async def _take_back(tx: Transaction, scope: Scope, one: HandOver) -> None:
    one.kept, one.kept_count, one.problem, one.taken_back = [], 0, None, 0
    given = one.done
    if await find_action(tx, scope, one.action) is not None:
        report = await undo(tx, scope, one.action, partly=True, carried=True)
        one.taken_back += report.undone
        for record, problems in report.kept:
            one.keep("records", problems[0].message, record=record)
    now = datetime.now(UTC)
    work = Work(tx, scope, one, Cause(Door.UNDO, details={"hand_over": str(one.id)}), now, {})
    for row in await changes_of(tx, one):
        change = Change(row["kind"], row["key"], row["before"], row["after"])
        kind = KIND_OF_CHANGE[change.kind]
        if await kind.put_back(work, change):
            one.taken_back += 1
        else:
            one.keep(kind.key, CHANGED_SINCE)
    await forget_changes(tx, one)
    one.state, one.undone_at = "undone", now
    await keep_hand_over(tx, one)
    facts = {"id": str(one.id), "label": one.person_label, "count": given, "kept": one.kept_count}
    audit.note(tx, "hand_over.undone", scope.actor, object=PERSON, record=one.person, facts=facts)
