"""Saved views, and what each person's lists and boards open with."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from liaoran.analytics.starts import StartChange, list_starts, set_start
from liaoran.analytics.views import Kind, NewView, ViewChange, change_view, create_view, delete_view, list_views
from liaoran.api.answers import json_value
from liaoran.api.calls import SignedRoute, call_of

router = APIRouter(tags=["views"], route_class=SignedRoute)


class ViewBody(BaseModel):
    """A saved view."""

    id: str
    object: str
    name: str
    kind: str
    shared: bool
    mine: bool
    definition: dict[str, Any]


class StartBody(BaseModel):
    """What a person's list or board of an Object opens with; null where they have chosen nothing."""

    object: str
    kind: Literal["list", "board"]
    view: str | None
    process: str | None


@router.get("/views", responses={200: {"model": list[ViewBody]}})
async def list_saved_views(request: Request, object: str | None = None) -> Response:
    """The actor's own and all shared views, of one Object or of all."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_views(tx, call.scope, object))


@router.post("/views", status_code=201, responses={201: {"model": ViewBody}})
async def create_saved_view(request: Request, body: NewView) -> Response:
    """Saves a view."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await create_view(tx, call.scope, body), 201)


@router.patch("/views/{id}", responses={200: {"model": ViewBody}})
async def change_saved_view(request: Request, id: UUID, body: ViewChange) -> Response:
    """Changes a view; only its maker, or for shared ones an administrator, may."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await change_view(tx, call.scope, id, body))


@router.delete("/views/{id}", status_code=204)
async def delete_saved_view(request: Request, id: UUID) -> Response:
    """Deletes a view."""
    call = call_of(request)
    async with call.writing() as tx:
        await delete_view(tx, call.scope, id)
    return Response(status_code=204)


@router.get("/starts", responses={200: {"model": list[StartBody]}})
async def list_own_starts(request: Request, object: str | None = None) -> Response:
    """What the actor's lists and boards open with, of one Object or of all."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await list_starts(tx, call.scope, object))


@router.patch("/starts/{object}/{kind}", responses={200: {"model": StartBody}})
async def set_own_start(request: Request, object: str, kind: Kind, body: StartChange) -> Response:
    """Sets which view, and on a board which Process, opens first for the actor."""
    call = call_of(request)
    async with call.writing() as tx:
        return json_value(await set_start(tx, call.scope, object, kind, body))
