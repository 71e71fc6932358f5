"""Generated histories of a four-stage Process, clean or with planted faults, and the definition to go with them."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from liaoran.process.stays import Stay

OPEN = ("a", "b", "c", "d")
MEDIAN_DAYS = 5.0
LOSS = 0.2


def definition() -> dict[str, Any]:
    """A Process that leaves nothing to be wished for."""
    label = {"a": "甲", "b": "乙", "c": "丙", "d": "丁"}
    states: list[dict[str, Any]] = [
        {
            "key": key,
            "label": {"zh": label[key], "en": key.upper()},
            "kind": "open",
            "probability": 10,
            "forecast_category": "pipeline",
            "guidance": {"done": {"zh": "客户确认", "en": "The customer has confirmed"}},
            "required": [] if key == "a" else ["amount"],
            "exit": [
                {
                    "key": "amount",
                    "label": {"zh": "有金额", "en": "An amount"},
                    "condition": {"field": "amount", "op": "not_empty"},
                }
            ],
        }
        for key in OPEN
    ]
    ends = [
        {"key": "won", "label": {"zh": "赢单", "en": "Won"}, "kind": "won", "probability": 100},
        {"key": "lost", "label": {"zh": "输单", "en": "Lost"}, "kind": "lost", "probability": 0},
    ]
    return {
        "key": "generated",
        "object": "deal",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": "生成", "en": "Generated"},
        "sum_field": "amount",
        "states": [*states, *ends],
        "transitions": [],
    }


def state_of(process: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in process["states"] if one["key"] == key)


@dataclass
class Way:
    """How records go: per state the chance to be lost, to be skipped, to go back to the one before, to rest for ever,
    and the median dwell in days."""

    lost: dict[str, float] = field(default_factory=dict)
    skipped: dict[str, float] = field(default_factory=dict)
    back: dict[str, float] = field(default_factory=dict)
    rests: dict[str, float] = field(default_factory=dict)
    days: dict[str, float] = field(default_factory=dict)

    def history(self, chance: random.Random, begin: datetime, now: datetime) -> list[Stay]:
        """The stays of one record up to now."""
        stays, at, place, returned = [Stay("a", begin)], begin, 0, False
        while place < len(OPEN):
            here = OPEN[place]
            if chance.random() < self.rests.get(here, 0) and begin < now - timedelta(days=150):
                return stays
            dwell = self.days.get(here, MEDIAN_DAYS) * chance.lognormvariate(0, 0.6)
            at += timedelta(days=dwell)
            if at >= now:
                return stays
            if place and not returned and chance.random() < self.back.get(here, 0):
                place, returned = place - 1, True
            elif chance.random() < self.lost.get(here, LOSS):
                return [*stays, Stay("lost", at)]
            else:
                place += 1
                while place < len(OPEN) and chance.random() < self.skipped.get(OPEN[place], 0.01):
                    place += 1
            stays.append(Stay(OPEN[place] if place < len(OPEN) else "won", at))
        return stays


@dataclass(frozen=True)
class Fault:
    """A planted fault: what it changes, and the findings that it must bring, and no others."""

    name: str
    findings: Callable[[str], set[str]]
    way: Callable[[str], Way] = lambda _: Way()
    change: Callable[[dict[str, Any], str], None] = lambda _process, _key: None
    states: Sequence[str] = ("b", "c")


def _forget(*parts: str) -> Callable[[dict[str, Any], str], None]:
    def change(process: dict[str, Any], key: str) -> None:
        for part in parts:
            state_of(process, key).pop(part)

    return change


def _require(field_key: str) -> Callable[[dict[str, Any], str], None]:
    return lambda process, key: state_of(process, key)["required"].append(field_key)


def _set(name: str, value: Any) -> Callable[[dict[str, Any], str], None]:
    return lambda process, key: state_of(process, key).update({name: value})


ACTIONS = [
    {"key": f"do_{n}", "label": {"zh": f"做 {n}", "en": f"Do {n}"}, "who": {"who": "owner"}, "must": True}
    for n in range(11)
]

FAULTS = (
    Fault(
        "back_and_forth",
        lambda key: {f"back_and_forth.{OPEN[OPEN.index(key) - 1]}"},
        way=lambda key: Way(back={key: 0.6}),
        states=("c", "d"),
    ),
    Fault("long_stays", lambda key: {f"long_stays.{key}"}, way=lambda key: Way(days={key: 40})),
    Fault("target", lambda key: {f"long_stays.{key}"}, change=_set("target_days", 2.5), states=("a", "c")),
    Fault("no_condition", lambda key: {f"missing_conditions.{key}"}, change=_forget("exit")),
    Fault("nothing_said", lambda key: {f"missing_conditions.{key}"}, change=_forget("exit", "required", "guidance")),
    Fault("bottleneck", lambda key: {f"bottleneck.{key}"}, way=lambda key: Way(lost={key: 0.7})),
    Fault("skipped", lambda key: {f"skipping.{key}.skipped"}, way=lambda key: Way(skipped={key: 0.9})),
    Fault(
        "passed_through",
        lambda key: {f"skipping.{key}.passed_through"},
        way=lambda key: Way(skipped={key: 0}, days={key: 0.01}, lost={key: 0}),
    ),
    Fault("hardly_used", lambda key: {f"hardly_used.{key}"}, way=lambda key: Way(skipped={key: 0.998})),
    Fault("always_empty", lambda key: {f"empty_fields.{key}.note"}, change=_require("note")),
    Fault("always_the_same", lambda key: {f"empty_fields.{key}.outlook"}, change=_require("outlook")),
    Fault("friction", lambda key: {f"friction.{key}"}, change=_set("actions", ACTIONS)),
    Fault("abandoned", lambda key: {f"abandoned.{key}"}, way=lambda key: Way(rests={key: 0.4})),
)


def planted(fault: Fault, key: str) -> tuple[dict[str, Any], Way]:
    """The definition and the way with the fault in one state."""
    process = copy.deepcopy(definition())
    fault.change(process, key)
    return process, fault.way(key)


def histories(way: Way, seed: int, count: int, now: datetime | None = None) -> list[list[Stay]]:
    """The stays of so many records that began in the last ten months."""
    chance, now = random.Random(seed), now or datetime.now(UTC)
    return [way.history(chance, now - timedelta(days=chance.uniform(0, 300)), now) for _ in range(count)]
