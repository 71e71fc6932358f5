"""Lists: what a page holds, in which order, and how the next one goes on."""

from __future__ import annotations

from typing import Any

from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest, read_request


async def test_first(world: Any) -> None:
    async with world.database.transaction(world.schema) as tx:
        companies = await world.put(tx, "company", [{"name": "宝信软件", "industry": "factory"}])
        await world.put(
            tx,
            "deal",
            [
                {
                    "name": "甲",
                    "amount": 1000,
                    "currency": "CNY",
                    "chance": 25,
                    "company": str(companies[0]),
                    "stage": "talk",
                    "due": "2026-03-20",
                    "met_at": "2026-03-18T01:00:00+00:00",
                    "tags": ["a", "b"],
                    "place": "310115",
                },
                {"name": "乙"},
            ],
        )
    request = read_request(
        QueryRequest,
        {
            "sort": [{"field": "amount", "dir": "desc"}],
            "count": True,
            "where": {"field": "company.industry", "op": "is", "value": 1},
        }
        | {"where": None},
    )
    plan = compile_query(world.scope(), "deal", request)
    print(plan.statement.text("org_query").decode())
    print(await world.ask(plan))
    pass
