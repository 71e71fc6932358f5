"""API tokens: the actor's own, and those of the organisation's programs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran import audit
from liaoran.access.people import require_person
from liaoran.access.sessions import require_fresh
from liaoran.access.tokens import (
    create_token,
    list_service_tokens,
    list_tokens,
    revoke_service_token,
    revoke_token,
)
from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.me import LinkValue
from liaoran.kernel.errors import Forbidden
from liaoran.kernel.text import Text

router = APIRouter(tags=["tokens"], route_class=SignedRoute)


class NewToken(BaseModel):
    """A token to make. Without ``scopes`` it may do what the person may."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(min_length=1, max_length=200, examples=["ERP"])
    scopes: list[Literal["read", "write", "admin"]] | None = None
    days: int | None = Field(None, ge=1, le=3650, description="How long it is good; left out, until it is revoked")
    per_minute: int | None = Field(None, ge=1, le=1_000_000, description="How many requests a minute it may make")


class NewServiceToken(NewToken):
    """A token for a program, which acts for a person that stands for it."""

    person: UUID


class TokenBody(BaseModel):
    """A token as it is listed."""

    id: str
    label: str
    scopes: list[str] | None
    per_minute: int | None
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


class ServiceTokenBody(TokenBody):
    """A service token as it is listed."""

    person: LinkValue


class CreatedToken(BaseModel):
    """A new token: the one time that its text is shown."""

    id: str
    token: str = Field(examples=["liaoran_demo_0123…"])


@router.get("/tokens", responses={200: {"model": list[TokenBody]}})
async def list_my_tokens(request: Request) -> Response:
    """The person's tokens, newest first."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_tokens(tx, call.credential.person))


@router.post("/tokens", status_code=201, responses={201: {"model": CreatedToken}})
async def create_my_token(request: Request, body: NewToken) -> Response:
    """Makes a token that acts for the person."""
    call = _in_person(request)
    return await _made(call, body, call.credential.person, service=False)


@router.delete("/tokens/{id}", status_code=204)
async def revoke_my_token(request: Request, id: UUID) -> Response:
    """Ends a token."""
    call = _in_person(request)
    async with call.writing() as tx:
        label = await revoke_token(tx, call.credential.person, id)
        audit.note(tx, "token.ended", call.scope.actor, facts={"label": label})
    return Response(status_code=204)


@router.get("/service-tokens", responses={200: {"model": list[ServiceTokenBody]}})
async def list_all_service_tokens(request: Request) -> Response:
    """The tokens of the organisation's programs, newest first; for administrators."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.reading() as tx:
        return json_value(await list_service_tokens(tx, call.scope.snapshot))


@router.post("/service-tokens", status_code=201, responses={201: {"model": CreatedToken}})
async def create_service_token(request: Request, body: NewServiceToken) -> Response:
    """Makes a token for a program; it may what the person it acts for may, narrowed to its scopes."""
    call = _in_person(request)
    call.scope.require_administrator()
    return await _made(call, body, body.person, service=True)


@router.delete("/service-tokens/{id}", status_code=204)
async def end_service_token(request: Request, id: UUID) -> Response:
    """Ends a token of a program."""
    call = _in_person(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        label = await revoke_service_token(tx, id)
        audit.note(tx, "token.ended", call.scope.actor, facts={"label": label, "service": True})
    return Response(status_code=204)


async def _made(call: Call, body: NewToken, person: UUID, *, service: bool) -> Response:
    async with call.writing() as tx:
        await require_fresh(tx, call.credential)
        if service:
            await require_person(tx, call.scope.snapshot, person)
        token_id, token = await create_token(
            tx,
            call.organisation.slug,
            person,
            body.label,
            scopes=body.scopes,
            days=body.days,
            per_minute=body.per_minute,
            made_by=call.credential.person,
            service=service,
        )
        facts = {"label": body.label, "scopes": body.scopes, "days": body.days, "service": service}
        audit.note(tx, "token.made", call.scope.actor, object="person", record=person, facts=facts)
    return json_value({"id": token_id, "token": token}, 201)


def _in_person(request: Request) -> Call:
    """A token could otherwise make itself a wider one."""
    call = call_of(request)
    if call.credential.kind != "person":
        raise Forbidden(
            Text("令牌不能管理令牌，请登录后操作", "a token cannot manage tokens; sign in"), code="in_person_only"
        )
    return call
