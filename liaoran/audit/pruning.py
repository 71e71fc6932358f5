"""Pruning: entries whose time is over go, and a sealed checkpoint stands for them, so that the rest is still proved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
import structlog

from liaoran.audit.chain import checkpoint_purpose
from liaoran.audit.noting import note
from liaoran.audit.settings import read_settings
from liaoran.audit.tables import INSTANT, audit_chain, audit_checkpoints, audit_log
from liaoran.infra.database import Database
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.sealed import register_sealed
from liaoran.infra.secrets import Secrets
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction

_log = structlog.get_logger(__name__)


async def prune(tx: Transaction, secrets: Secrets, before: datetime) -> int:
    """Removes the oldest entries up to the first one that is not older than ``before``; gives how many. That it was
    done is an entry itself. Raises Unavailable where there is no secret key."""
    until = await tx.fetch_one(_UNTIL, {"before": before})
    if until is None or until["number"] is None:
        return 0
    row = {
        **until,
        "at": datetime.now(UTC),
        "seal": secrets.seal(bytes(until["hash"]), checkpoint_purpose(until["number"], until["entries"])),
    }
    await tx.execute(_CHECKPOINT, row)
    await tx.execute(_REMOVE_ENTRIES, {"number": until["number"]})
    await tx.execute(_REMOVE_LINKS, {"number": until["number"]})
    facts = {"count": until["entries"], "until": until["last_at"].isoformat(), "number": until["number"]}
    note(tx, "audit.pruned", None, facts=facts)
    return int(until["entries"])


@job("audit.prune", cron="7 20 * * *")
async def prune_all(database: Database, schema: str) -> None:
    """Once a day (at night in China), in every organisation that keeps its log for a limited time."""
    for organisation in await list_organisations(database):
        async with database.transaction(organisation.schema, statement_seconds=0) as tx:
            days = (await read_settings(tx)).keep_days
            if not days:
                continue
            count = await prune(tx, database.secrets, datetime.now(UTC) - timedelta(days=days))
        if count:
            _log.info("audit_pruned", schema=organisation.schema, entries=count)


_BEFORE = sa.bindparam("before", type_=INSTANT)
_NUMBER = sa.bindparam("number", type_=sa.BigInteger)
_OLD = (
    sa.select(audit_chain.c.number, audit_chain.c.hash, audit_log.c.at)
    .join(audit_log, audit_log.c.id == audit_chain.c.entry)
    .where(
        audit_chain.c.number
        < sa.func.coalesce(
            sa.select(sa.func.min(audit_chain.c.number))
            .join(audit_log, audit_log.c.id == audit_chain.c.entry)
            .where(audit_log.c.at >= _BEFORE)
            .scalar_subquery(),
            sa.select(sa.func.max(audit_chain.c.number) + 1).scalar_subquery(),
        )
    )
    .cte("old")
)
_UNTIL = Statement(
    sa.select(
        sa.func.max(_OLD.c.number).label("number"),
        sa.func.min(_OLD.c.at).label("first_at"),
        sa.func.max(_OLD.c.at).label("last_at"),
        sa.func.count().label("entries"),
        sa.select(_OLD.c.hash)
        .order_by(_OLD.c.number.desc())
        .limit(sa.literal_column("1"))
        .scalar_subquery()
        .label("hash"),
    ).select_from(_OLD)
)
_CHECKPOINT = Statement(sa.insert(audit_checkpoints), [column.name for column in audit_checkpoints.c])
_REMOVE_ENTRIES = Statement(
    sa.delete(audit_log).where(
        audit_log.c.id.in_(sa.select(audit_chain.c.entry).where(audit_chain.c.number <= _NUMBER))
    )
)
_REMOVE_LINKS = Statement(sa.delete(audit_chain).where(audit_chain.c.number <= _NUMBER))

register_sealed(audit_checkpoints, "seal", lambda row: checkpoint_purpose(row["number"], row["entries"]))
