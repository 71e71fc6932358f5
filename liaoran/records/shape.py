"""What the write path needs to know of an Object, worked out once per version of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from liaoran.kernel.values import ValueKind
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Object, Snapshot

STAMPS = frozenset({"created_at", "created_by", "updated_at", "updated_by"})
"""Catalogued Fields that the write path itself fills; they are no part of Events."""


@dataclass(frozen=True)
class Shape:
    """``stored``: active Fields with columns of their own, stamps left out, which is what candidates and Events hold.

    ``columns`` are the columns of each, its own first, then helpers. ``amounts`` are pairs of a money Field and its
    currency Field. ``label`` is the name Field where its value is text that can stand in an Event.
    """

    stored: Mapping[str, Field]
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[Field, ...]
    unique: tuple[Field, ...]
    links: tuple[Field, ...]
    searched: tuple[Field, ...]
    numbered: tuple[Field, ...]
    defaulted: tuple[Field, ...]
    amounts: tuple[tuple[str, str], ...]
    label: str | None


_shapes: LeastRecentlyUsed[Shape] = LeastRecentlyUsed(500)


def shape_of(snapshot: Snapshot, owner: Object) -> Shape:
    """The shape of an Object in this catalogue."""
    return _shapes.get((snapshot.identity, owner.key), lambda: _build(owner))


def _build(owner: Object) -> Shape:
    stored = {one.key: one for one in owner.active_fields if not one.computed and one.key not in STAMPS}
    fields = tuple(stored.values())
    named = stored.get(owner.name_field)
    return Shape(
        stored=stored,
        columns={one.key: tuple(column.name for column in type_of(one).columns(one)) for one in fields},
        required=tuple(one for one in fields if one.required),
        unique=tuple(one for one in fields if one.unique),
        links=tuple(one for one in fields if one.target is not None),
        searched=tuple(one for one in fields if _is_searched(one)),
        numbered=tuple(one for one in fields if one.type == "autonumber"),
        defaulted=tuple(one for one in fields if one.default is not None),
        amounts=tuple(
            (one.key, str(one.options["currency_field"]))
            for one in fields
            if one.type == "money" and one.options.get("currency_field") in stored
        ),
        label=named.key if named is not None and named.kind is ValueKind.TEXT else None,
    )


def _is_searched(one: Field) -> bool:
    return next(iter(type_of(one).words("x", one)), None) is not None
