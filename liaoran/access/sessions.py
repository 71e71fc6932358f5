"""Sessions of the pages: made at sign-in, ended by sign-out, idleness, age, or a new password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.credentials import new_token, token_hash
from liaoran.access.tables import access_state, sessions
from liaoran.infra.flights import Passenger, Row
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.ids import new_id
from liaoran.schema.tables import catalogue

IDLE = timedelta(days=3)
ABSOLUTE = timedelta(days=30)
CHANGED = {"kind": "access"}
"""The notice that a session, a token, or what an actor may do is not what it was."""
TOUCH_AFTER = timedelta(minutes=5)
"""A session is marked as seen at most this often, so that reading does not write."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request was signed with. ``access_version`` and ``stamp`` (of the catalogue) are those found in the same
    look, so an Actor and a Snapshot kept under them are good. ``stale`` asks for a mark that it was seen."""

    kind: str
    id: UUID
    person: UUID
    access_version: int
    stamp: UUID
    scopes: frozenset[str] | None = None
    label: str = ""
    stale: bool = False


async def open_session(tx: Transaction, slug: str, person: UUID, *, address: str = "", agent: str = "") -> str:
    """Opens a session and returns its token, which goes into the cookie and is kept nowhere."""
    token = new_token("session", slug)
    now = datetime.now(UTC)
    await tx.execute(_EXPIRED, {"now": now, "idle_since": now - IDLE})
    await tx.execute(
        sa.insert(sessions),
        {
            "id": new_id(),
            "token_hash": token_hash(token),
            "person": person,
            "created_at": now,
            "seen_at": now,
            "expires_at": now + ABSOLUTE,
            "address": address[:80],
            "agent": agent[:200],
        },
    )
    return token


async def find_session(tx: Transaction, token: str) -> Credential | None:
    """The session of a token, or None where there is none or it has run out."""
    found: list[Credential | None] = []
    ask_session(tx, token, found.append)
    await tx.land()
    return found[0]


def ask_session(tx: Transaction, token: str, then: Callable[[Credential | None], None]) -> Passenger:
    """Sends the question for the session of a token; ``then`` gets it, or None where there is none or it has run
    out."""
    now = datetime.now(UTC)
    params = {"hash": token_hash(token), "now": now, "idle_since": now - IDLE}
    return tx.send(_FIND, params, lambda rows: then(_credential(rows[0], now) if rows else None))


def _credential(row: Row, now: datetime) -> Credential:
    return Credential(
        "person", row["id"], row["person"], row["version"], row["stamp"], stale=now - row["seen_at"] > TOUCH_AFTER
    )


async def touch_session(tx: Transaction, session: UUID) -> None:
    """Marks the session as seen now."""
    await tx.execute(_TOUCH, {"session": session, "now": datetime.now(UTC)})


async def close_session(tx: Transaction, token: str) -> None:
    """Ends the session of a token; ending one that is not there is fine."""
    tx.notify(CHANGED)
    await tx.execute(
        sa.delete(sessions).where(sessions.c.token_hash == sa.bindparam("hash")), {"hash": token_hash(token)}
    )


async def close_sessions_of(tx: Transaction, person: UUID, keep: str | None = None) -> None:
    """Ends all sessions of a person, but for the one of the token ``keep``."""
    tx.notify(CHANGED)
    kept = token_hash(keep) if keep else b""
    await tx.execute(_CLOSE_ALL, {"person_id": person, "kept": kept})


_FIND = Statement(
    sa.select(sessions.c.id, sessions.c.person, sessions.c.seen_at, access_state.c.version, catalogue.c.stamp)
    .select_from(sessions.join(access_state, sa.true()).join(catalogue, sa.true()))
    .where(
        sessions.c.token_hash == sa.bindparam("hash", type_=sa.LargeBinary()),
        sessions.c.expires_at > sa.bindparam("now", type_=sa.DateTime(timezone=True)),
        sessions.c.seen_at > sa.bindparam("idle_since", type_=sa.DateTime(timezone=True)),
    )
)
_TOUCH = sa.update(sessions).where(sessions.c.id == sa.bindparam("session")).values(seen_at=sa.bindparam("now"))
_EXPIRED = sa.delete(sessions).where(
    sa.or_(sessions.c.expires_at < sa.bindparam("now"), sessions.c.seen_at < sa.bindparam("idle_since"))
)
_CLOSE_ALL = sa.delete(sessions).where(
    sessions.c.person == sa.bindparam("person_id"), sessions.c.token_hash != sa.bindparam("kept")
)
