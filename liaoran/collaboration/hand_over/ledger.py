"""The ledger of hand-overs: each with its plan, how far it is, what came of it, and what it changed beside records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.collaboration.hand_over.plan import Division, HandOverPlan
from liaoran.collaboration.tables import hand_over_changes, hand_overs
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text

State = Literal["waiting", "running", "done", "stopped", "undoing", "undone"]
MOST_TOLD = 200
"""Things that stayed where they were and are told of one by one; the others are counted."""
_NO_SUCH = Text("没有这次交接", "there is no such hand-over")
_ID = sa.bindparam("hand_over", type_=sa.Uuid)
_ADD = Statement(
    sa.insert(hand_overs),
    columns=[
        *("id", "person", "person_label", "reason", "plan", "state", "action", "total", "report"),
        *("started_at", "started_by", "started_by_label"),
    ],
)
_ONE = Statement(sa.select(hand_overs).where(hand_overs.c.id == _ID))
_HELD = Statement(sa.select(hand_overs).where(hand_overs.c.id == _ID).with_for_update())
_LIST = Statement(
    sa.select(hand_overs)
    .order_by(hand_overs.c.started_at.desc(), hand_overs.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_UNDER_WAY = Statement(
    sa.select(sa.func.count())
    .select_from(hand_overs)
    .where(
        hand_overs.c.person == sa.bindparam("person", type_=sa.Uuid),
        hand_overs.c.state.in_([sa.literal(one) for one in ("waiting", "running", "undoing")]),
    )
)
_KEEP = Statement(
    sa.update(hand_overs)
    .where(hand_overs.c.id == _ID)
    .values(
        state=sa.bindparam("new_state", type_=sa.Text),
        done=sa.bindparam("new_done", type_=sa.Integer),
        report=sa.bindparam("new_report", type_=pg.JSONB),
        finished_at=sa.bindparam("new_finished_at", type_=hand_overs.c.finished_at.type),
        undone_at=sa.bindparam("new_undone_at", type_=hand_overs.c.undone_at.type),
        undone_by_label=sa.bindparam("new_undone_by", type_=sa.Text),
    )
)
_NOTE = Statement(sa.insert(hand_over_changes), columns=["hand_over", "kind", "key", "before", "after"])
_CHANGES = Statement(
    sa.select(hand_over_changes).where(hand_over_changes.c.hand_over == _ID).order_by(hand_over_changes.c.seq.desc())
)
_FORGET = Statement(sa.delete(hand_over_changes).where(hand_over_changes.c.hand_over == _ID))


@dataclass
class HandOver:
    """One hand-over as it stands. ``division`` holds what was given to whom; ``kept`` what stayed where it was, told
    with the reason, ``kept_count`` how much that is; ``problem`` why it stopped."""

    id: UUID
    person: UUID
    person_label: str
    plan: HandOverPlan
    state: State
    action: UUID
    total: int
    started_at: datetime
    started_by: UUID
    started_by_label: str
    division: Division
    kept: list[dict[str, Any]] = field(default_factory=list)
    kept_count: int = 0
    problem: dict[str, str] | None = None
    names: dict[str, str] = field(default_factory=dict)
    finished_at: datetime | None = None
    undone_at: datetime | None = None
    undone_by_label: str | None = None
    taken_back: int = 0

    @property
    def done(self) -> int:
        """How many things have been dealt with, given or left where they were."""
        return sum(self.division.total(part) for part in self.division.given) + self.kept_count

    def keep(self, part: str, why: Text, *, object_key: str | None = None, record: UUID | str | None = None) -> None:
        """Notes that something stays where it is, and why."""
        self.kept_count += 1
        if len(self.kept) < MOST_TOLD:
            told = {"part": part, "object": object_key, "record": str(record) if record else None}
            self.kept.append({**told, "message": why.to_json()})

    def report(self) -> dict[str, Any]:
        """What is kept of it beside the columns."""
        return {
            "given": self.division.given,
            "kept": self.kept,
            "kept_count": self.kept_count,
            "problem": self.problem,
            "names": self.names,
            "taken_back": self.taken_back,
        }


async def add_hand_over(tx: Transaction, one: HandOver) -> None:
    """Enters a new hand-over."""
    values = {
        "id": one.id,
        "person": one.person,
        "person_label": one.person_label,
        "reason": one.plan.reason,
        "plan": one.plan.model_dump(mode="json"),
        "state": one.state,
        "action": one.action,
        "total": one.total,
        "report": one.report(),
        "started_at": one.started_at,
        "started_by": one.started_by,
        "started_by_label": one.started_by_label,
    }
    await tx.execute(_ADD, values)


async def find_hand_over(tx: Transaction, ident: UUID, *, hold: bool = False) -> HandOver:
    """The hand-over; ``hold`` locks it to the end of the transaction. Raises NotFound."""
    row = await tx.fetch_one(_HELD if hold else _ONE, {"hand_over": ident})
    if row is None:
        raise NotFound(_NO_SUCH)
    return _read(row)


async def list_hand_overs(tx: Transaction, most: int = 100) -> list[HandOver]:
    """The latest first."""
    return [_read(row) for row in await tx.fetch_all(_LIST, {"most": most})]


async def is_under_way(tx: Transaction, person: UUID) -> bool:
    """Whether a hand-over of this person, or its undo, waits or runs."""
    return bool(await tx.fetch_value(_UNDER_WAY, {"person": person}))


async def keep_hand_over(tx: Transaction, one: HandOver) -> None:
    """Keeps how far it is and what came of it."""
    values = {
        "hand_over": one.id,
        "new_state": one.state,
        "new_done": one.done,
        "new_report": one.report(),
        "new_finished_at": one.finished_at,
        "new_undone_at": one.undone_at,
        "new_undone_by": one.undone_by_label,
    }
    await tx.execute(_KEEP, values)


def note_change(tx: Transaction, one: HandOver, kind: str, key: object, before: object, after: object) -> None:
    """Notes what was changed beside records, in the transaction of the change; None stands for "not there"."""
    tx.send(_NOTE, {"hand_over": one.id, "kind": kind, "key": str(key), "before": before, "after": after})


async def changes_of(tx: Transaction, one: HandOver) -> Iterator[dict[str, Any]]:
    """What was changed beside records, the last change first."""
    return iter(await tx.fetch_all(_CHANGES, {"hand_over": one.id}))


async def forget_changes(tx: Transaction, one: HandOver) -> None:
    """Forgets what was changed beside records, once it is taken back."""
    await tx.execute(_FORGET, {"hand_over": one.id})


def finished(one: HandOver, state: State, problem: Text | None = None) -> HandOver:
    """The hand-over at its end."""
    one.state, one.finished_at = state, datetime.now(UTC)
    one.problem = problem.to_json() if problem else None
    return one


def _read(row: dict[str, Any]) -> HandOver:
    plan, report = HandOverPlan.model_validate(row["plan"]), row["report"]
    same = ("id", "person", "person_label", "state", "action", "total", "started_at", "started_by", "started_by_label")
    return HandOver(
        **{name: row[name] for name in (*same, "finished_at", "undone_at", "undone_by_label")},
        plan=plan,
        division=Division(plan, report.get("given") or {}),
        kept=report.get("kept") or [],
        kept_count=report.get("kept_count") or 0,
        problem=report.get("problem"),
        names=report.get("names") or {},
        taken_back=report.get("taken_back") or 0,
    )
