"""The parts of a hand-over that are records: every Field that names a person, and which of its records are open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Field, Object, Snapshot

PERSON, OWNER, DEPARTMENT, MANAGER = "person", "owner", "department", "manager"


@dataclass(frozen=True, slots=True)
class Part:
    """The records of an Object that name somebody in one Field. ``open`` is the Condition of those that are not finished
    yet, None where the Object knows no end; ``linked`` are paths to the owners of what a record hangs on."""

    object: str
    field: str
    label: Text
    field_label: Text
    open: Mapping[str, Any] | None
    is_task: bool
    linked: tuple[str, ...]
    has_department: bool

    @property
    def key(self) -> str:
        """``object.field``."""
        return f"{self.object}.{self.field}"


def record_parts(snapshot: Snapshot) -> list[Part]:
    """All parts, what others hang on before what hangs on it: so that an opportunity finds the new owner of its
    account."""
    objects = [one for one in snapshot.objects.values() if not one.retired]
    objects.sort(key=lambda one: (one.order, one.key))
    found = []
    for one in _hung(objects):
        for field in one.active_fields:
            if _names_person(field):
                linked = tuple(_linked(snapshot, one)) if field.key == OWNER else ()
                found.append(
                    Part(
                        one.key,
                        field.key,
                        one.label_plural,
                        field.label,
                        open_condition(one),
                        one.task_form is not None,
                        linked,
                        DEPARTMENT in one.fields and not one.fields[DEPARTMENT].retired,
                    )
                )
    return found


def open_condition(one: Object) -> dict[str, Any] | None:
    """Which records of the Object are not finished: of tasks those neither done nor cancelled, of what follows a Process
    those in an open state; None where nothing says so."""
    if one.task_form is not None:
        ended = [one.task_form.done, one.task_form.cancelled]
        return {"field": one.task_form.status, "op": "not_in", "value": ended}
    by_field: dict[str, set[str]] = {}
    for process in one.processes:
        states = by_field.setdefault(process.field, set())
        states.update(state.key for state in process.states if state.is_open)
    if not by_field:
        return None
    return {"all": [{"field": key, "op": "in", "value": sorted(states)} for key, states in by_field.items()]}


def _names_person(field: Field) -> bool:
    """A Field in which people name somebody; what the engine writes stays as it was."""
    is_link = field.kind is ValueKind.LINK and not field.computed and not field.readonly
    return is_link and PERSON in (field.type, field.target)


def _linked(snapshot: Snapshot, one: Object) -> Iterator[str]:
    for field in one.active_fields:
        target = snapshot.objects.get(field.target or "")
        if field.computed or target is None or target.retired or target.key in (one.key, PERSON, DEPARTMENT):
            continue
        owner = target.fields.get(OWNER)
        if owner is not None and _names_person(owner) and not owner.retired:
            yield f"{field.key}.{OWNER}"


def _hung(objects: Sequence[Object]) -> list[Object]:
    """The Objects, each behind those that its links lead to; where links go in a circle the order given decides."""
    known = {one.key: one for one in objects}
    placed: dict[str, Object] = {}
    under_way: set[str] = set()

    def place(one: Object) -> None:
        if one.key in placed or one.key in under_way:
            return
        under_way.add(one.key)
        for field in one.active_fields:
            target = known.get(field.target or "")
            if target is not None and not field.computed and target.key not in (PERSON, DEPARTMENT):
                place(target)
        placed[one.key] = one

    for one in objects:
        place(one)
    return list(placed.values())
