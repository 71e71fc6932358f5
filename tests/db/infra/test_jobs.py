from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.jobs import cancel, current_job, defer, job, job_status, registered_jobs, warm_workers
from liaoran.infra.organisations import Organisation
from liaoran.infra.worker import MOST_DEATHS, Worker, adopt_orphans, clean_queue

seen: list[tuple[Any, ...]] = []
gate = asyncio.Event()
started = asyncio.Event()


@job("test.note")
async def note(database: Database, schema: str, *, text: str, number: str | None = None) -> None:
    running = current_job()
    assert running is not None
    seen.append((schema, text, number, running.attempt))


@job("test.fail", retries=2)
async def fail(database: Database, schema: str) -> None:
    seen.append(("fail",))
    raise RuntimeError("as asked")


@job("test.wait")
async def wait(database: Database, schema: str, *, name: str) -> None:
    seen.append(("begin", name))
    started.set()
    await gate.wait()
    seen.append(("end", name))


@job("test.chain")
async def chain(database: Database, schema: str, *, left: int) -> None:
    seen.append(("chain", left))
    if left:
        async with database.transaction(schema) as tx:
            await defer("test.chain", tx, left=left - 1)


@pytest.fixture(autouse=True)
async def _fresh(database: Database) -> None:
    seen.clear()
    gate.clear()
    started.clear()
    async with database.transaction("liaoran") as tx:
        await tx.execute("DELETE FROM {org}.procrastinate_jobs")


@asynccontextmanager
async def working(database: Database) -> AsyncIterator[Worker]:
    worker = Worker(database)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(task, 20)


async def queued(database: Database, schema: str, name: str, /, **arguments: Any) -> int:
    async with database.transaction(schema) as tx:
        number = await defer(name, tx, **arguments)
    assert number is not None
    return number


async def status(database: Database, number: int) -> str | None:
    async with database.read("liaoran") as tx:
        return await job_status(tx, number)


