"""Whether there is a value at all, and yes or no. A yes/no Field that was never filled counts as no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import ALL_KINDS, Operator, Opposite, Reading
from liaoran.query.subjects import Subject


class IsEmpty(Operator):
    """No value. Counts are never empty."""

    def read(self, raw: Any, subject: Subject) -> Reading:
        """No value is taken."""
        return Reading()

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a IS NULL``."""
        return operand.value.is_(None)

    def is_two_valued(self, reading: Reading) -> bool:
        """Always."""
        return True


class IsTrue(Operator):
    """Yes."""

    def read(self, raw: Any, subject: Subject) -> Reading:
        """No value is taken."""
        return Reading()

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a IS true``."""
        return operand.value.is_(sa.true())

    def is_two_valued(self, reading: Reading) -> bool:
        """Always."""
        return True


EMPTY = IsEmpty("empty", Text("为空", "is empty"), Text("{field}为空", "{field} is empty"), ALL_KINDS)
NOT_EMPTY = Opposite("not_empty", Text("不为空", "is not empty"), Text("{field}不为空", "{field} is not empty"), EMPTY)
IS_TRUE = IsTrue(
    "is_true", Text("为是", "is yes"), Text("{field}为“是”", "{field} is yes"), frozenset({ValueKind.BOOLEAN})
)
IS_FALSE = Opposite("is_false", Text("为否", "is no"), Text("{field}为“否”", "{field} is no"), IS_TRUE)
