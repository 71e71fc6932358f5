"""What to do about a gate that does not open: per unmet leaf one thing that a page can offer with one click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from liaoran.kernel.conditions import All, AnyOf, Condition, Leaf, Not
from liaoran.kernel.errors import Problem

_COUNT = re.compile(r"count\((\w+)\.(\w+)\)", re.ASCII)
_EVIDENCE = re.compile(r"evidence\((\w+)\)", re.ASCII)
_MORE, _FEWER = frozenset({"has", "gt", "gte", "eq"}), frozenset({"has_no", "lt", "lte", "ne"})
"""Operators over counts and evidence for which one more helps, and those for which one less does."""


def mends(condition: Condition, field: str | None = None) -> list[dict[str, Any]]:
    """``{"kind": "field", "field"}`` to fill in or change, ``{"kind": "record", "object", "link", "where"}`` to add a
    linked record, ``{"kind": <evidence>, "value"}`` to bring the evidence. Paths over links are mended at their first
    link; what is there and must not be is not mended by adding to it."""
    leaves = [(Leaf(field, "not_empty"), False)] if field else _leaves(condition, negated=False)
    found: dict[str, dict[str, Any]] = {}
    for leaf, negated in leaves:
        mend = _mend(leaf, negated=negated)
        if mend is not None:
            found.setdefault(repr(mend), mend)
    return list(found.values())


def mends_of(problem: Problem) -> list[dict[str, Any]]:
    """The same for a problem that no Condition stands behind: an approval that locks is decided, or recalled."""
    if problem.code != "locked_by_approval":
        return []
    return [{"kind": "approval", "value": {"approval": problem.evidence["key"]}}]


def _leaves(condition: Condition, *, negated: bool) -> Iterator[tuple[Leaf, bool]]:
    """All leaves in reading order, each with whether an odd number of negations stands above it."""
    match condition:
        case Leaf():
            yield condition, negated
        case Not(part):
            yield from _leaves(part, negated=not negated)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part, negated=negated)


def _mend(leaf: Leaf, *, negated: bool) -> dict[str, Any] | None:
    path = leaf.field.removeprefix("old.")
    counted, evidence = _COUNT.fullmatch(path), _EVIDENCE.fullmatch(path)
    if not counted and not evidence:
        return {"kind": "field", "field": path.partition(".")[0]}
    if leaf.op not in (_FEWER if negated else _MORE):
        return None
    if evidence:
        return {"kind": evidence[1], "value": leaf.value}
    where = leaf.value if leaf.op in ("has", "has_no") else None
    return {"kind": "record", "object": counted[1], "link": counted[2], "where": where} if counted else None
