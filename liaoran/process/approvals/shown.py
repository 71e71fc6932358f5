"""Approvals as the pages see them: progress, whose turn it is since when, what the reader may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from liaoran.access.grants import Mask
from liaoran.access.masks import masked_text
from liaoran.access.roles import list_roles
from liaoran.access.scope import Scope
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course, Seat, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.people import labels_of, present_people, rows_of
from liaoran.process.who import who_text
from liaoran.schema.process_json import who_from_json
from liaoran.schema.snapshot import Field, Object

_FACTS = 8
"""Shown where the Object does not say what stands on top of its page."""


async def show_courses(desk: Desk, courses: Sequence[Course]) -> list[dict[str, Any]]:
    """Each as ``{id, object, record: {id, label, visible}, approval, label, process, state, …, steps}``."""
    names = await _names(desk, courses)
    seen = await _seen(desk, courses)
    return [_course(desk, one, names, _record(desk, one, seen)) for one in courses]


def _course(desk: Desk, one: Course, names: Mapping[str, Text], record: dict[str, Any]) -> dict[str, Any]:
    owner, process = desk.snapshot.objects.get(one.object), desk.snapshot.process(one.process)
    state = process.state_by_key.get(one.state_key) if process else None
    mine = [step for step in one.open_steps if any(seat.person == desk.person for seat in step.holders)]
    running = one.state == "running"
    return {
        "id": str(one.id),
        "object": one.object,
        "object_label": owner.label.to_json() if owner else None,
        "record": record,
        "approval": one.approval,
        "label": one.label.to_json(),
        "process": one.process,
        "state": one.state,
        "lock": one.lock,
        "stage": {"key": one.state_key, "label": state.label.to_json() if state else None},
        "started_at": one.started_at,
        "started_by": _person(one.started_by, one.started_by_label),
        "comment": one.comment,
        "finished_at": one.finished_at,
        "finished_by": one.finished_by_label,
        "outcome": one.outcome,
        "since": min((step.opened_at for step in one.open_steps if step.opened_at), default=None),
        "overdue": any(_is_late(desk, step) for step in one.open_steps),
        "holders": [
            {**(_person(seat.person, seat.person_label) or {}), "step": step.key, "since": seat.opened_at}
            for step in one.open_steps
            for seat in step.holders
        ],
        "may": {
            "decide": [step.key for step in mine],
            "recall": running and (desk.person == one.started_by or desk.scope.is_administrator),
            "remind": running and not mine,
        },
        "steps": [_step(desk, step, owner, names) for step in one.steps],
    }


def _step(desk: Desk, one: Step, owner: Object | None, names: Mapping[str, Text]) -> dict[str, Any]:
    who = [who_text(who_from_json(each), owner, names).to_json() for each in one.who] if owner else []
    return {
        "key": one.key,
        "label": one.label.to_json(),
        "turn": one.turn,
        "mode": one.mode if one.deciders == "named" else "any",
        "count": one.count,
        "comment": one.comment,
        "who": who,
        "conditional": one.condition is not None,
        "state": one.state,
        "round": one.round,
        "deciders": one.deciders,
        "opened_at": one.opened_at,
        "closed_at": one.closed_at,
        "due_at": one.due_at,
        "overdue": _is_late(desk, one),
        "reminded_at": one.reminded_at,
        "escalated_at": one.escalated_at,
        "added_by": one.added_by_label,
        "seats": [_seat(seat) for seat in one.seats],
    }


def _seat(one: Seat) -> dict[str, Any]:
    return {
        "person": _person(one.person, one.person_label),
        "round": one.round,
        "state": one.state,
        "opened_at": one.opened_at,
        "decided_at": one.decided_at,
        "comment": one.comment,
        "delegated_by": one.delegated_by_label,
    }


def _is_late(desk: Desk, step: Step) -> bool:
    return step.state == "open" and step.due_at is not None and step.due_at < desk.now


def _person(ident: UUID | None, label: str) -> dict[str, Any] | None:
    return {"id": str(ident) if ident else None, "label": label}


async def _names(desk: Desk, courses: Iterable[Course]) -> dict[str, Text]:
    """Labels of the roles, people and departments that steps name."""
    named = [who_from_json(who) for one in courses for step in one.steps for who in step.who]
    names: dict[str, Text] = {}
    if any(one.kind == "role" for one in named):
        names = {role["key"]: Text.from_json(role["label"]) for role in await list_roles(desk.tx)}
    people = await present_people(desk.tx, desk.snapshot, {one.id for one in named if one.kind == "person" and one.id})
    departments = {one.id for one in named if one.kind == "department" and one.id}
    places = await labels_of(desk.tx, desk.everything, "department", departments)
    return names | {str(key): Text(label) for key, label in {**people, **places}.items()}


def _record(desk: Desk, one: Course, seen: Mapping[tuple[str, UUID], str | None]) -> dict[str, Any]:
    """The record as the reader may know it: by the name that it has now where they reach it, else by the one that it had
    when the approval began."""
    known = (one.object, one.record_id)
    label = seen[known] if known in seen else _name_then(desk, one)
    return {"id": str(one.record_id), "label": label, "visible": known in seen}


def _name_then(desk: Desk, one: Course) -> str | None:
    owner = desk.snapshot.objects.get(one.object)
    if owner is None or desk.scope.mask(one.object, owner.name_field) is Mask.HIDDEN:
        return None
    if desk.scope.is_masked(one.object, owner.name_field):
        return masked_text(owner.field(owner.name_field), one.record_label)
    return one.record_label


async def _seen(desk: Desk, courses: Iterable[Course]) -> dict[tuple[str, UUID], str | None]:
    """The records that the reader reaches, each with what it is called now; None where they do not see the name."""
    wanted: dict[str, set[UUID]] = {}
    for one in courses:
        wanted.setdefault(one.object, set()).add(one.record_id)
    found: dict[tuple[str, UUID], str | None] = {}
    for key, ids in wanted.items():
        if key in desk.snapshot.objects and desk.scope.may(key, "read"):
            found |= {(key, record): label for record, label in (await _labels(desk, key, ids)).items()}
    return found


async def _labels(desk: Desk, key: str, ids: Iterable[UUID]) -> dict[UUID, str | None]:
    name = desk.snapshot.object(key).name_field
    shown = any(one.key == name for one in desk.scope.fields(key))
    rows = await rows_of(desk.tx, desk.scope, key, ids, [name if shown else "id"])
    return {UUID(row["id"]): row[name] if shown and isinstance(row[name], str) else None for row in rows}


async def record_facts(desk: Desk, course: Course) -> dict[str, Any]:
    """The facts of the record that a decision rests on: what its page shows on top, as far as the reader may see these
    Fields at all. Who has to decide sees them also of a record that is out of their reach, while it is their turn.

    ``{facts, values}``; a fact: ``{field, label, kind, type, value, value_label}``, ``values`` the same by Field with the
    currencies that amounts are in.
    """
    owner = desk.snapshot.objects.get(course.object)
    if owner is None:
        return {"facts": [], "values": {}}
    header = [str(key) for key in owner.layouts.get("header", ())]
    seen = {one.key: one for one in desk.scope.fields(course.object)}
    chosen = [key for key in (header or list(seen)[:_FACTS]) if key in seen]
    row = await _reachable_row(desk, course, _with_currencies(chosen, seen)) or {}
    facts = [_fact(seen[key], row.get(key)) for key in chosen] if row else []
    return {"facts": facts, "values": {key: value for key, value in row.items() if key in seen}}


def _with_currencies(chosen: Sequence[str], seen: Mapping[str, Field]) -> list[str]:
    neighbours = [str(seen[key].options.get("currency_field")) for key in chosen]
    return list(dict.fromkeys((*chosen, *(key for key in neighbours if key in seen))))


def _fact(field: Field, value: Any) -> dict[str, Any]:
    choice = field.choice_by_key.get(value) if isinstance(value, str) else None
    return {
        "field": field.key,
        "label": field.label.to_json(),
        "kind": str(field.kind),
        "type": field.type,
        "value": value,
        "value_label": choice.label.to_json() if choice else None,
    }


async def _reachable_row(desk: Desk, course: Course, select: Sequence[str]) -> dict[str, Any] | None:
    if desk.scope.may(course.object, "read"):
        for row in await rows_of(desk.tx, desk.scope, course.object, [course.record_id], select):
            return row
    if any(seat.person == desk.person for seat in course.holders):
        wherever = Scope(desk.snapshot, desk.scope.actor, desk.scope.grants.of_every_row())
        for row in await rows_of(desk.tx, wherever, course.object, [course.record_id], select):
            return row
    return None
