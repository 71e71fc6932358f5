from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx import AsyncClient, Response

from liaoran.access import throttle
from liaoran.access.tables import sign_in_attempts, sign_in_identities, sign_in_providers
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id
from tests.oidc_provider import CLIENT, SECRET, OidcProvider, oidc_provider

from ..conftest import SignIn, answer_of, client_of
from .authenticator import set_up_totp

LABEL = {"zh": "公司账号", "en": "Company account"}


@pytest.fixture(scope="module")
def idp() -> Iterator[OidcProvider]:
    with oidc_provider() as running:
        yield running


@pytest.fixture(scope="module")
async def provider(app: FastAPI, sales_database: Database, sign_in: SignIn, idp: OidcProvider) -> Mapping[str, Any]:
    """The provider as the administrator set it up; loopback may be called."""
    before = sales_database.settings
    sales_database.settings = before.model_copy(update={"outgoing_hosts": "127.0.0.1"})
    app.state.services.settings = sales_database.settings
    body = {"label": LABEL, "issuer": idp.issuer, "client_id": CLIENT, "client_secret": SECRET}
    made: Mapping[str, Any] = await answer_of(await sign_in(), "POST", "/sign-in/providers", body)
    return made


@pytest.fixture(autouse=True)
async def _clean(idp: OidcProvider, sales_database: Database, sales_organisation: Organisation) -> None:
    """Somebody to sign in, whom nobody knows yet, and no attempts counted."""
    idp.claims, idp.wrong, idp.fault = {"sub": "s-lina", "preferred_username": "Lina"}, {}, ""
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute(sa.delete(sign_in_identities))
        await tx.execute(sa.delete(sign_in_attempts))


async def _out(client: AsyncClient, provider: Mapping[str, Any], next_page: str = "/") -> Response:
    path = f"/api/v1/session/sso/test/{provider['id']}"
    return await client.get(path, params={"next": next_page})


async def _at_provider(answer: Response) -> str:
    """What the provider sends the browser back with: the path of our own site."""
    assert answer.status_code == 303, answer.text
    async with httpx.AsyncClient(trust_env=False) as browser:
        back = (await browser.get(answer.headers["location"])).headers["location"]
    assert back.startswith("http://test/api/v1/session/sso/callback?")
    return str(back.removeprefix("http://test"))


async def _sign_on(client: AsyncClient, provider: Mapping[str, Any], next_page: str = "/") -> str:
    """Where a whole sign-on ends."""
    answer = await client.get(await _at_provider(await _out(client, provider, next_page)))
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_a_provider_is_set_up(
    sign_in: SignIn,
    provider: Mapping[str, Any],
    nobody: AsyncClient,
    idp: OidcProvider,
    sales_database: Database,
    sales_organisation: Organisation,
) -> None:
    admin = await sign_in()
    assert (provider["has_secret"], provider["login_claim"], provider["strong"]) == (True, "preferred_username", False)
    assert provider["scopes"] == ["openid", "profile", "email"]
    listed = await admin.get("/api/v1/sign-in/providers")
    assert SECRET not in listed.text
    async with sales_database.read(sales_organisation.schema) as tx:
        kept = await tx.fetch_value(sa.select(sign_in_providers.c.client_secret))
    assert SECRET.encode() not in bytes(kept)
    checked = await answer_of(admin, "POST", f"/sign-in/providers/{provider['id']}/check")
    assert checked["token_endpoint"] == f"{idp.issuer}/token"
    offered = (await answer_of(nobody, "GET", "/session/options"))["providers"]
    assert offered == [{"id": provider["id"], "organisation": "test", "label": LABEL}]
    for wrong in ("login.example.cn", "ftp://x.example", "https://x.example?tenant=1", "https://"):
        body = {"label": LABEL, "issuer": wrong, "client_id": "x"}
        answer = await admin.post("/api/v1/sign-in/providers", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "issuer_malformed")
    other = await answer_of(
        admin, "POST", "/sign-in/providers", {"label": LABEL, "issuer": idp.issuer + "/", "client_id": "x"}
    )
    answer = await admin.post(f"/api/v1/sign-in/providers/{other['id']}/check")
    assert (answer.status_code, answer.json()["code"]) == (422, "provider_unusable")
    await answer_of(admin, "PATCH", f"/sign-in/providers/{other['id']}", {"issuer": "http://10.0.0.1", "active": False})
    answer = await admin.post(f"/api/v1/sign-in/providers/{other['id']}/check")
    assert (answer.status_code, answer.json()["code"]) == (422, "address_refused")
    assert len((await answer_of(nobody, "GET", "/session/options"))["providers"]) == 1
    assert "problem=unknown_provider" in (await _out(nobody, other)).headers["location"]
    await answer_of(admin, "DELETE", f"/sign-in/providers/{other['id']}")
    seller = await sign_in("lina")
    for method, path in (("GET", "/sign-in"), ("GET", "/sign-in/providers"), ("POST", "/sign-in/providers")):
        body = {"label": LABEL, "issuer": "https://x.example", "client_id": "x"} if method == "POST" else None
        assert (await seller.request(method, "/api/v1" + path, json=body)).status_code == 403


