from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
import pytest
import structlog
from fastapi import FastAPI, Request
from httpx import ASGITransport, AsyncClient
from pydantic import BaseModel

from liaoran.api.answers import entity_tag, expected_version, json_bytes
from liaoran.api.bodies import StrictRequest
from liaoran.api.edge import Edge
from liaoran.api.language import accepted_language
from liaoran.api.problems import install_problems
from liaoran.infra.settings import Settings
from liaoran.kernel.errors import Invalid, Refused, TooMany
from liaoran.kernel.text import Text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("de,fr;q=0.8", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh;q=0.2,en;q=0.7", "en"),
        ("en;q=x,zh", "zh"),
        ("*", "zh"),
    ],
)
def test_the_language_of_nobody_is_the_browsers(header: str, language: str) -> None:
    assert accepted_language(header) == language


def _request(body: bytes = b"", headers: dict[str, str] | None = None, client: str = "10.0.0.1") -> StrictRequest:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return StrictRequest(
        {"type": "http", "method": "POST", "path": "/", "headers": raw, "client": (client, 1)}, receive
    )


@pytest.mark.parametrize("body", [b'{"a": NaN}', b'{"a": 1', b'{"a": "\\ud800"}', b"\xff", b"[1,]"])
async def test_json_that_no_database_holds_is_refused(body: bytes) -> None:
    with pytest.raises(orjson.JSONDecodeError):
        await _request(body).json()


@pytest.mark.parametrize("body", [rb'{"a": ["\u0000"]}', rb'{"\u0000": 1}'])
async def test_nul_characters_are_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        await _request(body).json()
    assert await _request(rb'"\\u0000"').json() == "\\u0000"


def test_if_match_wins_over_the_body() -> None:
    assert expected_version(_request(headers={"if-match": '"3"'}), {"version": 2}) == 3
    assert expected_version(_request(headers={"if-match": 'W/"3"'}), {}) == 3
    assert expected_version(_request(), {"version": 2}) == 2
    assert expected_version(_request(headers={"if-match": "*"}), {}) is None
    assert expected_version(_request(), {}) is None
    assert entity_tag(7) == '"7"'


@pytest.mark.parametrize(
    ("headers", "body"), [({"if-match": "3"}, {}), ({}, {"version": "3"}), ({}, {"version": True})]
)
def test_a_version_that_is_none_is_refused(headers: dict[str, str], body: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        expected_version(_request(headers=headers), body)


async def test_long_answers_are_compressed_for_other_machines_only() -> None:
    body = b'"' + b"x" * 10_000 + b'"'
    far = await json_bytes(_request(headers={"accept-encoding": "gzip"}), body)
    near = await json_bytes(_request(headers={"accept-encoding": "gzip"}, client="127.0.0.1"), body)
    short = await json_bytes(_request(headers={"accept-encoding": "gzip"}), b"{}")
    assert far.headers["content-encoding"] == "gzip"
    assert len(far.body) < 1000
    assert "content-encoding" not in near.headers
    assert "content-encoding" not in short.headers


class Secret(BaseModel):
    login: str
    password: str
    secret_key: str


@pytest.fixture
def client() -> AsyncClient:
    app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})
    install_problems(app)

    @app.get("/refused")
    async def refused() -> None:
        raise Refused(Text("不行", "no"), extra={"status": 200, "more": 1})

    @app.get("/throttled")
    async def throttled() -> None:
        raise TooMany(Text("慢", "slow"), retry_after=7)

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("the password is swordfish")

    @app.get("/slow")
    async def slow(request: Request) -> None:
        raise TimeoutError

    @app.get("/typed/{number}")
    async def typed(number: int, limit: int = 1) -> None: ...

    @app.post("/secret")
    async def secret(body: Secret) -> None: ...

    app.add_middleware(Edge, settings=Settings(public_url="https://test"))
    return AsyncClient(transport=ASGITransport(app), base_url="http://test", headers={"accept-language": "en"})


async def test_refusals_have_one_form(client: AsyncClient) -> None:
    answer = await client.get("/refused")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:liaoran:problem:refused",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "code": "refused",
        "detail": "no",
        "errors": [],
        "more": 1,
    }
    throttled = await client.get("/throttled")
    assert (throttled.status_code, throttled.headers["retry-after"]) == (429, "7")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("POST", "/refused", 405, "method_not_allowed"),
        ("GET", "/typed/x", 404, "not_found"),
        ("GET", "/typed/1?limit=x", 400, "invalid"),
        ("GET", "/slow", 503, "unavailable"),
    ],
)
async def test_so_has_everything_else(client: AsyncClient, method: str, path: str, status: int, code: str) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


async def test_a_bug_tells_nothing_but_its_number(client: AsyncClient) -> None:
    answer = await client.get("/bug")
    assert answer.status_code == 500
    assert answer.json()["incident"] in answer.json()["detail"]
    assert "swordfish" not in answer.text
    assert "Traceback" not in answer.text


async def test_every_answer_has_the_security_headers(client: AsyncClient) -> None:
    for path in ("/refused", "/bug", "/nowhere"):
        headers = (await client.get(path)).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"].split("script-src")[1].split(";")[0]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "max-age" in headers["strict-transport-security"]


async def test_refusals_for_safety_are_noted_without_what_was_sent(client: AsyncClient) -> None:
    with structlog.testing.capture_logs() as noted:
        await client.post("/refused", headers={"sec-fetch-site": "cross-site", "x-csrf-token": "hunter2"})
        await client.get("/refused", headers={"host": "evil.example\nfaked=line"})
        await client.get("/throttled")
        await client.get("/nowhere?password=hunter2")
    assert [(one["event"], one["status"], one["code"]) for one in noted] == [
        ("request_refused", 403, "cross_site"),
        ("request_refused", 421, "unknown_host"),
        ("request_refused", 429, "too_many"),
    ]
    assert noted[2]["route"] == "/throttled"
    assert "hunter2" not in repr(noted)
    assert "faked" not in repr(noted)


async def test_a_malformed_secret_is_not_sent_back(client: AsyncClient) -> None:
    answer = await client.post("/secret", json={"login": 7, "password": 31337, "secret_key": ["31337"]})
    assert answer.status_code == 400
    assert {one["field"]: one["evidence"] for one in answer.json()["errors"]} == {
        "login": {"value": 7},
        "password": {},
        "secret_key": {},
    }
