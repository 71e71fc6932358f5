"""The worker: runs jobs until it is told to stop, and takes over the jobs of workers that died.

Each worker holds an advisory lock under its number on a connection of its own. The lock ends with the process, however
it ends; a job whose worker holds no lock is an orphan and goes back into the queue at once. No clock is involved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import psycopg
import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException, JobAborted
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as QueueWorker

from liaoran.infra.database import Database
from liaoran.infra.jobs import Job, RunningJob, job, registered_jobs, run_handler, warm_up
from liaoran.infra.tables import SHARED_SCHEMA

LOCK_CLASS = 0x11A0
MOST_DEATHS = 5
ADOPT_SECONDS = 30.0
RESTART_SECONDS = 2.0
KEEP_HOURS = 7 * 24
INSIST_SECONDS = (0.1, 1.0, 5.0)
_log = structlog.get_logger(__name__)

_ADOPT = """
WITH orphans AS (
    SELECT id, attempts FROM {org}.procrastinate_jobs AS jobs
    WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND objid::bigint = jobs.worker_id
        AND objsubid = 2 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    FOR UPDATE SKIP LOCKED)
UPDATE {org}.procrastinate_jobs AS jobs
SET attempts = jobs.attempts + 1, worker_id = NULL, abort_requested = false,
    status = (CASE WHEN jobs.abort_requested THEN 'aborted' WHEN jobs.attempts >= :most THEN 'failed' ELSE 'todo' END)
        ::{org}.procrastinate_job_status
FROM orphans WHERE jobs.id = orphans.id
RETURNING jobs.id, jobs.task_name AS name, jobs.status::text AS status
"""

_DUE = """
SELECT EXISTS (SELECT FROM {org}.procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now())
"""


class Worker:
    """Runs the registered jobs of all organisations of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._worker: QueueWorker | None = None
        self._stopping = False

    async def run(self) -> None:
        """Works until ``stop``; running jobs then get ``shutdown_seconds``, after that they go back into the queue.

        An error of the queue itself (the database restarts) is logged and the work goes on.
        """
        await asyncio.to_thread(warm_up)
        while not self._stopping:
            try:
                await self._work(wait=True)
            except psycopg.Error as error:
                _log.warning("worker_interrupted", error=str(error))
            except Exception:
                _log.exception("worker_failed")
            if not self._stopping:
                await asyncio.sleep(RESTART_SECONDS)

    async def run_until_idle(self) -> None:
        """Runs what waits now, and what that brings with it, then returns. For tests and one-off commands."""
        await self._work(wait=False)
        while await self._is_any_due():
            await self._work(wait=False)

    def stop(self) -> None:
        """Begins to stop; ``run`` returns when it is done. From the worker's event loop only."""
        self._stopping = True
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]

    async def _is_any_due(self) -> bool:
        async with self._database.read(SHARED_SCHEMA) as tx:
            return bool(await tx.fetch_value(_DUE))

    async def _work(self, *, wait: bool) -> None:
        connector = PsycopgConnector()
        await connector.open_async(self._database.writers)
        presence = _Presence(self._database)
        app = App(connector=connector)
        app.job_manager = _Manager(connector, presence)
        for one in registered_jobs().values():
            self._add_task(app, one)
        self._worker = QueueWorker(
            app,
            wait=wait,
            concurrency=self._database.settings.job_concurrency,
            shutdown_graceful_timeout=self._database.settings.shutdown_seconds,
            install_signal_handlers=False,
            listen_notify=wait,
            abort_job_polling_interval=1.0,
            stalled_worker_timeout=KEEP_HOURS * 3600,
        )
        adopting = asyncio.create_task(self._adopt_forever(), name="adopt jobs")
        try:
            await adopt_orphans(self._database)
            await self._worker.run()  # type: ignore[no-untyped-call]
        finally:
            self._worker = None
            adopting.cancel()
            with suppress(asyncio.CancelledError):
                await adopting
            await presence.close()

    async def _adopt_forever(self) -> None:
        while True:
            await asyncio.sleep(ADOPT_SECONDS)
            try:
                await adopt_orphans(self._database)
            except Exception as error:
                _log.warning("adopting_failed", error=str(error))

    def _add_task(self, app: App, one: Job) -> None:
        async def run(context: JobContext, /, **given: Any) -> None:
            await self._run_job(context, one, given.get("schema", SHARED_SCHEMA), given.get("arguments", {}))

        task: Any = app.task(name=one.name, pass_context=True, retry=_Retry(one.retries))(run)
        if one.cron:
            app.periodic(cron=one.cron)(task)

    async def _run_job(self, context: JobContext, one: Job, schema: str, arguments: dict[str, Any]) -> None:
        queued = context.job
        running = RunningJob(queued.id or 0, one.name, schema, queued.attempts + 1)
        loop = asyncio.get_running_loop()
        with structlog.contextvars.bound_contextvars(job=one.name, job_id=running.id, schema=schema):
            started = loop.time()
            try:
                await run_handler(self._database, running, arguments)
            except asyncio.CancelledError:
                if context.abort_reason() == AbortReason.USER_REQUEST:
                    _log.info("job_cancelled")
                    raise JobAborted from None
                _log.info("job_put_back")
                raise
            except Exception:
                _log.exception("job_failed", attempt=running.attempt)
                raise
            _log.info("job_done", seconds=round(loop.time() - started, 3))


