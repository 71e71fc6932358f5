"""One run: PostgreSQL, data, servers, all cases at both scales, growth and memory at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from rich.console import Console

from bench import statements
from bench.client import Client
from bench.gates import GATES_OFF, GATES_ON, WITH_TASKS, measure_gates, measure_tasks
from bench.imports import measure_import
from bench.processes import api_process, floor_serving, serving
from bench.reading import HEAVY_MS, measure_read
from bench.reads import READS, TOTALS
from bench.report import Result
from bench.rights import NAME as RIGHTS
from bench.rights import measure_rights
from bench.scales import Plan, Scale
from bench.searches import SEARCHES
from bench.stand import Stand
from bench.timing import in_turn
from bench.world import World, make_data, make_world, settle
from bench.writes import WRITES, measure_writes
from liaoran.infra.database import embedded_server
from liaoran.infra.settings import Settings

GROWTH_GOAL, TOTALS_GOAL, MEMORY_MIB = 1.3, 0.05, 250


@dataclass(slots=True)
class Order:
    """What is to be done: ``only`` holds parts of case names (empty: everything); ``results`` fills as they come, so
    that an interrupted run still has something to show."""

    plan: Plan
    data: Path
    only: tuple[str, ...]
    seconds: float
    console: Console
    results: list[Result] = field(default_factory=list)

    def wants(self, name: str) -> bool:
        """Whether the case is to be measured."""
        return not self.only or any(part in name for part in self.only)

    def add(self, result: Result) -> None:
        """Keeps and shows a result."""
        self.results.append(result)
        mark = "" if result.met else "  missed"
        self.console.print(
            f"{result.scale:>5} {result.role:15} {result.name:34} {result.ratio:8.2f} of {result.goal:g}{mark}"
        )


def run(order: Order) -> None:
    """Carries out the order. Nothing that it starts outlives it."""
    plan, data = order.plan, order.data
    data.mkdir(parents=True, exist_ok=True)
    with postgres(data) as url:
        for scale in plan.scales:
            make_data(url, data, scale, order.console.print)
        with (
            serving(data) as (port, server),
            floor_serving(url, data) as floor_port,
            psycopg.connect(url, autocommit=True) as connection,
        ):
            stand = Stand(connection, port, floor_port, order.seconds)
            worlds = [make_world(url, data, scale) for scale in plan.scales]
            for world in worlds:
                _measure_scale(order, stand, world)
            if order.wants(RIGHTS):
                for result in measure_rights(stand, worlds[-1], data):
                    order.add(result)
            if order.wants("import"):
                order.add(measure_import(stand, worlds[-1], plan.import_rows))
            for growth in _growth(order.results, plan.scales):
                order.add(growth)
            order.add(_memory(server, plan.scales[-1]))


@contextmanager
def postgres(data: Path) -> Iterator[str]:
    """The embedded server of the data directory; gives its connection string."""
    server = embedded_server(Settings(data_dir=data))
    url = server.acquire()
    try:
        yield url
    finally:
        server.release()


def _measure_scale(order: Order, stand: Stand, world: World) -> None:
    settle(stand.connection, world.scale)
    for case in (*READS, *SEARCHES):
        if order.wants(case.name):
            for role in world.roles:
                order.add(measure_read(stand, world, role, case))
    if order.wants("totals") and (totals := _measure_totals(stand, world)) is not None:
        order.add(totals)
    for write in WRITES:
        if order.wants(write.name):
            for result in measure_writes(stand, world, write):
                order.add(result)
    if order.wants(GATES_OFF) or order.wants(GATES_ON):
        for result in measure_gates(stand, world):
            order.add(result)
    if order.wants(WITH_TASKS):
        order.add(measure_tasks(stand, world))


def _measure_totals(stand: Stand, world: World) -> Result | None:
    """The counts and sums of the administrator's board over HTTP, without cards, against counting them in bare SQL.
    None where counting is light, so that there is nothing to be saved and the HTTP of the one side decides."""
    role = world.roles[-1]
    client, sql = Client(stand.port, role.token), statements.counted(world.schema, role.visible)
    cursor = psycopg.RawCursor(stand.connection)
    try:
        ours, counting = in_turn(
            [
                lambda _n: client.send(TOTALS),
                lambda _n: cursor.execute(sql.encode(), role.binds, prepare=True).fetchall(),
            ],
            stand.seconds,
        )
    finally:
        client.close()
    if counting.p50 < HEAVY_MS:
        return None
    return Result(
        name="board from maintained totals",
        role=role.name,
        scale=world.scale.name,
        measure="p50 of counts and sums over HTTP / counting in bare SQL",
        ratio=ours.p50 / counting.p50,
        goal=TOTALS_GOAL,
        p50_ms=ours.p50,
        p95_ms=ours.p95,
        bare_sql_p50_ms=counting.p50,
    )


def _growth(results: list[Result], scales: tuple[Scale, Scale]) -> Iterator[Result]:
    small, large = (
        {(one.name, one.role): one for one in results if one.scale == scale.name and one.p50_ms} for scale in scales
    )
    for case in READS:
        for key, one in large.items():
            before = small.get(key)
            if case.grows and key[0] == case.name and before and before.p50_ms and one.p50_ms:
                yield Result(
                    name=f"growth: {case.name}",
                    role=key[1],
                    scale=f"{scales[0].name} → {scales[1].name}",
                    measure="p50 at the larger / p50 at the smaller scale",
                    ratio=one.p50_ms / before.p50_ms,
                    goal=GROWTH_GOAL,
                    p50_ms=one.p50_ms,
                )


def _memory(server: psutil.Process, scale: Scale) -> Result:
    size = api_process(server).memory_info().rss / 2**20
    return Result(
        name="memory of the API process",
        role="",
        scale=scale.name,
        measure=f"resident / {MEMORY_MIB} MiB",
        ratio=size / MEMORY_MIB,
        goal=1.0,
        size=size,
    )
