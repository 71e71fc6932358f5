"""Where a record stands in its Process: what is met, what is to be done, what was done before; where a task came from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import json_value
from liaoran.api.batches import read_id
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.moves import GateItem, VisitBody
from liaoran.api.objects import Label
from liaoran.api.records import record_id
from liaoran.process.card_standing import read_card_standings
from liaoran.process.stage_tasks import origin_of
from liaoran.process.standing import read_standing

router = APIRouter(prefix="/records", tags=["processes"], route_class=LightRoute)

MAXIMUM_CARDS = 1000
Due = Literal["ok", "near", "over"]
DUE = "ok, near (beyond the target, or most of the only limit) or over; null where nothing is said of days"


class PersonBody(BaseModel):
    """A person by id and name."""

    id: str
    label: str | None


class NamedPerson(BaseModel):
    """Whom a part of a Process means, in words, and who that is for this record."""

    text: Label
    person: PersonBody | None


class ProcessBody(BaseModel):
    """The Process that the record follows."""

    key: str
    label: Label
    version: int


class StateBody(BaseModel):
    """The state that the record is in."""

    key: str
    label: Label
    kind: Literal["open", "won", "lost", "other"]
    color: str | None


class DwellBody(BaseModel):
    """How long the record has been here; days with fractions."""

    since: datetime
    days: float
    target_days: float | None
    maximum_days: float | None
    due: Due | None = Field(description=DUE)


class FollowUpBody(BaseModel):
    """Whether the record was followed up: an activity or a finished task since it came here, no longer ago than the
    stage's interval."""

    done: bool
    last_at: datetime | None
    days: float = Field(description="Since then, or since the record came here")
    interval_days: float | None
    due: Due | None = Field(description=DUE)


class NextBody(BaseModel):
    """What is to be done next. ``task`` is the id of a task of the stage."""

    kind: Literal["task", "plan", "condition", "move"]
    what: Label
    person: str | None
    due: date | None
    task: str | None


class CheckBody(GateItem):
    """A condition of the gate, met or not."""

    met: bool


class ForwardGate(BaseModel):
    """The move that the state is for, and its gate: ``met`` of ``of`` conditions."""

    model_config = ConfigDict(populate_by_name=True)

    key: str
    label: Label
    process: str
    source: str | None = Field(alias="from")
    to: str
    to_label: Label
    kind: str
    move: str | None
    required: list[str]
    comment: bool
    open: bool
    met: int
    of: int
    checks: list[CheckBody]


class OutputBody(BaseModel):
    """Something that the stage or an action is to leave behind. ``present`` is null where it cannot be told."""

    kind: Literal["document", "field", "record", "note"]
    label: Label
    document_type: str | None = None
    field: str | None = None
    object: str | None = None
    link: str | None = None
    present: bool | None = None


class StageTaskBody(BaseModel):
    """A task that a stage made. ``output`` says in words what it should leave behind, ``wanted`` as data."""

    id: str
    version: int
    subject: str
    status: Literal["open", "done", "cancelled"]
    must: bool
    person: PersonBody | None
    due: date | None
    overdue: bool
    help: str | None
    output: str | None
    wanted: OutputBody | None
    done_at: datetime | None
    result: str | None
    state: str
    editable: bool = Field(description="Whether whoever asks may end it")


class PresentTaskBody(StageTaskBody):
    """A task of this stay, or one carried on from an earlier stage (``here`` is false)."""

    here: bool
    state_label: Label | None


class TaskFormBody(BaseModel):
    """How a task is ended: keys of its Object, Fields and choices."""

    object: str
    status: str
    open: str
    done: str
    result: str | None = Field(description="Where what came of it is written")
    done_at: str | None


class StayBody(VisitBody):
    """A stay, where it stood against its limits, and the tasks that were made for it."""

    process: str
    kind: str | None
    color: str | None
    since: datetime
    target_days: float | None
    maximum_days: float | None
    due: Due | None = Field(description=DUE)
    tasks: list[StageTaskBody]


class GoalBody(BaseModel):
    """The measurable goal of the stage; it is in nobody's way."""

    label: Label
    met: bool | None


class StandingBody(BaseModel):
    """Where a record stands. What follows from the state is null or empty where the record is in none."""

    process: ProcessBody
    state: StateBody | None
    dwell: DwellBody | None
    follow_up: FollowUpBody | None
    answer: Label | None = Field(description="Where it is, what is met, what is next: one line")
    next: NextBody | None
    gate: ForwardGate | None
    tasks: list[PresentTaskBody]
    task_form: TaskFormBody | None
    guidance: dict[str, Label] = Field(description="By part, with the record's values filled in")
    goal: GoalBody | None
    inputs: list[Label]
    outputs: list[OutputBody]
    accountable: NamedPerson | None
    team: list[NamedPerson]
    stays: list[StayBody] = Field(description="All stays in order, the present one last")


class CardsBody(BaseModel):
    """The records asked for."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] = Field(max_length=MAXIMUM_CARDS)


class CardStanding(BaseModel):
    """How one record stands, in short; days with fractions."""

    days: float
    due: Due | None = Field(description=DUE)
    musts: int = Field(description="Must-tasks of stages that are open")


class OriginBody(BaseModel):
    """Which action of which stage made a task; all null where none did."""

    label: Label | None
    process: str | None
    state: str | None
    action: str | None


@router.post("/{object}/standing", responses={200: {"model": dict[str, CardStanding]}})
async def list_standings(request: Request, object: str, body: CardsBody) -> Response:
    """For the cards of a board, by id: how long each has been in its stage, whether that is too long, and how many
    must-tasks are open. What the actor may not see is left out."""
    call = call_of(request)
    records = [read_id(one, f"ids[{place}]") for place, one in enumerate(body.ids)]
    async with call.reading() as tx:
        return json_value(await read_card_standings(tx, call.scope, object, records))


@router.get("/{object}/{id}/stage", responses={200: {"model": StandingBody}})
async def get_standing(request: Request, object: str, id: str) -> Response:
    """Where the record stands in its Process, what the next move asks for, what is to be done and what was done."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await read_standing(tx, call.scope, object, record_id(id)))


@router.get("/{object}/{id}/origin", responses={200: {"model": OriginBody}})
async def get_origin(request: Request, object: str, id: str) -> Response:
    """Which stage and action a task was made for, in words."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await origin_of(tx, call.scope, object, record_id(id)))
