"""Condition 条件: one bounded tree of ``all / any / not / leaf(field, op, value)``. Its only evaluator is SQL.

Here is just the shape: parsing from JSON with bounds, and writing back. What a path means, which operators a field
takes and how it becomes SQL or a sentence lives in ``query``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

MAXIMUM_DEPTH = 8
MAXIMUM_LEAVES = 100
MAXIMUM_HOPS = 3


@dataclass(frozen=True, slots=True)
class Leaf:
    """``field`` is a dotted path of at most three links (``account.industry``), or ``count(object.link)``."""

    field: str
    op: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every part holds; empty holds."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one part holds; empty does not hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its part does not; Conditions are two-valued, so there is no third case."""

    part: Condition


Condition = Leaf | All | AnyOf | Not
ALWAYS = All(())


def parse_condition(value: Any) -> Condition:
    """Reads the JSON form (``None`` means no restriction). Raises Invalid naming the place, e.g. ``where.all[2]``."""
    if value is None or value == {}:
        return ALWAYS
    condition = _parse(value, "where", 1)
    leaves = sum(1 for _ in leaves_of(condition))
    if leaves > MAXIMUM_LEAVES:
        raise _invalid(
            "where",
            Text("条件最多 {limit} 项，这里有 {found} 项", "at most {limit} leaves are allowed, found {found}").fill(
                limit=MAXIMUM_LEAVES, found=leaves
            ),
        )
    return condition


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    """All leaves, in reading order."""
    match condition:
        case Leaf():
            yield condition
        case Not(part):
            yield from leaves_of(part)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves_of(part)


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """The JSON form; ``parse_condition`` reads it back to an equal Condition."""
    match condition:
        case Leaf(field, op, value):
            return {"field": field, "op": op, "value": value}
        case Not(part):
            return {"not": condition_to_json(part)}
        case All(parts):
            return {"all": [condition_to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [condition_to_json(part) for part in parts]}


def both(first: Condition, second: Condition) -> Condition:
    """The conjunction, without a needless level."""
    if first == ALWAYS:
        return second
    if second == ALWAYS:
        return first
    return All((first, second))


def _parse(value: Any, place: str, depth: int) -> Condition:
    if depth > MAXIMUM_DEPTH:
        raise _invalid(
            place,
            Text("条件嵌套超过 {limit} 层", "conditions may be nested {limit} levels deep").fill(limit=MAXIMUM_DEPTH),
        )
    if not isinstance(value, Mapping):
        raise _invalid(place, Text("条件应为对象", "a condition must be an object"))
    keys = set(value)
    for word, kind in (("all", All), ("any", AnyOf)):
        if keys == {word}:
            parts = value[word]
            if not isinstance(parts, list):
                raise _invalid(f"{place}.{word}", Text("应为列表", "must be a list"))
            return kind(tuple(_parse(part, f"{place}.{word}[{index}]", depth + 1) for index, part in enumerate(parts)))
    if keys == {"not"}:
        return Not(_parse(value["not"], f"{place}.not", depth + 1))
    if {"field", "op"} <= keys <= {"field", "op", "value"}:
        if not isinstance(value["field"], str) or not isinstance(value["op"], str):
            raise _invalid(place, Text("field 和 op 应为文字", "field and op must be strings"))
        return Leaf(value["field"], value["op"], value.get("value"))
    raise _invalid(
        place,
        Text(
            "条件只能是 all、any、not 之一，或含 field、op、value",
            "a condition is one of all, any, not, or holds field, op, value",
        ),
    )


def _invalid(place: str, message: Text) -> Invalid:
    return Invalid(
        Text(f"{place}:{message.zh}", f"{place}: {message.en}"), code="invalid_condition", extra={"at": place}
    )
