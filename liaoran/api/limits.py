"""How much of a request is taken and how slowly it may come. Counted while it arrives, never believed."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

KIBIBYTE, MEBIBYTE = 1024, 1024 * 1024
SECONDS = 60.0
"""How long a request may take from its first byte to the last of its answer."""
PAUSE_SECONDS = 30.0
"""How long the next piece of a file may be waited for."""
LEAST_RATE = 4 * KIBIBYTE
"""Bytes per second that a file has to come with, on average after ``SECONDS``."""
LONGEST_ADDRESS = 16 * KIBIBYTE
"""Of path and query together, in characters."""
LARGEST_HEADERS = 48 * KIBIBYTE
MOST_HEADERS = 100

LARGEST_BODY = 16 * MEBIBYTE
"""Of a request that carries many records, in bytes."""
_FILES = re.compile(r"/api/v1/records/[^/]+/[^/]+/files(/.*)?")
# What reads these takes no more than a file may be large, and says how large that is.
_FILE_UPLOADS = re.compile(r"/api/v1/records/[^/]+/[^/]+/files(/[^/]+/versions)?")
_IMPORTS = "/api/v1/imports"
# Live updates stay open, and files are as large as the line is slow.
_ENDLESS = ("/api/v1/events", "/api/v1/exports", _IMPORTS)
_LARGE_BODIES = ("/api/v1/records/", "/api/v1/process")
_BEFORE_SIGN_IN = ("/api/v1/session", "/api/v1/signin")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: ``body`` in bytes and ``seconds`` in all, None for any; ``is_file`` where a file comes
    that may take its time, but not pause."""

    body: int | None
    seconds: float | None
    is_file: bool = False


_RECORDS = Limits(LARGEST_BODY, SECONDS)
_SIGNING_IN = Limits(64 * KIBIBYTE, SECONDS)
_REST = Limits(2 * MEBIBYTE, SECONDS)


def limits_of(path: str, largest_upload: int) -> Limits:
    """The limits of requests to a path; ``largest_upload`` bytes for imports."""
    if "/files" in path and _FILES.fullmatch(path):
        is_file = _FILE_UPLOADS.fullmatch(path) is not None
        return Limits(None if is_file else _REST.body, None, is_file)
    if path.startswith(_LARGE_BODIES):
        return _RECORDS
    if path == _IMPORTS:
        return Limits(largest_upload + LARGEST_BODY, None, is_file=True)
    if path.startswith(_ENDLESS):
        return Limits(_REST.body, None)
    return _SIGNING_IN if path.startswith(_BEFORE_SIGN_IN) else _REST


def check_head(scope: Scope) -> None:
    """Raises HTTPException 414 for an address that is too long, 431 for headers that are too many or too large."""
    if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
        raise HTTPException(414)
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > LARGEST_HEADERS:
        raise HTTPException(431)


def limited(scope: Scope, receive: Receive, limits: Limits) -> Receive:
    """``receive`` under the limits. Raises HTTPException 413 at once where the length is told, else as soon as more has
    come; 408 where a file pauses or drips."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), None)
    if limits.body is not None and told is not None and (not told.isdigit() or int(told) > limits.body):
        raise HTTPException(413)
    if limits.is_file and scope["method"] == "POST":
        receive = _kept_moving(receive)
    # Where the length was told, the server hands on no more than that.
    return receive if limits.body is None or told is not None else _counted(receive, limits.body)


def _counted(receive: Receive, largest: int) -> Receive:
    left = largest

    async def counted() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413)
        return message

    return counted


def _kept_moving(receive: Receive) -> Receive:
    now = asyncio.get_running_loop().time
    began, come, done = now(), 0, False

    async def moving() -> Message:
        nonlocal come, done
        if done:
            return await receive()  # what comes behind the body is that the client has gone, whenever that is
        try:
            async with asyncio.timeout(PAUSE_SECONDS):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408) from error
        come += len(message.get("body", b""))
        done = not message.get("more_body", False)
        taken = now() - began
        if not done and taken > SECONDS and come < LEAST_RATE * taken:
            raise HTTPException(408)
        return message

    return moving
