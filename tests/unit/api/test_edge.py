"""The edge: what it lets in, from whom, how much and how slowly; and what it tells browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI, Request
from httpx import ASGITransport, AsyncClient
from starlette.exceptions import HTTPException

from liaoran.api import limits as limits_module
from liaoran.api.bodies import DEEPEST, StrictRequest
from liaoran.api.edge import Edge
from liaoran.api.limits import LARGEST_BODY, check_head, limited, limits_of
from liaoran.api.problems import install_problems
from liaoran.infra.settings import Settings
from liaoran.kernel.errors import Invalid

MEBIBYTE = 1024 * 1024
Clients = Callable[..., AsyncClient]


@pytest.fixture
def clients() -> Clients:
    """Clients of a small application behind the edge under the given settings."""

    def client(base_url: str = "http://crm.example.cn", **settings: Any) -> AsyncClient:
        app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
        install_problems(app)

        @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        async def take(request: Request) -> dict[str, int]:
            return {"size": len(await request.body())}

        app.add_middleware(Edge, settings=Settings(**settings))
        return AsyncClient(transport=ASGITransport(app), base_url=base_url)

    return client


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("crm.example.cn", 200), ("CRM.Example.CN.", 200), ("crm.example.cn:8443", 200), ("a.sales.example.cn", 200),
        ("localhost:8000", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200), ("10.9.8.7", 200),
        ("example.cn", 421), ("sales.example.cn", 421), ("evil.example", 421), ("crm.example.cn.evil.example", 421),
        ("10.1.1.1", 421), ("", 421), ("crm.example.cn@evil.example", 421), ("169.254.169.254", 421),
    ],
)  # fmt: skip
async def test_names_of_others_are_refused_where_ones_own_is_known(clients: Clients, host: str, status: int) -> None:
    settings = {"public_url": "https://crm.example.cn", "allowed_hosts": "*.sales.example.cn,10.9.0.0/16"}
    client = clients(**settings)
    answer = await client.get("/api/v1/me", headers={"host": host})
    assert answer.status_code == status
    if status == 421:
        assert answer.json()["code"] == "unknown_host"
        assert host not in answer.text or not host
    assert (await client.get("/healthz", headers={"host": host})).status_code == 200


async def test_any_name_is_taken_where_none_is_known(clients: Clients) -> None:
    assert (await clients().get("/", headers={"host": "whatever.example"})).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "http://crm.example.cn"}, True),
        ({"origin": "https://crm.example.cn"}, True),
        ({"origin": "https://outside.example.cn", "host": "inside:8000"}, True),
        ({"sec-fetch-site": "cross-site", "authorization": "Bearer liaoran_x"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://crm.example.cn"}, False),
        ({"sec-fetch-site": "cross-site", "authorization": "Basic YTpi"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://crm.example.cn.evil.example"}, False),
        ({"origin": "https://crm.example.cn:8443"}, False),
        ({"origin": "null"}, False),
    ],
)
async def test_pages_of_others_change_nothing(
    clients: Clients, method: str, headers: dict[str, str], taken: bool
) -> None:
    client = clients(public_url="https://outside.example.cn", allowed_hosts="crm.example.cn inside")
    answer = await client.request(method, "/api/v1/session", headers=headers)
    assert answer.status_code == (200 if taken else 403)
    if not taken:
        assert answer.json()["code"] == "cross_site"
    assert (await client.get("/api/v1/session", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("path", "largest"),
    [
        ("/api/v1/session", 64 * 1024),
        ("/api/v1/session/options", 64 * 1024),
        ("/api/v1/signin/totp", 64 * 1024),
        ("/api/v1/tokens", 2 * MEBIBYTE),
        ("/api/v1/records/account/batch", LARGEST_BODY),
        ("/api/v1/processes/sales/draft", LARGEST_BODY),
        ("/api/v1/records/account/1/files/2", 2 * MEBIBYTE),
        ("/api/v1/imports", LARGEST_BODY + 7),
        ("/api/v1/imports/1/plan", 2 * MEBIBYTE),
        ("/anything", 2 * MEBIBYTE),
        ("/api/v1/records/account/1/files", None),
        ("/api/v1/records/account/1/files/2/versions", None),
    ],
)
def test_each_kind_of_request_has_its_size(path: str, largest: int | None) -> None:
    assert limits_of(path, 7).body == largest


async def test_a_body_beyond_its_size_is_refused_told_or_not(clients: Clients) -> None:
    client = clients()

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield bytes(1024)

    for content in (bytes(65 * 1024), chunks()):
        answer = await client.post("/api/v1/session", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    answer = await client.post("/api/v1/session", content=b"x", headers={"content-length": "-1"})
    assert answer.status_code == 413
    assert (await client.post("/api/v1/session", content=bytes(64 * 1024))).json() == {"size": 64 * 1024}


@pytest.mark.parametrize(
    ("scope", "status"),
    [
        ({"path": "/" + "x" * 20_000}, 414),
        ({"query_string": b"x" * 20_000}, 414),
        ({"headers": [(b"a", b"b")] * 101}, 431),
        ({"headers": [(b"a", b"b" * 50_000)]}, 431),
    ],
)
def test_heads_beyond_their_size_are_refused(scope: dict[str, Any], status: int) -> None:
    usual = {"path": "/", "query_string": b"", "headers": [(b"host", b"x")]}
    check_head(usual)
    with pytest.raises(HTTPException) as refused:
        check_head({**usual, **scope})
    assert refused.value.status_code == status


def _receiving(*pieces: dict[str, Any]) -> Any:
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()
        message = waiting.pop(0)
        if "body" not in message:
            for _ in range(5):  # turns of the loop, in which a limit of no seconds would strike
                await asyncio.sleep(0)
        return message

    return receive


def _piece(size: int, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": bytes(size), "more_body": more}


FILE = {"type": "http", "method": "POST", "path": "/api/v1/imports", "headers": [], "query_string": b""}


async def test_a_file_that_pauses_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "PAUSE_SECONDS", 0)
    receive = limited(FILE, _receiving(_piece(10)), limits_of(FILE["path"], MEBIBYTE))
    await receive()
    with pytest.raises(HTTPException) as refused:
        await receive()
    assert refused.value.status_code == 408


async def test_a_file_that_drips_is_given_up_and_one_that_flows_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "SECONDS", 0.0)
    monkeypatch.setattr(limits_module, "LEAST_RATE", 10**9)
    receive = limited(FILE, _receiving(_piece(10)), limits_of(FILE["path"], MEBIBYTE))
    with pytest.raises(HTTPException) as refused:
        await receive()
    assert refused.value.status_code == 408
    monkeypatch.setattr(limits_module, "LEAST_RATE", 0)
    receive = limited(FILE, _receiving(_piece(10), _piece(0, more=False)), limits_of(FILE["path"], MEBIBYTE))
    assert len((await receive())["body"]) == 10
    assert (await receive())["more_body"] is False


async def test_waiting_for_the_client_to_leave_is_no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits_module, "PAUSE_SECONDS", 0)
    left = {"type": "http.disconnect"}
    receive = limited(FILE, _receiving(_piece(10, more=False), left), limits_of(FILE["path"], MEBIBYTE))
    await receive()
    assert await receive() == left


async def _read(body: bytes) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return await StrictRequest({"type": "http", "method": "POST", "path": "/", "headers": []}, receive).json()


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
async def test_json_is_read_to_a_depth_and_no_further(opening: str) -> None:
    levels = opening.count("[") + opening.count("{")
    closing = "".join("]" if one == "[" else "}" for one in reversed(opening) if one in "[{")

    def nested(depth: int) -> bytes:
        return (opening * (depth // levels) + "1" + closing * (depth // levels)).encode()

    await _read(nested(DEEPEST))
    for depth in (DEEPEST + 2, 900):
        with pytest.raises(Invalid) as refused:
            await _read(nested(depth))
        assert refused.value.code == "too_deep"
    wide = b"[" + b",".join([b"[[1]]"] * 5000) + b"]"
    assert len(await _read(wide)) == 5000


async def test_what_the_api_answers_can_do_nothing_in_a_browser(clients: Clients) -> None:
    headers = (await clients().get("/api/v1/me")).headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


async def test_pages_run_scripts_of_our_own_files_only(clients: Clients) -> None:
    headers = (await clients("https://crm.example.cn", public_url="https://crm.example.cn").get("/")).headers
    policy = {
        part.split()[0]: part.split()[1:] for part in headers["content-security-policy"].split(";") if part.strip()
    }
    assert policy["default-src"] == policy["script-src"] == policy["connect-src"] == ["'self'"]
    for nothing in ("script-src-attr", "object-src", "base-uri", "frame-ancestors"):
        assert policy[nothing] == ["'none'"]
    assert not {"'unsafe-eval'", "*", "https:", "http:"} & {one for values in policy.values() for one in values}
    assert headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
async def test_no_other_origin_is_let_in_by_cors(clients: Clients, origin: str) -> None:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-csrf-token",
    }
    answer = await clients().options("/api/v1/session", headers=asked)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
