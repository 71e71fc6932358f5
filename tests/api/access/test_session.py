from __future__ import annotations

from collections.abc import Mapping
from http.cookies import SimpleCookie
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from liaoran.access import throttle
from liaoran.api.cookies import COOKIE
from liaoran.infra.database import Database
from liaoran.infra.settings import Settings
from liaoran.kernel.ids import new_id

from ..conftest import ADMIN, ADMIN_PASSWORD, PASSWORD, SignIn, client_of

TOKEN_OVER = "the token is wrong, has expired or was revoked; use a fresh one"
SESSION_OVER = "the session has expired or was ended; please sign in again"


async def test_the_sign_in_page_learns_what_there_is(nobody: AsyncClient) -> None:
    answer = await nobody.get("/api/v1/session/options")
    assert answer.json() == {
        "organisations": [{"slug": "test", "title": "测试", "demo": False}],
        "demo_accounts": [],
        "providers": [],
        "language": "en",
    }


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(app: FastAPI, nobody: AsyncClient) -> None:
    answer = await nobody.post("/api/v1/session", json={"login": ADMIN, "password": ADMIN_PASSWORD})
    assert answer.status_code == 201
    cookie = SimpleCookie(answer.headers["set-cookie"])[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "lax", "/", "")
    assert cookie.value not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    app.state.services.settings = Settings(public_url="https://crm.example")
    try:
        answer = await nobody.post("/api/v1/session", json={"login": ADMIN, "password": ADMIN_PASSWORD})
    finally:
        app.state.services.settings = app.state.services.database.settings
    cookies = SimpleCookie(answer.headers["set-cookie"])
    assert list(cookies) == [f"__Host-{COOKIE}"]
    assert (cookies[f"__Host-{COOKIE}"]["secure"], cookies[f"__Host-{COOKIE}"]["domain"]) == (True, "")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"login": ADMIN, "password": "wrong-password"}, 401, "wrong_login"),
        ({"login": "no-one", "password": ADMIN_PASSWORD}, 401, "wrong_login"),
        ({"login": ADMIN, "password": ADMIN_PASSWORD, "organisation": "elsewhere"}, 401, "wrong_login"),
        ({"login": ADMIN}, 400, "invalid"),
        ({"login": ADMIN, "password": 7}, 400, "invalid"),
        ("text", 400, "invalid"),
    ],
)
async def test_what_does_not_sign_in(nobody: AsyncClient, body: object, status: int, code: str) -> None:
    answer = await nobody.post("/api/v1/session", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "set-cookie" not in answer.headers


async def test_a_form_of_another_site_cannot_sign_in(nobody: AsyncClient) -> None:
    content = '{"login": "admin", "password": "Tested-and-true-2026"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = await nobody.post("/api/v1/session", content=content, headers={"content-type": kind})
        assert answer.status_code == 400


async def test_me(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    client = await sign_in("lina")
    me = (await client.get("/api/v1/me")).json()
    assert me["person"]["id"] == str(people["lina"])
    assert (me["person"]["name"], me["person"]["login"]) == ("李娜", "lina")
    assert me["person"]["department"]["label"] == "上海"
    assert [role["key"] for role in me["roles"]] == ["salesperson"]
    assert me["csrf"] == client.headers["x-csrf-token"]
    assert me["administrator"] is False
    assert me["organisation"]["slug"] == "test"
    assert (await (await sign_in()).get("/api/v1/me")).json()["administrator"] is True


async def test_whoever_changes_something_must_carry_the_csrf_token(sign_in: SignIn) -> None:
    client, other = await sign_in("lina"), await sign_in("zhang")
    foreign = {"x-csrf-token": other.headers["x-csrf-token"]}
    for headers in ({"x-csrf-token": ""}, foreign, {"x-csrf-token": "0" * 64}):
        answer = await client.patch("/api/v1/me", json={"theme": "dark"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert (await client.get("/api/v1/me", headers={"x-csrf-token": ""})).status_code == 200


async def test_preferences_hold_from_the_next_request_on(sign_in: SignIn) -> None:
    client = await sign_in("zhang", fresh=True)
    changed = await client.patch("/api/v1/me", json={"language": "en", "theme": "dark", "zone": "Europe/London"})
    assert changed.status_code == 200
    me = (await client.get("/api/v1/me")).json()
    assert (me["language"], me["theme"], me["zone"]) == ("en", "dark", "Europe/London")
    refused = await client.get("/api/v1/objects/nothing", headers={"accept-language": "zh"})
    assert "no object" in refused.json()["detail"]
    await client.patch("/api/v1/me", json={"language": "zh"})
    refused = await client.get("/api/v1/objects/nothing", headers={"accept-language": "en"})
    assert "没有" in refused.json()["detail"]
    for wrong in ({"language": "fr"}, {"zone": "Mars/Olympus"}, {"colour": "red"}):
        assert (await client.patch("/api/v1/me", json=wrong)).status_code == 400


async def test_sign_out_ends_the_session_for_good(app: FastAPI, sign_in: SignIn) -> None:
    client = await sign_in("lina", fresh=True)
    token = client.cookies[COOKIE]
    answer = await client.delete("/api/v1/session")
    assert answer.status_code == 204
    async with client_of(app, cookie=f"{COOKIE}={token}") as thief:
        answer = await thief.get("/api/v1/me")
        assert (answer.status_code, answer.json()["detail"]) == (401, SESSION_OVER)


async def test_a_new_password_ends_the_other_sessions(sign_in: SignIn) -> None:
    here, elsewhere = await sign_in("sun", fresh=True), await sign_in("sun", fresh=True)
    body = {"old_password": "wrong", "new_password": "another-password"}
    assert (await here.post("/api/v1/me/password", json=body)).status_code == 422
    body["old_password"] = PASSWORD
    assert (await here.post("/api/v1/me/password", json={**body, "new_password": "short"})).status_code == 422
    assert (await here.post("/api/v1/me/password", json=body)).status_code == 204
    assert (await here.get("/api/v1/me")).status_code == 200
    assert (await elsewhere.get("/api/v1/me")).status_code == 401
    body = {"old_password": "another-password", "new_password": PASSWORD}
    assert (await here.post("/api/v1/me/password", json=body)).status_code == 204
    body = {"old_password": "a-guess", "new_password": PASSWORD}
    answers = [(await here.post("/api/v1/me/password", json=body)).status_code for _ in range(throttle.PER_ACCOUNT + 1)]
    assert answers == [422] * throttle.PER_ACCOUNT + [429]


@pytest.mark.parametrize("token", ["", "x", "test." + "0" * 64, "nowhere." + "0" * 64, "test.' OR 1=1"])
async def test_tokens_that_are_none(app: FastAPI, token: str) -> None:
    async with client_of(app, cookie=f"{COOKIE}={token}") as client:
        answer = await client.get("/api/v1/me")
        assert answer.status_code == 401
        assert answer.json()["detail"] == (SESSION_OVER if token else "please sign in")
    async with client_of(app, authorization=f"Bearer {token}") as client:
        answer = await client.get("/api/v1/me")
        assert (answer.status_code, answer.json()["detail"]) == (401, TOKEN_OVER)
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_addresses_behind_a_proxy(
    app: FastAPI, sales_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guesses are counted by the address that the proxy saw; without one, a machine's own clients are not lumped."""
    monkeypatch.setattr(throttle, "PER_ADDRESS", 2)
    settings = sales_database.settings

    async def guess(address: str, forwarded: str | None = None) -> int:
        headers = {"x-forwarded-for": forwarded} if forwarded else {}
        async with client_of(app, address=address, **headers) as client:
            body = {"login": f"guess-{new_id()}", "password": "wrong-password"}
            return (await client.post("/api/v1/session", json=body)).status_code

    assert [await guess("198.51.100.1") for _ in range(3)] == [401, 401, 429]
    assert [await guess("127.0.0.1") for _ in range(4)] == [401] * 4
    app.state.services.settings = settings.model_copy(update={"behind_proxy": True})
    try:
        assert [await guess("127.0.0.1", "6.6.6.6, 198.51.100.2") for _ in range(3)] == [401, 401, 429]
        assert await guess("127.0.0.1", "198.51.100.2, 198.51.100.3") == 401
    finally:
        app.state.services.settings = settings
