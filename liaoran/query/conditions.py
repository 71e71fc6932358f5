"""Conditions: from the tree to SQL, in two steps.

``bind_condition`` resolves paths, checks values and gives every value a bind name; what remains is a tree whose *shape*
decides the SQL, and ``bound.compile_bound`` writes it. ``a = x`` stays a plain equality that an index serves, and null
never means anything but false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.conditions import All, AnyOf, Condition, Leaf, Not
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.query.bound import Bound, BoundGroup, BoundLeaf, compile_bound
from liaoran.query.compilation import Compilation, Row
from liaoran.query.operators import OPERATORS
from liaoran.query.operators.base import Operator
from liaoran.query.paths import resolve_path
from liaoran.query.rows import Rows
from liaoran.query.subjects import Subject
from liaoran.schema.reading import near


@dataclass(slots=True)
class Binder:
    """Gives values names, in order of arrival."""

    prefix: str = "w"
    values: dict[str, Any] = field(default_factory=dict)

    def add(self, value: Any) -> str:
        """The name under which the value travels."""
        name = f"{self.prefix}{len(self.values)}"
        self.values[name] = value
        return name


NO_RESTRICTION = BoundGroup("all", ())
_WORDS: Mapping[type[Condition], str] = {All: "all", AnyOf: "any", Not: "not"}


def bind_condition(
    condition: Condition,
    rows: Rows,
    object_key: str,
    params: Mapping[str, Any],
    binder: Binder,
    *,
    candidates: bool = False,
    inner: bool = False,
) -> Bound:
    """The Condition with paths resolved and values checked; values go to ``binder``.

    ``candidates`` permits the prefix ``old.`` and the operators on change; ``inner`` is a Condition within a "has".
    Raises Invalid: ``unknown_field``, ``invalid_path``, ``unknown_operator``, ``operator_not_applicable``,
    ``invalid_condition`` for a value.
    """
    match condition:
        case Leaf():
            return _bind_leaf(condition, rows, object_key, params, binder, candidates=candidates, inner=inner)
        case Not(part):
            parts: tuple[Condition, ...] = (part,)
        case All(parts) | AnyOf(parts):
            pass
    bound = [
        bind_condition(part, rows, object_key, params, binder, candidates=candidates, inner=inner) for part in parts
    ]
    return BoundGroup(_WORDS[type(condition)], tuple(bound))


def _bind_leaf(
    leaf: Leaf, rows: Rows, object_key: str, params: Mapping[str, Any], binder: Binder, *, candidates: bool, inner: bool
) -> BoundLeaf:
    path = resolve_path(rows, object_key, leaf.field, old=candidates, evidence=True)
    operator = find_operator(leaf.op)
    subject = Subject(path, leaf.op, rows, params, None if inner else _Within(rows, params))
    if not operator.suits(subject) or (operator.on_change and (not candidates or path.old)):
        raise _not_applicable(subject, operator, candidates)
    reading = operator.read(leaf.value, subject)
    return BoundLeaf(leaf, path, operator, reading, tuple(binder.add(value) for value in reading.values))


@dataclass(frozen=True, slots=True)
class _Within:
    """Reads Conditions over the Object that a leaf counts the records of. Within them there is no further "has"."""

    rows: Rows
    params: Mapping[str, Any]

    def bind(self, condition: Condition, object_key: str) -> tuple[Bound, list[Any]]:
        """The bound Condition with its values; its names are the places of the values."""
        binder = Binder("")
        bound = bind_condition(condition, self.rows, object_key, self.params, binder, inner=True)
        return bound, list(binder.values.values())

    def say(self, condition: Condition, object_key: str) -> Text:
        """Only asked of a Subject that is read to be said (``sentences``)."""
        raise RuntimeError("a Condition that is being bound is not said")


def compile_condition(
    condition: Condition, compilation: Compilation, row: Row, prefix: str = "w"
) -> tuple[sa.ColumnElement[bool], dict[str, Any]]:
    """The Condition over one record in SQL, and its binds. For a Condition that belongs to a definition rather than a
    request use ``compile_defined``, which keeps the values fresh."""
    binder = Binder(prefix)
    bound = bind_condition(condition, compilation.rows, row.object_key, compilation.rows.params(), binder)
    return compile_bound(bound, row), binder.values


def compile_defined(condition: Condition, row: Row) -> sa.ColumnElement[bool]:
    """A Condition out of the catalogue over one record. Its values are bound anew at each execution, so "today" and
    "me" are those of the moment and of the actor."""
    compilation, object_key = row.compilation, row.object_key
    prefix = compilation.prefix()

    def bind(rows: Rows, params: Mapping[str, Any]) -> tuple[Bound, dict[str, Any]]:
        binder = Binder(prefix)
        return bind_condition(condition, rows, object_key, params, binder), binder.values

    compilation.late.append(lambda rows, params: bind(rows, params)[1])
    return compile_bound(bind(compilation.rows, compilation.rows.params())[0], row)


def find_operator(key: str) -> Operator:
    """The operator. Raises Invalid ``unknown_operator`` showing near ones."""
    found = OPERATORS.get(key)
    if found is None:
        raise _unknown_operator(key)
    return found


@lru_cache(maxsize=256)
def _near_operators(key: str) -> tuple[str, ...]:
    return tuple(near(key, OPERATORS))


def _unknown_operator(key: str) -> Invalid:
    meant = _near_operators(key[:60])
    message = Text("没有名为“{key}”的运算符", "there is no operator “{key}”").fill(key=key[:60])
    if meant:
        message = Text(f"{message.zh}，是否指 {meant[0]}？", f"{message.en}; did you mean {meant[0]}?")
    return Invalid(message, code="unknown_operator", extra={"op": key[:60], "near": list(meant)})


def _not_applicable(subject: Subject, operator: Operator, candidates: bool) -> Invalid:
    possible = [key for key, one in OPERATORS.items() if one.suits(subject) and (candidates or not one.on_change)]
    message = Text(
        "“{field}”不能使用运算符“{op}”，可用：{possible}", "“{field}” cannot use “{op}”; possible are: {possible}"
    ).fill(field=subject.path.label, op=operator.key, possible=", ".join(possible))
    return Invalid(
        message,
        code="operator_not_applicable",
        extra={"field": subject.path.text, "op": operator.key, "possible": possible},
    )
