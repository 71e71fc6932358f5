"""What the pages and the API do with imports: upload, plan, try, start, cancel, undo, fetch rejected rows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from liaoran.access.actors import scope_of_person
from liaoran.access.scope import Scope
from liaoran.exchange.imports.analysis import Analysis, analyse
from liaoran.exchange.imports.command import require_answers
from liaoran.exchange.imports.running import Cancelled
from liaoran.exchange.imports.store import (
    OVER,
    WORKING,
    ImportRecord,
    add_import,
    change_import,
    get_import,
    list_imports,
)
from liaoran.exchange.imports.working import carry_out, import_file, rejects_path
from liaoran.exchange.limits import DEFAULT_LIMITS, Limits
from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.files import StoredFile
from liaoran.infra.jobs import defer, job, job_status
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Forbidden, LiaoranError, NotFound
from liaoran.kernel.text import Text
from liaoran.records.undo import Undone, undo
from liaoran.records.undo_job import LARGE
from liaoran.schema.catalogue import load_snapshot

JOB = "exchange.import"
UNDO_JOB = "exchange.undo_import"
BUSY = Text("导入正在进行，请先取消或等待完成", "the import is running; cancel it or wait for it to end")
STARTED = Text("这次导入已经开始过，请重新上传文件", "this import has been started already; upload the file again")
NOT_DONE = Text("这次导入没有可撤销的内容", "this import has nothing that could be undone")
NOT_YOURS = Text("这是别人的导入", "this import is somebody else's")
NO_REJECTS = Text("没有被拒绝的行", "no row was rejected")


async def begin_import(
    database: Database,
    tx: Transaction,
    scope: Scope,
    object_key: str,
    upload: StoredFile,
    *,
    history: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> ImportRecord:
    """Keeps an uploaded file and analyses it. Raises Invalid for a file that cannot be read (then nothing stays), and
    as ``Scope.require`` does."""
    async with database.files.local(upload) as path:
        analysis = await analyse(
            tx, scope, object_key, path, history=history, title=Path(upload.name).stem, limits=limits
        )
    await database.files.keep(tx, upload, purpose="import", created_by=scope.actor.person)
    return await add_import(
        tx,
        object_key=object_key,
        file_name=upload.name,
        file=upload.id,
        person=scope.actor.person,
        label=scope.actor.label,
        state="analysed",
        analysis=analysis.to_json(scope.actor.language),
        plan=analysis.plan.to_json(),
    )


async def find_import(tx: Transaction, scope: Scope, record_id: UUID, *, hold: bool = False) -> ImportRecord:
    """The actor's import; administrators see everybody's. Raises NotFound."""
    record = await get_import(tx, record_id, hold=hold)
    if record.created_by != scope.actor.person and not scope.is_administrator:
        raise NotFound(Text("没有这次导入", "there is no such import"), code="unknown_import")
    return record


async def imports_of(tx: Transaction, scope: Scope) -> list[ImportRecord]:
    """The newest imports that the actor may see, without their analyses."""
    return await list_imports(tx, scope.actor.person, everybody=scope.is_administrator)


async def plan_import(
    database: Database,
    tx: Transaction,
    scope: Scope,
    record_id: UUID,
    changes: Mapping[str, Any],
    limits: Limits = DEFAULT_LIMITS,
) -> ImportRecord:
    """Analyses the file again under what somebody has decided (the JSON form of a Plan, see ``exchange.plan``). The key
    ``create_missing`` proposes to create what is unknown, ``history`` to read the file as a history. Raises Invalid
    where the Plan does not fit the file, Conflict once the import has started."""
    record = await find_import(tx, scope, record_id, hold=True)
    _require_unstarted(record)
    decided = {key: value for key, value in changes.items() if key not in ("create_missing",)}
    create_missing = bool(changes.get("create_missing"))
    analysis = await _analyse_again(database, tx, scope, record, decided, create_missing, limits)
    await change_import(
        tx, record_id, analysis=analysis.to_json(scope.actor.language), plan=analysis.plan.to_json(), progress={}
    )
    return await get_import(tx, record_id)


async def start_import(
    database: Database, tx: Transaction, scope: Scope, record_id: UUID, *, dry_run: bool = False
) -> ImportRecord:
    """Queues the job. With ``dry_run`` everything is done but nothing stays except the report. Raises Invalid
    (``open_questions``) where something has to be decided first, Conflict once the import has started."""
    record = await find_import(tx, scope, record_id, hold=True)
    _require_unstarted(record)
    if record.created_by != scope.actor.person:
        raise Forbidden(NOT_YOURS)
    decided = record.plan or {}
    require_answers(await _analyse_again(database, tx, scope, record, decided, False, DEFAULT_LIMITS, check=False))
    number = await defer(JOB, tx, record=str(record_id), dry_run=dry_run)
    await change_import(tx, record_id, state="waiting", dry_run=dry_run, job=number, progress={}, problem=None)
    return await get_import(tx, record_id)


async def cancel_import(tx: Transaction, scope: Scope, record_id: UUID) -> ImportRecord:
    """Stops an import that waits or runs, after the chunk at hand; what is in stays until it is undone."""
    record = await find_import(tx, scope, record_id, hold=True)
    if record.state in WORKING:
        running = record.state != "waiting" and record.job is not None
        alive = running and await job_status(tx, record.job or 0) in ("todo", "doing")
        await change_import(tx, record_id, state="cancelling" if alive else "cancelled")
    return await get_import(tx, record_id)


async def undo_import(tx: Transaction, scope: Scope, record_id: UUID) -> tuple[ImportRecord, Undone]:
    """Takes back everything the import did: its records go to the bin, changed ones get their former values. Records
    that somebody has changed since stay and are reported. A large import goes back in the background: it is "running"
    until it is "undone". Raises Conflict while it runs or where nothing came in."""
    record = await find_import(tx, scope, record_id, hold=True)
    if record.state in WORKING:
        raise Conflict(BUSY, code="import_running")
    if record.state not in OVER:
        raise Conflict(NOT_DONE, code="nothing_to_undo")
    done = int(record.progress.get("created") or 0) + int(record.progress.get("updated") or 0)
    if done > LARGE and scope.actor.person is not None:
        progress = {**record.progress, "phase": "undo"}
        await defer(UNDO_JOB, tx, once=f"undo/{record_id}", record=str(record_id), person=str(scope.actor.person))
        await change_import(tx, record_id, state="running", progress=progress, problem=None)
        return await get_import(tx, record_id), Undone(record.action)
    try:
        undone = await undo(tx, scope, record.action, partly=True)
    except NotFound:
        raise Conflict(NOT_DONE, code="nothing_to_undo") from None
    await change_import(tx, record_id, state="undone")
    return await get_import(tx, record_id), undone


async def import_rejects(
    database: Database, tx: Transaction, scope: Scope, record_id: UUID
) -> tuple[str, AsyncIterator[bytes]]:
    """File name and bytes of the rejected rows as CSV. Raises NotFound where no row was rejected."""
    record = await find_import(tx, scope, record_id)
    path = rejects_path(database, tx.schema, record_id)
    size = int(record.progress.get("rejects_bytes") or 0)
    if size == 0 or not await asyncio.to_thread(path.is_file):
        raise NotFound(NO_REJECTS, code="no_rejects")
    return f"{Path(record.file_name).stem}.rejected.csv", _bytes_of(path, size)


@job(JOB, retries=6)
async def run_import(database: Database, schema: str, record: str, dry_run: bool = False) -> None:
    """Carries an import out; after a restart it goes on behind the last committed chunk."""
    record_id = UUID(record)
    async with database.read(schema) as tx:
        found = await get_import(tx, record_id)
        if found.state not in ("waiting", "running"):
            return
        if found.created_by is None:
            raise LookupError("an import of the command line has no job")
        scope = await scope_of_person(tx, await load_snapshot(tx), found.created_by)
    try:
        await carry_out(database, schema, record_id, scope.actor, dry_run=dry_run)
    except Unavailable:
        raise
    except (Cancelled, LiaoranError):
        # told to the person by the import's own state and problem
        return


@job(UNDO_JOB)
async def run_undo_of_import(database: Database, schema: str, record: str, person: str) -> None:
    """Takes a large import back in one transaction, so that a restart finds it either done or untouched."""
    record_id = UUID(record)
    try:
        async with database.transaction(schema, statement_seconds=0) as tx:
            found = await get_import(tx, record_id, hold=True)
            if found.state != "running":
                return
            scope = await scope_of_person(tx, await load_snapshot(tx), UUID(person))
            undone = await undo(tx, scope, found.action, partly=True)
            progress = {**found.progress, "phase": "done", "undone": undone.undone, "kept": len(undone.kept)}
            await change_import(tx, record_id, state="undone", progress=progress)
            tx.notify({"import": {"id": record, "state": "undone"}})
    except LiaoranError as refused:
        async with database.transaction(schema) as tx:
            await change_import(tx, record_id, state="done", problem=refused.message.to_json())


async def _analyse_again(
    database: Database,
    tx: Transaction,
    scope: Scope,
    record: ImportRecord,
    changes: Mapping[str, Any],
    create_missing: bool,
    limits: Limits,
    *,
    check: bool = True,
) -> Analysis:
    async with import_file(database, tx.schema, record) as path:
        return await analyse(
            tx,
            scope,
            record.object,
            path,
            changes=changes,
            create_missing=create_missing,
            history=bool(changes.get("history")),
            check=check,
            title=Path(record.file_name).stem,
            limits=limits,
        )


def _require_unstarted(record: ImportRecord) -> None:
    if record.state in WORKING:
        raise Conflict(BUSY, code="import_running")
    if record.state != "analysed":
        raise Conflict(STARTED, code="import_started")


async def _bytes_of(path: Path, size: int) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as stream:
        left = size
        while left > 0 and (chunk := await asyncio.to_thread(stream.read, min(left, 1 << 20))):
            left -= len(chunk)
            yield chunk
