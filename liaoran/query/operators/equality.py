"""Equality: is, is not, is one of, is none of. "Is not" includes empty values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import Argument, Operator, Opposite, Reading
from liaoran.query.periods import start_of_day
from liaoran.query.subjects import Subject
from liaoran.query.values import read_day, read_list, read_value, spoken_list, spoken_value

_SINGLE = frozenset(set(ValueKind) - {ValueKind.CHOICES})
_LISTED = _SINGLE - {ValueKind.BOOLEAN, ValueKind.INSTANT}


class Equals(Operator):
    """Plain equality. Null asks for empty; a bare day asks for any moment of that day; "no" includes empty."""

    argument = Argument.ONE

    def read(self, raw: Any, subject: Subject) -> Reading:
        """One value, or null."""
        if subject.kind is ValueKind.INSTANT and (day := read_day(raw)) is not None:
            moments = start_of_day(day, subject.zone), start_of_day(day + timedelta(days=1), subject.zone)
            return Reading(moments, "day")
        value = read_value(raw, subject)
        if value is None:
            return Reading((), "empty")
        if subject.kind is ValueKind.BOOLEAN:
            return Reading((), "yes" if value else "no")
        return Reading((value,))

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a = x``, so that an index serves it."""
        match reading.form:
            case "empty":
                return operand.value.is_(None)
            case "yes":
                return operand.value.is_(sa.true())
            case "no":
                return operand.value.is_not(sa.true())
            case "day":
                start, end = operand.bind(binds[0]), operand.bind(binds[1])
                return sa.and_(operand.value >= start, operand.value < end)
            case _:
                return operand.value == operand.bind(binds[0])

    def is_two_valued(self, reading: Reading) -> bool:
        """Where it only asks whether there is a value, or for yes or no."""
        return reading.form in ("empty", "yes", "no")

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The value in words."""
        return {"value": spoken_value(raw, subject, names)}


class IsOneOf(Operator):
    """Equal to one of several values; a null among them asks for empty as well."""

    argument = Argument.MANY

    def read(self, raw: Any, subject: Subject) -> Reading:
        """A list of values; the form says whether null is among them."""
        values = read_list(raw, subject)
        return Reading(([value for value in values if value is not None],), None in values)

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a = ANY(array)``."""
        found: sa.ColumnElement[bool] = operand.value == sa.any_(operand.bind_list(binds[0]))
        return sa.or_(found, operand.value.is_(None)) if reading.form else found

    def is_two_valued(self, reading: Reading) -> bool:
        """Where null is among the values."""
        return bool(reading.form)

    def fails(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``a <> ALL(array)``, or empty unless null is among the values."""
        missing: sa.ColumnElement[bool] = operand.value != sa.all_(operand.bind_list(binds[0]))
        if reading.form:
            return sa.and_(missing, operand.value.is_not(None))
        return sa.or_(missing, operand.value.is_(None)) if operand.nullable else missing

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The values in words."""
        return {"value": spoken_list(raw, subject, names)}


EQ = Equals("eq", Text("等于", "is"), Text("{field}是{value}", "{field} is {value}"), _SINGLE)
NE = Opposite("ne", Text("不等于", "is not"), Text("{field}不是{value}", "{field} is not {value}"), EQ)
IN = IsOneOf("in", Text("属于", "is one of"), Text("{field}是{value}之一", "{field} is one of {value}"), _LISTED)
NOT_IN = Opposite(
    "not_in", Text("不属于", "is none of"), Text("{field}不是{value}中的任何一个", "{field} is none of {value}"), IN
)
