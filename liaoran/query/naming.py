"""Which Fields a Condition names, wherever they lie: what is asked before one of them is retired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liaoran.kernel.conditions import Condition, leaves_of, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.query.paths import Count, resolve_path
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field


def fields_named(rows: Rows, object_key: str, condition: Condition) -> Iterator[tuple[str, str]]:
    """``(object, field)`` of everything that the Condition reads over records of the Object. What is gone already is
    left out: whoever holds the Condition says so."""
    for leaf in leaves_of(condition):
        try:
            path = resolve_path(rows, object_key, leaf.field, old=True, evidence=True)
        except Invalid:
            continue
        for hop in path.hops:
            yield hop.object, hop.key
        if isinstance(path.end, Field):
            yield path.end.object, path.end.key
        elif isinstance(path.end, Count):
            yield path.end.object, path.end.link.key
            yield from fields_named(rows, path.end.object, _inner(leaf.value))


def _inner(value: Any) -> Condition:
    return parse_condition(value if isinstance(value, dict) else None)
