"""Answers: JSON bytes passed on as PostgreSQL made them, entity tags, compression where it pays."""

from __future__ import annotations

import asyncio
import gzip
import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from liaoran.infra.encoding import to_json
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

JSON = "application/json"
COMPRESS_FROM = 4 * 1024
_IN_THREAD_FROM = 256 * 1024
_LEVEL = 1
ACTION = "X-Action"
ACTION_HEADERS = {
    ACTION: {
        "description": "What this request did, as `POST /undo {action}` takes it; left out where nothing changed.",
        "schema": {"type": "string", "format": "uuid"},
    }
}
"""What the answer to a write of records carries, in the words of OpenAPI."""
_ENTITY_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


async def json_bytes(
    request: Request, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer from bytes, compressed if it is long and the client is not on this machine (where the client is a
    reverse proxy, that compresses better, or a browser that gains nothing)."""
    sent = dict(headers or {})
    if len(body) >= COMPRESS_FROM and _wants_gzip(request):
        heavy = len(body) >= _IN_THREAD_FROM
        body = await asyncio.to_thread(_compress, body) if heavy else _compress(body)
        sent["Content-Encoding"] = "gzip"
        sent["Vary"] = "Accept-Encoding"
    return Response(body, status, sent, JSON)


def json_value(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A short JSON answer from plain values."""
    return Response(to_json(value), status, dict(headers or {}), JSON)


def entity_tag(version: int) -> str:
    """The ``ETag`` of a record at a version."""
    return f'"{version}"'


def expected_version(request: Request, body: Mapping[str, Any]) -> int | None:
    """The version that the writer saw: from ``If-Match``, else from the body's ``version``. Raises Invalid for a tag
    that is none of ours."""
    tag = request.headers.get("if-match")
    if tag is not None and tag != "*":
        match = _ENTITY_TAG.fullmatch(tag.strip())
        if match is None:
            message = Text(
                'If-Match 应为带引号的版本号，例如 "3"', 'If-Match must be a quoted version, for example "3"'
            )
            raise Invalid(message, code="invalid_if_match")
        return int(match[1])
    version = body.get("version")
    if version is None:
        return None
    if not isinstance(version, int) or isinstance(version, bool):
        raise Invalid(Text("version 应为整数", "version must be a whole number"), code="invalid_version")
    return version


def is_loopback(host: str) -> bool:
    """Whether an address is of this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wants_gzip(request: Request) -> bool:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return False
    return request.client is None or not is_loopback(request.client.host)


def _compress(body: bytes) -> bytes:
    return gzip.compress(body, _LEVEL, mtime=0)
