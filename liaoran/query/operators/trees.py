"""Trees: in a region or anywhere inside it, at a department or below it, and so for every Object that forms a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.operands import Operand
from liaoran.query.operators.base import Argument, Operator, Reading
from liaoran.query.subjects import Subject
from liaoran.query.trees import parent_field
from liaoran.query.values import MY_DEPARTMENT, linked_to, read_required, spoken_value


class Under(Operator):
    """The value itself or anything below it. Region codes nest by their digits; links by the target's parent link."""

    argument = Argument.ONE

    def suits(self, subject: Subject) -> bool:
        """Regions, and links to an Object whose records form a tree."""
        if subject.kind is ValueKind.REGION:
            return True
        target = linked_to(subject)
        return target is not None and parent_field(subject.rows, target) is not None

    def read(self, raw: Any, subject: Subject) -> Reading:
        """One value; "my department" brings its departments along."""
        if raw == MY_DEPARTMENT and linked_to(subject) == "department":
            return Reading((list(subject.params["actor_departments"]),), "mine")
        value = read_required(raw, subject)
        if subject.kind is ValueKind.REGION:
            return Reading(region_range(value), "range")
        return Reading((value,), "tree")

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """A range of codes, or one of the ids of the branch."""
        if reading.form == "range":
            return sa.and_(operand.value >= operand.bind(binds[0]), operand.value <= operand.bind(binds[1]))
        if reading.form == "mine":
            mine = sa.bindparam(binds[0], type_=postgresql.ARRAY(sa.Uuid()))
            return operand.value == sa.any_(mine)
        if operand.tree is None:
            raise RuntimeError("a tree is asked for where there is none")
        return operand.value.in_(operand.tree(binds[0]))

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """The value in words."""
        return {"value": spoken_value(raw, subject, names)}


def region_range(code: str) -> tuple[str, str]:
    """The first and last six-digit code at or below a code: ``310000`` -> ``310000``, ``319999``."""
    stem = code
    while stem.endswith("00") and len(stem) > 2:
        stem = stem[:-2]
    return stem.ljust(6, "0"), stem.ljust(6, "9")


UNDER = Under(
    "under",
    Text("属于（含下级）", "is under"),
    Text("{field}在{value}及其下级之内", "{field} is {value} or below"),
    frozenset({ValueKind.REGION, ValueKind.LINK}),
)
