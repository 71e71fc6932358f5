"""Sealing: entries that are committed join the hash chain, in the order in which they were noted.

Noting locks nothing. Right after its commit the process that noted tries the row lock of ``audit_head``: who gets it
puts everything that waits into the chain, in transactions of a few milliseconds, until nothing waits; who does not get
it goes on at once, because the holder looks again after its commit and so takes these entries along. A job does every
minute what a process that died has left.

Until an entry is sealed (milliseconds; a minute after a crash) somebody who can write to the database could change it
or take it out without a trace. What ``verify`` proves afterwards stands there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
import structlog
from sqlalchemy.dialects import postgresql as pg

from liaoran.audit.chain import digest_of, link_hash, seal_purpose
from liaoran.audit.tables import audit_chain, audit_head, audit_log, audit_pending
from liaoran.infra.database import Database
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.sealed import register_sealed
from liaoran.infra.secrets import Secrets
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction

BATCH = 500
"""Most entries that are sealed in one transaction."""
_log = structlog.get_logger(__name__)


async def seal(database: Database, schema: str) -> int:
    """Puts what waits into the chain; gives the number of entries that this call has sealed, 0 where another process
    is at it. Raises Unavailable where there is no usable secret key; the entries then go on waiting."""
    count = 0
    while True:
        async with database.transaction(schema) as tx:
            sealed = await _seal_batch(tx, database.secrets)
        count += sealed
        if not sealed:
            return count


@job("audit.seal", cron="* * * * *")
async def seal_all(database: Database, schema: str) -> None:
    """Every minute, in every organisation: seals what processes that died have left unsealed."""
    for organisation in await list_organisations(database):
        async with database.read(organisation.schema) as tx:
            waits = await tx.fetch_value(_ANY)
        if waits:
            await seal(database, organisation.schema)


async def _seal_batch(tx: Transaction, secrets: Secrets) -> int:
    head = await tx.fetch_one(_HEAD)
    waiting = await tx.fetch_all(_WAITING, {"batch": BATCH}) if head else []
    if head is None or not waiting:
        return 0
    number, before, now = head["number"], bytes(head["hash"]), datetime.now(UTC)
    links: list[dict[str, Any]] = []
    for entry in waiting:
        number, digest = number + 1, digest_of(entry)
        before = link_hash(before, number, entry["id"], digest, now)
        links.append(
            {"number": number, "entry": entry["id"], "digest": digest, "sealed_at": now, "hash": before, "seal": None}
        )
    links[-1]["seal"] = secrets.seal(before, seal_purpose(number))
    await tx.execute(_LINK, {"links": orjson.dumps(links, default=_hex).decode()})
    await tx.execute(_TAKEN, {"entries": [link["entry"] for link in links]})
    await tx.execute(_MOVE_HEAD, {"number": number, "hash": before})
    _log.info("audit_sealed", schema=tx.schema, head=f"{number}:{before.hex()}", entries=len(links))
    return len(links)


def _hex(value: bytes) -> str:
    """Bytes as PostgreSQL reads them."""
    return f"\\x{value.hex()}"


def _linking() -> Statement:
    """Any number of links at once, from one list."""
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam("links", type_=sa.Text()), pg.JSON))
    parts = [sa.column(column.name, column.type) for column in audit_chain.c]
    links = source.table_valued(*parts).render_derived("linked", with_types=True)
    return Statement(sa.insert(audit_chain).from_select([column.name for column in audit_chain.c], sa.select(*links.c)))


_ANY = Statement(sa.select(sa.exists(sa.select(audit_pending.c.entry))))
_HEAD = Statement(sa.select(audit_head.c.number, audit_head.c.hash).with_for_update(skip_locked=True))
_WAITING = Statement(
    sa.select(audit_log)
    .join(audit_pending, audit_pending.c.entry == audit_log.c.id)
    .order_by(audit_log.c.at, audit_log.c.id)
    .limit(sa.bindparam("batch", type_=sa.Integer))
)
_LINK = _linking()
_TAKEN = Statement(
    sa.delete(audit_pending).where(audit_pending.c.entry == sa.any_(sa.bindparam("entries", type_=sa.ARRAY(sa.Uuid))))
)
_MOVE_HEAD = Statement(sa.update(audit_head), ["number", "hash"])

register_sealed(audit_chain, "seal", lambda row: seal_purpose(row["number"]))
