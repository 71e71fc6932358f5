"""Figures per group, compared with the same worked out in Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from liaoran.kernel.errors import Invalid
from liaoran.query.reads import compile_aggregate
from liaoran.query.requests import AggregateRequest, read_request

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def _figures(world: Any, **request: Any) -> dict[str, Any]:
    plan = compile_aggregate(world.scope(), "deal", read_request(AggregateRequest, request))
    answer: dict[str, Any] = await world.ask(plan)
    return answer


def _start(day: date | None, bucket: str) -> str | None:
    if day is None:
        return None
    match bucket:
        case "week":
            day -= timedelta(days=day.weekday())
        case "month":
            day = day.replace(day=1)
        case "quarter":
            day = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            day = day.replace(month=1, day=1)
    return day.isoformat()


async def test_without_groups_there_is_one_row(filled: Any) -> None:
    world, oracle, _ = filled
    answer = await _figures(world)
    assert answer == {
        "columns": [{"key": "count", "kind": "measure", "field": None, "fn": "count"}],
        "rows": [[len(oracle.records["deal"])]],
    }
    empty = await _figures(world, where={"field": "name", "op": "eq", "value": "x"})
    assert empty["rows"] == [[0]]


async def test_money_is_never_added_up_across_currencies(filled: Any) -> None:
    world, oracle, _ = filled
    answer = await _figures(world, group_by=["stage"], measures=[{"fn": "count"}, {"fn": "sum", "field": "amount"}])
    assert [column["key"] for column in answer["columns"]] == ["stage", "currency", "count", "sum(amount)"]
    assert [column["kind"] for column in answer["columns"]] == ["group", "group", "measure", "measure"]
    expected: dict[Any, list[Any]] = defaultdict(lambda: [0, None])
    for deal in oracle.records["deal"].values():
        entry = expected[deal["stage"], deal["currency"]]
        entry[0] += 1
        if deal["amount"] is not None:
            entry[1] = (entry[1] or 0) + Decimal(str(deal["amount"]))
    found = {(row[0], row[1]): row[2:] for row in answer["rows"]}
    assert found == {key: [count, None if total is None else float(total)] for key, (count, total) in expected.items()}
    order = [row[0] for row in answer["rows"]]
    assert order == sorted(order, key=["new", "talk", "won", None].index)


@pytest.mark.parametrize("bucket", ["day", "week", "month", "quarter", "year"])
@pytest.mark.parametrize("field", ["due", "met_at"])
async def test_buckets_are_those_of_the_actors_zone(filled: Any, field: str, bucket: str) -> None:
    world, oracle, _ = filled
    answer = await _figures(world, group_by=[{"field": field, "bucket": bucket}])
    assert answer["columns"][0] == {"key": f"{field}:{bucket}", "kind": "group", "field": field, "bucket": bucket}
    expected: dict[Any, int] = defaultdict(int)
    for deal in oracle.records["deal"].values():
        raw = deal[field]
        day = None
        if raw is not None:
            day = date.fromisoformat(raw) if field == "due" else datetime.fromisoformat(raw).astimezone(SHANGHAI).date()
        expected[_start(day, bucket)] += 1
    assert {row[0]: row[1] for row in answer["rows"]} == expected
    days = [row[0] for row in answer["rows"]]
    assert days == sorted(days, key=lambda day: (day is None, day))


async def test_groups_by_link_region_tags_and_paths(filled: Any) -> None:
    world, oracle, _ = filled
    deals = oracle.records["deal"].values()
    answer = await _figures(world, group_by=["company"])
    by_company: dict[Any, int] = defaultdict(int)
    for deal in deals:
        by_company[deal["company"]] += 1
    assert {row[0]["id"] if row[0] else None: row[1] for row in answer["rows"]} == by_company
    assert all(row[0] is None or set(row[0]) == {"id", "label"} for row in answer["rows"])
    answer = await _figures(world, group_by=["place"])
    assert {"code": "310115", "label": "上海市/浦东新区"} in [row[0] for row in answer["rows"]]
    answer = await _figures(world, group_by=["tags"])
    by_tag: dict[Any, int] = defaultdict(int)
    for deal in deals:
        for tag in deal["tags"] or [None]:
            by_tag[tag] += 1
    assert {row[0]: row[1] for row in answer["rows"]} == by_tag
    answer = await _figures(world, group_by=["company.industry", "owner.department"])
    assert sum(row[2] for row in answer["rows"]) == len(deals)


async def test_measures(filled: Any) -> None:
    world, oracle, _ = filled
    counts = [Decimal(str(deal["count"])) for deal in oracle.records["deal"].values() if deal["count"] is not None]
    days = sorted(deal["due"] for deal in oracle.records["deal"].values() if deal["due"] is not None)
    moments = sorted(
        datetime.fromisoformat(deal["met_at"]) for deal in oracle.records["deal"].values() if deal["met_at"]
    )
    measures = [
        {"fn": "avg", "field": "count"}, {"fn": "max", "field": "count"}, {"fn": "min", "field": "due"},
        {"fn": "max", "field": "met_at"}, {"fn": "count", "field": "due"}, {"fn": "sum", "field": "weighted"},
    ]  # fmt: skip
    [row] = (await _figures(world, measures=measures))["rows"]
    assert row[0] == pytest.approx(float(sum(counts) / len(counts)), abs=1e-5)
    assert row[1] == max(counts)
    assert row[2] == days[0]
    assert datetime.fromisoformat(row[3]) == moments[-1]
    assert row[4] == len(days)


async def test_sorted_by_a_figure_and_cut(filled: Any) -> None:
    world, _, _ = filled
    request = {"group_by": ["company"], "sort": [{"field": "count", "dir": "desc"}]}
    whole = [row[1] for row in (await _figures(world, **request))["rows"]]
    assert whole == sorted(whole, reverse=True)
    assert [row[1] for row in (await _figures(world, **request, limit=3))["rows"]] == whole[:3]


@pytest.mark.parametrize(
    ("request_parts", "code"),
    [
        ({"group_by": [{"field": "stage", "bucket": "month"}]}, "not_groupable"),
        ({"measures": [{"fn": "sum"}]}, "not_measurable"),
        ({"measures": [{"fn": "sum", "field": "due"}]}, "not_measurable"),
        ({"measures": [{"fn": "max", "field": "name"}]}, "not_measurable"),
        ({"sort": [{"field": "amount"}]}, "not_sortable"),
        ({"group_by": ["nothing"]}, "unknown_field"),
        ({"measures": []}, "invalid"),
        ({"group_by": [{"field": "due", "bucket": "decade"}]}, "invalid"),
    ],
)
async def test_refusals(world: Any, request_parts: Any, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await _figures(world, **request_parts)
    assert refused.value.code == code
