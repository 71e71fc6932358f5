"""Stored files: uploads, exports, files on records. The bytes lie in the storage, what they are in table ``files``.

In the storage a file is known by its id only, below the organisation's schema; the name that people gave it never
becomes a path. Bytes are there whole or not at all, so a broken upload leaves nothing.
"""

from __future__ import annotations

import hashlib
import time
import unicodedata
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from liaoran.infra.jobs import job
from liaoran.infra.settings import Settings
from liaoran.infra.statements import Statement
from liaoran.infra.storage import Storage, gone, parse_address
from liaoran.infra.storage_disk import DiskStorage
from liaoran.infra.storage_s3 import S3Storage
from liaoran.infra.tables import files, organisations
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import LiaoranError
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text

if TYPE_CHECKING:
    from liaoran.infra.database import Database

LONGEST_NAME = 180
ORPHAN_SECONDS = 24 * 3600
_FORBIDDEN = set('<>:"/\\|?*')
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


class TooLarge(LiaoranError):
    """The file is larger than the limit."""

    status = 413
    code = "too_large"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """``size`` in bytes, ``sha256`` in hexadecimal, ``key`` where the bytes lie in the storage."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    key: str


_INSERT = Statement(
    sa.insert(files),
    columns=["id", "name", "media_type", "size", "sha256", "purpose", "created_by", "expires_at"],
)
_GET = Statement(
    sa.select(files.c.id, files.c.name, files.c.media_type, files.c.size, files.c.sha256).where(
        files.c.id == sa.bindparam("id")
    )
)
_DELETE = Statement(sa.delete(files).where(files.c.id == sa.bindparam("id")))
_EXPIRED = Statement(sa.delete(files).where(files.c.expires_at < sa.func.now()))


class FileStore:
    """The stored files of all organisations in one storage."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    async def receive(
        self, schema: str, name: str, media_type: str, chunks: AsyncIterator[bytes], *, limit: int
    ) -> StoredFile:
        """Writes what comes, at most ``limit`` bytes, and gives the file, which nothing refers to yet: ``keep`` it in
        a transaction. Raises TooLarge as soon as the limit is passed; then, or when the sender breaks off, nothing
        stays behind."""
        file_id = new_id()
        digest, size = hashlib.sha256(), 0

        async def measured() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise too_large(limit)
                digest.update(chunk)
                yield chunk

        key = _key(schema, file_id)
        await self.storage.put(key, measured())
        return StoredFile(file_id, safe_name(name), media_type, size, digest.hexdigest(), key)

    async def keep(
        self,
        tx: Transaction,
        file: StoredFile,
        *,
        purpose: str,
        created_by: UUID | None = None,
        expires_at: datetime | None = None,
    ) -> None:
        """Enters a received file in the organisation's list. A file that is never kept is removed after a day."""
        values = {name: getattr(file, name) for name in ("id", "name", "media_type", "size", "sha256")}
        extra = {"purpose": purpose, "created_by": created_by, "expires_at": expires_at}
        await tx.execute(_INSERT, {**values, **extra})

    async def get(self, tx: Transaction, file_id: UUID) -> StoredFile:
        """A kept file, or NotFound."""
        row = await tx.fetch_one(_GET, {"id": file_id})
        if row is None:
            raise gone()
        return StoredFile(**row, key=_key(tx.schema, file_id))

    async def remove(self, tx: Transaction, file_id: UUID) -> None:
        """Takes a file off the list; its bytes go once the transaction has committed."""
        if await tx.execute(_DELETE, {"id": file_id}):
            key = _key(tx.schema, file_id)
            tx.after_commit(lambda: self.storage.delete(key))

    async def read(self, file: StoredFile, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from ``start`` to before ``end`` in chunks. Raises NotFound at once where they are gone."""
        return await self.storage.open(file.key, start, end)

    def local(self, file: StoredFile) -> AbstractAsyncContextManager[Path]:
        """A path with the bytes for the time of the block, for readers that need one. Raises NotFound."""
        return self.storage.local(file.key)

    async def sweep(self, tx: Transaction) -> int:
        """Removes expired files, and bytes that nothing has referred to for a day; gives how many files went."""
        await tx.execute(_EXPIRED)
        kept = {one.hex for one in await tx.fetch_column(sa.select(files.c.id))}
        oldest, removed = time.time() - ORPHAN_SECONDS, 0
        async for key, changed in self.storage.walk(tx.schema):
            if changed < oldest and key.rsplit("/", 1)[-1] not in kept:
                await self.storage.delete(key)
                removed += 1
        return removed

    async def remove_organisation(self, schema: str) -> None:
        """Removes all bytes of an organisation."""
        await self.storage.clear(schema)


def open_files(settings: Settings) -> FileStore:
    """The stored files of an installation, where its settings say."""
    address = parse_address(settings.storage_url)
    if address.kind == "s3":
        secret = settings.storage_secret_key.get_secret_value() if settings.storage_secret_key else ""
        return FileStore(S3Storage(address, settings.storage_access_key, secret))
    return FileStore(DiskStorage(Path(address.path) if address.path else settings.data_dir / "files"))


def _key(schema: str, file_id: UUID) -> str:
    return f"{schema}/{file_id.hex[-2:]}/{file_id.hex}"


def safe_name(name: str) -> str:
    """A file name that is safe in a header and on any system: no directories, no control characters, no reserved
    names, at most 180 bytes with its extension kept. Never empty."""
    base = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    clean = "".join("_" if one in _FORBIDDEN or unicodedata.category(one)[0] == "C" else one for one in base)
    clean = clean.strip(" .") or "file"
    stem, dot, extension = clean.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, extension = clean, ""
    if stem.upper() in _RESERVED:
        stem = f"_{stem}"
    ending = f".{extension}" if extension else ""
    while len((stem + ending).encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return stem + ending


def too_large(limit: int) -> TooLarge:
    """The refusal of a file above ``limit`` bytes."""
    return TooLarge(
        Text("文件超过 {limit} MB 的上限", "the file is larger than the limit of {limit} MB").fill(
            limit=limit // (1024 * 1024)
        ),
        extra={"limit": limit},
    )


@job("infra.sweep_files", cron="41 3 * * *")
async def sweep_files(database: Database, schema: str) -> None:
    """Sweeps the files of every organisation."""
    async with database.read(schema) as tx:
        schemas = await tx.fetch_column(sa.select(organisations.c.schema))
    for one in schemas:
        async with database.transaction(one, statement_seconds=0) as tx:
            await database.files.sweep(tx)
