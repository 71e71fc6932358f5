"""Sessions of the pages: made at sign-in, ended by sign-out, idleness, age, or a new password."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.credentials import new_token, token_hash
from liaoran.access.tables import access_state, person_roles, sessions, sign_in_settings
from liaoran.infra.flights import Passenger, Row
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.schema.tables import catalogue

IDLE = timedelta(days=3)
ABSOLUTE = timedelta(days=30)
CHANGED = {"kind": "access"}
"""The notice that a session, a token, or what an actor may do is not what it was."""
TOUCH_AFTER = timedelta(minutes=5)
"""A session is marked as seen at most this often, so that reading does not write."""
FRESH = timedelta(minutes=15)
"""How long after the person proved who they are the keys of the account may be changed."""

Way = Literal["password", "totp", "recovery", "passkey", "single_sign_on", "link"]
"""By what a session was opened; the last step where there were two."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody is: the peer's ``address``, and ``agent``, the browser's name of itself."""

    address: str = ""
    agent: str = ""


NOWHERE = Visitor()


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request was signed with. ``access_version`` and ``stamp`` (of the catalogue) are those found in the same
    look, so an Actor and a Snapshot kept under them are good. ``stale`` asks for a mark that it was seen. ``limited`` is
    a session that has to set up a second factor before anything else; ``per_minute`` is a token's own limit."""

    kind: str
    id: UUID
    person: UUID
    access_version: int
    stamp: UUID
    scopes: frozenset[str] | None = None
    label: str = ""
    stale: bool = False
    limited: bool = False
    per_minute: int | None = None


async def open_session(
    tx: Transaction, slug: str, person: UUID, *, way: Way = "password", strong: bool = False, visitor: Visitor = NOWHERE
) -> str:
    """Opens a session and returns its token, which goes into the cookie and is kept nowhere. ``strong`` says that the
    person proved themselves by two factors."""
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
            "address": visitor.address[:80],
            "agent": visitor.agent[:200],
            "way": way,
            "strong": strong,
            "confirmed_at": now,
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
        "person",
        row["id"],
        row["person"],
        row["version"],
        row["stamp"],
        stale=now - row["seen_at"] > TOUCH_AFTER,
        limited=row["limited"],
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


async def close_session_of(tx: Transaction, person: UUID, session: UUID) -> None:
    """Ends one session of a person; raises NotFound where they have none of this id."""
    tx.notify(CHANGED)
    if not await tx.execute(_CLOSE_ONE, {"person_id": person, "session": session}):
        raise NotFound(Text("没有这个会话，可能已经结束", "there is no such session; it may have ended"))


async def list_sessions(tx: Transaction, person: UUID) -> list[dict[str, Any]]:
    """The open sessions of a person, last seen first: id, address, agent, way, strong, created_at, seen_at,
    expires_at."""
    now = datetime.now(UTC)
    return await tx.fetch_all(_LIST, {"person_id": person, "now": now, "idle_since": now - IDLE})


async def confirm_session(tx: Transaction, session: UUID, *, strong: bool = False) -> None:
    """Notes that the person of the session has just proved who they are; ``strong`` that they now have done so by a
    second factor too."""
    tx.notify(CHANGED)
    values: dict[str, Any] = {"confirmed_at": datetime.now(UTC)}
    if strong:
        values["strong"] = True
    await tx.execute(sa.update(sessions).where(sessions.c.id == session).values(**values))


async def require_fresh(tx: Transaction, credential: Credential) -> None:
    """To be asked before the keys of an account are changed: a borrowed session must not make itself at home.

    Raises Forbidden ``confirm_needed`` where the person last proved who they are more than 15 minutes ago, and
    ``in_person_only`` for an API token.
    """
    if credential.kind != "person":
        raise Forbidden(Text("令牌不能这样做，请登录后操作", "a token cannot do this; sign in"), code="in_person_only")
    confirmed = await tx.fetch_value(_CONFIRMED_AT, {"session": credential.id})
    if confirmed is None or datetime.now(UTC) - confirmed > FRESH:
        message = Text("请先再次确认是您本人", "please confirm once more that it is you")
        raise Forbidden(message, code="confirm_needed")


def needs_second_factor(person: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether one of the person's roles may sign in with two factors only."""
    required = sa.any_(sign_in_settings.c.second_factor_roles)
    return (
        sa.select(sa.literal(1))
        .select_from(person_roles.join(sign_in_settings, person_roles.c.role == required))
        .where(person_roles.c.person == person)
        .exists()
    )


_FIND = Statement(
    sa.select(
        sessions.c.id,
        sessions.c.person,
        sessions.c.seen_at,
        sa.and_(sessions.c.strong.is_(False), needs_second_factor(sessions.c.person)).label("limited"),
        access_state.c.version,
        catalogue.c.stamp,
    )
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
_CLOSE_ONE = sa.delete(sessions).where(
    sessions.c.person == sa.bindparam("person_id"), sessions.c.id == sa.bindparam("session")
)
_LIST = (
    sa.select(
        sessions.c.id,
        sessions.c.address,
        sessions.c.agent,
        sessions.c.way,
        sessions.c.strong,
        sessions.c.created_at,
        sessions.c.seen_at,
        sessions.c.expires_at,
    )
    .where(
        sessions.c.person == sa.bindparam("person_id"),
        sessions.c.expires_at > sa.bindparam("now"),
        sessions.c.seen_at > sa.bindparam("idle_since"),
    )
    .order_by(sessions.c.seen_at.desc(), sessions.c.id)
)
_CONFIRMED_AT = sa.select(sessions.c.confirmed_at).where(sessions.c.id == sa.bindparam("session"))
