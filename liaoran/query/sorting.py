"""Sorting: what a sort key is in SQL. Text goes by pinyin where a key for it is kept, choices by their order, links by
the name of their target; empty values come last in both directions; the id decides between equals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.display import literal, literal_int, record_label
from liaoran.query.paths import Path, resolve_path
from liaoran.query.requests import Sort
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field


@dataclass(frozen=True, slots=True)
class SortKey:
    """One resolved sort key. ``kind`` is that of the values compared, which a cursor carries."""

    path: Path
    descending: bool
    kind: ValueKind

    @property
    def shape(self) -> tuple[str, bool]:
        """What of it decides the SQL."""
        return self.path.text, self.descending


def resolve_sort(rows: Rows, object_key: str, sort: Sequence[Sort]) -> tuple[SortKey, ...]:
    """The sort keys with the id as the last one. Raises Invalid ``not_sortable`` besides what paths raise."""
    keys: list[SortKey] = []
    for one in sort:
        path = resolve_path(rows, object_key, one.field)
        if path.kind is ValueKind.CHOICES:
            message = Text("不能按“{field}”排序", "cannot sort by “{field}”").fill(field=path.label)
            raise Invalid(message, code="not_sortable", extra={"field": path.text})
        if path.text not in {key.path.text for key in keys}:
            keys.append(SortKey(path, one.dir == "desc", _compared_kind(path)))
        if path.text == "id":
            return tuple(keys)
    return (*keys, SortKey(resolve_path(rows, object_key, "id"), _id_descends(keys), ValueKind.LINK))


def _id_descends(keys: Sequence[SortKey]) -> bool:
    """The direction in which the indexes hold the id beside the last key, so that equals need no sorting: after a
    Field in the same direction, after ``updated_at`` (kept newest first) in the other."""
    if not keys:
        return False
    last = keys[-1]
    return last.descending is not (last.path.text == "updated_at")


def _compared_kind(path: Path) -> ValueKind:
    one = path.field
    if one is None:
        return ValueKind.NUMBER
    if one.kind is ValueKind.CHOICE:
        return ValueKind.NUMBER if one.choices else ValueKind.TEXT
    if one.kind is ValueKind.LINK:
        return ValueKind.LINK if one.key == "id" else ValueKind.TEXT
    return ValueKind.TEXT if one.kind is ValueKind.REGION else one.kind


def sort_value(row: Row, path: Path) -> sa.ColumnElement[Any]:
    """What the path is compared by."""
    here = row.at(path)
    return field_sort_value(here, path.end) if isinstance(path.end, Field) else row.operand(path).value


def field_sort_value(row: Row, one: Field) -> sa.ColumnElement[Any]:
    """What the Field is compared by."""
    if one.kind is ValueKind.LINK and one.key != "id":
        return label_sort_value(row.follow(one))
    if one.kind is ValueKind.TEXT and row.has_column(f"{one.key}__pinyin"):
        return row.column(f"{one.key}__pinyin")
    value = row.value(one)
    return choice_order(one, value) if one.kind is ValueKind.CHOICE and one.choices else value


def label_sort_value(row: Row) -> sa.ColumnElement[Any]:
    """What the record's name is compared by."""
    name = row.compilation.rows.snapshot.object(row.object_key).name_field
    return row.column(f"{name}__pinyin") if row.has_column(f"{name}__pinyin") else record_label(row)


def choice_order(one: Field, value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The place of a choice in its list; unknown ones count as empty. A ``CASE`` is four times as fast as a search in
    an array, and it is worked out for every record or group to be sorted."""
    places = {literal(choice.key): literal_int(place) for place, choice in enumerate(one.choices, 1)}
    return sa.case(places, value=value)
