"""What happened to a record, and taking the last action back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import ACTION_HEADERS, json_bytes, json_value
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.records import RecordBody, record_id, write_and_read
from liaoran.api.repeats import write_once
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.process.timeline import KINDS, MAXIMUM, Kind, read_timeline
from liaoran.records.actions import Action, find_action, last_action
from liaoran.records.history import read_history
from liaoran.records.restoring import old_value
from liaoran.records.undo_job import is_being_undone, undo_in_time

router = APIRouter(tags=["history"], route_class=LightRoute)


class HistoryChange(BaseModel):
    """A Field before and after. ``old_label`` and ``new_label`` say it in words where the value is a key or an id."""

    field: str
    label: dict[str, str]
    kind: str | None = None
    old: Any
    new: Any
    old_label: Any = None
    new_label: Any = None


class HistoryEvent(BaseModel):
    """One committed change."""

    model_config = ConfigDict(extra="allow")

    id: str
    at: datetime
    kind: str
    door: str
    action: str = Field(description="What `POST /undo` takes")
    note: str | None = Field(None, description="The comment of whoever made the change")
    actor: dict[str, Any]
    file: dict[str, Any] | None = None
    approval: dict[str, Any] | None = None
    sharing: dict[str, Any] | None = None
    changes: list[HistoryChange]


class HistoryAnswer(BaseModel):
    """A page of Events, newest first."""

    events: list[HistoryEvent]
    next_cursor: str | None


class OldValue(BaseModel):
    """Which Field of an Event goes back: to what it held before the Event, or to what it held from it on."""

    model_config = ConfigDict(extra="forbid")

    field: str
    side: Literal["old", "new"] = "old"


class TimelineEntry(BaseModel):
    """Something that happened around a record. ``type`` says what: ``change`` as in the history, ``stage`` an entry
    into a state as in the visits (with ``from_label``, ``action`` and ``note``), ``activity`` a linked record."""

    model_config = ConfigDict(extra="allow")

    type: Literal["change", "stage", "activity"]
    at: datetime


class TimelineAnswer(BaseModel):
    """A page of entries, newest first; activities that are still to come stand before all."""

    entries: list[TimelineEntry]
    next_cursor: str | None


class UndoOffer(BaseModel):
    """The last action that can be taken back, in words."""

    action: str
    label: str
    at: datetime


class UndoBody(BaseModel):
    """Which action; left out, the last one."""

    model_config = ConfigDict(extra="forbid")

    action: UUID | None = None


class UndoAnswer(BaseModel):
    """How many records went back. ``action`` is the undo itself."""

    action: str
    undone: int


class UndoBegun(BaseModel):
    """An undo that goes on in the background; ``GET /undo/{id}`` tells how it went."""

    action: UUID = Field(description="The action that is being undone")
    records: int = Field(description="How many changes it made")


class ActionState(UndoOffer):
    """What an action did, and whether it still stands."""

    records: int
    state: Literal["stands", "undoing", "undone"]


@router.get("/records/{object}/{id}/history", responses={200: {"model": HistoryAnswer}})
async def get_history(
    request: Request, object: str, id: str, cursor: str | None = None, limit: int = Query(50, ge=1, le=200)
) -> Response:
    """The Events of a record, newest first: who, when, through which door, old and new values."""
    call = call_of(request)
    call.scope.require(object, "read")
    async with call.reading() as tx:
        body = await read_history(tx, call.scope, object, record_id(id), cursor=cursor, limit=limit)
    return await json_bytes(request, body)


@router.post(
    "/records/{object}/{id}/history/{event}/restore", responses={200: {"model": RecordBody, "headers": ACTION_HEADERS}}
)
async def restore_old_value(request: Request, object: str, id: str, event: str, body: OldValue) -> Response:
    """Gives a Field back the value that it held before a change, through the same gates as any other change."""
    call = call_of(request)
    record, which = record_id(id), record_id(event)

    async def work(tx: Transaction) -> Response:
        change = await old_value(tx, call.scope, object, record, which, body.field, body.side)
        return await write_and_read(call, tx, change)

    return await write_once(request, call, work)


@router.get("/records/{object}/{id}/timeline", responses={200: {"model": TimelineAnswer}})
async def get_timeline(
    request: Request,
    object: str,
    id: str,
    kinds: Annotated[list[Kind] | None, Query(description="What to show; left out, everything")] = None,
    cursor: str | None = None,
    limit: int = Query(30, ge=1, le=MAXIMUM),
) -> Response:
    """What happened around a record, in one stream: its changes, its stages, and the activities that link to it."""
    call = call_of(request)
    async with call.reading() as tx:
        body = await read_timeline(
            tx, call.scope, object, record_id(id), kinds=kinds or KINDS, cursor=cursor, limit=limit
        )
    return await json_bytes(request, body)


@router.get("/undo", responses={200: {"model": UndoOffer | None}})
async def get_undo(request: Request) -> Response:
    """What undo would take back, or null."""
    call = call_of(request)
    async with call.reading() as tx:
        action = await last_action(tx, call.scope)
    if action is None:
        return json_value(None)
    return json_value({"action": action.id, "label": action.label.read(call.scope.actor.language), "at": action.at})


@router.get("/undo/{id}", responses={200: {"model": ActionState}})
async def get_action(request: Request, id: UUID) -> Response:
    """What became of an action of the actor's own; administrators may ask after anybody's."""
    call = call_of(request)
    async with call.reading() as tx:
        found = await find_action(tx, call.scope, id)
        if found is None or (found.actor_id != call.scope.actor.id and not call.scope.is_administrator):
            raise NotFound(Text("没有这个操作", "there is no such action"))
        undoing = found.undone_at is None and await is_being_undone(tx, id)
    state = "undone" if found.undone_at is not None else "undoing" if undoing else "stands"
    label = found.label.read(call.scope.actor.language)
    return json_value({"action": id, "label": label, "at": found.at, "records": found.records, "state": state})


@router.post("/undo", responses={200: {"model": UndoAnswer, "headers": ACTION_HEADERS}, 202: {"model": UndoBegun}})
async def undo_action(request: Request, body: UndoBody | None = None) -> Response:
    """Takes an action back through the same gates as any change; 409 where somebody has changed a record since. More
    than 5,000 changes go back in the background (202), leaving out the records that others have changed since."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        report = await undo_in_time(tx, call.scope, body.action if body else None)
        if isinstance(report, Action):
            return json_value({"action": report.id, "records": report.records}, 202)
        return json_value({"action": report.action, "undone": report.undone})

    return await write_once(request, call, work)
