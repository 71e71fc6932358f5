"""Finding: what a signal says about a state, with its numbers, the records behind it, and what could be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from liaoran.kernel.text import Text

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
Numbers = Mapping[str, float | int | str | None]
Change = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """Records that made one of the moves in the period; ``pairs`` are ``(from, to)``, from nowhere being empty."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stayed:
    """Records whose stay in the state ended in the period after more than so many days."""

    state: str
    days: float


@dataclass(frozen=True, slots=True)
class Staying:
    """Records that have been in the state for more than so many days now."""

    state: str
    days: float


@dataclass(frozen=True, slots=True)
class Within:
    """Records that are in one of the states now."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """These records."""

    ids: tuple[str, ...]


Behind = Moved | Stayed | Staying | Within | Known


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change in words; ``patch`` is the same for the definition (see ``patches``), empty where only people can say
    what it should be."""

    text: Text
    patch: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """``states`` are keys, the one that it is about first. ``count`` is how many records are behind it."""

    states: tuple[str, ...]
    severity: Severity
    sentence: Text
    proposal: Proposal
    numbers: Numbers = field(default_factory=dict)
    behind: Behind | None = None
    count: int = 0
    about: str = ""
    """What tells two findings of one signal about one state apart, for example a Field."""


def graded(value: float, limit: float, *, high: float = 2.0) -> Severity:
    """High from ``high`` times the limit on, else medium."""
    return "high" if value >= high * limit else "medium"
