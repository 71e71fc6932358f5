"""API tokens: act for a person from outside the pages, narrowed to scopes, until they expire or are revoked.

Scopes: ``read`` reads and exports, ``write`` also changes records, ``admin`` also shapes the organisation (where the
person may). None means whatever the person may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.credentials import new_token, token_hash
from liaoran.access.sessions import CHANGED, TOUCH_AFTER, Credential
from liaoran.access.tables import access_state, api_tokens
from liaoran.infra.flights import Passenger, Row
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.schema.tables import catalogue

SCOPES = ("read", "write", "admin")


async def create_token(
    tx: Transaction,
    slug: str,
    person: UUID,
    label: str,
    *,
    scopes: Iterable[str] | None = None,
    days: int | None = None,
) -> tuple[UUID, str]:
    """Makes a token for a person and returns its id and its text, which is shown once and kept nowhere.

    ``days`` is how long it is good (None: until revoked). Raises Invalid for an unknown scope.
    """
    chosen = None if scopes is None else sorted(set(scopes))
    for scope in chosen or ():
        if scope not in SCOPES:
            message = Text("没有“{scope}”这个范围，可用：{known}", "there is no scope “{scope}”; known: {known}")
            raise Invalid(message.fill(scope=scope, known=", ".join(SCOPES)), code="unknown_scope")
    token, token_id, now = new_token("api", slug), new_id(), datetime.now(UTC)
    await tx.execute(
        sa.insert(api_tokens),
        {
            "id": token_id,
            "token_hash": token_hash(token),
            "person": person,
            "label": label[:200],
            "scopes": chosen,
            "created_at": now,
            "expires_at": None if days is None else now + timedelta(days=days),
        },
    )
    return token_id, token


async def find_token(tx: Transaction, token: str) -> Credential | None:
    """The API token of a text, or None where there is none or it has expired."""
    found: list[Credential | None] = []
    ask_token(tx, token, found.append)
    await tx.land()
    return found[0]


def ask_token(tx: Transaction, token: str, then: Callable[[Credential | None], None]) -> Passenger:
    """Sends the question for the API token of a text; ``then`` gets it, or None where there is none or it has
    expired."""
    now = datetime.now(UTC)
    params = {"hash": token_hash(token), "now": now}
    return tx.send(_FIND, params, lambda rows: then(_credential(rows[0], now) if rows else None))


def _credential(row: Row, now: datetime) -> Credential:
    scopes = None if row["scopes"] is None else frozenset(row["scopes"])
    stale = row["used_at"] is None or now - row["used_at"] > TOUCH_AFTER
    return Credential("token", row["id"], row["person"], row["version"], row["stamp"], scopes, row["label"], stale)


async def touch_token(tx: Transaction, token: UUID) -> None:
    """Notes that the token was used now."""
    await tx.execute(_TOUCH, {"token": token, "now": datetime.now(UTC)})


async def list_tokens(tx: Transaction, person: UUID) -> list[dict[str, Any]]:
    """The tokens of a person, newest first: id, label, scopes, created_at, expires_at, used_at."""
    return await tx.fetch_all(_LIST, {"person_id": person})


async def revoke_token(tx: Transaction, person: UUID, token: UUID) -> None:
    """Ends a token of the person; raises NotFound where they have none of this id."""
    tx.notify(CHANGED)
    if not await tx.execute(_REVOKE, {"person_id": person, "token": token}):
        raise NotFound(Text("没有这个令牌", "there is no such token"))


_FIND = Statement(
    sa.select(
        api_tokens.c.id,
        api_tokens.c.person,
        api_tokens.c.scopes,
        api_tokens.c.label,
        api_tokens.c.used_at,
        access_state.c.version,
        catalogue.c.stamp,
    )
    .select_from(api_tokens.join(access_state, sa.true()).join(catalogue, sa.true()))
    .where(
        api_tokens.c.token_hash == sa.bindparam("hash", type_=sa.LargeBinary()),
        sa.or_(
            api_tokens.c.expires_at.is_(None),
            api_tokens.c.expires_at > sa.bindparam("now", type_=sa.DateTime(timezone=True)),
        ),
    )
)
_TOUCH = sa.update(api_tokens).where(api_tokens.c.id == sa.bindparam("token")).values(used_at=sa.bindparam("now"))
_LIST = (
    sa.select(
        api_tokens.c.id,
        api_tokens.c.label,
        api_tokens.c.scopes,
        api_tokens.c.created_at,
        api_tokens.c.expires_at,
        api_tokens.c.used_at,
    )
    .where(api_tokens.c.person == sa.bindparam("person_id"))
    .order_by(api_tokens.c.created_at.desc())
)
_REVOKE = sa.delete(api_tokens).where(
    api_tokens.c.person == sa.bindparam("person_id"), api_tokens.c.id == sa.bindparam("token")
)
