"""How a PostgreSQL is set up for Liaoran: the options of the embedded one, and the statement that makes a database."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

LARGEST_CACHE_MB = 4096


def options(socket: Path, *, memory_mb: int, durable: bool) -> dict[str, str]:
    """Server options for many short reads and writes beside one application on the same machine.

    ``memory_mb`` is the page cache in MiB; 0 takes a quarter of the machine. ``durable=False`` gives up safety
    against power loss, for tests.
    """
    total = psutil.virtual_memory().total // 2**20
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket),
        "unix_socket_permissions": "0700",
        "max_connections": "400",
        "timezone": "UTC",
        "max_locks_per_transaction": "256",
        **_memory(total, memory_mb),
        **_writing(),
        **_planning(),
        **_logging(),
    }
    return chosen if durable else chosen | _FOR_TESTS


_FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "logging_collector": "off",
    "max_wal_size": "1GB",
    "min_wal_size": "80MB",
}


def create_database_sql(name: str) -> bytes:
    """The statement that makes a database as Liaoran wants it; also shown to whoever runs a server of their own."""
    return (
        f'CREATE DATABASE "{name}" TEMPLATE template0 ENCODING UTF8 LOCALE_PROVIDER builtin BUILTIN_LOCALE '
        "'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
    ).encode()


def _memory(total: int, cache: int) -> dict[str, str]:
    return {
        "shared_buffers": f"{max(cache or min(total // 4, LARGEST_CACHE_MB), 16)}MB",
        "effective_cache_size": f"{max(total // 2, 64)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{max(64, min(total // 16, 1024))}MB",
        "dynamic_shared_memory_type": _shared_memory_type(),
    }


def _writing() -> dict[str, str]:
    return {
        "max_wal_size": "4GB",
        "min_wal_size": "256MB",
        "checkpoint_timeout": "15min",
        "wal_compression": "pglz",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_analyze_scale_factor": "0.02",
    }


def _planning() -> dict[str, str]:
    # Compiling takes longer than the statements of an application run, and so does starting workers for all but the
    # heaviest of them; pages are on flash or in memory.
    return {"jit": "off", "parallel_setup_cost": "5000", "random_page_cost": "1.1"}


def _logging() -> dict[str, str]:
    return {
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgresql-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_min_duration_statement": "5s",
        # Values stay out of the log: they are people's data.
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def _shared_memory_type() -> str:
    # Containers often have a tiny /dev/shm, on which parallel queries would fail.
    try:
        space = os.statvfs("/dev/shm")  # noqa: S108 - asked about, not written to
    except OSError:
        return "sysv"
    return "posix" if space.f_frsize * space.f_blocks >= 2**30 else "sysv"
