"""Pipelines to start from, for administrators: the gallery of templates, and copies of what is there."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import json_bytes, json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.objects import Label
from liaoran.infra.encoding import to_json
from liaoran.infra.transaction import Transaction
from liaoran.process.publish import publish_process
from liaoran.process.templates import (
    definition_from_process,
    definition_from_template,
    find_template,
    keys_taken,
    list_industries,
    list_templates,
)

router = APIRouter(tags=["processes"], route_class=SignedRoute)

Key = Annotated[str | None, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", examples=["key_accounts"])]


class TemplateStage(BaseModel):
    """A stage of a template. ``conditions`` counts required Fields, entry and exit Conditions."""

    key: str
    label: Label
    kind: str
    color: str | None
    target_days: float | None
    maximum_days: float | None
    actions: int
    conditions: int
    optional: bool = Field(description="Whether it may be left out")


class TemplateApproval(BaseModel):
    """An approval of a template."""

    key: str
    label: Label


class ProcessTemplate(BaseModel):
    """A Process to start from."""

    key: str
    object: str
    label: Label
    description: Label
    advice: Label = Field(description="What to watch when working with it")
    industries: list[str]
    fits: bool = Field(description="Whether it is made for the industry asked for")
    stages: list[TemplateStage]
    actions: int
    conditions: int
    approvals: list[TemplateApproval]


class TemplateIndustry(BaseModel):
    """An industry that templates are made for."""

    key: str
    label: Label


class ProcessTemplates(BaseModel):
    """The gallery."""

    templates: list[ProcessTemplate]
    industries: list[TemplateIndustry]


class WholeTemplate(ProcessTemplate):
    """A template with the definition that it gives."""

    definition: dict[str, Any]


class CopyRequest(BaseModel):
    """What the new Process is called; what is left out is chosen. With ``publish`` it is in use at once."""

    model_config = ConfigDict(extra="forbid")

    key: Key = None
    label: Label | None = None
    publish: bool = False


class UseRequest(CopyRequest):
    """How a template is used."""

    leave_out: list[str] = Field([], max_length=100, description="Optional stages that are not wanted")


class NewDefinition(BaseModel):
    """The definition, and whether it has been published."""

    definition: dict[str, Any]
    published: bool


@router.get("/process-templates", responses={200: {"model": ProcessTemplates}})
async def get_templates(request: Request, industry: Annotated[str | None, Query(max_length=63)] = None) -> Response:
    """The templates to start from, those made for the industry first."""
    call = call_of(request)
    call.scope.require_administrator()
    snapshot = call.scope.snapshot
    found = {"templates": list_templates(snapshot, industry), "industries": list_industries(snapshot)}
    return await json_bytes(request, to_json(found))


@router.get("/process-templates/{key}", responses={200: {"model": WholeTemplate}})
async def get_template(request: Request, key: str) -> Response:
    """A template with all that its stages say, ask and do."""
    call_of(request).scope.require_administrator()
    return await json_bytes(request, to_json(find_template(key)))


@router.post("/process-templates/{key}/use", status_code=201, responses={201: {"model": NewDefinition}})
async def use_template(request: Request, key: str, body: UseRequest) -> Response:
    """A new Process from a template: the definition to work on, or already in use."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        definition = definition_from_template(
            call.scope.snapshot,
            key,
            await keys_taken(tx),
            new_key=body.key,
            label=body.label,
            leave_out=body.leave_out,
        )
        return await _answer(call, tx, definition, body)


@router.post("/processes/{process}/copy", status_code=201, responses={201: {"model": NewDefinition}})
async def copy_process(request: Request, process: str, body: CopyRequest) -> Response:
    """A new Process like an existing one: the definition to work on, or already in use."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        taken = await keys_taken(tx)
        definition = definition_from_process(call.scope.snapshot, process, taken, new_key=body.key, label=body.label)
        return await _answer(call, tx, definition, body)


async def _answer(call: Call, tx: Transaction, definition: dict[str, Any], body: CopyRequest) -> Response:
    if body.publish:
        await publish_process(tx, call.scope, definition)
    return json_value({"definition": definition, "published": body.publish}, 201)
