"""Leads: first signs of interest of the last half year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from liaoran.packs.demo.accounts import SOURCES
from liaoran.packs.demo.chance import Chance, stamp
from liaoran.packs.demo.model import DemoRecord
from liaoran.packs.demo.names import EAST_CITIES, SOUTH_CITIES, TITLES, TRADES, brand, mobile, person_name
from liaoran.packs.demo.people import EAST, SOUTH, Staff
from liaoran.packs.demo.phrases import LEAD_NEEDS
from liaoran.packs.demo.products import MAIN_OFFERS

STATUS = {"new": 2.0, "contacting": 3.0, "nurturing": 2.0, "qualified": 1.5, "invalid": 2.0}


def make_leads(
    chance: Chance, staff: Staff, products: dict[str, UUID], taken: set[str], count: int
) -> Iterator[DemoRecord]:
    """``count`` leads in the order in which they came in."""
    days = sorted((chance.between(1, 180) for _ in range(count)), reverse=True)
    for back in days:
        at = min(chance.at_work(chance.today - timedelta(days=back)), chance.now)
        group, cities = (EAST, EAST_CITIES) if chance.happens(0.55) else (SOUTH, SOUTH_CITIES)
        city, offer = chance.pick(cities), chance.pick(MAIN_OFFERS)
        trade = chance.weighted(dict(TRADES))
        login = chance.pick(group[:4])
        status = "new" if back < 3 and chance.happens(0.7) else chance.weighted(STATUS)
        values: dict[str, Any] = {
            "name": person_name(chance),
            "company": f"{city.name}{brand(chance, taken)}{chance.pick(trade.words)}有限公司",
            "title": chance.pick(TITLES[chance.pick(("evaluator", "user", "buyer", "influencer"))]),
            "mobile": mobile(chance),
            "status": status,
            "source": chance.weighted(SOURCES),
            "intent": chance.weighted({"strong": 1, "some": 3, "weak": 2}),
            "industry": trade.industry,
            "region": city.code,
            "product": str(products[offer.code]),
            "need_summary": chance.pick(LEAD_NEEDS).format(
                matter=offer.matter, product=offer.name, pain=offer.pain, count=chance.between(5, 80) * 10
            ),
            **staff.owned_by(login),
        }
        if status in {"contacting", "nurturing", "qualified"}:
            values["next_follow_up_at"] = stamp(chance.at_work(chance.today + timedelta(days=chance.between(-6, 12))))
        yield DemoRecord("lead", chance.new_id(at), values, at, login)
