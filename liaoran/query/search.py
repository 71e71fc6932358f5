"""Search over all Objects at once: exact names first, then names that begin with what was typed, then all that match.

Each Object contributes at most so many candidates per rank, found through the GIN index; only these are ranked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Compilation, Row
from liaoran.query.display import field_as_text, json_object, literal, literal_int, record_label
from liaoran.query.planning import make_plan
from liaoran.query.plans import Plan
from liaoran.query.restrictions import found_by
from liaoran.query.rows import Rows
from liaoran.query.words import exact_name_of, name_query_of, query_of, words_of
from liaoran.schema.snapshot import Field, Object

__all__ = ["plan_search", "words_of"]

CANDIDATES = 100
MAXIMUM_RESULTS = 50
_SUBTITLE_KINDS = (ValueKind.LINK, ValueKind.TEXT, ValueKind.CHOICE, ValueKind.REGION)
_SUBTITLE_PARTS = 2


def plan_search(rows: Rows, q: str, objects: Sequence[str] | None = None, limit: int = 8) -> Plan:
    """The Plan of a search: ``{"groups": [{"object", "records": [{"id", "label", "subtitle"}]}]}``.

    ``limit`` is the number of records per Object; Objects come in the order of their best match. ``objects`` restricts
    the search; left out, all that the actor may see by name.
    """
    params = rows.params()
    searched = tuple(one.key for one in _searchable(rows, objects))
    size = max(1, min(limit, MAXIMUM_RESULTS))
    binds = {"q": query_of(q), "q_name": name_query_of(q), "q_exact": exact_name_of(q)}
    shape = ("search", searched, size)
    return make_plan(rows, params, shape, binds, lambda compilation: _write(compilation, searched, size))


def _searchable(rows: Rows, objects: Sequence[str] | None) -> list[Object]:
    asked = rows.snapshot.objects.values() if objects is None else [rows.snapshot.object(key) for key in objects]
    found = []
    for one in asked:
        if one.retired:
            continue
        if any(field.key == one.name_field for field in rows.fields(one.key)):
            found.append(one)
    return sorted(found, key=lambda one: (one.order, one.key))


def _write(compilation: Compilation, objects: Sequence[str], limit: int) -> sa.Select[Any]:
    parts = [_matches(compilation, key, place, limit) for place, key in enumerate(objects)]
    if not parts:
        return sa.select(sa.literal_column("""'{"groups": []}'::json"""))
    found = sa.union_all(*parts).subquery("matches")
    record = json_object(("id", found.c.id), ("label", found.c.label), ("subtitle", found.c.subtitle))
    best_first = (found.c.rank, found.c.length, found.c.id.desc())
    records = sa.func.json_agg(postgresql.aggregate_order_by(record, *best_first))
    group = sa.select(
        json_object(("object", found.c.object), ("records", records)).label("one"),
        sa.func.min(found.c.rank).label("best"),
        found.c.place,
    ).group_by(found.c.object, found.c.place)
    groups = group.subquery("groups")
    ordered = postgresql.aggregate_order_by(groups.c.one, groups.c.best, groups.c.place)
    listed = sa.func.coalesce(sa.func.json_agg(ordered), sa.literal_column("'[]'::json"), type_=postgresql.JSON)
    return sa.select(json_object(("groups", listed))).select_from(groups)


def _matches(compilation: Compilation, object_key: str, place: int, limit: int) -> sa.Select[Any]:
    """The best matches of one Object with label and subtitle, looked up for these alone."""
    ranked = _ranked(compilation, object_key, place, limit)
    row = Row(compilation, object_key, compilation.source(object_key))
    label, subtitle = record_label(row), _subtitle(row)
    source = ranked.join(row.source, row.column("id") == ranked.c.id)
    return sa.select(
        literal(object_key).label("object"),
        literal_int(place).label("place"),
        row.column("id").label("id"),
        label.label("label"),
        subtitle.label("subtitle"),
        ranked.c.rank,
        ranked.c.length,
    ).select_from(row.joins.around(source))


def _ranked(compilation: Compilation, object_key: str, place: int, limit: int) -> sa.Subquery:
    """The ids of the best matches with their rank: 0 the name itself, 1 its beginning, 2 anywhere.

    The matches are common table expressions so that they are planned as a whole, which takes the index, and read only
    as far as they are wanted. The statement asks every Object, most of which hold no match, so it is kept short: what
    PostgreSQL sets up for its parts takes longer than running them.
    """
    ranks = []
    for number, bind in enumerate(("q_exact", "q_name", "q")):
        matches = _matching(compilation, object_key, bind).cte(f"matches_{place}_{number}").prefix_with("MATERIALIZED")
        step = sa.select(matches.c.id, literal_int(number).label("rank"), matches.c.length)
        ranks.append(step.limit(literal_int(CANDIDATES)))
    whole = sa.union_all(*ranks).subquery("whole")
    # a record that matches in several ways counts as what it matches best
    rank, length = sa.func.min(whole.c.rank).label("rank"), sa.func.min(whole.c.length).label("length")
    best = sa.select(whole.c.id, rank, length).group_by(whole.c.id)
    return best.order_by(rank, length, whole.c.id.desc()).limit(literal_int(limit)).subquery("ranked")


def _matching(compilation: Compilation, object_key: str, bind: str) -> sa.Select[Any]:
    row = Row(compilation, object_key, compilation.source(object_key))
    length = sa.func.coalesce(sa.func.length(record_label(row)), literal_int(0))
    statement = sa.select(row.column("id"), length.label("length")).select_from(row.from_clause())
    return statement.where(found_by(row, bind))


def _subtitle(row: Row) -> sa.ColumnElement[Any]:
    """The first facts of the record's header in words."""
    parts = [field_as_text(row, one, row.compilation.rows.snapshot.language) for one in _subtitle_fields(row)]
    if not parts:
        return sa.cast(sa.null(), sa.Text)
    return sa.func.nullif(sa.func.concat_ws(literal(" · "), *parts), literal(""))


def _subtitle_fields(row: Row) -> list[Field]:
    rows = row.compilation.rows
    one = rows.snapshot.object(row.object_key)
    by_key = {field.key: field for field in rows.fields(one.key)}
    header = [by_key[key] for key in one.layouts.get("header", ()) if isinstance(key, str) and key in by_key]
    fitting = [field for field in header if field.kind in _SUBTITLE_KINDS and field.key != one.name_field]
    return [field for field in fitting if not field.computed][:_SUBTITLE_PARTS]
