"""Shaping Processes: drafts, what colleagues say to them, trying them, versions; publishing stands with ``processes``."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.access.actors import scope_for
from liaoran.access.describe import describe_process
from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.moves import with_gate_split
from liaoran.api.objects import Label, ProcessDescription
from liaoran.api.records import record_id
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Invalid, NotFound
from liaoran.kernel.text import Text
from liaoran.process.carrying import records_under_way
from liaoran.process.comments import add_comment, list_comments, resolve_comment
from liaoran.process.definition.subject import KEY
from liaoran.process.differences import differences
from liaoran.process.drafts import (
    NO_DRAFT,
    Draft,
    carried_to,
    discard_draft,
    find_draft,
    fit_state_keys,
    list_drafts,
    publish_draft,
    read_draft,
    review_draft,
    save_draft,
)
from liaoran.process.faults import faults_of
from liaoran.process.publish import retire_process
from liaoran.process.simulation import MAXIMUM_RECORDS, simulate
from liaoran.process.templates import TAKEN, bare_definition, keys_taken
from liaoran.process.versions import forecast, list_versions, read_version, roll_back, way_back
from liaoran.query.evidence import evidence_kinds
from liaoran.schema.process_json import process_from_json, process_to_json
from liaoran.schema.processes import Process

router = APIRouter(prefix="/processes", tags=["processes"], route_class=SignedRoute)

Mapping = Annotated[
    dict[str, str],
    Field(default_factory=dict, description="Old state to new one", examples=[{"demo": "proposal"}]),
]


Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DraftBody(_Body):
    """A draft to keep. It need not be sound; what would be refused is told in the answer."""

    definition: dict[str, Any]
    revision: int = Field(description="The one that was seen; 0 for a new draft", ge=0)


class NewDraftBody(_Body):
    """The definition that a new draft begins with."""

    definition: dict[str, Any]


class BareDraftBody(_Body):
    """A draft from nothing."""

    object: str
    label: Label
    field: str | None = Field(None, description="The choice Field for the state, where the Object has no Process yet")


class PublishBody(_Body):
    """Publishing the draft as it was seen."""

    revision: int = Field(ge=0)
    mapping: Mapping
    note: str | None = Field(None, max_length=2000)


class ForecastBody(_Body):
    """Where records of states that go would be carried."""

    mapping: Mapping


class SimulateBody(_Body):
    """Which records to try the draft on."""

    records: list[str] = Field(min_length=1, max_length=MAXIMUM_RECORDS)
    mapping: Mapping


class RollBackBody(_Body):
    """Going back to an earlier version."""

    mapping: Mapping
    note: str | None = Field(None, max_length=2000)


class CommentBody(_Body):
    """Something to say."""

    place: str = Field("", max_length=100, description="Key of a state, or empty for the whole")
    text: str


class ResolveBody(_Body):
    """Whether a comment is dealt with."""

    resolved: bool


class DraftProblem(BaseModel):
    """What publishing would refuse, and where."""

    at: str
    message: str
    code: str


class DraftAnswer(BaseModel):
    """A draft with what there is to know before publishing."""

    key: str
    definition: dict[str, Any]
    based_on: int
    revision: int
    updated_by_label: str
    problem: DraftProblem | None
    differences: list[dict[str, Any]]
    leaving: list[dict[str, Any]] = Field(description="States that would go while records are in them")
    newer: bool = Field(description="Whether a version was published since the draft was begun")


class Fault(BaseModel):
    """A Condition of the published version that cannot be evaluated: it lets nobody through until it is mended."""

    at: str = Field(description="The place in the definition", examples=["states[2].exit[0].condition"])
    kind: Literal["state", "transition", "approval"]
    key: str = Field(description="Of the state, transition or approval")
    part: str
    where: Label
    label: Label = Field(description="What the Condition is called")
    message: Label = Field(description="Why")
    code: str


class ProcessSummary(BaseModel):
    """A Process in the list of those that can be shaped."""

    key: str
    object: str
    label: Label
    version: int
    is_default: bool
    records: int | None = Field(description="How many follow it, for administrators")
    states: list[dict[str, Any]]
    draft: bool
    faults: list[Fault] = Field(description="What cannot be evaluated, for administrators; empty for others")


@router.get("", responses={200: {"model": list[ProcessSummary]}})
async def list_processes(request: Request) -> Response:
    """The Processes and new drafts over Objects that the actor may read, so that colleagues can say something to them."""
    call = call_of(request)
    async with call.reading() as tx:
        drafts = {one["key"]: one for one in await list_drafts(tx) if call.scope.may(one["object"], "read")}
        readable = [one for one in call.scope.snapshot.objects.values() if call.scope.may(one.key, "read")]
        shown = [
            _summary(call, process, await _following(tx, call, process.key), process.key in drafts)
            for owner in readable
            for process in owner.processes
        ]
    known = {one["key"] for one in shown}
    new = [_new(one) for key, one in drafts.items() if key not in known]
    return json_value([*shown, *new])


async def _following(tx: Transaction, call: Call, process: str) -> int | None:
    if not call.scope.is_administrator:
        return None
    return sum((await records_under_way(tx, process)).values())


@router.post("/drafts", status_code=201, responses={201: {"model": DraftAnswer}})
async def begin_draft(request: Request, body: NewDraftBody) -> Response:
    """Begins the draft of a Process that is not there yet. Its definition needs a key that nothing has."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        key = str(body.definition.get("key") or "")
        if key in await keys_taken(tx) or not KEY.fullmatch(key):
            raise Conflict(TAKEN.fill(key=key), code="duplicate_key")
        answer = await _answer(tx, call, await save_draft(tx, call.scope, key, body.definition, 0))
    answer.status_code = 201
    return answer


