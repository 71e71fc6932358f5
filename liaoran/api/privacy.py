"""What is held about a person: told as a workbook, and erased; for administrators."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.api.imports import download
from liaoran.api.passing import and_remove
from liaoran.api.records import record_id
from liaoran.exchange.exports.files import MEDIA_TYPES
from liaoran.exchange.privacy.erasing import erase, preview
from liaoran.exchange.privacy.report import report_person_data

router = APIRouter(prefix="/records/{object}/{id}/person-data", tags=["privacy"], route_class=SignedRoute)


class PersonalField(BaseModel):
    """A Field that holds data about a person."""

    key: str
    label: dict[str, str]


class Mentions(BaseModel):
    """Records of an Object whose texts name the person."""

    object: str
    label: dict[str, str]
    count: int


class PersonDataPreview(BaseModel):
    """What would be erased. ``certain`` hold a number or an address of the person, ``likely`` a name that may mean
    somebody else as well."""

    fields: list[PersonalField]
    merged: int = Field(description="Records that were merged into it and would be made anonymous with it")
    files: int
    certain: list[Mentions]
    likely: list[Mentions]


class ErasureRequest(BaseModel):
    """Why, and whether names go from other records' texts as well."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=500)
    everywhere: bool = False


class ErasureAnswer(BaseModel):
    """What was done. ``label`` is the name that the record has now."""

    label: str
    files: int
    mentions: int


@router.get("", responses={200: {"model": PersonDataPreview}})
async def preview_person_data(request: Request, object: str, id: str) -> Response:
    """What is held about the person of a record, and what erasing it would take along."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await preview(tx, call.scope, object, record_id(id)))


@router.get("/report", responses={200: {"content": {"*/*": {}}}}, response_class=StreamingResponse)
async def report_held_data(request: Request, object: str, id: str) -> Response:
    """All data held about the person of a record as a workbook. That it was made is noted in the audit log."""
    call = call_of(request)
    database, schema = call.services.database, call.organisation.schema
    name, path = await report_person_data(database, schema, call.scope, object, record_id(id))
    return download(name, MEDIA_TYPES["xlsx"], and_remove(path))


@router.post("/erase", responses={200: {"model": ErasureAnswer}})
async def erase_person_data(request: Request, object: str, id: str, body: ErasureRequest) -> Response:
    """Makes the record anonymous for good: Fields, past versions, history, files, copies. It cannot be undone."""
    call = call_of(request)
    async with call.writing() as tx:
        done = await erase(
            tx,
            call.services.database,
            call.scope,
            object,
            record_id(id),
            reason=body.reason,
            everywhere=body.everywhere,
        )
    return json_value(done)
