"""What administrators do about the sign-in of others: one-time links, lost factors, open sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran import audit
from liaoran.access.factors.standing import factors_of, forget_factors
from liaoran.access.links import LINK_PAGE, MOST_HOURS, make_link
from liaoran.access.people import require_person
from liaoran.access.sessions import close_sessions_of, list_sessions, require_fresh
from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.visitors import site_of
from liaoran.infra.transaction import Transaction

router = APIRouter(tags=["people"], route_class=SignedRoute, prefix="/people/{id}")


class LinkWanted(BaseModel):
    """How long the link is to be good; left out, an invitation for seven days and a reset for one."""

    model_config = ConfigDict(extra="forbid")

    hours: int | None = Field(None, ge=1, le=MOST_HOURS)


class MadeLink(BaseModel):
    """A one-time link, shown this once: to be handed to the person."""

    url: str
    kind: Literal["invitation", "reset"]
    expires_at: datetime


class PersonSession(BaseModel):
    """Where a person is signed in."""

    id: UUID
    address: str | None
    agent: str | None
    way: str
    strong: bool
    created_at: datetime
    seen_at: datetime


class PersonKeys(BaseModel):
    """How a person's account is kept."""

    totp: bool
    passkeys: int
    codes_left: int
    required: bool = Field(description="Whether a role of the person asks for a second factor")
    sessions: list[PersonSession]


@router.get("/keys", responses={200: {"model": PersonKeys}})
async def get_person_keys(request: Request, id: UUID) -> Response:
    """Which second factors a person has, and where they are signed in."""
    call = _administrator(request)
    async with call.reading() as tx:
        await require_person(tx, call.scope.snapshot, id)
        found = await factors_of(tx, id)
        sessions = await list_sessions(tx, id)
    return json_value(
        {
            "totp": found.totp_since is not None,
            "passkeys": len(found.passkeys),
            "codes_left": found.codes_left,
            "required": found.required,
            "sessions": sessions,
        }
    )


@router.post("/link", status_code=201, responses={201: {"model": MadeLink}})
async def make_person_link(request: Request, id: UUID, body: LinkWanted) -> Response:
    """Makes a one-time link by which the person sets a password: an invitation, or a reset for who has one. A former
    link of the person is no longer good."""
    call = _administrator(request)
    async with call.writing() as tx:
        await _ready(tx, call, id)
        link = await make_link(tx, call.organisation.slug, id, call.scope.actor, body.hours)
    url = f"{site_of(request).origin}{LINK_PAGE}#{link.token}"
    return json_value({"url": url, "kind": link.kind, "expires_at": link.expires_at}, 201)


@router.delete("/factors", status_code=204)
async def forget_person_factors(request: Request, id: UUID) -> Response:
    """Forgets the second factors of somebody who lost them, and ends their sessions."""
    call = _administrator(request)
    async with call.writing() as tx:
        await _ready(tx, call, id)
        await forget_factors(tx, id)
        audit.note(tx, "factor.removed", call.scope.actor, object="person", record=id, facts={"way": "all"})
    return Response(status_code=204)


@router.delete("/sessions", status_code=204)
async def end_person_sessions(request: Request, id: UUID) -> Response:
    """Ends all sessions of a person."""
    call = _administrator(request)
    async with call.writing() as tx:
        await require_person(tx, call.scope.snapshot, id)
        await close_sessions_of(tx, id)
        audit.note(tx, "sessions.ended", call.scope.actor, object="person", record=id)
    return Response(status_code=204)


async def _ready(tx: Transaction, call: Call, person: UUID) -> None:
    """The person is there, and the administrator has proved lately who they are (a token stands for itself)."""
    await require_person(tx, call.scope.snapshot, person)
    if call.credential.kind == "person":
        await require_fresh(tx, call.credential)


def _administrator(request: Request) -> Call:
    call = call_of(request)
    call.scope.require_administrator()
    return call
