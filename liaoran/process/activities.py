"""Activities around a record: records of other Objects that link to it and are marked as activities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.computed import new_compilation
from liaoran.query.display import field_as_json, instant_text, json_object, linked_label, literal, record_label
from liaoran.query.paths import target_of
from liaoran.schema.snapshot import Activity, Field

LONGEST_TEXT = 1_000
"""So many characters of what came of it are shown; the record has the rest."""
_CREATED_AT, _CREATED_BY = "created_at", "created_by"


@dataclass(frozen=True, slots=True)
class Activities:
    """Activities of one Object around the record: when, which one, its JSON, and the rows that these are columns of.

    ``took_place`` is the moment at which somebody did something, null for what is still to come or to be done."""

    at: sa.ColumnElement[Any]
    took_place: sa.ColumnElement[Any]
    ref: sa.ColumnElement[str]
    entry: sa.ColumnElement[Any]
    rows: sa.FromClause
    around: sa.ColumnElement[bool]


def activities_around(scope: Scope, object_key: str, record: sa.ColumnElement[Any]) -> Iterator[Activities]:
    """For each Object of activities that the actor may read, its records that link to ``record`` by any Field that the
    actor may see. Fields that are hidden from the actor are not told."""
    for one in scope.snapshot.objects.values():
        if one.retired or one.activity is None or not scope.may(one.key, "read"):
            continue
        fields = {field.key: field for field in scope.fields(one.key)}
        links = [
            field
            for field in fields.values()
            if field.kind is ValueKind.LINK and not field.computed and target_of(field) == object_key
        ]
        if links:
            compilation = new_compilation(scope)
            row = Row(compilation, one.key, compilation.source(one.key))
            yield _activities(row, fields, one.activity, links, record)


def _activities(
    row: Row, fields: dict[str, Field], activity: Activity, links: Sequence[Field], record: sa.ColumnElement[Any]
) -> Activities:
    moments = [fields[key] for key in activity.at if key in fields]
    at = sa.func.coalesce(*(_instant(row, one) for one in moments), row.column(_CREATED_AT))
    text = fields.get(activity.text or "")
    entry = json_object(
        ("type", literal("activity")),
        ("id", row.column("id")),
        ("at", instant_text(at)),
        ("on", _day(row, moments)),
        ("object", literal(row.object_key)),
        ("label", record_label(row)),
        ("by", _person(row, fields, activity)),
        ("facts", json_object(*((key, field_as_json(row, fields[key])) for key in activity.shows if key in fields))),
        ("text", sa.null() if text is None else sa.func.left(row.value(text), LONGEST_TEXT)),
    )
    around = sa.or_(*(row.column(link.key) == record for link in links))
    return Activities(
        at, _took_place(row, moments, at), sa.cast(row.column("id"), sa.Text), entry, row.from_clause(), around
    )


def _took_place(row: Row, moments: Sequence[Field], at: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """What has a moment has taken place once that is over; a task has when it was done."""
    form = row.compilation.rows.snapshot.object(row.object_key).task_form
    if form is None:
        return sa.case((at <= sa.bindparam("now", type_=sa.DateTime(timezone=True)), at))
    if not row.has_column(form.status):
        return sa.null()
    done = [_instant(row, one) for one in moments if one.kind is ValueKind.INSTANT]
    return sa.case((row.column(form.status) == literal(form.done), sa.func.coalesce(*done, row.column("updated_at"))))


def _instant(row: Row, one: Field) -> sa.ColumnElement[Any]:
    """The moment in a Field. A day stands for its end where the actor is, so that what is due today is not over yet."""
    value = row.value(one)
    if one.kind is ValueKind.INSTANT:
        return value
    end = sa.cast(value, sa.Date) + sa.literal_column("time '23:59:59'", sa.Time())
    return sa.func.timezone(sa.bindparam("zone", type_=sa.Text()), end)


def _day(row: Row, moments: Sequence[Field]) -> sa.ColumnElement[Any]:
    """The day, where the first filled of the Fields is one."""
    cases = [
        (row.value(one).is_not(None), row.value(one) if one.kind is ValueKind.DATE else sa.null()) for one in moments
    ]
    return sa.case(*cases) if cases else sa.null()


def _person(row: Row, fields: dict[str, Field], activity: Activity) -> sa.ColumnElement[Any]:
    """Who does it; without such a Field, or where it is empty, who created the record."""
    known = [fields[key] for key in (activity.by, _CREATED_BY) if key is not None and key in fields]
    cases = [
        (row.value(one).is_not(None), json_object(("id", row.value(one)), ("label", linked_label(row, one))))
        for one in known
    ]
    return sa.case(*cases) if cases else sa.null()
