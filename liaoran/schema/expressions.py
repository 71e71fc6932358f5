"""Port: how the catalogue has formulas and roll-ups checked by ``query``, which compiles them.

``app.py`` registers the checker once at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Snapshot


class ExpressionChecker(Protocol):
    """What ``query`` implements. Every method looks at the catalogue as it will be after the change."""

    def check_formula(self, snapshot: Snapshot, object_key: str, field_key: str, expression: str) -> ValueKind:
        """The kind of the result. Raises Invalid with ``extra["position"]`` for an expression that does not compile.

        ``field_key`` is the Field that will hold the formula (empty for a mere check); a formula must not
        depend on itself, however many formulas lie between.
        """
        ...

    def check_rollup(
        self, snapshot: Snapshot, object_key: str, field_key: str, options: Mapping[str, Any]
    ) -> ValueKind:
        """The kind of the result. ``options`` as documented in ``field_types/rollup.py``; raises Invalid."""
        ...

    def references(self, snapshot: Snapshot, object_key: str, field_key: str) -> frozenset[tuple[str, str]]:
        """The (object, field) pairs that a formula or roll-up of the catalogue reads."""
        ...


_registered: list[ExpressionChecker] = []


def register_checker(found: ExpressionChecker) -> None:
    """Sets the checker; called by ``app.py``, and by tests that bring their own."""
    _registered[:] = [found]


def checker() -> ExpressionChecker:
    """The registered checker. A start without one is a programming error."""
    if not _registered:
        raise RuntimeError("no ExpressionChecker is registered; app.py registers the one of query")
    return _registered[0]
