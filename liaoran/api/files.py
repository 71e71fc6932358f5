"""Files on records: upload, versions, download, preview; and the document types they can be of."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Literal, TypeVar
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ValidationError

from liaoran.api.answers import JSON, json_bytes, json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.ranges import requested_range
from liaoran.api.records import record_id
from liaoran.api.repeats import write_once
from liaoran.api.uploads import Upload, begin_upload
from liaoran.collaboration.files.keeping import (
    FileChange,
    NewFile,
    NewVersion,
    Place,
    add_file,
    add_version,
    allowed_types,
    change_file,
    receive_file,
    remove_file,
    require_place,
    restore_file,
)
from liaoran.collaboration.files.listing import find_content, list_files, read_file
from liaoran.collaboration.files.sniffing import UNKNOWN, preview_of
from liaoran.collaboration.files.types import DocumentTypePart, list_document_types, put_document_types
from liaoran.infra.encoding import to_json
from liaoran.infra.files import StoredFile
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound, Problem
from liaoran.kernel.events import Door
from liaoran.kernel.text import Text

FILES = "/records/{object}/{id}/files"
router = APIRouter(tags=["files"], route_class=SignedRoute)
types = APIRouter(prefix="/document-types", tags=["files"], route_class=SignedRoute)

FormT = TypeVar("FormT", bound=BaseModel)
_MALFORMED = Text("表单内容有误", "the form is not valid")
# Nothing in a file may run, load or link anything, whatever a browser takes it for.
_SANDBOX = "default-src 'none'; sandbox"
_FRAMED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
_CACHED = "private, no-cache"


class FilePerson(BaseModel):
    """Who did it; ``id`` is null where it was nobody who is a person."""

    id: str | None
    label: str


class FileVersionBody(BaseModel):
    """One version of a file. ``preview`` says whether ``…/preview`` shows it."""

    number: int
    name: str
    size: int
    media_type: str
    sha256: str
    preview: Literal["image", "pdf"] | None
    note: str | None
    uploaded_at: datetime
    uploaded_by: FilePerson


class FileBody(BaseModel):
    """A document of a record with its versions, the newest first."""

    id: str
    title: str
    document_type: str | None
    version: int
    created_at: datetime
    created_by: FilePerson
    removed_at: datetime | None
    removed_by: FilePerson | None
    versions: list[FileVersionBody]


class FileLimits(BaseModel):
    """What may be uploaded. ``types`` are patterns of media types, none means all."""

    max_bytes: int
    types: list[str]
    programs: bool


class DocumentTypeBody(BaseModel):
    """What a file can be."""

    key: str
    label: dict[str, str]
    retired: bool
    origin: str


def _form(**fields: Any) -> dict[str, Any]:
    """The multipart body of an upload in the words of OpenAPI."""
    properties = {"file": {"type": "string", "format": "binary"}, **fields}
    schema = {"type": "object", "properties": properties, "required": ["file"]}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


_NOTE = {"type": "string", "maxLength": 1000}
_NEW_FILE = _form(
    document_type={"type": "string", "description": "Key of a document type"},
    title={"type": "string", "maxLength": 200, "description": "Left out, the file name"},
    note=_NOTE,
)
_BINARY: dict[int | str, dict[str, Any]] = {200: {"content": {"*/*": {}}}, 206: {"content": {"*/*": {}}}}


@router.get(FILES, responses={200: {"model": list[FileBody]}})
async def list_record_files(request: Request, object: str, id: str, removed: bool = False) -> Response:
    """The files of a record, newest first; with ``removed`` those that were removed and can be brought back."""
    call = call_of(request)
    async with call.reading() as tx:
        found = await list_files(tx, call.scope, object, record_id(id), removed=removed)
    return await json_bytes(request, found)


@router.post(FILES, status_code=201, responses={201: {"model": FileBody}}, openapi_extra=_NEW_FILE)
async def upload_file(request: Request, object: str, id: str) -> Response:
    """Puts a file on a record. The content decides what it is; too large files answer 413, programs and types that are
    not allowed 422."""
    call, record = call_of(request), record_id(id)
    upload, stored = await _receive(request, call, object, record)
    told = _told(upload, NewFile)

    async def work(tx: Transaction) -> Response:
        file = await add_file(call.services.database.files, _place(call, tx, object, record), stored, told)
        return Response(await read_file(tx, record, file), 201, media_type=JSON)

    return await write_once(request, call, work, _content_of(upload, stored))


@router.post(
    FILES + "/{file}/versions", status_code=201, responses={201: {"model": FileBody}}, openapi_extra=_form(note=_NOTE)
)
async def upload_file_version(request: Request, object: str, id: str, file: UUID) -> Response:
    """Makes a new upload the current version of a file; all older ones can still be downloaded."""
    call, record = call_of(request), record_id(id)
    upload, stored = await _receive(request, call, object, record, file)
    told = _told(upload, NewVersion)

    async def work(tx: Transaction) -> Response:
        place = _place(call, tx, object, record)
        await add_version(call.services.database.files, place, file, stored, told.note)
        return Response(await read_file(tx, record, file), 201, media_type=JSON)

    return await write_once(request, call, work, _content_of(upload, stored))


@router.patch(FILES + "/{file}", responses={200: {"model": FileBody}})
async def change_record_file(request: Request, object: str, id: str, file: UUID, body: FileChange) -> Response:
    """Renames a file or changes its document type (null for none)."""
    call, record = call_of(request), record_id(id)
    async with call.writing() as tx:
        await change_file(_place(call, tx, object, record), file, body)
        return Response(await read_file(tx, record, file), media_type=JSON)


@router.delete(FILES + "/{file}", status_code=204)
async def remove_record_file(request: Request, object: str, id: str, file: UUID) -> Response:
    """Removes a file; it can be brought back for as long as the settings say."""
    call = call_of(request)
    async with call.writing() as tx:
        await remove_file(_place(call, tx, object, record_id(id)), file)
    return Response(status_code=204)


@router.post(FILES + "/{file}/restore", responses={200: {"model": FileBody}})
async def restore_record_file(request: Request, object: str, id: str, file: UUID) -> Response:
    """Brings a removed file back with all its versions."""
    call, record = call_of(request), record_id(id)
    async with call.writing() as tx:
        await restore_file(_place(call, tx, object, record), file)
        return Response(await read_file(tx, record, file), media_type=JSON)


@router.get(FILES + "/{file}/versions/{number}/content", responses=_BINARY, response_class=StreamingResponse)
async def download_file(request: Request, object: str, id: str, file: UUID, number: str) -> Response:
    """The bytes of a version, to be saved. Takes ``Range`` and ``If-None-Match``."""
    stored = await _stored(request, object, id, file, number)
    # What the reader's browser would run in a page is not even named to it.
    kind = stored.media_type if not stored.media_type.startswith("text/") else UNKNOWN
    return await _content(request, stored, "attachment", {"Content-Type": kind, "Content-Security-Policy": _SANDBOX})


@router.get(FILES + "/{file}/versions/{number}/preview", responses=_BINARY, response_class=StreamingResponse)
async def preview_file(request: Request, object: str, id: str, file: UUID, number: str) -> Response:
    """The bytes of a version to be shown within a page: images and PDF only, everything else answers 404."""
    stored = await _stored(request, object, id, file, number)
    shown = preview_of(stored.media_type)
    if shown is None:
        raise NotFound(Text("这种文件不能预览，请下载", "there is no preview of such a file"), code="no_preview")
    headers = {"Content-Type": stored.media_type, "Content-Security-Policy": _SANDBOX}
    if shown == "pdf":
        # The browser's own viewer does not work in a sandbox; it runs no script of the page's origin anyway.
        headers |= {"Content-Security-Policy": _FRAMED, "X-Frame-Options": "SAMEORIGIN"}
    return await _content(request, stored, "inline", headers)


@types.get("", responses={200: {"model": list[DocumentTypeBody]}})
async def list_all_document_types(request: Request) -> Response:
    """What the files on records can be, in order; retired ones last."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_document_types(tx))


