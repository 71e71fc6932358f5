"""Building a Snapshot out of catalogue entries: pure, and the same for the catalogue as it is and as it will be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

from liaoran.kernel.text import Language, Text
from liaoran.schema.activities import build_activity
from liaoran.schema.definitions import FieldEntry, ObjectEntry
from liaoran.schema.health import build_health
from liaoran.schema.process_json import process_from_json
from liaoran.schema.processes import Process
from liaoran.schema.registry import FIELD_TYPES, type_of
from liaoran.schema.snapshot import Choice, Field, Object, Snapshot
from liaoran.schema.system_fields import SYSTEM_COLUMNS, WORDS_COLUMN
from liaoran.schema.task_forms import build_task_form

INSTANT = sa.TIMESTAMP(timezone=True)


def build_snapshot(
    schema: str,
    version: int,
    stamp: str,
    *,
    objects: Iterable[ObjectEntry],
    fields: Iterable[FieldEntry],
    processes: Iterable[Mapping[str, Any]] = (),
    language: Language = "zh",
    currency: str = "CNY",
    zone: str = "Asia/Shanghai",
) -> Snapshot:
    """The Snapshot of these entries. Objects stand in their ``order``, Fields in their position.

    ``processes`` are published definitions with ``version`` and ``origin``, in the order they are offered.
    """
    by_object: dict[str, list[FieldEntry]] = {}
    for entry in sorted(fields, key=lambda one: one.position):
        by_object.setdefault(entry.object, []).append(entry)
    by_process: dict[str, list[Process]] = {}
    for definition in processes:
        process = process_from_json(definition)
        by_process.setdefault(process.object, []).append(process)
    built = [
        _build_object(schema, entry, by_object.get(entry.key, []), tuple(by_process.get(entry.key, ())))
        for entry in objects
    ]
    built.sort(key=lambda one: (one.order, one.key))
    return Snapshot(version, schema, {one.key: one for one in built}, language, currency, zone, stamp)


def build_field(entry: FieldEntry) -> Field:
    """The Field of one entry."""
    kind, parts = FIELD_TYPES[entry.type], entry.definition
    options = parts["options"]
    declared = tuple(
        Choice(
            one["key"],
            Text.from_json(one["label"]),
            one.get("color"),
            one.get("retired", False),
            tuple(one.get("synonyms", ())),
        )
        for one in parts["choices"]
    )
    return Field(
        object=entry.object,
        key=entry.key,
        type=entry.type,
        label=Text.from_json(parts["label"]),
        kind=kind.kind_of(options),
        help=Text.from_json(parts["help"]),
        required=parts["required"],
        unique=parts["unique"],
        readonly=parts["readonly"],
        computed=kind.computed,
        retired=entry.retired,
        hidden=parts["hidden"],
        personal=parts.get("personal", False),
        indexed=parts["indexed"],
        indexed_within=parts.get("indexed_within"),
        default=parts["default"],
        origin=entry.origin,
        synonyms=tuple(parts["synonyms"]),
        options=options,
        choices=kind.choices_of(options, declared),
    )


def _build_object(schema: str, entry: ObjectEntry, entries: list[FieldEntry], processes: tuple[Process, ...]) -> Object:
    parts = entry.definition
    fields = {one.key: build_field(one) for one in entries}
    return Object(
        key=entry.key,
        label=Text.from_json(parts["label"]),
        label_plural=Text.from_json(parts["label_plural"]),
        name_field=parts["name_field"],
        fields=fields,
        tables=partial(_make_table, schema),
        icon=parts["icon"],
        group=parts["group"],
        order=parts["order"],
        tracked=parts["tracked"],
        origin=entry.origin,
        retired=entry.retired,
        layouts=parts["layouts"],
        processes=processes,
        synonyms=tuple(parts["synonyms"]),
        activity=build_activity(parts.get("activity")),
        task_form=build_task_form(parts.get("task_form")),
        health=build_health(parts.get("health")),
    )


def _system_columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Uuid()),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("updated_by", sa.Uuid()),
    ]


def _data_columns(fields: Mapping[str, Field]) -> list[sa.Column[Any]]:
    return [
        column
        for one in fields.values()
        if not one.computed and one.key not in SYSTEM_COLUMNS
        for column in type_of(one).columns(one)
    ]


def _make_table(schema: str, one: Object, versions: bool) -> sa.Table:
    own: list[sa.Column[Any]]
    if versions:
        own = [sa.Column("valid_from", INSTANT, nullable=False), sa.Column("valid_to", INSTANT)]
    else:
        own = [sa.Column("deleted_at", INSTANT), sa.Column(WORDS_COLUMN, TSVECTOR())]
    return sa.Table(
        f"{'v' if versions else 'r'}_{one.key}",
        sa.MetaData(),
        *_system_columns(),
        *_data_columns(one.fields),
        *own,
        sa.PrimaryKeyConstraint("id", *(["version"] if versions else [])),
        schema=schema,
    )
