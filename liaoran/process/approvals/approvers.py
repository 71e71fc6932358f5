"""From the Who of a step to the people who decide it; and who stands in where there is nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from liaoran.access.holdings import ADMINISTRATOR_ROLE
from liaoran.access.nearest import people_with_role
from liaoran.kernel.errors import Refused
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course, Deciders, Seat, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.people import Asked, all_for_each, present_people
from liaoran.schema.process_json import who_from_json

NOBODY = Text(
    "“{step}”找不到审批人，也没有可以代为处理的管理员",
    "nobody can be found for “{step}”, nor an administrator who could stand in",
)


async def seat_approvers(desk: Desk, course: Course, step: Step) -> None:
    """Gives a seat to everybody whom the step means. Where nobody is found, to whom it escalates, else to the
    administrators; the step says so. Raises Refused where there is really nobody."""
    people = await _people(desk, course, step.who)
    if people:
        seat(step, people, "named", desk)
        return
    await seat_stand_ins(desk, course, step, "fallback")


async def seat_stand_ins(
    desk: Desk, course: Course, step: Step, deciders: Deciders, besides: Iterable[UUID] = ()
) -> list[str]:
    """Gives the seats to whom the step escalates to, where they are not just those ``besides``, else to the
    administrators; gives their names."""
    named = [step.escalate_to] if step.escalate_to else []
    people = await _people(desk, course, named)
    if not set(people) - set(besides):
        found = await people_with_role(desk.tx, desk.snapshot, [ADMINISTRATOR_ROLE])
        people = await present_people(desk.tx, desk.snapshot, found.get(ADMINISTRATOR_ROLE, []))
    if not people:
        raise Refused(NOBODY.fill(step=step.label), code="no_approver")
    seat(step, people, deciders, desk)
    return list(people.values())


def seat(step: Step, people: Mapping[UUID, str], deciders: Deciders, desk: Desk) -> None:
    """Opens a seat for each of these people in the step's round."""
    step.deciders = deciders
    step.seats += [Seat(person, label, desk.now, step.round) for person, label in people.items()]


async def _people(desk: Desk, course: Course, who: Sequence[Mapping[str, Any]]) -> dict[UUID, str]:
    """Names by id, each once, in the order in which the step names them."""
    asked = Asked(course.record_id, None, course.started_by)
    found = await all_for_each(
        desk.tx, desk.everything, course.object, [(asked, who_from_json(dict(one))) for one in who]
    )
    ids = list(dict.fromkeys(person for people in found for person in people))
    present = await present_people(desk.tx, desk.snapshot, ids)
    return {one: present[one] for one in ids if one in present}