@types.put("", responses={200: {"model": list[DocumentTypeBody]}})
async def set_document_types(request: Request, body: list[DocumentTypePart]) -> Response:
    """Names and order of all document types; a part without key is a new one, what is left out is retired."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        return json_value(await put_document_types(tx, call.scope, body))


@router.get("/file-limits", responses={200: {"model": FileLimits}})
async def get_file_limits(request: Request) -> Response:
    """How large files on records may be and of which types, so that a page can say so before it sends one."""
    settings = call_of(request).services.settings
    allowed = list(allowed_types(settings))
    return json_value({"max_bytes": settings.max_file_bytes, "types": allowed, "programs": settings.file_programs})


def _place(call: Call, tx: Transaction, object_key: str, record: UUID) -> Place:
    return Place(tx, call.scope, object_key, record, call.cause(Door.FORM))


async def _receive(
    request: Request, call: Call, object_key: str, record: UUID, file: UUID | None = None
) -> tuple[Upload, StoredFile]:
    """Takes an upload in, once it is clear that the caller may put it there."""
    call.scope.require_writing()
    async with call.reading() as tx:
        await require_place(tx, call.scope, object_key, record, file)
    services, schema = call.services, call.organisation.schema
    upload = await begin_upload(request, services.settings.max_file_bytes)
    chunks = upload.chunks()
    return upload, await receive_file(services.database.files, services.settings, schema, upload.name, chunks)


def _content_of(upload: Upload, stored: StoredFile) -> bytes:
    """What tells two uploads apart."""
    return to_json([stored.name, stored.sha256, sorted(upload.fields.items())])


def _told(upload: Upload, form: type[FormT]) -> FormT:
    """The fields of the form; empty ones count as left out."""
    given = {key: value for key, value in upload.fields.items() if value.strip() or key not in form.model_fields}
    try:
        return form.model_validate(given)
    except ValidationError as error:
        problems = [
            Problem(one["type"], Text(one["msg"]), field=".".join(str(step) for step in one["loc"]))
            for one in error.errors()
        ]
        raise Invalid(_MALFORMED, problems=problems) from error


async def _stored(request: Request, object_key: str, id: str, file: UUID, number: str) -> StoredFile:
    call = call_of(request)
    # what is no number of a version is the number of none
    version = int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 0
    async with call.reading() as tx:
        files = call.services.database.files
        return await find_content(tx, files, call.scope, object_key, record_id(id), file, version)


async def _content(request: Request, stored: StoredFile, manner: str, headers: Mapping[str, str]) -> Response:
    """The bytes, or the part of them that the request asks for."""
    tag = f'"{stored.sha256}"'
    sent = {
        **headers,
        "Content-Disposition": f"{manner}; filename*=UTF-8''{quote(stored.name, safe='')}",
        "Cache-Control": _CACHED,
        "ETag": tag,
        "Accept-Ranges": "bytes",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={name: sent[name] for name in ("ETag", "Cache-Control")})
    part = requested_range(request, stored.size, tag)
    if part is None:
        start, end, status = 0, stored.size, 200
    else:
        (start, end), status = part, 206
        sent["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
    sent["Content-Length"] = str(end - start)
    call = call_of(request)
    chunks: AsyncIterator[bytes] = await call.services.database.files.read(stored, start, end)
    return StreamingResponse(chunks, status, sent)
