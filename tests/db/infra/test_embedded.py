from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from liaoran.infra.embedded import LONGEST_SOCKET, SOCKET_NAME, EmbeddedPostgres
from liaoran.infra.errors import Unavailable
from tests.db.infra.processes.running import alive, eventually, process


def embedded(directory: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(directory, memory_mb=32, durable=False)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory whose server was started and stopped once; the tests of this module use it one after the other."""
    directory = tmp_path_factory.mktemp("embedded")
    server = embedded(directory)
    server.acquire()
    server.release()
    return directory


@pytest.fixture
def directory(cluster: Path) -> Iterator[Path]:
    yield cluster
    left = embedded(cluster).pid
    if left is not None:
        psutil.Process(left).kill()


def test_the_database_is_as_designed(directory: Path) -> None:
    server = embedded(directory)
    with psycopg.connect(server.acquire()) as connection:
        row = connection.execute(
            "SELECT datname, datlocprovider, datlocale, pg_encoding_to_char(encoding), current_setting('jit'), "
            "current_setting('listen_addresses') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert row == ("liaoran", "b", "C.UTF-8", "UTF8", "off", "")
        assert 180000 <= connection.info.server_version < 190000
    assert server.release() is True
    assert server.release() is False


def test_others_of_this_machine_cannot_reach_the_socket(directory: Path) -> None:
    server = embedded(directory)
    host = psycopg.conninfo.conninfo_to_dict(server.acquire())["host"]
    assert isinstance(host, str)
    assert Path(host).stat().st_mode & 0o777 == 0o700
    server.release()


def test_the_last_one_out_stops_it(directory: Path) -> None:
    first, second = embedded(directory), embedded(directory)
    assert first.acquire() == second.acquire()
    assert first.release() is False
    assert first.pid is not None
    assert second.release() is True
    assert first.pid is None


def test_a_command_beside_a_running_process_leaves_it_running(directory: Path) -> None:
    with process("holding", str(directory)) as holder:
        command = embedded(directory)
        with psycopg.connect(command.acquire()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert str(command.pid) == holder.line
        assert command.release() is False
        assert command.pid is not None
        holder.stop()
    assert command.pid is None


def test_many_at_once_share_one_server(directory: Path) -> None:
    servers = [embedded(directory) for _ in range(6)]
    begin = threading.Barrier(len(servers))

    def acquire(server: EmbeddedPostgres) -> int | None:
        begin.wait()
        server.acquire()
        return server.pid

    with ThreadPoolExecutor(len(servers)) as threads:
        assert len(set(threads.map(acquire, servers))) == 1
        assert sorted(threads.map(EmbeddedPostgres.release, servers)) == [False] * 5 + [True]


def test_a_server_whose_owner_was_killed_is_taken_over_and_stopped_at_the_end(directory: Path) -> None:
    with process("holding", str(directory)) as holder:
        holder.send(signal.SIGKILL)
        holder.wait()
        assert alive(int(holder.line))
        server = embedded(directory)
        server.acquire()
        assert str(server.pid) == holder.line
        assert server.release() is True
        assert not alive(int(holder.line))


def test_an_abandoned_server_can_be_stopped_but_not_one_in_use(directory: Path) -> None:
    with process("holding", str(directory)) as holder:
        assert embedded(directory).stop_abandoned() is False
        holder.send(signal.SIGKILL)
        holder.wait()
        assert embedded(directory).stop_abandoned() is True
        assert not alive(int(holder.line))
    assert embedded(directory).stop_abandoned() is False


def test_a_killed_server_leaves_nothing_in_the_way_and_loses_nothing(directory: Path) -> None:
    server = EmbeddedPostgres(directory, memory_mb=32)
    with psycopg.connect(server.acquire(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (number int)")
        assert server.pid is not None
        psutil.Process(server.pid).kill()
        eventually(lambda: server.pid is None)
    other = embedded(directory)
    with psycopg.connect(other.acquire()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    assert server.ensure_running() is False
    server.release()
    other.release()


def test_a_server_that_dies_under_its_users_is_started_again(directory: Path) -> None:
    server = embedded(directory)
    url = server.acquire()
    assert server.pid is not None
    psutil.Process(server.pid).kill()
    eventually(lambda: server.pid is None)
    assert server.ensure_running() is True
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.release()


@pytest.mark.parametrize("content", ["{pid}\n{cluster}\n1\n5432\n/nowhere\n\n1 1\nready\n", "999999\n", "junk\n"])
def test_a_stale_pid_file_is_cleared_even_if_its_number_is_someone_elses(directory: Path, content: str) -> None:
    server = embedded(directory)
    file = server.cluster / "postmaster.pid"
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        file.write_text(content.format(pid=other.pid, cluster=server.cluster))
        os.chown(file, server.cluster.stat().st_uid, server.cluster.stat().st_gid)
        server.acquire()
        assert server.pid not in (None, other.pid)
        assert server.release() is True
        assert other.poll() is None
    finally:
        other.communicate(b"\n")


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    server = embedded(tmp_path / ("长" * 40) / ("d" * 60))
    try:
        host = psycopg.conninfo.conninfo_to_dict(server.acquire())["host"]
        assert len(f"{host}/{SOCKET_NAME}") <= LONGEST_SOCKET
    finally:
        server.release()
    assert not Path(str(host)).exists()


def test_a_start_that_broke_off_is_begun_anew(tmp_path: Path) -> None:
    server = embedded(tmp_path)
    unfinished = tmp_path / "18.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18\n")
    server.acquire()
    assert server.release() is True


def test_a_directory_of_another_version_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "17").mkdir()
    with pytest.raises(Unavailable, match="PostgreSQL 17") as caught:
        embedded(tmp_path).acquire()
    assert caught.value.code == "embedded_postgres_version"
    assert list((tmp_path / "17").iterdir()) == []


def test_what_the_server_says_is_passed_on(directory: Path) -> None:
    local = embedded(directory).cluster / "local.conf"
    local.write_text("max_connections = many\n")
    local.chmod(0o644)
    try:
        with pytest.raises(Unavailable, match="max_connections"):
            embedded(directory).acquire()
    finally:
        local.unlink()
    server = embedded(directory)
    server.acquire()
    assert server.release() is True
