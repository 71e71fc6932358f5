"""Logins and roles of people, for administrators."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.access.people import LoginChange, change_login, list_logins, login_of, require_person
from liaoran.access.roles import list_roles
from liaoran.api.answers import json_bytes, json_value
from liaoran.api.calls import SignedRoute, call_of

router = APIRouter(tags=["people"], route_class=SignedRoute)


class LoginBody(BaseModel):
    """How a person signs in; ``login`` is null where they cannot."""

    login: str | None
    disabled: bool
    roles: list[str]
    has_password: bool
    second_factor: bool = Field(description="Whether they have an authenticator app or a passkey")
    signed_in_at: datetime | None


class PersonLogin(LoginBody):
    """How one of all people signs in."""

    person: UUID


class LoginRequest(BaseModel):
    """What to set; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    login: str | None = Field(None, max_length=200, examples=["lihua"])
    password: str | None = Field(None, max_length=1000)
    roles: list[str] | None = Field(None, max_length=50, examples=[["salesperson"]])
    disabled: bool | None = None


class RoleBody(BaseModel):
    """A role that people may have."""

    key: str
    label: dict[str, str]
    origin: str


@router.get("/roles", responses={200: {"model": list[RoleBody]}})
async def list_all_roles(request: Request) -> Response:
    """The roles of the organisation."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_roles(tx))


@router.get("/people/logins", responses={200: {"model": list[PersonLogin]}})
async def list_people_logins(request: Request) -> Response:
    """The logins of all people who have one, with their roles. Who is not listed cannot sign in."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.reading() as tx:
        return await json_bytes(request, await list_logins(tx))


@router.get("/people/{id}/login", responses={200: {"model": LoginBody}})
async def get_login(request: Request, id: UUID) -> Response:
    """How a person signs in, and their roles."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.reading() as tx:
        await require_person(tx, call.scope.snapshot, id)
        return json_value(await login_of(tx, id))


@router.post("/people/{id}/login", responses={200: {"model": LoginBody}})
async def set_login(request: Request, id: UUID, body: LoginRequest) -> Response:
    """Sets login, password, roles, or whether the login is disabled."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        await require_person(tx, call.scope.snapshot, id)
        await change_login(tx, id, LoginChange(**body.model_dump()), call.scope.actor)
        return json_value(await login_of(tx, id))
