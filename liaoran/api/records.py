"""Records: read one, many, or figures about them; create, change, delete, restore."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field

from liaoran.api.answers import ACTION_HEADERS, JSON, entity_tag, expected_version, json_bytes
from liaoran.api.calls import Call, LightRoute, call_of
from liaoran.api.repeats import write_once
from liaoran.infra.flights import Passenger
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.events import Door
from liaoran.kernel.text import Text
from liaoran.query.reads import compile_aggregate, compile_query, compile_record
from liaoran.query.requests import AggregateRequest, QueryRequest
from liaoran.records.changes import Change, Create, Delete, Restore, Update, Written
from liaoran.records.context import Beside
from liaoran.records.write import write

router = APIRouter(prefix="/records", tags=["records"], route_class=LightRoute)

EVERYTHING = QueryRequest()
ALL_TOGETHER = AggregateRequest()
NOTHING = b"{}"
_VERSION = re.compile(rb'"version"\s*:\s*(\d+)')

Values = Annotated[
    dict[str, Any],
    Body(
        description="Values by Field key. Choices and states take their key or their label in either language.",
        examples=[{"name": "华为云二期", "amount": 1200000, "stage": "需求确认"}],
    ),
]


class RecordBody(BaseModel):
    """A record as read: system columns, then the Fields asked for. Links are ``{"id", "label"}`` or null."""

    model_config = {"extra": "allow"}

    id: str
    version: int


class QueryAnswer(BaseModel):
    """A page of records. ``next_cursor`` is null on the last one."""

    records: list[RecordBody]
    next_cursor: str | None
    total: int | None = None


class AggregateColumn(BaseModel):
    """A column of figures."""

    key: str = Field(examples=["sum(amount)"])
    kind: str = Field(examples=["measure"])
    field: str | None
    fn: str | None = None


class AggregateAnswer(BaseModel):
    """Figures, one row per group. Money is split by currency."""

    columns: list[AggregateColumn]
    rows: list[list[Any]]


@router.get("/{object}/{id}", responses={200: {"model": RecordBody}})
async def get_record(
    request: Request, object: str, id: str, as_of: datetime | None = None, deleted: bool = False
) -> Response:
    """One record with all Fields that the actor may see; ``ETag`` carries its version. ``as_of`` reads it as it was,
    ``deleted`` reads it in the recycle bin."""
    call = call_of(request)
    call.scope.require(object, "read")
    plan = compile_record(call.scope, object, record_id(id), as_of=as_of, deleted=deleted)
    async with call.reading() as tx:
        body = await tx.fetch_json(plan.statement, plan.binds)
    if body is None:
        raise no_such_record()
    return await json_bytes(request, body, headers={"ETag": _etag(body)})


@router.post("/{object}/query", responses={200: {"model": QueryAnswer}})
async def query_records(request: Request, object: str, body: QueryRequest = EVERYTHING) -> Response:
    """A page of records: filtered, sorted, searched; of the present, of a past moment, or of the recycle bin."""
    call = call_of(request)
    call.scope.require(object, "read")
    plan = compile_query(call.scope, object, body)
    async with call.reading() as tx:
        answer = await tx.fetch_json(plan.statement, plan.binds)
    return await json_bytes(request, answer or NOTHING)


@router.post("/{object}/aggregate", responses={200: {"model": AggregateAnswer}})
async def aggregate_records(request: Request, object: str, body: AggregateRequest = ALL_TOGETHER) -> Response:
    """Figures about the records that the actor may see, per group."""
    call = call_of(request)
    call.scope.require(object, "read")
    plan = compile_aggregate(call.scope, object, body)
    async with call.reading() as tx:
        answer = await tx.fetch_json(plan.statement, plan.binds)
    return await json_bytes(request, answer or NOTHING)


@router.post("/{object}", status_code=201, responses={201: {"model": RecordBody, "headers": ACTION_HEADERS}})
async def create_record(request: Request, object: str, body: Values) -> Response:
    """Creates a record. Answers 422 with every problem by Field where something does not meet the requirements."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        return await write_and_read(call, tx, Create(object, body), 201)

    return await write_once(request, call, work)


