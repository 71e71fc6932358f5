"""Has and has not: whether there is a linked record for which a Condition of its own holds, or a piece of evidence.

Over ``count(contact.account)`` the value is a Condition on the linked Object (or nothing, for any record); over
``evidence(file)`` it is what that kind of evidence takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa

from liaoran.kernel.conditions import ALWAYS, Condition, parse_condition
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.bound import Bound, compile_bound, renamed
from liaoran.query.evidence import Evidence
from liaoran.query.operands import Operand
from liaoran.query.operators.base import Argument, Operator, Opposite, Reading
from liaoran.query.paths import Count
from liaoran.query.subjects import Subject

_ONE_LEVEL = Text("这里不能再嵌套一层“有”", "“has” cannot be asked within “has”")
_SUCH = Text("{condition}的{plural}", "{plural} where {condition}")
_ANY = Text("{plural}", "any {plural}")


@dataclass(frozen=True, slots=True)
class _Form:
    """The inner Condition; two are the same where their SQL is."""

    shape: Any
    bound: Bound | None = field(compare=False)


class Has(Operator):
    """There is at least one."""

    argument = Argument.RELATED

    def suits(self, subject: Subject) -> bool:
        """Counts of linked records, and evidence."""
        return isinstance(subject.path.end, Count | Evidence)

    def read(self, raw: Any, subject: Subject) -> Reading:
        """The inner Condition with its values, or what the evidence takes."""
        end = subject.path.end
        if isinstance(end, Evidence):
            return end.read(raw, subject)
        condition = _inner(raw)
        if condition == ALWAYS:
            return Reading((), _Form("any", None))
        if subject.inner is None:
            raise subject.refuse(_ONE_LEVEL, raw)
        bound, values = subject.inner.bind(condition, _linked(subject))
        return Reading(tuple(values), _Form(bound.shape, bound))

    def holds(self, operand: Operand, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """``EXISTS (…)``."""
        if operand.proves is not None:
            return operand.proves(reading, binds)
        if operand.linked is None:
            raise RuntimeError("“has” over something that nothing links to")
        inner = cast(_Form, reading.form).bound
        return operand.linked(lambda row: sa.true() if inner is None else compile_bound(renamed(inner, binds), row))

    def is_two_valued(self, reading: Reading) -> bool:
        """Always."""
        return True

    def spoken(self, raw: Any, subject: Subject, names: Mapping[str, str]) -> dict[str, Text]:
        """``{value}``: what there has to be."""
        end = subject.path.end
        if isinstance(end, Evidence):
            return {"value": end.spoken(raw, subject)}
        plural = subject.rows.snapshot.object(_linked(subject)).label_plural
        condition = _inner(raw)
        if condition == ALWAYS or subject.inner is None:
            return {"value": _ANY.fill(plural=plural)}
        return {"value": _SUCH.fill(plural=plural, condition=subject.inner.say(condition, _linked(subject)))}


def _inner(raw: Any) -> Condition:
    return parse_condition(raw or None)


def _linked(subject: Subject) -> str:
    end = subject.path.end
    return end.object if isinstance(end, Count) else subject.path.object


_KINDS = frozenset({ValueKind.NUMBER, ValueKind.BOOLEAN})
"""Of counts and of evidence; only these, whatever else is a number or a yes/no."""

HAS = Has("has", Text("有", "has"), Text("有{value}", "has {value}"), _KINDS)
HAS_NO = Opposite("has_no", Text("没有", "has no"), Text("没有{value}", "has no {value}"), HAS)
