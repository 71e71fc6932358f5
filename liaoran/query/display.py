"""How values look outside: as JSON for answers, as text for formulas, labels and subtitles.

JSON forms: numbers as numbers, days as ``YYYY-MM-DD``, instants as ISO 8601 in UTC with ``Z``, choices as keys, links
as ``{"id", "label"}`` (the label is null where the target is hidden or in the recycle bin), regions as ``{"code",
"label"}``.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Language
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.paths import Path, target_of
from liaoran.schema.snapshot import Field

LONGEST_LABEL_CHAIN = 3
NULL_TEXT: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Text)


def literal(text: str) -> sa.ColumnElement[Any]:
    """A constant of the statement itself, not of the request: written into the SQL instead of travelling as a bind."""
    return sa.literal_column("'" + text.replace("'", "''") + "'", sa.Text)


def literal_int(value: int) -> sa.ColumnElement[int]:
    """A whole number that is part of the statement: page sizes decide plans, so they are no binds."""
    return sa.literal_column(str(value), sa.Integer)


def json_object(*pairs: tuple[str, Any]) -> sa.ColumnElement[Any]:
    """``json_build_object`` over at most 50 pairs."""
    parts = [part for key, value in pairs for part in (literal(key), value)]
    return sa.func.json_build_object(*parts, type_=postgresql.JSON)


def json_array(*values: Any) -> sa.ColumnElement[Any]:
    """``json_build_array`` over at most 100 values."""
    return sa.func.json_build_array(*values, type_=postgresql.JSON)


def instant_text(value: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """An instant as ``2026-03-05T06:30:00.000000Z``."""
    pattern = sa.literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'""", sa.Text)
    return sa.func.to_char(sa.func.timezone(literal("UTC"), value), pattern)


def as_json(row: Row, path: Path) -> sa.ColumnElement[Any]:
    """The value at the end of the path in its JSON form."""
    here = row.at(path)
    if isinstance(path.end, Field):
        return field_as_json(here, path.end)
    return row.operand(path).value


def field_as_json(row: Row, one: Field) -> sa.ColumnElement[Any]:
    """The Field's value in its JSON form."""
    value = row.value(one)
    match one.kind:
        case ValueKind.NUMBER:
            return value if one.key == "version" else sa.func.trim_scale(value)
        case ValueKind.INSTANT:
            return instant_text(value)
        case ValueKind.LINK:
            shown = json_object(("id", value), ("label", linked_label(row, one)))
            return sa.case((value.is_not(None), shown))
        case ValueKind.REGION:
            return sa.case((value.is_not(None), json_object(("code", value), ("label", region_label(row, one)))))
        case _:
            return value


def region_label(row: Row, one: Field) -> sa.ColumnElement[Any]:
    """The names of a region, or its code where the source keeps no names."""
    helper = f"{one.key}__label"
    value = row.value(one)
    return sa.func.coalesce(row.column(helper), value) if row.has_column(helper) else value


def linked_label(row: Row, link: Field, depth: int = 1) -> sa.ColumnElement[Any]:
    """The label of the record that the link points to: one look-up by id, for rows that are already limited."""
    compilation, target = row.compilation, target_of(link)
    if link.key == "id" and not row.compilation.rows.snapshot.object(row.object_key).fields.get("id"):
        return record_label(row, depth)
    linked = Row(compilation, target, compilation.source(target))
    label = record_label(linked, depth)
    statement = sa.select(label).select_from(linked.from_clause()).where(linked.column("id") == row.column(link.key))
    return statement.correlate(row.source).scalar_subquery()


def record_label(row: Row, depth: int = 1) -> sa.ColumnElement[Any]:
    """The record's name as text; null where the actor may not see the name Field."""
    rows = row.compilation.rows
    try:
        one = rows.field(row.object_key, rows.snapshot.object(row.object_key).name_field)
        return field_as_text(row, one, rows.snapshot.language, depth)
    except Invalid:
        return NULL_TEXT


def field_as_text(row: Row, one: Field, language: Language, depth: int = 0) -> sa.ColumnElement[Any]:
    """The Field's value as people write it: labels of choices, names of links and regions, local time of instants."""
    value = row.value(one)
    match one.kind:
        case ValueKind.TEXT:
            return value
        case ValueKind.LINK:
            return linked_label(row, one, depth + 1) if depth < LONGEST_LABEL_CHAIN else NULL_TEXT
        case ValueKind.CHOICE if one.choices:
            labels = [(value == literal(choice.key), literal(choice.label.read(language))) for choice in one.choices]
            return sa.case(*labels, else_=value)
        case ValueKind.REGION:
            return region_label(row, one)
        case ValueKind.CHOICES:
            return sa.func.array_to_string(value, literal("、" if language == "zh" else ", "))
        case _:
            return value_as_text(value, one.kind, language)


def value_as_text(value: sa.ColumnElement[Any], kind: ValueKind, language: Language) -> sa.ColumnElement[Any]:
    """A plain value as text."""
    match kind:
        case ValueKind.NUMBER:
            return sa.cast(sa.func.trim_scale(value), sa.Text)
        case ValueKind.BOOLEAN:
            yes, no = ("是", "否") if language == "zh" else ("yes", "no")
            return sa.case((value, literal(yes)), (sa.not_(value), literal(no)))
        case ValueKind.DATE:
            return sa.func.to_char(value, literal("YYYY-MM-DD"))
        case ValueKind.INSTANT:
            zone = sa.bindparam("zone", type_=sa.Text())
            return sa.func.to_char(sa.func.timezone(zone, value), literal("YYYY-MM-DD HH24:MI"))
        case _:
            return sa.cast(value, sa.Text)
