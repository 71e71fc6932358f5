"""The guards that take part in every write. ``app.py`` registers them once, before the first write."""

from __future__ import annotations

from liaoran.kernel.ports import Guard
from liaoran.records.context import WriteContext

_registered: list[Guard[WriteContext]] = []


def register_guard(guard: Guard[WriteContext]) -> None:
    """Adds a guard; a second one of the same class counts for nothing, so that wiring may be repeated. Guards run in
    the order of registration."""
    if not any(type(one) is type(guard) for one in _registered):
        _registered.append(guard)


def guards() -> tuple[Guard[WriteContext], ...]:
    """The guards in order."""
    return tuple(_registered)
