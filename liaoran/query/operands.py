"""Operand: the left side of a leaf in SQL, with what an operator may need to know about where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from liaoran.kernel.values import ValueKind
from liaoran.query.values import SQL_TYPES

if TYPE_CHECKING:
    from liaoran.query.compilation import Row
    from liaoran.query.operators.base import Reading


@dataclass(frozen=True, slots=True)
class Operand:
    """``value`` is the SQL value, ``nullable`` whether it may be null. ``before`` writes the value before the change,
    over candidates only. ``tree`` yields the ids at and below the id bound to a name, where the operand links into a
    tree. Where the operand is a count, ``exists`` says whether there is any linked record and ``linked`` whether there
    is one for which the Condition holds that is written over its Row. Where it is evidence, ``proves`` says whether
    there is what was asked for."""

    value: sa.ColumnElement[Any]
    kind: ValueKind
    nullable: bool = True
    before: Callable[[], sa.ColumnElement[Any]] | None = None
    tree: Callable[[str], sa.Select[Any]] | None = None
    exists: sa.ColumnElement[bool] | None = None
    linked: Callable[[Callable[[Row], sa.ColumnElement[bool]]], sa.ColumnElement[bool]] | None = None
    proves: Callable[[Reading, Sequence[str]], sa.ColumnElement[bool]] | None = None

    def bind(self, name: str) -> sa.BindParameter[Any]:
        """The bind of that name, of the operand's own type."""
        kind = SQL_TYPES[self.kind]
        return sa.bindparam(name, type_=kind)

    def bind_list(self, name: str) -> sa.BindParameter[Any]:
        """The bind of that name as an array of values of the operand's type."""
        kind = SQL_TYPES[self.kind]
        element = kind if self.kind is not ValueKind.CHOICES else sa.Text()
        return sa.bindparam(name, type_=sa.ARRAY(element))
