"""Approvals: of a record, the inbox, and what can be done about one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.objects import Label
from liaoran.api.records import record_id
from liaoran.api.repeats import write_once
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Door
from liaoran.process.approvals.course import ApprovalState
from liaoran.process.approvals.deciding import Decision, decide, recall, remind
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.handing import MOST_PEOPLE, When, add_sign, delegate
from liaoran.process.approvals.inbox import MAXIMUM, Box, count_boxes, list_box
from liaoran.process.approvals.keeping import approvals_of, load_courses
from liaoran.process.approvals.shown import record_facts, show_courses
from liaoran.process.approvals.starting import approvals_offered, start_approval
from liaoran.process.approvals.taking import find
from liaoran.records.noting import require_may_edit, require_readable

RECORD = "/records/{object}/{id}/approvals"
router = APIRouter(tags=["approvals"], route_class=SignedRoute)

Comment = Annotated[
    str | None,
    StringConstraints(strip_whitespace=True, max_length=4000),
    Field(default=None, description="What to say to it", examples=["请补充付款条款"]),
]
StepKey = Annotated[
    str | None, Field(default=None, description="Which of the own steps, where there are two at once", max_length=100)
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StartApprovalBody(_Body):
    """Which approval of the record's Process to start."""

    approval: str = Field(examples=["contract_review"], max_length=100)
    comment: Comment


class DecideBody(_Body):
    """What the own step comes to. ``to_step`` goes with ``return``: an earlier step; left out, back to the starter."""

    decision: Decision
    comment: Comment
    to_step: str | None = Field(None, max_length=100)
    step: StepKey


class DelegateBody(_Body):
    """Who decides instead."""

    to: UUID
    comment: Comment
    step: StepKey


class AddSignBody(_Body):
    """Who else is to decide, before or after the own step."""

    people: list[UUID] = Field(min_length=1, max_length=MOST_PEOPLE)
    when: When = "before"
    comment: Comment
    step: StepKey


class RecallBody(_Body):
    """Why it is taken back."""

    comment: Comment


class ApprovalPerson(BaseModel):
    """A person; ``id`` is null for a machine."""

    id: str | None
    label: str


class ApprovalHolder(ApprovalPerson):
    """Whose turn it is, in which step, since when."""

    step: str
    since: datetime


class ApprovalSeat(BaseModel):
    """One who decides a step. ``round`` tells earlier rounds of a step that began anew."""

    person: ApprovalPerson
    round: int
    state: Literal["open", "approved", "refused", "returned", "delegated", "closed"]
    opened_at: datetime
    decided_at: datetime | None
    comment: str | None
    delegated_by: str | None


class ApprovalStepBody(BaseModel):
    """A step. Those of one ``turn`` run together. ``who`` says in words who decides."""

    key: str
    label: Label
    turn: int
    mode: Literal["any", "all", "count"]
    count: int
    comment: Literal["never", "on_refusal", "always"]
    who: list[Label]
    conditional: bool
    state: Literal["waiting", "open", "passed", "refused", "skipped"]
    round: int
    deciders: Literal["named", "escalated", "fallback"]
    opened_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    overdue: bool
    reminded_at: datetime | None
    escalated_at: datetime | None
    added_by: str | None
    seats: list[ApprovalSeat]


class ApprovalRecord(BaseModel):
    """The record; ``visible`` says whether the reader may open it."""

    id: str
    label: str | None
    visible: bool


class ApprovalStage(BaseModel):
    """Where the record was when it began."""

    key: str
    label: Label | None


class ApprovalMay(BaseModel):
    """What the reader can do now. ``decide`` holds the keys of the own open steps."""

    decide: list[str]
    recall: bool
    remind: bool


class ApprovalBody(BaseModel):
    """An approval with its steps, whose turn it is, and since when."""

    id: str
    object: str
    object_label: Label | None
    record: ApprovalRecord
    approval: str
    label: Label
    process: str
    state: ApprovalState
    lock: bool
    stage: ApprovalStage
    started_at: datetime
    started_by: ApprovalPerson
    comment: str | None
    finished_at: datetime | None
    finished_by: str | None
    outcome: dict[str, Any] = Field(
        description="to, to_label: where the record moved; stayed: why it did not; went_with: the `action` that deleted"
        " or merged the record, and the steps that were `open` then"
    )
    since: datetime | None
    overdue: bool
    holders: list[ApprovalHolder]
    may: ApprovalMay
    steps: list[ApprovalStepBody]


class ApprovalFact(BaseModel):
    """A Field of the record that a decision rests on."""

    field: str
    label: Label
    kind: str
    type: str
    value: Any
    value_label: Label | None


class ApprovalDetail(ApprovalBody):
    """An approval with the facts of its record."""

    facts: list[ApprovalFact]
    values: dict[str, Any] = Field(description="The values of the facts by Field, with their currencies")


class OfferedApproval(BaseModel):
    """An approval that can be started on the record."""

    key: str
    label: Label
    steps: list[Label]
    lock: bool


class RecordApprovals(BaseModel):
    """All approvals of a record, the newest first, and those that can be started."""

    approvals: list[ApprovalBody]
    offered: list[OfferedApproval]


class ApprovalCounts(BaseModel):
    """How many wait for the reader, how many of them are late; of the other lists how many are running."""

    mine: int
    overdue: int
    started: int
    decided: int
    all: int


class ApprovalPage(BaseModel):
    """A page of approvals."""

    approvals: list[ApprovalBody]
    next_cursor: str | None
    counts: ApprovalCounts


