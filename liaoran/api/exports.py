"""Exports: a list becomes a file in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.api.imports import download
from liaoran.api.records import record_id
from liaoran.exchange.exports.deciding import list_asked
from liaoran.exchange.exports.store import get_export
from liaoran.exchange.exports.working import answer_export, cancel_export, export_download, request_export
from liaoran.query.requests import Sort

router = APIRouter(prefix="/exports", tags=["exports"], route_class=SignedRoute)


class ExportRequest(BaseModel):
    """Which list, in which form. Without ``select`` every visible Field."""

    model_config = ConfigDict(extra="forbid")

    object: str = Field(examples=["account"])
    format: Literal["csv", "xlsx"] = "xlsx"
    where: dict[str, Any] | None = None
    select: list[str] | None = None
    sort: list[Sort] = Field(default_factory=list)
    as_of: datetime | None = None
    q: str | None = None
    reason: str | None = Field(
        None, max_length=500, description="Why, where it has more rows than go without an administrator's approval"
    )


class AskedExport(BaseModel):
    """An export that waits for an administrator's word."""

    id: str
    object: str
    format: str
    total: int
    reason: str
    filter: dict[str, str] | None = Field(description="The list's Condition in words")
    created_at: datetime
    created_by: str
    created_by_label: str


class ExportDecision(BaseModel):
    """Whether an export may go."""

    model_config = ConfigDict(extra="forbid")

    approve: bool
    comment: str | None = Field(None, max_length=500)


class ExportBody(BaseModel):
    """An export and how far it is; ``rate`` in rows per second."""

    model_config = ConfigDict(extra="allow")

    id: str
    object: str
    format: str
    state: str
    done: int
    total: int | None
    rate: int
    problem: str | None


@router.post("", status_code=202, responses={202: {"model": ExportBody}})
async def start_export(request: Request, body: ExportRequest) -> Response:
    """Begins to write a list into a file. One with more rows than go without an administrator's approval needs a reason
    (422 `approval_needed` without) and waits for it in the state `asked`."""
    call = call_of(request)
    asked = body.model_dump(mode="json", exclude={"object", "format", "reason"}, exclude_none=True)
    async with call.writing(for_readers=True) as tx:
        record = await request_export(tx, call.scope, body.object, asked, body.format, body.reason)
    return json_value(record.to_json(call.scope.actor.language), 202)


@router.get("/asked", responses={200: {"model": list[AskedExport]}})
async def list_asked_exports(request: Request) -> Response:
    """The exports that wait for an administrator's word, oldest first."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_asked(tx, call.scope))


@router.post("/{id}/decision", responses={200: {"model": ExportBody}})
async def decide_on_export(request: Request, id: str, body: ExportDecision) -> Response:
    """Approves or refuses an export that waits for an administrator's word."""
    call = call_of(request)
    async with call.writing() as tx:
        record = await answer_export(tx, call.scope, record_id(id), approve=body.approve, comment=body.comment)
    return json_value(record.to_json(call.scope.actor.language))


@router.get("/{id}", responses={200: {"model": ExportBody}})
async def get_export_state(request: Request, id: str) -> Response:
    """How far an export is."""
    call = call_of(request)
    async with call.reading() as tx:
        record = await get_export(tx, record_id(id), call.credential.person)
    return json_value(record.to_json(call.scope.actor.language))


@router.post("/{id}/cancel", responses={200: {"model": ExportBody}})
async def stop_export(request: Request, id: str) -> Response:
    """Stops an export."""
    call = call_of(request)
    async with call.writing(for_readers=True) as tx:
        record = await cancel_export(tx, call.scope, record_id(id))
    return json_value(record.to_json(call.scope.actor.language))


@router.get("/{id}/file", responses={200: {"content": {"*/*": {}}}}, response_class=StreamingResponse)
async def get_export_file(request: Request, id: str) -> Response:
    """The file of a finished export; it is kept for seven days."""
    call = call_of(request)
    async with call.reading() as tx:
        name, media_type, content = await export_download(call.services.database, tx, call.scope, record_id(id))
    return download(name, media_type, content)
