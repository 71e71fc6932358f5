"""The figures of a Process counted in plain Python, one history at a time: an oracle that shares nothing with the SQL."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

Entry = tuple[str, datetime]


@dataclass(frozen=True)
class Plain:
    """``histories`` are the entries of each record in order; ``kinds`` gives each state's kind, in order."""

    histories: Sequence[Sequence[Entry]]
    kinds: Mapping[str, str]
    since: datetime
    until: datetime
    now: datetime

    def within(self, at: datetime) -> bool:
        return self.since <= at < self.until

    def place(self, state: str) -> int:
        return list(self.kinds).index(state)

    def moves(self) -> Counter[tuple[str | None, str]]:
        found: Counter[tuple[str | None, str]] = Counter()
        for history in self.histories:
            before: str | None = None
            for state, at in history:
                if self.within(at) and state != before:
                    found[before, state] += 1
                before = state
        return found

    def stage(self, state: str) -> dict[str, int]:
        moves, here = self.moves(), self.place(state)
        figures = {"entered": 0, "ended": 0, "onward": 0, "lost": 0, "back": 0, "skipped": 0}
        for (source, to), count in moves.items():
            kind = self.kinds[to]
            if to == state:
                figures["entered"] += count
            if source == state:
                way = "lost" if kind == "lost" else "onward" if kind == "won" or self.place(to) > here else "back"
                way = "aside" if kind == "other" else way
                figures[way] = figures.get(way, 0) + count
                figures["ended"] += count
            if source is not None and self.kinds[source] == "open" and self.place(source) < here:
                after = kind == "won" or (kind == "open" and self.place(to) > here)
                figures["skipped"] += count if after else 0
        figures.pop("aside", None)
        return figures

    def dwells(self, state: str) -> list[float]:
        """Days of the stays that ended in the period."""
        found = []
        for history in self.histories:
            for (here, entered), (_, left) in pairwise(history):
                if here == state and self.within(left):
                    found.append((left - entered).total_seconds() / 86400)
        return sorted(found)

    def open_days(self, state: str) -> list[float]:
        last = [history[-1] for history in self.histories]
        return sorted((self.now - at).total_seconds() / 86400 for here, at in last if here == state)

    def returns(self, state: str) -> tuple[int, int, int]:
        """Returns, loops, records."""
        returns = loops = 0
        records = set()
        for number, history in enumerate(self.histories):
            for index in range(1, len(history)):
                here, at = history[index]
                back = self.place(history[index - 1][0]) > self.place(here)
                been = here in [known for known, _ in history[:index]]
                if here == state and back and been and self.within(at):
                    returns += 1
                    records.add(number)
                    loops += index > 1 and history[index - 2][0] == here
        return returns, loops, len(records)


def quantile(values: Sequence[float], share: float) -> float:
    return values[math.ceil(share * len(values) - 1e-9) - 1]
