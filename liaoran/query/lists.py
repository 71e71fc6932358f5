"""Lists: one page of records as one statement.

::

    WITH page AS (the rows of the source that match, in order, at most limit + 1)
    SELECT {"records": [rows of the page with links and paths looked up now], "next_cursor": …, "total": …}

What a list shows of linked records is looked up for the rows of the page only. Where the first sort key may be empty
and is a column, rows that have it and rows that have not are read apart, the latter only if the former do not fill the
page: so a plain index serves both directions although empty values come last in both.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.conditions import parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.query.compilation import Compilation, Row
from liaoran.query.conditions import Binder, Bound, bind_condition, compile_bound
from liaoran.query.display import json_object
from liaoran.query.keyset import Cursor, comes_after, cursor_text, order_by, read_cursor
from liaoran.query.paths import Path
from liaoran.query.planning import make_plan
from liaoran.query.plans import Plan
from liaoran.query.projection import (
    columns_needed,
    default_select,
    present_columns,
    records_json,
    resolve_select,
    shown_columns,
)
from liaoran.query.requests import QueryRequest, Where
from liaoran.query.rows import Rows
from liaoran.query.sorting import SortKey, resolve_sort, sort_value
from liaoran.query.words import query_of

WORDS = "search__words"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Which records a read is about: a bound Condition and words to be found; shared by lists, boards and figures."""

    object: str
    bound: Bound
    searched: bool

    @property
    def shape(self) -> Hashable:
        """What of it decides the SQL."""
        return self.object, self.bound.shape, self.searched

    def write(self, row: Row) -> list[sa.ColumnElement[bool]]:
        """The WHERE over a record."""
        parts = [compile_bound(self.bound, row)]
        if self.searched:
            parts.append(found_by(row, "q"))
        return parts


def found_by(row: Row, bind: str) -> sa.ColumnElement[bool]:
    """Whether the record's words match the ``tsquery`` bound to a name."""
    return row.column(WORDS).bool_op("@@")(sa.cast(sa.bindparam(bind, type_=sa.Text()), postgresql.TSQUERY))


class Restricting(Protocol):
    """What every request says about the records it is about."""

    @property
    def where(self) -> Where:
        """The JSON form of a Condition."""
        ...

    @property
    def q(self) -> str | None:
        """Words to be found."""
        ...

    @property
    def as_of(self) -> datetime | None:
        """The moment to read at."""
        ...


def restrict(
    rows: Rows, object_key: str, request: Restricting, params: Mapping[str, Any]
) -> tuple[Restriction, dict[str, Any]]:
    """The restriction that a request makes, and its binds. Raises Invalid as Conditions do."""
    q, as_of = request.q, request.as_of
    binder = Binder()
    bound = bind_condition(parse_condition(request.where), rows, object_key, params, binder)
    binds = dict(binder.values)
    searched = bool(q and q.strip())
    if searched:
        if as_of is not None:
            raise Invalid(Text("查看过去时不能搜索", "a past moment cannot be searched"), code="search_in_the_past")
        binds["q"] = query_of(q or "")
    if as_of is not None:
        binds["as_of"] = as_of if as_of.tzinfo is not None else as_of.replace(tzinfo=ZoneInfo(str(params["zone"])))
    return Restriction(object_key, bound, searched), binds


