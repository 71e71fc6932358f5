"""Narrow row sources: a row source that renders only the columns that the statement reads of it.

A record has up to hundreds of columns and a statement reads a handful. Listing them all at every place where a record
is joined made statements long, slow to compile and slow to plan; PostgreSQL has to carry the names through either way.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler


class PickedColumn(sa.ColumnClause[Any]):
    """A column of a narrow source; ``nullable`` is that of the record's column."""

    inherit_cache = False
    nullable: bool = True


class NarrowSource(sa.TableClause):
    """Stands for a row source under a name of its own. What it selects is settled when the statement is compiled, from
    the columns that were picked until then."""

    __visit_name__ = "narrow_source"
    inherit_cache = False

    def __init__(self, name: str, statement: sa.Select[Any]) -> None:
        super().__init__(name)
        self._statement = statement
        self._offered = statement.selected_columns
        self._picked: dict[str, PickedColumn] = {}

    def offers(self, name: str) -> bool:
        """Whether the row source has that column."""
        return name in self._offered

    def pick(self, name: str) -> PickedColumn:
        """The column, which must be offered."""
        found = self._picked.get(name)
        if found is None:
            original = self._offered[name]
            found = PickedColumn(name, original.type)
            found.nullable = bool(getattr(original, "nullable", True))
            self.append_column(found)
            self._picked[name] = found
        return found

    def narrowed(self) -> sa.Subquery:
        """The row source with the columns picked so far."""
        columns = [self._offered[name] for name in self._picked] or [sa.literal_column("1").label("one")]
        return self._statement.with_only_columns(*columns, maintain_column_froms=True).subquery(self.name)


@compiles(NarrowSource)
def _render(element: NarrowSource, compiler: SQLCompiler, asfrom: bool = False, **options: Any) -> str:
    if not asfrom:
        return compiler.preparer.quote(element.name)
    return compiler.process(element.narrowed(), asfrom=True, **options)


def narrow(name: str, source: sa.FromClause) -> sa.FromClause:
    """The source in its narrow form where it is a plain subselect, else as it is."""
    if isinstance(source, sa.Subquery) and isinstance(source.element, sa.Select):
        return NarrowSource(name, source.element)
    return source


def offers(source: sa.FromClause, name: str) -> bool:
    """Whether a source of any form has a column of that name."""
    return source.offers(name) if isinstance(source, NarrowSource) else name in source.c


def pick(source: sa.FromClause, name: str) -> sa.ColumnElement[Any] | None:
    """The column of a source of any form, or None where it has none of that name."""
    if isinstance(source, NarrowSource):
        return source.pick(name) if source.offers(name) else None
    return source.c.get(name)
