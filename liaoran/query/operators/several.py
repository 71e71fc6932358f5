"""Multi-choice: any of, all of, none of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import Argument, Operator, Opposite, Reading
from liaoran.query.subjects import Subject
from liaoran.query.values import read_list, spoken_list


class Has(Operator):
    """Shares choices with a list; ``every`` asks for all of them. A record without choices has none, not even of an
    empty list."""

    argument = Argument.MANY

    def __init__(self, key: str, label: Text, sentence: Text, *, every: bool) -> None:
        super().__init__(key, label, sentence, frozenset({ValueKind.CHOICES}))
        self.every = every

    def read(self, raw: Any, subject: Subject) -> Reading:
        """A list of choices, each by key or label."""
        chosen = [key for keys in read_list(raw, subject) if keys is not None for key in keys]
        return Reading((chosen,))

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a && list`` or ``a @> list``."""
        sign = "@>" if self.every else "&&"
        wanted = sa.bindparam(binds[0], type_=postgresql.ARRAY(sa.Text()))
        return operand.value.bool_op(sign)(wanted)

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The choices in words."""
        return {"value": spoken_list(raw, subject, names)}


HAS_ANY = Has(
    "has_any",
    Text("包含任一", "has any of"),
    Text("{field}包含{value}中的任意一个", "{field} has any of {value}"),
    every=False,
)
HAS_ALL = Has(
    "has_all", Text("包含全部", "has all of"), Text("{field}同时包含{value}", "{field} has all of {value}"), every=True
)
HAS_NONE = Opposite(
    "has_none", Text("都不包含", "has none of"), Text("{field}不包含{value}", "{field} has none of {value}"), HAS_ANY
)
