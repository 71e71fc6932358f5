"""Runs a module of this folder as a process of its own, and looks at what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[4]
WAIT_SECONDS = 20.0


class Process:
    """A child process; its first line of output is read on start."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", f"tests.db.infra.processes.{module}", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self._child.stdout is not None
        self.line = self._child.stdout.readline().strip()

    @property
    def pid(self) -> int:
        return self._child.pid

    def send(self, number: signal.Signals) -> None:
        self._child.send_signal(number)

    def wait(self) -> tuple[int, str]:
        """Exit status and what it wrote to standard error."""
        _, errors = self._child.communicate(timeout=WAIT_SECONDS)
        return self._child.returncode, errors

    def stop(self) -> str:
        """Asks it to stop, waits, gives standard error; the exit must be clean."""
        self.send(signal.SIGTERM)
        status, errors = self.wait()
        assert status == 0, errors
        return errors

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children(recursive=True)

    def end(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
        self._child.communicate()


@contextmanager
def process(module: str, *arguments: str) -> Iterator[Process]:
    """A process that is certainly gone after the block."""
    started = Process(module, *arguments)
    try:
        yield started
    finally:
        started.end()


def eventually(holds: Callable[[], bool]) -> None:
    """Waits until something holds that another process brings about."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)


def alive(pid: int) -> bool:
    """Whether a process runs; one that is only waiting to be reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
