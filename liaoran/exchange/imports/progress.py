"""How far an import is: what has been read and done, how fast, how long it will still take."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Phase = Literal["rows", "links", "done"]
PROBLEMS_KEPT = 200


@dataclass(slots=True)
class Progress:
    """``line`` is the last line of the file whose row is committed; ``rejects_bytes`` how much of the file of rejected
    rows belongs to committed chunks. ``made`` counts linked records that were created, by Object; ``left_empty`` cells
    whose unknown value was left out, by column. ``problems`` holds the first ones as ``{line, column, value, code,
    message: {zh, en}}``. ``seconds`` is the time spent so far."""

    phase: Phase = "rows"
    line: int = 0
    total: int = 0
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    made: dict[str, int] = field(default_factory=dict)
    left_empty: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)
    rejects_bytes: int = 0
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Rows per second so far."""
        return self.read / self.seconds if self.seconds > 0 else 0.0

    @property
    def remaining_seconds(self) -> float | None:
        """How long the rest will take at this rate; None before anything is known."""
        return max(0.0, (self.total - self.read) / self.rate) if self.rate > 0 else None

    def to_json(self) -> dict[str, Any]:
        """As stored and sent to the pages, with ``rate`` (rows per second) and ``remaining_seconds``."""
        remaining = self.remaining_seconds
        return {
            **asdict(self),
            "rate": round(self.rate),
            "remaining_seconds": None if remaining is None else round(remaining, 1),
        }

    @staticmethod
    def from_json(value: dict[str, Any]) -> Progress:
        """Reads what ``to_json`` wrote; an empty object is the beginning."""
        names = Progress.__dataclass_fields__
        return Progress(**{key: part for key, part in value.items() if key in names})


class Stopwatch:
    """Adds the time since the last look to ``Progress.seconds``."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def lap(self, progress: Progress) -> None:
        """Counts the time up to now."""
        now = time.monotonic()
        progress.seconds = round(progress.seconds + now - self._last, 3)
        self._last = now
