"""The lock: while a locking approval runs on a record, nothing about the record changes, whatever the door."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.flights import Row
from liaoran.infra.statements import Statement
from liaoran.kernel.errors import Problem
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.process.approvals.hours import moment_text
from liaoran.process.approvals.tables import approval_seats, approval_steps, approvals
from liaoran.records.context import WriteContext
from liaoran.schema.snapshot import Object

LOCKED = Text(
    "“{approval}”审批中，记录已锁定：自 {since} 起由{who}处理。请等审批结束；现在就要改，请先撤回审批",
    "locked by “{approval}”: it has been with {who} since {since}. Wait for its end, or recall it to change the record",
)


def ask_for_locks(context: WriteContext, candidates: Sequence[Candidate], *, but_holder: bool = False) -> None:
    """Sends the question which of these records a running approval locks; each that is locked gets a problem that names
    the approval, who holds it and since when. ``but_holder`` lets through whoever's turn it is. What a change of the
    Process carries along is not asked about, nor is anything where no Process has an approval that locks."""
    if not _locks(context.object):
        return
    asked: dict[UUID, list[Candidate]] = {}
    for one in candidates:
        if one.old is not None and not one.carried:
            asked.setdefault(one.id, []).append(one)
    if not asked:
        return

    def tell(rows: Sequence[Row]) -> None:
        for row in rows:
            for candidate in asked[row["record_id"]]:
                candidate.problems.append(_problem(row, context.actor.zone))

    holder = context.actor.person if but_holder else None
    context.tx.send(_LOCKING, {"records": list(asked), "holder": holder}, tell)


def _locks(owner: Object) -> bool:
    return any(approval.lock for process in owner.processes for approval in process.approvals)


def _problem(row: Row, zone: str) -> Problem:
    names: list[str] = row["holders"] or []
    who, label = Text("、".join(names), ", ".join(names)), Text.from_json(row["label"])
    message = LOCKED.fill(approval=label, who=who, since=moment_text(row["since"], zone))
    evidence: dict[str, Any] = {
        "part": "lock",
        "key": row["approval"],
        "approval": str(row["id"]),
        "approval_label": label.to_json(),
        "since": row["since"].isoformat(),
        "holders": names,
    }
    return Problem("locked_by_approval", message, evidence=evidence)


def _locking() -> Statement:
    own = approval_seats.c.approval == approvals.c.id, approval_seats.c.state == sa.literal("open")
    seated = approval_seats.join(approval_steps, approval_steps.c.id == approval_seats.c.step)
    in_turn = approval_steps.c.state == sa.literal("open")
    names = sa.func.array_agg(
        pg.aggregate_order_by(approval_seats.c.person_label, approval_seats.c.opened_at, approval_seats.c.id)
    )
    holder = sa.bindparam("holder", type_=sa.Uuid)
    mine = sa.exists(
        sa.select(approval_seats.c.id).select_from(seated).where(*own, in_turn, approval_seats.c.person == holder)
    )
    return Statement(
        sa.select(
            approvals.c.id,
            approvals.c.record_id,
            approvals.c.approval,
            approvals.c.label,
            sa.select(names).select_from(seated).where(*own, in_turn).scalar_subquery().label("holders"),
            sa.func.coalesce(
                sa.select(sa.func.min(approval_steps.c.opened_at))
                .where(approval_steps.c.approval == approvals.c.id, in_turn)
                .scalar_subquery(),
                approvals.c.started_at,
            ).label("since"),
        ).where(
            approvals.c.record_id == sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid))),
            approvals.c.state == sa.literal("running"),
            approvals.c.lock.is_(sa.true()),
            sa.or_(holder.is_(None), sa.not_(mine)),
        )
    )


_LOCKING = _locking()
