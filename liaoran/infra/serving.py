"""The process that serves: Granian's workers for requests, and beside them, in the main process, the background jobs.

The main process starts or takes over the database, brings it up to date and works on jobs in a thread with its own
event loop, so that a long import never slows a request. SIGTERM or SIGINT: requests that run are finished, then jobs,
then the embedded server is stopped by whoever leaves it last. If the main process is killed, its workers notice and
stop by themselves, so that neither the port nor the data directory stays taken.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from multiprocessing.connection import wait as wait_for
from types import FrameType

import structlog
from granian.constants import Interfaces
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.logging import configure_logging
from liaoran.infra.metrics import MULTIPROCESS_VARIABLE, forget_process
from liaoran.infra.migrate import upgrade
from liaoran.infra.settings import Settings
from liaoran.infra.worker import Worker
from liaoran.kernel.text import Text

Prepare = Callable[[Database], Awaitable[None]]
LEAVE_SECONDS = 10.0
HEAD_SECONDS = 15
LARGEST_HEAD = 64 * 1024
"""Of address and headers of a request, in bytes."""
_log = structlog.get_logger(__name__)


def serve(
    settings: Settings,
    target: str,
    *,
    prepare: Prepare | None = None,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serves until SIGTERM or SIGINT. Blocks; main thread only.

    ``target`` names a factory of an ASGI application, ``"package.module:function"``; its lifespan enters
    ``serving_process``. ``prepare`` is awaited once with the upgraded database before requests are taken. ``on_ready``
    is called with the address as soon as it answers. Raises Unavailable when the port is taken or the database cannot
    be used.
    """
    configure_logging(settings)
    signal.signal(signal.SIGTERM, _leave)
    settings = settings.model_copy(update={"port": _free_port(settings)})
    os.environ.update({**settings.to_environment(), "LIAORAN_PORT": str(settings.port)})
    _share_metrics(settings)
    importlib.import_module(target.partition(":")[0])
    engine = _Engine(settings, prepare)
    engine.start()
    try:
        engine.wait_until_ready()
        if on_ready is not None:
            threading.Thread(target=_announce, args=(settings, engine, on_ready), daemon=True).start()
        # Workers are fresh processes: a fork would copy the threads' locks and the database's connections.
        multiprocessing.set_start_method("spawn", force=True)
        _granian(settings, target).serve()
    finally:
        engine.stop()


def work(settings: Settings, *, prepare: Prepare | None = None) -> None:
    """Works on background jobs until SIGTERM or SIGINT. Blocks; main thread only."""
    configure_logging(settings)

    async def run() -> None:
        async with _prepared_database(settings, prepare) as database:
            worker = Worker(database)
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, worker.stop)
            await worker.run()

    asyncio.run(run())


@asynccontextmanager
async def serving_process(settings: Settings) -> AsyncIterator[asyncio.Event]:
    """For the application's lifespan: gives an event that is set when stopping begins, so that streams which would
    never end by themselves can end. Outside of ``serve`` (in tests) it is set at the end of the block."""
    stopping = asyncio.Event()
    parent = multiprocessing.parent_process()
    if parent is None:
        yield stopping
        stopping.set()
        return
    configure_logging(settings)
    loop = asyncio.get_running_loop()

    def on_signal(_: int, __: FrameType | None) -> None:
        # The event loop has its own handler behind the wake-up descriptor, which is left as it is.
        loop.call_soon_threadsafe(stopping.set)

    signal.signal(signal.SIGTERM, on_signal)
    # A terminal's ctrl-c reaches all processes; the main one then tells the workers.
    signal.signal(signal.SIGINT, on_signal)
    threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True, name="parent watch").start()
    try:
        yield stopping
    finally:
        stopping.set()
        forget_process(os.getpid())


class _Engine(threading.Thread):
    """The database and the job worker of the main process, on an event loop of their own."""

    def __init__(self, settings: Settings, prepare: Prepare | None) -> None:
        super().__init__(name="engine", daemon=True)
        self._settings = settings
        self._prepare = prepare
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._worker: Worker | None = None
        self._over: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None
        self.stopping = False

    def run(self) -> None:
        """The thread's body."""
        try:
            asyncio.run(self._run())
        except BaseException as error:
            self._error = error
            if self._ready.is_set():
                _log.exception("engine_failed")
        finally:
            self._ready.set()

    def wait_until_ready(self) -> None:
        """Waits for the database to be up to date; raises what went wrong."""
        self._ready.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Finishes or puts back running jobs, closes the database, waits for all that."""
        self.stopping = True
        if self._loop is not None:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop)
        self.join(self._settings.shutdown_seconds + LEAVE_SECONDS)

    def _stop(self) -> None:
        if not self._ready.is_set() and self._task is not None:
            self._task.cancel()
        if self._worker is not None:
            self._worker.stop()
        if self._over is not None:
            self._over.set()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._over = asyncio.Event()
        if self.stopping:
            return
        async with _prepared_database(self._settings, self._prepare) as database:
            self._ready.set()
            if self._settings.jobs_in_server and not self._over.is_set():
                self._worker = Worker(database)
                await self._worker.run()
            await self._over.wait()


@asynccontextmanager
async def _prepared_database(settings: Settings, prepare: Prepare | None) -> AsyncIterator[Database]:
    """The database, up to date, for jobs; the embedded server is watched while it is open."""
    async with Database(settings, patient=True) as database:
        await upgrade(database)
        if prepare is not None:
            await prepare(database)
        watch = asyncio.create_task(database.keep_server(), name="server watch")
        try:
            yield database
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


def _granian(settings: Settings, target: str) -> MPServer:
    silent = {"handlers": [], "propagate": True, "level": "WARNING"}
    return MPServer(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        factory=True,
        websockets=False,
        # A request's head comes at once and is small; the defaults leave room for megabytes of it.
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000, max_buffer_size=LARGEST_HEAD),
        http2_settings=HTTP2Settings(max_headers_size=LARGEST_HEAD, max_concurrent_streams=100),
        log_level=LogLevels.warning,
        log_dictconfig={"handlers": {}, "formatters": {}, "loggers": {"_granian": silent, "granian.access": silent}},
        respawn_failed_workers=True,
        workers_kill_timeout=settings.shutdown_seconds,
    )


def _free_port(settings: Settings) -> int:
    """The port to listen on; refuses one that is taken, which sharing a port between workers would hide."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise Unavailable(
                Text("无法监听 {host}:{port}：{reason}", "cannot listen on {host}:{port}: {reason}").fill(
                    host=settings.host, port=settings.port, reason=error.strerror or str(error)
                ),
                code="port_taken",
            ) from error
        port: int = probe.getsockname()[1]
        return port


def _share_metrics(settings: Settings) -> None:
    directory = settings.data_dir.resolve() / "metrics" / str(settings.port)
    shutil.rmtree(directory, ignore_errors=True)
    os.environ.pop(MULTIPROCESS_VARIABLE, None)
    if settings.workers > 1:
        directory.mkdir(parents=True)
        os.environ[MULTIPROCESS_VARIABLE] = str(directory)


def _announce(settings: Settings, engine: _Engine, on_ready: Callable[[str], None]) -> None:
    host = "127.0.0.1" if settings.host == "0.0.0.0" else "::1" if settings.host == "::" else settings.host  # noqa: S104
    while not engine.stopping:
        with suppress(OSError), socket.create_connection((host, settings.port), timeout=1):
            shown = f"[{host}]" if ":" in host else host
            on_ready(settings.public_url or f"http://{shown}:{settings.port}")
            return
        time.sleep(0.02)


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


def _leave_with(sentinel: int) -> None:
    wait_for([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