async def adopt_orphans(database: Database) -> int:
    """Puts the jobs of dead workers back into the queue; gives how many. A job whose worker died five times under it
    is marked failed instead."""
    async with database.transaction(SHARED_SCHEMA) as tx:
        await tx.lock("adopt-jobs")
        orphans = await tx.fetch_all(_ADOPT, {"class": LOCK_CLASS, "most": MOST_DEATHS})
    for orphan in orphans:
        _log.warning("job_adopted", job=orphan["name"], job_id=orphan["id"], status=orphan["status"])
    return len(orphans)


@job("infra.clean_queue", cron="17 3 * * *")
async def clean_queue(database: Database, schema: str) -> None:
    """Forgets jobs that were over a week ago, and workers that are long gone."""
    async with database.transaction(schema, statement_seconds=0) as tx:
        await tx.execute(
            """DELETE FROM {org}.procrastinate_jobs AS jobs WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS (
                SELECT FROM {org}.procrastinate_events AS events WHERE events.job_id = jobs.id
                AND events.at > now() - make_interval(hours => :hours))""",
            {"hours": KEEP_HOURS},
        )


class _Retry(BaseRetryStrategy):
    """A job that was stopped with its worker runs again at once; a failed one as often as it allows."""

    def __init__(self, retries: int) -> None:
        self._retries = retries

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if job.attempts < self._retries:
            return RetryDecision(retry_in={"seconds": min(60 * 4**job.attempts, 6 * 3600)})
        return None


class _Presence:
    """The connection whose advisory lock says that this worker lives."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._task: asyncio.Task[None] | None = None

    async def hold(self, worker_id: int) -> None:
        connection = await self._connect(worker_id)
        self._task = asyncio.create_task(self._keep(connection, worker_id), name="worker presence")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _connect(self, worker_id: int) -> psycopg.AsyncConnection[Any]:
        connection = await psycopg.AsyncConnection.connect(self._database.url, autocommit=True)
        await connection.execute("SELECT pg_advisory_lock(%s::int, %s::int)", [LOCK_CLASS, worker_id])
        return connection

    async def _keep(self, connection: psycopg.AsyncConnection[Any], worker_id: int) -> None:
        while True:
            try:
                async with connection:
                    async for _ in connection.notifies():
                        pass
            except psycopg.OperationalError:
                await asyncio.sleep(RESTART_SECONDS)
            with suppress(psycopg.OperationalError):
                connection = await self._connect(worker_id)


class _Manager(JobManager):
    """Holds the lock from the moment the worker has a number, which is before it takes its first job."""

    def __init__(self, connector: PsycopgConnector, presence: _Presence) -> None:
        super().__init__(connector)
        self._presence = presence

    async def register_worker(self) -> int:
        worker_id = await super().register_worker()
        await self._presence.hold(worker_id)
        return worker_id

    async def finish_job(self, job: QueuedJob, status: Status, delete_job: bool) -> None:
        """Notes the end of a job; tries again where the connection is lost just then."""
        await _insist(lambda: super(_Manager, self).finish_job(job, status, delete_job))

    async def retry_job(self, job: QueuedJob, *args: Any, **options: Any) -> None:
        """Puts a job back; tries again where the connection is lost just then."""
        await _insist(lambda: super(_Manager, self).retry_job(job, *args, **options))


async def _insist(write: Callable[[], Awaitable[None]]) -> None:
    for pause in INSIST_SECONDS:
        try:
            return await write()
        except ConnectorException:
            await asyncio.sleep(pause)
    return await write()
