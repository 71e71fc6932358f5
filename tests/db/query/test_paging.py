"""Keyset paging: the pages, one after the other, are the whole list in its order, whatever the sort and however small
the pages; empty values come last in both directions."""

from __future__ import annotations

import base64
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.kernel.errors import Invalid
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.schema.pinyin import sort_key

FIELDS = (
    "name", "amount", "count", "due", "met_at", "stage", "urgent", "company", "place", "weighted", "updated_at", "id",
    "company.industry", "company.staff", "currency", "owner.department", "company.count(deal.company)",
)  # fmt: skip
STAGES = {"new": 0, "talk": 1, "won": 2}
INDUSTRIES = {"factory": 0, "bank": 1}
CURRENCIES = {"CNY": 0, "USD": 1}


def _compared(oracle: Any, deal: dict[str, Any], path: str) -> Any:
    value = oracle.value("deal", deal, path)
    if value is None:
        return None
    match path:
        case "name":
            return sort_key(value)
        case "company" | "owner.department":
            name = oracle.records["company" if path == "company" else "department"][value]["name"]
            return None if name is None else sort_key(name)
        case "stage":
            return STAGES[value]
        case "company.industry":
            return INDUSTRIES[value]
        case "currency":
            return CURRENCIES[value]
        case "due":
            return date.fromisoformat(value)
        case "met_at":
            return datetime.fromisoformat(value)
        case "amount" | "count" | "weighted" | "company.staff" | "company.count(deal.company)":
            return Decimal(str(value))
        case _:
            return value


def _expected(oracle: Any, sort: list[dict[str, str]]) -> list[str]:
    deals = sorted(oracle.records["deal"].values(), key=lambda deal: deal["id"])
    id_descends = False
    if sort:
        id_descends = (sort[-1]["dir"] == "desc") is not (sort[-1]["field"] == "updated_at")
    if not any(one["field"] == "id" for one in sort) and id_descends:
        deals.reverse()
    for one in reversed(sort):
        present = [deal for deal in deals if _compared(oracle, deal, one["field"]) is not None]
        absent = [deal for deal in deals if _compared(oracle, deal, one["field"]) is None]
        # a stable sort in reverse keeps equals in their order
        present.sort(key=lambda deal, path=one["field"]: _compared(oracle, deal, path), reverse=one["dir"] == "desc")
        deals = [*present, *absent]
    return [deal["id"] for deal in deals]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    sort=st.lists(
        st.builds(
            lambda field, down: {"field": field, "dir": "desc" if down else "asc"},
            st.sampled_from(FIELDS),
            st.booleans(),
        ),
        max_size=3,
        unique_by=lambda one: one["field"],
    ),
    limit=st.sampled_from([7, 40, 149, 150, 1000]),
)
async def test_the_pages_are_the_whole_list_in_order(filled: Any, sort: list[dict[str, str]], limit: int) -> None:
    world, oracle, _ = filled
    found: list[str] = []
    cursor = None
    async with world.database.read(world.schema) as tx:
        while True:
            request = QueryRequest(select=(), sort=sort, limit=limit, cursor=cursor)
            answer = await world.ask(compile_query(world.scope(), "deal", request), tx)
            found += [record["id"] for record in answer["records"]]
            cursor = answer["next_cursor"]
            if cursor is None:
                break
    assert found == _expected(oracle, sort)


async def test_a_searched_list_is_paged_in_the_same_order(filled: Any) -> None:
    world, oracle, _ = filled
    sort = [{"field": "amount", "dir": "desc"}]
    found: list[str] = []
    cursor = None
    while True:
        request = QueryRequest(select=(), sort=sort, limit=5, cursor=cursor, q="宝信")
        answer = await world.ask(compile_query(world.scope(), "deal", request))
        found += [record["id"] for record in answer["records"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    texts = {one: oracle.records["deal"][one] for one in oracle.records["deal"]}
    named = [one for one in _expected(oracle, sort) if "宝信" in f"{texts[one]['name']} {texts[one]['note']}"]
    assert found == named
    assert len(found) > 10


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "äöü",
        "AAAA",
        base64.urlsafe_b64encode(orjson.dumps(["00000000", "1", "2"])).decode(),
        base64.urlsafe_b64encode(orjson.dumps({"a": 1})).decode(),
        base64.urlsafe_b64encode(orjson.dumps([[], "1"])).decode().rstrip("="),
        "A" * 9000,
    ],
)
async def test_a_bad_cursor_is_refused(world: Any, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_query(world.scope(), "deal", QueryRequest(sort=[{"field": "amount"}], cursor=cursor))
    assert refused.value.code == "invalid_cursor"


async def test_a_cursor_belongs_to_its_sort_order(filled: Any) -> None:
    world, _, _ = filled
    answer = await world.ask(compile_query(world.scope(), "deal", QueryRequest(sort=[{"field": "amount"}], limit=1)))
    with pytest.raises(Invalid, match="another sort order"):
        compile_query(world.scope(), "deal", QueryRequest(sort=[{"field": "count"}], cursor=answer["next_cursor"]))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e5", "abc", None, 3, "\x00"])
async def test_forged_values_in_a_cursor_do_no_harm(filled: Any, value: Any) -> None:
    world, _, _ = filled
    request = QueryRequest(sort=[{"field": "amount"}], limit=1)
    answer = await world.ask(compile_query(world.scope(), "deal", request))
    parts = orjson.loads(base64.urlsafe_b64decode(answer["next_cursor"] + "=="))
    parts[1] = value
    forged = base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")
    try:
        plan = compile_query(world.scope(), "deal", request.model_copy(update={"cursor": forged}))
    except Invalid as refused:
        assert refused.code == "invalid_cursor"
    else:
        assert "records" in await world.ask(plan)
