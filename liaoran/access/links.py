"""One-time links by which people set their password: an invitation, or a reset for who forgot it.

An administrator makes the link and hands it over (mail comes later). It is good once and for a while, only the newest of
a person is good at all, and the database keeps no more than its hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran import audit
from liaoran.access.credentials import new_token, organisation_of, token_hash
from liaoran.access.entering import Entered, enter, person_actor
from liaoran.access.people import set_password
from liaoran.access.sessions import Visitor
from liaoran.access.tables import logins, sign_in_links
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Problem, Refused
from liaoran.kernel.text import Text

LinkKind = Literal["invitation", "reset"]
HOURS: dict[LinkKind, int] = {"invitation": 7 * 24, "reset": 24}
"""How long a link is good where nothing else is said."""
MOST_HOURS = 30 * 24
LINK_PAGE = "/set-password"
"""The page that takes a link; the secret stands behind ``#``, which browsers send to nobody."""


@dataclass(frozen=True, slots=True)
class Link:
    """A fresh link; ``token`` is shown this once."""

    token: str
    kind: LinkKind
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that is still good: whose, and what it is for."""

    person: UUID
    login: str
    kind: LinkKind


async def make_link(tx: Transaction, slug: str, person: UUID, by: Actor, hours: int | None = None) -> Link:
    """Makes the link of a person, in place of a former one: an invitation for who has no password yet, else a reset.

    Raises Refused for somebody without a login, or with one that is disabled.
    """
    row = await tx.fetch_one(_LOGIN, {"person_id": person})
    if row is None or row["disabled"]:
        message = Text("请先为此人设置可用的登录名", "give this person a login that is not disabled first")
        raise Refused(message, code="login_missing", problems=[Problem("required", message, "login")])
    kind: LinkKind = "reset" if row["has_password"] else "invitation"
    token, now = new_token("link", slug), datetime.now(UTC)
    expires_at = now + timedelta(hours=hours or HOURS[kind])
    values = {
        "person": person,
        "token_hash": token_hash(token),
        "kind": kind,
        "made_at": now,
        "made_by": by.person,
        "expires_at": expires_at,
    }
    await tx.execute(_KEEP, values)
    audit.note(tx, f"{kind}.made", by, object="person", record=person, facts={"label": row["login"]})
    return Link(token, kind, expires_at)


async def look_at_link(tx: Transaction, token: str) -> OpenLink:
    """Whose link it is. Raises Refused ``link_gone`` where it was used, has expired, or never was one."""
    row = await tx.fetch_one(_LOOK, {"hash": token_hash(token), "now": datetime.now(UTC)})
    if row is None:
        raise link_gone()
    return OpenLink(row["person"], row["login"], row["kind"])


async def use_link(tx: Transaction, slug: str, token: str, password: str, visitor: Visitor) -> Entered:
    """Sets the password, ends all sessions of the person and lets them in, by way of their second factor if they have
    one. The link is used up. Raises Refused for a password that cannot be, and as ``look_at_link`` does."""
    link = await look_at_link(tx, token)
    if not await tx.execute(_USE, {"hash": token_hash(token)}):
        raise link_gone()  # another request was quicker
    # A link is not used up by a password that is refused, for the transaction is rolled back.
    await set_password(tx, link.person, link.login, password)
    audit.note(tx, f"{link.kind}.used", person_actor(link.person, link.login), facts={"address": visitor.address})
    return await enter(tx, slug, link.person, "link", visitor)


def link_organisation(token: str) -> str:
    """The organisation that a link names. Raises Refused ``link_gone`` for what is no link at all."""
    slug = organisation_of("link", token)
    if slug is None:
        raise link_gone()
    return slug


def link_gone() -> Refused:
    """The one refusal of a link, whatever is wrong with it."""
    message = Text(
        "这个链接已用过、已过期或不完整，请联系管理员重新生成",
        "this link was used, has expired or is not complete; ask an administrator for a new one",
    )
    return Refused(message, code="link_gone")


_LOGIN = sa.select(logins.c.login, logins.c.disabled, logins.c.password_hash.is_not(None).label("has_password")).where(
    logins.c.person == sa.bindparam("person_id")
)
_KEEP_INSERT = pg.insert(sign_in_links)
_KEEP = _KEEP_INSERT.on_conflict_do_update(
    index_elements=[sign_in_links.c.person],
    set_={name: _KEEP_INSERT.excluded[name] for name in ("token_hash", "kind", "made_at", "made_by", "expires_at")},
)
_LOOK: sa.Select[Any] = (
    sa.select(sign_in_links.c.person, sign_in_links.c.kind, logins.c.login)
    .select_from(sign_in_links.join(logins, logins.c.person == sign_in_links.c.person))
    .where(
        sign_in_links.c.token_hash == sa.bindparam("hash"),
        sign_in_links.c.expires_at > sa.bindparam("now"),
        logins.c.disabled.is_(False),
    )
)
_USE = sa.delete(sign_in_links).where(sign_in_links.c.token_hash == sa.bindparam("hash"))
