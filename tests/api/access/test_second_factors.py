from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx import AsyncClient, Response

from liaoran.access import sessions, throttle
from liaoran.access.tables import sessions as sessions_table
from liaoran.access.tables import sign_in_attempts, sign_in_tickets, totp_factors
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id

from ..conftest import ADMIN_PASSWORD, PASSWORD, SignIn, answer_of, client_of
from .authenticator import PRESENT, App, Authenticator, set_up_totp


async def _passkey(client: AsyncClient, authenticator: Authenticator, label: str = "笔记本") -> Response:
    begun = await answer_of(client, "POST", "/me/passkeys/options")
    body = {"ticket": begun["ticket"], "credential": authenticator.make(begun["options"]), "label": label}
    return await client.post("/api/v1/me/passkeys", json=body)


async def _password(client: AsyncClient, login: str) -> Response:
    password = ADMIN_PASSWORD if login == "admin" else PASSWORD
    return await client.post("/api/v1/session", json={"login": login, "password": password})


async def _second(client: AsyncClient, ticket: str, code: str) -> Response:
    return await client.post("/api/v1/session/second-step", json={"ticket": ticket, "code": code})


def _code_of(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture(autouse=True)
async def _no_attempts(sales_database: Database, sales_organisation: Organisation) -> None:
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute(sa.delete(sign_in_attempts))


async def test_an_app_is_asked_for_from_its_first_code_on(
    sign_in: SignIn, nobody: AsyncClient, sales_database: Database, sales_organisation: Organisation
) -> None:
    client = await sign_in("lina", fresh=True)
    begun = await answer_of(client, "POST", "/me/totp")
    assert begun["uri"].startswith("otpauth://totp/Liaoran:lina%40test?secret=")
    assert begun["qr"].startswith("data:image/svg+xml")
    assert (await _password(nobody, "lina")).status_code == 201  # begun is not set up
    wrong = await client.post("/api/v1/me/totp/confirm", json={"ticket": begun["ticket"], "code": "000000"})
    assert _code_of(wrong) == (422, "wrong_code")
    app = App(begun["secret"])
    confirm = {"ticket": begun["ticket"], "code": app.code()}
    added = await answer_of(client, "POST", "/me/totp/confirm", confirm)
    assert len(set(added["recovery_codes"])) == 10
    again = await client.post("/api/v1/me/totp/confirm", json=confirm)
    assert _code_of(again) == (422, "ticket_gone")
    security = await answer_of(client, "GET", "/me/security")
    assert security["totp_since"] is not None
    assert (security["codes_left"], security["required"]) == (10, False)
    async with sales_database.read(sales_organisation.schema) as tx:
        kept = await tx.fetch_value(sa.select(totp_factors.c.secret))
    assert begun["secret"].encode() not in bytes(kept)

    first = await _password(nobody, "lina")
    assert first.status_code == 202
    assert "set-cookie" not in first.headers
    assert first.json()["ways"] == ["totp", "recovery"]
    ticket, code = first.json()["ticket"], app.code()
    assert _code_of(await _second(nobody, ticket, "123456")) == (422, "wrong_code")
    assert _code_of(await _second(nobody, ticket, confirm["code"])) == (422, "wrong_code")  # used when it was set up
    done = await _second(nobody, ticket, f"{code[:3]} {code[3:]}")
    assert (done.status_code, done.json()["me"]["person"]["login"]) == (201, "lina")
    assert (await nobody.get("/api/v1/me")).status_code == 200
    assert _code_of(await _second(nobody, ticket, code)) == (422, "ticket_gone")
    ticket = (await _password(nobody, "lina")).json()["ticket"]
    assert _code_of(await _second(nobody, ticket, code)) == (422, "wrong_code")

    recovery = added["recovery_codes"][3]
    assert (await _second(nobody, ticket, recovery.lower().replace("-", " "))).status_code == 201
    ticket = (await _password(nobody, "lina")).json()["ticket"]
    assert _code_of(await _second(nobody, ticket, recovery)) == (422, "wrong_code")
    assert (await answer_of(client, "GET", "/me/security"))["codes_left"] == 9
    made = await answer_of(client, "POST", "/me/recovery-codes")
    assert not set(made["recovery_codes"]) & set(added["recovery_codes"])
    assert _code_of(await _second(nobody, ticket, added["recovery_codes"][4])) == (422, "wrong_code")
    assert (await _second(nobody, ticket, made["recovery_codes"][0])).status_code == 201

    await answer_of(client, "DELETE", "/me/totp")
    assert (await _password(nobody, "lina")).status_code == 201
    refused = await client.post("/api/v1/me/recovery-codes")
    assert _code_of(refused) == (409, "no_second_factor")


async def test_codes_are_throttled_whatever_the_password(sign_in: SignIn, nobody: AsyncClient) -> None:
    """Whoever knows the password cannot have guesses forgiven by signing in once more."""
    client = await sign_in("sun", fresh=True)
    app, _ = await set_up_totp(client)
    for _ in range(throttle.PER_ACCOUNT):
        ticket = (await _password(nobody, "sun")).json()["ticket"]
        assert (await _second(nobody, ticket, "000000")).status_code == 422
    refused = await _second(nobody, ticket, app.code())
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    await answer_of(client, "DELETE", "/me/totp")


async def test_an_old_ticket_and_one_for_something_else(
    sign_in: SignIn, nobody: AsyncClient, sales_database: Database, sales_organisation: Organisation
) -> None:
    client = await sign_in("chen", fresh=True)
    app, _ = await set_up_totp(client)
    ticket = (await _password(nobody, "chen")).json()["ticket"]
    other = (await answer_of(nobody, "POST", "/session/passkey/options", {}))["ticket"]
    nowhere = "ticket_nowhere_" + "0" * 64
    for wrong in (other, nowhere, "ticket_test_" + "0" * 64, "x", ticket[:-1]):
        assert _code_of(await _second(nobody, wrong, app.code())) == (422, "ticket_gone"), wrong
    async with sales_database.transaction(sales_organisation.schema) as tx:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await tx.execute(sa.update(sign_in_tickets).values(expires_at=past))
    assert _code_of(await _second(nobody, ticket, app.code())) == (422, "ticket_gone")
    await answer_of(client, "DELETE", "/me/totp")


async def test_a_passkey_signs_in_by_itself(sign_in: SignIn, nobody: AsyncClient) -> None:
    client, key = await sign_in("zhang", fresh=True), Authenticator()
    added = await _passkey(client, key)
    assert (added.status_code, len(added.json()["recovery_codes"])) == (201, 10)
    assert _code_of(await _passkey(client, key)) == (422, "passkey_known")
    listed = (await answer_of(client, "GET", "/me/security"))["passkeys"]
    assert [one["label"] for one in listed] == ["笔记本"]
    assert (await _password(nobody, "zhang")).json()["ways"] == ["passkey", "recovery"]

    begun = await answer_of(nobody, "POST", "/session/passkey/options", {})
    assert not begun["options"].get("allowCredentials")  # nothing of any account
    body = {"ticket": begun["ticket"], "credential": key.sign(begun["options"])}
    done = await nobody.post("/api/v1/session/passkey", json=body)
    assert (done.status_code, done.json()["me"]["person"]["login"]) == (201, "zhang")
    assert _code_of(await nobody.post("/api/v1/session/passkey", json=body)) == (422, "ticket_gone")
    mine = [one for one in await answer_of(nobody, "GET", "/me/sessions") if one["current"]]
    assert [(one["way"], one["strong"]) for one in mine] == [("passkey", True)]

    async def attempt(sign: Authenticator, change: Mapping[str, Any] | None = None) -> tuple[int, str]:
        begun = await answer_of(nobody, "POST", "/session/passkey/options", {})
        answer = {"ticket": begun["ticket"], "credential": {**sign.sign(begun["options"]), **(change or {})}}
        return _code_of(await nobody.post("/api/v1/session/passkey", json=answer))

    refused = (401, "passkey_refused")
    stranger = Authenticator()
    elsewhere = Authenticator("http://evil.test", "evil.test", id=key.id, key=key.key, counter=50)
    unseen = Authenticator(flags=PRESENT, id=key.id, key=key.key, counter=60)
    forged = Authenticator(id=key.id, counter=70)
    copied = Authenticator(id=key.id, key=key.key, counter=0)
    for one in (stranger, elsewhere, unseen, forged, copied):
        assert await attempt(one) == refused
    key.counter = 80
    assert await attempt(key, {"rawId": "?"}) == refused
    assert await attempt(key, {"response": {}}) == refused
    assert await attempt(key, {"response": None}) == refused
    await answer_of(client, "DELETE", f"/me/passkeys/{listed[0]['id']}")
    assert await attempt(key) == refused
    assert (await client.delete(f"/api/v1/me/passkeys/{listed[0]['id']}")).status_code == 404


async def test_a_passkey_that_cannot_be(sign_in: SignIn) -> None:
    client = await sign_in("zhang", fresh=True)
    for wrong in (Authenticator("http://evil.test", "test"), Authenticator(host="evil"), Authenticator(flags=PRESENT)):
        assert _code_of(await _passkey(client, wrong)) == (422, "passkey_refused")
    begun = await answer_of(client, "POST", "/me/passkeys/options")
    for content in ({}, {"id": "x"}, {"response": []}):
        body = {"ticket": begun["ticket"], "credential": content, "label": "x"}
        assert _code_of(await client.post("/api/v1/me/passkeys", json=body)) == (422, "passkey_refused")
    other = await sign_in("lina", fresh=True)
    body = {"ticket": begun["ticket"], "credential": Authenticator().make(begun["options"]), "label": "x"}
    assert _code_of(await other.post("/api/v1/me/passkeys", json=body)) == (422, "ticket_gone")


async def test_roles_may_ask_for_a_second_factor(app: FastAPI, sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin = await sign_in()
    client = await sign_in("sun", fresh=True)
    settings = await answer_of(admin, "GET", "/sign-in")
    assert (settings["password_length"], settings["second_factor_roles"]) == (8, [])
    assert settings["redirect_uri"] == "http://test/api/v1/session/sso/callback"
    unknown = await admin.patch("/api/v1/sign-in", json={"second_factor_roles": ["king"]})
    assert _code_of(unknown) == (422, "unknown_role")
    await answer_of(admin, "PATCH", "/sign-in", {"second_factor_roles": ["salesperson"]})
    try:
        for path in ("/objects", "/tokens", "/me/../objects", "/undo"):
            assert _code_of(await client.get("/api/v1" + path)) == (403, "second_factor_needed")
        made = await client.post("/api/v1/records/account", json={"name": "x"})
        assert _code_of(made) == (403, "second_factor_needed")
        assert (await answer_of(client, "GET", "/me"))["second_factor_needed"] is True
        code, _ = await set_up_totp(client)
        assert (await answer_of(client, "GET", "/me"))["second_factor_needed"] is False
        assert (await client.get("/api/v1/objects")).status_code == 200
        kept = await client.delete("/api/v1/me/totp")
        assert _code_of(kept) == (422, "second_factor_required")
        assert (await answer_of(admin, "GET", f"/people/{people['sun']}/login"))["second_factor"] is True
        listed = {one["login"]: one["second_factor"] for one in await answer_of(admin, "GET", "/people/logins")}
        assert (listed["sun"], listed["admin"]) == (True, False)
        keys = await answer_of(admin, "GET", f"/people/{people['sun']}/keys")
        assert (keys["totp"], keys["passkeys"], keys["codes_left"], keys["required"]) == (True, 0, 10, True)
        assert all(one["strong"] for one in keys["sessions"])
        async with client_of(app) as fresh:
            ticket = (await _password(fresh, "sun")).json()["ticket"]
            assert (await _second(fresh, ticket, code.code())).status_code == 201
            assert (await fresh.get("/api/v1/objects")).status_code == 200
        await answer_of(admin, "DELETE", f"/people/{people['sun']}/factors")
        assert (await client.get("/api/v1/me")).status_code == 401
    finally:
        await answer_of(admin, "PATCH", "/sign-in", {"second_factor_roles": []})


async def test_the_keys_of_an_account_are_changed_by_who_proved_it_lately(
    sign_in: SignIn, sales_database: Database, sales_organisation: Organisation, people: Mapping[str, UUID]
) -> None:
    async def wait(login: str) -> None:
        past = datetime.now(UTC) - sessions.FRESH - timedelta(seconds=1)
        async with sales_database.transaction(sales_organisation.schema) as tx:
            of_login = sa.update(sessions_table).where(sessions_table.c.person == people[login])
            await tx.execute(of_login.values(confirmed_at=past))

    client = await sign_in("chen", fresh=True)
    app, _ = await set_up_totp(client)
    await wait("chen")
    for method, path, body in (
        ("POST", "/me/totp", None),
        ("DELETE", "/me/totp", None),
        ("POST", "/me/passkeys/options", None),
        ("POST", "/me/recovery-codes", None),
        ("POST", "/tokens", {"label": "x"}),
    ):
        answer = await client.request(method, "/api/v1" + path, json=body)
        assert _code_of(answer) == (403, "confirm_needed"), path
    wrong = await client.post("/api/v1/me/confirm", json={"password": "guessed-it"})
    assert _code_of(wrong) == (422, "wrong_password")
    assert _code_of(await client.post("/api/v1/me/confirm", json={"code": "000000"})) == (422, "wrong_code")
    await answer_of(client, "POST", "/me/confirm", {"password": PASSWORD})
    await answer_of(client, "POST", "/me/recovery-codes")
    await wait("chen")
    await answer_of(client, "POST", "/me/confirm", {"code": app.code()})
    await answer_of(client, "DELETE", "/me/totp")
    answers = [(await client.post("/api/v1/me/confirm", json={"password": "x"})).status_code for _ in range(11)]
    assert answers == [422] * throttle.PER_ACCOUNT + [429]

    admin = await sign_in(fresh=True)
    await wait("admin")
    for method, path, body in (
        ("POST", f"/people/{people['lina']}/link", {}),
        ("DELETE", f"/people/{people['lina']}/factors", None),
        ("PATCH", "/sign-in", {"password_length": 9}),
        ("POST", "/sign-in/providers", {"label": {"zh": "x"}, "issuer": "https://x.example", "client_id": "x"}),
    ):
        answer = await admin.request(method, "/api/v1" + path, json=body)
        assert _code_of(answer) == (403, "confirm_needed"), path


async def test_sessions_are_listed_and_ended(app: FastAPI, sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    here = await sign_in("lina", fresh=True)
    await answer_of(here, "DELETE", "/me/sessions")
    async with client_of(app, address="198.51.100.7", **{"user-agent": "Telephone"}) as phone:
        entered = (await _password(phone, "lina")).json()
        phone.headers["x-csrf-token"] = entered["csrf"]
        listed = await answer_of(here, "GET", "/me/sessions")
        assert [(one["agent"], one["address"], one["current"]) for one in listed][:1] == [
            ("Telephone", "198.51.100.7", False)
        ]
        assert [one["current"] for one in listed] == [False, True]
        other = await sign_in("zhang", fresh=True)
        assert (await other.delete(f"/api/v1/me/sessions/{listed[0]['id']}")).status_code == 404
        await answer_of(here, "DELETE", f"/me/sessions/{listed[0]['id']}")
        assert (await phone.get("/api/v1/me")).status_code == 401
        assert (await here.delete(f"/api/v1/me/sessions/{listed[0]['id']}")).status_code == 404
        await _password(phone, "lina")
        await answer_of(here, "DELETE", "/me/sessions")
        assert (await phone.get("/api/v1/me")).status_code == 401
    assert (await here.get("/api/v1/me")).status_code == 200
    await answer_of(await sign_in(), "DELETE", f"/people/{people['lina']}/sessions")
    assert (await here.get("/api/v1/me")).status_code == 401


async def test_nothing_else_is_open_before_the_second_factor(app: FastAPI, sign_in: SignIn) -> None:
    """Every endpoint of the document, so that a new one cannot be forgotten."""
    admin, client = await sign_in(fresh=True), await sign_in("lina", fresh=True)
    await answer_of(admin, "PATCH", "/sign-in", {"second_factor_roles": ["salesperson"]})
    try:
        for path, methods in app.openapi()["paths"].items():
            for method, operation in methods.items():
                mine = path == "/api/v1/session" or path.startswith("/api/v1/me")
                if "security" not in operation or mine:
                    continue
                where = re.sub(r"\{\w+\}", str(new_id()), path)
                answer = await client.request(method.upper(), where, json={})
                assert _code_of(answer) == (403, "second_factor_needed"), (method, path)
    finally:
        await answer_of(admin, "PATCH", "/sign-in", {"second_factor_roles": []})


async def test_challenges_are_not_given_without_end(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "PER_ADDRESS", 3)
    async with client_of(app, address="198.51.100.77") as client:
        asked = [await client.post("/api/v1/session/passkey/options", json={}) for _ in range(4)]
        assert [one.status_code for one in asked] == [201, 201, 201, 429]
    async with client_of(app, address="198.51.100.78") as client:
        assert (await client.post("/api/v1/session/passkey/options", json={})).status_code == 201
