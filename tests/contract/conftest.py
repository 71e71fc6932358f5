"""An S3 server on loopback, in a thread of this process."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import httpx
import pytest
from moto.server import ThreadedMotoServer


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The endpoint of an S3 server with the empty bucket ``files``."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    httpx.put(f"{endpoint}/files", trust_env=False).raise_for_status()
    yield endpoint
    server.stop()
