"""Sign-in and sign-out, and what the pages need to know before anybody is signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran import audit
from liaoran.access.entering import enter, take_second_step, ticket_organisation
from liaoran.access.factors.passkeys import begin_passkey_sign_in, finish_passkey_sign_in, passkey_refused
from liaoran.access.links import link_gone, link_organisation, look_at_link, use_link
from liaoran.access.sessions import close_session
from liaoran.access.signin import SignIn, sign_in, sign_in_nowhere, wrong_login
from liaoran.access.signin_settings import read_sign_in_settings
from liaoran.access.throttle import count_address, forgive_address
from liaoran.access.tickets import ticket_gone
from liaoran.api.answers import json_value
from liaoran.api.calls import AccountRoute, OpenRoute, call_of
from liaoran.api.cookies import drop_session_cookie
from liaoran.api.entered import ANSWERS, SignedIn, chosen_organisation, entered_answer
from liaoran.api.language import accepted_language
from liaoran.api.services import Services, services_of
from liaoran.api.visitors import site_of, visitor_of
from liaoran.infra.organisations import Organisation

public = APIRouter(tags=["session"], route_class=OpenRoute)
signed = APIRouter(tags=["session"], route_class=AccountRoute)


class SignInBody(BaseModel):
    """A login and its password."""

    login: str = Field(max_length=200, examples=["lihua"])
    password: str = Field(max_length=1000)
    organisation: str | None = Field(None, description="May be left out where the server has one organisation")


class OfferedProvider(BaseModel):
    """A provider of single sign-on."""

    id: UUID
    organisation: str
    label: dict[str, str]


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
    providers: list[OfferedProvider]
    language: str


class SecondStepBody(BaseModel):
    """A code of the authenticator app, or a recovery code, with the ticket of the first step."""

    model_config = ConfigDict(extra="forbid")

    ticket: str = Field(max_length=200)
    code: str = Field(max_length=40, examples=["123456"])


class PasskeyWanted(BaseModel):
    """Where to sign in with a passkey."""

    model_config = ConfigDict(extra="forbid")

    organisation: str | None = Field(None, description="May be left out where the server has one organisation")


class PasskeyChallenge(BaseModel):
    """What to hand to ``navigator.credentials``, and the ticket to answer with."""

    ticket: str
    options: dict[str, Any]


class PasskeyAnswer(BaseModel):
    """What ``navigator.credentials`` gave, as JSON."""

    model_config = ConfigDict(extra="forbid")

    ticket: str = Field(max_length=200)
    credential: dict[str, Any]


class LinkBody(BaseModel):
    """A one-time link: the part behind ``#``."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=200)


class LinkUse(LinkBody):
    """The password to set by a one-time link."""

    password: str = Field(max_length=1000)


class LinkView(BaseModel):
    """Whose link it is and what it is for."""

    kind: str = Field(examples=["invitation"])
    login: str
    organisation: OrganisationChoice
    password_length: int = Field(description="Least number of characters of the password to set")


@public.get("/session/options", responses={200: {"model": SessionOptions}})
async def session_options(request: Request) -> Response:
    """Which organisations there are; the accounts of a demo; the language the browser prefers."""
    services = services_of(request)
    organisations = await services.organisations()
    providers: list[dict[str, Any]] = []
    for one in organisations:
        providers += await services.offers.providers(services.database, one, services.signers.era(one.schema))
    shown = [_choice(one) for one in organisations]
    accounts = services.demo_accounts if any(one.demo for one in organisations) else ()
    language = accepted_language(request.headers.get("accept-language", ""))
    return json_value(
        {"organisations": shown, "demo_accounts": list(accounts), "providers": providers, "language": language}
    )


@public.post("/session", status_code=201, responses=ANSWERS)
async def sign_in_with_password(request: Request, body: SignInBody) -> Response:
    """Signs in: sets an HttpOnly cookie and returns the CSRF token with what ``GET /me`` tells. Whoever has a second
    factor is asked for it first (202)."""
    services, visitor = services_of(request), visitor_of(request)
    attempt = SignIn(body.login, body.password, address=visitor.address, agent=visitor.agent)
    organisation = await chosen_organisation(services, body.organisation)
    if organisation is None:
        await sign_in_nowhere(attempt)
        raise wrong_login()
    entered = await sign_in(services.database, organisation.slug, organisation.schema, attempt)
    return await entered_answer(services, organisation, entered)


