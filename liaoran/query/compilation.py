"""Compilation: one statement on its way from a request to SQL, and the Rows of records that its parts read.

A ``Row`` stands for one record in the statement. It gives columns, follows links (each link is joined once, through the
target's own row source, so a hidden or deleted target contributes no value) and computes formulas and roll-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.evidence import Evidence
from liaoran.query.operands import Operand
from liaoran.query.paths import Count, Path, target_of
from liaoran.query.rows import Rows
from liaoran.query.sources import narrow, offers, pick
from liaoran.query.trees import branch
from liaoran.schema.snapshot import Field, unknown_field

MAXIMUM_COMPUTED = 200
Late = Callable[[Rows, Mapping[str, Any]], Mapping[str, Any]]


class Compilation:
    """What the parts of one statement share.

    ``late`` collects the binds that definitions bring along (the Condition of a roll-up): they are not part of the
    request, so they are worked out anew for each execution. ``compute`` writes formulas and roll-ups. ``mark`` keeps the
    names of parts that are compiled for themselves apart from those of the statement that they end up in.
    """

    def __init__(
        self, rows: Rows, compute: Callable[[Row, Field], sa.ColumnElement[Any]], as_of: bool = False, mark: str = ""
    ) -> None:
        self.rows = rows
        self.compute = compute
        self.as_of = as_of
        self.mark = mark
        self.late: list[Late] = []
        self.computing: list[tuple[str, str]] = []
        self._computed = 0
        self._prefixes = 0
        self._sources = 0

    def source(self, object_key: str, verb: str = "read") -> sa.FromClause:
        """A fresh alias over the rows that the verb reaches, at the moment that the statement reads."""
        self._sources += 1
        return narrow(f"{self.mark}{object_key}_{self._sources}", self.rows.source(object_key, verb, self.as_of))

    def prefix(self) -> str:
        """A fresh prefix for names of binds."""
        self._prefixes += 1
        return f"{self.mark}d{self._prefixes}_"

    def count_computed(self, one: Field) -> None:
        """Raises Invalid where formulas that read formulas grow beyond any use."""
        self._computed += 1
        if self._computed > MAXIMUM_COMPUTED:
            message = Text("公式“{field}”过于复杂", "the formula “{field}” is too complex").fill(field=one.label)
            raise Invalid(message, code="formula_too_complex", extra={"object": one.object, "field": one.key})


@dataclass(slots=True)
class Joins:
    """The links followed so far, in the order in which they have to be joined."""

    found: list[tuple[sa.FromClause, sa.ColumnElement[bool]]] = field(default_factory=list)

    def around(self, base: sa.FromClause) -> sa.FromClause:
        """``base`` with every followed link left-joined; ids are unique, so no row is multiplied."""
        for target, condition in self.found:
            base = base.outerjoin(target, condition)
        return base


class Row:
    """One record of ``object_key`` in the statement, with its columns.

    ``before`` is the same record before the change, over candidates only.
    """

    def __init__(
        self,
        compilation: Compilation,
        object_key: str,
        source: sa.FromClause,
        joins: Joins | None = None,
        *,
        optional: bool = False,
        before: Row | None = None,
    ) -> None:
        self.compilation = compilation
        self.object_key = object_key
        self.source = source
        self.joins = joins if joins is not None else Joins()
        self.before = before
        self._optional = optional
        self._followed: dict[str, Row] = {}

    def from_clause(self) -> sa.FromClause:
        """The record's source with all links that were followed."""
        return self.joins.around(self.source)

    def has_column(self, name: str) -> bool:
        """Whether the row source gives that column."""
        return offers(self.source, name)

    def column(self, name: str) -> sa.ColumnElement[Any]:
        """The column. Raises Invalid ``unknown_field`` where the row source withholds it."""
        found = pick(self.source, name)
        if found is None:
            raise unknown_field(self.compilation.rows.snapshot.object(self.object_key), name)
        return found

    def value(self, one: Field) -> sa.ColumnElement[Any]:
        """The Field's value in SQL; formulas and roll-ups are written out. No record, no value."""
        if not one.computed:
            return self.column(one.key)
        return self._of_record(self.compilation.compute(self, one))

    def _of_record(self, value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """A value worked out for the record; null where a link led nowhere."""
        return sa.case((self.column("id").is_not(None), value)) if self._optional else value

    def follow(self, link: Field) -> Row:
        """The record that the link points to."""
        found = self._followed.get(link.key)
        if found is None:
            target = target_of(link)
            source = self.compilation.source(target)
            found = self._followed[link.key] = Row(self.compilation, target, source, self.joins, optional=True)
            self.joins.found.append((source, found.column("id") == self.column(link.key)))
        return found

    def at(self, path: Path) -> Row:
        """The record that the path arrives at."""
        row = self
        if path.old:
            if self.before is None:
                raise RuntimeError("a path to the row before the change outside candidates")
            row = self.before
        for hop in path.hops:
            row = row.follow(hop)
        return row

    def operand(self, path: Path) -> Operand:
        """What the path stands for, ready for an operator."""
        row = self.at(path)
        if isinstance(path.end, Count):
            return row._count(path.end)
        if isinstance(path.end, Evidence):
            return Operand(sa.null(), path.kind, proves=partial(path.end.proves, row))
        one = path.end
        value = row.value(one)
        tree = None
        if one.kind is ValueKind.LINK:
            tree = partial(self._branch, target_of(one))

        nullable = row._optional or one.computed or bool(getattr(value, "nullable", True))
        before = partial(self._value_before, path, one) if self.before is not None and not path.old else None
        return Operand(value, path.kind, nullable=nullable, before=before, tree=tree)

    def _value_before(self, path: Path, one: Field) -> sa.ColumnElement[Any]:
        if self.before is None:
            raise RuntimeError("the row before the change is asked for outside candidates")
        return self.before.at(path).value(one)

    def _branch(self, target: str, bind: str) -> sa.Select[Any]:
        compilation = self.compilation
        return branch(compilation.rows, target, bind, compilation.prefix(), compilation.as_of)

    def _count(self, count: Count) -> Operand:
        linked = Row(self.compilation, count.object, self.compilation.source(count.object))
        here = linked.column(count.link.key) == self.column("id")
        number = sa.select(sa.func.count()).select_from(linked.source).where(here).correlate(self.source)
        any_linked = sa.exists().select_from(linked.source).where(here).correlate(self.source)
        value = self._of_record(sa.cast(number.scalar_subquery(), sa.Numeric))
        return Operand(
            value,
            ValueKind.NUMBER,
            nullable=self._optional,
            before=lambda: value,
            exists=any_linked,
            linked=partial(self._linked, count),
        )

    def _linked(self, count: Count, condition: Callable[[Row], sa.ColumnElement[bool]]) -> sa.ColumnElement[bool]:
        """Whether one of the counted records meets the Condition that is written over its Row."""
        linked = Row(self.compilation, count.object, self.compilation.source(count.object))
        here = linked.column(count.link.key) == self.column("id")
        met = condition(linked)
        return sa.exists().select_from(linked.from_clause()).where(here, met).correlate(self.source)
