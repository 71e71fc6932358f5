"""The outermost layer: security headers, limits of time and size, figures, and the answer to what nobody expected."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import MutableMapping
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from liaoran.api.language import language_of
from liaoran.api.problems import problem_of_status, unexpected
from liaoran.infra.metrics import observe_request

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        # The component library writes its style sheets at run time.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_SECURE = [(b"strict-transport-security", b"max-age=31536000")]
_PRIVATE = (b"cache-control", b"no-store")
API_PREFIX = "/api/"
SECONDS = 60.0
LARGEST_BODY = 16 * 1024 * 1024
"""Of a request that uploads no file, in bytes."""
_IMPORTS = "/api/v1/imports"
_FILES = re.compile(r"/api/v1/records/[^/]+/[^/]+/files(/.*)?")
# What reads these takes no more than a file may be large, and says how large that is.
_FILE_UPLOADS = re.compile(r"/api/v1/records/[^/]+/[^/]+/files(/[^/]+/versions)?")
# Live updates stay open, and files are as large as the line is slow.
_WITHOUT_TIME_LIMIT = ("/api/v1/events", "/api/v1/exports", _IMPORTS)


class Edge:
    """ASGI middleware. ``secure`` adds Strict-Transport-Security; ``seconds`` is how long a request may take, and
    ``upload`` the size of the largest import in bytes."""

    def __init__(self, app: ASGIApp, secure: bool = False, seconds: float = SECONDS, upload: int = 0) -> None:
        self._app = app
        self._seconds = seconds
        self._largest_upload = upload + LARGEST_BODY
        self._headers = [*_ALWAYS, *_SECURE] if secure else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; anything but HTTP goes straight on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._headers, scope["path"].startswith(API_PREFIX))
        began = time.perf_counter()
        try:
            path = scope["path"]
            limited = _limited(scope, receive, self._largest_body(path))
            endless = path.startswith(_WITHOUT_TIME_LIMIT) or _FILES.fullmatch(path)
            async with asyncio.timeout(None if endless else self._seconds):
                await self._app(scope, limited, answer.send)
        except Exception as error:
            if answer.status:
                raise
            await self._refuse(error, scope, receive, answer)
        finally:
            observe_request(scope["method"], _template_of(scope), answer.status or 499, time.perf_counter() - began)

    def _largest_body(self, path: str) -> int | None:
        if _FILE_UPLOADS.fullmatch(path):
            return None
        return self._largest_upload if path == _IMPORTS else LARGEST_BODY

    async def _refuse(self, error: Exception, scope: Scope, receive: Receive, answer: _Answer) -> None:
        request = Request(scope, receive)
        if isinstance(error, HTTPException):
            response = problem_of_status(error.status_code, language_of(request))
        elif isinstance(error, TimeoutError):
            response = problem_of_status(503, language_of(request), {"Retry-After": "5"})
        else:
            response = unexpected(language_of(request), f"{scope['method']} {scope['path']}", error)
        await response(scope, receive, answer.send)


def _limited(scope: Scope, receive: Receive, largest: int | None) -> Receive:
    """``receive`` for a body of at most so many bytes, None for any number. Raises HTTPException 413 at once where the
    length is told, else as soon as more has come."""
    if largest is None:
        return receive
    told = next((value for name, value in scope["headers"] if name == b"content-length"), None)
    if told is not None:
        if not told.isdigit() or int(told) > largest:
            raise HTTPException(413)
        return receive  # the server hands on no more than was told
    left = largest

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return counted


class _Answer:
    """Adds the headers where the answer starts, and remembers its status."""

    def __init__(self, send: Send, headers: list[tuple[bytes, bytes]], private: bool) -> None:
        self._send = send
        self._headers = headers
        self._private = private
        self.status = 0

    async def send(self, message: Message) -> None:
        """Passes a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            # an answer that sets one of them itself (a preview, to be shown within a page) knows why
            given = {name for name, _ in message["headers"]}
            headers = [*message["headers"], *(one for one in self._headers if one[0] not in given)]
            if self._private and b"cache-control" not in given:
                headers.append(_PRIVATE)
            message["headers"] = headers
        await self._send(message)


def _template_of(scope: MutableMapping[str, Any]) -> str:
    """The path with names in place of values, so that figures stay few."""
    route = scope.get("route")
    return getattr(route, "path", "other")
