"""Moves of a record through its Process: what is possible, the move itself, where it has been."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from liaoran.api.answers import ACTION_HEADERS, expected_version, json_bytes, json_value
from liaoran.api.batches import MAXIMUM, BatchAnswer, BatchOutcome, read_id, show_outcome
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.records import RecordBody, read_written, record_id, record_response
from liaoran.api.repeats import write_once
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Door
from liaoran.kernel.text import Language
from liaoran.process.handing_over import read_handed_over
from liaoran.process.reading import read_visits
from liaoran.process.transitions import Move, move, transitions_of, try_move
from liaoran.records.context import Beside

router = APIRouter(prefix="/records", tags=["processes"], route_class=LightRoute)


class GateItem(BaseModel):
    """One condition of a gate, in words, and what can be done about it."""

    key: str | None
    part: str | None = Field(description="exit, transition, entry or minimum")
    label: dict[str, str] | None
    message: str
    code: str
    field: str | None = None
    evidence: dict[str, Any] = Field(default_factory=dict)
    mend: list[dict[str, Any]] = Field(
        default_factory=list,
        description="kind: field, record, or a kind of evidence such as file",
        examples=[[{"kind": "field", "field": "budget"}]],
    )


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
    move: str | None = Field(description="forward, skip, back, reopen, win, lose or close")
    required: list[str] = Field(description="Fields to ask for in the dialog")
    comment: bool = Field(description="Whether the move asks for a reason")
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
    dry_run: bool = Field(False, description="Says what would happen, and does nothing")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.transition is None) == (self.to_state is None):
            raise ValueError("give either transition or to_state")
        return self

    def how(self) -> dict[str, Any]:
        """The move as ``process.transitions`` takes it."""
        return {"transition": self.transition, "to_state": self.to_state, "values": self.fields}


class BatchMoveBody(MoveBody):
    """The same for many records."""

    ids: list[str] = Field(min_length=1, max_length=MAXIMUM)
    all_or_nothing: bool = Field(False, description="True moves all or none")


class HandedOver(BaseModel):
    """A record that was moved, and that its mover may not see any more: the stage gave it to somebody else."""

    id: str
    version: int
    visible: Literal[False]
    owner: dict[str, Any] | None = Field(
        description="Whose it is now: id and label", examples=[{"id": "…", "label": "李娜"}]
    )


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


@router.post(
    "/{object}/{id}/transitions",
    responses={200: {"model": RecordBody | HandedOver | BatchOutcome, "headers": ACTION_HEADERS}},
)
async def move_record(request: Request, object: str, id: str, body: MoveBody) -> Response:
    """Moves a record. Answers 422 with every unmet condition where the gate does not let it through; with ``dry_run``
    it answers what would become of it, in the form of a batch's outcome. Where the stage hands the record over to
    somebody else and the mover may not see it any more, the answer says so (``visible`` is false) and whose it is."""
    call = call_of(request)
    record, version = record_id(id), expected_version(request, {"version": body.version})
    cause = replace(call.cause(Door.FORM), note=body.comment)

    async def work(tx: Transaction) -> Response:
        if body.dry_run:
            [outcome] = await try_move(tx, call.scope, object, [record], cause, **body.how(), version=version)
            return json_value(show_outcome("moved", outcome, call.scope.actor.language))

        async def moving(beside: Beside) -> UUID:
            await move(tx, call.scope, object, [record], cause, **body.how(), version=version, beside=beside)
            return record

        moved = await read_written(call, tx, object, moving)
        if moved is None:
            return json_value(await read_handed_over(tx, call.scope, object, record))
        return record_response(moved)

    return await write_once(request, call, work)


@router.post("/{object}/transitions", responses={200: {"model": BatchAnswer, "headers": ACTION_HEADERS}})
async def move_records(request: Request, object: str, body: BatchMoveBody) -> Response:
    """Moves up to 10,000 records, each through its own gate; what is not let through is reported and stays."""
    call = call_of(request)
    records = [read_id(one, f"ids[{place}]") for place, one in enumerate(body.ids)]
    call.scope.require(object, "bulk" if len(records) > 1 else "read")
    cause = replace(call.cause(Door.BULK), note=body.comment)

    async def work(tx: Transaction) -> Response:
        if body.dry_run:
            outcomes = await try_move(tx, call.scope, object, records, cause, **body.how())
        else:
            how = {**body.how(), "all_or_nothing": body.all_or_nothing}
            outcomes = await move(tx, call.scope, object, records, cause, **how)
        language = call.scope.actor.language
        return json_value({"results": [show_outcome("moved", one, language) for one in outcomes]})

    return await write_once(request, call, work)


@router.get("/{object}/{id}/visits", responses={200: {"model": list[VisitBody]}})
async def list_visits(request: Request, object: str, id: str) -> Response:
    """Where the record has been, for how long, through whom."""
    call = call_of(request)
    async with call.reading() as tx:
        body = await read_visits(tx, call.scope, object, record_id(id))
    return await json_bytes(request, body)


def _shown(one: Move, language: Language) -> dict[str, Any]:
    return with_gate_split(one.to_json(language))


def with_gate_split(move: dict[str, Any]) -> dict[str, Any]:
    """A move whose gate says apart what is met and what is not."""
    gate: dict[str, list[dict[str, Any]]] = {"met": [], "unmet": []}
    for item in move["gate"]:
        gate["met" if item.pop("met") else "unmet"].append(item)
    return {**move, "gate": gate}
