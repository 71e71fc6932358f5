"""The guards that take part in every write. ``app.py`` registers them once, before the first write."""

from __future__ import annotations

from liaoran.kernel.ports import Guard
from liaoran.records.context import WriteContext

_registered: list[Guard[WriteContext]] = []


def register_guard(guard: Guard[WriteContext]) -> None:
    """Adds a guard; the same one twice counts once. Guards run in the order of registration."""
    if guard not in _registered:
        _registered.append(guard)


def guards() -> tuple[Guard[WriteContext], ...]:
    """The guards in order."""
    return tuple(_registered)
