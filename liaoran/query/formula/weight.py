"""Weight: how large a formula becomes when it is written out. Functions may use an argument several times, and formulas
read formulas, so a short text can stand for a statement that no database would finish."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import HasTraverseInternals

HEAVIEST = 6_000
DEEPEST = 130


def is_too_heavy(expression: sa.ColumnElement[Any]) -> bool:
    """Whether an expression has more than 6,000 parts, or more than 130 levels, as it will be written: a shared part
    counts at every place. Takes time in the number of different parts only."""
    known: dict[int, tuple[int, int]] = {}
    waiting: list[tuple[HasTraverseInternals, bool]] = [(expression, False)]
    while waiting:
        part, is_opened = waiting.pop()
        if id(part) in known:
            continue
        children = list(part.get_children())
        if is_opened:
            below = [known.get(id(child), (1, 1)) for child in children]
            known[id(part)] = 1 + sum(size for size, _ in below), 1 + max((depth for _, depth in below), default=0)
        else:
            waiting.append((part, True))
            waiting.extend((child, False) for child in children)
    size, depth = known[id(expression)]
    return size > HEAVIEST or depth > DEEPEST
