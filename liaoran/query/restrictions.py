"""Restrictions: which records a read is about, said alike by lists, boards and figures."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.conditions import parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.query.bound import Bound, compile_bound
from liaoran.query.compilation import Row
from liaoran.query.conditions import Binder, bind_condition
from liaoran.query.requests import Where
from liaoran.query.rows import Rows
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
    return row.column(WORDS).bool_op("@@")(bound_words(bind))


def bound_words(bind: str) -> sa.ColumnElement[Any]:
    """The ``tsquery`` that travels as text under a name."""
    return sa.cast(sa.bindparam(bind, type_=sa.Text()), postgresql.TSQUERY)


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