@router.post("/drafts/bare", status_code=201, responses={201: {"model": DraftAnswer}})
async def begin_bare_draft(request: Request, body: BareDraftBody) -> Response:
    """Begins the draft of a Process from nothing: one open stage, and the ends that the Object's Processes have."""
    call = call_of(request)
    call.scope.require_administrator()
    call.scope.require(body.object, "read")
    async with call.writing() as tx:
        taken = {*await keys_taken(tx), *(one["key"] for one in await list_drafts(tx))}
        made = bare_definition(call.scope.snapshot, body.object, taken, label=body.label, field=body.field)
        answer = await _answer(tx, call, await save_draft(tx, call.scope, made["key"], made, 0))
    answer.status_code = 201
    return answer


@router.get("/evidence")
async def list_evidence(request: Request) -> Response:
    """The kinds of evidence that Conditions of gates may ask for, with what each takes."""
    call_of(request)
    return json_value(
        [
            {"key": one.key, "label": one.label.to_json(), "parameters": one.parameters()}
            for one in evidence_kinds().values()
        ]
    )


@router.get("/{process}")
async def get_process(request: Request, process: str) -> Response:
    """The published definition, whole."""
    call = call_of(request)
    found = call.scope.require_process(process)
    return json_value({**process_to_json(found), "version": found.version})


@router.delete("/{process}", status_code=204)
async def retire_one(request: Request, process: str) -> Response:
    """Takes a Process out of use; refused where records follow it."""
    call = call_of(request)
    call.scope.require_administrator()
    call.scope.require_process(process)
    async with call.writing() as tx:
        await retire_process(tx, call.scope, process)
    return Response(status_code=204)


@router.get("/{process}/versions")
async def get_versions(request: Request, process: str) -> Response:
    """The published versions, the newest first."""
    call = call_of(request)
    call.scope.require_process(process)
    async with call.reading() as tx:
        return json_value(await list_versions(tx, process))


@router.get("/{process}/versions/{number}")
async def get_version(request: Request, process: str, number: Number) -> Response:
    """The definition of one version."""
    call = call_of(request)
    call.scope.require_process(process)
    async with call.reading() as tx:
        return json_value(await read_version(tx, process, number))


