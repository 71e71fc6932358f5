"""Sign-in and sign-out, and what the pages need to know before anybody is signed in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from liaoran.access.actors import resolve_actor, scope_for
from liaoran.access.credentials import csrf_of
from liaoran.access.sessions import close_session, find_session
from liaoran.access.signin import SignIn, sign_in, sign_in_nowhere, wrong_login
from liaoran.api.answers import is_loopback, json_value
from liaoran.api.calls import Call, OpenRoute, SignedRoute, call_of
from liaoran.api.cookies import drop_session_cookie, set_session_cookie
from liaoran.api.language import accepted_language
from liaoran.api.me import Me, describe_me
from liaoran.api.services import Services, services_of
from liaoran.infra.organisations import Organisation
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot

public = APIRouter(tags=["session"], route_class=OpenRoute)
signed = APIRouter(tags=["session"], route_class=SignedRoute)


class SignInBody(BaseModel):
    """A login and its password."""

    login: str = Field(max_length=200, examples=["lihua"])
    password: str = Field(max_length=1000)
    organisation: str | None = Field(None, description="May be left out where the server has one organisation")


class OrganisationChoice(BaseModel):
    """An organisation that one may sign in to."""

    slug: str
    title: str
    demo: bool


class DemoAccount(BaseModel):
    """An account of a demo organisation, shown to everybody."""

    login: str
    password: str
    name: str
    role: dict[str, str]


class SessionOptions(BaseModel):
    """What the sign-in page shows."""

    organisations: list[OrganisationChoice]
    demo_accounts: list[DemoAccount]
    language: str


class SignedIn(BaseModel):
    """A fresh session; its token is in the cookie."""

    csrf: str = Field(description="To be sent as X-CSRF-Token with every request that is no GET")
    me: Me


@public.get("/session/options", responses={200: {"model": SessionOptions}})
async def session_options(request: Request) -> Response:
    """Which organisations there are; the accounts of a demo; the language the browser prefers."""
    services = services_of(request)
    organisations = await services.organisations()
    shown = [{"slug": one.slug, "title": one.title, "demo": one.demo} for one in organisations]
    accounts = services.demo_accounts if any(one.demo for one in organisations) else ()
    language = accepted_language(request.headers.get("accept-language", ""))
    return json_value({"organisations": shown, "demo_accounts": list(accounts), "language": language})


@public.post("/session", status_code=201, responses={201: {"model": SignedIn}})
async def sign_in_with_password(request: Request, body: SignInBody) -> Response:
    """Signs in: sets an HttpOnly cookie and returns the CSRF token with what ``GET /me`` tells."""
    services = services_of(request)
    attempt = SignIn(
        body.login,
        body.password,
        address=_address(request),
        agent=request.headers.get("user-agent", ""),
    )
    organisation = await _organisation(services, body.organisation)
    if organisation is None:
        await sign_in_nowhere(attempt)
        raise wrong_login()
    token = await sign_in(services.database, organisation.slug, organisation.schema, attempt)
    csrf = csrf_of(token)
    answer = json_value({"csrf": csrf, "me": await _me(services, organisation, token)}, 201)
    set_session_cookie(answer, services, token)
    return answer


@signed.delete("/session", status_code=204)
async def sign_out(request: Request) -> Response:
    """Ends the session that signs this request."""
    call = call_of(request)
    async with call.writing() as tx:
        await close_session(tx, call.token)
    answer = Response(status_code=204)
    drop_session_cookie(answer, call.services)
    return answer


def _address(request: Request) -> str:
    """The client's address. Empty where all clients seem to sit on this machine, as they do behind a proxy that nobody
    has told us of: counting them together would let one of them lock out all others."""
    host = request.client.host if request.client else ""
    if services_of(request).settings.behind_proxy:
        return request.headers.get("x-forwarded-for", host).rpartition(",")[2].strip()[:80]
    return "" if is_loopback(host) else host


async def _organisation(services: Services, slug: str | None) -> Organisation | None:
    if slug:
        return await services.organisation(slug)
    organisations = await services.organisations()
    if len(organisations) > 1:
        message = Text("请选择要登录的组织", "name the organisation to sign in to")
        raise Invalid(message, code="organisation_required")
    return organisations[0] if organisations else None


async def _me(services: Services, organisation: Organisation, token: str) -> dict[str, Any]:
    async with services.database.read(organisation.schema) as tx:
        credential = await find_session(tx, token)
        if credential is None:
            raise wrong_login()
        snapshot = await load_snapshot(tx)
        scope = await scope_for(tx, snapshot, credential)
        resolved = await resolve_actor(tx, snapshot, credential.person, credential.access_version)
    return describe_me(Call(services, organisation, credential, scope, token), resolved)
