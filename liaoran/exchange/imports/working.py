"""Carrying out one import from its row: for the job, for the command line and for dry runs alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from psycopg import OperationalError

from liaoran.audit import note
from liaoran.exchange.imports.history import HistoryRun
from liaoran.exchange.imports.progress import Progress
from liaoran.exchange.imports.rejects import RejectsFile
from liaoran.exchange.imports.rows import RowsRun
from liaoran.exchange.imports.running import Cancelled, Runner, Task
from liaoran.exchange.imports.store import ImportRecord, change_import, get_import, store_progress
from liaoran.exchange.limits import DEFAULT_LIMITS, Limits
from liaoran.exchange.mapping.names import FieldNames
from liaoran.exchange.plan import Plan, plan_of_json
from liaoran.exchange.readers.opening import open_table
from liaoran.exchange.readers.table import Table
from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import LiaoranError
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot

ProgressCallback = Callable[[Progress], None]
_log = structlog.get_logger(__name__)
FAILED = Text(
    "导入因系统错误中断，已导入的部分可以撤销",
    "the import was stopped by an internal error; what came in can be undone",
)


def rejects_path(database: Database, schema: str, record: UUID) -> Path:
    """Where the file of rejected rows of an import lies, whether or not there is one."""
    return database.settings.data_dir / "imports" / schema / f"{record.hex}.rejected.csv"


@asynccontextmanager
async def import_file(database: Database, schema: str, record: ImportRecord) -> AsyncIterator[Path]:
    """A path with the file to import, for the time of the block. Raises NotFound where its bytes are gone."""
    if record.path is not None:
        yield Path(record.path)
        return
    async with database.read(schema) as tx:
        stored = await database.files.get(tx, record.file or record.id)
    async with database.files.local(stored) as path:
        yield path


async def carry_out(
    database: Database,
    schema: str,
    record_id: UUID,
    actor: Actor,
    *,
    dry_run: bool = False,
    callback: ProgressCallback | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Progress:
    """Does what is left of the import and notes how it ended: done, cancelled or failed.

    Errors that a person can act on are noted with the import and raised; in a dry run nothing but its report stays.
    """
    async with database.transaction(schema) as tx:
        record = await get_import(tx, record_id, hold=True)
        now = datetime.now(UTC)
        progress = Progress() if dry_run else Progress.from_json(record.progress)
        await change_import(
            tx,
            record_id,
            state="running",
            dry_run=dry_run,
            started_at=record.started_at or now,
            finished_at=None,
            problem=None,
            progress=progress.to_json(),
        )
    try:
        plan = plan_of_json(record.object, record.plan or {})
        async with import_file(database, schema, record) as path:
            table = await _open(database, schema, record, path, plan, limits)
            progress.total = progress.total or table.size
            rejects = RejectsFile(
                rejects_path(database, schema, record_id), table.columns, actor.language, progress.rejects_bytes
            )
            task = Task(database, schema, actor, record.action, dry_run)
            save = _saver(database, schema, record_id, dry_run, callback)
            kind = HistoryRun if plan.history is not None else RowsRun
            run: Runner = kind(task, table, plan, rejects, progress, save)
            progress = await run.run()
    except Cancelled:
        await _finish(database, schema, record_id, "cancelled")
        raise
    except (asyncio.CancelledError, Unavailable, OperationalError):
        # the process or the database stops: the import stays as it is and goes on with the next start
        raise
    except LiaoranError as error:
        await _finish(database, schema, record_id, "failed", problem=error.message.to_json())
        raise
    except Exception:
        _log.exception("import_failed", schema=schema, id=str(record_id))
        await _finish(database, schema, record_id, "failed", problem=FAILED.to_json())
        raise
    await _finish(database, schema, record_id, "analysed" if dry_run else "done", progress=progress.to_json())
    await run.settle()
    if not dry_run:
        await _note(database, schema, record, actor, progress)
    return progress


async def _open(database: Database, schema: str, record: ImportRecord, path: Path, plan: Plan, limits: Limits) -> Table:
    async with database.read(schema) as tx:
        snapshot = await load_snapshot(tx)
    names = FieldNames(snapshot, snapshot.object(record.object))
    table = await asyncio.to_thread(open_table, path, plan.reading, names, limits)
    rows = (record.analysis or {}).get("rows")
    if isinstance(rows, int) and rows > 0:
        table.size = max(rows, 1)
    return table


def _saver(
    database: Database, schema: str, record: UUID, dry_run: bool, callback: ProgressCallback | None
) -> Callable[[Transaction, Progress], Any]:
    async def save(tx: Transaction, progress: Progress) -> bool:
        value = progress.to_json()
        if dry_run:
            # the transaction of a dry run is rolled back, so its progress travels beside it
            async with database.transaction(schema) as beside:
                state = await store_progress(beside, record, value)
        else:
            state = await store_progress(tx, record, value)
            tx.notify({"import": {"id": str(record), "read": progress.read}})
        if callback is not None:
            callback(replace(progress))
        return state != "cancelling"

    return save


async def _note(database: Database, schema: str, record: ImportRecord, actor: Actor, progress: Progress) -> None:
    """Tells the audit log what came in; the file's name stays out of it, since it may name somebody."""
    counted = {"created": progress.created, "updated": progress.updated, "rejected": progress.rejected}
    async with database.transaction(schema) as tx:
        note(tx, "records.imported", actor, object=record.object, facts={"count": progress.read, **counted})


async def _finish(database: Database, schema: str, record: UUID, state: str, **values: Any) -> None:
    async with database.transaction(schema) as tx:
        await change_import(tx, record, state=state, finished_at=datetime.now(UTC), **values)
        tx.notify({"import": {"id": str(record), "state": state}})
