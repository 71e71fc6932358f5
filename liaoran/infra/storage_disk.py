"""Storage in a folder of this machine (or of a network file system that several machines mount)."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, TypeVar

import structlog

from liaoran.infra.storage import CHUNK, gone, unusable

ResultT = TypeVar("ResultT")
_log = structlog.get_logger(__name__)


class DiskStorage:
    """Keys are paths below the folder. A file is written beside its place and moved there when it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, key: str) -> Path:
        """Where the bytes of a key lie, whether or not they do."""
        return self._folder / key

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """See ``Storage.put``."""
        target = self.path(key)
        part = await _on_disk(_begin, target.parent)
        try:
            waiting = bytearray()
            async for chunk in chunks:
                waiting += chunk
                if len(waiting) >= CHUNK:
                    await _on_disk(part.write, waiting)
                    waiting = bytearray()
            await _on_disk(_complete, part, waiting, target)
        except BaseException:
            await asyncio.to_thread(_discard, part)
            raise

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See ``Storage.open``."""
        try:
            source = await asyncio.to_thread(self.path(key).open, "rb")
        except (FileNotFoundError, NotADirectoryError):
            raise gone() from None
        return _read(source, start, end)

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        """The file itself."""
        path = self.path(key)
        if not await asyncio.to_thread(path.is_file):
            raise gone()
        yield path

    async def delete(self, key: str) -> None:
        """See ``Storage.delete``."""
        await asyncio.to_thread(self.path(key).unlink, missing_ok=True)

    async def walk(self, folder: str) -> AsyncIterator[tuple[str, float]]:
        """See ``Storage.walk``; files that are being written are among them."""
        for found in await asyncio.to_thread(self._found, folder):
            yield found

    def _found(self, folder: str) -> list[tuple[str, float]]:
        listed = []
        for path in (self._folder / folder).glob("*/*"):
            try:
                listed.append((path.relative_to(self._folder).as_posix(), path.stat().st_mtime))
            except FileNotFoundError:  # moved to its place, or removed, meanwhile
                continue
        return listed

    async def clear(self, folder: str) -> None:
        """See ``Storage.clear``."""
        await asyncio.to_thread(shutil.rmtree, self._folder / folder, ignore_errors=True)

    async def check(self) -> str | None:
        """See ``Storage.check``."""

        def usable() -> str | None:
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                return str(error)
            return None if os.access(self._folder, os.W_OK) else f"{self._folder} cannot be written to"

        return await asyncio.to_thread(usable)


async def _on_disk(work: Callable[..., ResultT], *arguments: Any) -> ResultT:
    """Works in a thread. Raises Unavailable where the disk is full or refuses."""
    try:
        return await asyncio.to_thread(work, *arguments)
    except OSError as error:
        _log.warning("storage_failed", error=str(error))
        raise unusable() from error


def _begin(folder: Path) -> IO[bytes]:
    folder.mkdir(parents=True, exist_ok=True)
    return NamedTemporaryFile(dir=folder, prefix=".part-", delete=False)


def _complete(part: IO[bytes], rest: bytearray, target: Path) -> None:
    with part:
        part.write(rest)
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(target)


def _discard(part: IO[bytes]) -> None:
    # closing writes what is still in the buffer, which a full disk refuses again
    with suppress(OSError):
        part.close()
    Path(part.name).unlink(missing_ok=True)


async def _read(source: IO[bytes], start: int, end: int | None) -> AsyncIterator[bytes]:
    with source:
        await asyncio.to_thread(source.seek, start)
        left = None if end is None else end - start
        while left is None or left > 0:
            chunk = await asyncio.to_thread(source.read, CHUNK if left is None else min(CHUNK, left))
            if not chunk:
                return
            if left is not None:
                left -= len(chunk)
            yield chunk
