"""Objects and Fields: their description for everybody, their shaping for administrators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from liaoran.access.describe import describe_object, describe_objects, describe_retired
from liaoran.api.answers import json_bytes, json_value
from liaoran.api.calls import SignedRoute, call_of

router = APIRouter(tags=["objects"], route_class=SignedRoute)

Label = dict[str, str]


class ObjectSummary(BaseModel):
    """An Object as the navigation shows it."""

    key: str = Field(examples=["account"])
    label: Label
    label_plural: Label
    icon: str
    group: str
    order: int
    name_field: str
    tracked: bool = Field(description="Whether its past can be read with as_of")
    origin: str
    verbs: list[str] = Field(description="What the actor may do with at least some records")
    processes: list[str]


class ObjectList(BaseModel):
    """All Objects that the actor may read."""

    schema_version: int
    objects: list[ObjectSummary]


class ChoiceDescription(BaseModel):
    """One choice; a retired one is shown but not offered."""

    key: str
    label: Label
    color: str | None
    retired: bool


class FieldDescription(BaseModel):
    """A Field as the actor may see it."""

    key: str
    type: str
    kind: str | None
    label: Label
    help: Label | None
    required: bool
    unique: bool
    readonly: bool
    computed: bool
    masked: bool = Field(description="Whether the actor sees only the masked form of its values")
    hidden: bool
    personal: bool = Field(description="Whether it holds data about a person, which is told and erased on request")
    default: Any
    origin: str
    options: dict[str, Any]
    choices: list[ChoiceDescription]
    operators: list[str]
    sortable: bool
    groupable: bool
    target: str | None
    currency_field: str | None


class StateDescription(BaseModel):
    """A state of a Process."""

    key: str
    label: Label
    kind: str
    order: int
    probability: int
    forecast_category: str | None
    color: str | None
    guidance: dict[str, Label] = Field(description="By part: why, how, done, focus, difficulty, effect, script")
    target_days: float | None
    maximum_days: float | None
    follow_up_days: float | None
    required: list[str]


class TransitionDescription(BaseModel):
    """A permitted move; ``from`` null means from anywhere."""

    key: str
    source: str | None = Field(alias="from")
    to: str
    label: Label | None
    required: list[str]
    comment: bool = Field(description="Whether the move asks for a comment")


class ProcessDescription(BaseModel):
    """The published version of a Process."""

    key: str
    label: Label
    field: str
    process_field: str | None
    sum_field: str | None
    minimum: list[str] = Field(description="Fields that are filled in every open state")
    is_default: bool
    version: int
    origin: str
    states: list[StateDescription]
    transitions: list[TransitionDescription]


class RelatedDescription(BaseModel):
    """Another Object whose link Field points here."""

    object: str
    field: str
    label: Label


class ActivityDescription(BaseModel):
    """How records of an Object stand in the timelines of what they link to: Fields by key."""

    at: list[str] = Field(description="Days or instants; the first filled one says when")
    by: str | None = Field(description="The person who does it; null is who created the record")
    shows: list[str] = Field(description="Facts in short")
    text: str | None = Field(description="What came of it, at length")


class ObjectDescription(BaseModel):
    """An Object in full."""

    key: str
    label: Label
    label_plural: Label
    icon: str
    group: str
    order: int
    name_field: str
    tracked: bool
    origin: str
    verbs: list[str]
    fields: list[FieldDescription]
    layouts: dict[str, Any]
    activity: ActivityDescription | None
    health: bool = Field(description="Whether its records have a health")
    task: bool = Field(description="Whether its records are tasks, which stages may make")
    processes: list[ProcessDescription]
    related: list[RelatedDescription]


class RetiredObject(BaseModel):
    """An Object that was taken out of use; its records wait."""

    key: str
    label: Label
    icon: str
    origin: str


class RetiredField(BaseModel):
    """A Field that was taken out of use; its values wait."""

    object: str
    key: str
    type: str
    label: Label
    origin: str


class RetiredBody(BaseModel):
    """What can be brought back with ``POST …/restore``."""

    objects: list[RetiredObject]
    fields: list[RetiredField]


@router.get("/objects", responses={200: {"model": ObjectList}})
async def list_objects(request: Request) -> Response:
    """All Objects that the actor may read."""
    return await json_bytes(request, describe_objects(call_of(request).scope))


@router.get("/retired", responses={200: {"model": RetiredBody}})
async def list_retired(request: Request) -> Response:
    """The Objects and Fields that were taken out of use, for administrators."""
    call = call_of(request)
    call.scope.require_administrator()
    return json_value(describe_retired(call.scope))


@router.get("/objects/{object}", responses={200: {"model": ObjectDescription}})
async def get_object(request: Request, object: str) -> Response:
    """One Object with its Fields, layouts, Processes and the Objects that link to it."""
    return await json_bytes(request, describe_object(call_of(request).scope, object))