Version = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("/{process}/differences")
async def get_differences(
    request: Request,
    process: str,
    before: Annotated[Version, Query(alias="from", description="Left out, the one before the other")] = None,
    after: Annotated[Version, Query(alias="to", description="Left out, the one in force")] = None,
) -> Response:
    """What two published versions differ in, part by part, as a draft's answer tells it."""
    call = call_of(request)
    current = call.scope.require_process(process)
    later = after or current.version
    async with call.reading() as tx:
        old, new = [process_from_json(await read_version(tx, process, one)) for one in (before or later - 1, later)]
    return json_value(differences(old, new))


@router.post("/{process}/versions/{number}/forecast")
async def forecast_rollback(request: Request, process: str, number: Number, body: ForecastBody) -> Response:
    """What going back to a version would do to records."""
    call = call_of(request)
    call.scope.require_administrator()
    current = call.scope.require_process(process)
    async with call.reading() as tx:
        definition, mapping = await way_back(tx, current, number)
        goal = process_from_json({**definition, "version": current.version + 1})
        found = await forecast(tx, goal, current, {**mapping, **body.mapping})
    return json_value({**found, "mapping": {**mapping, **body.mapping}})


@router.post("/{process}/versions/{number}/rollback", responses={200: {"model": ProcessDescription}})
async def roll_back_process(request: Request, process: str, number: Number, body: RollBackBody) -> Response:
    """Publishes an earlier version anew; records that were carried since go back to where they were."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        current = call.scope.require_process(process)
        snapshot = await roll_back(tx, call.scope, current, number, body.mapping, body.note)
        return json_value(describe_process(await scope_for(tx, snapshot, call.credential), process))


@router.get("/{process}/draft", responses={200: {"model": DraftAnswer}})
async def get_draft(request: Request, process: str) -> Response:
    """The draft, or what a draft would begin with: the published definition, at revision 0."""
    call = call_of(request)
    async with call.services.database.transaction(call.organisation.schema) as tx:
        draft = await _draft_or_published(tx, call, process)
        _require_reader(call, draft)
        return await _answer(tx, call, draft)


@router.put("/{process}/draft", responses={200: {"model": DraftAnswer}})
async def put_draft(request: Request, process: str, body: DraftBody) -> Response:
    """Keeps a draft of a Process, or goes on with a new one. Answers 409 where somebody has saved since."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        if await find_draft(tx, process) is None:
            call.scope.require_process(process)
        return await _answer(tx, call, await save_draft(tx, call.scope, process, body.definition, body.revision))


@router.delete("/{process}/draft", status_code=204)
async def delete_draft(request: Request, process: str) -> Response:
    """Throws the draft away; what is published stays."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        await discard_draft(tx, call.scope, process)
    return Response(status_code=204)


@router.post("/{process}/draft/forecast")
async def forecast_draft(request: Request, process: str, body: ForecastBody) -> Response:
    """What publishing the draft would do to records: how many are carried where, and how many ever reached each state,
    counted through the mapping. Refused where the mapping leaves records out."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.services.database.transaction(call.organisation.schema) as tx:
        draft = await _draft_or_published(tx, call, process)
        new, mapping = await _as_published(tx, call, draft, body.mapping)
        return json_value(await forecast(tx, new, call.scope.snapshot.process(process), mapping))


@router.post("/{process}/draft/simulate")
async def simulate_draft(request: Request, process: str, body: SimulateBody) -> Response:
    """What the draft would let through, block and make, tried on records; nothing is written."""
    call = call_of(request)
    call.scope.require_administrator()
    records = [record_id(one) for one in body.records]
    async with call.services.database.transaction(call.organisation.schema) as tx:
        draft = await _draft_or_published(tx, call, process)
        new, mapping = await _as_published(tx, call, draft, body.mapping)
        found = await simulate(tx, call.scope, new, mapping, records)
    return json_value([{**one, "moves": [with_gate_split(move) for move in one["moves"]]} for one in found])


