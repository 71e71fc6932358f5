"""Exporting: as a job with progress for the pages, or straight into a file for the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from liaoran.access.actors import scope_of_person
from liaoran.access.scope import Scope, system_scope
from liaoran.audit.settings import read_settings
from liaoran.exchange.exports.cells import cell_makers
from liaoran.exchange.exports.deciding import (
    decide_export,
    filter_in_words,
    note_export,
    require_few,
    require_reason,
    rows_beyond,
)
from liaoran.exchange.exports.files import MEDIA_TYPES, ExportFormat, export_writer, watermark_of
from liaoran.exchange.exports.rows import export_pages, select_columns
from liaoran.exchange.exports.store import ExportRecord, add_export, change_export, get_export
from liaoran.infra.database import Database
from liaoran.infra.jobs import defer, job
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Conflict, Invalid, LiaoranError
from liaoran.kernel.text import Text
from liaoran.query.requests import QueryRequest, read_request
from liaoran.schema.catalogue import load_snapshot

JOB = "exchange.export"
KEPT = timedelta(days=7)
PAGES_PER_REPORT = 5
_log = structlog.get_logger(__name__)
FAILED = Text("导出因系统错误中断，请重试", "the export was stopped by an internal error; please try again")
NOT_READY = Text("文件还没有准备好", "the file is not ready yet")
Report = Callable[[int, int], Awaitable[bool]]
"""Takes how many rows are done and how many there are; False stops the export."""


class ExportCancelled(Exception):
    """Somebody cancelled the export."""


async def request_export(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    request: Mapping[str, Any],
    kind: ExportFormat,
    reason: str | None = None,
) -> ExportRecord:
    """Queues an export of a list; ``request`` is the list's query without its paging. One with more rows than go
    without somebody's word waits for that instead (``asked``).

    Raises Invalid as queries do, Forbidden where the actor may not export, Refused ``approval_needed`` (with ``rows``
    and ``limit``) where a reason is needed and there is none.
    """
    checked = read_request(QueryRequest, request)
    rows = await rows_beyond(tx, scope, select_columns(scope, object_key, checked))
    body = checked.model_dump(mode="json", exclude={"limit", "cursor", "count", "deleted"}, exclude_none=True)
    asked = None if rows is None else (rows, await require_reason(tx, rows, reason))
    words = filter_in_words(scope, object_key, body)
    record = await add_export(
        tx, scope.actor, object_key=object_key, request=body, kind=kind, filter_words=words, asked=asked
    )
    if asked is not None:
        told = {"object": object_key, "request": body, "format": kind, "count": rows, "reason": asked[1]}
        note_export(tx, scope, "export.asked", told)
        tx.notify({"export": {"id": str(record.id), "state": "asked"}})
        return record
    return await _queue(tx, record)


async def answer_export(
    tx: Transaction, scope: Scope, record_id: UUID, *, approve: bool, comment: str | None
) -> ExportRecord:
    """Decides on an export that waits for somebody's word, and queues it where it may go. Raises as ``decide_export``."""
    record = await decide_export(tx, scope, record_id, approve=approve, comment=comment)
    return await _queue(tx, record) if approve else record


async def _queue(tx: Transaction, record: ExportRecord) -> ExportRecord:
    number = await defer(JOB, tx, record=str(record.id))
    await change_export(tx, record.id, job=number)
    return record


async def cancel_export(tx: Transaction, scope: Scope, record_id: UUID) -> ExportRecord:
    """Stops an export that waits or runs; does nothing to one that is over."""
    record = await get_export(tx, record_id, scope.actor.person)
    if record.state in ("asked", "waiting", "running"):
        await change_export(tx, record_id, state="cancelling" if record.state == "running" else "cancelled")
    return await get_export(tx, record_id, scope.actor.person)


async def export_download(
    database: Database, tx: Transaction, scope: Scope, record_id: UUID
) -> tuple[str, str, AsyncIterator[bytes]]:
    """File name, media type and bytes of a finished export. Raises Conflict while it is not ready, NotFound once the
    file has expired."""
    record = await get_export(tx, record_id, scope.actor.person)
    if record.state != "done" or record.file is None:
        raise Conflict(NOT_READY, code="not_ready")
    stored = await database.files.get(tx, record.file)
    return stored.name, stored.media_type, await database.files.read(stored)


@job(JOB)
async def run_export(database: Database, schema: str, record: str) -> None:
    """Writes the file of an export; runs again from its start if the process dies."""
    record_id = UUID(record)
    async with database.transaction(schema) as tx:
        state = (await get_export(tx, record_id, None)).state
        if state not in ("waiting", "running"):
            return
        await change_export(tx, record_id, state="running", started_at=datetime.now(UTC), done=0)
    folder = database.settings.data_dir / "exports" / schema
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    path = folder / record_id.hex
    try:
        await _write_export(database, schema, record_id, path)
    except ExportCancelled:
        await _finish(database, schema, record_id, "cancelled")
    except LiaoranError as error:
        await _finish(database, schema, record_id, "failed", problem=error.message.to_json())
    except Exception:
        await _finish(database, schema, record_id, "failed", problem=FAILED.to_json())
        _log.exception("export_failed", schema=schema, id=record)
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


