"""Undo: the inverse of one action, carried out by the write path like everything else.

The same gates hold on the way back. What somebody else has changed since stays theirs: undo refuses, or leaves that
record out, and says who changed what.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, NotFound, Problem, Refused
from liaoran.kernel.events import Cause, Door, EventKind
from liaoran.kernel.text import Text
from liaoran.records.actions import Action, find_action, last_action
from liaoran.records.batches import LIMIT
from liaoran.records.changes import Change, Delete, Rejected, Restore, Update, Written
from liaoran.records.context import WriteContext
from liaoran.records.loading import hold_rows
from liaoran.records.tables import actions, events
from liaoran.records.write import write
from liaoran.schema.snapshot import Field

NOTHING = Text("没有可以撤销的操作", "there is nothing to undo")
DONE = Text("这个操作已经撤销过了", "this action has been undone already")
CHANGED = Text(
    "“{record}”之后又被 {who} 修改（{fields}），不能撤销",
    "“{record}” was changed since by {who} ({fields}), so it cannot be undone",
)
GONE = Text("“{record}”之后已被删除，不能撤销", "“{record}” was deleted since, so it cannot be undone")
AS_A_WHOLE = Text(
    "这是一次交接，请在人员设置的交接页面整体撤销",
    "this was a hand-over; undo it as a whole where the hand-overs are listed, in the settings of people",
)
_ACTION = sa.bindparam("action", type_=sa.Uuid)
_IDS = sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))
_RECORDS = Statement(
    sa.select(events.c.object, events.c.record_id, sa.func.max(events.c.seq).label("last"))
    .where(events.c.action == _ACTION)
    .group_by(events.c.object, events.c.record_id)
    .order_by(sa.func.max(events.c.seq).desc())
)
_EVENTS = Statement(
    sa.select(events.c.record_id, events.c.record_label, events.c.kind, events.c.changes)
    .where(events.c.action == _ACTION, events.c.record_id == _IDS)
    .order_by(events.c.seq)
)
_SINCE = Statement(
    sa.select(events.c.record_id, events.c.actor_label, events.c.changes, events.c.kind, events.c.door, events.c.cause)
    .where(
        events.c.record_id == _IDS, events.c.seq > sa.bindparam("seq", type_=sa.BigInteger), events.c.action != _ACTION
    )
    .order_by(events.c.seq)
)
_NOTE_UNDONE = Statement(
    sa.update(actions).where(actions.c.id == _ACTION).values(undone_at=sa.bindparam("now", type_=actions.c.at.type))
)
_NOTE_UNDO = Statement(
    sa.update(actions)
    .where(actions.c.id == sa.bindparam("undo", type_=sa.Uuid))
    .values(undo_of=sa.bindparam("undone", type_=sa.Uuid))
)


@dataclass
class Undone:
    """What came of an undo. ``action`` is the undo itself; ``kept`` says which records stayed as they are and why."""

    action: UUID
    undone: int = 0
    kept: list[tuple[UUID, tuple[Problem, ...]]] = field(default_factory=list)


@dataclass
class _Effect:
    """What the action did to one record, all its Events together."""

    id: UUID
    last: int
    label: str | None = None
    kinds: list[EventKind] = field(default_factory=list)
    fields: dict[str, list[Any]] = field(default_factory=dict)

    def is_live(self) -> bool:
        """Whether the action left the record outside the bin."""
        return self.kinds[-1] not in (EventKind.DELETED, EventKind.MERGED)

    def was_live(self) -> bool:
        """Whether it was there, and not in the bin, before the action."""
        return self.kinds[0] not in (EventKind.CREATED, EventKind.RESTORED)


async def undo(
    tx: Transaction, scope: Scope, action: UUID | None = None, *, partly: bool = False, carried: bool = False
) -> Undone:
    """Undoes an action of the actor, without ``action`` the last one; administrators may undo anybody's.

    Raises NotFound where there is nothing to undo, which somebody else's action is to the actor, Conflict where it is
    undone already or a record was changed since, and whatever ``write`` raises. With ``partly`` records that cannot go back are
    left out and reported, which suits imports. ``carried`` is for a hand-over alone: its records go back as they went,
    without a gate, as part of undoing all of it.
    """
    found = await last_action(tx, scope) if action is None else await find_action(tx, scope, action, hold=True)
    if found is None or (found.actor_id != scope.actor.id and not scope.is_administrator):
        raise NotFound(NOTHING, code="nothing_to_undo")
    if found.undone_at is not None:
        raise Conflict(DONE, code="already_undone")
    if (found.door == Door.HAND_OVER) is not carried:
        raise Refused(AS_A_WHOLE, code="part_of_a_hand_over")
    cause = Cause(Door.UNDO, details={"undo_of": str(found.id)})
    report = Undone(cause.action)
    touched = await tx.fetch_all(_RECORDS, {"action": found.id})
    # the last thing done is the first to be undone, so that links find what they point to
    for key, group in groupby(touched, key=lambda row: row["object"]):
        context = WriteContext(tx, scope, scope.snapshot.object(key), cause, datetime.now(UTC))
        rows = list(group)
        for start in range(0, len(rows), LIMIT):
            effects = [_Effect(row["record_id"], row["last"]) for row in rows[start : start + LIMIT]]
            await _undo_part(context, found, effects, report, partly)
    await tx.execute(_NOTE_UNDONE, {"action": found.id, "now": datetime.now(UTC)})
    await tx.execute(_NOTE_UNDO, {"undo": cause.action, "undone": found.id})
    return report


async def _undo_part(
    context: WriteContext, undone: Action, effects: Sequence[_Effect], report: Undone, partly: bool
) -> None:
    tx, action, by_id = context.tx, undone.id, {one.id: one for one in effects}
    for event in await tx.fetch_all(_EVENTS, {"action": action, "ids": list(by_id)}):
        _add(by_id[event["record_id"]], event)
    objections = await _objections(context, action, by_id)
    if objections and not partly:
        problems = [problem for found in objections.values() for problem in found]
        raise Conflict(problems[0].message, code="changed_since", problems=problems)
    report.kept += [(record, tuple(found)) for record, found in objections.items()]
    going = [one for one in effects if one.id not in objections]
    for changes in _inverse(context, going, carried=undone.door == Door.HAND_OVER):
        outcomes = await write(tx, context.scope, changes, context.cause, all_or_nothing=not partly)
        for change, outcome in zip(changes, outcomes, strict=True):
            if isinstance(outcome, Rejected) and change.id is not None:
                report.kept.append((change.id, outcome.problems))
            elif isinstance(outcome, Written):
                report.undone += 1


def _add(effect: _Effect, event: Mapping[str, Any]) -> None:
    effect.kinds.append(EventKind(event["kind"]))
    effect.label = event["record_label"] or effect.label
    for key, (old, new) in event["changes"].items():
        effect.fields[key] = [effect.fields[key][0] if key in effect.fields else old, new]


async def _objections(
    context: WriteContext, action: UUID, effects: Mapping[UUID, _Effect]
) -> dict[UUID, list[Problem]]:
    """Records that are not any more as the action left them. They are locked, so none changes from here on."""
    held = await hold_rows(context, list(effects), ("delete", "edit"))
    moved: dict[UUID, list[str]] = {}
    for record, effect in effects.items():
        row = held.get(str(record))
        if row is None:
            continue
        if row["__deleted"] is effect.is_live():
            moved[record] = []
        elif effect.is_live():
            stored = context.stored_fields
            changed = [key for key, (_, new) in effect.fields.items() if key in stored and row[key] != new]
            if changed:
                moved[record] = changed
    if not moved:
        return {}
    oldest = min(effects[record].last for record in moved)
    since = await context.tx.fetch_all(_SINCE, {"ids": list(moved), "seq": oldest, "action": action})
    found: dict[UUID, list[Problem]] = {}
    for record, changed in moved.items():
        theirs = [key for key in changed if not _followed(action, record, key, since)]
        if theirs or not changed:
            found[record] = [_objection(context, effects[record], theirs, since)]
    return found


def _followed(action: UUID, record: UUID, key: str, since: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the Field is what it is because of what a Process did by itself upon the action."""
    told = [row for row in since if row["record_id"] == record and key in row["changes"]]
    return bool(told) and told[-1]["door"] == Door.PROCESS and told[-1]["cause"].get("action") == str(action)


