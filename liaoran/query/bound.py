"""Bound Conditions: the tree with its paths resolved and its values named, and how it becomes SQL.

What remains of a Condition here is a tree whose *shape* decides the SQL. Negations are pushed down to the leaves, where
an operator's ``fails`` is the two-valued complement of ``holds``.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from liaoran.kernel.conditions import Leaf
from liaoran.query.paths import Path

if TYPE_CHECKING:
    from liaoran.query.compilation import Row
    from liaoran.query.operators.base import Operator, Reading


@dataclass(frozen=True, slots=True)
class BoundLeaf:
    """A leaf with its path resolved and its values named."""

    leaf: Leaf
    path: Path
    operator: Operator
    reading: Reading
    names: tuple[str, ...]

    @property
    def shape(self) -> Hashable:
        """What of the leaf decides the SQL."""
        return self.path.text, self.operator.key, self.reading.form


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """``word`` is "all", "any" or "not"."""

    word: str
    parts: tuple[BoundLeaf | BoundGroup, ...]

    @property
    def shape(self) -> Hashable:
        """What of the group decides the SQL."""
        return self.word, tuple(part.shape for part in self.parts)


Bound = BoundLeaf | BoundGroup


def compile_bound(bound: Bound, row: Row, *, negated: bool = False) -> sa.ColumnElement[bool]:
    """SQL that is true exactly where the Condition holds (or does not, if ``negated``) for the record ``row``.

    Where it does not hold the result is false or null: put it into WHERE, FILTER or CASE, and do not negate it.
    """
    if isinstance(bound, BoundLeaf):
        operand = row.operand(bound.path)
        write = bound.operator.fails if negated else bound.operator.holds
        return write(operand, bound.reading, bound.names)
    if bound.word == "not":
        return compile_bound(bound.parts[0], row, negated=not negated)
    parts = [compile_bound(part, row, negated=negated) for part in bound.parts]
    if (bound.word == "all") is not negated:
        return sa.and_(sa.true(), *parts)
    return sa.or_(sa.false(), *parts)


def leaves_of_bound(bound: Bound) -> list[BoundLeaf]:
    """All leaves, in reading order."""
    if isinstance(bound, BoundLeaf):
        return [bound]
    return [leaf for part in bound.parts for leaf in leaves_of_bound(part)]


def renamed(bound: Bound, names: Sequence[str]) -> Bound:
    """The same tree with its values under other names: each leaf's names are places in ``names``."""
    if isinstance(bound, BoundLeaf):
        return replace(bound, names=tuple(names[int(place)] for place in bound.names))
    return replace(bound, parts=tuple(renamed(part, names) for part in bound.parts))
