"""Hand-overs: what somebody holds, giving it to successors, and taking that back. For administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from liaoran.access.people import require_person
from liaoran.api.answers import json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.api.repeats import write_once
from liaoran.api.sharing import NamedBody
from liaoran.collaboration.hand_over.giving import begin_hand_over
from liaoran.collaboration.hand_over.holdings import read_holdings
from liaoran.collaboration.hand_over.ledger import HandOver, find_hand_over, list_hand_overs
from liaoran.collaboration.hand_over.plan import HandOverPlan
from liaoran.collaboration.hand_over.taking_back import begin_undo
from liaoran.infra.transaction import Transaction

router = APIRouter(tags=["hand-overs"], route_class=SignedRoute)


class HeldByDepartment(NamedBody):
    """How many of the records count in a department."""

    count: int


class HeldPart(BaseModel):
    """Records that name the person in one Field. ``open`` are those that are not finished, null where nothing is."""

    key: str
    object: str
    field: str
    label: dict[str, str]
    field_label: dict[str, str]
    is_task: bool
    total: int
    open: int | None
    departments: list[HeldByDepartment]


class HeldBeside(BaseModel):
    """What the person holds beside records."""

    key: Literal["approvals", "shares", "following", "rules", "processes"]
    label: dict[str, str]
    total: int


class NamingProcess(BaseModel):
    """A Process that names the person, and where, in words."""

    key: str
    label: dict[str, str]
    parts: list[dict[str, str]]


class HoldingsBody(BaseModel):
    """All that somebody holds."""

    parts: list[HeldPart]
    beside: list[HeldBeside]
    processes: list[NamingProcess]


class KeptBody(BaseModel):
    """Something that stayed where it was, and why."""

    part: str
    object: str | None
    record: str | None
    message: dict[str, str]


class GivenBody(NamedBody):
    """How much of a part a successor got."""

    part: str
    count: int


class HandOverBody(BaseModel):
    """A hand-over and how far it is: ``done`` of ``total`` things dealt with, ``kept_count`` of them left where they were.
    ``taken_back`` counts what an undo gave back. ``problem`` says why it stopped."""

    id: str
    person: NamedBody
    successors: list[NamedBody]
    split: Literal["one", "object", "department", "evenly"]
    leaves: bool
    reason: str
    state: Literal["waiting", "running", "done", "stopped", "undoing", "undone"]
    total: int
    done: int
    given: list[GivenBody]
    kept: list[KeptBody]
    kept_count: int
    taken_back: int
    problem: dict[str, str] | None
    started_at: datetime
    started_by: NamedBody
    finished_at: datetime | None
    undone_at: datetime | None
    undone_by: str | None


@router.get("/people/{id}/holdings", responses={200: {"model": HoldingsBody}})
async def get_holdings(request: Request, id: UUID) -> Response:
    """What somebody holds: records by Object and Field, approvals, shares, places in pipelines. The preview of a
    hand-over."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.reading() as tx:
        await require_person(tx, call.scope.snapshot, id)
        return json_value(await read_holdings(tx, call.scope, id))


@router.get("/hand-overs", responses={200: {"model": list[HandOverBody]}})
async def list_all_hand_overs(request: Request) -> Response:
    """The latest hand-overs, newest first."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.reading() as tx:
        return json_value([_told(one) for one in await list_hand_overs(tx)])


@router.post("/hand-overs", status_code=202, responses={202: {"model": HandOverBody}})
async def start_hand_over(request: Request, body: HandOverPlan) -> Response:
    """Gives what somebody holds to one or several successors, in the background. Who leaves is marked so at once."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        return json_value(_told(await begin_hand_over(tx, call.scope, body)), 202)

    return await write_once(request, call, work)


@router.get("/hand-overs/{hand_over}", responses={200: {"model": HandOverBody}})
async def get_hand_over(request: Request, hand_over: UUID) -> Response:
    """How far a hand-over is, and what came of it."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.reading() as tx:
        return json_value(_told(await find_hand_over(tx, hand_over)))


@router.post("/hand-overs/{hand_over}/undo", status_code=202, responses={202: {"model": HandOverBody}})
async def undo_hand_over(request: Request, hand_over: UUID) -> Response:
    """Takes a hand-over back as a whole, in the background. What others have changed since stays and is told of."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(_told(await begin_undo(tx, call.scope, hand_over)), 202)


def _told(one: HandOver) -> dict[str, Any]:
    def named(ident: str) -> dict[str, str]:
        return {"id": ident, "label": one.names.get(ident, "—")}

    given = [
        {**named(to), "part": part, "count": count}
        for part, counts in one.division.given.items()
        for to, count in counts.items()
        if count
    ]
    same = ("id", "state", "total", "done", "kept", "kept_count", "taken_back", "problem", "started_at", "finished_at")
    return {
        **{name: getattr(one, name) for name in same},
        "undone_at": one.undone_at,
        "undone_by": one.undone_by_label,
        "person": {"id": str(one.person), "label": one.person_label},
        "successors": [named(str(each)) for each in one.plan.successors],
        "split": one.plan.split,
        "leaves": one.plan.leaves,
        "reason": one.plan.reason,
        "given": given,
        "started_by": {"id": str(one.started_by), "label": one.started_by_label},
    }
