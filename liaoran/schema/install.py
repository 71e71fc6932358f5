"""Installing a pack: its Objects, Fields and choices are added by their keys; what is there already stays as it is.

So installing twice changes nothing, a newer pack brings what it adds, and what an administrator has renamed, rearranged
or retired is left alone. The other sections of a pack (processes, roles, …) belong to the layers above.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.schema.activities import read_activity
from liaoran.schema.changes import put_new_field, put_new_object
from liaoran.schema.definitions import FieldEntry, read_choices
from liaoran.schema.editing import Editing, editing
from liaoran.schema.health import read_health
from liaoran.schema.reading import Place, Reader
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Snapshot
from liaoran.schema.task_forms import read_task_form


async def install_pack(tx: Transaction, pack: Mapping[str, Any], *, actor: Actor | None = None) -> Snapshot:
    """Installs the section ``objects`` of a pack and gives the Snapshot after it.

    Objects may point at each other in any order. Raises Invalid naming the place in the pack.
    """
    place = Place("objects")
    definitions = Reader(pack, Place()).items("objects")
    async with editing(tx, actor) as edit:
        for index, definition in enumerate(definitions):
            at = place.at(index)
            key = Reader(definition, at).text("key", required=True)
            if key in edit.objects:
                _complete_object(edit, key, definition, at)
            else:
                put_new_object(edit, definition, at, "shipped")
    return edit.after


def _complete_object(edit: Editing, key: str, definition: Mapping[str, Any], place: Place) -> None:
    """Adds the Fields, choices and options that the Object does not have yet; a retired Object is left alone."""
    if edit.objects[key].retired:
        return
    for index, one in enumerate(Reader(definition, place).items("fields")):
        at = place.at("fields").at(index)
        field_key = Reader(one, at).text("key", required=True)
        present = edit.fields.get((key, field_key))
        if present is None:
            put_new_field(edit, key, one, at, "shipped")
        elif FIELD_TYPES[present.type].takes_choices:
            known = {choice["key"] for choice in present.definition["choices"]}
            given = read_choices(Reader(one, at).items("choices"), at.at("choices"))
            new = [choice for choice in given if choice["key"] not in known]
            if new:
                choices = read_choices([*present.definition["choices"], *new], at.at("choices"))
                edit.put_field(replace(present, definition={**present.definition, "choices": choices}), at)
        elif not present.retired:
            _complete_options(edit, present, one, at)
    _complete_marks(edit, key, definition, place)


def _complete_options(edit: Editing, present: FieldEntry, definition: Mapping[str, Any], place: Place) -> None:
    """Lets a link carry what the pack says where it was made before there was such an option and nobody has said
    anything since."""
    options, given = present.definition["options"], Reader(definition, place).part("options")
    same = present.type == definition.get("type") and options.get("target") == given.get("target")
    if same and "carries" in given and "carries" not in options:
        completed = {**options, "carries": given["carries"]}
        edit.put_field(replace(present, definition={**present.definition, "options": completed}), place)


def _complete_marks(edit: Editing, key: str, definition: Mapping[str, Any], place: Place) -> None:
    """Marks an Object as an activity or a task, and gives it a health, where it was made before there was such a mark;
    one that was taken away stays so."""
    entry, reader = edit.objects[key], Reader(definition, place)
    marks = {"activity": read_activity(reader), "task_form": read_task_form(reader), "health": read_health(reader)}
    new = {name: mark for name, mark in marks.items() if mark is not None and name not in entry.definition}
    if new:
        edit.put_object(replace(entry, definition={**entry.definition, **new}), place)
