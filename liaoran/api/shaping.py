"""Objects and Fields are added, changed and retired, by administrators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from liaoran.access.actors import scope_for
from liaoran.access.describe import describe_field, describe_object
from liaoran.access.scope import Scope
from liaoran.api.answers import JSON, json_value
from liaoran.api.calls import Call, SignedRoute, call_of
from liaoran.api.objects import FieldDescription, ObjectDescription
from liaoran.infra.transaction import Transaction
from liaoran.schema.changes import (
    add_field,
    add_object,
    change_field,
    change_object,
    restore_field,
    restore_object,
    retire_field,
    retire_object,
)
from liaoran.schema.snapshot import Snapshot

router = APIRouter(prefix="/objects", tags=["objects"], route_class=SignedRoute)

Change = Callable[[Transaction], Awaitable[Snapshot]]
ObjectDefinition = Annotated[
    dict[str, Any],
    Body(
        examples=[
            {
                "key": "project",
                "label": {"zh": "项目", "en": "Project"},
                "fields": [{"key": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}}],
            }
        ]
    ),
]
FieldDefinition = Annotated[
    dict[str, Any],
    Body(examples=[{"key": "budget", "type": "money", "label": {"zh": "预算", "en": "Budget"}}]),
]
Parts = Annotated[dict[str, Any], Body(description="The parts to change; the others stay")]


@router.post("", status_code=201, responses={201: {"model": ObjectDescription}})
async def create_object(request: Request, body: ObjectDefinition) -> Response:
    """Adds an Object with its Fields: a table of its own, and list, form, board and search in the pages."""
    call = _administrator(request)
    async with call.writing() as tx:
        known = call.scope.snapshot.objects
        after = await add_object(tx, body, actor=call.scope.actor)
        added = next(key for key in after.objects if key not in known)
        return Response(describe_object(await _shape(call, tx, after), added), 201, media_type=JSON)


@router.patch("/{object}", responses={200: {"model": ObjectDescription}})
async def update_object(request: Request, object: str, body: Parts) -> Response:
    """Changes labels, icon, group, order, layouts, synonyms or the name Field; begins to track the past."""
    call = _administrator(request)
    async with call.writing() as tx:
        scope = await _shape(call, tx, await change_object(tx, object, body, actor=call.scope.actor))
        return Response(describe_object(scope, object), media_type=JSON)


@router.delete("/{object}", status_code=204)
async def remove_object(request: Request, object: str) -> Response:
    """Takes an Object out of use; its records stay and come back with it."""
    call = _administrator(request)
    async with call.writing() as tx:
        await retire_object(tx, object, actor=call.scope.actor)
    return Response(status_code=204)


@router.post("/{object}/restore", responses={200: {"model": ObjectDescription}})
async def bring_back_object(request: Request, object: str) -> Response:
    """Brings an Object back that was taken out of use."""
    call = _administrator(request)
    async with call.writing() as tx:
        scope = await _shape(call, tx, await restore_object(tx, object, actor=call.scope.actor))
        return Response(describe_object(scope, object), media_type=JSON)


@router.post("/{object}/fields", status_code=201, responses={201: {"model": FieldDescription}})
async def create_field(request: Request, object: str, body: FieldDefinition) -> Response:
    """Adds a Field: a column of its own."""
    call = _administrator(request)
    async with call.writing() as tx:
        known = call.scope.snapshot.object(object).fields
        after = await add_field(tx, object, body, actor=call.scope.actor)
        # A money Field may bring its currency Field along, which stands before it.
        added = [key for key in after.object(object).fields if key not in known][-1]
        return json_value(describe_field(await _shape(call, tx, after), object, added), 201)


@router.patch("/{object}/fields/{field}", responses={200: {"model": FieldDescription}})
async def update_field(request: Request, object: str, field: str, body: Parts) -> Response:
    """Changes label, help, options, choices, default, or whether it is required or unique."""
    call = _administrator(request)
    async with call.writing() as tx:
        scope = await _shape(call, tx, await change_field(tx, object, field, body, actor=call.scope.actor))
        return json_value(describe_field(scope, object, field))


@router.delete("/{object}/fields/{field}", status_code=204)
async def remove_field(request: Request, object: str, field: str) -> Response:
    """Takes a Field out of use; its values stay and come back with it."""
    call = _administrator(request)
    async with call.writing() as tx:
        await retire_field(tx, object, field, actor=call.scope.actor)
    return Response(status_code=204)


@router.post("/{object}/fields/{field}/restore", responses={200: {"model": FieldDescription}})
async def bring_back_field(request: Request, object: str, field: str) -> Response:
    """Brings a Field back that was taken out of use."""
    call = _administrator(request)
    async with call.writing() as tx:
        scope = await _shape(call, tx, await restore_field(tx, object, field, actor=call.scope.actor))
        return json_value(describe_field(scope, object, field))


def _administrator(request: Request) -> Call:
    call = call_of(request)
    call.scope.require_administrator()
    return call


async def _shape(call: Call, tx: Transaction, after: Snapshot) -> Scope:
    """The actor's Scope at the catalogue after the change."""
    return await scope_for(tx, after, call.credential)
