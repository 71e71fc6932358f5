"""The way of an opportunity through the pipeline: how long it stays, where it skips, turns back, stalls or ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from liaoran.packs.demo.chance import Chance
from liaoran.packs.demo.model import Visit
from liaoran.packs.demo.people import BY_LOGIN
from liaoran.packs.sales.pipeline import STATES

OPEN_STATES: tuple[str, ...] = tuple(state["key"] for state in STATES if state["kind"] == "open")
TARGET_DAYS: dict[str, float] = {state["key"]: state["target_days"] for state in STATES if state["kind"] == "open"}
USUAL_SHARE = 0.62
"""What most people take of the time that a state is meant to take."""
SLOW_SHARE = {"negotiation": 0.92}
"""Where it takes longer than meant: here customers keep everybody waiting."""
SPREAD = 0.38
PASS_RATE = {"initial_contact": 0.78, "needs": 0.71, "proposal": 0.69, "negotiation": 0.74, "contract": 0.93}
"""The share that goes on from each state, before source, industry, size and person are counted in."""

SOURCE_FACTOR = {
    "existing": 1.18,
    "referral": 1.13,
    "partner": 1.06,
    "website": 1.0,
    "exhibition": 0.98,
    "visit": 0.96,
    "search": 0.95,
    "social": 0.92,
    "tender": 0.9,
    "advertising": 0.88,
    "cold_call": 0.85,
    "other": 0.95,
}
INDUSTRY_FACTOR = {"manufacturing": 1.04, "healthcare": 1.05, "retail": 0.97, "construction": 0.9, "technology": 0.93}
STALL_RATE = 0.09
SKIP_RATE = 0.06
BACK_RATE = 0.05

LOSS_REASONS: dict[str, dict[str, float]] = {
    "initial_contact": {"unqualified": 5, "lost_contact": 4, "no_decision": 2, "need_changed": 1, "slow_follow_up": 1},
    "needs": {
        "budget": 5,
        "no_decision": 4,
        "need_changed": 3,
        "decision_maker": 2,
        "slow_follow_up": 2,
        "lost_contact": 1,
    },
    "proposal": {"price": 5, "competitor_fit": 4, "function_gap": 3, "no_decision": 2, "budget": 2, "delivery": 1},
    "negotiation": {
        "competitor_relationship": 4,
        "price": 4,
        "decision_maker": 2,
        "terms": 2,
        "budget": 2,
        "delivery": 1,
    },
    "contract": {"terms": 5, "budget": 2, "competitor_relationship": 1},
}
WIN_REASONS: dict[str, dict[str, float]] = {
    "existing": {"repeat": 6, "relationship": 3, "service": 2, "fit": 1},
    "referral": {"relationship": 4, "reputation": 3, "fit": 2, "service": 1},
    "partner": {"partner": 5, "fit": 2, "price": 1, "service": 1},
    "tender": {"price": 5, "fit": 2, "expertise": 1},
}
USUAL_WIN_REASONS = {
    "fit": 4,
    "price": 2,
    "expertise": 2.5,
    "service": 1.5,
    "reputation": 1.5,
    "speed": 1.5,
    "relationship": 1,
}


@dataclass(frozen=True, slots=True)
class Journey:
    """``outcome`` is ``open``, ``won`` or ``lost``; ``stalled`` means that nobody has moved it for long."""

    visits: tuple[Visit, ...]
    outcome: str
    reason: str | None = None
    stalled: bool = False

    @property
    def reached(self) -> int:
        """How far it came: the position of the furthest open state."""
        return max((OPEN_STATES.index(one.state) for one in self.visits if one.state in OPEN_STATES), default=0)


def travel(chance: Chance, start: datetime, login: str, *, source: str, industry: str, size: float) -> Journey:
    """Walks from ``start`` until the end or until now. ``size`` is the amount against the usual one: larger ones take
    longer and are harder to win."""
    person = BY_LOGIN[login]
    favour = SOURCE_FACTOR[source] * INDUSTRY_FACTOR.get(industry, 1.0) * (0.9 + 0.1 * person.skill)
    favour *= 1.04 if size < 0.6 else 0.96 if size > 1.8 else 1.0
    stalls_at = chance.pick(OPEN_STATES[:4]) if chance.happens(STALL_RATE * person.pace) else None
    position, at = (1 if chance.happens(0.08) else 0), start
    visits = [Visit(OPEN_STATES[position], at, login)]
    turned_back = False
    while True:
        state = OPEN_STATES[position]
        if state == stalls_at:
            return _stalled(chance, visits, at, login)
        usual = TARGET_DAYS[state] * SLOW_SHARE.get(state, USUAL_SHARE)
        at = chance.later(at, chance.days(usual * person.pace * min(1.6, 0.85 + 0.15 * size), SPREAD))
        if at >= chance.now:
            return Journey(tuple(visits), "open")
        if not turned_back and position > 1 and chance.happens(BACK_RATE):
            position, turned_back = position - 1, True
        elif not chance.happens(min(0.97, PASS_RATE[state] * favour)):
            visits.append(Visit("lost", at, login))
            return Journey(tuple(visits), "lost", chance.weighted(LOSS_REASONS[state]))
        elif position == len(OPEN_STATES) - 1:
            visits.append(Visit("won", at, login))
            return Journey(tuple(visits), "won", chance.weighted(WIN_REASONS.get(source, USUAL_WIN_REASONS)))
        else:
            position += 2 if position < 3 and chance.happens(SKIP_RATE) else 1
        visits.append(Visit(OPEN_STATES[position], at, login))


def _stalled(chance: Chance, visits: list[Visit], at: datetime, login: str) -> Journey:
    """Left lying: most are closed as lost in some quarterly clean-up, the others are still open."""
    cleaned = at + timedelta(days=chance.between(45, 200))
    if cleaned < chance.now and chance.happens(0.92):
        end = chance.at_work(cleaned.date())
        if end < chance.now:
            reason = chance.weighted({"lost_contact": 3, "slow_follow_up": 3, "no_decision": 2})
            return Journey((*visits, Visit("lost", end, login)), "lost", reason)
    return Journey(tuple(visits), "open", stalled=(chance.now - at).days > 25)
