from __future__ import annotations

import asyncio

from liaoran.infra.database import Database
from liaoran.infra.jobs import current_job, defer, job, job_status
from liaoran.infra.organisations import Organisation
from liaoran.infra.worker import Worker

seen: list[tuple[str, object, int]] = []


@job("test.note")
async def note(database: Database, schema: str, *, text: str) -> None:
    running = current_job()
    assert running is not None
    seen.append((schema, text, running.attempt))


async def test_a_deferred_job_runs_after_the_commit(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        number = await defer("test.note", tx, text="hello")
    assert number is not None
    await Worker(database).run_until_idle()
    assert seen == [(organisation.schema, "hello", 1)]
    async with database.read(organisation.schema) as tx:
        assert await job_status(tx, number) == "succeeded"
