"""What is read, each time as one HTTP request and as the bare SQL of the same question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench import statements
from bench.client import Request
from bench.world import Role, World

OPPORTUNITIES = "/api/v1/records/opportunity"
BOARD = "/api/v1/processes/sales/board"
NEWEST = [{"field": "updated_at", "dir": "desc"}]


@dataclass(frozen=True, slots=True)
class Read:
    """A case: ``ask(role, n)`` is the n-th request, ``sql`` the statement for a role and ``binds(role, n)`` its values.

    ``grows`` marks the cases whose time must not grow with the data; ``facts`` takes from an answer what both must
    agree on.
    """

    name: str
    ask: Callable[[Role, int], Request]
    sql: Callable[[World, Role], str]
    binds: Callable[[Role, int], list[Any]]
    grows: bool = True
    facts: Callable[[Any], Any] | None = None


def _listed(answer: Any) -> Any:
    return {one["id"] for one in answer["records"]}, answer.get("total")


def _stacked(answer: Any) -> Any:
    return {(one["key"], one["count"]) for one in answer["states"] if one["count"]}


def _identified(answer: Any) -> Any:
    return answer["id"]


def _counted(answer: Any) -> Any:
    return len(answer["rows"])


def _told(answer: Any) -> Any:
    return [len(one["changes"]) for one in answer["events"]]


def _own(role: Role, _n: int) -> list[Any]:
    return list(role.binds)


def _with_record(role: Role, n: int) -> list[Any]:
    return [*role.binds, role.records[n % len(role.records)]]


def _query(**body: Any) -> Callable[[Role, int], Request]:
    request = Request("POST", f"{OPPORTUNITIES}/query", {"select": statements.LIST_COLUMNS, "limit": 50, **body})
    return lambda _role, _n: request


def _list(where: str, order: str, *, join: str = "", count: bool = False) -> Callable[[World, Role], str]:
    return lambda world, role: statements.page(
        world.schema, role.visible, where, order, join=join.format(schema=world.schema), count=count
    )


LISTS = (
    Read("list, newest", _query(sort=NEWEST), _list("true", "o.updated_at DESC, o.id"), _own, facts=_listed),
    Read(
        "list, filtered and sorted",
        _query(
            where={
                "all": [
                    {"field": "status", "op": "eq", "value": "open"},
                    {"field": "amount", "op": "gte", "value": 100000},
                    {"field": "region", "op": "in", "value": ["east", "south"]},
                ]
            },
            sort=[{"field": "expected_close_on", "dir": "asc"}],
        ),
        _list(
            "o.status = 'open' AND o.amount >= 100000 AND o.region IN ('east', 'south')",
            "o.expected_close_on NULLS LAST, o.id",
        ),
        _own,
        facts=_listed,
    ),
    Read(
        "list, over a link, by amount",
        _query(
            where={
                "all": [
                    {"field": "status", "op": "eq", "value": "open"},
                    {"field": "account.industry", "op": "eq", "value": "manufacturing"},
                ]
            },
            sort=[{"field": "amount", "dir": "desc"}],
        ),
        _list(
            "o.status = 'open' AND ja.industry = 'manufacturing' AND o.amount IS NOT NULL",
            "o.amount DESC, o.id DESC",
            join="JOIN {schema}.r_account ja ON ja.id = o.account",
        ),
        _own,
        facts=_listed,
    ),
    Read(
        "list, by name in pinyin",
        _query(where={"field": "status", "op": "eq", "value": "open"}, sort=[{"field": "name", "dir": "asc"}]),
        _list("o.status = 'open'", "o.name__pinyin NULLS LAST, o.id"),
        _own,
        facts=_listed,
    ),
    Read(
        "list with its total",
        _query(where={"field": "status", "op": "eq", "value": "won"}, sort=NEWEST, count=True),
        _list("o.status = 'won'", "o.updated_at DESC, o.id", count=True),
        _own,
        grows=False,
        facts=_listed,
    ),
)

TOTALS = Request("POST", BOARD, {"per_state": 0})
"""The counts and sums of a board alone."""

BOARDS = (
    Read(
        "board",
        lambda _role, _n: Request("POST", BOARD, {"per_state": 20, "sort": NEWEST, "select": statements.CARD_COLUMNS}),
        lambda world, role: statements.board(world.schema, role.visible, None),
        _own,
        facts=_stacked,
    ),
    Read(
        "board, filtered",
        lambda _role, _n: Request(
            "POST",
            BOARD,
            {
                "per_state": 20,
                "sort": NEWEST,
                "select": statements.CARD_COLUMNS,
                "where": {"field": "source", "op": "eq", "value": "referral"},
            },
        ),
        lambda world, role: statements.board(world.schema, role.visible, "o.source = 'referral'"),
        _own,
        grows=False,
        facts=_stacked,
    ),
)

RECORDS = (
    Read(
        "record",
        lambda role, n: Request("GET", f"{OPPORTUNITIES}/{role.records[n % len(role.records)]}"),
        lambda world, role: statements.record(world.schema, role.visible, len(role.binds) + 1),
        _with_record,
        facts=_identified,
    ),
    Read(
        "record, its history",
        lambda role, n: Request("GET", f"{OPPORTUNITIES}/{role.records[n % len(role.records)]}/history"),
        lambda world, role: statements.history(world.schema, role.visible, len(role.binds) + 1),
        _with_record,
        facts=_told,
    ),
)


def _aggregate(group_by: list[Any]) -> Callable[[Role, int], Request]:
    measures = [{"fn": "count"}, {"fn": "sum", "field": "amount"}]
    request = Request("POST", f"{OPPORTUNITIES}/aggregate", {"group_by": group_by, "measures": measures})
    return lambda _role, _n: request


FIGURES = (
    Read(
        "figures by stage",
        _aggregate(["stage"]),
        lambda world, role: statements.figures_by_stage(world.schema, role.visible),
        _own,
        grows=False,
        facts=_counted,
    ),
    Read(
        "figures by person and month",
        _aggregate(["owner", {"field": "closed_on", "bucket": "month"}]),
        lambda world, role: statements.figures_by_person_and_month(world.schema, role.visible),
        _own,
        grows=False,
        facts=_counted,
    ),
)
READS = (*LISTS, *BOARDS, *RECORDS, *FIGURES)


UNDER_RIGHTS = (
    Read(
        "rights: list, newest",
        _query(sort=NEWEST),
        _list("true", "o.updated_at DESC, o.id"),
        _own,
        facts=_listed,
    ),
    Read(
        "rights: board",
        BOARDS[0].ask,
        lambda world, role: statements.board(world.schema, role.visible, "true"),
        _own,
        facts=_stacked,
    ),
)
"""What a department head reads where Conditions and shares decide, too: the figures are counted on both sides."""
