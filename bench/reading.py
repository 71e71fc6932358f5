"""Measuring one read: Liaoran, the floor server and the bare statement in turn."""

from __future__ import annotations

import orjson
import psycopg

from bench.client import Client, Request
from bench.reads import Read
from bench.report import Result
from bench.stand import Stand
from bench.timing import in_turn
from bench.world import Role, World

HEAVY_MS = 10.0
HEAVY_GOAL, LIGHT_GOAL = 1.1, 1.5


def measure_read(stand: Stand, world: World, role: Role, case: Read) -> Result:
    """Liaoran, the floor server and the bare statement in turn; heavy reads against the statement, light ones against
    the floor."""
    sql = case.sql(world, role)
    cursor = psycopg.RawCursor(stand.connection)
    client, floor = Client(stand.port, role.token), Client(stand.floor_port)

    def floor_request(n: int) -> Request:
        return Request("POST", "/", {"sql": sql, "params": [_plain(value) for value in case.binds(role, n)]})

    try:
        if case.facts is not None:
            _compare(case, role, client.send(case.ask(role, 0)), floor.send(floor_request(0)))
        ours, at_floor, bare = in_turn(
            [
                lambda n: client.send(case.ask(role, n)),
                lambda n: floor.send(floor_request(n)),
                lambda n: cursor.execute(sql.encode(), case.binds(role, n), prepare=True).fetchone(),
            ],
            stand.seconds,
        )
    finally:
        client.close()
        floor.close()
    heavy = bare.p50 >= HEAVY_MS
    return Result(
        name=case.name,
        role=role.name,
        scale=world.scale.name,
        measure="p50 / bare SQL" if heavy else "p50 / floor",
        ratio=ours.p50 / (bare.p50 if heavy else at_floor.p50),
        goal=HEAVY_GOAL if heavy else LIGHT_GOAL,
        p50_ms=ours.p50,
        p95_ms=ours.p95,
        bare_sql_p50_ms=bare.p50,
        floor_p50_ms=at_floor.p50,
    )


def _compare(case: Read, role: Role, ours: bytes, bare: bytes) -> None:
    """Raises ValueError where Liaoran and the bare statement do not answer the same question."""
    if case.facts is not None:
        found, expected = case.facts(orjson.loads(ours)), case.facts(orjson.loads(bare))
        if found != expected:
            raise ValueError(f"{case.name}, {role.name}: {found!r} instead of {expected!r}"[:2000])


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [str(one) for one in value]
    return value if value is None else str(value)
