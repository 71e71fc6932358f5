"""Storage in a bucket of anything that speaks S3: AWS, MinIO, Ceph, and the S3 doors of OSS, COS and OBS."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import structlog

from liaoran.infra.errors import Unavailable
from liaoran.infra.storage import CHUNK, StorageAddress, gone, unusable

if TYPE_CHECKING:
    from obstore.store import S3Store

PART = 8 * CHUNK
"""Size of one part of an upload; 10,000 parts at most make 78 GiB."""
PARTS_AT_ONCE = 2
_log = structlog.get_logger(__name__)


class S3Storage:
    """Keys are object names below the prefix of the address. Without keys of its own it takes what the environment
    offers (``AWS_*`` variables, the role of the machine)."""

    def __init__(self, address: StorageAddress, access_key: str = "", secret_key: str = "") -> None:
        self._address = address
        self._keys = {"access_key_id": access_key, "secret_access_key": secret_key} if access_key else {}

    @cached_property
    def _store(self) -> S3Store:
        from obstore.store import S3Store  # noqa: PLC0415 - five megabytes that a disk needs nothing of

        given = self._address.parameters
        options: dict[str, Any] = {
            # not everything that speaks S3 knows how to delete several objects at once
            "disable_bulk_delete": True,
            "virtual_hosted_style_request": given.get("virtual_host", "").lower() in ("1", "true", "yes"),
            **self._keys,
        }
        for name in ("endpoint", "region"):
            if given.get(name):
                options[name] = given[name]
        if "endpoint" in options:
            options.setdefault("region", "us-east-1")
        return S3Store(
            self._address.bucket,
            prefix=self._address.path or None,
            client_options={
                "allow_http": options.get("endpoint", "").startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                # of a whole transfer, which is as long as the slowest reader takes
                "timeout": timedelta(hours=6),
                "read_timeout": timedelta(seconds=60),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
            **options,
        )

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """See ``Storage.put``; what does not fit into one part goes up in parts."""
        import obstore  # noqa: PLC0415

        with _refusals():
            await obstore.put_async(self._store, key, chunks, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See ``Storage.open``."""
        import obstore  # noqa: PLC0415

        if end is not None and end <= start:
            return _nothing()
        within: Any = None
        if end is not None:
            within = {"range": (start, end)}
        elif start:
            within = {"range": {"offset": start}}
        with _refusals():
            try:
                found = await obstore.get_async(self._store, key, options=within)
            except FileNotFoundError:
                raise gone() from None
        return _stream(found)

    @asynccontextmanager
    async def local(self, key: str) -> AsyncIterator[Path]:
        """A copy in a temporary file."""
        chunks = await self.open(key)
        with NamedTemporaryFile(prefix="liaoran-") as copy:
            async for chunk in chunks:
                await asyncio.to_thread(copy.write, chunk)
            await asyncio.to_thread(copy.flush)
            yield Path(copy.name)

    async def delete(self, key: str) -> None:
        """See ``Storage.delete``."""
        import obstore  # noqa: PLC0415

        with _refusals():
            await obstore.delete_async(self._store, key)

    async def walk(self, folder: str) -> AsyncIterator[tuple[str, float]]:
        """See ``Storage.walk``; uploads that are under way are not among them."""
        import obstore  # noqa: PLC0415

        with _refusals():
            async for page in obstore.list(self._store, folder):
                for one in page:
                    yield one["path"], one["last_modified"].timestamp()

    async def clear(self, folder: str) -> None:
        """See ``Storage.clear``."""
        import obstore  # noqa: PLC0415

        with _refusals():
            async for page in obstore.list(self._store, folder):
                await obstore.delete_async(self._store, [one["path"] for one in page])

    async def check(self) -> str | None:
        """See ``Storage.check``; asks for an object that is not there."""
        try:
            async for _ in self.walk("liaoran-check"):
                break
        except Unavailable as refused:
            return _words(refused.__cause__)
        return None


@contextmanager
def _refusals() -> Iterator[None]:
    """The store's errors as ours; what the sender of the bytes raises passes through."""
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except (BaseError, FileNotFoundError) as error:
        _log.warning("storage_failed", error=_words(error))
        raise unusable() from error


def _words(error: BaseException | None) -> str:
    """What the store says, without its inner state, which is many lines more."""
    return str(error).partition("\n\nDebug source")[0]


async def _stream(found: Any) -> AsyncIterator[bytes]:
    with _refusals():
        async for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
