"""With whom a record is shared: shares, the team, followers; and the sharing rules of the organisation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.records import record_id
from liaoran.api.repeats import write_once
from liaoran.api.roles import ProblemBody
from liaoran.collaboration.sharing.following import follow, unfollow
from liaoran.collaboration.sharing.giving import NewShare, ShareChange, change_share, end_share, give_share
from liaoran.collaboration.sharing.listing import read_share, read_sharing
from liaoran.collaboration.sharing.rights import SharedRecord
from liaoran.collaboration.sharing.rules import (
    NewRule,
    RuleChange,
    change_rule,
    count_of_rule,
    list_rules,
    make_rule,
    remove_rule,
)
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Door

RECORD = "/records/{object}/{id}"
router = APIRouter(tags=["sharing"], route_class=SignedRoute)


class NamedBody(BaseModel):
    """A person or a department."""

    id: str
    label: str


class ShareBody(BaseModel):
    """A record given to a person or to a department and all below it. ``role`` is the part in the team; ``mine`` says
    that it was given to the actor."""

    id: str
    person: NamedBody | None
    department: NamedBody | None
    level: Literal["read", "edit"]
    role: str | None
    starts_at: datetime
    ends_at: datetime | None
    note: str | None
    given_by: NamedBody | None
    given_at: datetime
    state: Literal["active", "upcoming", "ended"]
    mine: bool


class FollowerBody(NamedBody):
    """Somebody who is told about the record."""

    since: datetime


class TeamRoleBody(BaseModel):
    """A part in a team, and the level that somebody with it usually needs. ``given`` is false for those that no share
    gives: the owner is whom the record names, approvers are those who have or had a seat in an approval of it."""

    key: str
    label: dict[str, str]
    usual: Literal["read", "edit"]
    given: bool


class SharingBody(BaseModel):
    """All of the sharing of a record, and what the actor may do about it."""

    may_share: bool
    may_give_edit: bool
    owner: NamedBody | None
    roles: list[TeamRoleBody]
    shares: list[ShareBody]
    ended: list[ShareBody]
    followers: list[FollowerBody]
    following: bool


class FollowersBody(BaseModel):
    """Who is to follow; left out, the actor."""

    model_config = ConfigDict(extra="forbid")

    people: list[UUID] | None = Field(None, min_length=1, max_length=100)


class SharingRuleBody(BaseModel):
    """A sharing rule. ``problems`` says why it gives nothing at present."""

    id: str
    label: dict[str, str]
    object: str
    where: dict[str, Any] | None
    people: list[NamedBody]
    departments: list[NamedBody]
    roles: list[str]
    level: Literal["read", "edit"]
    active: bool
    position: int
    problems: list[ProblemBody]


class RuleCountRequest(BaseModel):
    """Records that a rule would give."""

    model_config = ConfigDict(extra="forbid")

    object: str
    where: dict[str, Any] | None = None


class RuleCount(BaseModel):
    """How many there are."""

    records: int


def _place(call: Call, tx: Transaction, object_key: str, id: str) -> SharedRecord:
    return SharedRecord(tx, call.scope, object_key, record_id(id), call.cause(Door.FORM))


@router.get(RECORD + "/sharing", responses={200: {"model": SharingBody}})
async def get_sharing(request: Request, object: str, id: str) -> Response:
    """With whom a record is shared, who is in its team, who follows it."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await read_sharing(_place(call, tx, object, id), datetime.now(UTC)))


@router.post(RECORD + "/shares", status_code=201, responses={201: {"model": ShareBody}})
async def add_share(request: Request, object: str, id: str, body: NewShare) -> Response:
    """Shares a record with a person or a department, for reading or editing, for good or until a moment."""
    call, now = call_of(request), datetime.now(UTC)

    async def work(tx: Transaction) -> Response:
        place = _place(call, tx, object, id)
        share = await give_share(place, body, now)
        return json_value(await read_share(place, share, now), 201)

    return await write_once(request, call, work)


@router.patch(RECORD + "/shares/{share}", responses={200: {"model": ShareBody}})
async def change_one_share(request: Request, object: str, id: str, share: UUID, body: ShareChange) -> Response:
    """Changes level, team role, end or note of a share. A share that has ended begins again with a new end or none."""
    call, now = call_of(request), datetime.now(UTC)
    async with call.writing() as tx:
        place = _place(call, tx, object, id)
        await change_share(place, share, body, now)
        return json_value(await read_share(place, share, now))


@router.delete(RECORD + "/shares/{share}", status_code=204)
async def end_one_share(request: Request, object: str, id: str, share: UUID) -> Response:
    """Ends a share at once; it stays on record."""
    call = call_of(request)
    async with call.writing() as tx:
        await end_share(_place(call, tx, object, id), share, datetime.now(UTC))
    return Response(status_code=204)


@router.post(RECORD + "/followers", status_code=204)
async def add_followers(request: Request, object: str, id: str, body: FollowersBody) -> Response:
    """Makes the actor, or others who see the record, follow it."""
    call = call_of(request)
    people = body.people if body.people is not None else [call.scope.actor.person or call.scope.actor.id]
    async with call.writing() as tx:
        await follow(_place(call, tx, object, id), people, datetime.now(UTC))
    return Response(status_code=204)


@router.delete(RECORD + "/followers/{person}", status_code=204)
async def remove_follower(request: Request, object: str, id: str, person: UUID) -> Response:
    """Ends somebody's following."""
    call = call_of(request)
    async with call.writing() as tx:
        await unfollow(_place(call, tx, object, id), person)
    return Response(status_code=204)


@router.get("/sharing-rules", responses={200: {"model": list[SharingRuleBody]}})
async def list_sharing_rules(request: Request) -> Response:
    """The sharing rules in order."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.reading() as tx:
        return json_value(await list_rules(tx, call.scope))


@router.post("/sharing-rules", status_code=201, responses={201: {"model": SharingRuleBody}})
async def make_sharing_rule(request: Request, body: NewRule) -> Response:
    """Makes a rule: all records for which a Condition holds, for people, departments and roles."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        return json_value(await make_rule(tx, call.scope, body), 201)

    return await write_once(request, call, work)


@router.post("/sharing-rules/count", responses={200: {"model": RuleCount}})
async def count_sharing_rule(request: Request, body: RuleCountRequest) -> Response:
    """How many records a rule with this Condition gives at present."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value({"records": await count_of_rule(tx, call.scope, body.object, body.where)})


@router.patch("/sharing-rules/{rule}", responses={200: {"model": SharingRuleBody}})
async def change_sharing_rule(request: Request, rule: UUID, body: RuleChange) -> Response:
    """Changes a rule, or puts it out of force for the time being."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await change_rule(tx, call.scope, rule, body))


@router.delete("/sharing-rules/{rule}", status_code=204)
async def remove_sharing_rule(request: Request, rule: UUID) -> Response:
    """Removes a rule for good."""
    call = call_of(request)
    async with call.writing() as tx:
        await remove_rule(tx, call.scope, rule)
    return Response(status_code=204)