class Reminded(BaseModel):
    """Who was reminded."""

    people: list[str]


@router.get(RECORD, responses={200: {"model": RecordApprovals}})
async def list_record_approvals(request: Request, object: str, id: str) -> Response:
    """The approvals of a record: who holds them since when, what was decided by whom, and what can be started."""
    call, record = call_of(request), record_id(id)
    async with call.reading() as tx:
        await require_readable(tx, call.scope, object, record)
        desk = _desk(call, tx)
        courses = await load_courses(tx, await approvals_of(tx, object, record))
        shown = await show_courses(desk, courses)
        offered = await approvals_offered(desk, object, record)
    return json_value({"approvals": shown, "offered": offered})


@router.post(RECORD, status_code=201, responses={201: {"model": ApprovalDetail}})
async def start_record_approval(request: Request, object: str, id: str, body: StartApprovalBody) -> Response:
    """Starts an approval on a record that the caller may edit. Answers 422 with what is needed first, 409 where one is
    running."""
    call, record = call_of(request), record_id(id)

    async def work(tx: Transaction) -> Response:
        await require_may_edit(tx, call.scope, object, record)
        desk = _desk(call, tx)
        ident = await start_approval(desk, object, record, body.approval, body.comment or None)
        answer = await _answer(desk, ident)
        answer.status_code = 201
        return answer

    return await write_once(request, call, work)


@router.get("/approvals", responses={200: {"model": ApprovalPage}})
async def list_approvals(
    request: Request,
    box: Box = "mine",
    state: Annotated[list[ApprovalState] | None, Query(description="Left out, all")] = None,
    cursor: str | None = None,
    limit: int = Query(30, ge=1, le=MAXIMUM),
) -> Response:
    """The approvals that wait for the caller (``mine``), that the caller ``started`` or ``decided``, or ``all`` of records
    that the caller may see and those they take part in."""
    call = call_of(request)
    async with call.reading() as tx:
        ids, following = await list_box(tx, call.scope, box, state or (), cursor=cursor, limit=limit)
        shown = await show_courses(_desk(call, tx), await load_courses(tx, ids))
        counts = await count_boxes(tx, call.scope)
    return json_value({"approvals": shown, "next_cursor": following, "counts": counts})


@router.get("/approvals/counts", responses={200: {"model": ApprovalCounts}})
async def count_approvals(request: Request) -> Response:
    """How many approvals wait for the caller, for the badge in the navigation."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await count_boxes(tx, call.scope))


@router.get("/approvals/{approval}", responses={200: {"model": ApprovalDetail}})
async def get_approval(request: Request, approval: UUID) -> Response:
    """One approval with the key facts of its record. Whoever has to decide it sees these also of a record that they could
    not open, as far as they may see its Fields."""
    call = call_of(request)
    async with call.reading() as tx:
        return await _answer(_desk(call, tx), approval)


@router.post("/approvals/{approval}/decide", responses={200: {"model": ApprovalDetail}})
async def decide_approval(request: Request, approval: UUID, body: DecideBody) -> Response:
    """Approves, refuses or returns the caller's step. Answers 409 where somebody else was faster."""
    how = {"to_step": body.to_step, "step": body.step}
    return await _act(
        request, approval, lambda desk: decide(desk, approval, body.decision, body.comment or None, **how)
    )


@router.post("/approvals/{approval}/delegate", responses={200: {"model": ApprovalDetail}})
async def delegate_approval(request: Request, approval: UUID, body: DelegateBody) -> Response:
    """Lets a colleague decide in the caller's place."""
    return await _act(
        request, approval, lambda desk: delegate(desk, approval, body.to, body.comment or None, step=body.step)
    )


@router.post("/approvals/{approval}/add-sign", responses={200: {"model": ApprovalDetail}})
async def add_sign_approval(request: Request, approval: UUID, body: AddSignBody) -> Response:
    """Asks others before the caller's step, which waits for them, or after it."""
    return await _act(
        request,
        approval,
        lambda desk: add_sign(desk, approval, body.people, body.when, body.comment or None, step=body.step),
    )


@router.post("/approvals/{approval}/recall", responses={200: {"model": ApprovalDetail}})
async def recall_approval(request: Request, approval: UUID, body: RecallBody) -> Response:
    """Takes an approval back; its starter and administrators may."""
    return await _act(request, approval, lambda desk: recall(desk, approval, body.comment or None))


@router.post("/approvals/{approval}/remind", responses={200: {"model": Reminded}})
async def remind_approval(request: Request, approval: UUID) -> Response:
    """Reminds those whose turn it is, once an hour at most."""
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        return json_value({"people": await remind(_desk(call, tx), approval)})

    return await write_once(request, call, work)


async def _act(request: Request, approval: UUID, deed: Callable[[Desk], Awaitable[None]]) -> Response:
    call = call_of(request)

    async def work(tx: Transaction) -> Response:
        desk = _desk(call, tx)
        await deed(desk)
        return await _answer(desk, approval)

    return await write_once(request, call, work)


async def _answer(desk: Desk, approval: UUID) -> Response:
    course = await find(desk, approval)
    (shown,) = await show_courses(desk, [course])
    return json_value({**shown, **await record_facts(desk, course)})


def _desk(call: Call, tx: Transaction) -> Desk:
    return Desk(tx, call.scope, call.cause(Door.FORM), datetime.now(UTC))
