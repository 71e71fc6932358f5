"""Imports: a file comes up, is looked at, gets a plan, is tried, runs in the background, and can be taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, File, Form, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.records import record_id
from liaoran.exchange.imports.service import (
    begin_import,
    cancel_import,
    find_import,
    import_rejects,
    imports_of,
    plan_import,
    start_import,
    undo_import,
)
from liaoran.exchange.imports.store import ImportRecord

router = APIRouter(prefix="/imports", tags=["imports"], route_class=SignedRoute)

CHUNK = 1024 * 1024


class ImportBody(BaseModel):
    """An import: what the analysis found, what is planned, how far it is."""

    model_config = ConfigDict(extra="allow")

    id: str
    object: str
    file_name: str
    state: str
    dry_run: bool
    plan: dict[str, Any] | None
    progress: dict[str, Any]
    problem: str | None
    analysis: dict[str, Any] | None = None


class ImportUndone(ImportBody):
    """An import that was taken back, and how many records went back."""

    undone: int
    kept: int


@router.post("", status_code=201, responses={201: {"model": ImportBody}})
async def upload_import(
    request: Request,
    file: Annotated[UploadFile, File(description="CSV, XLSX or XLS")],
    object: Annotated[str, Form(examples=["account"])],
    history: Annotated[bool, Form(description="One row for each entry into a state")] = False,
) -> Response:
    """Takes a file and says what is in it: columns, types, a proposed mapping, open questions."""
    call = call_of(request)
    call.scope.require_writing()
    call.scope.require(object, "import")
    database, schema = call.services.database, call.organisation.schema
    kind = file.content_type or "application/octet-stream"
    limit = call.services.settings.upload_bytes
    stored = await database.files.receive(schema, file.filename or "", kind, _chunks(file), limit=limit)
    async with call.writing() as tx:
        return _answer(call, await begin_import(database, tx, call.scope, object, stored, history=history), 201)


@router.get("", responses={200: {"model": list[ImportBody]}})
async def list_all_imports(request: Request) -> Response:
    """The newest imports of the actor; administrators see everybody's."""
    call = call_of(request)
    async with call.reading() as tx:
        found = await imports_of(tx, call.scope)
    language = call.scope.actor.language
    return json_value([one.to_json(language, with_analysis=False) for one in found])


@router.get("/{id}", responses={200: {"model": ImportBody}})
async def get_import(request: Request, id: str) -> Response:
    """One import with its analysis and progress."""
    call = call_of(request)
    async with call.reading() as tx:
        return _answer(call, await find_import(tx, call.scope, record_id(id)))


@router.put("/{id}/plan", responses={200: {"model": ImportBody}})
async def put_import_plan(request: Request, id: str, body: Annotated[dict[str, Any], Body()]) -> Response:
    """Decides how the file is read; what is left out is proposed anew."""
    call = call_of(request)
    async with call.writing() as tx:
        return _answer(call, await plan_import(call.services.database, tx, call.scope, record_id(id), body))


@router.post("/{id}/dry-run", status_code=202, responses={202: {"model": ImportBody}})
async def try_import(request: Request, id: str) -> Response:
    """Does everything but leaves nothing, and reports what would happen."""
    return await _start(request, id, dry_run=True)


@router.post("/{id}/start", status_code=202, responses={202: {"model": ImportBody}})
async def run_import(request: Request, id: str) -> Response:
    """Starts the import in the background."""
    return await _start(request, id, dry_run=False)


@router.post("/{id}/cancel", responses={200: {"model": ImportBody}})
async def stop_import(request: Request, id: str) -> Response:
    """Stops a running import after the chunk at hand; what is in stays until it is undone."""
    call = call_of(request)
    async with call.writing() as tx:
        return _answer(call, await cancel_import(tx, call.scope, record_id(id)))


@router.post("/{id}/undo", responses={200: {"model": ImportUndone}})
async def take_back_import(request: Request, id: str) -> Response:
    """Takes back what the import did; records that somebody has changed since stay."""
    call = call_of(request)
    async with call.writing() as tx:
        record, undone = await undo_import(tx, call.scope, record_id(id))
        shown = record.to_json(call.scope.actor.language)
        return json_value({**shown, "undone": undone.undone, "kept": len(undone.kept)})


@router.get("/{id}/rejects", responses={200: {"content": {"text/csv": {}}}}, response_class=StreamingResponse)
async def get_import_rejects(request: Request, id: str) -> Response:
    """The rejected rows with the reasons, as CSV."""
    call = call_of(request)
    async with call.reading() as tx:
        name, content = await import_rejects(call.services.database, tx, call.scope, record_id(id))
    return download(name, "text/csv; charset=utf-8", content)


def download(name: str, media_type: str, content: AsyncIterator[bytes]) -> StreamingResponse:
    """A file to be saved under a name in any script."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return StreamingResponse(content, media_type=media_type, headers=headers)


async def _start(request: Request, id: str, *, dry_run: bool) -> Response:
    call = call_of(request)
    async with call.writing() as tx:
        record = await start_import(call.services.database, tx, call.scope, record_id(id), dry_run=dry_run)
    return _answer(call, record, 202)


def _answer(call: Call, record: ImportRecord, status: int = 200) -> Response:
    return json_value(record.to_json(call.scope.actor.language), status)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK):
        yield chunk
