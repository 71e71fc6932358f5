from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest
from fastapi import FastAPI

from liaoran.api.rates import Rates
from liaoran.kernel.ids import new_id

from ..conftest import PASSWORD, SignIn, answer_of, client_of


async def _token(sign_in: SignIn, login: str, **body: object) -> str:
    made = await answer_of(await sign_in(login), "POST", "/tokens", {"label": "test", **body})
    return str(made["token"])


async def test_a_token_acts_for_its_person(app: FastAPI, sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    token = await _token(sign_in, "lina")
    async with client_of(app, authorization=f"Bearer {token}") as client:
        me = await answer_of(client, "GET", "/me")
        assert (me["person"]["id"], me["csrf"]) == (str(people["lina"]), "")
        made = await answer_of(client, "POST", "/records/account", {"name": "令牌客户"})
        history = await answer_of(client, "GET", f"/records/account/{made['id']}/history")
        assert history["events"][0]["actor"]["kind"] == "token"
        assert history["events"][0]["door"] == "api"
        assert "李娜" in history["events"][0]["actor"]["label"]


async def test_a_reading_token_reads_only(app: FastAPI, sign_in: SignIn) -> None:
    token = await _token(sign_in, "lina", scopes=["read"])
    async with client_of(app, authorization=f"Bearer {token}") as client:
        assert (await client.post("/api/v1/records/account/query", json={})).status_code == 200
        for method, path, body in (
            ("POST", "/records/account", {"name": "x"}),
            ("PATCH", "/me", {"theme": "dark"}),
            ("POST", "/views", {"object": "account", "name": "x"}),
        ):
            assert (await client.request(method, "/api/v1" + path, json=body)).status_code == 403
        described = await answer_of(client, "GET", "/objects/account")
        assert described["verbs"] == ["read", "export"]


async def test_a_writing_token_of_an_administrator_shapes_nothing(app: FastAPI, sign_in: SignIn) -> None:
    body = {"key": "thing", "label": "Thing", "fields": [{"key": "name", "type": "text", "label": "Name"}]}
    token = await _token(sign_in, "admin", scopes=["write"])
    async with client_of(app, authorization=f"Bearer {token}") as client:
        assert (await client.post("/api/v1/objects", json=body)).status_code == 403
        assert (await answer_of(client, "GET", "/me"))["administrator"] is False


async def test_a_token_makes_no_tokens_and_no_passwords(app: FastAPI, sign_in: SignIn) -> None:
    token = await _token(sign_in, "lina")
    async with client_of(app, authorization=f"Bearer {token}") as client:
        assert (await client.post("/api/v1/tokens", json={"label": "more"})).status_code == 403
        body = {"old_password": PASSWORD, "new_password": "stolen-password"}
        assert (await client.post("/api/v1/me/password", json=body)).status_code == 403


async def test_a_revoked_token_is_over(app: FastAPI, sign_in: SignIn) -> None:
    client = await sign_in("zhang")
    made = await answer_of(client, "POST", "/tokens", {"label": "short", "days": 1})
    listed = await answer_of(client, "GET", "/tokens")
    assert [one["label"] for one in listed] == ["short"]
    assert made["token"] not in str(listed)
    other = await sign_in("lina")
    assert (await other.delete(f"/api/v1/tokens/{made['id']}")).status_code == 404
    await answer_of(client, "DELETE", f"/tokens/{made['id']}")
    async with client_of(app, authorization=f"Bearer {made['token']}") as bearer:
        assert (await bearer.get("/api/v1/me")).status_code == 401


async def test_an_administrator_gives_logins_and_roles(app: FastAPI, sign_in: SignIn) -> None:
    admin = await sign_in()
    person = (await answer_of(admin, "POST", "/records/person", {"name": "新人"}))["id"]
    assert (await answer_of(admin, "GET", f"/people/{person}/login"))["login"] is None
    body = {"login": "Newcomer", "password": PASSWORD, "roles": ["salesperson"]}
    made = await answer_of(admin, "POST", f"/people/{person}/login", body)
    assert (made["login"], made["roles"], made["has_password"]) == ("newcomer", ["salesperson"], True)
    listed = {one["person"]: one for one in await answer_of(admin, "GET", "/people/logins")}
    assert listed[person] == {**made, "person": person}
    assert len(listed) == 6
    client = await sign_in("newcomer")
    assert (await client.get("/api/v1/records/opportunity/" + str(new_id()))).status_code == 404
    described = await answer_of(client, "GET", "/objects/person")
    assert described["verbs"] == ["read", "export"]
    await answer_of(admin, "POST", f"/people/{person}/login", {"roles": ["administrator"]})
    assert (await answer_of(client, "GET", "/me"))["administrator"] is True
    await answer_of(admin, "POST", f"/people/{person}/login", {"disabled": True})
    assert (await client.get("/api/v1/me")).status_code == 401


async def test_who_has_left_is_out_at_once(sign_in: SignIn) -> None:
    admin = await sign_in()
    person = (await answer_of(admin, "POST", "/records/person", {"name": "离职者"}))["id"]
    await answer_of(admin, "POST", f"/people/{person}/login", {"login": "leaver", "password": PASSWORD})
    client = await sign_in("leaver")
    assert (await client.get("/api/v1/me")).status_code == 200
    await answer_of(admin, "PATCH", f"/records/person/{person}", {"status": "left"})
    assert (await client.get("/api/v1/me")).status_code == 401
    again = await client.post("/api/v1/session", json={"login": "leaver", "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (401, "wrong_login")
    await answer_of(admin, "PATCH", f"/records/person/{person}", {"status": "active"})
    assert (await client.get("/api/v1/me")).status_code == 200
    await answer_of(admin, "DELETE", f"/records/person/{person}")
    assert (await client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("login", ["chen", "lina"])
async def test_nobody_else_does(sign_in: SignIn, people: Mapping[str, UUID], login: str) -> None:
    client = await sign_in(login)
    for method, path, body in (
        ("GET", f"/people/{people['lina']}/login", None),
        ("GET", "/people/logins", None),
        ("POST", f"/people/{people['lina']}/login", {"roles": ["administrator"]}),
        ("POST", "/objects", {"key": "x"}),
        ("PATCH", "/objects/account", {"icon": "x"}),
        ("DELETE", "/objects/account/fields/industry", None),
        ("POST", "/processes", {}),
    ):
        answer = await client.request(method, "/api/v1" + path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "administrators_only"), path


async def test_a_login_needs_a_person(sign_in: SignIn) -> None:
    admin = await sign_in()
    for path in (f"/people/{new_id()}/login", "/people/x/login"):
        assert (await admin.get("/api/v1" + path)).status_code == 404


async def test_a_moved_department_moves_what_its_manager_sees(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin, manager, seller = await sign_in(), await sign_in("chen"), await sign_in("sun")
    account = (await answer_of(seller, "POST", "/records/account", {"name": "华南客户"}))["id"]
    deal = (await answer_of(seller, "POST", "/records/opportunity", {"name": "单", "account": account}))["id"]
    assert (await manager.get(f"/api/v1/records/opportunity/{deal}")).status_code == 404
    departments = (await answer_of(admin, "POST", "/records/department/query", {}))["records"]
    ids = {one["name"]: one["id"] for one in departments}
    await answer_of(admin, "PATCH", f"/records/department/{ids['华南']}", {"parent": ids["华东"]})
    assert (await manager.get(f"/api/v1/records/opportunity/{deal}")).status_code == 200
    await answer_of(admin, "PATCH", f"/records/department/{ids['华南']}", {"parent": ids["销售部"]})
    assert (await manager.get(f"/api/v1/records/opportunity/{deal}")).status_code == 404


async def test_a_program_has_a_token_of_the_organisation(
    app: FastAPI, sign_in: SignIn, people: Mapping[str, UUID]
) -> None:
    admin, seller = await sign_in(), await sign_in("lina")
    body = {"label": "ERP", "person": str(people["chen"]), "scopes": ["read"], "days": 30, "per_minute": 100}
    made = await answer_of(admin, "POST", "/service-tokens", body)
    listed = await answer_of(admin, "GET", "/service-tokens")
    assert [(one["label"], one["person"], one["scopes"], one["per_minute"]) for one in listed] == [
        ("ERP", {"id": str(people["chen"]), "label": "陈静"}, ["read"], 100)
    ]
    assert (listed[0]["used_at"], made["token"] in str(listed)) == (None, False)
    async with client_of(app, authorization=f"Bearer {made['token']}") as program:
        assert (await answer_of(program, "GET", "/me"))["person"]["id"] == str(people["chen"])
        assert (await program.post("/api/v1/service-tokens", json=body)).status_code == 403
    assert (await answer_of(admin, "GET", "/service-tokens"))[0]["used_at"] is not None
    # It is nobody's own, so it stays when the person tidies up.
    assert await answer_of(await sign_in("chen"), "GET", "/tokens") == []
    assert (await (await sign_in("chen")).delete(f"/api/v1/tokens/{made['id']}")).status_code == 404
    for method, path in (
        ("GET", "/service-tokens"),
        ("POST", "/service-tokens"),
        ("DELETE", f"/service-tokens/{made['id']}"),
    ):
        answer = await seller.request(method, "/api/v1" + path, json=body if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (403, "administrators_only")
    assert (await admin.post("/api/v1/service-tokens", json={**body, "person": str(new_id())})).status_code == 404
    await answer_of(admin, "DELETE", f"/service-tokens/{made['id']}")
    assert (await admin.delete(f"/api/v1/service-tokens/{made['id']}")).status_code == 404
    async with client_of(app, authorization=f"Bearer {made['token']}") as program:
        assert (await program.get("/api/v1/me")).status_code == 401


async def test_a_token_may_ask_so_often(app: FastAPI, sign_in: SignIn) -> None:
    token, other = await _token(sign_in, "lina", per_minute=3), await _token(sign_in, "lina")
    async with client_of(app, authorization=f"Bearer {token}") as program:
        answers = [await program.get("/api/v1/me") for _ in range(4)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429]
        assert answers[3].json()["code"] == "too_many"
        assert 0 < int(answers[3].headers["retry-after"]) <= 20
    async with client_of(app, authorization=f"Bearer {other}") as program:
        assert (await program.get("/api/v1/me")).status_code == 200


async def test_everybody_may_ask_so_often(app: FastAPI, sign_in: SignIn) -> None:
    lina, again, chen = await sign_in("lina", fresh=True), await sign_in("lina", fresh=True), await sign_in("chen")
    services = app.state.services
    services.rates = Rates(2)
    try:
        answers = [(await one.get("/api/v1/me")).status_code for one in (lina, again, lina, chen)]
    finally:
        services.rates = Rates(services.settings.requests_per_minute)
    assert answers == [200, 200, 429, 200]
