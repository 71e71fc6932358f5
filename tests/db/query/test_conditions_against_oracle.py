"""Compiled Conditions and the slow, obvious oracle agree on random trees over random records, nulls included."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.kernel.ids import new_id
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
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
DAYS = [date(2026, 3, 18) + timedelta(days=n) for n in (-400, -90, -40, -31, -18, -12, -7, -3, -2, -1, 0, 1, 2, 3, 5, 6, 12, 14, 30, 60, 200, 300)]
PLACES = ["310000", "310115", "440000", "440300", "440305"]
NUMBERS = [-1, 0, 0.5, 1, 2, 10, 1000, 1000.25]


def _moment(random_source: random.Random) -> str:
    day = random_source.choice(DAYS)
    hour = random_source.choice([0, 1, 12, 15, 16, 17, 23])
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC).isoformat()


def _maybe(random_source: random.Random, values: list[Any]) -> Any:
    return None if random_source.random() < 0.3 else random_source.choice(values)


@pytest.fixture(scope="module")
async def filled(world: Any) -> Any:
    """A few hundred random records, in the database and in the oracle."""
    source = random.Random(7)
    ids = {key: [str(new_id()) for _ in range(count)] for key, count in (("department", 8), ("person", 10), ("company", 20), ("deal", 150))}
    ids["department"][0], ids["person"][0] = str(world.department), str(world.person)
    records: dict[str, dict[str, dict[str, Any]]] = {key: {} for key in ids}
    for index, one in enumerate(ids["department"]):
        parent = ids["department"][(index - 1) // 2] if index else None
        records["department"][one] = {"id": one, "name": f"部门{index}", "parent": parent}
    for index, one in enumerate(ids["person"]):
        records["person"][one] = {"id": one, "name": f"人{index}", "department": _maybe(source, ids["department"])}
    for one in ids["company"]:
        records["company"][one] = {
            "id": one, "name": _maybe(source, WORDS), "industry": _maybe(source, ["factory", "bank"]),
            "parent": _maybe(source, ids["company"]), "staff": _maybe(source, NUMBERS),
        }  # fmt: skip
    for one in ids["deal"]:
        records["deal"][one] = {
            "id": one, "name": _maybe(source, WORDS), "note": _maybe(source, WORDS), "company": _maybe(source, ids["company"]),
            "stage": _maybe(source, ["new", "talk", "won"]), "currency": _maybe(source, ["CNY", "USD"]),
            "amount": _maybe(source, NUMBERS), "count": _maybe(source, NUMBERS), "chance": _maybe(source, [0, 10, 50, 100]),
            "urgent": _maybe(source, [True, False]), "due": _maybe(source, [day.isoformat() for day in DAYS]),
            "met_at": _moment(source) if source.random() > 0.3 else None,
            "tags": _maybe(source, [["a"], ["b"], ["a", "b"], ["a", "b", "c"]]), "place": _maybe(source, PLACES),
            "owner": _maybe(source, ids["person"]), "department": _maybe(source, ids["department"]),
        }  # fmt: skip
    async with world.database.transaction(world.schema) as tx:
        for key, rows in records.items():
            await world.put(tx, key, [{**row, "id": _uuid(row["id"])} for row in rows.values()])
    world.departments[:] = [world.department, _uuid(ids["department"][1]), _uuid(ids["department"][3])]
    return world, _oracle(world, records), ids


def _uuid(text: str) -> Any:
    from uuid import UUID  # noqa: PLC0415 - one place

    return UUID(text)


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
        currencies = {deal["currency"] for deal in won if deal["currency"] is not None}
        return sum(amounts) if amounts and len(currencies) <= 1 else None

    def due_soon(company: dict[str, Any]) -> int:
        return sum(oracle.leaf(deal["due"], "date", "next_days", 7) for deal in deals(company))

    oracle.computed = {
        "deal.weighted": weighted, "deal.title": title, "company.won_amount": won_amount, "company.due_soon": due_soon,
    }  # fmt: skip
    return oracle


ORDER = ("gt", "gte", "lt", "lte")
PLAIN_PERIODS = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
    "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year", "before_today", "after_today",
)  # fmt: skip
COUNTED = ("last_days", "next_days", "older_than_days", "last_working_days", "next_working_days")


def _day_text() -> st.SearchStrategy[str]:
    return st.sampled_from(DAYS).map(date.isoformat)


def _instant_text() -> st.SearchStrategy[str]:
    return st.one_of(_day_text(), st.integers(0, 10_000).map(lambda seed: _moment(random.Random(seed))))


def _values(path: str, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    match KINDS[path]:
        case "text":
            return st.sampled_from([*WORDS, "不存在"])
        case "number":
            return st.sampled_from([*NUMBERS, 3])
        case "choice" if path == "currency":
            return st.sampled_from(["CNY", "USD", "EUR"])
        case "choice":
            return st.sampled_from(["new", "talk", "won"] if path == "stage" else ["factory", "bank"])
        case "region":
            return st.sampled_from(PLACES)
        case "date":
            return _day_text()
        case "instant":
            return _instant_text()
        case "boolean":
            return st.booleans()
        case _:
            return _link_values(path, ids)


def _link_values(path: str, ids: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    target = {"company": "company", "owner": "person"}.get(path, "department")
    special = {"person": ["@me"], "department": ["@my_department"], "company": []}[target]
    return st.sampled_from([*ids[target][:6], *special])


@st.composite
def leaves(draw: st.DrawFn, ids: dict[str, list[str]]) -> dict[str, Any]:
    path = draw(st.sampled_from(sorted(KINDS)))
    kind, value = KINDS[path], _values(path, ids)
    none = st.just(None)
    possible: list[tuple[str, st.SearchStrategy[Any]]] = [("empty", none), ("not_empty", none)]
    if kind == "choices":
        listed = st.lists(st.sampled_from(["a", "b", "c"]), max_size=3)
        possible += [("has_any", listed), ("has_all", listed), ("has_none", listed)]
    else:
        possible += [("eq", value), ("ne", value), ("eq", none), ("ne", none)]
    if kind not in ("choices", "boolean", "instant"):
        listed = st.lists(st.one_of(none, value), max_size=4)
        possible += [("in", listed), ("not_in", listed)]
    if kind in ("number", "date", "instant"):
        possible += [(op, value) for op in ORDER]
        possible.append(("between", st.tuples(value, st.one_of(none, value)).map(list)))
        possible.append(("between", st.tuples(none, value).map(list)))
    if kind == "text":
        piece = st.sampled_from(["宝", "信软", "ALPHA", "%", "_", "\\", "a", "软件"])
        possible += [(op, piece) for op in ("contains", "not_contains", "starts_with", "ends_with")]
    if kind == "boolean":
        possible += [("is_true", none), ("is_false", none)]
    if kind in ("date", "instant"):
        possible += [(op, none) for op in PLAIN_PERIODS]
        possible += [(op, st.integers(1, 40)) for op in COUNTED]
    if kind == "region" or path in ("department", "owner.department"):
        possible.append(("under", value))
    if path == "owner":
        possible.append(("is_me", none))
    if path in ("department", "owner.department"):
        possible.append(("is_my_department", none))
    op, strategy = draw(st.sampled_from(possible))
    return {"field": path, "op": op, "value": draw(strategy)}


def trees(ids: dict[str, list[str]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        leaves(ids),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
            st.lists(inner, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=8,
    ).filter(lambda tree: _depth(tree) <= 8)


def _depth(tree: dict[str, Any]) -> int:
    parts = tree.get("all") or tree.get("any") or ([tree["not"]] if "not" in tree else [])
    return 1 + max(map(_depth, parts), default=0)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_random_conditions_mean_what_the_oracle_says(filled: Any, data: st.DataObject) -> None:
    world, oracle, ids = filled
    where = data.draw(trees(ids))
    expected = {key for key, record in oracle.records["deal"].items() if oracle.holds("deal", record, where, KINDS)}
    plan = compile_query(world.scope(), "deal", QueryRequest(where=where, select=(), limit=1000))
    answer = await world.ask(plan)
    assert {record["id"] for record in answer["records"]} == expected
