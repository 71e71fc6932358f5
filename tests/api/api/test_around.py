"""What lies around the API proper: live updates, pages, health, the OpenAPI document."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from liaoran.access.sessions import close_sessions_of
from liaoran.api import live
from liaoran.api.live import live_updates
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id

from ..conftest import PASSWORD, SignIn, answer_of


@pytest.fixture
def pages(app: FastAPI, tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Liaoran</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("let a = 1;" * 100)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    app.state.services.pages = tmp_path
    return tmp_path


async def test_pages_and_their_caching(nobody: AsyncClient, pages: Path) -> None:
    start = await nobody.get("/")
    assert (start.text, start.headers["cache-control"]) == ("<title>Liaoran</title>", "no-cache")
    assert (await nobody.get("/records/account/5")).text == start.text
    asset = await nobody.get("/assets/app-1a2b.js")
    assert asset.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert asset.headers["content-encoding"] == "gzip"
    assert asset.text.startswith("let a")
    plain = await nobody.get("/assets/app-1a2b.js", headers={"accept-encoding": "identity"})
    assert len(plain.content) > len(gzip.compress(plain.content))
    assert (await nobody.get("/favicon.svg")).headers["cache-control"] == "no-cache"
    head = await nobody.head("/")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/x%00.js", "/api/x"]
)
async def test_what_is_no_page(nobody: AsyncClient, pages: Path, path: str) -> None:
    answer = await nobody.get(path)
    assert answer.status_code in (200, 404)
    assert "root:" not in answer.text
    if answer.status_code == 200:
        assert answer.text == "<title>Liaoran</title>"


async def test_health_and_metrics(nobody: AsyncClient) -> None:
    assert (await nobody.get("/healthz")).json() == {"status": "ok"}
    ready = await nobody.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert {"database", "migrations", "jobs", "storage", "disk"} == {one["key"] for one in ready.json()["checks"]}
    metrics = await nobody.get("/metrics")
    assert "liaoran_request_seconds_bucket" in metrics.text
    assert 'route="/api/v1/' not in metrics.text or "0193" not in metrics.text


async def test_the_document_is_public_and_whole(nobody: AsyncClient) -> None:
    document = (await nobody.get("/api/openapi.json")).json()
    assert document["info"]["title"] == "Liaoran"
    refusal = document["paths"]["/api/v1/records/{object}"]["post"]["responses"]["4XX"]
    assert refusal["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")
    text = orjson.dumps(document).decode()
    for reference in {part.split('"')[0] for part in text.split('"$ref":"#/components/schemas/')[1:]}:
        assert reference in document["components"]["schemas"], reference


class Stream:
    """The events of ``/events`` as they come, without waiting for an end that never comes."""

    def __init__(self, client: AsyncClient, app: FastAPI) -> None:
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        headers = [(b"cookie", f"liaoran_session={client.cookies['liaoran_session']}".encode())]
        self._scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/events",
            "raw_path": b"/api/v1/events",
            "query_string": b"",
            "headers": headers,
            "client": ("192.0.2.7", 1),
            "server": ("test", 80),
            "scheme": "http",
            "http_version": "1.1",
            "root_path": "",
        }
        self._app = app
        self._gone = asyncio.Event()

    async def __aenter__(self) -> Stream:
        self._task = asyncio.create_task(self._app(self._scope, self._receive, self._send))
        assert await self.next() == "retry: 3000"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def next(self) -> str:
        async with asyncio.timeout(20):
            return await self._lines.get()

    async def end(self) -> None:
        async with asyncio.timeout(20):
            await self._task

    @property
    def has_ended(self) -> bool:
        return self._task.done()

    async def next_or_end(self) -> None:
        line = asyncio.create_task(self._lines.get())
        await asyncio.wait({line, self._task}, return_when=asyncio.FIRST_COMPLETED)
        line.cancel()

    async def _receive(self) -> dict[str, object]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, object]) -> None:
        body = message.get("body")
        if isinstance(body, bytes):
            for line in body.decode().splitlines():
                if line:
                    self._lines.put_nowait(line)


async def test_changes_are_told_to_whoever_may_read_them(app: FastAPI, sign_in: SignIn) -> None:
    watcher, writer = await sign_in("chen"), await sign_in("lina")
    async with Stream(watcher, app) as stream:
        await answer_of(writer, "POST", "/records/account", {"name": "直播"})
        assert await stream.next() == "event: change"
        data = orjson.loads((await stream.next()).removeprefix("data: "))
        assert data["object"] == "account"
        assert "直播" not in str(data)


async def hint_about(stream: Stream, object_key: str) -> dict[str, Any]:
    """The next hint about an Object; what else is told meanwhile is left out."""
    while True:
        assert await stream.next() == "event: change"
        hint: dict[str, Any] = orjson.loads((await stream.next()).removeprefix("data: "))
        if hint["object"] == object_key:
            return hint


async def test_what_goes_with_a_record_is_told_with_it(
    app: FastAPI, sign_in: SignIn, people: Mapping[str, UUID]
) -> None:
    """Whoever comes to see a deal, or sees it no more, comes to see or loses what hangs on it: the hint about the one
    names the others. Compared over a committed world: what each person's lists show before and after."""
    admin, watchers = await sign_in(), [await sign_in("lina"), await sign_in("chen"), await sign_in("sun")]
    account = await answer_of(admin, "POST", "/records/account", {"name": "随主客户"})
    deal = await answer_of(admin, "POST", "/records/opportunity", {"name": "随主商机", "account": account["id"]})
    where = f"/records/opportunity/{deal['id']}"
    written = {"subject": "随主跟进", "content": "谈了价格", "happened_at": "2026-01-05T02:00:00Z"}
    await answer_of(admin, "POST", "/records/follow_up", {**written, "opportunity": deal["id"]})
    await answer_of(admin, "POST", "/records/task", {"subject": "随主任务", "opportunity": deal["id"]})
    given = await answer_of(admin, "PATCH", where, {"owner": str(people["lina"])})
    assert given["version"] == 2

    async def lists(client: AsyncClient) -> dict[str, int]:
        asked = {"where": {"field": "opportunity", "op": "eq", "value": deal["id"]}}
        return {
            key: len((await answer_of(client, "POST", f"/records/{key}/query", asked))["records"])
            for key in ("follow_up", "task")
        }

    changes = [
        ("PATCH", where, {"owner": str(people["chen"])}),
        ("POST", f"{where}/shares", {"person": str(people["lina"]), "level": "read"}),
        ("DELETE", where, None),
    ]
    changed = 0
    for method, path, body in changes:
        before = [await lists(one) for one in watchers]
        async with AsyncExitStack() as stack:
            streams = [await stack.enter_async_context(Stream(one, app)) for one in watchers]
            answer = await admin.request(method, f"/api/v1{path}", json=body, headers={"if-match": "*"})
            assert answer.is_success, answer.text
            for watcher, stream, was in zip(watchers, streams, before, strict=True):
                hint = await hint_about(stream, "opportunity")
                told = {hint["object"], *hint["carries"]}
                differing = {key for key, number in (await lists(watcher)).items() if number != was[key]}
                assert differing <= told
                changed += len(differing)
    assert changed >= 6


