"""What is left of people who are gone for good, and of sessions, links and tickets that have run out, goes too."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
import structlog

from liaoran.access.sessions import IDLE
from liaoran.access.tables import (
    api_tokens,
    logins,
    passkeys,
    person_roles,
    recovery_codes,
    sessions,
    sign_in_identities,
    sign_in_links,
    sign_in_tickets,
    totp_factors,
)
from liaoran.infra.database import Database
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.transaction import Transaction
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.snapshot import Snapshot

_log = structlog.get_logger(__name__)
_OF_PEOPLE = (
    logins,
    person_roles,
    sessions,
    api_tokens,
    totp_factors,
    recovery_codes,
    passkeys,
    sign_in_links,
    sign_in_identities,
)
_PASSING = (sessions, sign_in_links, sign_in_tickets)


async def clean_keys(tx: Transaction, snapshot: Snapshot) -> int:
    """Deletes logins, roles, factors, sessions, tokens and links of people who are neither there nor in the recycle bin,
    and what has run out; gives the number of rows."""
    now = datetime.now(UTC)
    cleaned = await tx.execute(sa.delete(sessions).where(sessions.c.seen_at < now - IDLE))
    for table in _PASSING:
        cleaned += await tx.execute(sa.delete(table).where(table.c.expires_at < now))
    people = snapshot.objects.get("person")
    if people is None:
        return cleaned
    for table in _OF_PEOPLE:
        there = sa.select(sa.literal(1)).where(people.table.c.id == table.c.person).exists()
        cleaned += await tx.execute(sa.delete(table).where(sa.not_(there)))
    return cleaned


@job("access.clean_keys", cron="37 20 * * *")
async def clean_all_keys(database: Database, schema: str) -> None:
    """Cleans every organisation once a day, after the recycle bins are emptied."""
    for organisation in await list_organisations(database):
        async with database.transaction(organisation.schema, statement_seconds=0) as tx:
            cleaned = await clean_keys(tx, await load_snapshot(tx))
        if cleaned:
            _log.info("keys_cleaned", schema=organisation.schema, rows=cleaned)
