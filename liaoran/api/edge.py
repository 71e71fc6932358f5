"""The outermost layer: whose requests are taken, security headers, limits of time and size, figures, and the answer to
what nobody expected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import MutableMapping
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from liaoran.api.headers import Headers, security_headers
from liaoran.api.language import language_of
from liaoran.api.limits import check_head, limited, limits_of
from liaoran.api.origins import Origins
from liaoran.api.problems import problem_of_status, refused_by_status, unexpected
from liaoran.infra.metrics import observe_request
from liaoran.infra.settings import Settings

API_PREFIX = "/api/"


class Edge:
    """ASGI middleware under the limits and the address of the settings."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._largest_upload = settings.upload_bytes
        self._origins = Origins(settings)
        secure = settings.is_secure
        self._for_data = security_headers(data=True, secure=secure)
        self._for_pages = security_headers(data=False, secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; anything but HTTP goes straight on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        answer = _Answer(send, self._for_data if path.startswith(API_PREFIX) else self._for_pages)
        began = time.perf_counter()
        try:
            self._origins.check(scope)
            check_head(scope)
            limits = limits_of(path, self._largest_upload)
            async with asyncio.timeout(limits.seconds):
                await self._app(scope, limited(scope, receive, limits), answer.send)
        except Exception as error:
            if answer.status:
                raise
            await self._refuse(error, scope, receive, answer)
        finally:
            observe_request(scope["method"], _template_of(scope), answer.status or 499, time.perf_counter() - began)

    async def _refuse(self, error: Exception, scope: Scope, receive: Receive, answer: _Answer) -> None:
        request = Request(scope, receive)
        if isinstance(error, HTTPException):
            response = refused_by_status(request, error)
        elif isinstance(error, TimeoutError):
            response = problem_of_status(503, language_of(request), {"Retry-After": "5"})
        else:
            response = unexpected(language_of(request), f"{scope['method']} {scope['path']}", error)
        await response(scope, receive, answer.send)


class _Answer:
    """Adds the headers where the answer starts, and remembers its status."""

    def __init__(self, send: Send, headers: Headers) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def send(self, message: Message) -> None:
        """Passes a message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            # an answer that sets one of them itself (a preview, to be shown within a page) knows why
            given = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(one for one in self._headers if one[0] not in given)]
        await self._send(message)


def _template_of(scope: MutableMapping[str, Any]) -> str:
    """The path with names in place of values, so that figures stay few."""
    route = scope.get("route")
    return getattr(route, "path", "other")