async def test_a_hint_names_nothing_that_its_reader_may_not_read(app: FastAPI, sign_in: SignIn) -> None:
    admin = await sign_in()
    grants = {"objects": {"*": {"read": "none"}, "opportunity": {"read": "all"}, "task": {"read": "own"}}}
    await answer_of(admin, "POST", "/roles", {"key": "watching", "label": {"zh": "旁观"}, "grants": grants})
    person = await answer_of(admin, "POST", "/records/person", {"name": "旁观者"})
    login = {"login": "watching", "password": PASSWORD, "roles": ["watching"]}
    await answer_of(admin, "POST", f"/people/{person['id']}/login", login)
    watcher = await sign_in("watching")
    async with Stream(watcher, app) as stream:
        account = await answer_of(admin, "POST", "/records/account", {"name": "看不到的客户"})
        await answer_of(admin, "POST", "/records/opportunity", {"name": "看得到的商机", "account": account["id"]})
        assert (await hint_about(stream, "opportunity"))["carries"] == ["task"]


async def test_a_stream_ends_with_its_session(
    app: FastAPI,
    sign_in: SignIn,
    sales_database: Database,
    sales_organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    watcher = await sign_in("sun", fresh=True)
    me = await answer_of(watcher, "GET", "/me")
    async with Stream(watcher, app) as stream:
        assert await stream.next() == ": still here"
        async with sales_database.transaction(sales_organisation.schema) as tx:
            await close_sessions_of(tx, me["person"]["id"])
        await stream.end()


async def test_a_stream_that_has_much_to_tell_ends_with_its_session_too(
    app: FastAPI,
    sign_in: SignIn,
    sales_database: Database,
    sales_organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There is always a next hint, so the stream is never idle."""
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    schema = sales_organisation.schema

    watcher = await sign_in("sun", fresh=True)
    me = await answer_of(watcher, "GET", "/me")
    async with Stream(watcher, app) as stream:
        async with sales_database.transaction(schema) as tx:
            await close_sessions_of(tx, me["person"]["id"])
        while not stream.has_ended:
            async with sales_database.transaction(schema) as tx:
                tx.notify({"change": {"object": "account", "action": str(new_id())}})
            await stream.next_or_end()


async def test_nobody_opens_streams_without_end(app: FastAPI, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 2)
    watcher, other = await sign_in("chen"), await sign_in("lina")
    async with Stream(watcher, app):
        async with Stream(watcher, app):
            answer = await watcher.get("/api/v1/events")
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
            async with Stream(other, app):
                pass
        async with Stream(watcher, app):
            pass
    assert not app.state.services.streams


async def test_streams_end_when_the_server_stops(app: FastAPI, sign_in: SignIn) -> None:
    watcher = await sign_in("chen")
    services = app.state.services
    async with Stream(watcher, app) as stream:
        services.stopping.set()
        await stream.end()
    services.stopping.clear()
    assert live_updates.__doc__
