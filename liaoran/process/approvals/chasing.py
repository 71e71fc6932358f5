"""Chasing: what nobody has decided in time is brought to mind, then escalated; who has left is stood in for."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import structlog

from liaoran.access.scope import system_scope
from liaoran.infra.database import Database
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import LiaoranError
from liaoran.kernel.events import Cause, Door
from liaoran.process.approvals.advancing import set_times
from liaoran.process.approvals.approvers import seat_stand_ins
from liaoran.process.approvals.course import Course, Step
from liaoran.process.approvals.deciding import carry_on
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.hours import after_working_hours
from liaoran.process.approvals.keeping import keep_course, load_courses
from liaoran.process.approvals.tables import INSTANT, approval_seats, approval_steps, approvals
from liaoran.process.people import present_people
from liaoran.schema.catalogue import load_snapshot

_log = structlog.get_logger(__name__)
_NOW = sa.bindparam("now", type_=INSTANT)
_OPEN = approval_steps.c.state == sa.literal("open")
_DUE = Statement(
    sa.select(approval_steps.c.approval)
    .where(_OPEN, sa.or_(approval_steps.c.remind_at <= _NOW, approval_steps.c.escalate_at <= _NOW))
    .distinct()
)
_HOLDERS = Statement(
    sa.select(approval_seats.c.approval, approval_seats.c.person)
    .join(approvals, approvals.c.id == approval_seats.c.approval)
    .where(approval_seats.c.state == sa.literal("open"), approvals.c.state == sa.literal("running"))
)


@job("process.chase_approvals", cron="*/10 * * * *")
async def chase_all_approvals(database: Database, schema: str) -> None:
    """Every ten minutes, in every organisation: reminders, escalations, stand-ins for people who have left. Each
    approval in a transaction of its own, so that one that cannot be carried on holds up no other."""
    now = datetime.now(UTC)
    for organisation in await list_organisations(database):
        async with database.read(organisation.schema) as tx:
            wanting = await approvals_to_chase(tx, now)
        for ident in wanting:
            try:
                async with database.transaction(organisation.schema) as tx:
                    await chase(tx, ident, now)
            except LiaoranError as error:
                _log.warning("approval_not_chased", schema=organisation.schema, approval=str(ident), error=str(error))


async def approvals_to_chase(tx: Transaction, now: datetime) -> list[object]:
    """Ids of the running approvals in which a step is due, or somebody who should decide has left."""
    found = dict.fromkeys(await tx.fetch_column(_DUE, {"now": now}))
    holders = await tx.fetch_all(_HOLDERS)
    snapshot = await load_snapshot(tx)
    present = await present_people(tx, snapshot, {row["person"] for row in holders})
    found.update(dict.fromkeys(row["approval"] for row in holders if row["person"] not in present))
    return list(found)


async def chase(tx: Transaction, ident: object, now: datetime) -> None:
    """Does what is due about one approval at ``now``; nothing where it is over meanwhile."""
    snapshot = await load_snapshot(tx)
    desk = Desk(tx, system_scope(snapshot), Cause(Door.PROCESS), now)
    seen = await load_courses(tx, [ident])  # type: ignore[list-item]
    if not seen:
        return
    await desk.hold(seen[0].object, seen[0].record_id)
    (course,) = await load_courses(tx, [seen[0].id], hold=True)
    for step in course.open_steps if course.state == "running" else ():
        await _replace_missing(desk, course, step)
        if course.state != "running" or step.state != "open":
            continue
        if step.escalate_at is not None and step.escalate_at <= now:
            await _escalate(desk, course, step)
        elif step.remind_at is not None and step.remind_at <= now:
            await _remind(desk, course, step)
    keep_course(desk, course)


async def _replace_missing(desk: Desk, course: Course, step: Step) -> None:
    """Closes the seats of people who have left. Where the step cannot pass by those who remain, somebody stands in."""
    present = await present_people(desk.tx, desk.snapshot, {one.person for one in step.holders})
    missing = [one for one in step.holders if one.person not in present]
    if not missing:
        return
    for one in missing:
        one.settle("closed", desk.now)
    needed = {"any": 1, "all": len(step.votes) + len(missing), "count": step.count}[step.mode]
    if len([one for one in step.votes if one.state != "refused"]) < needed or not step.holders:
        names = await _stand_in(desk, course, step, "fallback")
    else:
        names = [one.person_label for one in step.holders]
    await desk.note(course, "gone", step, who=[one.person_label for one in missing], to=names)
    await carry_on(desk, course, step)


async def _escalate(desk: Desk, course: Course, step: Step) -> None:
    """The step goes to whom it escalates to; whoever has not decided by then does not decide it any more."""
    late = [one.person_label for one in step.holders]
    names = await _stand_in(desk, course, step, "escalated")
    await desk.note(course, "escalated", step, who=late, to=names)


async def _stand_in(desk: Desk, course: Course, step: Step, deciders: str) -> list[str]:
    before = [one.person for one in step.holders]
    for one in step.holders:
        one.settle("closed", desk.now)
    step.round += 1
    names = await seat_stand_ins(desk, course, step, deciders, before)  # type: ignore[arg-type]
    set_times(desk, step)
    step.escalate_at = None
    if deciders == "escalated":
        step.escalated_at = desk.now
    return names


async def _remind(desk: Desk, course: Course, step: Step) -> None:
    """Brings it to mind, and again after as long."""
    step.reminded_at = desk.now
    step.remind_at = after_working_hours(desk.now, step.remind_hours or 0, ZoneInfo(desk.snapshot.zone))
    await desk.note(course, "reminded", step, to=[one.person_label for one in step.holders])
