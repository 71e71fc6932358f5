"""Opportunities: who wants what for how much, and how far it came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from liaoran.packs.demo.accounts import SOURCES, Customer
from liaoran.packs.demo.chance import Chance, day_of, stamp
from liaoran.packs.demo.journeys import OPEN_STATES, Journey, travel
from liaoran.packs.demo.model import DemoOpportunity, DemoRecord
from liaoran.packs.demo.people import BY_LOGIN, COLLEAGUES, Staff
from liaoran.packs.demo.phrases import (
    COMPETITORS,
    DIFFERENTIATION,
    LOSS_NOTES,
    NEXT_ACTIONS,
    TIMELINES,
    WIN_NOTES,
)
from liaoran.packs.demo.products import MAIN_OFFERS, OFFERS, Offer

SIZE = {"key": 1.9, "normal": 0.9, "minor": 0.5}
MONTH_WEIGHT = {1: 0.8, 2: 0.5, 3: 1.2, 4: 1.1, 5: 1.0, 6: 1.1, 7: 0.9, 8: 0.95, 9: 1.2, 10: 0.85, 11: 1.15, 12: 1.1}
"""Spring Festival and the October holidays show."""
PARTS = {"decider": 0.8, "influencer": 0.6, "user": 0.7, "evaluator": 0.8, "buyer": 0.6, "coach": 0.5, "legal": 0.3}


@dataclass(slots=True)
class Deal:
    """An opportunity with what lines, tasks and notes need to know about it."""

    id: UUID
    customer: Customer
    offer: Offer
    login: str
    amount: int
    budget: int
    competitor: str
    started: datetime
    journey: Journey
    record: DemoOpportunity

    def bought_by(self, moment: datetime) -> bool:
        """Whether it had been won by then."""
        return self.journey.outcome == "won" and self.journey.visits[-1].entered_at < moment

    def blanks(self, chance: Chance, moment: datetime | None = None) -> dict[str, Any]:
        """What fills the blanks of a phrase that somebody writes at ``moment`` (now, where left out)."""
        name, title = self.customer.contacts[0][1:3]
        boss = next(
            (one[1] + one[2] for one in self.customer.contacts if one[3] in {"decider", "influencer"}), "总经理"
        )
        day = day_of(moment or chance.now) + timedelta(days=chance.between(1, 12))
        return {
            "name": name,
            "title": title,
            "boss": boss,
            "short": self.customer.short,
            "matter": self.offer.matter,
            "product": self.offer.name,
            "pain": self.offer.pain,
            "goal": self.offer.goal,
            "amount": round(self.amount / 10000, 1),
            "budget": round(self.budget / 10000),
            "competitor": self.competitor,
            "timeline": chance.pick(TIMELINES),
            "day": f"{day.month} 月 {day.day} 日",
            "count": chance.between(6, 90) * 10,
        }


def make_deals(
    chance: Chance, staff: Staff, customers: list[Customer], products: dict[str, UUID], count: int
) -> list[Deal]:
    """``count`` opportunities over two years, more of them lately, in the order in which they began."""
    moments = sorted(_moment(chance) for _ in range(count))
    known: dict[str, list[Customer]] = {one.login: [] for one in COLLEAGUES}
    waiting = sorted(customers, key=lambda one: one.created_at, reverse=True)
    deals: list[Deal] = []
    for at in moments:
        while waiting and waiting[-1].created_at < at:
            customer = waiting.pop()
            known[customer.owner].append(customer)
        shares = {one.login: one.share for one in COLLEAGUES if one.role != "administrator" and known[one.login]}
        if shares:
            login = chance.weighted(shares)
            deals.append(_deal(chance, staff, products, chance.pick(known[login]), login=login, at=at, before=deals))
    return deals


def make_lines(chance: Chance, staff: Staff, deals: list[Deal], products: dict[str, UUID]) -> Iterator[DemoRecord]:
    """What was offered, for opportunities that came as far as a proposal; the lines sum up to the amount."""
    extras = [one for one in OFFERS if one not in MAIN_OFFERS]
    for deal in deals:
        if deal.journey.reached < 2:
            continue
        at = next(one.entered_at for one in deal.journey.visits if OPEN_STATES.index(one.state) >= 2)
        left = deal.amount
        for offer in chance.some(extras, chance.between(0, 2)):
            quantity = chance.between(1, 12) if offer.price < 10000 else 1
            if offer.price * quantity < left * 0.35:
                left -= offer.price * quantity
                yield _line(chance, staff, deal, products[offer.code], quantity, price=offer.price, at=at)
        yield _line(chance, staff, deal, products[deal.offer.code], 1, price=left, at=at)


def make_decision_chains(chance: Chance, staff: Staff, deals: list[Deal]) -> Iterator[DemoRecord]:
    """Which part the customer's contacts play, for opportunities whose need was looked into."""
    for deal in deals:
        if deal.journey.reached < 1:
            continue
        won = deal.journey.outcome == "won"
        for number, (contact, _name, _title, part) in enumerate(deal.customer.contacts):
            if not chance.happens(PARTS.get(part, 0.5)):
                continue
            at = min(chance.later(deal.started, chance.between(1, 20)), chance.now)
            values = {
                "opportunity": str(deal.id),
                "contact": str(contact),
                "role": part,
                "attitude": chance.weighted(
                    {"supporter": 4 if won else 2, "neutral": 3, "opponent": 0.2 if won else 1, "unknown": 1}
                ),
                "influence": "high" if part == "decider" else chance.weighted({"high": 1, "medium": 3, "low": 2}),
                "is_primary": number == 0,
                **staff.owned_by(deal.login),
            }
            yield DemoRecord("opportunity_contact", chance.new_id(at), values, at, deal.login)


