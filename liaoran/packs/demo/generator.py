"""Puts the demo together. The same ``today`` gives the same records; nothing here reads or writes anything."""

from __future__ import annotations

from datetime import date

from liaoran.packs.demo.accounts import make_accounts, make_contacts
from liaoran.packs.demo.activities import make_calls, make_events, make_follow_ups, make_tasks
from liaoran.packs.demo.chance import Chance
from liaoran.packs.demo.leads import make_leads
from liaoran.packs.demo.model import DemoData
from liaoran.packs.demo.opportunities import make_deals, make_decision_chains, make_lines
from liaoran.packs.demo.people import make_staff
from liaoran.packs.demo.products import make_products


def generate(
    today: date, *, seed: int = 20260101, accounts: int = 300, opportunities: int = 2000, leads: int = 180
) -> DemoData:
    """The demo as of the evening before ``today``. The counts are about what comes out, not exact for activities."""
    chance = Chance(seed, today)
    staff, departments, people = make_staff(chance)
    products, product_records = make_products(chance)
    customers, account_records = make_accounts(chance, staff, accounts)
    contacts = list(make_contacts(chance, staff, customers))
    deals = make_deals(chance, staff, customers, products, opportunities)
    won = {deal.customer.id for deal in deals if deal.journey.outcome == "won"}
    for record in account_records:
        if record.id in won:
            record.values["status"] = "customer"
    return DemoData(
        departments=departments,
        people=people,
        products=product_records,
        accounts=account_records,
        contacts=contacts,
        leads=list(make_leads(chance, staff, products, {one.short[:2] for one in customers}, leads)),
        opportunities=[deal.record for deal in deals],
        opportunity_lines=list(make_lines(chance, staff, deals, products)),
        opportunity_contacts=list(make_decision_chains(chance, staff, deals)),
        tasks=list(make_tasks(chance, staff, deals)),
        events=list(make_events(chance, staff, deals)),
        calls=list(make_calls(chance, staff, deals)),
        follow_ups=list(make_follow_ups(chance, staff, deals)),
    )