async def test_whoever_the_provider_vouches_for_is_signed_in(
    app: FastAPI, sign_in: SignIn, provider: Mapping[str, Any], idp: OidcProvider
) -> None:
    async with client_of(app) as client:
        answer = await _out(client, provider, "/o/account?q=a")
        asked = parse_qs(urlsplit(answer.headers["location"]).query)
        assert asked["redirect_uri"] == ["http://test/api/v1/session/sso/callback"]
        assert asked["scope"] == ["openid profile email"]
        assert len(asked["nonce"][0]) > 30
        assert "code_verifier" not in asked
        back = await _at_provider(answer)
        done = await client.get(back)
        assert (done.status_code, done.headers["location"]) == (303, "/o/account?q=a")
        me = await answer_of(client, "GET", "/me")
        assert me["person"]["login"] == "lina"
        client.headers["x-csrf-token"] = me["csrf"]
        mine = [one for one in await answer_of(client, "GET", "/me/sessions") if one["current"]]
        assert [(one["way"], one["strong"]) for one in mine] == [("single_sign_on", False)]
        again = await client.get(back)
        assert again.headers["location"] == "/sign-in?problem=ticket_gone"
    # From now on the subject says who it is, whatever the login is called there.
    idp.claims = {"sub": "s-lina", "preferred_username": "renamed"}
    async with client_of(app) as client:
        assert await _sign_on(client, provider) == "/"
        assert (await answer_of(client, "GET", "/me"))["person"]["login"] == "lina"
    # And somebody else there who takes the old name is nobody here.
    idp.claims = {"sub": "s-other", "preferred_username": "lina"}
    async with client_of(app) as client:
        assert await _sign_on(client, provider) == "/sign-in?problem=no_such_account"
    listed = await answer_of(await sign_in(), "GET", "/sign-in/providers")
    assert [one["people"] for one in listed] == [1]


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", ""])
async def test_only_own_pages_follow(app: FastAPI, provider: Mapping[str, Any], wanted: str) -> None:
    async with client_of(app) as client:
        assert await _sign_on(client, provider, wanted) == "/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": [CLIENT, "somebody-else"]},
        {"azp": "somebody-else"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"iat": 99_999_999_999},
        {"sub": None},
        "key",
        "none",
        "shared",
        "silent",
    ],
    ids=str,
)
async def test_what_a_provider_may_not_say(
    app: FastAPI, provider: Mapping[str, Any], idp: OidcProvider, wrong: dict[str, Any] | str
) -> None:
    if isinstance(wrong, str):
        idp.fault = wrong
    else:
        idp.wrong = wrong
    async with client_of(app) as client:
        assert await _sign_on(client, provider) == "/sign-in?problem=sign_on_refused"
        assert (await client.get("/api/v1/me")).status_code == 401


async def test_a_sign_on_ends_in_the_browser_that_began_it(app: FastAPI, provider: Mapping[str, Any]) -> None:
    async with client_of(app) as mine, client_of(app) as theirs:
        back = await _at_provider(await _out(mine, provider))
        assert (await theirs.get(back)).headers["location"] == "/sign-in?problem=ticket_gone"
        assert (await theirs.get("/api/v1/me")).status_code == 401
        back = await _at_provider(await _out(mine, provider))
        await _out(theirs, provider)
        assert (await theirs.get(back)).headers["location"] == "/sign-in?problem=ticket_gone"


@pytest.mark.parametrize(
    "query", ["", "?state=x&code=y", "?error=access_denied", "?code=x&state=ticket_test_" + "0" * 64]
)
async def test_callbacks_out_of_nowhere(app: FastAPI, query: str) -> None:
    async with client_of(app) as client:
        answer = await client.get("/api/v1/session/sso/callback" + query)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?problem=ticket_gone"


async def test_a_code_of_somebody_else_s_sign_on(app: FastAPI, provider: Mapping[str, Any]) -> None:
    """A stolen code is of no use: it belongs to the verifier of another sign-on."""
    async with client_of(app) as client, client_of(app) as thief:
        stolen = parse_qs(urlsplit(await _at_provider(await _out(client, provider))).query)["code"][0]
        own = parse_qs(urlsplit(await _at_provider(await _out(thief, provider))).query)["state"][0]
        answer = await thief.get("/api/v1/session/sso/callback", params={"code": stolen, "state": own})
        assert answer.headers["location"] == "/sign-in?problem=sign_on_refused"


