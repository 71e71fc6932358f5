"""Pieces of text: contains, begins with, ends with; upper and lower case count as the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import Argument, Operator, Opposite, Reading
from liaoran.query.subjects import Subject
from liaoran.query.values import read_text

_TEXT = frozenset({ValueKind.TEXT})
_ESCAPES = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


class Matches(Operator):
    """``ILIKE`` with the piece escaped; ``before`` and ``after`` are what may stand around it."""

    argument = Argument.ONE

    def __init__(self, key: str, before: str, after: str, label: Text, sentence: Text) -> None:
        super().__init__(key, label, sentence, _TEXT)
        self.before, self.after = before, after

    def read(self, raw: Any, subject: Subject) -> Reading:
        """The piece as a pattern."""
        return Reading((self.before + read_text(raw, subject).translate(_ESCAPES) + self.after,))

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a ILIKE pattern``."""
        return operand.value.ilike(operand.bind(binds[0]))

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The piece in quotes."""
        return {"value": Text(f"“{raw}”", f"“{raw}”")}


CONTAINS = Matches(
    "contains", "%", "%", Text("包含", "contains"), Text("{field}包含{value}", "{field} contains {value}")
)
NOT_CONTAINS = Opposite(
    "not_contains",
    Text("不包含", "does not contain"),
    Text("{field}不包含{value}", "{field} does not contain {value}"),
    CONTAINS,
)
STARTS_WITH = Matches(
    "starts_with", "", "%", Text("开头是", "begins with"), Text("{field}以{value}开头", "{field} begins with {value}")
)
ENDS_WITH = Matches(
    "ends_with", "%", "", Text("结尾是", "ends with"), Text("{field}以{value}结尾", "{field} ends with {value}")
)
