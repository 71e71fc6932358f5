"""Roles and restrictions, for administrators: what they say, and what each person would gain or lose by a change."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.access.policies import NewPolicy, PolicyChange, change_policy, list_policies, make_policy, remove_policy
from liaoran.access.previews import preview_role
from liaoran.access.role_shaping import (
    NewRole,
    RoleChange,
    RoleGrants,
    bring_role_back,
    change_role,
    list_definitions,
    make_role,
    retire_role,
)
from liaoran.api.answers import json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.api.repeats import write_once
from liaoran.infra.transaction import Transaction

Door = Literal["create", "import", "bulk"]
Shows = Literal["open", "readonly", "masked", "hidden"]
router = APIRouter(tags=["roles"], route_class=SignedRoute)


class ProblemBody(BaseModel):
    """What of a role or a restriction cannot be carried out at present, and where."""

    code: str
    message: dict[str, str]
    at: str | None = None


class RoleDefinition(BaseModel):
    """A role in full. ``origin``: shipped, changed (shipped, and changed since) or custom."""

    key: str
    label: dict[str, str]
    origin: Literal["shipped", "changed", "custom"]
    retired: bool
    position: int
    grants: dict[str, Any]
    people: int
    problems: list[ProblemBody]


class Retirement(BaseModel):
    """Which role takes the place of the one that goes; left out where nobody has it."""

    model_config = ConfigDict(extra="forbid")

    replaced_by: str | None = None


class RolePreview(BaseModel):
    """What a role would allow; ``grants`` null: it is taken out of use. ``people`` would get it; left out, everybody who
    has it is looked at."""

    model_config = ConfigDict(extra="forbid")

    key: str = Field(max_length=63)
    grants: RoleGrants | None = None
    people: list[UUID] = Field(default=[], max_length=200)


class NamedPerson(BaseModel):
    """A person, or a department, by name."""

    id: str
    label: str


class Difference(BaseModel):
    """How many records a verb would come to reach, and would no longer reach."""

    gained: int
    lost: int


class Doors(BaseModel):
    """Which of create, import and bulk would be opened or closed."""

    gained: list[Door]
    lost: list[Door]


class FieldDifference(BaseModel):
    """A Field that would show otherwise: open, readonly, masked or hidden."""

    field: str
    label: dict[str, str]
    before: Shows
    after: Shows


class ObjectDifference(BaseModel):
    """What would change for one person on one Object."""

    object: str
    label: dict[str, str]
    verbs: dict[str, Difference]
    doors: Doors
    fields: list[FieldDifference]


class PersonDifference(BaseModel):
    """What would change for one person."""

    person: NamedPerson
    objects: list[ObjectDifference]


class PreviewBody(BaseModel):
    """Who would gain or lose what; ``more`` people were not looked at."""

    people: list[PersonDifference]
    affected: int
    unchanged: int
    more: int


class PolicyBody(BaseModel):
    """A restriction: rows of ``where`` are out of the reach of the verbs, for whom it names, or for everybody."""

    key: str
    label: dict[str, str]
    object: str
    verbs: list[str]
    where: dict[str, Any]
    roles: list[str]
    people: list[NamedPerson]
    departments: list[NamedPerson]
    active: bool
    position: int
    problems: list[ProblemBody]


@router.get("/roles/definitions", responses={200: {"model": list[RoleDefinition]}})
async def list_role_definitions(request: Request) -> Response:
    """All roles with what they allow, how many people have each, and what of them cannot be carried out."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_definitions(tx, call.scope))


@router.post("/roles", status_code=201, responses={201: {"model": RoleDefinition}})
async def make_new_role(request: Request, body: NewRole) -> Response:
    """Makes a role."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        return json_value(await make_role(tx, call.scope, body), 201)

    return await write_once(request, call, work)


@router.post("/roles/preview", responses={200: {"model": PreviewBody}})
async def preview_role_change(request: Request, body: RolePreview) -> Response:
    """What each person would gain or lose by a change of a role, counted on the records that are there."""
    call = call_of(request)
    async with call.reading() as tx:
        grants = body.grants.model_dump() if body.grants is not None else None
        return json_value(await preview_role(tx, call.scope, body.key, grants, body.people))


@router.patch("/roles/{key}", responses={200: {"model": RoleDefinition}})
async def change_one_role(request: Request, key: str, body: RoleChange) -> Response:
    """Changes a role; it is in force from the next request on."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await change_role(tx, call.scope, key, body))


@router.post("/roles/{key}/retire", responses={200: {"model": RoleDefinition}})
async def retire_one_role(request: Request, key: str, body: Retirement) -> Response:
    """Takes a role out of use; the people who have it get the one that takes its place."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await retire_role(tx, call.scope, key, body.replaced_by))


@router.post("/roles/{key}/bring-back", responses={200: {"model": RoleDefinition}})
async def bring_one_role_back(request: Request, key: str) -> Response:
    """Puts a retired role into use again."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await bring_role_back(tx, call.scope, key))


@router.get("/policies", responses={200: {"model": list[PolicyBody]}})
async def list_all_policies(request: Request) -> Response:
    """The restrictions in order."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_policies(tx, call.scope))


@router.post("/policies", status_code=201, responses={201: {"model": PolicyBody}})
async def make_new_policy(request: Request, body: NewPolicy) -> Response:
    """Makes a restriction: what it names is taken away, whatever the roles say."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        return json_value(await make_policy(tx, call.scope, body), 201)

    return await write_once(request, call, work)


@router.patch("/policies/{key}", responses={200: {"model": PolicyBody}})
async def change_one_policy(request: Request, key: str, body: PolicyChange) -> Response:
    """Changes a restriction, or puts it out of force for the time being."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await change_policy(tx, call.scope, key, body))


@router.delete("/policies/{key}", status_code=204)
async def remove_one_policy(request: Request, key: str) -> Response:
    """Removes a restriction for good."""
    call = call_of(request)
    async with call.writing() as tx:
        await remove_policy(tx, call.scope, key)
    return Response(status_code=204)