@router.patch("/{object}/{id}", responses={200: {"model": RecordBody, "headers": ACTION_HEADERS}})
async def update_record(request: Request, object: str, id: str, body: Values) -> Response:
    """Changes the Fields named. With ``If-Match`` (or ``version`` in the body) answers 409 where somebody else changed
    the record in between, with what they changed."""
    call = call_of(request)
    version = expected_version(request, body)
    values = {key: value for key, value in body.items() if key != "version"}
    async with call.writing() as tx:
        return await write_and_read(call, tx, Update(object, record_id(id), values, version))


@router.delete("/{object}/{id}", status_code=204, responses={204: {"headers": ACTION_HEADERS}})
async def delete_record(request: Request, object: str, id: str) -> Response:
    """Puts a record into the recycle bin."""
    call = call_of(request)
    async with call.writing() as tx:
        await _write_one(call, tx, Delete(object, record_id(id), expected_version(request, {})))
    return Response(status_code=204)


@router.post("/{object}/{id}/restore", responses={200: {"model": RecordBody, "headers": ACTION_HEADERS}})
async def restore_record(request: Request, object: str, id: str) -> Response:
    """Takes a record out of the recycle bin."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        return await write_and_read(call, tx, Restore(object, record_id(id)))

    return await write_once(request, call, work)


async def _write_one(call: Call, tx: Transaction, change: Change, beside: Beside | None = None) -> Written:
    outcome = (await write(tx, call.scope, [change], call.cause(Door.FORM), beside=beside))[0]
    if not isinstance(outcome, Written):
        raise outcome.error()
    return outcome


async def write_and_read(call: Call, tx: Transaction, change: Change, status: int = 200) -> Response:
    """Writes one change and answers with the record as it is then."""

    async def work(beside: Beside) -> UUID:
        return (await _write_one(call, tx, change, beside)).id

    return record_response(await read_written(call, tx, change.object, work), status)


async def read_written(
    call: Call, tx: Transaction, object_key: str, work: Callable[[Beside], Awaitable[UUID]]
) -> bytes | None:
    """Does ``work``, which writes one record and says which, and gives the record as it is then, read on the same
    journey; None where the actor may not see it any more."""
    read: list[Passenger] = []

    def read_back(records: Sequence[UUID]) -> None:
        plan = compile_record(call.scope, object_key, records[0])
        read.append(tx.send(plan.statement, plan.binds))

    record = await work(read_back)
    return read[0].json if read else await _read_record(call, tx, object_key, record)


async def answer_record(call: Call, tx: Transaction, object_key: str, record: UUID) -> Response:
    """The record as it is now, with its entity tag. Raises NotFound where the actor does not see it."""
    return record_response(await _read_record(call, tx, object_key, record))


async def _read_record(call: Call, tx: Transaction, object_key: str, record: UUID) -> bytes | None:
    plan = compile_record(call.scope, object_key, record)
    return await tx.fetch_json(plan.statement, plan.binds)


def record_response(body: bytes | None, status: int = 200) -> Response:
    """The answer with a record and its entity tag. Raises NotFound where there is none to be seen."""
    if body is None:
        raise no_such_record()
    return Response(body, status, {"ETag": _etag(body)}, JSON)


def record_id(text: str) -> UUID:
    """The id in a path; what has not its form is the id of nothing. Raises NotFound."""
    try:
        return UUID(text)
    except ValueError:
        raise no_such_record() from None


def no_such_record() -> NotFound:
    """The same for a record that does not exist and for one that the actor may not see."""
    return NotFound(Text("记录不存在，或您无权查看", "there is no such record, or you may not see it"))


def _etag(body: bytes) -> str:
    # id and version are the first two members of every record, so this looks at some sixty bytes.
    found = _VERSION.search(body)
    return entity_tag(int(found[1])) if found else ""
