"""What is the same for everybody and every organisation: operators, functions, field types, regions."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from liaoran import __version__
from liaoran.api.answers import json_bytes
from liaoran.api.calls import SignedRoute
from liaoran.infra.encoding import to_json
from liaoran.query.formula.functions import FUNCTIONS
from liaoran.query.operators import OPERATORS
from liaoran.schema.regions import region_tree
from liaoran.schema.registry import FIELD_TYPES

router = APIRouter(tags=["reference"], route_class=SignedRoute)

Label = dict[str, str]
_CACHED = {"Cache-Control": "private, max-age=3600", "ETag": f'"{__version__}"'}


class OperatorBody(BaseModel):
    """One comparison of Conditions."""

    key: str = Field(examples=["gte"])
    label: Label
    kinds: list[str] = Field(description="Value kinds it works on")
    argument: str = Field(description="none, one, many, range or days")
    sentence: Label = Field(description="With the placeholders {field} and {value}, or {low} and {high}")
    on_change: bool


class FieldTypeBody(BaseModel):
    """One type of Field."""

    key: str
    label: Label
    kind: str
    computed: bool
    readonly: bool
    takes_choices: bool
    can_be_unique: bool
    can_be_name: bool


class RegionBody(BaseModel):
    """A province, city or district with what lies in it."""

    code: str = Field(examples=["440300"])
    label: str
    children: list[RegionBody] | None = None


@router.get("/operators", responses={200: {"model": list[OperatorBody]}})
async def list_operators(request: Request) -> Response:
    """All operators of Conditions."""
    return await json_bytes(request, _operators(), headers=_CACHED)


@router.get("/functions", responses={200: {"model": list[dict[str, Any]]}})
async def list_functions(request: Request) -> Response:
    """All functions of formulas with their help."""
    return await json_bytes(request, _functions(), headers=_CACHED)


@router.get("/field-types", responses={200: {"model": list[FieldTypeBody]}})
async def list_field_types(request: Request) -> Response:
    """All types that a Field can have."""
    return await json_bytes(request, _field_types(), headers=_CACHED)


@router.get("/regions", responses={200: {"model": list[RegionBody]}})
async def list_regions(request: Request) -> Response:
    """The regions in force as a tree: provinces, cities, districts."""
    return await json_bytes(request, _regions(), headers=_CACHED)


@cache
def _operators() -> bytes:
    return to_json([one.to_json() for one in OPERATORS.values() if not one.on_change])


@cache
def _functions() -> bytes:
    return to_json([one.to_json() for one in FUNCTIONS.values()])


@cache
def _field_types() -> bytes:
    return to_json(
        [
            {
                "key": one.key,
                "label": one.label.to_json(),
                "kind": one.kind,
                "computed": one.computed,
                "readonly": one.readonly,
                "takes_choices": one.takes_choices,
                "can_be_unique": one.can_be_unique,
                "can_be_name": one.can_be_name,
            }
            for one in FIELD_TYPES.values()
        ]
    )


@cache
def _regions() -> bytes:
    return to_json(region_tree())
