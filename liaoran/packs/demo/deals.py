"""A deal while the demo is being made: the opportunity with what its lines, tasks and notes need to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from liaoran.packs.demo.accounts import Customer
from liaoran.packs.demo.chance import Chance, day_of
from liaoran.packs.demo.journeys import Journey
from liaoran.packs.demo.phrases import TIMELINES
from liaoran.packs.demo.products import Offer


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
    source: str
    started: datetime
    journey: Journey

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
