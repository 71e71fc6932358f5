"""Lists: one page of records as one statement.

::

    WITH page AS (the rows of the source that match, in order, at most limit + 1)
    SELECT {"records": [rows of the page with links and paths looked up now], "next_cursor": …, "total": …}

What a list shows of linked records is looked up for the rows of the page only.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from liaoran.query.compilation import Compilation, Row
from liaoran.query.display import json_object, literal_int
from liaoran.query.keyset import read_cursor
from liaoran.query.paging import PLACE, Extent, PageWriter, next_cursor
from liaoran.query.paths import Path
from liaoran.query.planning import make_plan
from liaoran.query.plans import Plan
from liaoran.query.projection import columns_needed, default_select, records_json, resolve_select, shown_columns
from liaoran.query.requests import QueryRequest
from liaoran.query.restrictions import Restriction, restrict
from liaoran.query.rows import Rows
from liaoran.query.sorting import resolve_sort


@dataclass(frozen=True, slots=True)
class _List:
    """A list request, resolved."""

    restriction: Restriction
    paths: tuple[Path, ...]
    lenient: bool
    extent: Extent
    count: bool
    deleted: bool

    @property
    def shape(self) -> Hashable:
        return (
            "list",
            self.restriction.shape,
            None if self.lenient else tuple(path.text for path in self.paths),
            self.extent.shape,
            self.count,
            self.deleted,
        )

    @property
    def verb(self) -> str:
        return "bin" if self.deleted else "read"


def plan_list(rows: Rows, object_key: str, request: QueryRequest) -> Plan:
    """The Plan of one page of records."""
    params = rows.params()
    restriction, binds = restrict(rows, object_key, request, params)
    keys = resolve_sort(rows, object_key, request.sort)
    cursor = read_cursor(request.cursor, keys)
    asked = _List(
        restriction,
        default_select(rows, object_key)
        if request.select is None
        else resolve_select(rows, object_key, request.select),
        request.select is None,
        Extent(keys, cursor, request.limit),
        request.count,
        request.deleted,
    )
    if cursor is not None:
        binds.update(cursor.binds())
    return make_plan(
        rows,
        params,
        asked.shape,
        binds,
        lambda compilation: _write(compilation, asked),
        as_of=request.as_of is not None,
    )


def _write(compilation: Compilation, asked: _List) -> sa.Select[Any]:
    object_key, rows = asked.restriction.object, compilation.rows
    needed = ["id", "version", *(name for path in asked.paths for name in columns_needed(rows, path))]
    if asked.deleted:
        needed.append("deleted_at")
    row = Row(compilation, object_key, compilation.source(object_key, asked.verb))
    page = PageWriter(row, asked.restriction, asked.extent, needed).write()
    shown = Row(compilation, object_key, page)
    pairs = shown_columns(shown, asked.paths, lenient=asked.lenient, deleted=asked.deleted)
    records = sa.select().select_from(shown.from_clause()).where(page.c[PLACE] <= literal_int(asked.extent.limit))
    parts: list[tuple[str, Any]] = [
        ("records", records_json(records.order_by(page.c[PLACE]), pairs).scalar_subquery()),
        ("next_cursor", next_cursor(page, asked.extent)),
    ]
    if asked.count:
        parts.append(("total", _total(compilation, asked)))
    return sa.select(json_object(*parts))


def _total(compilation: Compilation, asked: _List) -> sa.ScalarSelect[Any]:
    row = Row(compilation, asked.restriction.object, compilation.source(asked.restriction.object, asked.verb))
    where = asked.restriction.write(row)
    return sa.select(sa.func.count()).select_from(row.from_clause()).where(*where).scalar_subquery()


def plan_record(
    rows: Rows,
    object_key: str,
    record_id: Any,
    *,
    select: Sequence[str] | None = None,
    as_of: datetime | None = None,
    deleted: bool = False,
) -> Plan:
    """The Plan of one record: one JSON object, or no row where the actor may not see it."""
    params = rows.params()
    paths = default_select(rows, object_key) if select is None else resolve_select(rows, object_key, select)
    binds: dict[str, Any] = {"record_id": record_id}
    if as_of is not None:
        binds["as_of"] = as_of
    shape = ("record", object_key, None if select is None else tuple(path.text for path in paths), deleted)

    def build(compilation: Compilation) -> sa.Select[Any]:
        row = Row(compilation, object_key, compilation.source(object_key, "bin" if deleted else "read"))
        pairs = shown_columns(row, paths, lenient=select is None, deleted=deleted)
        chosen = row.column("id") == sa.bindparam("record_id", type_=sa.Uuid())
        found = records_json(sa.select().select_from(row.from_clause()).where(chosen), pairs).subquery("found")
        one = found.c.records.op("->")(sa.literal_column("0"))
        return sa.select(one).where(one.is_not(None))

    return make_plan(rows, params, shape, binds, build, as_of=as_of is not None)
