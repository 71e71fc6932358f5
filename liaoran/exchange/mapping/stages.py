"""What a stage of another system most likely is: won, lost or open, how far along, how probable."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from liaoran.exchange.values.normal import folded
from liaoran.schema.processes import StateKind


@dataclass(frozen=True, slots=True)
class Stage:
    """One state to be made: the label as the file writes it, and what it is taken for. ``known`` says that a word of it
    was known; others keep their place in the file."""

    label: str
    kind: StateKind
    rank: int
    probability: int
    known: bool


def stage_of(label: str) -> Stage:
    """The stage that a label most likely is."""
    word = folded(label)
    for exact in (True, False):
        for entry in _entries():
            if any(word == one if exact else len(one) > 1 and one in word for one in entry.words):
                return Stage(label, entry.kind, entry.rank, entry.probability, True)
    return Stage(label, "open", 50, 0, False)


def in_order(labels: Sequence[str]) -> list[Stage]:
    """The stages from first to last: open ones as far as they are known by their usual place, unknown ones after the
    one they follow in ``labels``; then won, then lost. At least one is open."""
    stages = [stage_of(label) for label in labels]
    ranked: list[tuple[float, int, Stage]] = []
    rank = 0.0
    for place, stage in enumerate(stages):
        rank = stage.rank if stage.known and stage.kind == "open" else rank
        closed = {"won": 1000.0, "lost": 2000.0}.get(stage.kind)
        ranked.append((closed if closed is not None else rank, place, stage))
    return [stage for _, _, stage in sorted(ranked, key=lambda item: item[:2])]


def with_probabilities(stages: Sequence[Stage]) -> list[Stage]:
    """The stages with rising probabilities for open ones that nothing is known about."""
    count = sum(1 for stage in stages if stage.kind == "open")
    place = 0
    finished = []
    for stage in stages:
        if stage.kind == "open":
            place += 1
            even = round(100 * place / (count + 1) / 5) * 5
            probability = stage.probability if stage.known else even
            finished.append(Stage(stage.label, stage.kind, stage.rank, probability, stage.known))
        else:
            finished.append(stage)
    return finished


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    kind: StateKind
    rank: int
    probability: int


@lru_cache(maxsize=1)
def _entries() -> tuple[_Entry, ...]:
    data = json.loads(files("liaoran.exchange.mapping").joinpath("states.json").read_text("utf-8"))
    return tuple(
        _Entry(tuple(folded(word) for word in one["words"]), one["kind"], one["rank"], one["probability"])
        for one in data["words"]
    )
