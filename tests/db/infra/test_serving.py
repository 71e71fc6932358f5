from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from liaoran.infra.embedded import EmbeddedPostgres
from liaoran.infra.serving import serving_process
from liaoran.infra.settings import Settings
from tests.db.infra.processes.running import Process, alive, eventually, process


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data directory whose embedded server is certainly stopped afterwards."""
    yield tmp_path
    left = EmbeddedPostgres(tmp_path / "postgres")
    if left.pid is not None:
        psutil.Process(left.pid).kill()


def arguments(data_dir: Path, **extra: object) -> list[str]:
    given = {"data_dir": data_dir, "port": 0, "postgres_memory_mb": 32, "log_format": "json", **extra}
    return ["serving_app", *(f"{name}={value}" for name, value in given.items())]


def test_sigterm_finishes_requests_streams_and_jobs_then_stops_the_server(data_dir: Path) -> None:
    with process(*arguments(data_dir)) as server, ThreadPoolExecutor() as threads:
        slow, work = data_dir / "slow", data_dir / "work"
        httpx.post(f"{server.line}/job", params={"file": str(work)}).raise_for_status()
        answer = threads.submit(httpx.get, f"{server.line}/slow", params={"file": str(slow)}, timeout=30)
        begun = threading.Event()
        stream = threads.submit(read_stream, f"{server.line}/stream", begun)
        eventually(lambda: slow.exists() and work.exists() and begun.is_set())
        server.send(signal.SIGTERM)
        assert stream.result() == "begin\nend\n"
        assert alive(server.pid)
        (data_dir / "slow.go").touch()
        (data_dir / "work.go").touch()
        assert answer.result().json() == "done"
        status, errors = server.wait()
        assert status == 0
        assert "Traceback" not in errors
        assert work.read_text().splitlines()[-1] == "end 1"
        assert EmbeddedPostgres(data_dir / "postgres").pid is None


def read_stream(address: str, begun: threading.Event) -> str:
    text = ""
    with httpx.stream("GET", address, timeout=30) as answer:
        for part in answer.iter_text():
            begun.set()
            text += part
    return text


def test_after_kill_9_the_next_start_takes_over_database_port_and_job(data_dir: Path) -> None:
    work = data_dir / "work"
    with process(*arguments(data_dir, workers=2)) as server:
        port = server.line.rsplit(":", 1)[1]
        httpx.post(f"{server.line}/job", params={"file": str(work)}).raise_for_status()
        eventually(work.exists)
        postgres = EmbeddedPostgres(data_dir / "postgres").pid
        assert postgres is not None
        children = server.children()
        for child in children:
            # Held, so that none of them notices that the main process is gone before it is killed itself.
            child.suspend()
        server.send(signal.SIGKILL)
        for child in children:
            child.kill()
        server.wait()
        assert alive(postgres)
    (data_dir / "work.go").touch()
    with process(*arguments(data_dir, port=port)) as server:
        assert EmbeddedPostgres(data_dir / "postgres").pid == postgres
        eventually(lambda: work.read_text().splitlines()[-1] == "end 2")
        server.stop()
    assert not alive(postgres)


def test_workers_leave_when_the_main_process_is_killed(data_dir: Path) -> None:
    with process(*arguments(data_dir, workers=2)) as server:
        postgres = EmbeddedPostgres(data_dir / "postgres").pid
        children = server.children()
        server.send(signal.SIGKILL)
        server.wait()
        eventually(lambda: not any(alive(child.pid) for child in children))
        assert postgres is not None
        assert not alive(postgres)


def test_a_worker_that_dies_is_replaced_and_metrics_add_up(data_dir: Path) -> None:
    with process(*arguments(data_dir, workers=2)) as server:
        pids: set[int] = set()

        def both_answered() -> bool:
            pids.add(httpx.get(f"{server.line}/pid").json())
            return len(pids) == 2

        eventually(both_answered)
        psutil.Process(pids.pop()).kill()
        before = set(pids)
        eventually(lambda: _answers(server))
        eventually(lambda: bool(_other_pid(server, before)))
        text = httpx.get(f"{server.line}/metrics").text
        assert 'liaoran_request_seconds_count{method="GET",route="/pid",status="200"}' in text
        server.stop()


def _answers(server: Process) -> bool:
    try:
        return httpx.get(f"{server.line}/pid").status_code == 200
    except httpx.TransportError:
        return False


def _other_pid(server: Process, known: set[int]) -> bool:
    try:
        return httpx.get(f"{server.line}/pid").json() not in known
    except httpx.TransportError:
        return False


def test_a_start_can_be_broken_off(data_dir: Path) -> None:
    with process(*arguments(data_dir, never_ready=1)) as server:
        assert server.line == "preparing"
        assert EmbeddedPostgres(data_dir / "postgres").pid is not None
        server.stop()
    assert EmbeddedPostgres(data_dir / "postgres").pid is None


def test_a_port_that_is_taken_is_refused_in_words(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with process(*arguments(data_dir, port=other.getsockname()[1])) as server:
            status, errors = server.wait()
    assert status != 0
    assert "cannot listen on 127.0.0.1" in errors


async def test_outside_of_serve_stopping_is_set_at_the_end(tmp_path: Path) -> None:
    async with serving_process(Settings(data_dir=tmp_path)) as stopping:
        assert not stopping.is_set()
    await asyncio.wait_for(stopping.wait(), 1)


def test_a_head_that_never_ends_is_not_kept(data_dir: Path) -> None:
    with process(*arguments(data_dir)) as server:
        host, _, port = server.line.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n")
            sent, answer = 0, b""
            try:
                while sent < 4 * 1024 * 1024:
                    connection.sendall(b"x-more: " + b"y" * 1000 + b"\r\n")
                    sent += 1010
                answer = connection.recv(1000)
            except OSError:  # refused while we were still sending
                sent = 0
            assert sent == 0 or answer.startswith(b"HTTP/1.1 4")
        assert httpx.get(f"{server.line}/healthz").status_code in (200, 404)
        server.send(signal.SIGTERM)
        assert server.wait()[0] == 0
