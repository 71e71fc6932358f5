"""Handing on: delegating a seat, and asking others before or after one's own step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from liaoran.kernel.errors import Conflict, Invalid
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.approvals.advancing import advance
from liaoran.process.approvals.course import Seat, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.keeping import keep_course
from liaoran.process.approvals.taking import my_turn, take
from liaoran.process.people import present_people

When = Literal["before", "after"]
MOST_PEOPLE = 20
MOST_STEPS = 60
_GONE = Text("这位同事不存在或已离职", "this colleague is not there or has left")
_THERE = Text("{who} 已经是“{step}”的审批人", "{who} decides “{step}” already")
_OWN = Text("{who} 是发起人，不能审批自己的申请", "{who} started it and cannot decide about their own request")
_SELF = Text("不能加签给自己", "you cannot add yourself")
_ADDED = Text("加签（{who}）", "Added by {who}")
_FULL = Text("一个审批最多 {most} 个步骤", "an approval has at most {most} steps")


async def delegate(desk: Desk, ident: UUID, to: UUID, comment: str | None = None, *, step: str | None = None) -> None:
    """Gives the actor's seat to a colleague, who decides in their place.

    Raises as ``decide``; Invalid for somebody who is not there, Conflict for one who has a seat in the step, or who
    started the approval.
    """
    course = await take(desk, ident)
    here, seat = my_turn(desk, course, step)
    people = await present_people(desk.tx, desk.snapshot, [to])
    if to not in people:
        raise Invalid(_GONE, code="unknown_person")
    if any(one.person == to for one in here.votes):
        raise Conflict(_THERE.fill(who=people[to], step=here.label), code="decides_already")
    if to == course.started_by:
        raise Conflict(_OWN.fill(who=people[to]), code="own_request")
    seat.settle("delegated", desk.now, comment)
    here.seats.append(
        Seat(to, people[to], desk.now, here.round, delegated_by=desk.person, delegated_by_label=desk.label)
    )
    await desk.note(course, "delegated", here, to=[people[to]], comment=comment)
    keep_course(desk, course)


async def add_sign(
    desk: Desk,
    ident: UUID,
    people: Sequence[UUID],
    when: When,
    comment: str | None = None,
    *,
    step: str | None = None,
) -> None:
    """Puts a step of all these people before the actor's own, which waits for it, or after it.

    Raises as ``decide``; Invalid for nobody, too many, oneself, or somebody who is not there.
    """
    course = await take(desk, ident)
    here, _ = my_turn(desk, course, step)
    wanted = list(dict.fromkeys(people))
    present = await present_people(desk.tx, desk.snapshot, wanted)
    if not 1 <= len(wanted) <= MOST_PEOPLE or any(one not in present for one in wanted):
        raise Invalid(_GONE, code="unknown_person")
    if desk.person in wanted:
        raise Invalid(_SELF, code="not_yourself")
    if len(course.steps) >= MOST_STEPS:
        raise Conflict(_FULL.fill(most=MOST_STEPS), code="too_many_steps")
    turn = here.turn if when == "before" else here.turn + 1
    course.make_room(turn)
    ident_of_step = new_id()
    course.put(
        Step(
            id=ident_of_step,
            key=f"added_{ident_of_step.hex[-8:]}",
            label=_ADDED.fill(who=desk.label),
            turn=turn,
            position=here.position + (0 if when == "before" else 1),
            mode="all",
            count=len(wanted),
            comment="on_refusal",
            who=[{"who": "person", "person": str(one)} for one in wanted],
            remind_hours=here.remind_hours,
            escalate_hours=here.escalate_hours,
            escalate_to=here.escalate_to,
            added_by=desk.person,
            added_by_label=desk.label,
        )
    )
    if when == "before":
        here.state = "waiting"
        here.remind_at = here.escalate_at = None
    await desk.note(course, "added", here, to=[present[one] for one in wanted], when=when, comment=comment)
    await advance(desk, course)
