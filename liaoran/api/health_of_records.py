"""How a record stands: its level, what speaks for it, what is to be done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from liaoran.api.answers import json_value
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.objects import Label
from liaoran.automation.health.reading import read_health_of

router = APIRouter(prefix="/records", tags=["records"], route_class=LightRoute)


class HealthLevelBody(BaseModel):
    """A level of health. ``action`` is what is to be done at it."""

    key: str
    label: Label
    meaning: Label
    action: Label
    color: str | None


class HealthEvidence(BaseModel):
    """One part of a signal's Condition in words, with the value found."""

    field: str
    says: Label
    value: Any


class HealthSignalBody(BaseModel):
    """A signal that shows, and what is to be done about it."""

    key: str
    level: str
    label: Label
    condition: Label
    action: Label
    evidence: list[HealthEvidence]


class HealthBody(BaseModel):
    """How a record stands; no level where the question does not arise."""

    level: HealthLevelBody | None
    signals: list[HealthSignalBody] = Field(description="Those that show, the worst first")
    unknown: list[Label] = Field(description="Signals that cannot be judged by this actor")


@router.get("/{object}/{id}/health", responses={200: {"model": HealthBody}})
async def get_health(request: Request, object: str, id: UUID) -> Response:
    """The health of a record, by the signals of its Object."""
    call = call_of(request)
    async with call.reading() as tx:
        return json_value(await read_health_of(tx, call.scope, object, id))
