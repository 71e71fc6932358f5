"""Order: greater, less, between, for numbers, days and instants. A bare day stands for the whole of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import ORDERED_KINDS, Argument, Operator, Reading
from liaoran.query.periods import start_of_day
from liaoran.query.subjects import Subject
from liaoran.query.values import read_day, read_required, read_value, spoken_value

_DAY = timedelta(days=1)


class Compared(Operator):
    """One of ``> >= < <=``; ``sign`` is that one. Over a count, more than none asks only whether there is one."""

    argument = Argument.ONE

    def __init__(self, key: str, sign: str, label: Text, sentence: Text) -> None:
        super().__init__(key, label, sentence, ORDERED_KINDS)
        self.sign = sign

    def read(self, raw: Any, subject: Subject) -> Reading:
        """One value. A day for an instant means all its moments: after the day, until its end, and so on."""
        if subject.kind is ValueKind.INSTANT and (day := read_day(raw)) is not None:
            whole = self.sign in (">", "<=")
            moment = start_of_day(day + _DAY if whole else day, subject.zone)
            return Reading((moment,), ">=" if self.sign in (">", ">=") else "<")
        value = read_required(raw, subject)
        if subject.field is None and (self.sign, value) in ((">", 0), (">=", 1)):
            return Reading((), "any")
        return Reading((value,), self.sign)

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a > x`` and so on."""
        if reading.form == "any" and operand.exists is not None:
            return operand.exists
        bound = operand.bind(binds[0])
        match reading.form:
            case ">":
                return operand.value > bound
            case ">=":
                return operand.value >= bound
            case "<":
                return operand.value < bound
            case _:
                return operand.value <= bound

    def is_two_valued(self, reading: Reading) -> bool:
        """Where it asks whether there is a linked record."""
        return reading.form == "any"

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The value in words."""
        return {"value": spoken_value(raw, subject, names)}


class Between(Operator):
    """Both ends included; null leaves an end open."""

    argument = Argument.RANGE

    def read(self, raw: Any, subject: Subject) -> Reading:
        """A list of two values, not both null; the form says which ends are bound, and whether the end is a day's."""
        if not isinstance(raw, list | tuple) or len(raw) != 2:
            raise subject.refuse(Text("应为两个值的列表", "must be a list of two values"), raw)
        low = self._end(raw[0], subject, last=False)
        high = self._end(raw[1], subject, last=True)
        if low is None and high is None:
            raise subject.refuse(Text("至少需要一端的值", "at least one end needs a value"), raw)
        whole_day = subject.kind is ValueKind.INSTANT and read_day(raw[1]) is not None
        values = tuple(value for value in (low, high) if value is not None)
        return Reading(values, (low is not None, "<" if whole_day else "<=" if high is not None else ""))

    @staticmethod
    def _end(raw: Any, subject: Subject, *, last: bool) -> Any:
        if subject.kind is ValueKind.INSTANT and (day := read_day(raw)) is not None:
            return start_of_day(day + _DAY if last else day, subject.zone)
        return read_value(raw, subject)

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a >= x AND a <= y``."""
        has_low, upper = cast(tuple[bool, str], reading.form)
        parts: list[sa.ColumnElement[bool]] = []
        if has_low:
            parts.append(operand.value >= operand.bind(binds[0]))
        if upper == "<":
            parts.append(operand.value < operand.bind(binds[-1]))
        elif upper == "<=":
            parts.append(operand.value <= operand.bind(binds[-1]))
        return sa.and_(*parts)

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """Both ends in words."""
        low, high = raw if isinstance(raw, list | tuple) and len(raw) == 2 else (raw, raw)
        return {"low": _end_in_words(low, subject, names), "high": _end_in_words(high, subject, names)}


def _end_in_words(raw: Any, subject: Subject, names: Mapping[str, str]) -> Text:
    return Text("不限", "any") if raw is None else spoken_value(raw, subject, names)


GT = Compared(
    "gt", ">", Text("大于", "is greater than"), Text("{field}大于 {value}", "{field} is greater than {value}")
)
GTE = Compared(
    "gte", ">=", Text("大于等于", "is at least"), Text("{field}不小于 {value}", "{field} is at least {value}")
)
LT = Compared("lt", "<", Text("小于", "is less than"), Text("{field}小于 {value}", "{field} is less than {value}"))
LTE = Compared("lte", "<=", Text("小于等于", "is at most"), Text("{field}不大于 {value}", "{field} is at most {value}"))
BETWEEN = Between(
    "between",
    Text("介于", "is between"),
    Text("{field}在 {low} 到 {high} 之间", "{field} is between {low} and {high}"),
    ORDERED_KINDS,
)