def _moment(chance: Chance) -> datetime:
    while True:
        day = chance.today - timedelta(days=round(725 * (1 - chance.random.random() ** 0.85)) + 2)
        if chance.happens(MONTH_WEIGHT[day.month] / 1.2):
            at = chance.at_work(day)
            if at < chance.now:
                return at


def _deal(
    chance: Chance,
    staff: Staff,
    products: dict[str, UUID],
    customer: Customer,
    *,
    login: str,
    at: datetime,
    before: list[Deal],
) -> Deal:
    offer = chance.pick(MAIN_OFFERS)
    bought = any(one.customer is customer and one.bought_by(at) for one in before)
    if bought and chance.happens(0.4):
        source = "existing"
    else:
        source = customer.source if chance.happens(0.5) else chance.weighted(SOURCES)
    amount = max(30000, round(offer.price * SIZE[customer.level] * chance.random.lognormvariate(0, 0.35) / 1000) * 1000)
    journey = travel(chance, at, login, source=source, industry=customer.industry, size=amount / 180000)
    budget = round(amount * chance.random.uniform(0.8, 1.15) / 10000) * 10000
    deal = Deal(
        chance.new_id(at), customer, offer, login, amount, budget, chance.pick(COMPETITORS), at, journey, _EMPTY
    )
    values = {
        "name": f"{customer.short} {offer.matter}{'二期' if source == 'existing' and chance.happens(0.4) else ''}",
        "account": str(customer.id),
        "product": str(products[offer.code]),
        "amount": amount,
        "currency": "CNY",
        "source": source,
        "region": customer.city.region,
        "industry": customer.industry,
        "pipeline": "sales",
        "stage": journey.visits[-1].state,
        **staff.owned_by(login),
        **_findings(chance, deal, source),
        **_outlook(chance, deal),
        **_outcome(chance, deal),
    }
    deal.record = DemoOpportunity("opportunity", deal.id, values, at, login, journey.visits)
    return deal