def _objection(
    context: WriteContext, effect: _Effect, changed: Sequence[str], since: Sequence[Mapping[str, Any]]
) -> Problem:
    record = effect.label or context.object.label
    if not changed:
        return Problem("changed_since", GONE.fill(record=record), evidence={"record": str(effect.id)})
    by = [row["actor_label"] for row in since if row["record_id"] == effect.id and set(row["changes"]) & set(changed)]
    visible = [one for one in context.scope.fields(context.object.key) if one.key in changed]
    labels = Text(
        "、".join(one.label.read("zh") for one in visible), ", ".join(one.label.read("en") for one in visible)
    )
    message = CHANGED.fill(record=record, who=by[-1] if by else "—", fields=labels or Text("—"))
    evidence = {"record": str(effect.id), "fields": [one.key for one in visible], "changed_by": by[-1] if by else None}
    return Problem("changed_since", message, field=visible[0].key if visible else None, evidence=evidence)


def _inverse(context: WriteContext, effects: Sequence[_Effect], *, carried: bool) -> Iterator[list[Change]]:
    """What leads back, in steps: unique values are given free first, then records come out of the bin, then the other
    values go back (links among them), last goes into the bin what was not there before."""
    key, stored = context.object.key, context.stored_fields
    updates = [
        Update(key, one.id, values, carried=carried)
        for one in effects
        if one.was_live() and (values := _former(stored, one))
    ]
    restored = {one.id for one in effects if one.was_live() and not one.is_live()}
    first = [one for one in updates if one.id not in restored and any(stored[name].unique for name in one.values)]
    yield list(first)
    yield [Restore(key, record) for record in restored]
    yield [one for one in updates if one not in first]
    yield [Delete(key, one.id) for one in effects if not one.was_live() and one.is_live()]


def _former(stored: Mapping[str, Field], effect: _Effect) -> dict[str, Any]:
    """The former values of the Fields that people write; the others follow from them."""
    return {
        name: old
        for name, (old, new) in effect.fields.items()
        if old != new and name in stored and not stored[name].readonly
    }
