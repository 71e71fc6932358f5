"""Look-ups: the visible records that a value or a name means, for whoever reads files and messages of others.

The answers are JSON made by PostgreSQL: thousands of pairs are parsed at once, not row by row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.query.plans import Plan, cached_statement
from liaoran.query.rows import Rows


def compile_by_value(rows: Rows, object_key: str, field_key: str, values: Iterable[Any]) -> Plan:
    """``[[value, id], …]`` of the visible records whose Field, or ``id`` itself, holds one of the (canonical) values."""

    def build() -> sa.Select[Any]:
        source = rows.source(object_key)
        column = source.c[field_key]
        wanted = sa.any_(sa.bindparam("wanted", type_=pg.ARRAY(column.type)))
        pair = sa.func.json_build_array(column, source.c.id)
        return sa.select(sa.func.json_agg(pair)).where(column == wanted)

    statement = cached_statement(rows, ("lookups.by_value", object_key, field_key), build)
    return Plan(statement, {**rows.params(), "wanted": list(values)})


def compile_count(rows: Rows, object_key: str, most: int) -> Plan:
    """How many visible records the Object has, counted up to ``most``."""

    def build() -> sa.Select[Any]:
        some = sa.select(rows.source(object_key).c.id).limit(sa.bindparam("most", type_=sa.Integer)).subquery()
        return sa.select(sa.func.count()).select_from(some)

    return Plan(cached_statement(rows, ("lookups.count", object_key), build), {**rows.params(), "most": most})


def compile_names(rows: Rows, object_key: str) -> Plan:
    """Rows ``id, name`` of every visible record that has a name, to be streamed."""

    def build() -> sa.Select[Any]:
        source = rows.source(object_key)
        name = source.c[rows.snapshot.object(object_key).name_field]
        return sa.select(source.c.id, name.label("name")).where(name.is_not(None))

    return Plan(cached_statement(rows, ("lookups.names", object_key), build), rows.params())
