"""The stage-design check of a Process: for whoever may read its records; its thresholds are administrators' matter."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import BaseModel, Field

from liaoran.api.answers import json_bytes, json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.infra.encoding import to_json
from liaoran.process.design_check.check import check_design, describe_signals, in_order
from liaoran.process.design_check.comparison import Days, compare_periods, compare_versions
from liaoran.process.design_check.patches import patched
from liaoran.process.design_check.thresholds import read_settings, set_settings

router = APIRouter(prefix="/processes/{process}", tags=["processes"], route_class=SignedRoute)

Label = dict[str, str]


class DesignThresholdBody(BaseModel):
    """A figure from which on a signal speaks. A share is a fraction from 0 to 1."""

    key: str
    label: Label
    unit: Literal["share", "days", "count", "times"]
    value: float
    default: float
    reason: Label
    least: float
    most: float


class DesignSignalBody(BaseModel):
    """One question asked of a Process."""

    key: str = Field(examples=["back_and_forth"])
    label: Label
    about: Label
    on: bool
    thresholds: list[DesignThresholdBody]


class StageFiguresBody(BaseModel):
    """An open state in the period, and what the definition asks for in it. ``conversion`` is the share of the decided
    stays (gone on or lost) that went on."""

    key: str
    entered: int
    ended: int
    onward: int
    lost: int
    back: int
    skipped: int
    conversion: float | None
    median_days: float | None
    p90_days: float | None
    open: int
    fields: int
    must_actions: int
    should_actions: int
    approvals: int
    checks: int
    clicks: int


class RecordsBehind(BaseModel):
    """``where`` is a Condition over the Object; it shows the 200 newest or longest where there are more."""

    count: int
    where: dict[str, Any]


class ProposalBody(BaseModel):
    """A change in words and, where it is one of the definition, as data."""

    text: Label
    patch: list[dict[str, Any]]


class DesignFindingBody(BaseModel):
    """What a signal says about a state."""

    key: str
    signal: str
    label: Label
    severity: Literal["high", "medium", "low"]
    states: list[str] = Field(description="The state that it is about first")
    sentence: Label
    numbers: dict[str, float | int | str | None]
    records: RecordsBehind | None
    proposal: ProposalBody


class DesignCheckBody(BaseModel):
    """All findings, the gravest first."""

    process: str
    object: str
    version: int
    since: str = Field(alias="from")
    until: str = Field(alias="to")
    stages: list[StageFiguresBody]
    findings: list[DesignFindingBody]
    signals: list[DesignSignalBody]


class ComparedSideBody(BaseModel):
    """One side of a comparison; ``version`` where it was asked for by version."""

    since: str = Field(alias="from")
    until: str = Field(alias="to")
    version: int | None


class ComparedValueBody(BaseModel):
    """A figure, of how many it is, and for shares its 95 % interval."""

    value: float | None
    n: int
    low: float | None
    high: float | None


class ComparedMeasureBody(BaseModel):
    """A figure before and after. ``outcome`` is ``too_few`` wherever the counts do not carry a comparison."""

    key: str
    label: Label
    unit: Literal["share", "days"]
    before: ComparedValueBody
    after: ComparedValueBody
    outcome: Literal["too_few", "no_difference", "better", "worse"]
    p: float | None
    sentence: Label


class ComparedStage(BaseModel):
    """A state on both sides, or on one ``only``, and then without measures."""

    key: str
    label: Label
    only: Literal["before", "after"] | None
    measures: list[ComparedMeasureBody] | None


class NeededBody(BaseModel):
    """How many each side needs at least."""

    shares: int
    durations: int


class ComparisonBody(BaseModel):
    """Two periods, or the times in which two versions were in force."""

    process: str
    before: ComparedSideBody
    after: ComparedSideBody
    stages: list[ComparedStage]
    totals: list[ComparedMeasureBody]
    needed: NeededBody


class ApplyBody(BaseModel):
    """A definition and the changes to make in it, as a proposal has them."""

    definition: dict[str, Any]
    patch: list[dict[str, Any]]


class AppliedBody(BaseModel):
    """The definition with the changes made."""

    definition: dict[str, Any]


Since = Annotated[date | None, Query(alias="from", description="First day; left out, a year before the last one")]
Until = Annotated[date | None, Query(alias="to", description="Last day; left out, today")]
Thresholds = Annotated[
    dict[str, Any],
    Body(
        description="By signal; what is left out is the shipped default",
        examples=[{"back_and_forth": {"share": 0.25}, "friction": {"on": False}}],
    ),
]


@router.get("/design-check", responses={200: {"model": DesignCheckBody}})
async def check(request: Request, process: str, since: Since = None, until: Until = None) -> Response:
    """What the visits and the definition say about how well the stages are cut, over the records that the actor sees."""
    call = call_of(request)
    async with call.reading() as tx:
        found = await check_design(tx, call.scope, process, since, until)
    return await json_bytes(request, to_json(found))


@router.get("/design-check/settings", responses={200: {"model": list[DesignSignalBody]}})
async def read_thresholds(request: Request, process: str) -> Response:
    """The signals of a Process with their thresholds as they are set and as they are shipped."""
    call = call_of(request)
    call.scope.require_process(process)
    async with call.reading() as tx:
        return json_value(describe_signals(await read_settings(tx, process)))


@router.put("/design-check/settings", responses={200: {"model": list[DesignSignalBody]}})
async def set_thresholds(request: Request, process: str, body: Thresholds) -> Response:
    """Replaces the thresholds of a Process; for administrators."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        await set_settings(tx, call.scope, process, in_order(), body)
        return json_value(describe_signals(await read_settings(tx, process)))


@router.post("/design-check/apply", responses={200: {"model": AppliedBody}})
async def apply_proposal(request: Request, process: str, body: ApplyBody) -> Response:
    """The definition (of a draft, say) with a proposed change made; keeps nothing. For administrators."""
    return json_value({"definition": patched(call_of(request).scope, process, body.definition, body.patch)})


@router.get("/comparison", responses={200: {"model": ComparisonBody}})
async def compare(
    request: Request,
    process: str,
    since: Since = None,
    until: Until = None,
    before_since: Annotated[date | None, Query(alias="before_from", description="First day of the time before")] = None,
    before_until: Annotated[date | None, Query(alias="before_to", description="Last day of the time before")] = None,
    version: Annotated[int | None, Query(description="The later version, instead of days")] = None,
    before_version: Annotated[int | None, Query(description="The earlier version; left out, the one before")] = None,
) -> Response:
    """Conversion and dwell per stage, win rate and cycle before and after, each with whether the counts carry it."""
    call = call_of(request)
    async with call.reading() as tx:
        if version is not None or before_version is not None:
            found = await compare_versions(tx, call.scope, process, before_version, version)
        else:
            days = Days(before_since, before_until), Days(since, until)
            found = await compare_periods(tx, call.scope, process, *days)
    return await json_bytes(request, to_json(found))
