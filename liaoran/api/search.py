"""Search over all Objects at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from liaoran.api.answers import json_bytes
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.records import NOTHING
from liaoran.query.reads import compile_search

router = APIRouter(tags=["search"], route_class=LightRoute)


class FoundRecord(BaseModel):
    """A record that was found."""

    id: str
    label: str | None
    subtitle: str | None


class FoundGroup(BaseModel):
    """What was found of one Object, best first."""

    object: str
    records: list[FoundRecord]


class SearchAnswer(BaseModel):
    """Objects in the order of their best match."""

    groups: list[FoundGroup]


@router.get("/search", responses={200: {"model": SearchAnswer}})
async def search(
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=200, examples=["华为", "hwy"])],
    limit: Annotated[int, Query(ge=1, le=50, description="Records per Object")] = 8,
    object: Annotated[list[str] | None, Query(description="Only these Objects; may be repeated")] = None,
) -> Response:
    """Records by words, by any two Chinese characters in a row, by pinyin in full or by initials."""
    call = call_of(request)
    readable = [key for key in call.scope.snapshot.objects if call.scope.may(key, "read")]
    chosen = readable if object is None else [call.scope.require(key, "read").key for key in dict.fromkeys(object)]
    plan = compile_search(call.scope, q, chosen, limit)
    async with call.reading() as tx:
        answer = await tx.fetch_json(plan.statement, plan.binds)
    return await json_bytes(request, answer or NOTHING)
