"""Reading under many rights: eight roles with Conditions, 100,000 shares, everybody has a role; a department head with two
of them reads list and board. The bare SQL is the same question written by hand, with the same rows in sight."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import orjson

from bench.client import Client
from bench.reading import measure_read
from bench.reads import RECORDS, UNDER_RIGHTS
from bench.report import Result
from bench.stand import Stand
from bench.world import DEPARTMENTS_OF, Role, World
from liaoran.access.actors import raise_access_version
from liaoran.access.holdings import holdings_of
from liaoran.access.scope import Scope
from liaoran.infra.database import Database
from liaoran.infra.settings import Settings
from liaoran.schema.catalogue import load_snapshot

NAME = "rights"
SHARES, ROLES = 100_000, 8
REGIONS = ("east", "south", "north", "central", "southwest", "northwest", "northeast", "overseas")
AMOUNT = 3_000_000
RESOLVE_GOAL, RESOLVED = 1.0, 60
_KEY = "bench_{number}"
_GIVEN = (0, 1)
"""The two roles of the department head."""
_SHARED = """
o.id = ANY(ARRAY(SELECT s.record FROM {schema}.shares s WHERE s.object = 'opportunity'
  AND (s.person = $2 OR s.department = ANY($3)) AND s.starts_at <= now() AND (s.ends_at IS NULL OR s.ends_at > now())))
"""
_MAKE_SHARES = """
INSERT INTO {schema}.shares (id, object, record, person, department, level, starts_at, given_at)
SELECT gen_random_uuid(), 'opportunity', r.ids[1 + (n::bigint * 7919) %% cardinality(r.ids)],
  CASE WHEN n %% 10 > 0 THEN p.ids[1 + n %% cardinality(p.ids)] END,
  CASE WHEN n %% 10 = 0 THEN d.ids[1 + (n / 10) %% cardinality(d.ids)] END,
  CASE WHEN n %% 3 = 0 THEN 'edit' ELSE 'read' END, now() - interval '1 day', now()
FROM generate_series(1, %s) n,
  (SELECT array_agg(id) AS ids FROM {schema}.r_opportunity WHERE deleted_at IS NULL) r,
  (SELECT array_agg(id) AS ids FROM {schema}.r_person) p,
  (SELECT array_agg(id) AS ids FROM {schema}.r_department) d
"""
_GIVE_ROLES = """
INSERT INTO {schema}.person_roles (person, role)
SELECT id, 'bench_' || (row_number() OVER (ORDER BY id)) %% %s FROM {schema}.r_person WHERE id <> %s
"""
_ABOVE = """
WITH RECURSIVE up AS (SELECT d.id, d.parent FROM {schema}.r_department d JOIN {schema}.r_person p ON p.department = d.id
  WHERE p.id = %s UNION SELECT d.id, d.parent FROM {schema}.r_department d JOIN up ON d.id = up.parent) SELECT id FROM up
"""


def measure_rights(stand: Stand, world: World, data: Path) -> Iterator[Result]:
    """List, board and the resolving of an actor; everything that was set up for it is gone afterwards."""
    with _many_rights(stand, world, data) as head:
        for case in UNDER_RIGHTS:
            yield measure_read(stand, world, head, case)
        yield _resolving(stand, world, head, data)


def _predicate(schema: str) -> str:
    ways = ["o.department = ANY($1)", "o.owner = $2"]
    ways += [f"(o.region = '{REGIONS[number]}' AND o.amount >= {AMOUNT})" for number in _GIVEN]
    return "(" + " OR ".join([*ways, _SHARED.format(schema=schema)]) + ")"


def _role(number: int) -> dict[str, object]:
    where = {
        "all": [
            {"field": "region", "op": "eq", "value": REGIONS[number]},
            {"field": "amount", "op": "gte", "value": AMOUNT},
        ]
    }
    return {
        "objects": {
            "*": {"read": "all"},
            "opportunity": {"read": ["below", {"reach": "all", "where": where}], "edit": "below", "export": "below"},
        }
    }


@contextmanager
def _many_rights(stand: Stand, world: World, data: Path) -> Iterator[Role]:
    former = world.roles[1]
    run, schema = stand.connection.execute, world.schema
    try:
        for number in range(ROLES):
            values = (_KEY.format(number=number), orjson.dumps(_role(number)).decode())
            run(f"INSERT INTO {schema}.roles (key, label, grants) VALUES (%s, '{{}}', %s)".encode(), values)
        run(_GIVE_ROLES.format(schema=schema).encode(), (ROLES, former.person))
        run(f"DELETE FROM {schema}.person_roles WHERE person = %s".encode(), (former.person,))
        for number in _GIVEN:
            values = (former.person, _KEY.format(number=number))
            run(f"INSERT INTO {schema}.person_roles (person, role) VALUES (%s, %s)".encode(), values)
        run(_MAKE_SHARES.format(schema=schema).encode(), (SHARES,))
        run(f"ANALYZE {schema}.shares".encode())
        asyncio.run(_tell(world, data))
        above = [row[0] for row in run(_ABOVE.format(schema=schema).encode(), (former.person,)).fetchall()]
        below = [row[0] for row in run(DEPARTMENTS_OF.format(schema=schema).encode(), (former.person,)).fetchall()]
        yield replace(former, visible=_predicate(schema), binds=(below, former.person, above))
    finally:
        for statement in (
            "DELETE FROM {schema}.shares",
            "DELETE FROM {schema}.person_roles WHERE role LIKE 'bench\\_%%'",
            "DELETE FROM {schema}.roles WHERE key LIKE 'bench\\_%%'",
        ):
            run(statement.format(schema=schema).replace("%%", "%").encode())
        restored = f"INSERT INTO {schema}.person_roles (person, role) VALUES (%s, 'manager') ON CONFLICT DO NOTHING"
        run(restored.encode(), (former.person,))
        asyncio.run(_tell(world, data))


async def _tell(world: World, data: Path) -> None:
    async with Database(Settings(data_dir=data)) as database, database.transaction(world.schema) as tx:
        await raise_access_version(tx)


def _resolving(stand: Stand, world: World, head: Role, data: Path) -> Result:
    """Who a signer is and what they may do, from nothing, against one light read of the same person."""
    client = Client(stand.port, head.token)
    try:
        light: list[float] = []
        for number in range(RESOLVED):
            begin = time.perf_counter()
            client.send(RECORDS[0].ask(head, number))
            light.append((time.perf_counter() - begin) * 1000)
    finally:
        client.close()
    taken = asyncio.run(_resolve(world, head, data))
    return Result(
        name=f"{NAME}: resolving an actor",
        role=head.name,
        scale=world.scale.name,
        measure="p50 of resolving / p50 of reading one record over HTTP",
        ratio=statistics.median(taken) / statistics.median(light),
        goal=RESOLVE_GOAL,
        p50_ms=statistics.median(taken),
    )


async def _resolve(world: World, head: Role, data: Path) -> list[float]:
    taken: list[float] = []
    async with Database(Settings(data_dir=data)) as database:
        for _ in range(RESOLVED):
            async with database.read(world.schema) as tx:
                snapshot = await load_snapshot(tx)
                begin = time.perf_counter()
                held = (await holdings_of(tx, snapshot, [head.person]))[head.person] if head.person else None
                if held is not None:
                    Scope(snapshot, held.actor(snapshot), held.grants()).params()
                taken.append((time.perf_counter() - begin) * 1000)
    return taken
