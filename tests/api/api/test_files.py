"""Imports and exports over HTTP; what they do with files is tested in the layer itself."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient

from liaoran.infra.database import Database
from liaoran.infra.worker import Worker
from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"
ROWS = "客户名称,行业\n甲公司,制造业\n乙公司,制造业\n,制造业\n"


async def _upload(client: AsyncClient, content: bytes, name: str = "客户.csv", **form: str) -> Any:
    files = {"file": (name, content, "text/csv")}
    return await client.post(API + "/imports", files=files, data={"object": "account", **form})


async def test_an_import_from_upload_to_undo(sign_in: SignIn, sales_database: Database) -> None:
    client = await sign_in("chen")
    answer = await _upload(client, ROWS.encode())
    assert answer.status_code == 201, answer.text
    made = answer.json()
    path = f"/imports/{made['id']}"
    assert made["analysis"]
    assert (await answer_of(client, "GET", path))["state"] == "analysed"
    planned = await answer_of(client, "PUT", path + "/plan", {"columns": {"行业": None}})
    assert planned["plan"]
    await answer_of(client, "POST", path + "/dry-run")
    await Worker(sales_database).run_until_idle()
    tried = await answer_of(client, "GET", path)
    assert tried["state"] == "analysed"
    assert (tried["progress"]["created"], tried["progress"]["rejected"]) == (2, 1)
    await answer_of(client, "POST", path + "/start")
    await Worker(sales_database).run_until_idle()
    done = await answer_of(client, "GET", path)
    assert (done["state"], done["progress"]["created"]) == ("done", 2)
    rejects = await client.get(API + path + "/rejects")
    assert rejects.status_code == 200
    assert rejects.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert "制造业" in rejects.content.decode("utf-8-sig")
    assert made["id"] in [one["id"] for one in await answer_of(client, "GET", "/imports")]
    undone = await answer_of(client, "POST", path + "/undo")
    assert (undone["undone"], undone["kept"], undone["state"]) == (2, 0, "undone")
    other = await sign_in("lina")
    assert (await other.get(API + path)).status_code == 404


async def test_files_that_are_none(sign_in: SignIn) -> None:
    client = await sign_in("chen")
    for content, name in ((b"", "empty.csv"), (b"\x00\x01\x02" * 50, "x.xlsx"), (b"%PDF-1.7", "x.csv")):
        answer = await _upload(client, content, name)
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json"), name
    assert (await client.post(API + "/imports", json={})).status_code == 400
    assert (await _upload(client, ROWS.encode(), object="nothing")).status_code == 400
    seller = await sign_in("lina")
    assert (await _upload(seller, ROWS.encode())).status_code == 403


async def test_a_file_above_the_limit(sign_in: SignIn) -> None:
    client = await sign_in("chen")
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(3 * 1024**3)}
    answer = await client.post(API + "/imports", content=b"", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_an_export_from_start_to_file(sign_in: SignIn, sales_database: Database) -> None:
    client = await sign_in("lina")
    name = f"导出{new_id()}"
    await answer_of(client, "POST", "/records/account", {"name": name})
    body = {
        "object": "account",
        "format": "csv",
        "select": ["name"],
        "where": {"field": "name", "op": "eq", "value": name},
        "sort": [{"field": "name", "dir": "desc"}],
    }
    begun = await client.post(API + "/exports", json=body)
    assert begun.status_code == 202
    path = f"/exports/{begun.json()['id']}"
    assert (await client.get(API + path + "/file")).status_code == 409
    await Worker(sales_database).run_until_idle()
    state = await answer_of(client, "GET", path)
    assert (state["state"], state["done"], state["total"]) == ("done", 1, 1)
    file = await client.get(API + path + "/file")
    assert name in file.content.decode("utf-8-sig")
    other = await sign_in("sun")
    for end in ("", "/file"):
        assert (await other.get(API + path + end)).status_code == 404
    cancelled = await answer_of(client, "POST", "/exports", {"object": "account"})
    stopped = await answer_of(client, "POST", f"/exports/{cancelled['id']}/cancel")
    assert stopped["state"] == "cancelled"
    for wrong in (
        {"object": "account", "format": "pdf"},
        {"object": "nothing"},
        {"object": "account", "select": ["x"]},
    ):
        assert (await client.post(API + "/exports", json=wrong)).status_code == 400, wrong
