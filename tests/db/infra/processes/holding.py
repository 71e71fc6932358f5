"""Holds the embedded server of a data directory until told to stop: ``python -m … holding DIRECTORY``."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from liaoran.infra.embedded import EmbeddedPostgres

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    server = EmbeddedPostgres(Path(sys.argv[1]), memory_mb=32, durable=False)
    server.acquire()
    print(server.pid, flush=True)
    signal.sigwait([signal.SIGTERM])
    print(server.release(), flush=True)
