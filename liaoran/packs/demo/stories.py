"""What gets filled in along the way: what is learnt in a state is written down when the next one is entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from liaoran.packs.demo.chance import Chance, day_of, stamp
from liaoran.packs.demo.deals import Deal
from liaoran.packs.demo.journeys import OPEN_STATES
from liaoran.packs.demo.model import Outlook, Visit
from liaoran.packs.demo.people import BY_LOGIN
from liaoran.packs.demo.phrases import DIFFERENTIATION, LOSS_NOTES, NEXT_ACTIONS, WIN_NOTES

QUOTED = OPEN_STATES[2:]
"""States in which the amount is the one quoted; before it is a guess."""


def first_guess(chance: Chance, deal: Deal) -> int:
    """The amount as it is put down at the beginning."""
    if OPEN_STATES[deal.journey.reached] not in QUOTED:
        return deal.amount
    return max(20000, round(deal.amount * chance.random.uniform(0.7, 1.25) / 10000) * 10000)


def first_marks(chance: Chance, deal: Deal) -> dict[str, Any]:
    """Tags from the beginning."""
    marks = {"key": 0.5 if deal.customer.level == "key" else 0.02, "urgent": 0.06, "tender": 0.05, "pilot": 0.05}
    tags = [mark for mark, share in marks.items() if chance.happens(share)]
    if deal.source == "existing":
        tags.append("renewal")
    return {"tags": tags} if tags else {}


def tell(chance: Chance, deal: Deal) -> tuple[tuple[Visit, ...], Outlook | None]:
    """The visits with what was filled in when each began, and how an open opportunity stands now."""
    known: dict[str, Any] = {}
    learnt: dict[str, Any] = {}
    told: list[Visit] = []
    for visit in deal.journey.visits:
        if visit.state in QUOTED:
            learnt["amount"] = deal.amount
        values = {key: value for key, value in learnt.items() if known.get(key) != value}
        known |= values
        if visit.state in {"won", "lost"}:
            values |= _closing(chance, deal, visit)
        told.append(replace(visit, values=values))
        learnt = _learnt(chance, deal, visit.state)
    if deal.journey.outcome != "open":
        return tuple(told), None
    values = {key: value for key, value in learnt.items() if known.get(key) != value and chance.happens(0.5)}
    return tuple(told), _outlook(chance, deal, values)


def _learnt(chance: Chance, deal: Deal, state: str) -> dict[str, Any]:
    """What the person finds out in this state, if careful."""
    care, blanks = BY_LOGIN[deal.login].care, deal.blanks(chance)
    found: dict[str, Any] = {}
    if state == "needs":
        if chance.happens(care):
            found["need_summary"] = (
                f"{deal.offer.pain}；希望{deal.offer.goal}。涉及 {chance.between(1, 6)} 个车间，与现有 ERP 对接。"
            )
        if chance.happens(care - 0.08):
            found["budget"] = deal.budget
        if chance.happens(care - 0.12):
            found["decision_maker"] = blanks["boss"]
        if chance.happens(care - 0.1):
            found["timeline"] = blanks["timeline"]
    elif state == "proposal" and chance.happens(0.6):
        found["competitor"] = deal.competitor
        if chance.happens(care - 0.25):
            found["differentiation"] = chance.pick(DIFFERENTIATION)
    return found


def _closing(chance: Chance, deal: Deal, visit: Visit) -> dict[str, Any]:
    journey = deal.journey
    note = chance.pick(WIN_NOTES) if journey.outcome == "won" else LOSS_NOTES[journey.reason or "unqualified"]
    return {
        "closed_on": day_of(visit.entered_at).isoformat(),
        "last_activity_at": stamp(visit.entered_at),
        "win_reason" if journey.outcome == "won" else "loss_reason": journey.reason,
        **({"reason_note": note.format(**deal.blanks(chance))} if chance.happens(0.75) else {}),
    }


def _outlook(chance: Chance, deal: Deal, values: dict[str, Any]) -> Outlook:
    """When it is expected to close, when somebody last spoke with them, and what comes next."""
    journey, person = deal.journey, BY_LOGIN[deal.login]
    last = journey.visits[-1].entered_at
    expected = day_of(last) + timedelta(days=(5 - journey.reached) * chance.between(8, 22))
    touched = min(chance.now, last + timedelta(days=chance.between(0, 5)))
    if not journey.stalled:
        touched = max(touched, chance.now - timedelta(days=abs(chance.random.gauss(0, 9 * person.pace))))
        if expected < chance.today and chance.happens(0.8):
            expected = chance.today + timedelta(days=chance.between(3, 60))
    values |= {"expected_close_on": expected.isoformat(), "last_activity_at": stamp(touched)}
    if chance.happens(person.care if not journey.stalled else 0.35):
        wait = chance.between(-25, -1) if journey.stalled or chance.happens(1 - person.care) else chance.between(0, 14)
        values["next_action"] = chance.pick(NEXT_ACTIONS[journey.visits[-1].state]).format(**deal.blanks(chance))
        values["next_follow_up_at"] = stamp(chance.at_work(chance.today + timedelta(days=wait)))
    return Outlook(touched, deal.login, values)