async def test_an_answer_of_another_provider(app: FastAPI, provider: Mapping[str, Any], idp: OidcProvider) -> None:
    """A code is not taken to a provider that did not give it."""
    async with client_of(app) as client:
        back = httpx.URL(await _at_provider(await _out(client, provider)))
        assert back.params["iss"] == idp.issuer
        answer = await client.get(back.copy_set_param("iss", "https://evil.example"))
        assert answer.headers["location"] == "/sign-in?problem=sign_on_refused"
        assert idp.codes, "the code went nowhere"


async def test_who_has_no_account_here(
    app: FastAPI, sign_in: SignIn, provider: Mapping[str, Any], idp: OidcProvider, people: Mapping[str, UUID]
) -> None:
    """Unknown, nameless, and disabled are one answer."""
    admin = await sign_in()
    await answer_of(admin, "POST", f"/people/{people['zhang']}/login", {"disabled": True})
    try:
        for claims in (
            {"sub": "1", "preferred_username": "nobody"},
            {"sub": "2"},
            {"sub": "3", "preferred_username": ["lina"]},
            {"sub": "4", "preferred_username": "zhang"},
        ):
            idp.claims = claims
            async with client_of(app) as client:
                assert await _sign_on(client, provider) == "/sign-in?problem=no_such_account"
    finally:
        await answer_of(admin, "POST", f"/people/{people['zhang']}/login", {"disabled": False})


async def test_an_address_counts_where_the_provider_has_verified_it(
    app: FastAPI, sign_in: SignIn, provider: Mapping[str, Any], idp: OidcProvider, people: Mapping[str, UUID]
) -> None:
    admin = await sign_in()
    await answer_of(admin, "POST", f"/people/{people['sun']}/login", {"login": "sun@example.cn"})
    await answer_of(admin, "PATCH", f"/sign-in/providers/{provider['id']}", {"login_claim": "email"})
    try:
        for verified, end in (
            (None, "/sign-in?problem=no_such_account"),
            (False, "/sign-in?problem=no_such_account"),
            (True, "/"),
        ):
            idp.claims = {"sub": "s-sun", "email": "Sun@Example.cn", "email_verified": verified}
            async with client_of(app) as client:
                assert await _sign_on(client, provider) == end
    finally:
        await answer_of(admin, "PATCH", f"/sign-in/providers/{provider['id']}", {"login_claim": "preferred_username"})
        await answer_of(admin, "POST", f"/people/{people['sun']}/login", {"login": "sun"})


async def test_single_sign_on_does_not_go_round_the_second_factor(
    app: FastAPI, sign_in: SignIn, provider: Mapping[str, Any], idp: OidcProvider
) -> None:
    own = await sign_in("chen", fresh=True)
    totp, _ = await set_up_totp(own)
    idp.claims = {"sub": "s-chen", "preferred_username": "chen"}
    async with client_of(app) as client:
        end = urlsplit(await _sign_on(client, provider, "/o/account"))
        assert end.path == "/sign-in"
        assert parse_qs(end.query) == {"ways": ["totp,recovery"], "next": ["/o/account"]}
        assert (await client.get("/api/v1/me")).status_code == 401
        body = {"ticket": end.fragment, "code": totp.code()}
        assert (await client.post("/api/v1/session/second-step", json=body)).status_code == 201
    admin = await sign_in()
    await answer_of(admin, "PATCH", f"/sign-in/providers/{provider['id']}", {"strong": True})
    async with client_of(app) as client:
        assert await _sign_on(client, provider) == "/"
        mine = await answer_of(client, "GET", "/me/sessions")
        assert [one["strong"] for one in mine if one["current"]] == [True]
    await answer_of(admin, "PATCH", f"/sign-in/providers/{provider['id']}", {"strong": False})
    await answer_of(own, "DELETE", "/me/totp")


async def test_a_provider_that_is_not_there(app: FastAPI, nobody: AsyncClient, provider: Mapping[str, Any]) -> None:
    for path in (f"nowhere/{provider['id']}", f"test/{new_id()}"):
        answer = await nobody.get(f"/api/v1/session/sso/{path}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?problem=")


async def test_sign_ons_are_not_begun_without_end(
    app: FastAPI, provider: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that succeed are forgiven, so that a whole office behind one address gets in."""
    monkeypatch.setattr(throttle, "PER_ADDRESS", 2)
    async with client_of(app, address="198.51.100.79") as client:
        ends = [await _sign_on(client, provider) for _ in range(4)]
        assert ends == ["/"] * 4
        begun = [(await _out(client, provider)).headers["location"] for _ in range(3)]
        assert [one.startswith("/sign-in?problem=too_many") for one in begun] == [False, False, True]