async def test_a_worker_warms_up_before_its_first_job(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaoran.infra.jobs._warmers", {})

    def load() -> None:
        seen.append(("warm",))

    warm_workers(load)
    warm_workers(load)
    await queued(database, organisation.schema, "test.wait", name="first")
    async with working(database):
        await asyncio.wait_for(started.wait(), 20)
        gate.set()
    assert seen[:2] == [("warm",), ("begin", "first")]


async def test_a_deferred_job_runs_after_the_commit(database: Database, organisation: Organisation) -> None:
    identifier = uuid4()
    number = await queued(database, organisation.schema, "test.note", text="你好", number=identifier)
    await Worker(database).run_until_idle()
    assert seen == [(organisation.schema, "你好", str(identifier), 1)]
    assert await status(database, number) == "succeeded"
    assert current_job() is None


async def test_a_job_of_a_transaction_that_failed_never_was(database: Database, organisation: Organisation) -> None:
    with pytest.raises(KeyError, match="no"):
        async with database.transaction(organisation.schema) as tx:
            await defer("test.note", tx, text="x")
            raise KeyError("no")
    await Worker(database).run_until_idle()
    assert seen == []


async def test_jobs_that_jobs_bring_run_too(database: Database, organisation: Organisation) -> None:
    await queued(database, organisation.schema, "test.chain", left=3)
    await Worker(database).run_until_idle()
    assert seen == [("chain", 3), ("chain", 2), ("chain", 1), ("chain", 0)]


async def test_a_running_worker_is_woken_by_a_new_job(database: Database, organisation: Organisation) -> None:
    gate.set()
    async with working(database):
        await queued(database, organisation.schema, "test.wait", name="a")
        await asyncio.wait_for(started.wait(), 10)
    assert seen == [("begin", "a"), ("end", "a")]


async def test_an_unknown_job_is_refused_where_it_is_deferred(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        with pytest.raises(KeyError, match=r"test\.nobody"):
            await defer("test.nobody", tx)


def test_a_second_handler_of_a_name_is_refused() -> None:
    with pytest.raises(RuntimeError, match="duplicate"):

        @job("test.note")
        async def other(database: Database, schema: str) -> None: ...


async def test_once_keeps_one_waiting(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        assert await defer("test.note", tx, once="k", text="first") is not None
        assert await defer("test.note", tx, once="k", text="second") is None
        assert await defer("test.note", tx, once="l", text="third") is not None
        assert await tx.fetch_value("SELECT 1") == 1
    await Worker(database).run_until_idle()
    assert [row[1] for row in seen] == ["first", "third"]
    async with database.transaction(organisation.schema) as tx:
        assert await defer("test.note", tx, once="k", text="again") is not None


async def test_jobs_of_one_lock_run_one_after_the_other(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        for name in "abc":
            await defer("test.wait", tx, lock="import", name=name)
    gate.set()
    await Worker(database).run_until_idle()
    assert seen == [(what, name) for name in "abc" for what in ("begin", "end")]


async def test_a_job_for_later_waits(database: Database, organisation: Organisation) -> None:
    number = await queued(
        database, organisation.schema, "test.note", at=datetime.now(UTC) + timedelta(hours=1), text="later"
    )
    await Worker(database).run_until_idle()
    assert seen == []
    assert await status(database, number) == "todo"


async def test_failures_are_tried_again_as_often_as_allowed(database: Database, organisation: Organisation) -> None:
    number = await queued(database, organisation.schema, "test.fail")
    for attempt in (1, 2, 3):
        await Worker(database).run_until_idle()
        assert len(seen) == attempt
        async with database.transaction("liaoran") as tx:
            await tx.execute("UPDATE {org}.procrastinate_jobs SET scheduled_at = now() WHERE scheduled_at > now()")
    await Worker(database).run_until_idle()
    assert len(seen) == 3
    assert await status(database, number) == "failed"


async def test_a_waiting_and_a_running_job_can_be_cancelled(database: Database, organisation: Organisation) -> None:
    waiting = await queued(database, organisation.schema, "test.note", text="never")
    async with database.transaction(organisation.schema) as tx:
        assert await cancel(tx, waiting)
    assert await status(database, waiting) == "cancelled"
    running = await queued(database, organisation.schema, "test.wait", name="x")
    async with working(database):
        await asyncio.wait_for(started.wait(), 10)
        async with database.transaction(organisation.schema) as tx:
            assert await cancel(tx, running)
        async with asyncio.timeout(10):
            while await status(database, running) != "aborted":  # noqa: ASYNC110 - another connection brings it about
                await asyncio.sleep(0.01)
    assert seen == [("begin", "x")]
    async with database.transaction(organisation.schema) as tx:
        assert not await cancel(tx, running)


async def test_a_stop_puts_back_what_does_not_finish(database: Database, organisation: Organisation) -> None:
    hasty = Database(database.settings.model_copy(update={"shutdown_seconds": 0.05}), url=database.url)
    number = await queued(database, organisation.schema, "test.wait", name="long")
    async with hasty, working(hasty):
        await asyncio.wait_for(started.wait(), 10)
    assert await status(database, number) == "todo"
    gate.set()
    await Worker(database).run_until_idle()
    assert await status(database, number) == "succeeded"
    assert seen == [("begin", "long"), ("begin", "long"), ("end", "long")]


async def test_jobs_of_a_living_worker_are_not_adopted(database: Database, organisation: Organisation) -> None:
    await queued(database, organisation.schema, "test.wait", name="mine")
    async with working(database):
        await asyncio.wait_for(started.wait(), 10)
        assert await adopt_orphans(database) == 0
        gate.set()


async def test_jobs_of_dead_workers_go_back_and_killers_are_given_up(
    database: Database, organisation: Organisation
) -> None:
    fresh = await queued(database, organisation.schema, "test.note", text="fresh")
    killer = await queued(database, organisation.schema, "test.note", text="killer")
    stopped = await queued(database, organisation.schema, "test.note", text="stopped")
    async with database.transaction("liaoran") as tx:
        dead = await tx.fetch_value("INSERT INTO {org}.procrastinate_workers DEFAULT VALUES RETURNING id")
        await tx.execute("UPDATE {org}.procrastinate_jobs SET status = 'doing', worker_id = :dead", {"dead": dead})
        await tx.execute(
            "UPDATE {org}.procrastinate_jobs SET attempts = :n WHERE id = :id", {"n": MOST_DEATHS, "id": killer}
        )
        await tx.execute("UPDATE {org}.procrastinate_jobs SET abort_requested = true WHERE id = :id", {"id": stopped})
    await Worker(database).run_until_idle()
    assert [row[1:] for row in seen] == [("fresh", None, 2)]
    assert [await status(database, number) for number in (fresh, killer, stopped)] == ["succeeded", "failed", "aborted"]


async def test_the_worker_goes_on_after_the_database_cut_it_off(database: Database, organisation: Organisation) -> None:
    gate.set()
    async with working(database):
        await queued(database, organisation.schema, "test.wait", name="before")
        await asyncio.wait_for(started.wait(), 10)
        started.clear()
        async with database.read("liaoran") as tx:
            await tx.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        async with asyncio.timeout(20):
            while True:
                try:
                    await queued(database, organisation.schema, "test.wait", name="after")
                    break
                except Unavailable:
                    await asyncio.sleep(0.01)
        await asyncio.wait_for(started.wait(), 20)


async def test_old_jobs_are_forgotten(database: Database, organisation: Organisation) -> None:
    old = await queued(database, organisation.schema, "test.note", text="old")
    await Worker(database).run_until_idle()
    recent = await queued(database, organisation.schema, "test.note", text="recent")
    async with database.transaction("liaoran") as tx:
        await tx.execute(
            "UPDATE {org}.procrastinate_events SET at = now() - interval '8 days' WHERE job_id = :id", {"id": old}
        )
    await clean_queue(database, "liaoran")
    assert await status(database, old) is None
    assert await status(database, recent) == "todo"


def test_schedules_are_well_formed() -> None:
    crons = {name: one.cron for name, one in registered_jobs().items() if one.cron}
    assert {"infra.clean_queue", "infra.sweep_files"} <= set(crons)
    assert all(len(cron.split()) == 5 for cron in crons.values())
