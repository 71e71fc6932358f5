"""Puts the demo together. The same ``today`` gives the same records; nothing here reads or writes anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from liaoran.packs.demo.accounts import make_accounts, make_contacts
from liaoran.packs.demo.activities import make_calls, make_events, make_follow_ups, make_tasks
from liaoran.packs.demo.chance import Chance
from liaoran.packs.demo.leads import make_leads
from liaoran.packs.demo.model import DemoData
from liaoran.packs.demo.opportunities import make_deals, make_decision_chains, make_lines
from liaoran.packs.demo.papers import make_papers
from liaoran.packs.demo.people import heads_of, make_staff
from liaoran.packs.demo.products import make_products
from liaoran.packs.demo.signing import make_approvals

ACCOUNTS, OPPORTUNITIES, LEADS = 300, 2000, 180


def generate(today: date, *, known: Mapping[str, UUID] | None = None, seed: int = 20260101) -> DemoData:
    """The demo as of the evening before ``today``.

    ``known`` are ids of people, by login, that the organisation has already: they are used instead of new ones.
    """
    chance = Chance(seed, today)
    staff, departments, people = make_staff(chance, known or {})
    products, product_records = make_products(chance)
    customers, account_records = make_accounts(chance, staff, ACCOUNTS)
    contacts = list(make_contacts(chance, staff, customers))
    deals, opportunity_records = make_deals(chance, staff, customers, products, OPPORTUNITIES)
    won = {deal.customer.id for deal in deals if deal.journey.outcome == "won"}
    for record in account_records:
        if record.id in won:
            record.values["status"] = "customer"
    data = DemoData(
        departments=departments,
        heads=heads_of(staff),
        people=people,
        products=product_records,
        accounts=account_records,
        contacts=contacts,
        leads=list(make_leads(chance, staff, products, {one.short[:2] for one in customers}, LEADS)),
        opportunities=opportunity_records,
        opportunity_lines=list(make_lines(chance, staff, deals, products)),
        opportunity_contacts=list(make_decision_chains(chance, staff, deals)),
        tasks=list(make_tasks(chance, staff, deals)),
        events=list(make_events(chance, staff, deals)),
        calls=list(make_calls(chance, staff, deals)),
        follow_ups=list(make_follow_ups(chance, staff, deals)),
    )
    data.papers = list(make_papers(chance, deals, products, data.opportunity_lines))
    data.approvals = list(make_approvals(chance, deals))
    return data
