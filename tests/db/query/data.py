"""Random records of every kind, nulls included, and the oracle's view of them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from liaoran.kernel.ids import new_id
from tests.db.query.oracle import Oracle

KINDS = {
    "name": "text", "note": "text", "company": "link", "stage": "choice", "currency": "choice", "amount": "number",
    "count": "number", "chance": "number", "urgent": "boolean", "due": "date", "met_at": "instant", "tags": "choices",
    "place": "region", "owner": "link", "department": "link", "weighted": "number", "title": "text",
    "company.industry": "choice", "company.name": "text", "company.parent.staff": "number",
    "company.parent.parent.name": "text", "company.won_amount": "number", "company.due_soon": "number",
    "owner.department": "link", "owner.department.parent.name": "text", "company.count(deal.company)": "number",
}  # fmt: skip
LINKS = {
    "deal": {"company": "company", "owner": "person", "department": "department"},
    "company": {"parent": "company", "owner": "person", "department": "department"},
    "person": {"department": "department"},
    "department": {"parent": "department"},
}
WORDS = ["宝信", "宝信软件", "Alpha", "alpha beta", "100%", "a_b", "结束\\"]
DAYS = [
    date(2026, 3, 18) + timedelta(days=n)
    for n in (-400, -90, -40, -31, -18, -12, -7, -3, -2, -1, 0, 1, 2, 3, 5, 6, 12, 14, 30, 60, 200, 300)
]
PLACES = ["310000", "310115", "440000", "440300", "440305"]
NUMBERS = [-1, 0, 0.5, 1, 2, 10, 1000, 1000.25]


def moment(random_source: random.Random) -> str:
    day = random_source.choice(DAYS)
    hour = random_source.choice([0, 1, 12, 15, 16, 17, 23])
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC).isoformat()


def maybe(random_source: random.Random, values: list[Any]) -> Any:
    return None if random_source.random() < 0.3 else random_source.choice(values)


async def fill(world: Any) -> Any:
    """A few hundred random records, in the database and in the oracle."""
    source = random.Random(7)
    ids = {
        key: [str(new_id()) for _ in range(count)]
        for key, count in (("department", 8), ("person", 10), ("company", 20), ("deal", 150))
    }
    ids["department"][0], ids["person"][0] = str(world.department), str(world.person)
    records: dict[str, dict[str, dict[str, Any]]] = {key: {} for key in ids}
    for index, one in enumerate(ids["department"]):
        parent = ids["department"][(index - 1) // 2] if index else None
        records["department"][one] = {"id": one, "name": f"部门{index}", "parent": parent}
    for index, one in enumerate(ids["person"]):
        records["person"][one] = {"id": one, "name": f"人{index}", "department": maybe(source, ids["department"])}
    for one in ids["company"]:
        records["company"][one] = {
            "id": one, "name": maybe(source, WORDS), "industry": maybe(source, ["factory", "bank"]),
            "parent": maybe(source, ids["company"]), "staff": maybe(source, NUMBERS),
        }  # fmt: skip
    for one in ids["deal"]:
        records["deal"][one] = {
            "id": one, "name": maybe(source, WORDS), "note": maybe(source, WORDS),
            "company": maybe(source, ids["company"]),
            "stage": maybe(source, ["new", "talk", "won"]), "currency": maybe(source, ["CNY", "USD"]),
            "amount": maybe(source, NUMBERS), "count": maybe(source, NUMBERS), "chance": maybe(source,
            [0, 10, 50, 100]),
            "urgent": maybe(source, [True, False]), "due": maybe(source, [day.isoformat() for day in DAYS]),
            "met_at": moment(source) if source.random() > 0.3 else None,
            "tags": maybe(source, [["a"], ["b"], ["a", "b"], ["a", "b", "c"]]), "place": maybe(source, PLACES),
            "owner": maybe(source, ids["person"]), "department": maybe(source, ids["department"]),
        }  # fmt: skip
    async with world.database.transaction(world.schema) as tx:
        for key, rows in records.items():
            await world.put(tx, key, [{**row, "id": UUID(row["id"])} for row in rows.values()])
    world.departments[:] = [world.department, UUID(ids["department"][1]), UUID(ids["department"][3])]
    return world, _oracle(world, records), ids


def _oracle(world: Any, records: Any) -> Oracle:
    oracle = Oracle(records, LINKS)
    oracle.me, oracle.my_department = str(world.person), str(world.department)
    oracle.my_departments = [str(one) for one in world.departments]
    labels = {"new": "新建", "talk": "谈判", "won": "赢单"}

    def weighted(deal: dict[str, Any]) -> Any:
        if deal["amount"] is None or deal["chance"] is None:
            return None
        return Decimal(str(deal["amount"])) * Decimal(str(deal["chance"])) / 100

    def title(deal: dict[str, Any]) -> str:
        company = records["company"].get(deal["company"] or "", {})
        return (company.get("name") or "") + "-" + labels.get(deal["stage"] or "", "")

    def deals(company: dict[str, Any]) -> list[dict[str, Any]]:
        return [deal for deal in records["deal"].values() if deal["company"] == company["id"]]

    def won_amount(company: dict[str, Any]) -> Any:
        won = [deal for deal in deals(company) if deal["stage"] == "won"]
        amounts = [Decimal(str(deal["amount"])) for deal in won if deal["amount"] is not None]
        currencies = {deal["currency"] or "" for deal in won if deal["amount"] is not None}
        return sum(amounts) if amounts and len(currencies) <= 1 else None

    def due_soon(company: dict[str, Any]) -> int:
        return sum(oracle.leaf(deal["due"], "date", "next_days", 7) for deal in deals(company))

    oracle.computed = {
        "deal.weighted": weighted, "deal.title": title, "company.won_amount": won_amount, "company.due_soon": due_soon,
    }  # fmt: skip
    return oracle
