"""Passing on a file that was written for one answer only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

CHUNK = 1 << 20


async def and_remove(path: Path) -> AsyncIterator[bytes]:
    """The file's bytes; it is gone afterwards."""
    try:
        with await asyncio.to_thread(path.open, "rb") as stream:
            while chunk := await asyncio.to_thread(stream.read, CHUNK):
                yield chunk
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)
