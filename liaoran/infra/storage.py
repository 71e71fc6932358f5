"""Where the bytes of stored files lie: the port, and the address that chooses what is behind it.

``file:`` is a folder of the data directory, ``file:/srv/files`` one elsewhere, ``s3://bucket/prefix?endpoint=…`` a
bucket of anything that speaks S3. ``infra.files`` alone uses it; everybody else speaks of stored files.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from liaoran.infra.errors import Unavailable
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text

CHUNK = 1024 * 1024
_PARAMETERS = frozenset({"endpoint", "region", "virtual_host"})


@dataclass(frozen=True, slots=True)
class StorageAddress:
    """A storage address taken apart. ``kind`` is file or s3; ``path`` is the folder (empty for the data directory's
    own) or the prefix within ``bucket``."""

    kind: str
    path: str = ""
    bucket: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


class Storage(Protocol):
    """Bytes under keys: ``folder/part/name``, ASCII without anything that a path could trip over."""

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Writes what comes, whole or not at all: what ``chunks`` raises is passed on and nothing stays behind."""
        ...

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``start`` to before ``end`` in chunks of about a mebibyte; an empty range gives none. Raises
        NotFound at once, before anything is read."""
        ...

    def local(self, key: str) -> AbstractAsyncContextManager[Path]:
        """A file on this machine with the bytes, for readers that need one; it may be gone after the block. Raises
        NotFound."""
        ...

    async def delete(self, key: str) -> None:
        """Removes the bytes, if they are there."""
        ...

    def walk(self, folder: str) -> AsyncIterator[tuple[str, float]]:
        """Key and last change (seconds since 1970) of everything in a folder."""
        ...

    async def clear(self, folder: str) -> None:
        """Removes a folder with everything in it."""
        ...

    async def check(self) -> str | None:
        """What is wrong with the storage, in the words of the system below; None where it can be used."""
        ...


def parse_address(address: str) -> StorageAddress:
    """Takes a storage address apart. Raises ValueError with the reason where it is none."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        if parts.netloc or parts.query:
            raise ValueError("a file address is file: or file:/an/absolute/path")
        return StorageAddress("file", unquote(parts.path))
    if parts.scheme != "s3":
        raise ValueError("a storage address begins with file: or s3://")
    if "@" in parts.netloc:
        raise ValueError("keys do not belong into the address; see LIAORAN_STORAGE_ACCESS_KEY")
    if not parts.netloc:
        raise ValueError("the address names no bucket: s3://bucket/prefix")
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(given) - _PARAMETERS):
        raise ValueError(f"unknown in the address: {', '.join(unknown)}; known: {', '.join(sorted(_PARAMETERS))}")
    return StorageAddress("s3", unquote(parts.path).strip("/"), parts.netloc, given)


def unusable() -> Unavailable:
    """The refusal where the storage itself fails: it is full, not reachable, or not ours to write to."""
    return Unavailable(
        Text("文件存储暂时不可用，请稍后再试", "the file storage cannot be used for the moment, please try again"),
        code="storage_unavailable",
    )


def gone() -> NotFound:
    """The refusal where the bytes of a file are not there any more."""
    return NotFound(Text("文件不存在或已过期", "the file does not exist or has expired"), code="unknown_file")
