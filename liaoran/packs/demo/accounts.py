"""Accounts and their contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from liaoran.packs.demo.chance import Chance
from liaoran.packs.demo.letters import romanised
from liaoran.packs.demo.model import DemoRecord
from liaoran.packs.demo.names import EAST_CITIES, SOUTH_CITIES, TITLES, TRADES, City, Trade, brand, mobile, person_name
from liaoran.packs.demo.people import BY_LOGIN, EAST, SOUTH, Staff

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
FORMS = {"有限公司": 7.0, "股份有限公司": 1.5, "集团有限公司": 0.7}
PARTS = ("decider", "user", "buyer", "influencer", "coach", "legal")
LEVELS = {"key": 1.0, "normal": 4.0, "minor": 2.5}
SOURCES = {
    "referral": 3.0,
    "exhibition": 2.2,
    "website": 2.0,
    "cold_call": 1.8,
    "partner": 1.4,
    "search": 1.2,
    "visit": 1.0,
    "tender": 0.6,
    "social": 0.6,
    "advertising": 0.5,
}


@dataclass(slots=True)
class Customer:
    """An account with what later records need to know about it."""

    id: UUID
    name: str
    short: str
    city: City
    industry: str
    level: str
    source: str
    owner: str
    created_at: datetime
    contacts: list[tuple[UUID, str, str, str]] = field(default_factory=list)
    """(id, name, title, part in the decision)."""


def make_accounts(chance: Chance, staff: Staff, count: int) -> tuple[list[Customer], list[DemoRecord]]:
    """``count`` accounts, the first ones there from the beginning, the others won over two years."""
    taken: set[str] = set()
    customers, records = [], []
    for number in range(count):
        customer, values = _account(chance, staff, taken, number / count)
        customers.append(customer)
        records.append(DemoRecord("account", customer.id, values, customer.created_at, customer.owner))
    return customers, records


def make_contacts(chance: Chance, staff: Staff, customers: list[Customer]) -> Iterator[DemoRecord]:
    """One to four contacts for each customer; fills ``customer.contacts``."""
    for customer in customers:
        domain = romanised(customer.short[:2]) + ".example"
        parts = ["evaluator", *chance.some(PARTS, chance.between(0, 3))]
        for part in parts:
            at = chance.later(customer.created_at, chance.between(0, 20))
            contact, name, title = chance.new_id(at), person_name(chance), chance.pick(TITLES[part])
            customer.contacts.append((contact, name, title, part))
            values: dict[str, Any] = {
                "name": name,
                "account": str(customer.id),
                "title": title,
                "mobile": mobile(chance),
                "attitude": chance.weighted({"supporter": 2, "neutral": 4, "opponent": 0.6, "unknown": 2}),
                **staff.owned_by(customer.owner),
            }
            if chance.happens(0.6):
                values["email"] = f"{romanised(name)}@{domain}"
            if chance.happens(0.5):
                values["wechat"] = romanised(name) + str(chance.between(10, 99))
            yield DemoRecord("contact", contact, values, min(at, chance.now), customer.owner)


def _account(chance: Chance, staff: Staff, taken: set[str], place: float) -> tuple[Customer, dict[str, Any]]:
    group, cities = (EAST, EAST_CITIES) if chance.happens(0.55) else (SOUTH, SOUTH_CITIES)
    city: City = chance.pick(cities)
    trade: Trade = chance.weighted(dict(TRADES))
    word, name = chance.pick(trade.words), brand(chance, taken)
    owner = chance.weighted({login: BY_LOGIN[login].share for login in group})
    created = chance.at_work(chance.today - timedelta(days=round(740 - 700 * max(0.0, place - 0.25) / 0.75)))
    customer = Customer(
        chance.new_id(created),
        f"{city.name}{name}{word}{chance.weighted(FORMS)}",
        name + word,
        city,
        trade.industry,
        chance.weighted(LEVELS),
        chance.weighted(SOURCES),
        owner,
        created,
    )
    employees = round(chance.days({"key": 900, "normal": 220, "minor": 70}[customer.level], 0.6) / 10) * 10 + 10
    values: dict[str, Any] = {
        "name": customer.name,
        "credit_code": _credit_code(chance, city),
        "type": chance.weighted({"end_customer": 9, "channel": 0.7, "partner": 0.5}),
        "status": "prospect",
        "level": customer.level,
        "industry": customer.industry,
        "source": customer.source,
        "region": city.code,
        "address": f"{city.name}市{chance.pick(city.roads)} {chance.between(1, 1888)} 号",
        "phone": _telephone(chance, city),
        "employees": employees,
        "founded_year": chance.between(1996, chance.today.year - 3),
        "annual_revenue": employees * chance.between(35, 120) * 10000,
        "currency": "CNY",
        **staff.owned_by(owner),
    }
    if chance.happens(0.7):
        values["website"] = f"https://www.{romanised(name)}.example"
    return customer, values


def _telephone(chance: Chance, city: City) -> str:
    rest = city.digits - 1
    return f"{city.area}-{chance.pick('5678')}{chance.between(0, 10**rest - 1):0{rest}d}"


def _credit_code(chance: Chance, city: City) -> str:
    """A code of the right form (GB 32100) with its check character."""
    body = "91" + city.code + "".join(chance.pick(CODE_ALPHABET) for _ in range(9))
    total = sum(CODE_ALPHABET.index(sign) * weight for sign, weight in zip(body, CODE_WEIGHTS, strict=True))
    return body + CODE_ALPHABET[(31 - total % 31) % 31]
