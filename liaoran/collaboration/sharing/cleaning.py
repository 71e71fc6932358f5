"""Shares and followers of records that are gone for good go with them."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from liaoran.access.scope import Scope, system_scope
from liaoran.access.tables import shares
from liaoran.collaboration.tables import followers
from liaoran.infra.database import Database
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.transaction import Transaction
from liaoran.schema.catalogue import load_snapshot

_log = structlog.get_logger(__name__)


async def clean_sharing(tx: Transaction, scope: Scope) -> int:
    """Deletes what belongs to records that are neither there nor in the recycle bin; gives the number of rows. Objects
    that are out of use keep theirs until they are back."""
    cleaned = 0
    for table in (shares, followers):
        for key in await tx.fetch_column(sa.select(table.c.object).distinct()):
            one = scope.snapshot.objects.get(key)
            if one is not None and not one.retired:
                gone = sa.delete(table).where(table.c.object == sa.bindparam("key"), _is_gone(scope, key, table))
                cleaned += await tx.execute(gone, {**scope.params(), "key": key})
    return cleaned


def _is_gone(scope: Scope, key: str, table: sa.Table) -> sa.ColumnElement[bool]:
    sources = [scope.source(key, verb) for verb in ("read", "bin")]
    there = [sa.exists(sa.select(sa.literal(1)).where(one.c.id == table.c.record)) for one in sources]
    return sa.not_(sa.or_(*there))


@job("collaboration.clean_sharing", cron="23 20 * * *")
async def clean_all_sharing(database: Database, schema: str) -> None:
    """Cleans every organisation once a day, after the recycle bins are emptied."""
    for organisation in await list_organisations(database):
        async with database.transaction(organisation.schema, statement_seconds=0) as tx:
            cleaned = await clean_sharing(tx, system_scope(await load_snapshot(tx)))
        if cleaned:
            _log.info("sharing_cleaned", schema=organisation.schema, rows=cleaned)
