"""Projection: which paths an answer shows, which columns that takes, and how they become one JSON object per record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.errors import Invalid
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.display import as_json, instant_text, json_object, literal
from liaoran.query.formula.reads import formula_paths
from liaoran.query.paths import Path, resolve_path
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.query.rows import Rows
from liaoran.schema.snapshot import Field

LONGEST_NAME = 63
"""PostgreSQL cuts names of columns there, so longer keys go another way."""
_PAIRS = 45


def resolve_select(rows: Rows, object_key: str, select: Sequence[str]) -> tuple[Path, ...]:
    """The paths to show, without repetitions. Raises Invalid as paths do."""
    return tuple(
        resolve_path(rows, object_key, text) for text in dict.fromkeys(select) if text not in ("id", "version")
    )


_defaults: LeastRecentlyUsed[tuple[Path, ...]] = LeastRecentlyUsed(2000)


def default_select(rows: Rows, object_key: str) -> tuple[Path, ...]:
    """Every Field of the Object that the actor may see."""

    def build() -> tuple[Path, ...]:
        return tuple(
            Path(one.key, object_key, (), one) for one in rows.fields(object_key) if one.key not in ("id", "version")
        )

    return _defaults.get((rows.snapshot.identity, rows.key, object_key), build)


def columns_needed(rows: Rows, path: Path) -> Iterator[str]:
    """The columns of the record itself that showing the path takes, helper columns included."""
    if path.hops:
        yield path.hops[0].key
    elif not isinstance(path.end, Field):
        yield "id"
    else:
        yield from _columns_of(rows, path.object, path.end, frozenset())


def _columns_of(rows: Rows, object_key: str, one: Field, above: frozenset[str]) -> Iterator[str]:
    if not one.computed:
        yield one.key
        if one.kind is ValueKind.REGION:
            yield f"{one.key}__label"
    elif one.type != "formula" or one.key in above:
        yield "id"
    else:
        for path in formula_paths(rows, object_key, one):
            if path.hops or not isinstance(path.end, Field):
                yield from columns_needed(rows, path)
            else:
                yield from _columns_of(rows, object_key, path.end, above | {one.key})


def present_columns(row: Row, names: Iterable[str]) -> list[sa.ColumnElement[Any]]:
    """The columns of those names that the row source gives, each once."""
    return [row.column(name) for name in dict.fromkeys(names) if row.has_column(name)]


def shown_columns(row: Row, paths: Sequence[Path], *, lenient: bool, deleted: bool) -> list[tuple[str, Any]]:
    """The keys of a record's JSON object with their values in SQL.

    ``lenient`` shows null for a computed Field that cannot be worked out for this actor, instead of refusing.
    """
    shown: list[tuple[str, Any]] = [("id", row.column("id")), ("version", row.column("version"))]
    for path in paths:
        try:
            shown.append((path.text, as_json(row, path)))
        except Invalid:
            if not lenient:
                raise
            shown.append((path.text, sa.null()))
    if deleted and "deleted_at" not in {key for key, _ in shown}:
        shown.append(("deleted_at", instant_text(row.column("deleted_at"))))
    return shown


def records_json(statement: sa.Select[Any], pairs: Sequence[tuple[str, Any]]) -> sa.Select[Any]:
    """One row with one column ``records``: the JSON array of the objects, in the order of ``statement``.

    ``statement`` brings FROM, WHERE and ORDER BY; its columns are replaced.
    """
    if all(len(key.encode()) <= LONGEST_NAME for key, _ in pairs):
        columns = [value.label(key) for key, value in pairs]
        listed = statement.with_only_columns(*columns, maintain_column_froms=True).subquery("r")
        whole: sa.ColumnElement[Any] = listed.table_valued()
    else:
        listed = statement.with_only_columns(record_object(pairs).label("o"), maintain_column_froms=True).subquery("r")
        whole = listed.c.o
    empty: sa.ColumnElement[Any] = sa.literal_column("'[]'::json")
    return sa.select(
        sa.func.coalesce(sa.func.json_agg(whole), empty, type_=postgresql.JSON).label("records")
    ).select_from(listed)


def record_object(pairs: Sequence[tuple[str, Any]]) -> sa.ColumnElement[Any]:
    """One record as a JSON object, however many keys it has and however long they are."""
    if len(pairs) <= _PAIRS:
        return json_object(*pairs)
    parts = [pairs[start : start + _PAIRS] for start in range(0, len(pairs), _PAIRS)]
    objects = [sa.func.jsonb_build_object(*(x for key, value in part for x in (literal(key), value))) for part in parts]
    whole: sa.ColumnElement[Any] = objects[0]
    for one in objects[1:]:
        whole = whole.op("||")(one)
    return sa.cast(whole, postgresql.JSON)
