"""Tickets: what was begun before anybody is signed in, or beside it, and is to be finished once within minutes.

A second step after the password, the challenge of a passkey, a single sign-on that is under way. A ticket is a secret
of 256 bits that the browser carries; the database keeps its hash and what belongs to it. Taking it removes it, so what
is sent a second time finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.credentials import new_token, token_hash
from liaoran.access.tables import sign_in_tickets
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Refused
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text

Purpose = Literal["second_step", "passkey_sign_in", "passkey_set_up", "totp_set_up", "single_sign_on"]
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whom it is about, as far as that is known, and what is needed to finish."""

    person: UUID | None
    content: Mapping[str, Any]


async def give_ticket(
    tx: Transaction,
    slug: str,
    purpose: Purpose,
    *,
    person: UUID | None = None,
    content: Mapping[str, Any] | None = None,
) -> str:
    """A fresh ticket, good for ten minutes. ``content`` is plain JSON; secrets in it are sealed by the caller."""
    ticket, now = new_token("ticket", slug), datetime.now(UTC)
    await tx.execute(_FORGET_OLD, {"now": now})
    values = {
        "id": new_id(),
        "token_hash": token_hash(ticket),
        "purpose": purpose,
        "person": person,
        "content": dict(content or {}),
        "expires_at": now + LIFETIME,
    }
    await tx.execute(sa.insert(sign_in_tickets), values)
    return ticket


async def look_at_ticket(tx: Transaction, ticket: str, purpose: Purpose, person: UUID | None = None) -> Ticket:
    """The ticket, which stays good. Raises Refused ``ticket_gone`` where it was used, has expired, is for
    something else, or for somebody other than ``person``."""
    return _checked(await tx.fetch_one(_LOOK, _params(ticket, purpose)), person)


async def take_ticket(tx: Transaction, ticket: str, purpose: Purpose, person: UUID | None = None) -> Ticket:
    """The ticket, which is used up by this. Raises as ``look_at_ticket`` does."""
    return _checked(await tx.fetch_one(_TAKE, _params(ticket, purpose)), person)


def _params(ticket: str, purpose: Purpose) -> dict[str, Any]:
    return {"hash": token_hash(ticket), "purpose": purpose, "now": datetime.now(UTC)}


def _checked(row: Mapping[str, Any] | None, person: UUID | None) -> Ticket:
    if row is None or (person is not None and row["person"] != person):
        raise ticket_gone()
    return Ticket(row["person"], row["content"])


def ticket_gone() -> Refused:
    """The one refusal of a ticket, whatever is wrong with it."""
    message = Text("这一步已用过或已过期，请重新开始", "this step was used or has expired; please start again")
    return Refused(message, code="ticket_gone")


_GOOD = sa.and_(
    sign_in_tickets.c.token_hash == sa.bindparam("hash"),
    sign_in_tickets.c.purpose == sa.bindparam("purpose"),
    sign_in_tickets.c.expires_at > sa.bindparam("now"),
)
_LOOK = sa.select(sign_in_tickets.c.person, sign_in_tickets.c.content).where(_GOOD)
_TAKE = sa.delete(sign_in_tickets).where(_GOOD).returning(sign_in_tickets.c.person, sign_in_tickets.c.content)
_FORGET_OLD = sa.delete(sign_in_tickets).where(sign_in_tickets.c.expires_at < sa.bindparam("now"))
