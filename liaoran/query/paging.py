"""Paging: the rows of one page in order, and one more to know whether there is a next page.

Where the first sort key may be empty and is a column, rows that have it and rows that have not are read apart, the
latter only if the former do not fill the page: so a plain index serves both directions although empty values come last
in both. Only the first page in ascending order takes no such care, for an index holds empty values last. Where words
are searched, few matches are gathered through the index of words and then sorted; only where there are many is the
order walked and filtered. PostgreSQL cannot know beforehand which of the two is cheap; the statement looks at up to
2,000 matches and decides.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.display import literal_int
from liaoran.query.keyset import Cursor, comes_after, cursor_text, order_by
from liaoran.query.projection import present_columns
from liaoran.query.restrictions import Restriction
from liaoran.query.sorting import SortKey, sort_value

FEW = 2_000
PLACE = "#"
_PART = "#part"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is wanted: in which order, after which cursor, how many rows."""

    keys: tuple[SortKey, ...]
    cursor: Cursor | None
    limit: int

    @property
    def shape(self) -> Hashable:
        """What of it decides the SQL."""
        return tuple(key.shape for key in self.keys), self.cursor.shape if self.cursor else None, self.limit


class PageWriter:
    """Writes the rows of a page over one row source, with the columns ``needed``."""

    def __init__(self, row: Row, restriction: Restriction, extent: Extent, needed: Sequence[str]) -> None:
        self.keys, self.cursor = extent.keys, extent.cursor
        self.size = literal_int(extent.limit + 1)
        self.limit = literal_int(extent.limit)
        self.searched = restriction.searched
        self.where = restriction.write(row)
        self.values = [sort_value(row, key.path) for key in self.keys]
        self.filled = [not bool(getattr(value, "nullable", True)) for value in self.values]
        self.columns = present_columns(row, needed)
        self.source = row.from_clause()
        as_in_index = self.cursor is None and not self.keys[0].descending
        self.apart = not self.filled[0] and not as_in_index and _is_own_column(self.keys[0], self.values[0])

    def write(self) -> sa.CTE:
        """The CTE ``page``: the columns, the sort values ``#0, #1, …`` and the place ``#``, counted from 1."""
        if not self.searched:
            return self._placed(self._in_order([]))
        matches = self._chosen(0, []).cte("matches")
        some = sa.select(sa.literal_column("1")).select_from(matches).limit(literal_int(FEW + 1)).subquery()
        number = sa.select(sa.func.count()).select_from(some).scalar_subquery()
        few = self._sorted(matches, number <= literal_int(FEW))
        return self._placed([few, *self._in_order([number > literal_int(FEW)])])

    def _sorted(self, matches: sa.CTE, wanted: sa.ColumnElement[bool]) -> sa.Select[Any]:
        """The first of the matches, sorted."""
        values = [matches.c[f"#{index}"] for index in range(len(self.keys))]
        statement = sa.select(matches).where(wanted)
        if self.cursor is not None:
            statement = statement.where(comes_after(self.keys, values, self.filled, self.cursor))
        return statement.order_by(*order_by(self.keys, values, self.filled)).limit(self.size)

    def _in_order(self, conditions: Sequence[sa.ColumnElement[bool]]) -> list[sa.Select[Any]]:
        """The page by walking the order: one statement, or one for each of the two parts."""
        cursor = self.cursor
        if not self.apart:
            after = [comes_after(self.keys, self.values, self.filled, cursor)] if cursor is not None else []
            return [self._read(0, [*conditions, *after], self.filled, 0)]
        first, known = self.values[0], [True, *self.filled[1:]]
        if cursor is not None and cursor.values[0] is None:
            after = [comes_after(self.keys, self.values, self.filled, cursor, 1)]
            return [self._read(1, [*conditions, first.is_(None), *after], self.filled, 1)]
        after = [comes_after(self.keys, self.values, known, cursor)] if cursor is not None else []
        having = self._read(0, [*conditions, first.is_not(None), *after], known, 0).cte("having_value")
        enough = sa.select(sa.func.count()).select_from(having).scalar_subquery()
        without = self._read(1, [*conditions, first.is_(None), enough <= self.limit], self.filled, 1)
        return [sa.select(having), without]

    def _chosen(self, part: int, conditions: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
        labelled = [value.label(f"#{index}") for index, value in enumerate(self.values)]
        chosen = sa.select(*self.columns, *labelled, literal_int(part).label(_PART)).select_from(self.source)
        return chosen.where(*self.where, *conditions)

    def _read(
        self, part: int, conditions: Sequence[sa.ColumnElement[bool]], filled: Sequence[bool], start: int
    ) -> sa.Select[Any]:
        ordered = order_by(self.keys[start:], self.values[start:], filled[start:])
        return self._chosen(part, conditions).order_by(*ordered).limit(self.size)

    def _placed(self, parts: Sequence[sa.Select[Any]]) -> sa.CTE:
        """The rows of the parts with their place in the order."""
        whole = sa.union_all(*(sa.select(part.subquery()) for part in parts)) if len(parts) > 1 else parts[0]
        found = whole.subquery("found")
        values = [found.c[f"#{index}"] for index in range(len(self.keys))]
        ordered = order_by(self.keys, values, self.filled)
        if len(parts) > 1:
            ordered.insert(0, found.c[_PART])
        return sa.select(found, sa.func.row_number().over(order_by=ordered).label(PLACE)).cte("page")


def _is_own_column(key: SortKey, value: sa.ColumnElement[Any]) -> bool:
    """Whether a sort value is a column of the records themselves, for which there may be an index."""
    return isinstance(value, sa.ColumnClause) and not key.path.hops and key.path.kind is not ValueKind.LINK


def next_cursor(page: sa.CTE, extent: Extent) -> sa.ScalarSelect[Any]:
    """The cursor after the last row shown, or null where the page holds no further row."""
    values = [page.c[f"#{index}"] for index in range(len(extent.keys))]
    further = page.alias("further")
    limit = literal_int(extent.limit)
    more = sa.exists().where(further.c[PLACE] > limit).select_from(further)
    return sa.select(cursor_text(extent.keys, values)).where(page.c[PLACE] == limit, more).scalar_subquery()
