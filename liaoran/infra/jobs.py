"""Background jobs: registered by name, deferred inside the caller's transaction, run by ``worker.Worker``.

A job is an async function ``handler(database, schema, **arguments)``. It may be run again from its start when its
process dies, so it keeps its progress in the database and does what is left. Arguments travel as JSON (ids as text).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from liaoran.infra.transaction import Transaction

if TYPE_CHECKING:
    from liaoran.infra.database import Database

Handler = Callable[..., Awaitable[None]]
HandlerT = TypeVar("HandlerT", bound=Handler)


@dataclass(frozen=True, slots=True)
class Job:
    """A registered job. ``retries`` is how often a failure is tried again, with growing pauses from one minute on;
    ``cron`` (five fields, UTC) runs it by itself with ``schema`` set to the shared schema and no arguments."""

    name: str
    handler: Handler
    retries: int = 0
    cron: str | None = None


@dataclass(frozen=True, slots=True)
class RunningJob:
    """What a handler may ask about its own run, through ``current_job``."""

    id: int
    name: str
    schema: str
    attempt: int


_registered: dict[str, Job] = {}
_warmers: dict[Callable[[], None], None] = {}
_running: ContextVar[RunningJob | None] = ContextVar("running_job", default=None)
# Never opened: it only words the INSERT, which runs on the caller's connection.
_queue = App(connector=PsycopgConnector())


def job(name: str, *, retries: int = 0, cron: str | None = None) -> Callable[[HandlerT], HandlerT]:
    """Registers the decorated handler. Names are stored with waiting jobs, so they are never changed.

    Raises RuntimeError for a name that another handler has.
    """

    def register(handler: HandlerT) -> HandlerT:
        known = _registered.get(name)
        if known is not None and known.handler.__qualname__ != handler.__qualname__:
            raise RuntimeError(f"duplicate job {name!r}")
        _registered[name] = Job(name, handler, retries, cron)
        return handler

    return register


def warm_workers(load: Callable[[], None]) -> None:
    """Has every worker call ``load`` once before its first job, so that no job waits for it. May be repeated."""
    _warmers[load] = None


def warm_up() -> None:
    """Calls what ``warm_workers`` was given."""
    for load in _warmers:
        load()


def registered_jobs() -> dict[str, Job]:
    """All registered jobs by name."""
    return dict(_registered)


async def defer(
    name: str,
    tx: Transaction,
    /,
    *,
    at: datetime | None = None,
    lock: str | None = None,
    once: str | None = None,
    **arguments: Any,
) -> int | None:
    """Queues a job for the organisation of ``tx``; it exists only if ``tx`` commits. Gives the id of the job.

    ``at``: not before this moment. ``lock``: jobs of one lock run one after the other, in order. ``once``: while a job
    with this key still waits, nothing is queued and None is given. Both keys are local to the organisation. Raises
    KeyError for a name that nobody registered.
    """
    if name not in _registered:
        raise KeyError(f"no job {name!r}")
    arguments = {"schema": tx.schema, "arguments": arguments}

    async def queue() -> int:
        deferrer = _queue.configure_task(
            name,
            connection=await tx.plain_connection(),
            schedule_at=at,
            lock=f"{tx.schema}/{lock}" if lock else None,
            queueing_lock=f"{tx.schema}/{once}" if once else None,
        )
        return await deferrer.defer_async(**arguments)

    with _database_errors():
        if once is None:
            return await queue()
        try:
            async with tx.savepoint():
                return await queue()
        except AlreadyEnqueued:
            return None


async def cancel(tx: Transaction, job_id: int) -> bool:
    """Takes back a waiting job, or asks the worker to stop a running one (its handler is cancelled). False if it is
    already over."""
    with _database_errors():
        return await _queue.job_manager.cancel_job_by_id_async(
            job_id, abort=True, connection=await tx.plain_connection()
        )


async def job_status(tx: Transaction, job_id: int) -> str | None:
    """``todo``, ``doing``, ``succeeded``, ``failed``, ``cancelled``, ``aborted``; None if there is no such job."""
    status = await tx.fetch_value("SELECT status::text FROM liaoran.procrastinate_jobs WHERE id = :id", {"id": job_id})
    return status if isinstance(status, str) else None


async def is_pending(tx: Transaction, once: str) -> bool:
    """Whether a job that was queued with this key waits or runs."""
    found = await tx.fetch_value(
        "SELECT EXISTS (SELECT FROM liaoran.procrastinate_jobs WHERE queueing_lock = :lock AND status IN ('todo', 'doing'))",
        {"lock": f"{tx.schema}/{once}"},
    )
    return bool(found)


def current_job() -> RunningJob | None:
    """The job that the current task runs, or None outside of jobs."""
    return _running.get()


@contextmanager
def _database_errors() -> Iterator[None]:
    """Inside a transaction errors are the driver's, whoever words the statement."""
    try:
        yield
    except ConnectorException as error:
        raise error.__cause__ or error from error


async def run_handler(database: Database, running: RunningJob, arguments: dict[str, Any]) -> None:
    """Calls the handler with ``current_job`` set; for the worker."""
    token = _running.set(running)
    try:
        await _registered[running.name].handler(database, running.schema, **arguments)
    finally:
        _running.reset(token)
