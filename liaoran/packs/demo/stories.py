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
from liaoran.packs.demo.phrases import (
    DIFFERENTIATION,
    FEEDBACK,
    LOSS_NOTES,
    NEXT_ACTIONS,
    PAYMENT_TERMS,
    WIN_NOTES,
)

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
    visits = deal.journey.visits
    for visit, following in zip(visits, (*visits[1:], None), strict=True):
        if visit.state in QUOTED:
            learnt["amount"] = deal.amount
        values = {key: value for key, value in learnt.items() if known.get(key) != value}
        known |= values
        if visit.state in {"won", "lost"}:
            values |= _closing(chance, deal, visit)
        told.append(replace(visit, values=values))
        learnt = _learnt(chance, deal, visit, following)
    if deal.journey.outcome != "open":
        return tuple(told), None
    values = {key: value for key, value in learnt.items() if known.get(key) != value and chance.happens(0.5)}
    return tuple(told), _outlook(chance, deal, values)


def _learnt(chance: Chance, deal: Deal, visit: Visit, following: Visit | None) -> dict[str, Any]:
    """What the person finds out in this state: all that the gate asks for before going on, else as far as careful."""
    onwards = following is not None and _rank(following.state) > _rank(visit.state)
    care = 1.0 if onwards else BY_LOGIN[deal.login].care
    match visit.state:
        case "initial_contact":
            return {"next_follow_up_at": stamp(chance.later(following.entered_at, 3))} if following and onwards else {}
        case "needs":
            return _needs(chance, deal, care, sure=onwards)
        case "proposal":
            return _answer(chance, deal, care, sure=onwards)
        case "contract" if onwards:
            return {
                "payment_terms": chance.pick(PAYMENT_TERMS),
                "invoice_info": f"{deal.customer.name}，增值税专用发票",
            }
    return {}


def _rank(state: str) -> int:
    """How far a state lies: lost is nowhere, won is beyond all open ones."""
    return OPEN_STATES.index(state) if state in OPEN_STATES else {"won": len(OPEN_STATES)}.get(state, -1)


def _needs(chance: Chance, deal: Deal, care: float, *, sure: bool) -> dict[str, Any]:
    blanks = deal.blanks(chance)
    summary = f"{deal.offer.pain}；希望{deal.offer.goal}。涉及 {chance.between(1, 6)} 个车间，与现有 ERP 对接。"
    found = {
        "need_summary": (summary, 0.0),
        "budget": (deal.budget, 0.08),
        "decision_maker": (blanks["boss"], 0.12),
        "timeline": (blanks["timeline"], 0.1),
        "need_confirmed": (True, 0.3),
    }
    return {key: value for key, (value, effort) in found.items() if sure or chance.happens(care - effort)}


def _answer(chance: Chance, deal: Deal, care: float, *, sure: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if sure or chance.happens(care - 0.2):
        found["customer_feedback"] = chance.pick(FEEDBACK)
    if chance.happens(0.6):
        found["competitor"] = deal.competitor
    if sure or ("competitor" in found and chance.happens(care - 0.25)):
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
    first = journey.visits[-1].state == OPEN_STATES[0]
    if chance.happens(person.care if not journey.stalled else 0.35) or first:
        wait = chance.between(-25, -1) if journey.stalled or chance.happens(1 - person.care) else chance.between(0, 14)
        values["next_action"] = chance.pick(NEXT_ACTIONS[journey.visits[-1].state]).format(**deal.blanks(chance))
        values["next_follow_up_at"] = stamp(chance.at_work(chance.today + timedelta(days=wait)))
    return Outlook(touched, deal.login, values)
