"""Boards: counted and maintained figures agree, cards come in order, and a state goes on where its cards end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from liaoran.kernel.errors import Invalid, NotFound
from liaoran.query.reads import compile_board, compile_query
from liaoran.query.requests import BoardRequest, QueryRequest, read_request
from tests.db.query.conftest import PROCESS

NIL = "00000000-0000-0000-0000-000000000000"
EVERYTHING = {"field": "id", "op": "not_empty"}
PLAIN = replace(PROCESS, key="plain", process_field=None)


@pytest.fixture(scope="module")
async def boarded(filled: Any) -> Any:
    """The random records as the board of a Process over their stage, with maintained totals."""
    world, oracle, _ = filled
    one = world.snapshot.object("deal")
    with_process = replace(one, processes=(PLAIN, PROCESS))
    world.snapshot = replace(world.snapshot, objects={**world.snapshot.objects, "deal": with_process})
    totals: dict[Any, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for deal in oracle.records["deal"].values():
        if deal["stage"] is None:
            continue
        key = deal["stage"], deal["owner"] or NIL, deal["department"] or NIL, deal["currency"] or ""
        totals[key][0] += 1
        totals[key][1] += Decimal(str(deal["amount"] or 0))
    async with world.database.transaction(world.schema) as tx:
        for (state, owner, department, currency), (count, total) in totals.items():
            await tx.execute(
                "INSERT INTO {org}.state_totals (process, state, owner, department, currency, count, sum)"
                " VALUES ('plain', :state, :owner::uuid, :department::uuid, :currency, :count, :sum)",
                {
                    "state": state,
                    "owner": owner,
                    "department": department,
                    "currency": currency,
                    "count": count,
                    "sum": total,
                },
            )
    return filled


async def _board(world: Any, scope: Any = None, process: str = "plain", **request: Any) -> dict[str, Any]:
    answer = await world.ask(compile_board(scope or world.scope(), process, read_request(BoardRequest, request)))
    assert answer["process"] == process
    return {state.pop("key"): state for state in answer["states"]}


async def test_maintained_and_counted_figures_agree(boarded: Any) -> None:
    world, oracle, _ = boarded
    own = {"objects": {"*": {"read": "all"}, "deal": {"read": "own"}}}
    departments = {"objects": {"*": {"read": "all"}, "deal": {"read": "department"}}}
    for scope in (world.scope(), world.scope(own), world.scope(departments)):
        maintained, counted = await _board(world, scope), await _board(world, scope, where=EVERYTHING)
        assert {key: state["count"] for key, state in maintained.items()} == {
            key: state["count"] for key, state in counted.items()
        }
        assert {key: state["records"] for key, state in maintained.items()} == {
            key: state["records"] for key, state in counted.items()
        }
        for key, state in counted.items():
            sums = maintained[key]["sums"]["amount"]
            assert {currency: sums[currency] for currency in state["sums"]["amount"]} == state["sums"]["amount"]
    assert list(maintained) == ["new", "talk", "won"]
    whole = await _board(world)
    expected = sum(deal["stage"] == "won" for deal in oracle.records["deal"].values())
    assert whole["won"]["count"] == expected


async def test_cards_come_in_order_and_go_on_as_a_list(boarded: Any) -> None:
    world, oracle, _ = boarded
    sort = [{"field": "amount", "dir": "desc"}, {"field": "name"}]
    board = await _board(world, per_state=4, sort=sort, select=["name", "amount", "company", "company.industry"])
    for key, state in board.items():
        found, cursor = [record["id"] for record in state["records"]], state["next_cursor"]
        assert len(found) == 4
        assert set(state["records"][0]) == {"id", "version", "name", "amount", "company", "company.industry"}
        where = {"field": "stage", "op": "eq", "value": key}
        whole = QueryRequest(where=where, sort=sort, select=(), limit=1000)
        expected = [one["id"] for one in (await world.ask(compile_query(world.scope(), "deal", whole)))["records"]]
        rest = whole.model_copy(update={"cursor": cursor})
        found += [one["id"] for one in (await world.ask(compile_query(world.scope(), "deal", rest)))["records"]]
        assert found == expected
        assert len(found) == sum(deal["stage"] == key for deal in oracle.records["deal"].values())


async def test_a_restricted_board_counts_what_it_shows(boarded: Any) -> None:
    world, oracle, _ = boarded
    board = await _board(world, where={"field": "company.industry", "op": "eq", "value": "bank"}, per_state=200)
    for key, state in board.items():
        deals = [
            deal for deal in oracle.records["deal"].values()
            if deal["stage"] == key and oracle.value("deal", deal, "company.industry") == "bank"
        ]  # fmt: skip
        assert state["count"] == len(deals) == len(state["records"])
        assert state["next_cursor"] is None
    searched = await _board(world, q="宝信", per_state=0)
    assert all(state["records"] == [] for state in searched.values())
    assert sum(state["count"] for state in searched.values()) > 0


async def test_records_of_other_processes_stay_away(boarded: Any) -> None:
    world, _, _ = boarded
    board = await _board(world, process="main", where=EVERYTHING)
    assert all(
        state["count"] == 0 and state["records"] == [] and state["sums"] in ({}, {"amount": {}})
        for state in board.values()
    )


async def test_sums_are_left_out_where_the_amount_is_hidden(boarded: Any) -> None:
    world, _, _ = boarded
    hidden = {"objects": {"*": {"read": "all"}, "deal": {"read": "all", "fields": {"amount": "hidden"}}}}
    for state in (await _board(world, world.scope(hidden))).values():
        assert state["sums"] == {}
        assert "amount" not in state["records"][0]
    no_stage = {"objects": {"*": {"read": "all"}, "deal": {"read": "all", "fields": {"stage": "hidden"}}}}
    with pytest.raises(Invalid):
        await _board(world, world.scope(no_stage))


async def test_an_unknown_process(world: Any) -> None:
    with pytest.raises(NotFound):
        compile_board(world.scope(), "nothing", BoardRequest())
