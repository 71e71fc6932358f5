from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx import AsyncClient, Response

from liaoran.access.credentials import token_hash
from liaoran.access.tables import sign_in_links
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id

from ..conftest import PASSWORD, SignIn, answer_of, client_of
from .authenticator import Authenticator

CHOSEN = "rain on a tin roof"


async def _newcomer(admin: AsyncClient, login: str) -> str:
    person = (await answer_of(admin, "POST", "/records/person", {"name": "新人"}))["id"]
    await answer_of(admin, "POST", f"/people/{person}/login", {"login": login, "roles": ["salesperson"]})
    return str(person)


async def _link(admin: AsyncClient, person: object, **body: object) -> str:
    made = await answer_of(admin, "POST", f"/people/{person}/link", body)
    address, _, token = made["url"].partition("#")
    assert address == "http://test/set-password"
    return str(token)


async def _use(client: AsyncClient, token: str, password: str = CHOSEN) -> Response:
    return await client.post("/api/v1/session/link", json={"token": token, "password": password})


def _code_of(answer: Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_an_invitation_lets_a_newcomer_in(
    sign_in: SignIn, nobody: AsyncClient, sales_database: Database, sales_organisation: Organisation
) -> None:
    admin = await sign_in()
    person = await _newcomer(admin, "newcomer")
    made = await answer_of(admin, "POST", f"/people/{person}/link", {})
    assert made["kind"] == "invitation"
    token = made["url"].partition("#")[2]
    left = datetime.fromisoformat(made["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=6) < left < timedelta(days=8)
    async with sales_database.read(sales_organisation.schema) as tx:
        kept = await tx.fetch_column(sa.select(sign_in_links.c.token_hash))
    assert [bytes(one) for one in kept] == [token_hash(token)]

    seen = await answer_of(nobody, "POST", "/session/link/look", {"token": token})
    assert (seen["kind"], seen["login"], seen["organisation"]["slug"]) == ("invitation", "newcomer", "test")
    assert seen["password_length"] == 8
    weak = await _use(nobody, token, "newcomer1")
    assert (weak.status_code, weak.json()["errors"][0]["code"]) == (422, "password_of_names")
    done = await _use(nobody, token)
    assert (done.status_code, done.json()["me"]["person"]["login"]) == (201, "newcomer")
    assert (await nobody.get("/api/v1/me")).status_code == 200
    for body in ({"token": token}, {"token": token, "password": "another one for a thief"}):
        path = "/session/link" if "password" in body else "/session/link/look"
        assert _code_of(await nobody.post("/api/v1" + path, json=body)) == (422, "link_gone")
    answer = await nobody.post("/api/v1/session", json={"login": "newcomer", "password": CHOSEN})
    assert answer.status_code == 201


async def test_a_reset_ends_the_sessions_and_asks_for_the_second_factor(
    app: FastAPI, sign_in: SignIn, nobody: AsyncClient, people: Mapping[str, UUID]
) -> None:
    admin, old = await sign_in(), await sign_in("sun", fresh=True)
    key = Authenticator()
    begun = await answer_of(old, "POST", "/me/passkeys/options")
    await answer_of(
        old,
        "POST",
        "/me/passkeys",
        {"ticket": begun["ticket"], "credential": key.make(begun["options"]), "label": "k"},
    )
    token = await _link(admin, people["sun"])
    done = await _use(nobody, token)
    assert (done.status_code, done.json()["ways"]) == (202, ["passkey", "recovery"])
    assert "set-cookie" not in done.headers
    assert (await old.get("/api/v1/me")).status_code == 401
    answer = await nobody.post("/api/v1/session", json={"login": "sun", "password": PASSWORD})
    assert _code_of(answer) == (401, "wrong_login")


@pytest.mark.parametrize("what", ["made-up", "elsewhere", "no link", "expired", "older", "disabled", "changed"])
async def test_links_that_are_no_good_have_one_answer(
    sign_in: SignIn,
    nobody: AsyncClient,
    sales_database: Database,
    sales_organisation: Organisation,
    what: str,
) -> None:
    admin = await sign_in()
    if what in ("made-up", "elsewhere", "no link"):
        slug = "nowhere" if what == "elsewhere" else "test"
        token = "x" if what == "no link" else f"link_{slug}_{'0' * 64}"
    else:
        person = await _newcomer(admin, f"for-{what}")
        token = await _link(admin, person, hours=1)
        if what == "expired":
            async with sales_database.transaction(sales_organisation.schema) as tx:
                of_person = sa.update(sign_in_links).where(sign_in_links.c.person == UUID(person))
                await tx.execute(of_person.values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        elif what == "older":
            await _link(admin, person)
        else:
            change = {"disabled": True} if what == "disabled" else {"password": PASSWORD}
            await answer_of(admin, "POST", f"/people/{person}/login", change)
    seen = await nobody.post("/api/v1/session/link/look", json={"token": token})
    used = await _use(nobody, token)
    assert _code_of(seen) == _code_of(used) == (422, "link_gone")
    assert seen.json()["detail"] == used.json()["detail"]


async def test_who_may_make_links_and_for_whom(app: FastAPI, sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin, seller = await sign_in(), await sign_in("lina")
    for method, path in (("POST", "link"), ("GET", "keys"), ("DELETE", "factors"), ("DELETE", "sessions")):
        body = {} if method == "POST" else None
        where = f"/api/v1/people/{people['zhang']}/{path}"
        assert _code_of(await seller.request(method, where, json=body)) == (403, "administrators_only")
        nowhere = f"/api/v1/people/{new_id()}/{path}"
        assert (await admin.request(method, nowhere, json=body)).status_code == 404
    person = (await answer_of(admin, "POST", "/records/person", {"name": "无账号"}))["id"]
    refused = await admin.post(f"/api/v1/people/{person}/link", json={})
    assert _code_of(refused) == (422, "login_missing")
    for hours in (0, 10_000):
        assert (await admin.post(f"/api/v1/people/{person}/link", json={"hours": hours})).status_code == 400
    token = (await answer_of(admin, "POST", "/tokens", {"label": "t"}))["token"]
    async with client_of(app, authorization=f"Bearer {token}") as program:
        assert (await program.post(f"/api/v1/people/{people['lina']}/link", json={})).status_code == 201


async def test_the_length_of_passwords_is_the_organisation_s(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin = await sign_in()
    await answer_of(admin, "PATCH", "/sign-in", {"password_length": 20})
    try:
        short = await admin.post(f"/api/v1/people/{people['lina']}/login", json={"password": CHOSEN})
        assert short.json()["errors"][0]["code"] == "password_length"
        assert "20" in short.json()["errors"][0]["message"]
        assert (await answer_of(admin, "GET", "/me/security"))["password_length"] == 20
    finally:
        await answer_of(admin, "PATCH", "/sign-in", {"password_length": 8})
    for wrong in (7, 65):
        assert (await admin.patch("/api/v1/sign-in", json={"password_length": wrong})).status_code == 400
