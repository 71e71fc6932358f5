"""A small application for the tests of serving: ``/pid``, ``/slow``, ``/stream`` (endless), ``/write``, ``/job``."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

from liaoran.infra.database import Database
from liaoran.infra.jobs import current_job, defer, job
from liaoran.infra.metrics import observe_request, render_metrics
from liaoran.infra.serving import serve, serving_process
from liaoran.infra.settings import Settings
from liaoran.infra.tables import SHARED_SCHEMA


@job("test.long")
async def long_job(database: Database, schema: str, *, file: str) -> None:
    running = current_job()
    assert running is not None
    write(file, f"start {running.attempt} {os.getpid()}\n")
    await told_to_go(file)
    write(file, f"end {running.attempt}\n")


def write(file: str, line: str) -> None:
    with Path(file).open("a") as log:
        log.write(line)


def exists(file: str) -> bool:
    return Path(file).exists()


async def told_to_go(file: str) -> None:
    while not exists(file + ".go"):  # noqa: ASYNC110 - another process brings it about
        await asyncio.sleep(0.02)


def create() -> FastAPI:
    settings = Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with serving_process(settings) as stopping, Database(settings) as database:
            app.state.stopping, app.state.database = stopping, database
            yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/pid")
    async def pid() -> int:
        observe_request("GET", "/pid", 200, 0.001)
        return os.getpid()

    @app.get("/metrics")
    async def metrics() -> Response:
        return Response(await render_metrics(app.state.database), media_type="text/plain")

    @app.get("/slow")
    async def slow(file: str) -> str:
        write(file, "")
        await told_to_go(file)
        async with app.state.database.read(SHARED_SCHEMA) as tx:
            return str(await tx.fetch_value("SELECT 'done'"))

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def endless() -> AsyncIterator[bytes]:
            yield b"begin\n"
            await app.state.stopping.wait()
            yield b"end\n"

        return StreamingResponse(endless())

    @app.post("/job")
    async def start_job(file: str) -> Any:
        async with app.state.database.transaction(SHARED_SCHEMA) as tx:
            return await defer("test.long", tx, file=file)

    return app


async def never_ready(_: Database) -> None:
    print("preparing", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    given = dict(argument.split("=", 1) for argument in sys.argv[1:])
    prepare = never_ready if given.pop("never_ready", None) else None
    serve(
        Settings(**given),
        "tests.db.infra.processes.serving_app:create",
        prepare=prepare,
        on_ready=lambda address: print(address, flush=True),
    )
