"""Processes: their boards for everybody, publishing for administrators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field

from liaoran.access.actors import scope_for
from liaoran.access.describe import describe_process
from liaoran.api.answers import json_bytes, json_value
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.objects import ProcessDescription
from liaoran.api.records import NOTHING, RecordBody
from liaoran.process.publish import publish_process
from liaoran.query.reads import compile_board
from liaoran.query.requests import BoardRequest

router = APIRouter(prefix="/processes", tags=["processes"], route_class=LightRoute)

WHOLE = BoardRequest()
Definition = Annotated[
    dict[str, Any],
    Body(
        examples=[
            {
                "key": "renewal",
                "object": "contract",
                "field": "stage",
                "label": {"zh": "续约", "en": "Renewal"},
                "states": [
                    {"key": "open", "label": {"zh": "待续约", "en": "Open"}, "kind": "open"},
                    {"key": "won", "label": {"zh": "已续约", "en": "Renewed"}, "kind": "won"},
                ],
            }
        ]
    ),
]


class BoardState(BaseModel):
    """A state with its first records. ``sums`` holds money by Field and currency."""

    key: str
    count: int
    sums: dict[str, dict[str, float]] = Field(examples=[{"amount": {"CNY": 1234000.0}}])
    records: list[RecordBody]
    next_cursor: str | None = Field(description="Continues a query with the state as ``where`` and the same sort")


class Board(BaseModel):
    """The states of a Process in their order."""

    process: str
    states: list[BoardState]


@router.post("/{process}/board", responses={200: {"model": Board}})
async def get_board(request: Request, process: str, body: BoardRequest = WHOLE) -> Response:
    """Per state: how many records, sums per currency, the first cards."""
    call = call_of(request)
    call.scope.require_process(process)
    plan = compile_board(call.scope, process, body)
    async with call.reading() as tx:
        answer = await tx.fetch_json(plan.statement, plan.binds)
    return await json_bytes(request, answer or NOTHING)


@router.post("", status_code=201, responses={201: {"model": ProcessDescription}})
async def publish(request: Request, body: Definition) -> Response:
    """Publishes a Process as a new version; records stay in their states."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        scope = await scope_for(tx, await publish_process(tx, call.scope, body), call.credential)
        return json_value(describe_process(scope, body["key"]), 201)
