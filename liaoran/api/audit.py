"""The audit log: read, checked and taken along by auditors; what holds for it is settled by administrators."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from liaoran.access.auditing import explained, may_audit, require_auditor
from liaoran.api.answers import json_bytes, json_value
from liaoran.api.calls import SignedRoute, call_of
from liaoran.api.imports import download
from liaoran.api.passing import and_remove
from liaoran.audit.kinds import GROUP_OF, GROUPS, KINDS
from liaoran.audit.reading import MAXIMUM, Criteria, read_page
from liaoran.audit.sealing import seal
from liaoran.audit.settings import LEAST_DAYS, change_settings, read_settings
from liaoran.audit.verifying import read_head, verify
from liaoran.exchange.exports.audit_log import export_audit_log
from liaoran.exchange.exports.files import MEDIA_TYPES
from liaoran.infra.encoding import to_json
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

router = APIRouter(prefix="/audit", tags=["audit"], route_class=SignedRoute)
_NO_HEAD = Text("链头应为“序号：散列值”", "a head is NUMBER:HASH")


class AuditDetail(BaseModel):
    """One line about an entry in words: a value, or what stood there before and after."""

    part: str
    label: dict[str, str]
    value: dict[str, str] | None
    before: dict[str, str] | None
    after: dict[str, str] | None


class AuditActor(BaseModel):
    """Who acted; ``kind`` is `nobody` where that is not known, as at a refused sign-in."""

    kind: str
    id: str | None
    person: str | None
    label: str


class AuditEntry(BaseModel):
    """One entry. ``number`` is its place in the hash chain (null: not sealed yet)."""

    id: str
    at: datetime
    kind: str
    group: str
    label: dict[str, str]
    actor: AuditActor
    object: str | None
    object_label: dict[str, str] | None
    record: str | None
    record_label: str | None = Field(description="Null where the record is gone, or is not the reader's to see")
    facts: dict[str, Any]
    details: list[AuditDetail]
    number: int | None


class AuditPage(BaseModel):
    """A page of entries, newest first."""

    entries: list[AuditEntry]
    next_cursor: str | None


class AuditKind(BaseModel):
    """A kind of entries."""

    kind: str
    label: dict[str, str]


class AuditGroup(BaseModel):
    """Kinds that belong together; the key may stand for all of them in a search."""

    key: str
    label: dict[str, str]
    kinds: list[AuditKind]


class AuditSettingsBody(BaseModel):
    """What holds. ``keep_days`` 0 keeps entries for ever; without ``approve_exports_above`` no export needs approval."""

    keep_days: int
    least_days: int
    approve_exports_above: int | None
    watermark_pages: bool
    watermark_exports: bool


class AuditSettingsChange(BaseModel):
    """What to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    keep_days: int = Field(0, ge=0, le=36_500)
    approve_exports_above: int | None = Field(None, ge=0, le=100_000_000)
    watermark_pages: bool = False
    watermark_exports: bool = False


class AuditMine(BaseModel):
    """What of it concerns whoever asks: whether they may read the log, whether their pages carry name and time."""

    auditor: bool
    watermark: bool


class VerificationRequest(BaseModel):
    """An earlier head that has to be part of the chain still."""

    model_config = ConfigDict(extra="forbid")

    head: str | None = Field(None, max_length=100, examples=["120:9f86…"])


class AuditFinding(BaseModel):
    """Something that is not as it was sealed."""

    what: str
    number: int | None
    entry: str | None
    message: str


class VerificationAnswer(BaseModel):
    """Whether the log is as it was sealed. ``since`` is the last link that an older checkpoint stands for."""

    sound: bool
    entries: int
    waiting: int
    since: int
    head: str
    findings: list[AuditFinding]


def _criteria(
    since: datetime | None = None,
    until: datetime | None = None,
    person: Annotated[UUID | None, Query(description="Who acted, or whom it is about")] = None,
    kinds: Annotated[list[str] | None, Query(description="Kinds, or groups of them")] = None,
    object: str | None = None,
    record: UUID | None = None,
    q: Annotated[str | None, Query(max_length=200, description="Words in it")] = None,
) -> Criteria:
    for moment in (since, until):
        if moment is not None and moment.tzinfo is None:
            message = Text("时间应带时区，例如 2026-03-01T00:00:00Z", "a moment needs its offset")
            raise Invalid(message, code="invalid_value")
    return Criteria(since, until, person, tuple(kinds or ()), object, record, q)


