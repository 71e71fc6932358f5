"""One change of the catalogue: entries are edited in memory, checked as a whole, then tables and rows follow."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from liaoran.audit import note
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.schema import ddl
from liaoran.schema.catalogue import Contents, advance, build, lock_catalogue, read_contents, remember
from liaoran.schema.definitions import FieldEntry, ObjectEntry
from liaoran.schema.reading import Place
from liaoran.schema.references import settle

_PUT_OBJECT = """
INSERT INTO {org}.objects (key, definition, origin, retired) VALUES (:key, :definition, :origin, :retired)
ON CONFLICT (key) DO UPDATE SET definition = excluded.definition, retired = excluded.retired
"""
_PUT_FIELD = """
INSERT INTO {org}.fields (object, key, type, definition, origin, position, retired)
VALUES (:object, :key, :type, :definition, :origin, :position, :retired)
ON CONFLICT (object, key) DO UPDATE SET type = excluded.type, definition = excluded.definition,
    position = excluded.position, retired = excluded.retired
"""
_LOG = """
INSERT INTO {org}.catalogue_changes (version, actor_id, actor_label, object, field, before, after)
VALUES (:version, :actor_id, :actor_label, :object, :field, :before, :after)
"""
SYSTEM_LABEL = "system"


class Editing:
    """The catalogue on the way from one version to the next. ``before`` is what it was; ``after`` is set at the end
    (the same Snapshot where nothing changed)."""

    def __init__(self, contents: Contents, schema: str) -> None:
        self._was = contents
        self.objects = dict(contents.objects)
        self.fields = dict(contents.fields)
        self.before = build(contents, schema)
        self.after = self.before
        self.places: dict[tuple[str, str], Place] = {}
        self.touched: set[tuple[str, str]] = set()
        self._standing: set[tuple[str, str]] = set()

    def object(self, key: str) -> ObjectEntry:
        """The entry of an Object that is not retired. Raises NotFound (``unknown_object``)."""
        entry = self.objects.get(key)
        if entry is None or entry.retired:
            raise NotFound(
                Text("没有名为“{key}”的对象", "there is no object “{key}”").fill(key=key), code="unknown_object"
            )
        return entry

    def field(self, object_key: str, key: str) -> FieldEntry:
        """The entry of a Field that is not retired. Raises NotFound (``unknown_field``)."""
        self.object(object_key)
        entry = self.fields.get((object_key, key))
        if entry is None or entry.retired:
            raise NotFound(
                Text("没有名为“{key}”的字段", "there is no field “{key}”").fill(key=key), code="unknown_field"
            )
        return entry

    def fields_of(self, object_key: str) -> list[FieldEntry]:
        """All entries of an Object's Fields, retired ones included."""
        return [entry for (owner, _), entry in self.fields.items() if owner == object_key]

    @property
    def contents(self) -> Contents:
        """The catalogue with all that was put so far, unchecked."""
        return replace(self._was, objects=self.objects, fields=self.fields)

    def put_object(self, entry: ObjectEntry, place: Place | None = None) -> None:
        """Adds or replaces an Object; its name Field and layouts are checked at the end."""
        self.objects[entry.key] = entry
        self._touch((entry.key, ""), place)

    def put_field(self, entry: FieldEntry, place: Place | None = None) -> None:
        """Adds or replaces a Field; its references and default are checked at the end."""
        self.fields[(entry.object, entry.key)] = entry
        self._touch((entry.object, entry.key), place)

    def stand(self, object_key: str, key: str) -> None:
        """Says that the columns and indexes of a Field that was put are in place already."""
        self._standing.add((object_key, key))

    def _touch(self, mark: tuple[str, str], place: Place | None) -> None:
        self.touched.add(mark)
        if place is not None:
            self.places[mark] = place

    async def finish(self, tx: Transaction, actor: Actor | None) -> None:
        """Checks everything, then changes tables and rows and counts the version up. Nothing where nothing changed."""
        contents, snapshot = settle(self.contents, tx.schema, self.touched, self.places)
        if contents == self._was:
            return
        version, stamp = await advance(tx)
        self.after = replace(snapshot, version=version, stamp=str(stamp))
        standing = self.before
        if self._standing:
            fields = {**self._was.fields, **{mark: contents.fields[mark] for mark in self._standing}}
            standing = build(replace(self._was, fields=fields), tx.schema)
        await ddl.apply(tx, standing, self.after)
        await _store(tx, self._was, contents, version, actor)
        remember(tx, self.after)


@asynccontextmanager
async def editing(tx: Transaction, actor: Actor | None = None) -> AsyncIterator[Editing]:
    """Edits the catalogue: what the block puts is checked and carried out when it ends; one change at a time.

    Raises Conflict (``schema_busy``) when another change holds the catalogue for more than two seconds.
    """
    await lock_catalogue(tx)
    edit = Editing(await read_contents(tx), tx.schema)
    yield edit
    await edit.finish(tx, actor)


async def _store(tx: Transaction, was: Contents, now: Contents, version: int, actor: Actor | None) -> None:
    objects = [one for key, one in now.objects.items() if was.objects.get(key) != one]
    fields = [one for mark, one in now.fields.items() if was.fields.get(mark) != one]
    await tx.execute(
        _PUT_OBJECT,
        [
            {"key": one.key, "definition": dict(one.definition), "origin": one.origin, "retired": one.retired}
            for one in objects
        ],
    )
    await tx.execute(_PUT_FIELD, [{**_field_row(one), "object": one.object} for one in fields])
    who: dict[str, Any] = {"version": version, "actor_id": actor.id if actor else None}
    who["actor_label"] = actor.label if actor else SYSTEM_LABEL
    changes: list[dict[str, Any]] = [
        {"object": one.key, "field": None, "before": _shown(was.objects.get(one.key)), "after": _shown(one)}
        for one in objects
    ]
    changes += [
        {
            "object": one.object,
            "field": one.key,
            "before": _shown(was.fields.get((one.object, one.key))),
            "after": _shown(one),
        }
        for one in fields
    ]
    await tx.execute(_LOG, [{**who, **change} for change in changes])
    for change in changes if actor else ():
        _note(tx, actor, change)


def _note(tx: Transaction, actor: Actor | None, change: Mapping[str, Any]) -> None:
    """Tells the audit log what differs. Layouts are named only; the catalogue's own history holds them whole."""
    before, after = change["before"] or {}, change["after"]
    differing: dict[str, Any] = {}
    for part, value in after.items():
        if before.get(part) != value and (before or value):
            whole = part not in ("layouts", "health")
            differing[part] = [before.get(part), value] if whole else [None, sorted(value or ())]
    about = {"key": change["field"]} if change["field"] else {}
    facts = {"label": after.get("label"), **about, "changes": differing}
    note(tx, "field.changed" if change["field"] else "object.changed", actor, object=change["object"], facts=facts)


def _field_row(one: FieldEntry) -> dict[str, Any]:
    return {
        "key": one.key,
        "type": one.type,
        "definition": dict(one.definition),
        "origin": one.origin,
        "position": one.position,
        "retired": one.retired,
    }


def _shown(entry: ObjectEntry | FieldEntry | None) -> Mapping[str, Any] | None:
    """An entry as one JSON object for the history."""
    if entry is None:
        return None
    kind = {"type": entry.type} if isinstance(entry, FieldEntry) else {}
    return {**kind, **entry.definition, "retired": entry.retired}
