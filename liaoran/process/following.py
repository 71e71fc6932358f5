"""What follows a move by itself: tasks for the new stage, an end to those of the old one, another owner.

All of it goes through the write path in the transaction of the move, in the name of whoever made the move, so that it
has Events of its own; nobody's rights stand in the way, since the Process asks for it and not the person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from liaoran.access.scope import Scope, system_scope
from liaoran.kernel.events import Cause, Door, EventKind
from liaoran.kernel.ports import Candidate
from liaoran.process.approvals.following import begin_approvals, recall_approvals
from liaoran.process.moves import Track, is_work_here
from liaoran.process.people import Asked, one_for_each
from liaoran.process.taking_back import take_back
from liaoran.process.tasks import end_tasks, make_tasks
from liaoran.records.changes import Update
from liaoran.records.context import WriteContext
from liaoran.records.write import write
from liaoran.schema.processes import Process, State

_OWNER, _DEPARTMENT = "owner", "department"


@dataclass(frozen=True, slots=True)
class Made:
    """A move that has been made. ``left`` is None for a record that is new to the Process; ``now`` is false for what a
    file or a history tells of elsewhere, where nothing remains to be done by rights."""

    candidate: Candidate
    process: Process
    left: tuple[Process, State] | None
    state: State
    now: bool = True

    @property
    def is_followed(self) -> bool:
        """Whether the stage left or the one entered asks for anything."""
        state, left = self.state, self.left
        if state.actions or state.hand_over is not None or state.approval is not None:
            return True
        return left is not None and (bool(left[0].approvals) or left[1].on_leave == "close")

    @property
    def asked(self) -> Asked:
        """The record from the point of view of Who."""
        department = self.candidate.new.get(_DEPARTMENT)
        return Asked(self.candidate.id, UUID(department) if department else None, self.candidate.by)


def moves_made(track: Track, candidates: Iterable[Candidate]) -> list[Made]:
    """The entries into states among the candidates that were written."""
    made = []
    for one in candidates:
        if one.carried or one.kind not in (EventKind.CREATED, EventKind.UPDATED):
            continue
        process = track.followed_by(one.new)
        state = process.state_by_key.get(one.new.get(track.field, "")) if process else None
        if process is None or state is None:
            continue
        before = track.followed_by(one.old) if one.old is not None else None
        left = before.state_by_key.get(one.old.get(track.field, "")) if before and one.old is not None else None
        if before is process and left is state:
            continue
        made.append(Made(one, process, (before, left) if before and left else None, state))
    return made


async def follow_moves(context: WriteContext, moves: Sequence[Made]) -> None:
    """Does what the stages left and entered ask for, set-based. What an import or a history brings in has been worked
    on elsewhere; only an import that moves a record on from where it was here makes tasks. Most stages ask for nothing,
    and moves between them cost nothing here."""
    undone = context.cause.door is Door.UNDO
    moves = [one for one in moves if undone or one.is_followed]
    if not moves:
        return
    acting = system_scope(context.snapshot, context.actor.label, context.actor.person)
    cause = Cause(Door.PROCESS, details={"action": str(context.cause.action)})
    ended = [one for one in moves if one.left is not None]
    await recall_approvals(context, ended)
    if undone:
        await take_back(context, acting, ended, cause)
        return
    await end_tasks(context, acting, ended, cause)
    begun = [
        one for one in moves if is_work_here(context.cause.door, one.candidate.at, context.now, new=one.left is None)
    ]
    await make_tasks(context, acting, begun, cause)
    await _hand_over(context, acting, begun, cause)
    await begin_approvals(context, begun)


async def _hand_over(context: WriteContext, acting: Scope, moves: Sequence[Made], cause: Cause) -> None:
    """Gives the record to whom the stage says."""
    asked = [(one.asked, one.state.hand_over) for one in moves if one.state.hand_over is not None]
    if not asked:
        return
    people = await one_for_each(context.tx, acting, context.object.key, asked)
    owners = {one.candidate.id: one.candidate.new.get(_OWNER) for one in moves}
    changes = [
        Update(context.object.key, one.record, {_OWNER: str(person)})
        for (one, _), person in zip(asked, people, strict=True)
        if person is not None and owners[one.record] != str(person)
    ]
    if changes:
        await write(context.tx, acting, changes, cause)