@public.post("/session/second-step", status_code=201, responses={201: {"model": SignedIn}})
async def take_the_second_step(request: Request, body: SecondStepBody) -> Response:
    """Signs in whoever was asked for a second step, by a code."""
    services = services_of(request)
    organisation = await _of_ticket(services, body.ticket)
    database = services.database
    entered = await take_second_step(
        database, organisation.slug, organisation.schema, body.ticket, body.code, visitor_of(request)
    )
    return await entered_answer(services, organisation, entered)


@public.post("/session/passkey/options", status_code=201, responses={201: {"model": PasskeyChallenge}})
async def ask_for_a_passkey(request: Request, body: PasskeyWanted) -> Response:
    """Begins to sign in with a passkey. The answer is the same whoever asks."""
    services = services_of(request)
    organisation = await chosen_organisation(services, body.organisation)
    if organisation is None:
        raise passkey_refused()
    async with services.database.transaction(organisation.schema) as tx:
        await count_address(tx, visitor_of(request).address)
        challenge = await begin_passkey_sign_in(tx, organisation.slug, site_of(request))
    return json_value({"ticket": challenge.ticket, "options": challenge.options}, 201)


@public.post("/session/passkey", status_code=201, responses={201: {"model": SignedIn}})
async def sign_in_with_a_passkey(request: Request, body: PasskeyAnswer) -> Response:
    """Signs in with a passkey, which is two factors at once."""
    services = services_of(request)
    organisation = await _of_ticket(services, body.ticket)
    async with services.database.transaction(organisation.schema) as tx:
        person = await finish_passkey_sign_in(tx, site_of(request), body.ticket, body.credential)
        visitor = visitor_of(request)
        entered = await enter(tx, organisation.slug, person, "passkey", visitor, strong=True)
        await forgive_address(tx, visitor.address)
    return await entered_answer(services, organisation, entered)


@public.post("/session/link/look", responses={200: {"model": LinkView}})
async def look_at_a_link(request: Request, body: LinkBody) -> Response:
    """Whose one-time link it is. It stays good."""
    services = services_of(request)
    organisation = await _of_link(services, body.token)
    async with services.database.read(organisation.schema) as tx:
        link = await look_at_link(tx, body.token)
        settings = await read_sign_in_settings(tx)
    seen = {"kind": link.kind, "login": link.login, "password_length": settings.password_length}
    return json_value({**seen, "organisation": _choice(organisation)})


@public.post("/session/link", status_code=201, responses=ANSWERS)
async def set_password_by_link(request: Request, body: LinkUse) -> Response:
    """Sets the password by a one-time link and signs in. The link is used up."""
    services = services_of(request)
    organisation = await _of_link(services, body.token)
    async with services.database.transaction(organisation.schema) as tx:
        entered = await use_link(tx, organisation.slug, body.token, body.password, visitor_of(request))
    return await entered_answer(services, organisation, entered)


@signed.delete("/session", status_code=204)
async def sign_out(request: Request) -> Response:
    """Ends the session that signs this request."""
    call = call_of(request)
    async with call.writing() as tx:
        await close_session(tx, call.token)
        if call.credential.kind == "person":
            audit.note(tx, "session.ended", call.scope.actor)
    answer = Response(status_code=204)
    drop_session_cookie(answer, call.services)
    return answer


def _choice(organisation: Organisation) -> dict[str, Any]:
    return {"slug": organisation.slug, "title": organisation.title, "demo": organisation.demo}


async def _of_ticket(services: Services, ticket: str) -> Organisation:
    organisation = await services.organisation(ticket_organisation(ticket))
    if organisation is None:
        raise ticket_gone()
    return organisation


async def _of_link(services: Services, token: str) -> Organisation:
    organisation = await services.organisation(link_organisation(token))
    if organisation is None:
        raise link_gone()
    return organisation
