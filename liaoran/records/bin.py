"""The recycle bin: ``Delete`` and ``Restore`` of the write path fill and empty it; here it is emptied for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog

from liaoran.access.scope import Scope, system_scope
from liaoran.audit import note
from liaoran.infra.database import Database
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.transaction import Transaction
from liaoran.schema.catalogue import load_snapshot

_log = structlog.get_logger(__name__)


async def purge(tx: Transaction, scope: Scope, object_key: str, before: datetime) -> int:
    """Deletes for good what went into the bin before ``before``, as far as the actor's part of the bin reaches, with
    its past versions; gives the number of records. Events stay: they are the record of what people did.

    Raises Forbidden for everybody but administrators.
    """
    scope.require_administrator()
    one = scope.snapshot.object(object_key)
    reached = scope.source(object_key, "bin")
    moment = sa.bindparam("before", type_=sa.DateTime(timezone=True))
    old = sa.select(reached.c.id).where(reached.c.deleted_at < moment)
    gone = sa.delete(one.table).where(one.table.c.id.in_(old)).returning(one.table.c.id).cte("gone")
    parts = [gone]
    if one.versions_table is not None:
        versions = one.versions_table
        parts.append(sa.delete(versions).where(versions.c.id.in_(sa.select(gone.c.id))).cte("past"))
    count = sa.select(sa.func.count()).select_from(gone).add_cte(*parts)
    purged = int(await tx.fetch_value(count, {**scope.params(), "before": before}))
    if purged:
        facts = {"count": purged, "until": before.isoformat()}
        note(tx, "records.purged", scope.actor, object=object_key, facts=facts)
    return purged


@job("records.purge_bins", cron="41 19 * * *")
async def purge_bins(database: Database, schema: str) -> None:
    """Once a day (at night in China), in every organisation: what has been in the bin for ``bin_days`` goes for good.
    Objects that are out of use keep theirs until they are back."""
    days = database.settings.bin_days
    if not days:
        return
    before = datetime.now(UTC) - timedelta(days=days)
    for organisation in await list_organisations(database):
        async with database.transaction(organisation.schema) as tx:
            snapshot = await load_snapshot(tx)
        for one in snapshot.objects.values():
            if one.retired:
                continue
            # a transaction for each Object, so that a long one holds no rows of another
            async with database.transaction(organisation.schema, statement_seconds=0) as tx:
                count = await purge(tx, system_scope(await load_snapshot(tx)), one.key, before)
            if count:
                _log.info("bin_purged", schema=organisation.schema, object=one.key, records=count)
