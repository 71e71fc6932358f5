"""The import of a file of opportunities through the whole write path, as a person starts it: upload, plan, start."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import orjson
import psycopg

from bench.client import Client, Request
from bench.generate import OPEN_STATES
from bench.past import TOTALS
from bench.report import Result
from bench.stand import Stand
from bench.vocabulary import MATTERS, PLACES, short_name
from bench.world import World

ROWS_PER_SECOND = 10_000
LONGEST_SECONDS = 600.0
HEADER = (
    "外部编号",
    "商机名称",
    "客户名称",
    "商机阶段",
    "预计金额",
    "预计成交日期",
    "商机来源",
    "销售大区",
    "所属行业",
    "下一步动作",
)
SOURCES = ("客户介绍", "官网咨询", "展会活动", "电话开发")
REGIONS = ("华东", "华南", "华北", "西南")
INDUSTRIES = ("制造业", "信息技术", "医药与医疗")
BOUNDARY = "bench-boundary"


def measure_import(stand: Stand, world: World, rows: int) -> Result:
    """Imports ``rows`` new opportunities as the administrator, and removes them afterwards."""
    client, mark = Client(stand.port, world.roles[-1].token), f"{time.time_ns():x}"
    try:
        run = orjson.loads(client.send(_upload(_file(world, rows, mark))))["id"]
        start = time.perf_counter()
        client.json("POST", f"/api/v1/imports/{run}/start", {})
        state = _wait(client, run)
        seconds = time.perf_counter() - start
    finally:
        client.close()
        _remove(stand.connection, world.schema, mark)
    if state["state"] != "done" or state["progress"]["created"] != rows:
        raise RuntimeError(f"the import did not create {rows} rows: {state['progress']} {state['problem']}")
    rate = rows / seconds
    return Result(
        name=f"import of {rows:,} rows",
        role="administrator",
        scale=world.scale.name,
        measure=f"{ROWS_PER_SECOND:,} rows/s / rate",
        ratio=ROWS_PER_SECOND / rate,
        goal=1.0,
        p50_ms=seconds * 1000,
        rate=rate,
    )


def _remove(connection: psycopg.Connection[tuple[object, ...]], schema: str, mark: str) -> None:
    """Takes the rows of the import out, as if they had never been there, so that the next run finds the same data."""
    found = connection.execute(
        f"SELECT id FROM {schema}.r_opportunity WHERE external_id LIKE %s".encode(), (f"{mark}-%",)
    )
    ids = [row[0] for row in found]
    for table, column in (
        ("visits", "record_id"),
        ("events", "record_id"),
        ("v_opportunity", "id"),
        ("r_opportunity", "id"),
    ):
        connection.execute(f"DELETE FROM {schema}.{table} WHERE {column} = ANY(%s)".encode(), (ids,))
    connection.execute(f"DELETE FROM {schema}.state_totals".encode())
    connection.execute(TOTALS.format(schema=schema).encode())


def _file(world: World, rows: int, mark: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    states = {"initial_contact": "初步接触", "needs": "需求确认", "proposal": "方案报价", "negotiation": "评审谈判"}
    stages = [states.get(key, "合同审批") for key in OPEN_STATES.split()]
    for number in range(rows):
        account = number * 7919 % world.scale.accounts
        name = short_name(account)
        writer.writerow(
            (
                f"{mark}-{number}",
                f"{name} {MATTERS[number % len(MATTERS)]} 导入 {number}",
                f"{PLACES[account % len(PLACES)]}{name}有限公司",
                stages[number % 5],
                f"{10000 + number % 900 * 1000:,}",
                f"2027-{1 + number % 12:02d}-{1 + number % 28:02d}",
                SOURCES[number % 4],
                REGIONS[number % 4],
                INDUSTRIES[number % 3],
                "约需求会",
            )
        )
    return text.getvalue().encode("utf-8-sig")


def _upload(content: bytes) -> Request:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="object"\r\n\r\nopportunity\r\n'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="bench.csv"\r\n'.encode(),
        b"Content-Type: text/csv\r\n\r\n",
        content,
        f"\r\n--{BOUNDARY}--\r\n".encode(),
    ]
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return Request("POST", "/api/v1/imports", b"".join(parts), kind)


def _wait(client: Client, run: str) -> dict[str, Any]:
    end = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < end:
        state: dict[str, Any] = client.json("GET", f"/api/v1/imports/{run}")
        if state["state"] in {"done", "failed", "cancelled", "undone"}:
            return state
        time.sleep(0.05)
    raise TimeoutError(f"the import did not end within {LONGEST_SECONDS:.0f} s")
