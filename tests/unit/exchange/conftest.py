"""A Snapshot of the shipped definitions, built in memory, for tests that need no database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.packs.base import OBJECTS as BASE
from liaoran.packs.sales import OBJECTS as SALES
from liaoran.packs.sales import PROCESSES
from liaoran.schema.processes import Process, State
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Choice, Field, Object, Snapshot

_SYSTEM = [
    {
        "key": "external_id",
        "type": "text",
        "label": {"zh": "外部编号", "en": "External ID"},
        "unique": True,
        "hidden": True,
    },
    {"key": "created_at", "type": "instant", "label": {"zh": "创建时间", "en": "Created"}, "readonly": True},
    {
        "key": "created_by",
        "type": "person",
        "label": {"zh": "创建人", "en": "Created by"},
        "readonly": True,
        "options": {"target": "person"},
    },
    {"key": "updated_at", "type": "instant", "label": {"zh": "更新时间", "en": "Updated"}, "readonly": True},
]


def _field(owner: str, definition: dict[str, Any]) -> Field:
    kind = FIELD_TYPES[definition["type"]]
    options = dict(definition.get("options", {}))
    if definition["type"] in ("person", "department"):
        options["target"] = definition["type"]
    choices = tuple(
        Choice(one["key"], Text.from_json(one["label"]), synonyms=tuple(one.get("synonyms", ())))
        for one in definition.get("choices", ())
    )
    return Field(
        owner,
        definition["key"],
        definition["type"],
        Text.from_json(definition["label"]),
        kind.kind,
        required=definition.get("required", False),
        unique=definition.get("unique", False),
        readonly=definition.get("readonly", False),
        computed=kind.computed,
        hidden=definition.get("hidden", False),
        default=definition.get("default"),
        synonyms=tuple(definition.get("synonyms", ())),
        options=options,
        choices=choices,
    )


def _process(definition: dict[str, Any]) -> Process:
    states = tuple(
        State(one["key"], Text.from_json(one["label"]), one["kind"], order)
        for order, one in enumerate(definition["states"])
    )
    return Process(
        definition["key"],
        definition["object"],
        definition["field"],
        Text.from_json(definition["label"]),
        1,
        states,
        (),
        is_default=definition.get("is_default", False),
    )


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    """The base and sales packs as a Snapshot."""
    objects = {}
    for definition in [*BASE, *SALES]:
        fields = {one["key"]: _field(definition["key"], one) for one in [*definition["fields"], *_SYSTEM]}
        objects[definition["key"]] = Object(
            definition["key"],
            Text.from_json(definition["label"]),
            Text.from_json(definition["label_plural"]),
            definition["name_field"],
            fields,
            sa.Table(f"r_{definition['key']}", sa.MetaData()),
            processes=tuple(_process(one) for one in PROCESSES if one["object"] == definition["key"]),
            synonyms=tuple(definition.get("synonyms", ())),
        )
    return Snapshot(1, "org_test", objects)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real files; tests that need one are skipped where it is absent."""
    folder = Path(__file__).parents[3].parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real files is not here")
    return folder
