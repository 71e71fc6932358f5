"""The processes of one run: PostgreSQL, Liaoran, the floor server. All on the loopback, all stopped at the end."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

START_SECONDS = 90.0
STOP_SECONDS = 30.0
LIAORAN = [sys.executable, "-c", "from liaoran.cli import main; main()"]
FLOOR = [sys.executable, "-m", "granian", "--interface", "asgi", "bench.floor:app", "--no-access-log", "--log-level"]


def liaoran(*arguments: str, data: Path, given: str | None = None) -> str:
    """Runs a command of Liaoran to its end and gives what it wrote to standard output."""
    done = subprocess.run(
        [*LIAORAN, *arguments],
        env={**os.environ, "LIAORAN_DATA_DIR": str(data), "LIAORAN_LOG_LEVEL": "warning"},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"liaoran {' '.join(arguments)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


@contextmanager
def serving(data: Path) -> Iterator[tuple[int, psutil.Process]]:
    """``liaoran serve`` with one worker; gives its port and process."""
    port = _free_port()
    command = [*LIAORAN, "serve", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    variables = {"LIAORAN_DATA_DIR": str(data), "LIAORAN_LOG_LEVEL": "warning"}
    with _running(command, variables, port, data / "serve.log", path="/readyz") as process:
        yield port, process


@contextmanager
def floor_serving(url: str, data: Path) -> Iterator[int]:
    """The floor server under the same ASGI server; gives its port."""
    port = _free_port()
    command = [*FLOOR, "warning", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    with _running(command, {"BENCH_DATABASE_URL": url}, port, data / "floor.log", path="/"):
        yield port


def api_process(root: psutil.Process) -> psutil.Process:
    """The process that answers requests: the largest one that the serving process has spawned. (The serving process
    itself looks after the background jobs.)"""
    below = root.children(recursive=True)
    return max((one for one in below if "python" in one.name().lower()), key=lambda one: one.memory_info().rss)


@contextmanager
def _running(
    command: list[str], variables: Mapping[str, str], port: int, log: Path, *, path: str
) -> Iterator[psutil.Process]:
    with log.open("wb") as output:
        process = psutil.Popen(
            command, env={**os.environ, **variables}, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait_until_ready(process, port, path, log)
            yield process
        finally:
            _stop(process)


def _wait_until_ready(process: psutil.Process, port: int, path: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
    while time.monotonic() < end:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0) as connection:
            connection.sendall(request)
            if connection.recv(64).startswith(b"HTTP/1.1 2"):
                return
        time.sleep(0.1)
    raise RuntimeError(f"did not become ready; the end of {log}:\n{log.read_text(errors='replace')[-4000:]}")


def _stop(process: psutil.Process) -> None:
    family = [process]
    with contextlib.suppress(psutil.NoSuchProcess):
        family += process.children(recursive=True)
        process.terminate()
    _, left = psutil.wait_procs(family, STOP_SECONDS)
    for one in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
