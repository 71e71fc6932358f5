"""What to do about a gate that does not open: per unmet leaf one thing that a page can offer with one click."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from liaoran.kernel.conditions import Condition, Leaf, leaves_of

_COUNT = re.compile(r"count\((\w+)\.(\w+)\)", re.ASCII)
_EVIDENCE = re.compile(r"evidence\((\w+)\)", re.ASCII)


def mends(condition: Condition, field: str | None = None) -> list[dict[str, Any]]:
    """``{"kind": "field", "field"}`` to fill in or change, ``{"kind": "record", "object", "link"}`` to add a linked record,
    ``{"kind": <evidence>, "value"}`` to bring the evidence. Paths over links are mended at their first link."""
    leaves: Iterable[Leaf] = [Leaf(field, "not_empty")] if field else leaves_of(condition)
    found: dict[str, dict[str, Any]] = {}
    for leaf in leaves:
        mend = _mend(leaf)
        found.setdefault(repr(mend), mend)
    return list(found.values())


def _mend(leaf: Leaf) -> dict[str, Any]:
    path = leaf.field.removeprefix("old.")
    counted, evidence = _COUNT.fullmatch(path), _EVIDENCE.fullmatch(path)
    if counted:
        return {"kind": "record", "object": counted[1], "link": counted[2], "where": leaf.value}
    if evidence:
        return {"kind": evidence[1], "value": leaf.value}
    return {"kind": "field", "field": path.partition(".")[0]}
