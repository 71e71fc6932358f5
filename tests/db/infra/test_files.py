from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from liaoran.infra.database import Database
from liaoran.infra.files import FileStore, StoredFile, TooLarge, sweep_files
from liaoran.infra.organisations import Organisation
from liaoran.infra.storage import CHUNK
from liaoran.infra.storage_disk import DiskStorage
from liaoran.kernel.errors import NotFound


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def received(store: FileStore, schema: str, *parts: bytes, limit: int = 10 * CHUNK) -> StoredFile:
    return await store.receive(schema, "../报价.csv", "text/csv", chunks(*parts), limit=limit)


def path_of(store: FileStore, file: StoredFile) -> Path:
    assert isinstance(store.storage, DiskStorage)
    return store.storage.path(file.key)


def left_behind(directory: Path) -> list[str]:
    return [path.name for path in directory.rglob("*") if path.is_file()]


async def test_a_kept_file_comes_back_as_it_was(database: Database, organisation: Organisation) -> None:
    content = os.urandom(2 * CHUNK + 17)
    parts = [content[at : at + 60_000] for at in range(0, len(content), 60_000)]
    stored = await received(database.files, organisation.schema, *parts)
    assert (stored.name, stored.size, stored.sha256) == (
        "报价.csv",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    async with database.transaction(organisation.schema) as tx:
        await database.files.keep(tx, stored, purpose="import", created_by=uuid4())
    async with database.read(organisation.schema) as tx:
        found = await database.files.get(tx, stored.id)
    assert found == stored
    assert b"".join([chunk async for chunk in await database.files.read(found)]) == content


async def test_too_much_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    store = FileStore(DiskStorage(tmp_path))
    with pytest.raises(TooLarge) as caught:
        await received(store, "org_x", b"x" * 70, b"x" * 70, limit=100)
    assert (caught.value.status, caught.value.extra) == (413, {"limit": 100})
    assert left_behind(tmp_path) == []


async def test_a_sender_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * (CHUNK + 1)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await FileStore(DiskStorage(tmp_path)).receive("org_x", "a", "text/plain", broken(), limit=10 * CHUNK)
    assert left_behind(tmp_path) == []


async def test_bytes_go_only_when_the_removal_is_committed(database: Database, organisation: Organisation) -> None:
    stored = await received(database.files, organisation.schema, b"abc")
    async with database.transaction(organisation.schema) as tx:
        await database.files.keep(tx, stored, purpose="import")
    with pytest.raises(KeyError):
        async with database.transaction(organisation.schema) as tx:
            await database.files.remove(tx, stored.id)
            raise KeyError
    async with database.transaction(organisation.schema) as tx:
        assert await database.files.get(tx, stored.id) == stored
        await database.files.remove(tx, stored.id)
        await database.files.remove(tx, uuid4())
    async with database.read(organisation.schema) as tx:
        with pytest.raises(NotFound):
            await database.files.get(tx, stored.id)
    assert not await asyncio.to_thread(path_of(database.files, stored).exists)


async def test_the_sweep_takes_what_expired_and_what_nobody_keeps(
    database: Database, organisation: Organisation
) -> None:
    kept, expired, orphan, recent = [
        await received(database.files, organisation.schema, name.encode())
        for name in ("kept", "expired", "orphan", "recent")
    ]
    async with database.transaction(organisation.schema) as tx:
        await database.files.keep(tx, kept, purpose="export", expires_at=datetime.now(UTC) + timedelta(days=1))
        await database.files.keep(tx, expired, purpose="export", expires_at=datetime.now(UTC) - timedelta(days=1))
    old = time.time() - 2 * 24 * 3600
    for file in (kept, expired, orphan):
        os.utime(path_of(database.files, file), (old, old))
    await sweep_files(database, "liaoran")
    paths = [path_of(database.files, file) for file in (kept, expired, orphan, recent)]
    assert await asyncio.to_thread(lambda: [path.exists() for path in paths]) == [True, False, False, True]


async def test_files_of_other_organisations_are_out_of_reach(database: Database, organisation: Organisation) -> None:
    stored = await received(database.files, "org_other", b"abc")
    async with database.read(organisation.schema) as tx:
        with pytest.raises(NotFound):
            await database.files.get(tx, stored.id)
