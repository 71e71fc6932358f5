"""A client with next to no cost of its own, so that what is measured is the server."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; ``body`` is sent as JSON, bytes as they are (then ``headers`` say what they are)."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encode(self, token: str | None) -> bytes:
        """The bytes on the wire."""
        body = self._body()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if body and "Content-Type" not in self.headers:
            lines.append("Content-Type: application/json")
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def _body(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)


class Refused(Exception):
    """The server answered with an error: the bench cannot go on."""


class Client:
    """One kept-alive connection to a server on this machine."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self.token = token
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""

    def send(self, request: Request) -> bytes:
        """The body of the answer. Raises Refused unless the status is 2xx."""
        return self.send_bytes(request.encode(self.token))

    def send_bytes(self, data: bytes) -> bytes:
        """The same for a request that is encoded already."""
        self._socket.sendall(data)
        buffer = self._rest
        while (end := buffer.find(b"\r\n\r\n")) < 0:
            buffer += self._receive()
        head = buffer[:end].lower()
        mark = head.find(b"content-length:")
        if mark < 0:
            raise Refused(f"an answer without a length: {head[:200]!r}")
        length = int(head[mark + 15 :].split(b"\r\n", 1)[0])
        parts = [buffer[end + 4 :]]
        received = len(parts[0])
        while received < length:
            part = self._receive()
            parts.append(part)
            received += len(part)
        body = b"".join(parts)
        body, self._rest = body[:length], body[length:]
        if head[9:10] != b"2":
            raise Refused(f"{head[:15].decode()}: {data[:300]!r} -> {body[:2000].decode(errors='replace')}")
        return body

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """Sends and parses."""
        answer = self.send(Request(method, path, body))
        return orjson.loads(answer) if answer else None

    def close(self) -> None:
        """Closes the connection."""
        self._socket.close()

    def _receive(self) -> bytes:
        part = self._socket.recv(1 << 18)
        if not part:
            raise Refused("the server closed the connection")
        return part