def _findings(chance: Chance, deal: Deal, source: str) -> dict[str, Any]:
    """What has been learnt by now; the further it came, the more of it is filled in."""
    reached, care = deal.journey.reached, BY_LOGIN[deal.login].care
    blanks = deal.blanks(chance)
    found: dict[str, Any] = {}
    if reached >= 1 and chance.happens(care):
        found["need_summary"] = (
            f"{deal.offer.pain}；希望{deal.offer.goal}。涉及 {chance.between(1, 6)} 个车间，与现有 ERP 对接。"
        )
    if reached >= 1 and chance.happens(care - 0.08):
        found["budget"] = deal.budget
    if reached >= 1 and chance.happens(care - 0.12):
        found["decision_maker"] = blanks["boss"]
    if reached >= 1 and chance.happens(care - 0.1):
        found["timeline"] = blanks["timeline"]
    if reached >= 2 and chance.happens(0.6):
        found["competitor"] = deal.competitor
        if chance.happens(care - 0.25):
            found["differentiation"] = chance.pick(DIFFERENTIATION)
    marks = {"key": 0.5 if deal.customer.level == "key" else 0.02, "urgent": 0.06, "tender": 0.05, "pilot": 0.05}
    tags = [mark for mark, share in marks.items() if chance.happens(share)]
    if source == "existing":
        tags.append("renewal")
    if tags:
        found["tags"] = tags
    return found


def _outlook(chance: Chance, deal: Deal) -> dict[str, Any]:
    """When it is expected to close, when somebody last spoke with them, and what comes next."""
    journey, person = deal.journey, BY_LOGIN[deal.login]
    last = journey.visits[-1].entered_at
    expected = max(last, deal.started) + timedelta(days=(5 - journey.reached) * chance.between(8, 22))
    found: dict[str, Any] = {"expected_close_on": day_of(expected).isoformat()}
    if journey.outcome != "open":
        return {**found, "last_activity_at": stamp(last)}
    touched = min(chance.now, last + timedelta(days=chance.between(0, 5)))
    if not journey.stalled:
        touched = max(touched, chance.now - timedelta(days=abs(chance.random.gauss(0, 9 * person.pace))))
        if expected < chance.now and chance.happens(0.8):
            found["expected_close_on"] = (chance.today + timedelta(days=chance.between(3, 60))).isoformat()
    found["last_activity_at"] = stamp(touched)
    if chance.happens(person.care if not journey.stalled else 0.35):
        wait = chance.between(-25, -1) if journey.stalled or chance.happens(1 - person.care) else chance.between(0, 14)
        found["next_action"] = chance.pick(NEXT_ACTIONS[journey.visits[-1].state]).format(**deal.blanks(chance))
        found["next_follow_up_at"] = stamp(chance.at_work(chance.today + timedelta(days=wait)))
    return found


def _outcome(chance: Chance, deal: Deal) -> dict[str, Any]:
    journey = deal.journey
    if journey.outcome == "open":
        return {}
    note = chance.pick(WIN_NOTES) if journey.outcome == "won" else LOSS_NOTES[journey.reason or "unqualified"]
    return {
        "closed_on": day_of(journey.visits[-1].entered_at).isoformat(),
        "win_reason" if journey.outcome == "won" else "loss_reason": journey.reason,
        **({"reason_note": note.format(**deal.blanks(chance))} if chance.happens(0.75) else {}),
    }


def _line(
    chance: Chance, staff: Staff, deal: Deal, product: UUID, quantity: int, *, price: int, at: datetime
) -> DemoRecord:
    values = {
        "opportunity": str(deal.id),
        "product": str(product),
        "quantity": quantity,
        "unit_price": price,
        "currency": "CNY",
        **staff.owned_by(deal.login),
    }
    return DemoRecord("opportunity_line", chance.new_id(at), values, at, deal.login)


_EMPTY = DemoOpportunity("opportunity", UUID(int=0), {}, datetime.min, "")  # noqa: DTZ901 - replaced before use
