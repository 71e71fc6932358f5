"""The work log: what somebody did on a day or in a week; one's own, and those of the people one leads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from liaoran.access.leading import people_led
from liaoran.analytics.work_log import read_work_log
from liaoran.api.answers import json_bytes, json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.infra.encoding import to_json

router = APIRouter(tags=["work log"], route_class=SignedRoute)


class WorkFigures(BaseModel):
    """How many records, by what was done with them. ``activities`` are follow-ups, calls, meetings written down."""

    created: int
    changed: int
    moved: int
    activities: int
    tasks_done: int
    files: int
    approvals: int
    deleted: int
    restored: int
    merged: int


class WorkEntry(BaseModel):
    """One record on one day."""

    object: str
    object_label: dict[str, str]
    record: str
    label: str | None
    what: list[str]
    fields: list[dict[str, str]] = Field(description="Labels of the Fields that were changed")
    state: dict[str, str] | None = Field(description="The stage that it was moved to last")
    count: int
    first_at: datetime
    last_at: datetime


class WorkDay(BaseModel):
    """One day."""

    on: date
    figures: WorkFigures
    entries: list[WorkEntry]


class WorkLog(BaseModel):
    """The days, the latest first."""

    days: list[WorkDay]
    totals: WorkFigures


class LedPerson(BaseModel):
    """Somebody whom the actor leads."""

    id: str
    label: str | None


@router.get("/people/led", responses={200: {"model": list[LedPerson]}})
async def list_people_led(request: Request) -> Response:
    """The people whose work log the actor may read beside the own one."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await people_led(tx, call.scope))


@router.get("/people/{id}/work-log", responses={200: {"model": WorkLog}})
async def get_work_log(
    request: Request,
    id: UUID,
    first: Annotated[date | None, Query(description="The first day; left out, the last one")] = None,
    last: Annotated[date | None, Query(description="The last day, included; left out, today")] = None,
) -> Response:
    """What somebody did, day by day, as far as the reader sees the records: at most 31 days at once."""
    call = call_of(request)
    until: date = last or call.scope.params()["today"]
    async with call.reading() as tx:
        log = await read_work_log(tx, call.scope, id, first or until, until)
    return await json_bytes(request, to_json(log))
