"""Single writes: create, edit, move; one client and eight, each a salesperson of their own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from bench import bare_writes
from bench.client import Client, Request
from bench.past import VERSION_COLUMNS
from bench.reads import OPPORTUNITIES
from bench.report import Result
from bench.stand import Stand
from bench.timing import Call, Times, at_once, in_turn
from bench.world import Role, World

STATES = ("initial_contact", "needs", "proposal", "negotiation", "contract")
RATE_GOAL = 2.0
"""At least half the floor's rate."""
CLIENTS = 8
_serial = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Write:
    """A case: ``ask`` makes the next request, ``sql`` the statement of the floor and ``binds`` its next values."""

    name: str
    ask: Callable[[Role], Request]
    sql: Callable[[str, list[str]], str]
    binds: Callable[[Role], list[Any]]


def _record(role: Role, n: int) -> str:
    """The first half of the sample is written through Liaoran, the second by the floor (``n`` negative)."""
    half = len(role.records) // 2
    return role.records[n % half] if n >= 0 else role.records[half + -n % half]


def _create(role: Role) -> Request:
    n = next(_serial)
    values = {"name": f"澄川精密 车间排产 {n}", "amount": 120000, "source": "referral", "next_action": "约需求会"}
    return Request("POST", OPPORTUNITIES, values)


def _edit(role: Role) -> Request:
    n = next(_serial)
    values = {"next_action": f"发修订后的报价单 {n}", "amount": 100000 + n}
    return Request("PATCH", f"{OPPORTUNITIES}/{_record(role, n)}", values)


def _move(role: Role) -> Request:
    n = next(_serial)
    # one round over the sample, then all of it to the next state
    state = STATES[n // (len(role.records) // 2) % len(STATES)]
    return Request("PATCH", f"{OPPORTUNITIES}/{_record(role, n)}", {"stage": state}, {"X-Door": "board"})


def _moved(role: Role) -> list[Any]:
    n = next(_serial)
    return [_record(role, -n), str(role.person), STATES[n // (len(role.records) // 2) % len(STATES)]]


def _edited(role: Role) -> list[Any]:
    n = next(_serial)
    return [_record(role, -n), str(role.person), f"发修订后的报价单 {n}"]


def _created(role: Role) -> list[Any]:
    return [None, str(role.person), f"澄川精密 车间排产 {next(_serial)}"]


WRITES = (
    Write("create", _create, bare_writes.bare_create, _created),
    Write("edit", _edit, bare_writes.bare_edit, _edited),
    Write("move", _move, bare_writes.bare_move, _moved),
)


def measure_writes(stand: Stand, world: World, case: Write) -> Iterator[Result]:
    """One client, then eight."""
    sql = case.sql(world.schema, version_columns(stand, world))
    ours, floor, bare = one_client(stand, world.sellers[0], case, sql)
    yield _result(case.name, world, ours, floor, bare)
    seconds = stand.seconds * 2
    ours = at_once([_calls(Client(stand.port, role.token), role, case.ask) for role in world.sellers], seconds)
    floor = at_once([_calls(Client(stand.floor_port), role, _floor(case, sql)) for role in world.sellers], seconds)
    yield _result(f"{case.name}, {CLIENTS} clients", world, ours, floor, None)


def version_columns(stand: Stand, world: World) -> list[str]:
    """What a version keeps of an opportunity."""
    found = stand.connection.execute(VERSION_COLUMNS.replace("%s", f"'{world.schema}'").encode()).fetchone()
    return [name.strip('" ') for name in str(found[0] if found else "").split(",")]


def floor_move(role: Role, sql: str) -> Request:
    """The next move of the floor, with the statement of ``bare_move``."""
    return Request("POST", "/", {"sql": sql, "params": _moved(role)})


def one_client(stand: Stand, role: Role, case: Write, sql: str) -> list[Times]:
    """Times of Liaoran, the floor server and the bare statement, in turn."""
    client, floor_client, floor = Client(stand.port, role.token), Client(stand.floor_port), _floor(case, sql)
    cursor = psycopg.RawCursor(stand.connection)
    try:
        return in_turn(
            [
                lambda _n: client.send(case.ask(role)),
                lambda _n: floor_client.send(floor(role)),
                lambda _n: cursor.execute(sql.encode(), case.binds(role), prepare=True),
            ],
            stand.seconds,
        )
    finally:
        client.close()
        floor_client.close()


def _floor(case: Write, sql: str) -> Callable[[Role], Request]:
    return lambda role: Request("POST", "/", {"sql": sql, "params": case.binds(role)})


def _calls(client: Client, role: Role, ask: Callable[[Role], Request]) -> Iterator[Call]:
    try:
        while True:
            yield lambda: client.send(ask(role))
    finally:
        client.close()


def _result(name: str, world: World, ours: Times, floor: Times, bare: Times | None) -> Result:
    return Result(
        name=name,
        role="salesperson",
        scale=world.scale.name,
        measure="rate of the floor / rate",
        ratio=floor.rate / ours.rate,
        goal=RATE_GOAL,
        p50_ms=ours.p50,
        p95_ms=ours.p95,
        bare_sql_p50_ms=bare.p50 if bare else None,
        floor_p50_ms=floor.p50,
        rate=ours.rate,
    )
