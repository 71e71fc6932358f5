"""How long is too long: where a stay, or a silence, stands against its limits. All in days, with fractions."""

from __future__ import annotations

from typing import Literal

DueState = Literal["ok", "near", "over"]
_NEARLY = 0.8


def due_state(days: float, target: float | None, maximum: float | None) -> DueState | None:
    """``over`` beyond the maximum (or the target, where there is no maximum), ``near`` beyond the target (or most of
    the only limit), else ``ok``; None where nothing is said of days."""
    limit = maximum if maximum is not None else target
    if limit is None:
        return None
    if days > limit:
        return "over"
    nearly = target if target is not None and maximum is not None else limit * _NEARLY
    return "near" if days > nearly else "ok"
