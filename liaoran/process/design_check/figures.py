"""Figures of states: how many came, how many went on, how many were lost, and how long they stayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from liaoran.process.design_check.significance import Durations
from liaoran.schema.processes import Process, State

SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Flows:
    """Moves by ``(from, to)``; ``from`` is None where a record began."""

    counts: Mapping[tuple[str | None, str], int]

    def sum(self, takes: Callable[[str | None, str], bool]) -> int:
        """How many moves are taken."""
        return sum(count for (source, to), count in self.counts.items() if takes(source, to))

    def into(self, state: str) -> int:
        """How many entries into the state."""
        return self.sum(lambda _, to: to == state)

    def pairs(self, takes: Callable[[str | None, str], bool]) -> tuple[tuple[str, str], ...]:
        """The moves that are taken, the most frequent first; where a record began, the first of a pair is empty."""
        found = [(count, source or "", to) for (source, to), count in self.counts.items() if takes(source, to)]
        return tuple((source, to) for _, source, to in sorted(found, reverse=True))


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One open state in the period. A stay that ended went on (to a later state or won), was lost, or went back.

    ``skipped`` counts moves that led past the state, from before it to after it or to won. ``open`` are there now.
    """

    state: State
    entered: int
    onward: int
    lost: int
    back: int
    aside: int
    skipped: int
    dwell: Durations
    ages: Durations

    @classmethod
    def of(cls, process: Process, state: State, flows: Flows, dwell: Durations, ages: Durations) -> StageFigures:
        """The figures of a state from what was read."""
        ways = [
            (direction(state, process.state_by_key[to]), count)
            for (source, to), count in flows.counts.items()
            if source == state.key and to in process.state_by_key
        ]

        def gone(word: str) -> int:
            return sum(count for way, count in ways if way == word)

        return cls(
            state=state,
            entered=flows.into(state.key),
            onward=gone("onward"),
            lost=gone("lost"),
            back=gone("back"),
            aside=gone("aside"),
            skipped=flows.sum(lambda source, to: leads_past(process, state, source, to)),
            dwell=dwell,
            ages=ages,
        )

    @property
    def ended(self) -> int:
        """Stays that ended in the period."""
        return self.onward + self.lost + self.back + self.aside

    @property
    def decided(self) -> int:
        """Stays that ended by going on or by being lost; one that goes back is decided when it comes again."""
        return self.onward + self.lost

    @property
    def conversion(self) -> float | None:
        """The share of the decided stays that went on."""
        return self.onward / self.decided if self.decided else None

    def days(self, share: float) -> float | None:
        """The dwell in days that so large a share of the ended stays did not exceed."""
        found = self.dwell.quantile(share)
        return None if found is None else found / SECONDS_OF_A_DAY

    def open_beyond(self, days: float) -> int:
        """How many have been there for more than so many days now."""
        return beyond(self.ages, days)

    def to_json(self) -> dict[str, Any]:
        """As the page's table shows it."""
        return {
            "key": self.state.key,
            "entered": self.entered,
            "ended": self.ended,
            "onward": self.onward,
            "lost": self.lost,
            "back": self.back,
            "skipped": self.skipped,
            "conversion": self.conversion,
            "median_days": self.days(0.5),
            "p90_days": self.days(0.9),
            "open": self.ages.count,
        }


def beyond(durations: Durations, days: float) -> int:
    """How many of the durations are longer than so many days."""
    return sum(count for _, count, mean in durations.buckets if mean > days * SECONDS_OF_A_DAY)


def direction(source: State, to: State) -> str:
    """Where a move leads: ``onward``, ``lost``, ``back``, or ``aside`` to a state of no particular kind."""
    if to.kind in ("lost", "other"):
        return "lost" if to.kind == "lost" else "aside"
    return "onward" if to.kind == "won" or to.order > source.order else "back"


def leads_past(process: Process, state: State, source: str | None, to: str) -> bool:
    """Whether a move skips the state: from an open state before it to one after it, or to won."""
    start, end = process.state_by_key.get(source or ""), process.state_by_key.get(to)
    if start is None or end is None or start.kind != "open":
        return False
    return start.order < state.order and (end.kind == "won" or (end.kind == "open" and state.order < end.order))
