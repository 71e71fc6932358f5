"""Task forms: Objects whose records are tasks that a Process can make, and in which of their Fields what stands.

An Object is marked by a key of its definition; the Fields named are its own::

    "task_form": {"subject": "subject", "person": "owner", "due": "due_on", "help": "notes", "must": "must",
                  "output": "output", "origin": "origin", "status": "status", "open": "open", "done": "done",
                  "cancelled": "cancelled"}

``status`` is a choice Field with the three choices named. ``origin`` is a text Field that only the system writes: which
action of which state of which Process the task was made for (``sales.needs.meeting``). Where a Process asks for tasks, they are
records of the first such Object that has a link to the Object of the Process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.reading import Place, Reader, near
from liaoran.schema.snapshot import Object, TaskForm

_KINDS: Mapping[str, ValueKind] = {
    "subject": ValueKind.TEXT,
    "person": ValueKind.LINK,
    "due": ValueKind.DATE,
    "help": ValueKind.TEXT,
    "must": ValueKind.BOOLEAN,
    "output": ValueKind.TEXT,
    "origin": ValueKind.TEXT,
    "status": ValueKind.CHOICE,
}
_STATUSES = ("open", "done", "cancelled")
_UNFIT = Text("“{field}”不适合放在这里", "“{field}” does not serve here")
_READ_ONLY = Text("“{field}”必须是由系统填写的字段", "“{field}” must be a field that only the system fills")


def read_task_form(reader: Reader) -> dict[str, Any] | None:
    """The part ``task_form`` of an Object's definition, complete; None where it is none. Raises Invalid by place."""
    given = reader.part("task_form")
    if not given:
        return None
    part = Reader(given, reader.place.at("task_form"))
    form = {name: part.text(name, required=True) for name in (*_KINDS, *_STATUSES)}
    part.done()
    return form


def build_task_form(definition: Mapping[str, Any] | None) -> TaskForm | None:
    """The TaskForm of a complete definition."""
    return TaskForm(**definition) if definition else None


def check_task_form(one: Object, place: Place) -> None:
    """Whether the Fields named are there and of the right kind. Raises Invalid by place."""
    form = one.task_form
    if form is None:
        return
    for name, kind in _KINDS.items():
        key = getattr(form, name)
        field = one.fields.get(key)
        if field is None:
            message = Text("没有名为“{key}”的字段", "there is no field “{key}”").fill(key=key)
            raise place.at(name).refuse(message, "unknown_field", near=near(key, one.fields))
        if field.computed or field.kind is not kind or (name == "person" and field.type != "person"):
            raise place.at(name).refuse(_UNFIT.fill(field=field.label))
        if name == "origin" and not field.readonly:
            raise place.at(name).refuse(_READ_ONLY.fill(field=field.label))
    known = one.fields[form.status].choice_by_key
    for name in _STATUSES:
        if getattr(form, name) not in known:
            message = Text("没有名为“{key}”的选项", "there is no choice “{key}”").fill(key=getattr(form, name))
            raise place.at(name).refuse(message, known=list(known))
