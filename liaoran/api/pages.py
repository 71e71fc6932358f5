"""The built pages: hashed assets kept for ever, everything else asked for again, unknown paths answered by the app."""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from liaoran.api.services import services_of

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_HASHED = "assets"
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
_TYPES = {".js": "text/javascript; charset=utf-8", ".webmanifest": "application/manifest+json"}


@dataclass(frozen=True, slots=True)
class _Page:
    content: bytes
    zipped: bytes | None
    media_type: str


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """What no route matches: a file of the pages, or the page itself, which then draws what the path says."""
    if scope["type"] != "http":
        raise HTTPException(404)
    request = Request(scope, receive)
    path = scope["path"].lstrip("/")
    root = services_of(request).pages
    if root is None or path.startswith("api/") or request.method not in ("GET", "HEAD"):
        raise HTTPException(404)
    await (await _page(request, root, path))(scope, receive, send)


async def _page(request: Request, root: Path, path: str) -> Response:
    file = await asyncio.to_thread(_find, root, path)
    if file is None:
        raise HTTPException(404)
    found = await asyncio.to_thread(_read, file, file.stat().st_mtime_ns)
    immutable = file.parent == root / _HASHED
    headers = {"Cache-Control": _FOR_EVER if immutable else _ASK_AGAIN, "Vary": "Accept-Encoding"}
    if found.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.zipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media_type)
    return Response(found.content, headers=headers, media_type=found.media_type)


def _find(root: Path, path: str) -> Path | None:
    """The file of a path below ``root``; the start page for paths of the app; None for a file that is not there."""
    if "\0" in path:
        return None
    file = (root / path).resolve()
    if file.is_relative_to(root) and file.is_file():
        return file
    start = root / "index.html"
    return start if not Path(path).suffix and start.is_file() else None


@lru_cache(maxsize=500)
def _read(file: Path, _changed: int) -> _Page:
    content = file.read_bytes()
    media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    zipped = gzip.compress(content, 9, mtime=0) if media_type.startswith(_COMPRESSIBLE) else None
    return _Page(content, zipped, media_type)
