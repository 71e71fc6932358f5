"""API tokens: act for a person from outside the pages, narrowed to scopes, until they expire or are revoked.

A personal token is its owner's affair. A service token belongs to the organisation: administrators make it for a person
who stands for a program, see all of them, and end them.

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
from liaoran.schema.snapshot import Snapshot
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
    per_minute: int | None = None,
    made_by: UUID | None = None,
    service: bool = False,
) -> tuple[UUID, str]:
    """Makes a token for a person and returns its id and its text, which is shown once and kept nowhere.

    ``days`` is how long it is good (None: until revoked), ``per_minute`` how many requests it may make (None: as many
    as the server allows anybody). Raises Invalid for an unknown scope.
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
            "per_minute": per_minute,
            "made_by": made_by,
            "service": service,
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
    return Credential(
        "token",
        row["id"],
        row["person"],
        row["version"],
        row["stamp"],
        scopes,
        row["label"],
        stale,
        per_minute=row["per_minute"],
    )


async def touch_token(tx: Transaction, token: UUID) -> None:
    """Notes that the token was used now."""
    await tx.execute(_TOUCH, {"token": token, "now": datetime.now(UTC)})


async def list_tokens(tx: Transaction, person: UUID) -> list[dict[str, Any]]:
    """The personal tokens of a person, newest first: id, label, scopes, per_minute, created_at, expires_at, used_at."""
    return await tx.fetch_all(_LIST, {"person_id": person})


async def list_service_tokens(tx: Transaction, snapshot: Snapshot) -> list[dict[str, Any]]:
    """The service tokens of the organisation, newest first: as ``list_tokens`` and ``person`` as ``{id, label}``."""
    one = snapshot.object("person")
    name = sa.select(one.table.c[one.name_field]).where(one.table.c.id == api_tokens.c.person).scalar_subquery()
    statement = sa.select(*_COLUMNS, api_tokens.c.person, name.label("name")).where(api_tokens.c.service)
    rows = await tx.fetch_all(statement.order_by(api_tokens.c.created_at.desc(), api_tokens.c.id))
    return [{**row, "person": {"id": row["person"], "label": row.pop("name") or ""}} for row in rows]


async def revoke_token(tx: Transaction, person: UUID, token: UUID) -> str:
    """Ends a personal token and gives its label; raises NotFound where the person has none of this id."""
    return await _revoked(tx, _REVOKE, {"person_id": person, "token": token})


async def revoke_service_token(tx: Transaction, token: UUID) -> str:
    """Ends a service token and gives its label; raises NotFound where there is none of this id."""
    return await _revoked(tx, _REVOKE_SERVICE, {"token": token})


async def _revoked(tx: Transaction, statement: sa.Executable, params: dict[str, Any]) -> str:
    tx.notify(CHANGED)
    row = await tx.fetch_one(statement, params)
    if row is None:
        raise NotFound(Text("没有这个令牌", "there is no such token"))
    return str(row["label"])


_FIND = Statement(
    sa.select(
        api_tokens.c.id,
        api_tokens.c.person,
        api_tokens.c.scopes,
        api_tokens.c.label,
        api_tokens.c.used_at,
        api_tokens.c.per_minute,
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
_COLUMNS = (
    api_tokens.c.id,
    api_tokens.c.label,
    api_tokens.c.scopes,
    api_tokens.c.per_minute,
    api_tokens.c.created_at,
    api_tokens.c.expires_at,
    api_tokens.c.used_at,
)
_LIST = (
    sa.select(*_COLUMNS)
    .where(api_tokens.c.person == sa.bindparam("person_id"), api_tokens.c.service.is_(False))
    .order_by(api_tokens.c.created_at.desc(), api_tokens.c.id)
)
_REVOKE = (
    sa.delete(api_tokens)
    .where(
        api_tokens.c.person == sa.bindparam("person_id"),
        api_tokens.c.id == sa.bindparam("token"),
        api_tokens.c.service.is_(False),
    )
    .returning(api_tokens.c.label)
)
_REVOKE_SERVICE = (
    sa.delete(api_tokens)
    .where(api_tokens.c.id == sa.bindparam("token"), api_tokens.c.service)
    .returning(api_tokens.c.label)
)
