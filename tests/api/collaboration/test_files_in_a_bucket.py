"""The same over HTTP where the storage is a bucket: files on records, imports and exports alike."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from liaoran.infra.database import Database
from liaoran.infra.files import open_files
from liaoran.infra.settings import Settings
from liaoran.infra.storage_s3 import PART
from liaoran.infra.worker import Worker
from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"


@pytest.fixture
def bucket(sales_database: Database, s3: str) -> Iterator[None]:
    """Lets the database keep its files in a bucket."""
    disk = sales_database.files
    address = f"s3://files/{new_id().hex}?endpoint={s3}"
    sales_database.files = open_files(
        Settings(
            data_dir=sales_database.settings.data_dir,
            storage_url=address,
            storage_access_key="key",
            storage_secret_key="secret",
        )
    )
    yield
    sales_database.files = disk


async def test_a_file_on_a_record(bucket: None, sign_in: SignIn, sales_database: Database) -> None:
    client = await sign_in("lina")
    record = (await answer_of(client, "POST", "/records/account", {"name": "存储桶客户"}))["id"]
    path = f"{API}/records/account/{record}/files"
    content = b"%PDF-1.7\n" + os.urandom(2 * PART)
    made = await client.post(path, files={"file": ("合同.pdf", content)})
    assert made.status_code == 201, made.text
    version = f"{path}/{made.json()['id']}/versions/1"
    assert (await client.get(version + "/content")).content == content
    part = await client.get(version + "/content", headers={"range": "bytes=5-14"})
    assert (part.status_code, part.content) == (206, content[5:15])
    assert (await client.get(version + "/preview")).headers["content-type"] == "application/pdf"
    stored = [key async for key, _ in sales_database.files.storage.walk("org_test")]
    assert len(stored) == 1
    refused = await client.post(path, files={"file": ("a.pdf", b"MZ\x90\0\3\0")})
    assert refused.status_code == 422
    await sales_database.files.storage.clear("org_test")
    gone = await client.get(version + "/content")
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown_file")


async def test_an_import_and_an_export(bucket: None, sign_in: SignIn, sales_database: Database) -> None:
    client = await sign_in("chen")
    name = f"桶{new_id().hex}"
    rows = f"客户名称,行业\n{name},制造业\n".encode()
    made = await client.post(API + "/imports", files={"file": ("客户.csv", rows)}, data={"object": "account"})
    assert made.status_code == 201, made.text
    path = f"/imports/{made.json()['id']}"
    await answer_of(client, "POST", path + "/start")
    await Worker(sales_database).run_until_idle()
    assert (await answer_of(client, "GET", path))["progress"]["created"] == 1
    where = {"field": "name", "op": "eq", "value": name}
    asked = {"object": "account", "format": "csv", "select": ["name"], "where": where}
    begun = await answer_of(client, "POST", "/exports", asked)
    await Worker(sales_database).run_until_idle()
    file = await client.get(f"{API}/exports/{begun['id']}/file")
    assert name in file.content.decode("utf-8-sig")