@dataclass(frozen=True, slots=True)
class _List:
    """A list request, resolved."""

    restriction: Restriction
    paths: tuple[Path, ...]
    lenient: bool
    keys: tuple[SortKey, ...]
    cursor: Cursor | None
    limit: int
    count: bool
    deleted: bool

    @property
    def shape(self) -> Hashable:
        return (
            "list",
            self.restriction.shape,
            None if self.lenient else tuple(path.text for path in self.paths),
            tuple(key.shape for key in self.keys),
            None if self.cursor is None else self.cursor.shape,
            self.limit,
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
        keys,
        cursor,
        request.limit,
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
    page = _page_of(row, asked, needed)
    shown = Row(compilation, object_key, page)
    pairs = shown_columns(shown, asked.paths, lenient=asked.lenient, deleted=asked.deleted)
    records = sa.select().select_from(shown.from_clause()).where(page.c["#"] <= literal_int(asked.limit))
    parts: list[tuple[str, Any]] = [
        ("records", records_json(records.order_by(page.c["#"]), pairs).scalar_subquery()),
        ("next_cursor", next_cursor(page, asked.keys, asked.limit)),
    ]
    if asked.count:
        parts.append(("total", _total(compilation, asked)))
    return sa.select(json_object(*parts))


def _total(compilation: Compilation, asked: _List) -> sa.ScalarSelect[Any]:
    row = Row(compilation, asked.restriction.object, compilation.source(asked.restriction.object, asked.verb))
    where = asked.restriction.write(row)
    return sa.select(sa.func.count()).select_from(row.from_clause()).where(*where).scalar_subquery()


def _page_of(row: Row, asked: _List, needed: Sequence[str]) -> sa.CTE:
    """The rows of a page and one more: the columns ``needed``, the sort values ``#0, #1, …`` and the place ``#``."""
    keys, cursor, limit = asked.keys, asked.cursor, asked.limit
    where = asked.restriction.write(row)
    values = [sort_value(row, key.path) for key in keys]
    filled = [not bool(getattr(value, "nullable", True)) for value in values]
    columns = present_columns(row, needed)
    labelled = [value.label(f"#{index}") for index, value in enumerate(values)]
    source = row.from_clause()

    def read(
        part: int, conditions: Sequence[sa.ColumnElement[bool]], known: Sequence[bool], start: int
    ) -> sa.Select[Any]:
        ordered = order_by(keys[start:], values[start:], known[start:])
        marked: sa.Label[Any] = sa.literal_column(str(part)).label("#part")
        chosen = sa.select(*columns, *labelled, marked).select_from(source).where(*where, *conditions)
        return chosen.order_by(*ordered).limit(literal_int(limit + 1))

    first = values[0]
    apart = not filled[0] and isinstance(first, sa.ColumnClause) and first.table is row.source
    if not apart:
        after = [comes_after(keys, values, filled, cursor)] if cursor is not None else []
        return _placed(read(0, after, filled, 0).subquery("found"), keys)
    known = [True, *filled[1:]]
    empty_after: list[sa.ColumnElement[bool]] = [first.is_(None)]
    if cursor is not None and cursor.values[0] is None:
        empty_after.append(comes_after(keys, values, filled, cursor, 1))
        return _placed(read(1, empty_after, filled, 1).subquery("found"), keys)
    after = [comes_after(keys, values, known, cursor)] if cursor is not None else []
    having = read(0, [first.is_not(None), *after], known, 0).cte("having_value")
    enough = sa.select(sa.func.count()).select_from(having).scalar_subquery()
    without = read(1, [first.is_(None), enough <= literal_int(limit)], filled, 1).subquery("without_value")
    return _placed(sa.union_all(sa.select(having), sa.select(without)).subquery("found"), keys)


def _placed(found: sa.Subquery, keys: Sequence[SortKey]) -> sa.CTE:
    """The rows found with their place in the order, counted from 1."""
    values = [found.c[f"#{index}"] for index in range(len(keys))]
    ordered = [found.c["#part"], *order_by(keys, values, [False] * len(keys))]
    return sa.select(found, sa.func.row_number().over(order_by=ordered).label("#")).cte("page")


def next_cursor(page: sa.CTE, keys: Sequence[SortKey], limit: int) -> sa.ScalarSelect[Any]:
    """The cursor after the last row shown, or null where the page holds no further row."""
    values = [page.c[f"#{index}"] for index in range(len(keys))]
    further = page.alias()
    more = sa.exists().where(further.c["#"] > literal_int(limit)).select_from(further)
    return sa.select(cursor_text(keys, values)).where(page.c["#"] == literal_int(limit), more).scalar_subquery()


def literal_int(value: int) -> sa.ColumnElement[int]:
    """A number that is part of the statement: page sizes decide plans, so they are no binds."""
    return sa.literal_column(str(value), sa.Integer)


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
