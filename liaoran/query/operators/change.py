"""Change: what a write changes, over candidates only. At create, everything that has a value has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import ALL_KINDS, Argument, Operator, Reading
from liaoran.query.operators.equality import IN
from liaoran.query.subjects import Subject
from liaoran.query.values import spoken_list


class Changed(Operator):
    """The value is another one than before."""

    on_change = True

    def read(self, raw: Any, subject: Subject) -> Reading:
        """No value is taken."""
        return Reading()

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``new IS DISTINCT FROM old``."""
        return operand.value.is_distinct_from(_before(operand))

    def is_two_valued(self, reading: Reading) -> bool:
        """Always."""
        return True


class ChangedThrough(Operator):
    """The value changed and was, or has become, one of the values given."""

    argument = Argument.MANY
    on_change = True

    def __init__(self, key: str, label: Text, sentence: Text, *, to: bool) -> None:
        super().__init__(key, label, sentence, ALL_KINDS - {ValueKind.CHOICES, ValueKind.BOOLEAN})
        self.to = to

    def read(self, raw: Any, subject: Subject) -> Reading:
        """One value or a list; null stands for empty."""
        return IN.read(raw, subject)

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """Distinct from before, and the one side among the values."""
        changed = operand.value.is_distinct_from(_before(operand))
        side = operand if self.to else Operand(_before(operand), operand.kind)
        among = IN.holds(side, reading, binds)
        # the value list is asked without null so that the whole is never null
        return sa.and_(changed, among if reading.form else sa.and_(side.value.is_not(None), among))

    def is_two_valued(self, reading: Reading) -> bool:
        """Always."""
        return True

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The values in words."""
        return {"value": spoken_list(raw, subject, names)}


def _before(operand: Operand) -> sa.ColumnElement[Any]:
    if operand.before is None:
        raise RuntimeError("an operator on change outside candidates")
    return operand.before()


CHANGED = Changed("changed", Text("有变化", "changes"), Text("{field}发生变化", "{field} changes"), ALL_KINDS)
CHANGED_FROM = ChangedThrough(
    "changed_from",
    Text("由…变来", "changes from"),
    Text("{field}由{value}改变", "{field} changes from {value}"),
    to=False,
)
CHANGED_TO = ChangedThrough(
    "changed_to", Text("变为", "changes to"), Text("{field}变为{value}", "{field} changes to {value}"), to=True
)
