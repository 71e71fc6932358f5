"""Who sees this and why, what somebody can see and why, and a masked value in the open."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.access.explaining import what_one_sees, who_sees, why_one
from liaoran.access.revealing import LONGEST_REASON, reveal
from liaoran.api.answers import json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.api.records import record_id
from liaoran.api.roles import NamedPerson
from liaoran.records.noting import require_readable
from liaoran.records.verbs import verbs_on

RECORD = "/records/{object}/{id}"
router = APIRouter(tags=["access"], route_class=SignedRoute)


class ReasonBody(BaseModel):
    """One reason in words. ``kind``: administrator, role, rule, share, approver, carried, restriction, closed,
    not_reached; ``key`` names the role, rule, link Field or restriction."""

    kind: str
    verb: str
    key: str | None
    text: dict[str, str]


class ExplainedPerson(BaseModel):
    """What a person may do with the record, why, and if not, what stands in the way."""

    person: NamedPerson
    sees: bool
    edits: bool
    reasons: list[ReasonBody]
    obstacles: list[ReasonBody]


class RecordAccess(BaseModel):
    """Everybody who sees the record, those who may change it first; or the one person who was asked about."""

    people: list[ExplainedPerson]


class RecordVerbs(BaseModel):
    """What the actor may do with this very record: read, edit, delete, transfer, share, export."""

    verbs: list[str] = Field(examples=[["read", "edit"]])


class SourceBody(BaseModel):
    """Where a verb comes from."""

    kind: str
    key: str
    text: dict[str, str]


class WithheldField(BaseModel):
    """A Field that does not show as it is: readonly, masked or hidden."""

    field: str
    label: dict[str, str]
    shows: str


class RestrictionBody(BaseModel):
    """A restriction that holds for the person."""

    key: str
    label: dict[str, str]
    verbs: list[str]


class ObjectAccess(BaseModel):
    """What a person can see and do of one Object; ``doors`` are create, import and bulk."""

    object: str
    label: dict[str, str]
    records: int
    verbs: dict[str, list[SourceBody]]
    doors: list[str]
    fields: list[WithheldField]
    restrictions: list[RestrictionBody]


class HeldRoleBody(BaseModel):
    """A role that the person has."""

    key: str
    label: dict[str, str]


class PersonAccess(BaseModel):
    """What a person can see and do, and why."""

    person: NamedPerson
    roles: list[HeldRoleBody]
    objects: list[ObjectAccess]


class RevealRequest(BaseModel):
    """Which masked value is needed, and what for. The reason is kept in the audit log."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(max_length=63, examples=["mobile"])
    reason: str = Field(max_length=LONGEST_REASON, examples=["回访客户"])


class Revealed(BaseModel):
    """The value as it is."""

    value: str | None


@router.get(RECORD + "/access", responses={200: {"model": RecordAccess}})
async def get_record_access(request: Request, object: str, id: str, person: UUID | None = None) -> Response:
    """Who sees the record and why; with ``person``, whether that person does, and if not, why not."""
    call = call_of(request)
    record = record_id(id)
    async with call.reading() as tx:
        await require_readable(tx, call.scope, object, record)
        if person is not None:
            return json_value(await why_one(tx, call.scope, object, record, person))
        return json_value(await who_sees(tx, call.scope, object, record))


@router.get(RECORD + "/verbs", responses={200: {"model": RecordVerbs}})
async def get_record_verbs(request: Request, object: str, id: str) -> Response:
    """What the actor may do with this very record; the Object's description says only what they may do with some."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value({"verbs": await verbs_on(tx, call.scope, object, record_id(id))})


@router.get("/people/{id}/access", responses={200: {"model": PersonAccess}})
async def get_person_access(request: Request, id: UUID, object: str | None = None) -> Response:
    """What a person can see and do, and why; of one Object where it is named."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await what_one_sees(tx, call.scope, id, object))


@router.post(RECORD + "/reveal", responses={200: {"model": Revealed}})
async def reveal_value(request: Request, object: str, id: str, body: RevealRequest) -> Response:
    """One masked value in the open. The audit log keeps who looked at it, when, and what for."""
    call = call_of(request)
    record = record_id(id)
    async with call.writing(for_readers=True) as tx:
        await require_readable(tx, call.scope, object, record)
        return json_value({"value": await reveal(tx, call.scope, object, record, body.field, body.reason)})
