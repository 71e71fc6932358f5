"""What gates and tasks add to a move: twins of one record in the same pipeline with and without them, moved in turn."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import psycopg

from bench.bare_writes import bare_move
from bench.client import Client, Request
from bench.pipelines import CONDITIONS, GATED, PLAIN, TASKED, TASKS
from bench.reads import OPPORTUNITIES
from bench.report import Result
from bench.stand import Stand
from bench.timing import PLANNED, Times, in_turn
from bench.world import Role, World
from bench.writes import RATE_GOAL, STATES, floor_move, version_columns

GATE_GOAL, TASKS_GOAL = 1.5, 1.0
TWINS = 20
GATES_OFF, GATES_ON = f"move, {CONDITIONS} conditions off", f"move, {CONDITIONS} conditions on"
WITH_TASKS = f"entering a stage makes {TASKS} tasks"
_VALUES = {
    "name": "砚帆轻食品 车间排产",
    "amount": 120_000,
    "budget": 100_000,
    "timeline": "第三季度",
    "region": "east",
    "source": "referral",
    "need_summary": "排产靠手工表格，插一张急单要重排半天。",
    "next_action": "约需求会",
    "decision_maker": "李建国",
    "expected_close_on": "2027-03-01",
}
_BOUNDARY = "bench-boundary"


def measure_gates(stand: Stand, world: World) -> Iterator[Result]:
    """Moves through the plain and the gated pipeline, and of the floor, one of each in turn."""
    role, sql = world.sellers[0], bare_move(world.schema, version_columns(stand, world))
    client, floor = Client(stand.port, role.token), Client(stand.floor_port)
    try:
        account = _account(stand, world, role)
        off, on = (_twins(client, account, pipeline) for pipeline in (PLAIN, GATED))
        _check_gate(client, on[0])
        plain, gated, bare = in_turn(
            [_moves(client, off), _moves(client, on), lambda _n: floor.send(floor_move(role, sql))], stand.seconds
        )
        _check_gate(client, on[0])
    finally:
        client.close()
        floor.close()
    measure = "rate of the floor / rate"
    yield _result(GATES_OFF, world, plain, measure, bare.rate / plain.rate, RATE_GOAL, bare)
    yield _result(GATES_ON, world, gated, "p50 / p50 without conditions", gated.p50 / plain.p50, GATE_GOAL, bare)


def measure_tasks(stand: Stand, world: World) -> Result:
    """A move that makes tasks against what it saves: a move that makes none, and the same tasks written in a batch."""
    role = world.sellers[0]
    client = Client(stand.port, role.token)
    try:
        account = _account(stand, world, role)
        off, on = (_twins(client, account, pipeline) for pipeline in (PLAIN, TASKED))
        by_hand = [{"subject": f"动作 {n}", "due_on": "2027-03-01", "opportunity": off[0]} for n in range(TASKS)]
        before = _tasks_of(client, on[0])
        plain, tasked, batch = in_turn(
            [
                _moves(client, off),
                _moves(client, on),
                lambda _n: client.send(Request("POST", "/api/v1/records/task/batch", {"create": by_hand})),
            ],
            stand.seconds,
        )
        if (_tasks_of(client, on[0]) - before) % TASKS or _tasks_of(client, on[0]) == before:
            raise ValueError(f"moves have made other than {TASKS} tasks each")
    finally:
        client.close()
    ratio = tasked.p50 / (plain.p50 + batch.p50)
    return _result(WITH_TASKS, world, tasked, "p50 / p50 of a move and of a batch of tasks", ratio, TASKS_GOAL)


def _account(stand: Stand, world: World, role: Role) -> str:
    statement = (
        f"SELECT account FROM {world.schema}.r_opportunity o JOIN {world.schema}.r_account a ON a.id = o.account "
        "WHERE o.owner = $1 AND a.status <> 'dormant' ORDER BY o.id LIMIT 1"
    )
    row = psycopg.RawCursor(stand.connection).execute(statement.encode(), [role.person]).fetchone()
    if row is None:
        raise RuntimeError("the salesperson has no account")
    return str(row[0])


def _twins(client: Client, account: str, pipeline: str) -> list[str]:
    """Records that are equal but for their pipeline, with all that the conditions ask for."""
    person = client.json("POST", "/api/v1/records/contact", {"name": "李建国", "account": account})["id"]
    twins = []
    for number in range(TWINS):
        values = {**_VALUES, "name": f"{_VALUES['name']} {number}", "account": account}
        record = client.json("POST", OPPORTUNITIES, values)["id"]
        chain = {"opportunity": record, "contact": person, "role": "decider"}
        client.json("POST", "/api/v1/records/opportunity_contact", chain)
        for document_type in ("contract", "proposal"):
            client.send(_upload(record, document_type))
        if pipeline != PLAIN:
            # not before: the gate of the first state asks for what was just added
            client.json("PATCH", f"{OPPORTUNITIES}/{record}", {"pipeline": pipeline, "stage": STATES[0]})
        twins.append(record)
    return twins


def _upload(record: str, document_type: str) -> Request:
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="document_type"\r\n\r\n{document_type}\r\n',
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{document_type}.txt"\r\n',
        f"Content-Type: text/plain\r\n\r\n约定\r\n--{_BOUNDARY}--\r\n",
    ]
    kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    return Request("POST", f"{OPPORTUNITIES}/{record}/files", "".join(parts).encode(), kind)


def _moves(client: Client, records: list[str]) -> Callable[[int], object]:
    """Makes the next move: one round over the records, then all of them to the next state. As many as PostgreSQL wants
    to see before it keeps a plan are made at once."""
    serial = itertools.count()

    def move(_n: int) -> object:
        n = next(serial)
        state = STATES[(1 + n // len(records)) % len(STATES)]
        path = f"{OPPORTUNITIES}/{records[n % len(records)]}/transitions"
        return client.send(Request("POST", path, {"to_state": state}))

    for n in range(PLANNED):
        move(n)
    return move


def _check_gate(client: Client, record: str) -> None:
    """Raises ValueError unless every move of the record is judged by all conditions, and let through."""
    moves: list[dict[str, Any]] = client.json("GET", f"{OPPORTUNITIES}/{record}/transitions")
    judged = [one["gate"] for one in moves if one["kind"] == "open"]
    if not judged or any(one["unmet"] or len(one["met"]) != CONDITIONS for one in judged):
        raise ValueError(f"not {CONDITIONS} conditions that are met: {orjson.dumps(judged).decode()[:2000]}")


def _tasks_of(client: Client, record: str) -> int:
    asked = {"where": {"field": "opportunity", "op": "eq", "value": record}, "limit": 1, "count": True}
    return int(client.json("POST", "/api/v1/records/task/query", asked)["total"])


def _result(
    name: str, world: World, times: Times, measure: str, ratio: float, goal: float, floor: Times | None = None
) -> Result:
    return Result(
        name=name,
        role="salesperson",
        scale=world.scale.name,
        measure=measure,
        ratio=ratio,
        goal=goal,
        p50_ms=times.p50,
        p95_ms=times.p95,
        floor_p50_ms=floor.p50 if floor else None,
        rate=times.rate,
    )
