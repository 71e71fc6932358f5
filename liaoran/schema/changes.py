"""Changing the catalogue: Objects and Fields are added, changed, retired and brought back.

Each function is one change in the caller's transaction: checks, tables, catalogue rows and the version together. All
give the Snapshot after the change. Definitions are as in ``schema.definitions``. Besides what they document, they raise
Invalid naming the place in the definition, and Conflict (``schema_busy``, to be tried again) when a table is in use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Conflict, Refused
from liaoran.kernel.text import Text
from liaoran.schema.definitions import (
    MAXIMUM_FIELDS,
    changed_field,
    read_field,
    read_object,
    too_many_fields,
)
from liaoran.schema.editing import Editing, editing
from liaoran.schema.expressions import checker
from liaoran.schema.processes import Origin, Process
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Object, Snapshot
from liaoran.schema.usages import uses_of

_TOP = Place()
EXISTS = Text("已有代号为“{key}”的对象", "there is an object “{key}” already")
EXISTED = Text(
    "代号“{key}”属于一个已停用的{what}，请恢复它或换一个代号",
    "the key “{key}” belongs to a retired {what}; bring it back or take another key",
)
OBJECT, FIELD = Text("对象", "object"), Text("字段", "field")
IN_USE = Text("“{label}”仍被使用：{uses}", "“{label}” is still used: {uses}")


async def add_object(
    tx: Transaction, definition: Mapping[str, Any], *, origin: Origin = "custom", actor: Actor | None = None
) -> Snapshot:
    """Adds one Object with its Fields. Raises Conflict (``duplicate_key``) where the key is taken."""
    return await add_objects(tx, [definition], origin=origin, actor=actor)


async def add_objects(
    tx: Transaction,
    definitions: Sequence[Mapping[str, Any]],
    *,
    origin: Origin = "custom",
    actor: Actor | None = None,
) -> Snapshot:
    """Adds several Objects at once, so that they may point at each other."""
    async with editing(tx, actor) as edit:
        for index, definition in enumerate(definitions):
            place = _TOP if len(definitions) == 1 else Place("objects").at(index)
            put_new_object(edit, definition, place, origin)
    return edit.after


async def change_object(
    tx: Transaction, object_key: str, changes: Mapping[str, Any], *, actor: Actor | None = None
) -> Snapshot:
    """Changes the named parts of an Object: labels, icon, group, order, layouts, synonyms, ``name_field``,
    ``activity``, ``health``, and ``tracked`` from false to true."""
    async with editing(tx, actor) as edit:
        entry = edit.object(object_key)
        merged = {**entry.definition, **changes, "key": object_key, "ownable": False, "fields": []}
        checked, _ = read_object(merged, _TOP, entry.origin)
        if entry.definition["tracked"] and not checked.definition["tracked"]:
            raise Place("tracked").refuse(
                Text("历史记录一旦开启不能关闭", "once an object is tracked, that cannot be switched off")
            )
        edit.put_object(replace(entry, definition=checked.definition), _TOP)
    return edit.after


async def retire_object(tx: Transaction, object_key: str, *, actor: Actor | None = None) -> Snapshot:
    """Takes an Object out of use; its records stay. Raises Conflict (``still_used``) where other Objects link to it,
    Refused for people and departments."""
    async with editing(tx, actor) as edit:
        entry = edit.object(object_key)
        one = edit.before.object(object_key)
        if object_key in ("person", "department"):
            raise Refused(Text("人员和部门不能停用", "people and departments cannot be retired"), code="system_object")
        _refuse_if_used(
            one.label, [*_links_to(edit.before, object_key), *await uses_of(tx, edit.before, object_key, None)]
        )
        edit.put_object(replace(entry, retired=True))
    return edit.after


async def restore_object(tx: Transaction, object_key: str, *, actor: Actor | None = None) -> Snapshot:
    """Brings a retired Object back with everything it held. Does nothing to one that is in use."""
    async with editing(tx, actor) as edit:
        entry = edit.objects.get(object_key) or edit.object(object_key)
        edit.put_object(replace(entry, retired=False))
        for field in edit.fields_of(object_key):
            edit.put_field(field)
    return edit.after


async def add_field(
    tx: Transaction,
    object_key: str,
    definition: Mapping[str, Any],
    *,
    origin: Origin = "custom",
    actor: Actor | None = None,
) -> Snapshot:
    """Adds one Field (a money Field brings its currency Field along). Raises Conflict (``duplicate_key``) where the key
    is taken, Invalid beyond 300 Fields."""
    async with editing(tx, actor) as edit:
        put_new_field(edit, object_key, definition, _TOP, origin)
    return edit.after


async def change_field(
    tx: Transaction, object_key: str, field_key: str, changes: Mapping[str, Any], *, actor: Actor | None = None
) -> Snapshot:
    """Changes the named parts of a Field. ``options`` are merged; ``choices`` is the new list, and those left out are
    retired, never dropped. ``schema.retype`` changes the type. Raises Refused (``duplicate_values``) where a Field
    cannot become unique."""
    async with editing(tx, actor) as edit:
        entry = edit.field(object_key, field_key)
        edit.put_field(changed_field(entry, changes, _TOP), _TOP)
    return edit.after


async def retire_field(tx: Transaction, object_key: str, field_key: str, *, actor: Actor | None = None) -> Snapshot:
    """Takes a Field out of use; its column and values stay. Raises Conflict (``still_used``) naming what needs it,
    Refused (``system_field``) for Fields of the system."""
    async with editing(tx, actor) as edit:
        entry = edit.field(object_key, field_key)
        one = edit.before.object(object_key)
        label = one.field(field_key).label
        if entry.origin == "system":
            raise Refused(Text("系统字段不能停用", "fields of the system cannot be retired"), code="system_field")
        uses = [*_uses_in_catalogue(edit.before, one, field_key)]
        _refuse_if_used(label, uses + await uses_of(tx, edit.before, object_key, field_key))
        edit.put_field(replace(entry, retired=True))
        owner = edit.object(object_key)
        layouts = _without(owner.definition["layouts"], field_key)
        edit.put_object(replace(owner, definition={**owner.definition, "layouts": layouts}))
    return edit.after


async def restore_field(tx: Transaction, object_key: str, field_key: str, *, actor: Actor | None = None) -> Snapshot:
    """Brings a retired Field back with the values it held. Does nothing to one that is in use."""
    async with editing(tx, actor) as edit:
        edit.object(object_key)
        entry = edit.fields.get((object_key, field_key)) or edit.field(object_key, field_key)
        edit.put_field(replace(entry, retired=False))
    return edit.after


def put_new_object(edit: Editing, definition: Mapping[str, Any], place: Place, origin: Origin) -> None:
    """Puts a new Object with its Fields into a change."""
    entry, fields = read_object(definition, place, origin)
    known = edit.objects.get(entry.key)
    if known is not None:
        message = EXISTED.fill(key=entry.key, what=OBJECT) if known.retired else EXISTS.fill(key=entry.key)
        raise Conflict(message, code="duplicate_key", extra={"at": place.at("key").path})
    edit.put_object(entry, place)
    declared = [one.get("key") for one in definition.get("fields", ()) if isinstance(one, Mapping)]
    for field in fields:
        at = place.at("fields").at(declared.index(field.key)) if field.key in declared else place.at(field.key)
        edit.put_field(field, at)


def put_new_field(edit: Editing, object_key: str, definition: Mapping[str, Any], place: Place, origin: Origin) -> None:
    """Puts a new Field into a change."""
    edit.object(object_key)
    present = {entry.key: entry for entry in edit.fields_of(object_key)}
    key = Reader(definition, place).text("key")
    known = present.get(key)
    if known is not None and known.origin != "system":
        taken = Text("已有代号为“{key}”的字段", "there is a field with the key “{key}” already").fill(key=key)
        message = EXISTED.fill(key=key, what=FIELD) if known.retired else taken
        raise Conflict(message, code="duplicate_key", extra={"at": place.at("key").path})
    entries = read_field(
        definition, place, object_key, origin=origin, position=_next_position(present.values()), taken=present
    )
    if len(present) + len(entries) > MAXIMUM_FIELDS:
        raise place.refuse(too_many_fields(len(present) + len(entries)), code="too_many_fields")
    for entry in entries:
        edit.put_field(entry, place)


def _next_position(entries: Any) -> int:
    return max((entry.position for entry in entries if entry.origin != "system"), default=0) + 10


def _uses_in_catalogue(snapshot: Snapshot, one: Object, field_key: str) -> list[Text]:
    uses = [Text("它是名称字段", "it is the name field")] if one.name_field == field_key else []
    uses += [
        Text("流程“{label}”", "the process “{label}”").fill(label=process.label)
        for process in one.processes
        if field_key in fields_of_process(process)
    ]
    for owner in snapshot.objects.values():
        for field in owner.active_fields if not owner.retired else ():
            if owner.key == one.key and field.options.get("currency_field") == field_key:
                uses.append(Text("金额字段“{label}”", "the money field “{label}”").fill(label=field.label))
            elif field.computed and (one.key, field_key) in checker().references(snapshot, owner.key, field.key):
                uses.append(
                    Text("“{object}”的“{label}”", "“{label}” of “{object}”").fill(object=owner.label, label=field.label)
                )
    return uses


def fields_of_process(process: Process) -> set[str | None]:
    """Keys of the Fields that a Process reads or keeps in step."""
    derived = {name if isinstance(found, Mapping) else found for name, found in process.derived.items()}
    return {process.field, process.process_field, process.sum_field, *derived}


def _links_to(snapshot: Snapshot, object_key: str) -> list[Text]:
    return [
        Text("“{object}”的“{label}”", "“{label}” of “{object}”").fill(object=owner.label, label=field.label)
        for owner in snapshot.objects.values()
        if not owner.retired and owner.key != object_key
        for field in owner.active_fields
        if field.target == object_key or (field.type == "rollup" and field.options.get("object") == object_key)
    ]


def _refuse_if_used(label: Text, uses: list[Text]) -> None:
    if uses:
        listed = Text("、".join(use.zh for use in uses), ", ".join(use.en for use in uses))
        extra = {"uses": [use.to_json() for use in uses]}
        raise Conflict(IN_USE.fill(label=label, uses=listed), code="still_used", extra=extra)


def _without(value: Any, field_key: str) -> Any:
    """Layouts without the paths that begin with the Field."""
    if isinstance(value, Mapping):
        return {key: _without(part, field_key) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, field_key) for part in value if not _names(part, field_key)]
    return value


def _names(part: Any, field_key: str) -> bool:
    path = part.get("field") if isinstance(part, Mapping) else part
    return isinstance(path, str) and path.partition(".")[0] == field_key
