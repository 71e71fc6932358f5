"""Approvals that follow from moves: begun with the state that asks for one, recalled with the state they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from liaoran.kernel.events import Cause, Door, EventKind
from liaoran.kernel.ports import Candidate
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.ending import carry_on_returned, recall_gone, recall_left
from liaoran.process.approvals.keeping import running_on
from liaoran.process.approvals.starting import Beginning, begin
from liaoran.records.context import WriteContext

if TYPE_CHECKING:
    from liaoran.process.following import Made


async def begin_approvals(context: WriteContext, moves: Sequence[Made]) -> None:
    """Begins the approvals of the states entered, in the name of whoever made the move; the gate of the move has asked
    for what they need. One that runs already goes on."""
    wanting = [one for one in moves if one.state.approval is not None]
    if not wanting:
        return
    running = await running_on(context.tx, [one.candidate.id for one in wanting])
    beginning = [one for one in wanting if one.candidate.id not in running]
    if not beginning:
        return
    desk = replace(_desk(context), now=max(one.candidate.at for one in beginning))
    await begin(desk, context.object.key, [_beginning(context, one) for one in beginning], context.cause.note)


def _beginning(context: WriteContext, made: Made) -> Beginning:
    label = made.candidate.new.get(context.shape.label or "")
    approval = made.process.approval_by_key[made.state.approval or ""]
    return Beginning(made.candidate.id, label if isinstance(label, str) else None, made.process, made.state, approval)


async def recall_approvals(context: WriteContext, moves: Sequence[Made]) -> None:
    """Recalls what still runs on records that have left the state."""
    left = [one.candidate.id for one in moves if one.left is not None and one.left[0].approvals]
    if left:
        await recall_left(_desk(context), left)


async def end_approvals_of_gone(context: WriteContext, candidates: Sequence[Candidate]) -> None:
    """Recalls what still runs on records that went into the bin."""
    if not _has_approvals(context):
        return
    gone = {one.id: one.into for one in candidates if one.kind in (EventKind.DELETED, EventKind.MERGED)}
    if gone:
        await recall_gone(_desk(context), gone, context.cause.action)


async def carry_on_approvals_of_returned(context: WriteContext, candidates: Sequence[Candidate]) -> None:
    """Lets go on what ran on records when they went into the bin, where that is undone."""
    undone = context.cause.details.get("undo_of")
    if context.cause.door is not Door.UNDO or undone is None or not _has_approvals(context):
        return
    back = [one.id for one in candidates if one.kind is EventKind.RESTORED]
    if back:
        await carry_on_returned(_desk(context), back, str(undone))


def _has_approvals(context: WriteContext) -> bool:
    return any(process.approvals for process in context.object.processes)


def _desk(context: WriteContext) -> Desk:
    cause = Cause(Door.PROCESS, details={"action": str(context.cause.action)})
    return Desk(context.tx, context.scope, cause, context.now)
