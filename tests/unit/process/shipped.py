"""The shipped catalogue in memory, and the standard pipeline to change parts of: for definitions that are read in full,
Conditions included."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from liaoran.access.scope import Scope, system_scope
from liaoran.app import wire
from liaoran.packs.base import OBJECTS as BASE
from liaoran.packs.sales import OBJECTS as SALES
from liaoran.packs.sales.pipeline import PIPELINE
from liaoran.process.definition import read_process
from liaoran.schema.building import build_snapshot
from liaoran.schema.definitions import read_object
from liaoran.schema.processes import Process
from liaoran.schema.reading import Place
from liaoran.schema.snapshot import Object


@cache
def rows() -> Scope:
    """Everything, as the system sees it."""
    wire()
    entries = [read_object(one, Place(), "shipped") for one in (*BASE, *SALES)]
    fields = [field for _, several in entries for field in several]
    return system_scope(build_snapshot("org_test", 1, "1", objects=[one for one, _ in entries], fields=fields))


def owner() -> Object:
    """What the pipeline is about."""
    return rows().snapshot.object("opportunity")


def read(definition: Any) -> Process:
    """The Process of a definition, everything checked."""
    return read_process(definition, owner(), snapshot=rows().snapshot)


def pipeline() -> dict[str, Any]:
    """The standard pipeline, to change."""
    return copy.deepcopy(PIPELINE)


def put(definition: Any, path: str, value: Any) -> Any:
    """The definition with the part at a path (``states.0.key``) replaced, or added to a list (``states.0.exit.+``)."""
    *steps, last = path.split(".")
    place = definition
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if last == "+":
        place.append(value)
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return definition
