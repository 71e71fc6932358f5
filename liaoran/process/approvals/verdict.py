"""What the votes of a step come to: by any, by all, or by so many of those who decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from liaoran.schema.processes import Mode

SeatState = Literal["open", "approved", "refused", "returned", "delegated", "closed"]
Verdict = Literal["passed", "refused"]
VOTES: frozenset[SeatState] = frozenset({"open", "approved", "refused"})
"""Seats that count; the others have been given away or closed."""


def verdict(mode: Mode, count: int, votes: Sequence[SeatState]) -> Verdict | None:
    """None while it is open. ``any``: the first who decides, decides. ``all``: everybody has to approve. ``count``: that
    many have to (all, where there are fewer seats), and it is refused as soon as they cannot be reached any more."""
    approved, still_open = votes.count("approved"), votes.count("open")
    if mode == "any":
        return "passed" if approved else "refused" if "refused" in votes else None
    needed = len(votes) if mode == "all" else min(count, len(votes))
    if approved >= needed:
        return "passed"
    return "refused" if approved + still_open < needed else None
