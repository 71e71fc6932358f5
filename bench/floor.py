"""The floor: a bare ASGI application that runs one hand-written statement and returns its bytes. Nothing that has to
read the same rows over HTTP can be faster on this machine.

``POST /`` with ``{"sql": …, "params": […]}``; the statement is prepared on first use.
"""

from __future__ import annotations

import os
from typing import Any

import orjson
import psycopg
from psycopg_pool import AsyncConnectionPool

_state: dict[str, AsyncConnectionPool[psycopg.AsyncConnection[Any]]] = {}


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    connection.prepare_threshold = 0
    await connection.set_autocommit(True)


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await _answer(send, await _run(body) if body else b"{}")


async def _run(body: bytes) -> bytes:
    asked = orjson.loads(body)
    async with _state["pool"].connection() as connection:
        cursor = psycopg.AsyncRawCursor(connection)
        await cursor.execute(asked["sql"], asked["params"])
        result = cursor.pgresult
        found = result.get_value(0, 0) if result is not None and result.ntuples else None
        return found or b"null"


async def _answer(send: Any, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            pool = AsyncConnectionPool(
                os.environ["BENCH_DATABASE_URL"], min_size=8, max_size=8, configure=_configure, open=False
            )
            await pool.open(wait=True)
            _state["pool"] = pool
            await send({"type": "lifespan.startup.complete"})
        else:
            await _state["pool"].close()
            await send({"type": "lifespan.shutdown.complete"})
            return
