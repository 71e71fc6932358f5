"""Files on records over HTTP: forms, headers, ranges, limits, who may; what happens to them is tested in the layer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from httpx import AsyncClient, Response

from liaoran.app import Founding, create_app, found_organisation
from liaoran.infra.database import Database
from liaoran.infra.settings import Settings
from liaoran.kernel.ids import new_id

from ..conftest import ADMIN, ADMIN_PASSWORD, SignIn, answer_of, client_of

API = "/api/v1"
NAME = "合同“终版” (1)'s;.pdf"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20


async def new_record(client: AsyncClient) -> str:
    body = {"name": f"客户 {new_id().hex}"}
    return f"/records/account/{(await answer_of(client, 'POST', '/records/account', body))['id']}"


async def send(client: AsyncClient, path: str, content: bytes = PDF, name: str = NAME, **form: str) -> Response:
    return await client.post(API + path, files={"file": (name, content, "image/png")}, data=form)


async def put(client: AsyncClient, record: str, content: bytes = PDF, name: str = NAME, **form: str) -> Any:
    answer = await send(client, record + "/files", content, name, **form)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_from_upload_to_restore(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    client = await sign_in("lina")
    record = await new_record(client)
    made = await put(client, record, document_type="contract", note="初稿", title=" ")
    version = made["versions"][0]
    assert (made["title"], made["document_type"], made["version"]) == ("合同“终版” (1)'s;.pdf", "contract", 1)
    assert (version["media_type"], version["preview"], version["note"]) == ("application/pdf", "pdf", "初稿")
    assert version["uploaded_by"] == {"id": str(people["lina"]), "label": "李娜"}
    path = f"{record}/files/{made['id']}"
    again = await send(client, path + "/versions", PNG, "扫描.png", note="盖章")
    assert (again.status_code, again.json()["version"]) == (201, 2)
    changed = await answer_of(client, "PATCH", path, {"title": "主合同", "document_type": None})
    assert (changed["title"], changed["document_type"]) == ("主合同", None)
    assert (await client.delete(API + path)).status_code == 204
    assert await answer_of(client, "GET", record + "/files") == []
    assert [one["id"] for one in await answer_of(client, "GET", record + "/files?removed=true")] == [made["id"]]
    back = await answer_of(client, "POST", path + "/restore")
    assert [one["number"] for one in back["versions"]] == [2, 1]
    assert await answer_of(client, "GET", record + "/files") == [back]
    history = await answer_of(client, "GET", record + "/history")
    assert [one["file"]["what"] for one in history["events"] if one["kind"] == "file"] == [
        "restored", "removed", "changed", "version", "added",
    ]  # fmt: skip


async def test_an_upload_that_is_sent_twice_takes_place_once(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    record = await new_record(client)
    key = {"idempotency-key": new_id().hex}

    async def once(content: bytes, path: str = "/files") -> Response:
        return await client.post(API + record + path, files={"file": (NAME, content)}, headers=key)

    first, again, other = await once(PDF), await once(PDF), await once(PNG)
    assert (first.status_code, again.json(), other.status_code) == (201, first.json(), 409)
    version = f"/files/{first.json()['id']}/versions"
    key["idempotency-key"] = new_id().hex
    assert [(await once(PNG, version)).json()["version"] for _ in range(2)] == [2, 2]
    assert len(await answer_of(client, "GET", record + "/files")) == 1


async def test_a_download_is_never_a_page(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    record = await new_record(client)
    evil = b"<html><script>alert(document.domain)</script></html>"
    for content, kind in ((PDF, "application/pdf"), (evil, "application/octet-stream")):
        made = await put(client, record, content)
        answer = await client.get(f"{API}{record}/files/{made['id']}/versions/1/content")
        assert (answer.status_code, answer.content) == (200, content)
        headers = answer.headers
        assert headers["content-type"] == kind
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert headers["x-frame-options"] == "DENY"
        assert headers["content-length"] == str(len(content))
        assert headers["content-disposition"].isascii()
        name = re.fullmatch(r"attachment; filename\*=UTF-8''([\w.%~-]+)", headers["content-disposition"])
        assert name
        assert unquote(name[1]) == NAME


async def test_a_preview_is_an_image_or_a_pdf(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    record = await new_record(client)

    async def preview(content: bytes, name: str = NAME) -> Response:
        made = await put(client, record, content, name)
        return await client.get(f"{API}{record}/files/{made['id']}/versions/1/preview")

    image = await preview(PNG, "图.svg")
    assert (image.status_code, image.headers["content-type"], image.content) == (200, "image/png", PNG)
    assert image.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert image.headers["content-disposition"].startswith("inline;")
    document = await preview(PDF)
    assert document.headers["content-type"] == "application/pdf"
    assert document.headers["x-frame-options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in document.headers["content-security-policy"]
    assert document.headers["x-content-type-options"] == "nosniff"
    for content in (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html>", b"plain"):
        refused = await preview(content, "a.png")
        assert (refused.status_code, refused.json()["code"]) == (404, "no_preview")


async def test_a_download_goes_on_where_it_stopped(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    record = await new_record(client)
    made = await put(client, record)
    path = f"{API}{record}/files/{made['id']}/versions/1/content"
    part = await client.get(path, headers={"range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, PDF[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(PDF)}"
    assert (await client.get(path, headers={"range": "bytes=-5"})).content == PDF[-5:]
    behind = await client.get(path, headers={"range": "bytes=99999999-"})
    assert (behind.status_code, behind.json()["code"]) == (416, "range_not_satisfiable")
    kept = await client.get(path, headers={"if-none-match": part.headers["etag"]})
    assert (kept.status_code, kept.content) == (304, b"")


async def test_only_who_may_see_the_record_sees_its_files(sign_in: SignIn) -> None:
    owner, stranger, leader = await sign_in("lina"), await sign_in("sun"), await sign_in("chen")
    made = await answer_of(owner, "POST", "/records/opportunity", {"name": "私密商机"})
    record = f"/records/opportunity/{made['id']}"
    file = await put(owner, record)
    path = f"{record}/files/{file['id']}"
    for method, place in (
        ("GET", record + "/files"),
        ("GET", path + "/versions/1/content"),
        ("GET", path + "/versions/1/preview"),
        ("PATCH", path),
        ("DELETE", path),
        ("POST", path + "/restore"),
    ):
        body = {} if method == "PATCH" else None
        assert (await stranger.request(method, API + place, json=body)).status_code == 404, place
    for place in (record + "/files", path + "/versions"):
        assert (await send(stranger, place)).status_code == 404
    assert (await leader.get(API + path + "/versions/1/content")).content == PDF
    token = await answer_of(owner, "POST", "/tokens", {"label": "只读", "scopes": ["read"]})
    async with client_of(owner._transport.app, authorization=f"Bearer {token['token']}") as reader:  # type: ignore[attr-defined]
        assert (await reader.get(API + path + "/versions/1/content")).content == PDF
        assert (await send(reader, record + "/files")).status_code == 403
    for number in ("0", "2", "-1", "99999999999999999999", "x"):
        assert (await owner.get(f"{API}{path}/versions/{number}/content")).status_code == 404, number


async def test_what_is_no_upload_is_refused_in_words(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    record = await new_record(client)
    path = record + "/files"
    for content, name, status, code in (
        (b"", "a.txt", 400, "empty_file"),
        (b"MZ\x90\0\3\0", "报价.pdf", 422, "program_refused"),
        (b"echo 1", "a.ps1", 422, "program_refused"),
    ):
        answer = await send(client, path, content, name)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer.headers["content-type"] == "application/problem+json"
    for form, code in (
        ({"document_type": "nothing"}, "unknown_document_type"),
        ({"title": "x" * 201}, "invalid"),
        ({"colour": "red"}, "invalid"),
    ):
        answer = await send(client, path, **form)
        assert (answer.status_code, answer.json()["code"]) == (400, code), form
    assert (await client.post(API + path, json={})).json()["code"] == "no_form"
    assert (await client.post(API + path, files={"other": ("a", b"x")})).json()["code"] == "no_file"
    assert await answer_of(client, "GET", path) == []
    made = await put(client, record)
    answer = await send(client, f"{path}/{made['id']}/versions", title="x")
    assert answer.status_code == 400


@pytest.fixture(scope="module")
async def narrow(sales_database: Database, people: Mapping[str, UUID]) -> AsyncIterator[AsyncClient]:
    """The administrator at a server that takes files of one mebibyte, and only images and PDF."""
    given = sales_database.settings
    settings = Settings(data_dir=given.data_dir, pool_size=4, max_file_mb=1, file_types="image/*, application/pdf")
    app = create_app(settings, sales_database)
    async with client_of(app) as client:
        answer = await client.post(API + "/session", json={"login": ADMIN, "password": ADMIN_PASSWORD})
        client.headers["x-csrf-token"] = answer.json()["csrf"]
        yield client


async def test_the_limits_of_the_settings(narrow: AsyncClient) -> None:
    record = await new_record(narrow)
    path = record + "/files"
    assert await answer_of(narrow, "GET", "/file-limits") == {
        "max_bytes": 2**20,
        "types": ["image/*", "application/pdf"],
        "programs": False,
    }
    full = PDF + b"x" * (2**20 - len(PDF))
    assert (await send(narrow, path, full)).status_code == 201
    for content in (full + b"x", full * 3):
        answer = await send(narrow, path, content)
        assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (413, "too_large", 2**20)
    text = await send(narrow, path, b"text", "a.png")
    assert (text.status_code, text.json()["code"], text.json()["found"]) == (422, "file_type_refused", "text/plain")


async def test_a_stream_without_a_length_stops_at_the_limit(narrow: AsyncClient) -> None:
    record = await new_record(narrow)
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
        while True:
            taken += 1
            assert taken < 10_000
            yield b"x" * 1000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await narrow.post(f"{API}{record}/files", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_document_types_are_shipped_and_the_administrators_own(sign_in: SignIn) -> None:
    seller, admin = await sign_in("lina"), await sign_in()
    shipped = await answer_of(seller, "GET", "/document-types")
    assert [one["key"] for one in shipped] == [
        "requirement", "confirmation", "proposal", "quote", "contract", "minutes", "invoice", "other",
    ]  # fmt: skip
    assert shipped[4] == {
        "key": "contract",
        "label": {"zh": "合同版本", "en": "Contract"},
        "retired": False,
        "origin": "shipped",
    }
    parts = [{"key": one["key"], "label": one["label"]} for one in shipped]
    assert (await seller.put(API + "/document-types", json=parts)).status_code == 403
    wanted = [{"label": {"zh": "验收单", "en": "Acceptance"}}, *parts[:-1]]
    done = await answer_of(admin, "PUT", "/document-types", wanted)
    assert (done[0]["label"]["zh"], done[0]["origin"], done[-1]["key"], done[-1]["retired"]) == (
        "验收单", "custom", "other", True,
    )  # fmt: skip
    assert await answer_of(seller, "GET", "/document-types") == done
    assert (await admin.put(API + "/document-types", json=[{"label": {}}])).status_code == 400
    await answer_of(admin, "PUT", "/document-types", parts)


async def test_nobody_of_another_organisation_sees_them(sales_database: Database, app: Any, sign_in: SignIn) -> None:
    client = await sign_in("lina")
    record = await new_record(client)
    file = await put(client, record)
    # from here on a login alone does not say whose it is, so this test is the last
    founding = Founding("elsewhere", "别家", "boss", "another-organisation")
    organisation = await found_organisation(sales_database, founding)
    app.state.services.forget_organisations()
    async with client_of(app) as boss:
        entered = {"login": "boss", "password": founding.admin_password, "organisation": organisation.slug}
        boss.headers["x-csrf-token"] = (await answer_of(boss, "POST", "/session", entered))["csrf"]
        own = await new_record(boss)
        for place in (record, own):
            path = f"{API}{place}/files/{file['id']}"
            assert (await boss.get(path + "/versions/1/content")).status_code == 404
            assert (await boss.delete(path)).status_code == 404
        assert (await boss.get(f"{API}{record}/files")).status_code == 404
