"""Redacting: a value that has to go for good is taken out of entries that hold it, with a sealed account of it.

Entries hold no values of records by rule; but a filter of an export or a reason that somebody wrote may name one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa

from liaoran.audit.chain import digest_of, redaction_purpose
from liaoran.audit.noting import note
from liaoran.audit.tables import audit_log, audit_redactions
from liaoran.infra.sealed import register_sealed
from liaoran.infra.secrets import Secrets
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.ids import new_id

TAKEN_OUT = "▇▇▇"
"""What stands where a value stood."""


async def redact(tx: Transaction, secrets: Secrets, actor: Actor, values: Collection[str]) -> int:
    """Takes every one of the ``values`` (whole texts of at least two characters) out of the facts of all entries; gives
    how many entries held one. Raises Unavailable where there is no secret key."""
    sought = sorted({value for value in values if len(value) > 1}, key=len, reverse=True)
    if not sought:
        return 0
    count = 0
    for entry in await tx.fetch_all(_HOLDING, {"values": [_escaped(one) for one in sought]}):
        facts = _without(entry["facts"], sought)
        if facts == entry["facts"]:
            continue
        before, after = digest_of(entry), digest_of({**entry, "facts": facts})
        sealed = secrets.seal(before + after, redaction_purpose(entry["id"]))
        row = {"id": new_id(), "entry": entry["id"], "at": datetime.now(UTC), "before": before, "after": after}
        await tx.execute(_ACCOUNT, {**row, "seal": sealed})
        await tx.execute(_REPLACE, {"which": entry["id"], "facts": facts})
        count += 1
    if count:
        note(tx, "audit.redacted", actor, facts={"count": count})
    return count


def _escaped(value: str) -> str:
    """The value as it stands within JSON text."""
    return orjson.dumps(value)[1:-1].decode()


def _without(value: Any, sought: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(part, sought) for key, part in value.items()}
    if isinstance(value, list):
        return [_without(part, sought) for part in value]
    if isinstance(value, str):
        for one in sought:
            value = value.replace(one, TAKEN_OUT)
    return value


_HOLDING = Statement(
    sa.select(audit_log)
    .where(
        sa.exists(
            sa.select(sa.literal_column("1"))
            .select_from(sa.func.unnest(sa.bindparam("values", type_=sa.ARRAY(sa.Text))).alias("sought"))
            .where(sa.func.strpos(sa.cast(audit_log.c.facts, sa.Text), sa.literal_column("sought")) > 0)
        )
    )
    .order_by(audit_log.c.at)
)
_ACCOUNT = Statement(sa.insert(audit_redactions), ["id", "entry", "at", "before", "after", "seal"])
_REPLACE = Statement(
    sa.update(audit_log)
    .where(audit_log.c.id == sa.bindparam("which", type_=sa.Uuid))
    .values(facts=sa.bindparam("facts", type_=audit_log.c.facts.type))
)

register_sealed(audit_redactions, "seal", lambda row: redaction_purpose(row["entry"]))
