"""Moves of a record through its Process: what is possible, the move itself, where it has been."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from liaoran.api.answers import ACTION_HEADERS, expected_version, json_bytes, json_value
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.records import RecordBody, answer_record, record_id
from liaoran.api.repeats import write_once
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Door
from liaoran.kernel.text import Language
from liaoran.process.reading import read_visits
from liaoran.process.transitions import Move, move, transitions_of

router = APIRouter(prefix="/records", tags=["processes"], route_class=LightRoute)


class GateItem(BaseModel):
    """One condition of a gate, in words."""

    message: str
    field: str | None = None
    evidence: dict[str, Any] = Field(default_factory=dict)


class Gate(BaseModel):
    """What the record meets already and what it does not."""

    met: list[GateItem]
    unmet: list[GateItem]


class OfferedMove(BaseModel):
    """A move that the Process knows from where the record is."""

    model_config = ConfigDict(populate_by_name=True)

    key: str
    label: dict[str, str]
    process: str
    source: str | None = Field(alias="from")
    to: str
    to_label: dict[str, str]
    kind: str
    required: list[str] = Field(description="Fields to ask for in the dialog")
    open: bool = Field(description="Whether the gate lets the record through as it is")
    gate: Gate


class MoveBody(BaseModel):
    """Where to, by transition or state, with values for the Fields that the gate asks for."""

    model_config = ConfigDict(extra="forbid")

    transition: str | None = None
    to_state: str | None = Field(None, description="Key or label of the state", examples=["won"])
    fields: dict[str, Any] = Field(default_factory=dict, examples=[{"win_reason": "price"}])
    comment: str | None = Field(None, max_length=10_000)
    version: int | None = None

    @model_validator(mode="after")
    def _one_target(self) -> MoveBody:
        if (self.transition is None) == (self.to_state is None):
            raise ValueError("give either transition or to_state")
        return self


class VisitBody(BaseModel):
    """One stay in a state."""

    model_config = ConfigDict(extra="allow")

    state: str
    label: dict[str, str] | None
    entered_at: datetime
    left_at: datetime | None
    days: float
    by: str | None


@router.get("/{object}/{id}/transitions", responses={200: {"model": list[OfferedMove]}})
async def list_moves(request: Request, object: str, id: str) -> Response:
    """The moves that are possible now, each with its gate."""
    call = call_of(request)
    record = record_id(id)
    async with call.reading() as tx:
        found = await transitions_of(tx, call.scope, object, [record])
    return json_value([_shown(one, call.scope.actor.language) for one in found[record]])


@router.post("/{object}/{id}/transitions", responses={200: {"model": RecordBody, "headers": ACTION_HEADERS}})
async def move_record(request: Request, object: str, id: str, body: MoveBody) -> Response:
    """Moves a record. Answers 422 with every unmet condition where the gate does not let it through."""
    call = call_of(request)
    version = expected_version(request, {"version": body.version})

    async def work(tx: Transaction) -> Response:
        written = await move(
            tx,
            call.scope,
            object,
            record_id(id),
            replace(call.cause(Door.FORM), note=body.comment),
            transition=body.transition,
            to_state=body.to_state,
            values=body.fields,
            version=version,
        )
        return await answer_record(call, tx, object, written.id)

    return await write_once(request, call, work)


@router.get("/{object}/{id}/visits", responses={200: {"model": list[VisitBody]}})
async def list_visits(request: Request, object: str, id: str) -> Response:
    """Where the record has been, for how long, through whom."""
    call = call_of(request)
    async with call.reading() as tx:
        body = await read_visits(tx, call.scope, object, record_id(id))
    return await json_bytes(request, body)


def _shown(one: Move, language: Language) -> dict[str, Any]:
    shown = one.to_json(language)
    gate: dict[str, list[dict[str, Any]]] = {"met": [], "unmet": []}
    for item in shown["gate"]:
        gate["met" if item.pop("met") else "unmet"].append(item)
    return {**shown, "gate": gate}
