"""Sign-in: a login and a password become a session, or one and the same refusal whatever was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from liaoran.access.passwords import hash_password, needs_new_hash, password_matches
from liaoran.access.sessions import open_session
from liaoran.access.tables import logins
from liaoran.access.throttle import count_attempt, forgive_attempt
from liaoran.infra.database import Database
from liaoran.kernel.errors import Unauthenticated
from liaoran.kernel.text import Text


@dataclass(frozen=True, slots=True)
class SignIn:
    """What someone typed, and from where. ``address`` is the peer's, ``agent`` the browser's name of itself."""

    login: str
    password: str
    address: str = ""
    agent: str = ""


async def sign_in(database: Database, slug: str, schema: str, attempt: SignIn) -> str:
    """Opens a session and returns its token.

    Raises Unauthenticated for an unknown login, a wrong password and a disabled login alike, TooMany when throttled.
    The attempt is committed by itself first, so that a refusal does not roll its count back.
    """
    login = normal_login(attempt.login)
    async with database.transaction(schema) as tx:
        await count_attempt(tx, login, attempt.address)
        row = await tx.fetch_one(_FIND, {"wanted": login})
    known = row["password_hash"] if row and not row["disabled"] else None
    if not await password_matches(known, attempt.password) or row is None or known is None:
        raise wrong_login()
    fresh = await hash_password(attempt.password) if needs_new_hash(known) else known
    async with database.transaction(schema) as tx:
        noted = {"person_id": row["person"], "known": known, "hash": fresh, "now": datetime.now(UTC)}
        if not await tx.execute(_NOTE, noted):
            raise wrong_login()  # the password was changed in this very moment
        await forgive_attempt(tx, login, attempt.address)
        return await open_session(tx, slug, row["person"], address=attempt.address, agent=attempt.agent)


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


_FIND = sa.select(logins.c.person, logins.c.password_hash, logins.c.disabled).where(
    logins.c.login == sa.bindparam("wanted")
)
_NOTE = (
    sa.update(logins)
    .where(logins.c.person == sa.bindparam("person_id"), logins.c.password_hash == sa.bindparam("known"))
    .values(signed_in_at=sa.bindparam("now"), password_hash=sa.bindparam("hash"))
)
