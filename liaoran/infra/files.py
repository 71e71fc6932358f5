"""Stored files: uploads, exports, attachments. The bytes lie in the data directory, what they are in table ``files``.

On disk a file is known by its id only, below the organisation's schema; the name that people gave it never becomes a
path. A file is written beside its place and moved there when it is whole, so a broken upload leaves nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import unicodedata
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from liaoran.infra.jobs import job
from liaoran.infra.statements import Statement
from liaoran.infra.tables import files, organisations
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import LiaoranError, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text

if TYPE_CHECKING:
    from liaoran.infra.database import Database

CHUNK = 1024 * 1024
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
    """``size`` in bytes, ``sha256`` in hexadecimal, ``path`` where the bytes lie."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    path: Path


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
    """The stored files of all organisations of one data directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, schema: str, file_id: UUID) -> Path:
        """Where the bytes of a file lie, whether or not they do."""
        key = file_id.hex
        return self._directory / schema / key[-2:] / key

    async def receive(
        self, schema: str, name: str, media_type: str, chunks: AsyncIterator[bytes], *, limit: int
    ) -> StoredFile:
        """Writes what comes, at most ``limit`` bytes, and gives the file, which nothing refers to yet: ``keep`` it in
        a transaction. Raises TooLarge as soon as the limit is passed; then, or when the sender breaks off, nothing
        stays behind."""
        file_id = new_id()
        target = self.path(schema, file_id)
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
        digest, size, waiting = hashlib.sha256(), 0, bytearray()
        with NamedTemporaryFile(dir=target.parent, prefix=".part-", delete=False) as part:
            try:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise too_large(limit)
                    digest.update(chunk)
                    waiting += chunk
                    if len(waiting) >= CHUNK:
                        await asyncio.to_thread(part.write, waiting)
                        waiting = bytearray()
                await asyncio.to_thread(_complete, part, waiting, target)
            except BaseException:
                await asyncio.to_thread(os.unlink, part.name)
                raise
        return StoredFile(file_id, safe_name(name), media_type, size, digest.hexdigest(), target)

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
        path = self.path(tx.schema, file_id)
        if row is None or not await asyncio.to_thread(path.is_file):
            raise NotFound(Text("文件不存在或已过期", "the file does not exist or has expired"), code="unknown_file")
        return StoredFile(**row, path=path)

    async def remove(self, tx: Transaction, file_id: UUID) -> None:
        """Takes a file off the list; its bytes go once the transaction has committed."""
        if await tx.execute(_DELETE, {"id": file_id}):
            path = self.path(tx.schema, file_id)
            tx.after_commit(lambda: path.unlink(missing_ok=True))

    async def read(self, file: StoredFile) -> AsyncIterator[bytes]:
        """The bytes in chunks of a mebibyte."""
        with await asyncio.to_thread(file.path.open, "rb") as source:
            while chunk := await asyncio.to_thread(source.read, CHUNK):
                yield chunk

    async def sweep(self, tx: Transaction) -> int:
        """Removes expired files, and bytes that nothing has referred to for a day; gives how many files went."""
        await tx.execute(_EXPIRED)
        kept = {one.hex for one in await tx.fetch_column(sa.select(files.c.id))}
        return await asyncio.to_thread(self._sweep, tx.schema, kept)

    def _sweep(self, schema: str, kept: set[str]) -> int:
        removed = 0
        now = datetime.now().timestamp()  # noqa: DTZ005 - compared with file times only
        for path in (self._directory / schema).glob("*/*"):
            if path.name not in kept and now - path.stat().st_mtime > ORPHAN_SECONDS:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    async def remove_organisation(self, schema: str) -> None:
        """Removes all bytes of an organisation."""
        await asyncio.to_thread(shutil.rmtree, self._directory / schema, ignore_errors=True)


def _complete(part: IO[bytes], rest: bytearray, target: Path) -> None:
    part.write(rest)
    part.flush()
    os.fsync(part.fileno())
    Path(part.name).replace(target)


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


@job("infra.sweep_files", cron="41 * * * *")
async def sweep_files(database: Database, schema: str) -> None:
    """Sweeps the files of every organisation."""
    async with database.read(schema) as tx:
        schemas = await tx.fetch_column(sa.select(organisations.c.schema))
    for one in schemas:
        async with database.transaction(one, statement_seconds=0) as tx:
            await database.files.sweep(tx)