@router.post("/{process}/draft/publish", responses={200: {"model": ProcessDescription}})
async def publish_the_draft(request: Request, process: str, body: PublishBody) -> Response:
    """Publishes the draft as the next version and carries records of states that go."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        snapshot = await publish_draft(tx, call.scope, process, body.revision, body.mapping, body.note)
        return json_value(describe_process(await scope_for(tx, snapshot, call.credential), process))


@router.get("/{process}/comments")
async def get_comments(request: Request, process: str) -> Response:
    """What colleagues say, in order; for everybody who may see records of the Process."""
    call = call_of(request)
    async with call.services.database.transaction(call.organisation.schema) as tx:
        await _require_talk(tx, call, process)
        return json_value(await list_comments(tx, process))


@router.post("/{process}/comments", status_code=201)
async def comment_on_process(request: Request, process: str, body: CommentBody) -> Response:
    """Says something to a state or to the whole."""
    call = call_of(request)
    async with call.writing() as tx:
        await _require_talk(tx, call, process)
        comment = await add_comment(tx, call.scope, process, body.place, body.text)
    return json_value({"id": comment}, 201)


@router.patch("/{process}/comments/{comment}", status_code=204)
async def resolve_process_comment(request: Request, process: str, comment: str, body: ResolveBody) -> Response:
    """Marks a comment as dealt with, or opens it again."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        await resolve_comment(tx, call.scope, process, _comment(comment), resolved=body.resolved)
    return Response(status_code=204)


async def _answer(tx: Transaction, call: Call, draft: Draft) -> Response:
    review = await review_draft(tx, call.scope, draft)
    shown = {
        "key": draft.key,
        "definition": draft.definition,
        "based_on": draft.based_on,
        "revision": draft.revision,
        "updated_by_label": draft.updated_by_label,
    }
    return json_value({**shown, **review})


async def _draft(tx: Transaction, process: str) -> Draft:
    draft = await find_draft(tx, process)
    if draft is None:
        raise NotFound(NO_DRAFT.fill(key=process), code="no_draft")
    return draft


async def _draft_or_published(tx: Transaction, call: Call, process: str) -> Draft:
    """The draft, or the one that would be begun: the published definition at revision 0."""
    draft = await find_draft(tx, process)
    if draft is not None:
        return draft
    found = call.scope.require_process(process)
    return Draft(process, process_to_json(found), based_on=found.version)


async def _as_published(
    tx: Transaction, call: Call, draft: Draft, mapping: dict[str, str]
) -> tuple[Process, dict[str, str]]:
    """The Process that the draft would become, and a mapping to its stages."""
    new = await read_draft(tx, call.scope, draft)
    return new, carried_to(fit_state_keys(call.scope, draft)[1], mapping)


async def _require_talk(tx: Transaction, call: Call, process: str) -> None:
    if call.scope.snapshot.process(process) is not None:
        call.scope.require_process(process)
        return
    _require_reader(call, await _draft(tx, process))


def _require_reader(call: Call, draft: Draft) -> None:
    """A draft is for whoever may see records of its Object."""
    owner = str(draft.definition.get("object") or "")
    if not call.scope.may(owner, "read"):
        raise NotFound(NO_DRAFT.fill(key=draft.key), code="no_draft")


def _summary(call: Call, process: Process, records: int | None, draft: bool) -> dict[str, Any]:
    return {
        "key": process.key,
        "object": process.object,
        "label": process.label.to_json(),
        "version": process.version,
        "is_default": process.is_default,
        "records": records,
        "states": [
            {"key": one.key, "label": one.label.to_json(), "kind": one.kind, "color": one.color}
            for one in process.states
        ],
        "draft": draft,
        "faults": faults_of(call.scope.snapshot, process) if call.scope.is_administrator else [],
    }


def _new(draft: dict[str, Any]) -> dict[str, Any]:
    label = draft["label"] or {"zh": draft["key"], "en": draft["key"]}
    shown = {"key": draft["key"], "object": draft["object"], "label": label, "version": 0, "is_default": False}
    return {**shown, "records": 0, "states": [], "draft": True, "faults": []}


def _comment(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Invalid(Text("意见编号不正确", "this is not the id of a comment"), code="invalid_id") from None
