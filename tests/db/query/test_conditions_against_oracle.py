"""Compiled Conditions and the slow, obvious oracle agree on random trees over random records, nulls included."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from tests.db.query.data import KINDS
from tests.db.query.trees import trees


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_random_conditions_mean_what_the_oracle_says(filled: Any, data: st.DataObject) -> None:
    world, oracle, ids = filled
    where = data.draw(trees(ids))
    expected = {key for key, record in oracle.records["deal"].items() if oracle.holds("deal", record, where, KINDS)}
    plan = compile_query(world.scope(), "deal", QueryRequest(where=where, select=(), limit=1000))
    answer = await world.ask(plan)
    assert {record["id"] for record in answer["records"]} == expected
