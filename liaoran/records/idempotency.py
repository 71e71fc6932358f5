"""Idempotency keys: a request that is sent twice takes place once and gets the same answer twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.database import Database
from liaoran.infra.jobs import job
from liaoran.infra.organisations import list_organisations
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict
from liaoran.kernel.text import Text
from liaoran.records.tables import idempotency_keys as keys

KEPT = timedelta(hours=24)
REUSED = Text(
    "Idempotency-Key “{key}” 已用于另一个请求，请换一个",
    "the Idempotency-Key “{key}” was used for another request; choose a new one",
)
_ACTOR = keys.c.actor_id == sa.bindparam("actor", type_=sa.Uuid)
_KEY = keys.c.key == sa.bindparam("key", type_=sa.Text)
_insert = pg.insert(keys).values(
    actor_id=sa.bindparam("actor", type_=sa.Uuid),
    key=sa.bindparam("key", type_=sa.Text),
    fingerprint=sa.bindparam("fingerprint", type_=sa.LargeBinary),
    at=sa.bindparam("now", type_=sa.DateTime(timezone=True)),
)
_CLAIM = Statement(
    _insert.on_conflict_do_update(
        index_elements=["actor_id", "key"],
        set_={
            "fingerprint": _insert.excluded.fingerprint,
            "at": _insert.excluded.at,
            "status": sa.null(),
            "body": sa.null(),
        },
        where=keys.c.at < sa.bindparam("oldest", type_=sa.DateTime(timezone=True)),
    ).returning(keys.c.key)
)
_FIND = Statement(sa.select(keys.c.fingerprint, keys.c.status, keys.c.body).where(_ACTOR, _KEY))
_KEEP = Statement(
    sa.update(keys)
    .where(_ACTOR, _KEY)
    .values(status=sa.bindparam("answer", type_=sa.Integer), body=sa.bindparam("answer_body", type_=sa.LargeBinary))
)
_FORGET = Statement(sa.delete(keys).where(keys.c.at < sa.bindparam("oldest", type_=sa.DateTime(timezone=True))))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer given before: HTTP status and body."""

    status: int
    body: bytes


async def claim_key(tx: Transaction, actor: UUID, key: str, fingerprint: bytes) -> Answer | None:
    """Claims the key for this request; None means go on, an Answer is what the same request got before.

    ``fingerprint`` is a digest of method, path and body. A second request that comes while the first is under way
    waits for it. Raises Conflict where the key stands for another request. ``keep_answer`` belongs to the same
    transaction.
    """
    now = datetime.now(UTC)
    params = {"actor": actor, "key": key, "fingerprint": fingerprint, "now": now, "oldest": now - KEPT}
    if await tx.fetch_value(_CLAIM, params) is not None:
        return None
    found = await tx.fetch_one(_FIND, {"actor": actor, "key": key})
    if found is None or bytes(found["fingerprint"]) != fingerprint or found["status"] is None:
        raise Conflict(REUSED.fill(key=key), code="idempotency_key_reused", extra={"key": key})
    return Answer(found["status"], bytes(found["body"] or b""))


async def keep_answer(tx: Transaction, actor: UUID, key: str, answer: Answer) -> None:
    """Keeps the answer for 24 hours. A request that raises keeps nothing, so it may be sent again."""
    await tx.execute(_KEEP, {"actor": actor, "key": key, "answer": answer.status, "answer_body": answer.body})


async def forget_answers(tx: Transaction) -> int:
    """Deletes answers older than 24 hours; gives their number."""
    return await tx.execute(_FORGET, {"oldest": datetime.now(UTC) - KEPT})


@job("records.forget_answers", cron="23 * * * *")
async def forget_all_answers(database: Database, schema: str) -> None:
    """Deletes old answers in every organisation, once an hour."""
    for organisation in await list_organisations(database):
        async with database.transaction(organisation.schema) as tx:
            await forget_answers(tx)
