"""Opportunities: who wants what for how much, and how far it came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from liaoran.packs.demo.accounts import SOURCES, Customer
from liaoran.packs.demo.chance import Chance, day_of
from liaoran.packs.demo.deals import Deal
from liaoran.packs.demo.journeys import OPEN_STATES, travel
from liaoran.packs.demo.model import DemoOpportunity, DemoRecord
from liaoran.packs.demo.people import COLLEAGUES, Staff
from liaoran.packs.demo.phrases import COMPETITORS
from liaoran.packs.demo.products import MAIN_OFFERS, OFFERS
from liaoran.packs.demo.stories import first_guess, first_marks, tell

SIZE = {"key": 1.9, "normal": 0.9, "minor": 0.5}
MONTH_WEIGHT = {1: 0.8, 2: 0.5, 3: 1.2, 4: 1.1, 5: 1.0, 6: 1.1, 7: 0.9, 8: 0.95, 9: 1.2, 10: 0.85, 11: 1.15, 12: 1.1}
"""Spring Festival and the October holidays show."""
PARTS = {"decider": 0.8, "influencer": 0.6, "user": 0.7, "evaluator": 0.8, "buyer": 0.6, "coach": 0.5, "legal": 0.3}


def make_deals(
    chance: Chance, staff: Staff, customers: list[Customer], products: dict[str, UUID], count: int
) -> tuple[list[Deal], list[DemoOpportunity]]:
    """``count`` opportunities over two years, more of them lately, in the order in which they began."""
    moments = sorted(_moment(chance) for _ in range(count))
    known: dict[str, list[Customer]] = {one.login: [] for one in COLLEAGUES}
    waiting = sorted(customers, key=lambda one: one.created_at, reverse=True)
    deals: list[Deal] = []
    records: list[DemoOpportunity] = []
    for at in moments:
        while waiting and waiting[-1].created_at < at:
            customer = waiting.pop()
            known[customer.owner].append(customer)
        shares = {one.login: one.share for one in COLLEAGUES if one.role != "administrator" and known[one.login]}
        if shares:
            login = chance.weighted(shares)
            customer = chance.pick(known[login])
            deal, record = _deal(chance, staff, products, customer, login=login, at=at, before=deals)
            deals.append(deal)
            records.append(record)
    return deals, records


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
        day = chance.today - timedelta(days=round(725 * (1 - chance.random.random() ** 0.5)) + 2)
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
) -> tuple[Deal, DemoOpportunity]:
    offer = chance.pick(MAIN_OFFERS)
    bought = any(one.customer is customer and one.bought_by(at) for one in before)
    if bought and chance.happens(0.4):
        source = "existing"
    else:
        source = customer.source if chance.happens(0.5) else chance.weighted(SOURCES)
    amount = max(30000, round(offer.price * SIZE[customer.level] * chance.random.lognormvariate(0, 0.35) / 1000) * 1000)
    journey = travel(chance, at, login, source=source, industry=customer.industry, size=amount / 180000)
    budget = round(amount * chance.random.uniform(0.8, 1.15) / 10000) * 10000
    rival = chance.pick(COMPETITORS)
    deal = Deal(chance.new_id(at), customer, offer, login, amount, budget, rival, source, at, journey)
    values = {
        "name": f"{customer.short} {offer.matter}{'二期' if source == 'existing' and chance.happens(0.4) else ''}",
        "account": str(customer.id),
        "product": str(products[offer.code]),
        "amount": first_guess(chance, deal),
        "currency": "CNY",
        "source": source,
        "region": customer.city.region,
        "industry": customer.industry,
        "pipeline": "sales",
        "stage": journey.visits[0].state,
        "expected_close_on": (day_of(at) + timedelta(days=chance.between(50, 130))).isoformat(),
        **first_marks(chance, deal),
        **staff.owned_by(login),
    }
    visits, outlook = tell(chance, deal)
    return deal, DemoOpportunity("opportunity", deal.id, values, at, login, visits, outlook)


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
