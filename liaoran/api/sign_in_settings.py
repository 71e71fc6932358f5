"""What holds for everybody's sign-in, and the providers of single sign-on; for administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran import audit
from liaoran.access.password_policy import MINIMUM_LENGTH
from liaoran.access.sessions import require_fresh
from liaoran.access.signin_settings import LONGEST_MINIMUM, change_sign_in_settings, read_sign_in_settings
from liaoran.access.single_sign_on.protocol import discover
from liaoran.access.single_sign_on.providers import (
    LOGIN_CLAIM,
    add_provider,
    change_provider,
    list_providers,
    remove_provider,
    require_provider,
)
from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.single_sign_on import redirect_of
from liaoran.infra.transaction import Transaction

router = APIRouter(tags=["sign-in settings"], route_class=SignedRoute, prefix="/sign-in")


class SignInSettingsBody(BaseModel):
    """What holds for everybody's sign-in."""

    password_length: int = Field(description="Least number of characters of new passwords")
    second_factor_roles: list[str] = Field(description="Whoever has one of these roles signs in with two factors")
    redirect_uri: str = Field(description="Where a provider of single sign-on sends the browser back")


class SignInSettingsChange(BaseModel):
    """What to set; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    password_length: int | None = Field(None, ge=MINIMUM_LENGTH, le=LONGEST_MINIMUM)
    second_factor_roles: list[str] | None = Field(None, max_length=200)


class ProviderBody(BaseModel):
    """A provider of single sign-on; its secret is never shown."""

    id: UUID
    label: dict[str, str]
    issuer: str
    client_id: str
    has_secret: bool
    scopes: list[str]
    login_claim: str
    strong: bool = Field(description="Whether its sign-in counts as two factors")
    active: bool
    people: int = Field(description="How many have signed in this way")


class ProviderChange(BaseModel):
    """What to set of a provider; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    label: dict[str, str] = Field(default={}, examples=[{"zh": "公司账号", "en": "Company account"}])
    issuer: str = Field("", max_length=500, examples=["https://login.example.cn"])
    client_id: str = Field("", max_length=500)
    client_secret: str = Field("", max_length=2000, description="Empty for a client without a secret")
    scopes: list[str] = Field(default=["openid", "profile", "email"], max_length=20)
    login_claim: str = Field(LOGIN_CLAIM, min_length=1, max_length=100, examples=["preferred_username"])
    strong: bool = False
    active: bool = True


class NewProvider(ProviderChange):
    """A provider to add."""

    label: dict[str, str] = Field(examples=[{"zh": "公司账号", "en": "Company account"}])
    issuer: str = Field(min_length=1, max_length=500, examples=["https://login.example.cn"])
    client_id: str = Field(min_length=1, max_length=500)


class ProviderCheck(BaseModel):
    """What a provider publishes about itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@router.get("", responses={200: {"model": SignInSettingsBody}})
async def get_sign_in_settings(request: Request) -> Response:
    """What holds for everybody's sign-in."""
    call = _administrator(request)
    async with call.reading() as tx:
        return await _settings(tx, request)


@router.patch("", responses={200: {"model": SignInSettingsBody}})
async def set_sign_in_settings(request: Request, body: SignInSettingsChange) -> Response:
    """Sets the least length of passwords, or the roles that sign in with two factors; holds from the next request on."""
    call = _administrator(request)
    async with call.writing() as tx:
        await _fresh(tx, call)
        before = await read_sign_in_settings(tx)
        after = await change_sign_in_settings(tx, **body.model_dump(exclude_unset=True))
        changes: dict[str, list[Any]] = {
            "password_length": [before.password_length, after.password_length],
            "second_factor_roles": [list(before.second_factor_roles), list(after.second_factor_roles)],
        }
        changed = {part: pair for part, pair in changes.items() if pair[0] != pair[1]}
        audit.note(tx, "settings.changed", call.scope.actor, facts={"label": "sign-in", "changes": changed})
        return await _settings(tx, request)


@router.get("/providers", responses={200: {"model": list[ProviderBody]}})
async def list_sign_in_providers(request: Request) -> Response:
    """The providers of single sign-on."""
    call = _administrator(request)
    async with call.reading() as tx:
        return json_value(await list_providers(tx))


@router.post("/providers", status_code=201, responses={201: {"model": ProviderBody}})
async def add_sign_in_provider(request: Request, body: NewProvider) -> Response:
    """Adds a provider of single sign-on (OpenID Connect)."""
    call = _administrator(request)
    async with call.writing() as tx:
        await _fresh(tx, call)
        provider = await add_provider(tx, call.services.database.secrets, body.model_dump(exclude_unset=True))
        return await _noted(tx, call, provider, "made", 201)


@router.patch("/providers/{id}", responses={200: {"model": ProviderBody}})
async def change_sign_in_provider(request: Request, id: UUID, body: ProviderChange) -> Response:
    """Changes a provider of single sign-on."""
    call = _administrator(request)
    async with call.writing() as tx:
        await change_provider(tx, call.services.database.secrets, id, body.model_dump(exclude_unset=True))
        await _fresh(tx, call)  # what is not there is not there, however long ago they signed in
        return await _noted(tx, call, id, "changed")


@router.delete("/providers/{id}", status_code=204)
async def remove_sign_in_provider(request: Request, id: UUID) -> Response:
    """Removes a provider of single sign-on."""
    call = _administrator(request)
    async with call.writing() as tx:
        found = await require_provider(tx, id)
        await _fresh(tx, call)
        await remove_provider(tx, id)
        facts = {"what": "removed", "label": found["issuer"]}
        audit.note(tx, "single_sign_on.changed", call.scope.actor, facts=facts)
    return Response(status_code=204)


@router.post("/providers/{id}/check", responses={200: {"model": ProviderCheck}})
async def check_sign_in_provider(request: Request, id: UUID) -> Response:
    """Asks the provider what it publishes about itself: whether its address is right and can be reached from here."""
    call = _administrator(request)
    call.scope.require_writing()
    async with call.reading() as tx:
        found = await require_provider(tx, id)
    metadata = await discover(call.services.settings, found["issuer"])
    return json_value(
        {
            "authorization_endpoint": metadata.authorization_endpoint,
            "token_endpoint": metadata.token_endpoint,
            "jwks_uri": metadata.jwks_uri,
        }
    )


async def _settings(tx: Transaction, request: Request) -> Response:
    found = await read_sign_in_settings(tx)
    shown: dict[str, Any] = {
        "password_length": found.password_length,
        "second_factor_roles": list(found.second_factor_roles),
        "redirect_uri": redirect_of(request),
    }
    return json_value(shown)


async def _noted(tx: Transaction, call: Call, provider: UUID, what: str, status: int = 200) -> Response:
    found = await require_provider(tx, provider)
    facts = {"what": what, "label": found["issuer"], "active": found["active"], "strong": found["strong"]}
    audit.note(tx, "single_sign_on.changed", call.scope.actor, facts=facts)
    return json_value(found, status)


async def _fresh(tx: Transaction, call: Call) -> None:
    """The administrator has proved lately who they are; a token stands for itself."""
    if call.credential.kind == "person":
        await require_fresh(tx, call.credential)


def _administrator(request: Request) -> Call:
    call = call_of(request)
    call.scope.require_administrator()
    return call
