"""A single sign-on from its beginning to a session: state and nonce in a ticket, the provider's subject to a person."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran import audit
from liaoran.access.credentials import new_token, token_hash
from liaoran.access.entering import Entered, enter, person_actor
from liaoran.access.sessions import Visitor
from liaoran.access.signin import normal_login
from liaoran.access.single_sign_on.protocol import Kept, address_of, discover, finish, sign_on_refused
from liaoran.access.single_sign_on.providers import Provider, get_provider
from liaoran.access.tables import logins, sign_in_identities
from liaoran.access.throttle import count_address, forgive_address
from liaoran.access.tickets import give_ticket, take_ticket, ticket_gone
from liaoran.infra.database import Database
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Refused
from liaoran.kernel.text import Text


@dataclass(frozen=True, slots=True)
class SignOn:
    """A sign-on under way: ``address`` to send the browser to; ``browser`` is a secret for a cookie of its, so that
    nobody can have somebody else's browser finish a sign-on of theirs."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class SignedOn:
    """What came of it, and the page that was wanted."""

    entered: Entered
    next: str


async def begin_sign_on(
    database: Database, slug: str, schema: str, provider_id: UUID, *, redirect: str, next_page: str, visitor: Visitor
) -> SignOn:
    """Begins a sign-on. Raises NotFound for a provider that is not in use, Refused ``provider_unusable``,
    TooMany for an address that begins too often."""
    async with database.read(schema) as tx:
        provider = await get_provider(tx, database.secrets, provider_id)
    metadata = await discover(database.settings, provider.issuer)
    browser = new_token("ticket", slug)
    kept = Kept(secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    content = {
        "provider": str(provider.id),
        "nonce": kept.nonce,
        "verifier": kept.verifier,
        "browser": token_hash(browser).hex(),
        "next": next_page,
    }
    async with database.transaction(schema) as tx:
        await count_address(tx, visitor.address)
        state = await give_ticket(tx, slug, "single_sign_on", content=content)
    return SignOn(address_of(provider, metadata, redirect, state, kept), browser)


async def finish_sign_on(
    database: Database,
    slug: str,
    schema: str,
    *,
    state: str,
    browser: str,
    code: str,
    issuer: str,
    redirect: str,
    visitor: Visitor,
) -> SignedOn:
    """Finishes a sign-on: opens a session, or asks for the second step. ``issuer`` is who answered, where the provider
    says so.

    Raises Refused: ``ticket_gone`` where it was finished before, is too old, or was begun in another browser;
    ``sign_on_refused`` where the provider does not vouch for it; ``no_such_account`` where nobody here is who the
    provider says, or their login is disabled.
    """
    async with database.transaction(schema) as tx:
        content = (await take_ticket(tx, state, "single_sign_on")).content
        provider = await get_provider(tx, database.secrets, UUID(content["provider"]))
    if not hmac.compare_digest(token_hash(browser).hex(), content["browser"]):
        raise ticket_gone()
    if issuer and issuer != provider.issuer:
        raise sign_on_refused()  # one provider's code must not be taken to another (RFC 9207)
    kept = Kept(content["nonce"], content["verifier"])
    claims = await finish(database.settings, provider, redirect, code, kept)
    async with database.transaction(schema) as tx:
        person = await _person_of(tx, provider, claims)
        if person is not None:
            entered = await enter(tx, slug, person, "single_sign_on", visitor, strong=provider.strong)
            await forgive_address(tx, visitor.address)
            return SignedOn(entered, str(content["next"]))
    async with database.transaction(schema) as tx:
        facts = {"way": "single_sign_on", "address": visitor.address, "label": provider.issuer}
        audit.note(tx, "sign_in.refused", None, facts=facts)
    message = Text(
        "登录服务已确认您的身份，但这里没有对应的可用账号，请联系管理员",
        "the provider knows you, but there is no active account here that belongs to it; ask an administrator",
    )
    raise Refused(message, code="no_such_account")


async def _person_of(tx: Transaction, provider: Provider, claims: Mapping[str, Any]) -> UUID | None:
    """Who it is: by the provider's subject, the first time by the login that a claim names. A login that somebody else
    of the provider holds already is not given away."""
    key = {"issuer": provider.issuer, "subject": str(claims["sub"])[:255]}
    named = {"of_issuer": key["issuer"], "of_subject": key["subject"]}
    known = await tx.fetch_one(_KNOWN, named)
    now = datetime.now(UTC)
    if known is not None:
        await tx.execute(_SEEN, {**named, "now": now})
        return None if known["disabled"] else UUID(str(known["person"]))
    login = _login_in(provider, claims)
    row = None if login is None else await tx.fetch_one(_BY_LOGIN, {"wanted": login, "from": provider.issuer})
    if row is None:
        return None
    values = {**key, "person": row["person"], "made_at": now, "used_at": now}
    await tx.execute(pg.insert(sign_in_identities).on_conflict_do_nothing(), values)
    facts = {"label": login, "issuer": provider.issuer}
    audit.note(
        tx, "login.changed", person_actor(row["person"], str(login)), object="person", record=row["person"], facts=facts
    )
    return UUID(str(row["person"]))


def _login_in(provider: Provider, claims: Mapping[str, Any]) -> str | None:
    value = claims.get(provider.login_claim)
    if not isinstance(value, str) or not value.strip():
        return None
    if provider.login_claim == "email" and claims.get("email_verified") is not True:
        return None  # anybody may enter any address at many a provider
    return normal_login(value)


_KNOWN = (
    sa.select(sign_in_identities.c.person, logins.c.disabled)
    .select_from(sign_in_identities.join(logins, logins.c.person == sign_in_identities.c.person))
    .where(
        sign_in_identities.c.issuer == sa.bindparam("of_issuer"),
        sign_in_identities.c.subject == sa.bindparam("of_subject"),
    )
)
_SEEN = (
    sa.update(sign_in_identities)
    .where(
        sign_in_identities.c.issuer == sa.bindparam("of_issuer"),
        sign_in_identities.c.subject == sa.bindparam("of_subject"),
    )
    .values(used_at=sa.bindparam("now"))
)
_TAKEN = (
    sa.select(sa.literal(1))
    .where(sign_in_identities.c.issuer == sa.bindparam("from"), sign_in_identities.c.person == logins.c.person)
    .exists()
)
_BY_LOGIN = sa.select(logins.c.person).where(
    logins.c.login == sa.bindparam("wanted"), logins.c.disabled.is_(False), sa.not_(_TAKEN)
)
