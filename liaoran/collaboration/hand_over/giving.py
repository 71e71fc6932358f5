"""The hand-over itself: begun in a request, done in the background, step by step so that it can go on where it stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog

from liaoran import audit
from liaoran.access.actors import scope_of_person
from liaoran.access.scope import Scope
from liaoran.collaboration.hand_over.beside import Kind, Work
from liaoran.collaboration.hand_over.holdings import count_plan
from liaoran.collaboration.hand_over.kinds import KINDS
from liaoran.collaboration.hand_over.ledger import (
    HandOver,
    add_hand_over,
    find_hand_over,
    finished,
    is_under_way,
    keep_hand_over,
)
from liaoran.collaboration.hand_over.parts import MANAGER, PERSON, Part, record_parts
from liaoran.collaboration.hand_over.plan import Division, HandOverPlan, check_plan
from liaoran.collaboration.hand_over.records_held import give_page, reporting_line
from liaoran.infra.database import Database
from liaoran.infra.jobs import defer, job
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Forbidden, LiaoranError
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.records.changes import Update
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot

JOB = "collaboration.hand_over"
STATUS, LEFT = "status", "left"
_BUSY = Text("这位同事的交接正在进行，请等它完成", "a hand-over of this person is under way; wait until it is done")
_PEOPLE_ONLY = Text("只有人员可以发起交接", "only a person can begin a hand-over")
_STOPPED = Text(
    "交接因系统错误中断，已交接的部分可以撤销",
    "the hand-over was stopped by an internal error; what was given can be undone",
)
_log = structlog.get_logger(__name__)


async def begin_hand_over(tx: Transaction, scope: Scope, plan: HandOverPlan) -> HandOver:
    """Checks and enters a hand-over and queues its job. Who leaves is marked so at once and can no longer sign in.

    Raises Forbidden for everybody but administrators, Refused as ``check_plan`` and where the last administrator would
    leave, Conflict where one is under way.
    """
    scope.require_administrator()
    if scope.actor.person is None:
        raise Forbidden(_PEOPLE_ONLY)
    await tx.lock(f"hand_over/{plan.person}")
    if await is_under_way(tx, plan.person):
        raise Conflict(_BUSY, code="hand_over_under_way")
    names = await check_plan(tx, scope, plan)
    one = HandOver(
        id=new_id(),
        person=plan.person,
        person_label=names[plan.person],
        plan=plan,
        state="waiting",
        action=new_id(),
        total=await count_plan(tx, scope, plan),
        started_at=datetime.now(UTC),
        started_by=scope.actor.person,
        started_by_label=scope.actor.label,
        division=Division(plan),
        names={str(ident): name for ident, name in names.items()},
    )
    await add_hand_over(tx, one)
    if plan.leaves:
        await _mark_left(tx, scope, one)
    await defer(JOB, tx, hand_over=str(one.id))
    return one


async def _mark_left(tx: Transaction, scope: Scope, one: HandOver) -> None:
    status = scope.snapshot.object(PERSON).fields.get(STATUS)
    if status is not None and not status.retired and LEFT in status.choice_by_key:
        await write(tx, scope, [Update(PERSON, one.person, {STATUS: LEFT})], cause_of(one))


def cause_of(one: HandOver) -> Cause:
    """Why the records change: all of them in one action."""
    return Cause(Door.HAND_OVER, one.action, note=one.plan.reason, details={"hand_over": str(one.id)})


@job(JOB)
async def run_hand_over(database: Database, schema: str, hand_over: str) -> None:
    """Gives everything on, a page of records or a kind of thing in each transaction."""
    run = _Run(database, schema, UUID(hand_over))
    try:
        await run.all()
    except LiaoranError as refused:
        await run.end("stopped", refused.message)
    except Exception:
        _log.exception("hand_over_failed", schema=schema, hand_over=hand_over)
        await run.end("stopped", _STOPPED)
        raise


@dataclass
class _Run:
    database: Database
    schema: str
    ident: UUID

    async def all(self) -> None:
        """Part by part, then kind by kind."""
        async with self.step() as work:
            if work is None:
                return
            snapshot, plan = work.scope.snapshot, work.hand_over.plan
            work.hand_over.state = "running"
        for part in record_parts(snapshot):
            await self.part(part, plan)
        for kind in KINDS:
            if plan.extent(kind.key) != "none":
                await self.kind(kind)
        await self.end("done")

    async def part(self, part: Part, plan: HandOverPlan) -> None:
        """All records of a part. What stayed where it was is passed by on the way, so the run comes to an end."""
        extent = plan.extent(part.key, is_task=part.is_task)
        if extent == "none":
            return
        cursor: str | None = None
        while True:
            async with self.step() as work:
                if work is None:
                    return
                line = None
                if (part.object, part.field) == (PERSON, MANAGER):
                    line = await reporting_line(work.tx, work.scope, plan.person, plan.successors)
                cursor = await give_page(work, part, extent, cursor, line)
            if cursor is None:
                return

    async def kind(self, kind: Kind) -> None:
        """All things of a kind."""
        async with self.step() as work:
            if work is not None:
                await kind.give(work)

    async def end(self, state: str, problem: Text | None = None) -> None:
        """Notes how it ended."""
        async with self.database.transaction(self.schema) as tx:
            one = await find_hand_over(tx, self.ident, hold=True)
            if one.state not in ("waiting", "running"):
                return
            await keep_hand_over(tx, finished(one, "done" if state == "done" else "stopped", problem))
            scope = await scope_of_person(tx, await load_snapshot(tx), one.started_by)
            facts = {
                "id": str(one.id),
                "label": one.person_label,
                "reason": one.plan.reason,
                "to": [one.names[str(each)] for each in one.plan.successors],
                "count": one.done - one.kept_count,
                "kept": one.kept_count,
            }
            audit.note(tx, "hand_over.done", scope.actor, object=PERSON, record=one.person, facts=facts)

    @asynccontextmanager
    async def step(self) -> AsyncIterator[Work | None]:
        """One transaction of the run, with what came of it kept at the end; None where it is over already."""
        async with self.database.transaction(self.schema, statement_seconds=0) as tx:
            one = await find_hand_over(tx, self.ident, hold=True)
            if one.state not in ("waiting", "running"):
                yield None
                return
            scope = await scope_of_person(tx, await load_snapshot(tx), one.started_by)
            scope.require_administrator()
            names = {UUID(ident): name for ident, name in one.names.items()}
            yield Work(tx, scope, one, cause_of(one), datetime.now(UTC), names)
            await keep_hand_over(tx, one)
