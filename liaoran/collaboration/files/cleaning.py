"""Removed files go for good once nobody may bring them back any more, and so do those of records that are gone.

The bytes follow: ``FileStore.remove`` takes them away after the commit, and the sweep of ``infra.files`` finds whatever
a crash in between left behind.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope, system_scope
from liaoran.collaboration.tables import record_file_versions as versions
from liaoran.collaboration.tables import record_files as documents
from liaoran.infra.database import Database
from liaoran.infra.files import FileStore
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.records.tables import merges
from liaoran.schema.catalogue import load_snapshot

BATCH = 200
_IDS = sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))
_OUTDATED = Statement(
    sa.select(documents.c.id)
    .where(documents.c.removed_at < sa.bindparam("before", type_=documents.c.removed_at.type))
    .limit(BATCH)
)
_OBJECTS = Statement(sa.select(documents.c.object).distinct())
_FORGET_VERSIONS = Statement(sa.delete(versions).where(versions.c.file == _IDS).returning(versions.c.stored))
_FORGET = Statement(sa.delete(documents).where(documents.c.id == _IDS))
_log = structlog.get_logger(__name__)


async def clean_files(tx: Transaction, files: FileStore, scope: Scope, before: datetime) -> int:
    """Deletes for good at most ``BATCH`` files that were removed before ``before`` or whose record is gone for good;
    gives their number. Files of a merged record that is gone belong to the record it was merged into from then on."""
    doomed = await tx.fetch_column(_OUTDATED, {"before": before})
    for key in await tx.fetch_column(_OBJECTS):
        if key in scope.snapshot.objects and len(doomed) < BATCH:
            gone = _record_is_gone(scope, key)
            await tx.execute(_bequeath(key, gone), scope.params())
            orphans = sa.select(documents.c.id).where(documents.c.object == key, gone).limit(BATCH - len(doomed))
            doomed += await tx.fetch_column(orphans, scope.params())
    await forget(tx, files, list(dict.fromkeys(doomed)))
    return len(doomed)


def _record_is_gone(scope: Scope, key: str) -> sa.ColumnElement[bool]:
    """Neither among the live records nor in the recycle bin."""
    sources = [scope.source(key, verb) for verb in ("read", "bin")]
    there = [sa.exists(sa.select(sa.literal(1)).where(one.c.id == documents.c.record_id)) for one in sources]
    return sa.not_(sa.or_(*there))


def _bequeath(key: str, gone: sa.ColumnElement[bool]) -> sa.Update:
    inherited = merges.c.loser == documents.c.record_id
    return sa.update(documents).where(documents.c.object == key, inherited, gone).values(record_id=merges.c.winner)


async def forget(tx: Transaction, files: FileStore, doomed: list[UUID]) -> None:
    """Deletes files for good with all their versions; their bytes go with the commit."""
    stored: list[Any] = await tx.fetch_column(_FORGET_VERSIONS, {"ids": doomed})
    for one in stored:
        await files.remove(tx, one)
    await tx.execute(_FORGET, {"ids": doomed})


@job("collaboration.clean_files", cron="11 3 * * *")
async def clean_all_files(database: Database, schema: str) -> None:
    """Cleans the files of every organisation, once a day, in transactions of a bounded size."""
    days = database.settings.removed_file_days
    before = datetime.now(UTC) - timedelta(days=days) if days else datetime.min.replace(tzinfo=UTC)
    for organisation in await list_organisations(database):
        cleaned = BATCH
        while cleaned >= BATCH:
            async with database.transaction(organisation.schema, statement_seconds=0) as tx:
                scope = system_scope(await load_snapshot(tx))
                cleaned = await clean_files(tx, database.files, scope, before)
            if cleaned:
                _log.info("files_cleaned", schema=organisation.schema, files=cleaned)
