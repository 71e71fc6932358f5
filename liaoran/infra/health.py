"""Whether this server is ready to work: what ``/readyz`` and ``liaoran doctor`` ask."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass

import psycopg
from psycopg_pool import PoolTimeout

from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.migrate import pending_schemas
from liaoran.infra.tables import SHARED_SCHEMA
from liaoran.kernel.text import Text

LEAST_FREE_BYTES = 512 * 1024 * 1024
STUCK_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. ``essential``: requests cannot be answered while it fails."""

    key: str
    ok: bool
    message: Text
    essential: bool = True


async def ready_checks(database: Database) -> list[Check]:
    """Looks at the database, the migrations, the job queue and the disk. Never raises."""
    try:
        async with asyncio.timeout(5):
            return [*await _database_checks(database), *await _file_checks(database)]
    except (TimeoutError, psycopg.Error, PoolTimeout, Unavailable):
        message = Text("数据库没有应答", "the database does not answer")
        return [Check("database", False, message), await _disk_check(database)]


async def _database_checks(database: Database) -> list[Check]:
    async with database.read(SHARED_SCHEMA) as tx:
        version = await tx.fetch_value("SHOW server_version")
    checks = [Check("database", True, Text(f"PostgreSQL {version}"))]
    pending = await pending_schemas(database)
    names = "、".join(pending)
    message = Text("有待升级：{names}", "not up to date: {names}").fill(names=names) if pending else _FINE
    checks.append(Check("migrations", not pending, message))
    if not pending:
        checks.append(await _queue_check(database))
    return checks


async def _queue_check(database: Database) -> Check:
    async with database.read(SHARED_SCHEMA) as tx:
        late = await tx.fetch_value(
            "SELECT count(*) FROM {org}.procrastinate_jobs AS jobs WHERE status = 'todo' AND coalesce(scheduled_at, "
            "(SELECT min(at) FROM {org}.procrastinate_events AS events WHERE events.job_id = jobs.id)) "
            "< now() - make_interval(secs => :stuck)",
            {"stuck": STUCK_SECONDS},
        )
    message = Text("{late} 个后台任务等待超过 5 分钟", "{late} background jobs have waited over 5 minutes")
    return Check("jobs", not late, message.fill(late=late) if late else _FINE, essential=False)


async def _file_checks(database: Database) -> list[Check]:
    wrong = await database.files.storage.check()
    message = Text("文件存储不可用：{wrong}", "the file storage cannot be used: {wrong}")
    storage = Check("storage", not wrong, message.fill(wrong=wrong) if wrong else _FINE, essential=False)
    return [storage, await _disk_check(database)]


async def _disk_check(database: Database) -> Check:
    directory = database.settings.data_dir
    try:
        free = (await asyncio.to_thread(shutil.disk_usage, directory)).free
    except OSError:
        return Check("disk", False, Text("数据目录不可用", "the data directory cannot be used"), essential=False)
    text = Text("数据目录所在磁盘剩余 {free} MB", "{free} MB are free where the data directory is")
    return Check("disk", free > LEAST_FREE_BYTES, text.fill(free=free // 2**20), essential=False)


_FINE = Text("正常", "fine")
