"""The answer to whoever proved who they are: the session's cookie, or what is still asked for."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import Response
from pydantic import BaseModel, Field

from liaoran.access.actors import resolve_actor, scope_for
from liaoran.access.credentials import csrf_of
from liaoran.access.entering import Entered, Opened
from liaoran.access.sessions import find_session
from liaoran.access.signin import wrong_login
from liaoran.api.answers import json_value
from liaoran.api.calls import Call
from liaoran.api.cookies import set_session_cookie
from liaoran.api.me import Me, describe_me
from liaoran.api.services import Services
from liaoran.infra.organisations import Organisation
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot

SecondWay = Literal["totp", "passkey", "recovery"]


class SignedIn(BaseModel):
    """A fresh session; its token is in the cookie."""

    csrf: str = Field(description="To be sent as X-CSRF-Token with every request that is no GET")
    me: Me


class SecondStepAsked(BaseModel):
    """The first step was right, and a second one is asked for."""

    ticket: str = Field(description="To be sent with the code to `POST /session/second-step`, within ten minutes")
    ways: list[SecondWay]


ANSWERS: dict[int | str, dict[str, Any]] = {
    201: {"model": SignedIn},
    202: {"model": SecondStepAsked, "description": "A second step is asked for; nobody is signed in yet"},
}
"""What a sign-in is answered with, in the words of OpenAPI."""


async def entered_answer(services: Services, organisation: Organisation, entered: Entered) -> Response:
    """201 with the cookie, or 202 with the second step."""
    if not isinstance(entered, Opened):
        return json_value({"ticket": entered.ticket, "ways": list(entered.ways)}, 202)
    me = await _me(services, organisation, entered.token)
    answer = json_value({"csrf": csrf_of(entered.token), "me": me}, 201)
    set_session_cookie(answer, services, entered.token)
    return answer


async def chosen_organisation(services: Services, slug: str | None) -> Organisation | None:
    """The organisation of a slug, without one the only one there is; None where there is none. Raises Invalid where
    there are several to choose from."""
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
