"""From a proof of who somebody is to a session: at once, or by way of a second step.

Every way in (password, single sign-on, link) ends here, so none of them goes round a second factor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran import audit
from liaoran.access.credentials import organisation_of
from liaoran.access.factors.recovery import use_recovery_code
from liaoran.access.factors.standing import second_ways
from liaoran.access.factors.totp import totp_matches, wrong_code
from liaoran.access.holdings import are_present
from liaoran.access.sessions import Visitor, Way, open_session
from liaoran.access.tables import logins
from liaoran.access.throttle import count_attempt, forgive_attempt
from liaoran.access.tickets import give_ticket, look_at_ticket, take_ticket, ticket_gone
from liaoran.infra.database import Database
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import TooMany, Unauthenticated
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot


@dataclass(frozen=True, slots=True)
class Opened:
    """A session is open; ``token`` goes into the cookie."""

    token: str


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Something more has to be proved: by one of ``ways`` (``totp``, ``passkey``, ``recovery``), with the ``ticket``."""

    ticket: str
    ways: tuple[str, ...]


Entered = Opened | SecondStep


async def enter(
    tx: Transaction, slug: str, person: UUID, way: Way, visitor: Visitor, *, strong: bool = False
) -> Entered:
    """What follows a proof. ``strong`` says that it was two factors already. Raises Unauthenticated where the login is
    gone or disabled, or the person has left."""
    login = await _login(tx, person)
    if not strong and (ways := await second_ways(tx, person)):
        return SecondStep(await give_ticket(tx, slug, "second_step", person=person, content={"way": way}), ways)
    return await _open(tx, slug, person, login, way, visitor, strong=strong)


async def take_second_step(
    database: Database, slug: str, schema: str, ticket: str, code: str, visitor: Visitor
) -> Opened:
    """Opens the session that a second step was asked for, by a code of the app or a recovery code.

    Raises Refused ``ticket_gone`` and ``wrong_code``, TooMany after too many codes. Each code is counted before it is
    looked at, by itself, so that many at once cannot slip through together.
    """
    async with database.read(schema) as tx:
        begun = await look_at_ticket(tx, ticket, "second_step")
    person = begun.person
    if person is None:
        raise ticket_gone()
    await count_code(database, schema, person, visitor)
    async with database.transaction(schema) as tx:
        way = await proven_by(tx, database, person, code)
        if way is not None:
            await take_ticket(tx, ticket, "second_step")
            await forgive_attempt(tx, _counted(person), visitor.address)
            login = await _login(tx, person)
            return await _open(tx, slug, person, login, way, visitor, strong=True)
    async with database.transaction(schema) as tx:
        login = await _login(tx, person)
        facts = {"way": "second_step", "address": visitor.address}
        audit.note(tx, "sign_in.refused", person_actor(person, login), facts=facts)
    raise wrong_code()


async def count_code(database: Database, schema: str, person: UUID, visitor: Visitor) -> None:
    """Counts one try of a code. Raises TooMany beyond the limit."""
    try:
        async with database.transaction(schema) as tx:
            await count_attempt(tx, _counted(person), visitor.address)
    except TooMany:
        async with database.transaction(schema) as tx:
            audit.note(tx, "sign_in.throttled", None, facts={"way": "second_step", "address": visitor.address})
        raise


async def forgive_codes(tx: Transaction, person: UUID) -> None:
    """Forgets the tries after a right code."""
    await forgive_attempt(tx, _counted(person), "")


async def proven_by(tx: Transaction, database: Database, person: UUID, code: str) -> Way | None:
    """Which kind of code it is, ``totp`` or ``recovery``, or None where it is none of the person's. It is used up."""
    if await totp_matches(tx, database.secrets, person, code):
        return "totp"
    if await use_recovery_code(tx, person, code):
        audit.note(tx, "recovery_code.used", person_actor(person, await _login(tx, person)))
        return "recovery"
    return None


def ticket_organisation(ticket: str) -> str:
    """The organisation that a ticket names. Raises Refused ``ticket_gone`` for what is no ticket at all."""
    slug = organisation_of("ticket", ticket)
    if slug is None:
        raise ticket_gone()
    return slug


def person_actor(person: UUID, login: str) -> Actor:
    """Who acts, for the audit log, before anything of the person is resolved."""
    return Actor(kind="person", id=person, person=person, label=login)


async def _open(
    tx: Transaction, slug: str, person: UUID, login: str, way: Way, visitor: Visitor, *, strong: bool
) -> Opened:
    await tx.execute(_SIGNED_IN, {"person_id": person, "now": datetime.now(UTC)})
    facts = {"way": way, "address": visitor.address, "second_factor": strong}
    audit.note(tx, "sign_in.succeeded", person_actor(person, login), facts=facts)
    return Opened(await open_session(tx, slug, person, way=way, strong=strong, visitor=visitor))


async def _login(tx: Transaction, person: UUID) -> str:
    people = (await load_snapshot(tx)).objects.get("person")
    statement = _LOGIN
    if people is not None:
        present = sa.select(people.table.c.id).where(people.table.c.id == logins.c.person, *are_present(people))
        statement = statement.where(present.exists())
    login: Any = await tx.fetch_value(statement, {"person_id": person})
    if login is None:
        raise Unauthenticated(Text("此账号已不可用", "this account is no longer active"), code="account_inactive")
    return str(login)


def _counted(person: UUID) -> str:
    # Apart from passwords: who knows the password could else have guesses forgiven by signing in once more.
    return f"code/{person}"


_LOGIN = sa.select(logins.c.login).where(logins.c.person == sa.bindparam("person_id"), logins.c.disabled.is_(False))
_SIGNED_IN = (
    sa.update(logins).where(logins.c.person == sa.bindparam("person_id")).values(signed_in_at=sa.bindparam("now"))
)
