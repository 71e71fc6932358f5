"""Every storage keeps the same promises: whole or nothing, streams both ways, ranges, folders."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO

import pytest

from liaoran.infra.errors import Unavailable
from liaoran.infra.files import FileStore, TooLarge, open_files
from liaoran.infra.settings import Settings
from liaoran.infra.storage import CHUNK, Storage, parse_address
from liaoran.infra.storage_disk import DiskStorage
from liaoran.infra.storage_s3 import PART, S3Storage
from liaoran.kernel.errors import NotFound
from liaoran.kernel.ids import new_id


@pytest.fixture(params=["disk", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    """The stored files as the settings open them."""
    if request.param == "disk":
        return open_files(Settings(data_dir=tmp_path))
    address = f"s3://files/{new_id().hex}?endpoint={request.getfixturevalue('s3')}"
    return open_files(
        Settings(data_dir=tmp_path, storage_url=address, storage_access_key="key", storage_secret_key="secret")
    )


@pytest.fixture
def storage(files: FileStore) -> Storage:
    return files.storage


async def chunks(content: bytes, size: int = 70_000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def read(storage: Storage, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in await storage.open(key, start, end)])


async def keys(storage: Storage, folder: str) -> list[str]:
    return sorted([key async for key, _ in storage.walk(folder)])


@pytest.mark.parametrize("size", [0, 1, CHUNK, 2 * PART + 17])
async def test_what_goes_in_comes_out(storage: Storage, size: int) -> None:
    content = os.urandom(size)
    await storage.put("org_a/0f/one", chunks(content))
    assert await read(storage, "org_a/0f/one") == content
    async with storage.local("org_a/0f/one") as path:
        assert await asyncio.to_thread(path.read_bytes) == content


async def test_a_part_can_be_read(storage: Storage) -> None:
    content = os.urandom(3 * CHUNK)
    await storage.put("org_a/0f/one", chunks(content))
    for start, end in ((0, 1), (5, 5), (CHUNK - 1, CHUNK + 1), (2 * CHUNK, None), (7, 3 * CHUNK)):
        assert await read(storage, "org_a/0f/one", start, end) == content[start:end], (start, end)


async def test_reading_gives_chunks_and_not_the_whole(storage: Storage) -> None:
    await storage.put("org_a/0f/one", chunks(os.urandom(4 * CHUNK)))
    sizes = [len(chunk) async for chunk in await storage.open("org_a/0f/one")]
    assert max(sizes) <= 2 * CHUNK


async def test_what_breaks_off_leaves_nothing(storage: Storage) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(PART + 1)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await storage.put("org_a/0f/one", broken())
    assert await keys(storage, "org_a") == []
    with pytest.raises(NotFound):
        await storage.open("org_a/0f/one")


async def test_too_much_is_refused_and_leaves_nothing(files: FileStore) -> None:
    with pytest.raises(TooLarge):
        await files.receive("org_a", "a.bin", "x/y", chunks(os.urandom(3000), 1000), limit=2999)
    assert await keys(files.storage, "org_a") == []
    stored = await files.receive("org_a", "a.bin", "x/y", chunks(os.urandom(3000), 1000), limit=3000)
    assert stored.size == 3000


async def test_nothing_is_not_found_at_once(storage: Storage) -> None:
    with pytest.raises(NotFound):
        await storage.open("org_a/0f/none")
    with pytest.raises(NotFound):
        async with storage.local("org_a/0f/none"):
            pass
    await storage.delete("org_a/0f/none")


async def test_folders_are_apart(storage: Storage) -> None:
    began = time.time()
    for key in ("org_a/0f/one", "org_a/10/two", "org_ab/0f/three"):
        await storage.put(key, chunks(b"x"))
    assert await keys(storage, "org_a") == ["org_a/0f/one", "org_a/10/two"]
    assert all([abs(changed - began) < 60 async for _, changed in storage.walk("org_a")])
    await storage.delete("org_a/0f/one")
    assert await keys(storage, "org_a") == ["org_a/10/two"]
    await storage.clear("org_a")
    await storage.clear("org_none")
    assert await keys(storage, "org_a") == []
    assert await keys(storage, "org_ab") == ["org_ab/0f/three"]


async def test_a_storage_that_works_says_so(storage: Storage) -> None:
    assert await storage.check() is None


async def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.write_bytes(b"a file where the folder should be")
    storage = DiskStorage(place)
    assert await storage.check()
    with pytest.raises(Unavailable):
        await storage.put("org_a/0f/one", chunks(b"x"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = DiskStorage(tmp_path)

    def full(part: IO[bytes], rest: bytearray, target: Path) -> None:
        with Path("/dev/full").open("wb", buffering=0) as device:
            device.write(rest)

    monkeypatch.setattr("liaoran.infra.storage_disk._complete", full)
    with pytest.raises(Unavailable):
        await storage.put("org_a/0f/one", chunks(b"x" * 10))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_a_bucket_that_is_not_there_is_told(s3: str) -> None:
    absent = S3Storage(parse_address(f"s3://absent?endpoint={s3}"), "key", "secret")
    assert await absent.check()
    with pytest.raises(Unavailable):
        await absent.put("org_a/0f/one", chunks(b"x"))
