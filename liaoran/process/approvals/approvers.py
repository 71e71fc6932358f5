"""From the Who of steps to the people who decide them; and who stands in where there is nobody.

Nobody decides about her own request as long as there is somebody else: where a step means whoever started the approval,
the others whom it means decide, else who stands above her, else to whom it escalates. Only where there is really nobody
she is asked herself, and the history says so. A step that asks for the starter as such, or that somebody added for her, is
hers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from liaoran.access.holdings import ADMINISTRATOR_ROLE
from liaoran.access.nearest import people_with_role
from liaoran.kernel.errors import Refused
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course, Deciders, Seat, Step
from liaoran.process.approvals.desk import Desk, Told
from liaoran.process.people import Asked, all_for_each, present_people, superiors
from liaoran.schema.process_json import who_from_json
from liaoran.schema.processes import Who

NOBODY = Text(
    "“{step}”找不到审批人，也没有可以代为处理的管理员",
    "nobody can be found for “{step}”, nor an administrator who could stand in",
)


@dataclass(slots=True)
class _Meant:
    """Whom a step means: names by id for each Who."""

    course: Course
    step: Step
    named: list[dict[UUID, str]]

    @property
    def people(self) -> dict[UUID, str]:
        """All of them, each once, in the order in which the step names them."""
        return {person: label for one in self.named for person, label in one.items()}


async def seat_approvers(desk: Desk, opening: Sequence[tuple[Course, Step]]) -> None:
    """Gives a seat to everybody whom each step means, a few statements for all of them. Where nobody is found, to whom it
    escalates, else to the administrators; the step says so. Raises Refused where there is really nobody."""
    if not opening:
        return
    asked = [(course, who_from_json(dict(who))) for course, step in opening for who in step.who]
    found = iter(await _people(desk, asked))
    meant = [_Meant(course, step, [next(found) for _ in step.who]) for course, step in opening]
    told = await _leave_out_starters(desk, meant)
    for one in meant:
        if one.people:
            seat(one.step, one.people, "named", desk)
        else:
            await seat_stand_ins(desk, one.course, one.step, "fallback")
    await desk.note_all(told)


async def seat_stand_ins(
    desk: Desk, course: Course, step: Step, deciders: Deciders, besides: Iterable[UUID] = ()
) -> list[str]:
    """Gives the seats to whom the step escalates to, where they are not just those ``besides`` or whoever started the
    approval, else to the administrators; gives their names."""
    people = await _escalation(desk, course, step)
    if not set(people) - {*besides, course.started_by}:
        found = await people_with_role(desk.tx, desk.snapshot, [ADMINISTRATOR_ROLE])
        people = await present_people(desk.tx, desk.snapshot, found.get(ADMINISTRATOR_ROLE, []))
    if not people:
        raise Refused(NOBODY.fill(step=step.label), code="no_approver")
    people = _without(people, course.started_by) or people
    seat(step, people, deciders, desk)
    return list(people.values())


def seat(step: Step, people: Mapping[UUID, str], deciders: Deciders, desk: Desk) -> None:
    """Opens a seat for each of these people in the step's round."""
    step.deciders = deciders
    step.seats += [Seat(person, label, desk.now, step.round) for person, label in people.items()]


async def _leave_out_starters(desk: Desk, meant: Sequence[_Meant]) -> list[Told]:
    """Puts others in the place of starters; gives what there is to tell about it."""
    alone: list[tuple[_Meant, int, UUID, str]] = []
    for one in meant:
        starter = one.course.started_by
        for place, people in enumerate(one.named):
            asked_as_such = one.step.added_by is not None or one.step.who[place]["who"] == "actor"
            if starter is None or starter not in people or asked_as_such:
                continue
            one.named[place] = _without(people, starter)
            if not one.named[place]:
                alone.append((one, place, starter, people[starter]))
    above = await superiors(desk.tx, desk.snapshot, {starter for _, _, starter, _ in alone})
    told: list[Told] = []
    for one, place, starter, name in alone:
        one.named[place] = above.get(starter, {})
        if not one.people:
            one.named[place] = _without(await _escalation(desk, one.course, one.step), starter)
        if one.named[place]:
            details = {"who": [name], "to": list(one.named[place].values())}
            told.append((one.course, "own_request", one.step, details))
        elif not one.people:
            one.named[place] = {starter: name}
            told.append((one.course, "own_decision", one.step, {"to": [name]}))
    return told


def _without(people: Mapping[UUID, str], person: UUID | None) -> dict[UUID, str]:
    return {one: label for one, label in people.items() if one != person}


async def _escalation(desk: Desk, course: Course, step: Step) -> dict[UUID, str]:
    """Whom the step escalates to; nobody where it says nothing."""
    if step.escalate_to is None:
        return {}
    (found,) = await _people(desk, [(course, who_from_json(dict(step.escalate_to)))])
    return found


async def _people(desk: Desk, asked: Sequence[tuple[Course, Who]]) -> list[dict[UUID, str]]:
    """For each Who the names by id of everybody meant who is there. The approvals are over one Object."""
    wanted = [(Asked(course.record_id, None, course.started_by), who) for course, who in asked]
    found = await all_for_each(desk.tx, desk.everything, asked[0][0].object, wanted)
    present = await present_people(desk.tx, desk.snapshot, {one for people in found for one in people})
    return [{one: present[one] for one in people if one in present} for people in found]
