"""The actor's own API tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.access.tokens import create_token, list_tokens, revoke_token
from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.kernel.errors import Forbidden
from liaoran.kernel.text import Text

router = APIRouter(tags=["tokens"], route_class=SignedRoute)


class NewToken(BaseModel):
    """A token to make. Without ``scopes`` it may do what the person may."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(min_length=1, max_length=200, examples=["ERP"])
    scopes: list[Literal["read", "write", "admin"]] | None = None
    days: int | None = Field(None, ge=1, le=3650, description="How long it is good; left out, until it is revoked")


class TokenBody(BaseModel):
    """A token as it is listed."""

    id: str
    label: str
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


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
    async with call.writing() as tx:
        token_id, token = await create_token(
            tx, call.organisation.slug, call.credential.person, body.label, scopes=body.scopes, days=body.days
        )
    return json_value({"id": token_id, "token": token}, 201)


@router.delete("/tokens/{id}", status_code=204)
async def revoke_my_token(request: Request, id: UUID) -> Response:
    """Ends a token."""
    call = _in_person(request)
    async with call.writing() as tx:
        await revoke_token(tx, call.credential.person, id)
    return Response(status_code=204)


def _in_person(request: Request) -> Call:
    """A token could otherwise make itself a wider one."""
    call = call_of(request)
    if call.credential.kind != "person":
        raise Forbidden(
            Text("令牌不能管理令牌，请登录后操作", "a token cannot manage tokens; sign in"), code="in_person_only"
        )
    return call
