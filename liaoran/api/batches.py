"""Many records of one Object in one request: batches of changes, and merging duplicates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from liaoran.api.answers import ACTION_HEADERS, json_value
from liaoran.api.calls import LightRoute, call_of
from liaoran.api.problems import ProblemItem
from liaoran.api.records import RecordBody, answer_record
from liaoran.api.repeats import write_once
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.events import Door
from liaoran.kernel.text import Language, Text
from liaoran.records.changes import Change, Create, Delete, Outcome, Rejected, Restore, Update
from liaoran.records.merge import merge
from liaoran.records.write import write

router = APIRouter(prefix="/records", tags=["records"], route_class=LightRoute)

MAXIMUM = 10_000
_DONE: Mapping[type[Any], str] = {Create: "created", Update: "updated", Delete: "deleted", Restore: "restored"}
_SYSTEM_KEYS = ("id", "version")


class BatchBody(BaseModel):
    """What to create, update, delete and restore, in this order."""

    model_config = ConfigDict(extra="forbid")

    create: list[dict[str, Any]] = Field(default_factory=list, examples=[[{"name": "华为云二期"}]])
    update: list[dict[str, Any]] = Field(
        default_factory=list, description="Each with ``id``, optionally ``version``, and the Fields to change"
    )
    delete: list[str | dict[str, Any]] = Field(
        default_factory=list, description="Ids, or ``{id, version}`` where nobody may have changed it since"
    )
    restore: list[str] = Field(default_factory=list)
    all_or_nothing: bool = Field(True, description="False carries out what can be and reports the rest")


class MergeBody(BaseModel):
    """Which record stays, which others it takes in, and the values it is to have where theirs are better."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    into: str
    others: list[str] = Field(alias="from", max_length=50)
    fields: dict[str, Any] = Field(default_factory=dict)


class BatchOutcome(BaseModel):
    """What became of one change."""

    id: str | None
    version: int | None = None
    status: Literal["created", "updated", "moved", "unchanged", "deleted", "restored", "rejected"]
    errors: list[ProblemItem] | None = None


class BatchAnswer(BaseModel):
    """One outcome for each change, in their order."""

    results: list[BatchOutcome]


@router.post("/{object}/batch", responses={200: {"model": BatchAnswer, "headers": ACTION_HEADERS}})
async def change_records(request: Request, object: str, body: BatchBody) -> Response:
    """Creates, updates, deletes and restores up to 10,000 records in one transaction."""
    call = call_of(request)
    changes = list(_changes(object, body))
    if len(changes) > MAXIMUM:
        message = Text("一次最多 {most} 项，这里有 {found} 项", "at most {most} changes at once, found {found}")
        raise Invalid(message.fill(most=MAXIMUM, found=len(changes)), code="too_many_changes")
    call.scope.require(object, "bulk" if len(changes) > 1 else "read")

    async def work(tx: Transaction) -> Response:
        outcomes = await write(tx, call.scope, changes, call.cause(Door.BULK), all_or_nothing=body.all_or_nothing)
        language = call.scope.actor.language
        shown = [
            show_outcome(_DONE[type(change)], one, language) for change, one in zip(changes, outcomes, strict=True)
        ]
        return json_value({"results": shown})

    return await write_once(request, call, work)


@router.post("/{object}/merge", responses={200: {"model": RecordBody, "headers": ACTION_HEADERS}})
async def merge_records(request: Request, object: str, body: MergeBody) -> Response:
    """Merges duplicates: links to the others move to the record that stays, the others go to the recycle bin."""
    call = call_of(request)
    into, others = read_id(body.into, "into"), [read_id(one, f"from[{n}]") for n, one in enumerate(body.others)]

    async def work(tx: Transaction) -> Response:
        cause = call.cause(Door.MERGE)
        await merge(tx, call.scope, object, into=into, others=others, values=body.fields, cause=cause)
        return await answer_record(call, tx, object, into)

    return await write_once(request, call, work)


def _changes(object_key: str, body: BatchBody) -> Iterator[Change]:
    for values in body.create:
        yield Create(object_key, values)
    for position, entry in enumerate(body.update):
        values = {key: value for key, value in entry.items() if key not in _SYSTEM_KEYS}
        yield Update(object_key, read_id(entry.get("id"), f"update[{position}]"), values, _version(entry, position))
    for position, one in enumerate(body.delete):
        entry = one if isinstance(one, dict) else {"id": one}
        yield Delete(object_key, read_id(entry.get("id"), f"delete[{position}]"), _version(entry, position))
    for position, one in enumerate(body.restore):
        yield Restore(object_key, read_id(one, f"restore[{position}]"))


def read_id(value: Any, place: str) -> UUID:
    """The id at a place of the body. Raises Invalid naming the place."""
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        message = Text("{place}.id 不是记录编号", "{place}.id is not the id of a record").fill(place=place)
        raise Invalid(message, code="invalid_id", extra={"at": place}) from None


def _version(entry: Mapping[str, Any], position: int) -> int | None:
    version = entry.get("version")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        message = Text("第 {n} 项的 version 应为整数", "version of item {n} must be a whole number")
        raise Invalid(message.fill(n=position + 1), code="invalid_version")
    return version


def show_outcome(done: str, outcome: Outcome, language: Language) -> dict[str, Any]:
    """One outcome in the form of ``BatchOutcome``; ``done`` is the status of what was carried out."""
    if isinstance(outcome, Rejected):
        errors = [problem.to_json(language) for problem in outcome.problems]
        return {"id": outcome.id, "status": "rejected", "errors": errors}
    status = done if outcome.changed else "unchanged"
    return {"id": outcome.id, "version": outcome.version, "status": status}
