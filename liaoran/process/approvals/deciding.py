"""Deciding a step: approve, refuse, send back; recalling; reminding whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

from liaoran.kernel.errors import Conflict, Forbidden, Invalid, Problem, Refused
from liaoran.kernel.text import Text
from liaoran.process.approvals.advancing import advance
from liaoran.process.approvals.course import Course, Seat, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.ending import finish
from liaoran.process.approvals.keeping import keep_course
from liaoran.process.approvals.taking import my_turn, take

Decision = Literal["approve", "refuse", "return"]
REMIND_AGAIN = timedelta(hours=1)
_COMMENT = Text("“{step}”需要写明意见", "“{step}” asks for a comment")
_NOT_EARLIER = Text(
    "“{key}”不是“{step}”之前的步骤，可以退回：{known}",
    "“{key}” is no step before “{step}”; it can go back to: {known}",
)
_NONE = Text("（只能退回发起人）", "(only to whoever started it)")
_NOT_YOURS = Text(
    "只有发起人{who}和管理员可以撤回“{approval}”",
    "only {who}, who started it, and administrators may recall “{approval}”",
)
_REMINDED = Text("一小时内已经催办过", "they have been reminded within the hour")


async def decide(
    desk: Desk,
    ident: UUID,
    decision: Decision,
    comment: str | None = None,
    *,
    to_step: str | None = None,
    step: str | None = None,
) -> None:
    """Decides the actor's step: approve, refuse, or return to an earlier one (``to_step``; without it to whoever
    started it). ``step`` names the step where the actor has two at once.

    Raises NotFound, Conflict where it is over or somebody else has decided meanwhile, Forbidden where it is not the
    actor's turn, Refused where a comment is asked for, Invalid for a step that it cannot go back to.
    """
    course = await take(desk, ident)
    here, seat = my_turn(desk, course, step)
    _require_comment(here, decision, comment)
    if decision == "return":
        await _return(desk, course, here, seat, comment, to_step)
        return
    seat.settle("approved" if decision == "approve" else "refused", desk.now, comment)
    await desk.note(course, seat.state, here, comment=comment, delegated_by=seat.delegated_by_label)
    await carry_on(desk, course, here, comment)


async def carry_on(desk: Desk, course: Course, step: Step, comment: str | None = None) -> None:
    """What follows from the votes of a step as they are now."""
    verdict = step.verdict()
    if verdict is None:
        keep_course(desk, course)
        return
    step.close(verdict, desk.now)
    if verdict == "refused":
        await finish(desk, course, "refused", comment)
    else:
        await advance(desk, course)


async def recall(desk: Desk, ident: UUID, comment: str | None = None) -> None:
    """Takes the approval back, which its starter and administrators may. Raises as ``take``, and Forbidden."""
    course = await take(desk, ident)
    if desk.person != course.started_by and not desk.scope.is_administrator:
        raise Forbidden(_NOT_YOURS.fill(who=course.started_by_label, approval=course.label), code="not_your_approval")
    await finish(desk, course, "recalled", comment)


async def remind(desk: Desk, ident: UUID) -> list[str]:
    """Tells whose turn it is that somebody waits for them, and gives their names; once an hour at most, or Conflict
    ``reminded_lately``. Raises as ``take``."""
    course = await take(desk, ident)
    steps = [one for one in course.open_steps if one.reminded_at is None or desk.now - one.reminded_at >= REMIND_AGAIN]
    if not steps:
        raise Conflict(_REMINDED, code="reminded_lately")
    for one in steps:
        one.reminded_at = desk.now
        await desk.note(course, "reminded", one, to=[seat.person_label for seat in one.holders])
    keep_course(desk, course)
    return [seat.person_label for one in steps for seat in one.holders]


def _require_comment(step: Step, decision: Decision, comment: str | None) -> None:
    asked = step.comment == "always" or (step.comment == "on_refusal" and decision != "approve")
    if asked and not comment:
        message = _COMMENT.fill(step=step.label)
        raise Refused(message, code="comment_required", problems=(Problem("comment_required", message, "comment"),))


async def _return(desk: Desk, course: Course, here: Step, seat: Seat, comment: str | None, to_step: str | None) -> None:
    """Steps from the one it goes back to begin anew."""
    earlier = [one for one in course.steps if one.turn < here.turn and one.added_by is None]
    to = next((one for one in earlier if one.key == to_step), None)
    if to_step is not None and to is None:
        known = ", ".join(one.key for one in earlier) or _NONE
        raise Invalid(_NOT_EARLIER.fill(key=to_step, step=here.label, known=known), code="unknown_step")
    seat.settle("returned", desk.now, comment)
    told = to.label.to_json() if to else None
    await desk.note(course, "sent_back", here, comment=comment, back_to=told)
    if to is None:
        here.close("refused", desk.now)
        await finish(desk, course, "returned", comment)
        return
    for one in course.steps:
        if one.turn >= to.turn:
            if one.state == "open":
                one.close("skipped", desk.now)
            one.begin_anew()
    await advance(desk, course)