Wanted = Annotated[Criteria, Depends(_criteria)]


@router.get("", responses={200: {"model": AuditPage}})
async def list_audit_entries(
    request: Request, wanted: Wanted, cursor: str | None = None, limit: int = Query(50, ge=1, le=MAXIMUM)
) -> Response:
    """Searches the audit log, newest first; for auditors and administrators."""
    call = call_of(request)
    require_auditor(call.scope)
    async with call.reading() as tx:
        page = await read_page(tx, wanted, cursor=cursor, limit=limit)
        entries = await explained(tx, call.scope, page.entries)
    return await json_bytes(request, to_json({"entries": entries, "next_cursor": page.next_cursor}))


@router.get("/kinds", responses={200: {"model": list[AuditGroup]}})
async def list_audit_kinds(request: Request) -> Response:
    """The kinds of entries in groups, with their words."""
    require_auditor(call_of(request).scope)
    return json_value(
        [
            {
                "key": group,
                "label": label.to_json(),
                "kinds": [
                    {"kind": kind, "label": words.to_json()} for kind, words in KINDS.items() if GROUP_OF[kind] == group
                ],
            }
            for group, label in GROUPS.items()
        ]
    )


@router.get("/mine", responses={200: {"model": AuditMine}})
async def get_audit_mine(request: Request) -> Response:
    """What of the audit log and its settings concerns whoever asks."""
    call = call_of(request)
    async with call.reading() as tx:
        settings = await read_settings(tx)
    return json_value({"auditor": may_audit(call.scope), "watermark": settings.watermark_pages})


@router.get("/export", responses={200: {"content": {"*/*": {}}}}, response_class=StreamingResponse)
async def export_audit_entries(request: Request, wanted: Wanted, format: Literal["csv", "xlsx"] = "xlsx") -> Response:
    """The entries as a file, oldest first. That it was taken is noted, too."""
    call = call_of(request)
    require_auditor(call.scope)
    schema = call.organisation.schema
    name, path = await export_audit_log(call.services.database, schema, call.scope, wanted, format)
    return download(name, MEDIA_TYPES[format], and_remove(path))


@router.post("/verification", responses={200: {"model": VerificationAnswer}})
async def verify_audit_log(request: Request, body: VerificationRequest | None = None) -> Response:
    """Checks that no entry was changed, removed or moved since it was sealed."""
    call = call_of(request)
    require_auditor(call.scope)
    head = body.head if body else None
    if head is not None and not read_head(head):
        raise Invalid(_NO_HEAD, code="invalid_value", extra={"at": "head"})
    database, schema = call.services.database, call.organisation.schema
    await seal(database, schema)
    async with database.read(schema, consistent=True) as tx:
        found = await verify(tx, database.secrets, head)
    language = call.scope.actor.language
    listed = [
        {"what": one.what, "number": one.number, "entry": one.entry, "message": one.message.read(language)}
        for one in found.findings
    ]
    told = {"sound": found.sound, "entries": found.entries, "waiting": found.waiting, "since": found.since}
    return json_value({**told, "head": found.head, "findings": listed})


@router.get("/settings", responses={200: {"model": AuditSettingsBody}})
async def get_audit_settings(request: Request) -> Response:
    """How long the log is kept, and what holds for data that leaves."""
    call = call_of(request)
    require_auditor(call.scope)
    async with call.reading() as tx:
        return json_value({**asdict(await read_settings(tx)), "least_days": LEAST_DAYS})


@router.patch("/settings", responses={200: {"model": AuditSettingsBody}})
async def change_audit_settings(request: Request, body: AuditSettingsChange) -> Response:
    """Changes them; for administrators."""
    call = call_of(request)
    call.scope.require_administrator()
    async with call.writing() as tx:
        settings = await change_settings(tx, call.scope.actor, body.model_dump(exclude_unset=True))
    return json_value({**asdict(settings), "least_days": LEAST_DAYS})
