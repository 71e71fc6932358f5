"""Fields get another type, after a preview of what becomes of their values; formulas are checked while written."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.records import record_id
from liaoran.kernel.text import Language
from liaoran.schema.expressions import checker
from liaoran.schema.retype import Retype, decide_retype, list_rejects, list_retypes, read_retype, start_retype
from liaoran.schema.retype_plan import RetypePreview, preview_retype

router = APIRouter(tags=["objects"], route_class=SignedRoute)


class RetypeRequest(BaseModel):
    """The type that a Field is to have. Without ``dry_run: false`` it is only tried."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(examples=["choice"])
    options: dict[str, Any] = Field(default_factory=dict)
    choices: list[dict[str, Any]] = Field(default_factory=list)
    make_choices: bool = Field(False, description="Makes a choice of every different value, at most 200")
    dry_run: bool = True
    accept_rejects: bool = Field(False, description="Goes on without the values that do not convert")


class RetypePreviewBody(BaseModel):
    """What would become of the values."""

    rows: int
    filled: int
    converted: int
    rejected: int
    rejects: list[dict[str, Any]]
    examples: list[tuple[str, str]]
    choices: list[str]


class RetypeBody(BaseModel):
    """A retyping on its way: running, held (somebody has to decide), done, cancelled or failed."""

    id: str
    object: str
    field: str
    old_type: str
    new_type: str
    state: str
    total: int
    done: int
    rejected: int
    message: str | None


class RetypeDecision(BaseModel):
    """Whether a held retyping goes on without the values that do not convert, or is cancelled."""

    go_on: bool


class FormulaBody(BaseModel):
    """A formula over the Fields of an Object."""

    object: str = Field(examples=["account"])
    expression: str = Field(max_length=10_000, examples=["{amount} * {probability} / 100"])


class FormulaAnswer(BaseModel):
    """A formula that compiles: the kind of its result."""

    kind: str


@router.post(
    "/objects/{object}/fields/{field}/retype",
    responses={200: {"model": RetypePreviewBody}, 202: {"model": RetypeBody}},
)
async def retype_field(request: Request, object: str, field: str, body: RetypeRequest) -> Response:
    """Tries (``dry_run``) or begins to give a Field another type; large Objects are converted in the background."""
    call = _administrator(request)
    language = call.scope.actor.language
    change = body.model_dump(include={"type", "options", "choices", "make_choices"}, exclude_defaults=True)
    async with call.writing() as tx:
        if body.dry_run:
            return json_value(_preview(await preview_retype(tx, object, field, change), language))
        begun = await start_retype(
            tx, object, field, change, accept_rejects=body.accept_rejects, actor=call.scope.actor
        )
        return json_value(_retype(begun, language), 202)


@router.get("/objects/{object}/retypes", responses={200: {"model": list[RetypeBody]}})
async def list_open_retypes(request: Request, object: str) -> Response:
    """The retypings of an Object's Fields that run or wait for a decision."""
    call = _administrator(request)
    call.scope.require(object, "read")
    async with call.reading() as tx:
        found = await list_retypes(tx, object)
    return json_value([_retype(one, call.scope.actor.language) for one in found])


@router.get("/retypes/{id}", responses={200: {"model": RetypeBody}})
async def get_retype(request: Request, id: str) -> Response:
    """How far a retyping is."""
    call = _administrator(request)
    async with call.reading() as tx:
        return json_value(_retype(await read_retype(tx, record_id(id)), call.scope.actor.language))


@router.post("/retypes/{id}", responses={200: {"model": RetypeBody}})
async def decide_held_retype(request: Request, id: str, body: RetypeDecision) -> Response:
    """Goes on with a held retyping, or cancels one."""
    call = _administrator(request)
    async with call.writing() as tx:
        decided = await decide_retype(tx, record_id(id), go_on=body.go_on, actor=call.scope.actor)
        return json_value(_retype(decided, call.scope.actor.language))


@router.get("/retypes/{id}/rejects", responses={200: {"model": list[dict[str, Any]]}})
async def list_retype_rejects(
    request: Request, id: str, limit: int = Query(100, ge=1, le=1000), offset: int = Query(0, ge=0, le=1_000_000)
) -> Response:
    """Records whose value does not convert, with the reason."""
    call = _administrator(request)
    async with call.reading() as tx:
        await read_retype(tx, record_id(id))
        return json_value(await list_rejects(tx, record_id(id), limit=limit, offset=offset))


@router.post("/formulas/check", responses={200: {"model": FormulaAnswer}})
async def check_formula(request: Request, body: FormulaBody) -> Response:
    """Whether a formula compiles; where not, 400 with line and column."""
    call = _administrator(request)
    snapshot = call.scope.snapshot
    snapshot.object(body.object)
    return json_value({"kind": checker().check_formula(snapshot, body.object, "", body.expression)})


def _administrator(request: Request) -> Call:
    call = call_of(request)
    call.scope.require_administrator()
    return call


def _preview(found: RetypePreview, language: Language) -> dict[str, Any]:
    return {
        "rows": found.rows,
        "filled": found.filled,
        "converted": found.converted,
        "rejected": found.rejected,
        "rejects": [
            {"value": one.value, "count": one.count, "problem": one.problem.to_json(language)} for one in found.rejects
        ],
        "examples": found.examples,
        "choices": found.choices,
    }


def _retype(found: Retype, language: Language) -> dict[str, Any]:
    names = ("id", "object", "field", "old_type", "new_type", "state", "total", "done", "rejected")
    return {**{name: getattr(found, name) for name in names}, "message": found.message.read(language) or None}