async def _write_export(database: Database, schema: str, record_id: UUID, path: Path) -> None:
    async def report(done: int, total: int) -> bool:
        async with database.transaction(schema) as beside:
            return await change_export(beside, record_id, done=done, total=total) != "cancelling"

    async with database.read(schema, consistent=True) as tx:
        record = await get_export(tx, record_id, None)
        scope = await scope_of_person(tx, await load_snapshot(tx), record.created_by)
        request = read_request(QueryRequest, record.request)
        free = record.decided_by is not None
        rows = await write_export(tx, scope, record.object, request, record.format, path, report, free=free)
        label = scope.snapshot.object(record.object).label_plural.read(scope.actor.language)
    name = f"{label}-{datetime.now(ZoneInfo(scope.actor.zone)):%Y%m%d-%H%M}.{record.format}"
    stored = await database.files.receive(
        schema, name, MEDIA_TYPES[record.format], _chunks(path), limit=database.settings.upload_bytes * 16
    )
    async with database.transaction(schema) as tx:
        expires = datetime.now(UTC) + KEPT
        await database.files.keep(tx, stored, purpose="export", created_by=record.created_by, expires_at=expires)
        await change_export(tx, record_id, state="done", file=stored.id, finished_at=datetime.now(UTC))
        told = {"object": record.object, "request": record.request, "format": record.format, "count": rows}
        note_export(tx, scope, "export.made", {**told, "file": name})
        tx.notify({"export": {"id": str(record_id), "state": "done"}})


async def write_export(
    tx: Transaction,
    scope: Scope,
    object_key: str,
    request: QueryRequest,
    kind: ExportFormat,
    path: Path,
    report: Report | None = None,
    *,
    free: bool = False,
) -> int:
    """Writes the list into the file at ``path`` and gives the number of rows. ``tx`` should see one moment only.

    Raises Refused ``approval_needed`` where it has more rows than go without somebody's word, unless it is ``free``.
    """
    selection = select_columns(scope, object_key, request)
    mark = watermark_of(scope.actor) if (await read_settings(tx)).watermark_exports else None
    makers = cell_makers(selection.columns, scope.actor.language, ZoneInfo(scope.actor.zone))
    keys = [column.key for column in selection.columns]
    writer = await asyncio.to_thread(export_writer, kind, path, keys, makers, mark)
    done = pages = 0
    try:
        async for total, records in export_pages(tx, scope, selection):
            if not free and not pages:
                await require_few(tx, scope, total, asked=report is not None)
            await asyncio.to_thread(writer.write, records)
            done += len(records)
            pages += 1
            over = done >= total
            if report is not None and (over or pages % PAGES_PER_REPORT == 0) and not await report(done, total):
                raise ExportCancelled
    finally:
        await asyncio.to_thread(writer.close)
    return done


async def export_file(
    database: Database,
    organisation: Organisation,
    actor: Actor,
    object: str,
    path: Path,
    *,
    where: Mapping[str, Any] | None = None,
    select: tuple[str, ...] | None = None,
    sort: tuple[Mapping[str, Any], ...] = (),
    as_of: datetime | None = None,
    q: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Exports a list into ``path``, whose ending (.csv or .xlsx) says the format; gives ``{"rows", "file"}``.

    Raises Invalid for another ending and as queries do, Forbidden where the actor may not export, Refused where it has
    more rows than go without somebody's word.
    """
    kind = path.suffix.casefold().lstrip(".")
    if kind not in ("csv", "xlsx"):
        message = Text("文件名应以 .csv 或 .xlsx 结尾", "the file name has to end in .csv or .xlsx")
        raise Invalid(message, code="unknown_format")
    request = read_request(QueryRequest, {"where": where, "select": select, "sort": list(sort), "as_of": as_of, "q": q})

    async def report(done: int, total: int) -> bool:
        if progress is not None:
            progress(done, total)
        return True

    async with database.read(organisation.schema, consistent=True) as tx:
        snapshot = await load_snapshot(tx)
        if actor.kind == "system" or actor.person is None:
            scope = system_scope(snapshot, actor.label, actor.person)
        else:
            scope = await scope_of_person(tx, snapshot, actor.person)
        rows = await write_export(tx, scope, object, request, "csv" if kind == "csv" else "xlsx", path, report)
    asked = request.model_dump(mode="json", exclude_none=True)
    async with database.transaction(organisation.schema) as tx:
        note_export(tx, scope, "export.made", {"object": object, "request": asked, "format": kind, "count": rows})
    return {"rows": rows, "file": str(path)}


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as stream:
        while chunk := await asyncio.to_thread(stream.read, 1 << 20):
            yield chunk


async def _finish(database: Database, schema: str, record: UUID, state: str, **values: Any) -> None:
    async with database.transaction(schema) as tx:
        await change_export(tx, record, state=state, finished_at=datetime.now(UTC), **values)
        tx.notify({"export": {"id": str(record), "state": state}})
