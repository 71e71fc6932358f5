"""The lock: while a locking approval runs on a record, nothing about the record changes, whatever the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.kernel.conditions import Leaf
from liaoran.kernel.errors import Problem
from liaoran.kernel.ports import Check
from liaoran.kernel.text import Text
from liaoran.process.approvals.hours import moment_text
from liaoran.process.approvals.tables import approval_seats, approval_steps, approvals
from liaoran.process.moves import Track
from liaoran.query.compilation import Row
from liaoran.query.display import instant_text, json_object, literal
from liaoran.query.evidence import Evidence
from liaoran.query.operators.base import Reading
from liaoran.query.subjects import Subject

LOCKED = Text("记录正在审批，暂时不能修改", "an approval is running; the record cannot be changed meanwhile")
LOCKED_BY = Text(
    "“{approval}”审批中，记录已锁定：自 {since} 起由{who}处理。需要修改请先撤回审批",
    "locked by “{approval}”: it has been with {who} since {since}. Recall the approval to change the record",
)
HOLDER = "holder"


class LockedByApproval(Evidence):
    """A running approval that locks the record. ``{"except": "holder"}`` leaves out those in which it is the actor's own
    turn."""

    key = "approval_lock"
    label = Text("审批锁定", "Lock by an approval")

    def read(self, raw: Any, subject: Subject) -> Reading:
        """Nothing, or for everybody but whose turn it is."""
        if raw not in (None, {}, {"except": HOLDER}):
            raise subject.refuse(
                Text("只能为空或 {{except: holder}}", "must be empty or {{except: holder}}").fill(), raw
            )
        return Reading((), bool(raw))

    def proves(self, row: Row, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """There is one."""
        locking = list(_locking(row))
        if reading.form:
            mine = sa.select(approval_seats.c.id).where(
                approval_seats.c.approval == approvals.c.id,
                approval_seats.c.state == literal("open"),
                approval_seats.c.person == sa.bindparam("actor_person", type_=sa.Uuid),
            )
            locking.append(sa.not_(sa.exists(mine)))
        return sa.exists(sa.select(sa.literal_column("1")).select_from(approvals).where(*locking)).correlate(row.source)

    def found(self, row: Row) -> sa.ColumnElement[Any]:
        """``{label, since, holders}`` of the approval."""
        open_seats = (
            sa.select(
                sa.func.json_agg(pg.aggregate_order_by(approval_seats.c.person_label, approval_seats.c.opened_at))
            )
            .select_from(approval_seats.join(approval_steps, approval_steps.c.id == approval_seats.c.step))
            .where(
                approval_seats.c.approval == approvals.c.id,
                approval_seats.c.state == literal("open"),
                approval_steps.c.state == literal("open"),
            )
            .correlate(approvals)
            .scalar_subquery()
        )
        since = (
            sa.select(sa.func.min(approval_steps.c.opened_at))
            .where(approval_steps.c.approval == approvals.c.id, approval_steps.c.state == literal("open"))
            .correlate(approvals)
            .scalar_subquery()
        )
        told = json_object(
            ("id", approvals.c.id),
            ("label", approvals.c.label),
            ("since", instant_text(sa.func.coalesce(since, approvals.c.started_at))),
            ("holders", open_seats),
        )
        return sa.select(told).where(*_locking(row)).limit(1).correlate(row.source).scalar_subquery()

    def spoken(self, raw: Any, subject: Subject) -> Text:
        """``锁定记录的审批``."""
        return Text("锁定记录的审批", "an approval that locks the record")


def _locking(row: Row) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        approvals.c.record_id == row.column("id"),
        approvals.c.state == literal("running"),
        approvals.c.lock.is_(sa.true()),
    )


def lock_of(track: Track, *, but_holder: bool = False) -> Check | None:
    """The Check that nothing locks a record; None where no approval of its Processes ever does. ``but_holder`` lets
    those through whose turn it is."""
    if not any(approval.lock for process in track.processes for approval in process.approvals):
        return None
    return _LOCK_BUT_HOLDER if but_holder else _LOCK


def _tell(problem: Problem, found: Sequence[Any], zone: str) -> Problem:
    """Names the approval, who holds it and since when."""
    locking = next((one for one in found if isinstance(one, Mapping)), None)
    if locking is None:
        return problem
    names = locking["holders"] or []
    who = Text("、".join(names), ", ".join(names))
    since = moment_text(datetime.fromisoformat(locking["since"]), zone)
    message = LOCKED_BY.fill(approval=Text.from_json(locking["label"]), who=who, since=since)
    return replace(problem, message=message, evidence={**problem.evidence, **locking})


def _check(value: Any) -> Check:
    problem = Problem("locked_by_approval", LOCKED, evidence={"part": "lock", "key": "approval_lock"})
    leaf = Leaf(f"evidence({LockedByApproval.key})", "has_no", value)
    return Check(("approval_lock", value is not None), leaf, problem, _tell)


_LOCK, _LOCK_BUT_HOLDER = _check(None), _check({"except": HOLDER})
