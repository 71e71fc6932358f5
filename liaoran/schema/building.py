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
from liaoran.schema.registry import FIELD_TYPES, type_of
from liaoran.schema.snapshot import Choice, Field, Object, Process, Snapshot, State, Transition
from liaoran.schema.system_fields import SYSTEM_COLUMNS, WORDS_COLUMN

INSTANT = sa.TIMESTAMP(timezone=True)
_STATE_PARTS = {"key", "label", "kind", "order", "probability", "forecast_category", "color", "guidance"}
_TRANSITION_PARTS = {"key", "from", "to", "label", "required"}


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
        process = build_process(definition)
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
        indexed=parts["indexed"],
        indexed_within=parts.get("indexed_within"),
        default=parts["default"],
        origin=entry.origin,
        synonyms=tuple(parts["synonyms"]),
        options=options,
        choices=kind.choices_of(options, declared),
    )


def build_process(definition: Mapping[str, Any]) -> Process:
    """The Process of a published definition. Parts that are not named in ``State`` or ``Transition`` go into their
    ``settings``."""
    states = tuple(
        State(
            key=one["key"],
            label=Text.from_json(one["label"]),
            kind=one["kind"],
            order=one.get("order", index),
            probability=one.get("probability") or 0,
            forecast_category=one.get("forecast_category"),
            color=one.get("color"),
            guidance=Text.from_json(one.get("guidance")),
            settings=_rest(one, _STATE_PARTS),
        )
        for index, one in enumerate(definition["states"])
    )
    transitions = tuple(
        Transition(
            key=one["key"],
            source=one.get("from"),
            to=one["to"],
            label=Text.from_json(one.get("label")),
            required=tuple(one.get("required", ())),
            settings=_rest(one, _TRANSITION_PARTS),
        )
        for one in definition.get("transitions", ())
    )
    return Process(
        key=definition["key"],
        object=definition["object"],
        field=definition["field"],
        label=Text.from_json(definition["label"]),
        version=definition.get("version", 1),
        states=states,
        transitions=transitions,
        is_default=definition.get("is_default", False),
        origin=definition.get("origin", "custom"),
        process_field=definition.get("process_field"),
        sum_field=definition.get("sum_field"),
        derived=definition.get("derived", {}),
    )


def _rest(definition: Mapping[str, Any], known: set[str]) -> dict[str, Any]:
    return {key: value for key, value in definition.items() if key not in known}


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
