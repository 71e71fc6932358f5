"""Sign-in: a login and a password become a session, or one and the same refusal whatever was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from liaoran import audit
from liaoran.access.entering import Entered, enter, person_actor
from liaoran.access.passwords import hash_password, needs_new_hash, password_matches
from liaoran.access.sessions import Visitor
from liaoran.access.tables import logins
from liaoran.access.throttle import count_attempt, forgive_attempt
from liaoran.infra.database import Database
from liaoran.kernel.errors import TooMany, Unauthenticated
from liaoran.kernel.text import Text


@dataclass(frozen=True, slots=True)
class SignIn:
    """What someone typed, and from where. ``address`` is the peer's, ``agent`` the browser's name of itself."""

    login: str
    password: str
    address: str = ""
    agent: str = ""


async def sign_in(database: Database, slug: str, schema: str, attempt: SignIn) -> Entered:
    """Opens a session, or asks for the second step of who has a second factor.

    Raises Unauthenticated for an unknown login, a wrong password, a disabled login and who has left alike, TooMany when
    throttled.
    The attempt is committed by itself first, so that a refusal does not roll its count back.
    """
    login, visitor = normal_login(attempt.login), Visitor(attempt.address, attempt.agent)
    try:
        async with database.transaction(schema) as tx:
            await count_attempt(tx, login, attempt.address)
    except TooMany:
        await _note_refusal(database, schema, "sign_in.throttled", attempt)
        raise
    async with database.read(schema) as tx:
        row = await tx.fetch_one(_FIND, {"wanted": login})
    known = row["password_hash"] if row and not row["disabled"] else None
    if not await password_matches(known, attempt.password) or row is None or known is None:
        await _note_refusal(database, schema, "sign_in.refused", attempt, row["person"] if row else None, login)
        raise wrong_login()
    fresh = await hash_password(attempt.password) if needs_new_hash(known) else known
    try:
        async with database.transaction(schema) as tx:
            if not await tx.execute(_RENEW, {"person_id": row["person"], "known": known, "hash": fresh}):
                raise wrong_login()  # the password was changed in this very moment
            await forgive_attempt(tx, login, attempt.address)
            return await enter(tx, slug, row["person"], "password", visitor)
    except Unauthenticated as error:
        # Who has left is refused as everybody else is.
        await _note_refusal(database, schema, "sign_in.refused", attempt, row["person"], login)
        raise wrong_login() from error


async def sign_in_nowhere(attempt: SignIn) -> None:
    """The answer for an organisation that does not exist: as slow as, and equal to, a wrong password."""
    await password_matches(None, attempt.password)
    raise wrong_login()


def normal_login(login: str) -> str:
    """The form in which logins are kept and compared."""
    return login.strip().casefold()


def wrong_login() -> Unauthenticated:
    """The one refusal of sign-in."""
    return Unauthenticated(Text("登录名或密码不正确", "the login or the password is wrong"), code="wrong_login")


async def _note_refusal(
    database: Database, schema: str, kind: str, attempt: SignIn, person: UUID | None = None, login: str = ""
) -> None:
    """Notes a refusal. What was typed is kept only where it is a login: else it may be a password in the wrong place."""
    actor = None if person is None else person_actor(person, login)
    async with database.transaction(schema) as tx:
        audit.note(tx, kind, actor, facts={"way": "password", "address": attempt.address})


_FIND = sa.select(logins.c.person, logins.c.password_hash, logins.c.disabled).where(
    logins.c.login == sa.bindparam("wanted")
)
_RENEW = (
    sa.update(logins)
    .where(logins.c.person == sa.bindparam("person_id"), logins.c.password_hash == sa.bindparam("known"))
    .values(password_hash=sa.bindparam("hash"))
)
