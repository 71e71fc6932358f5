from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from liaoran.access import sessions, throttle
from liaoran.access.credentials import token_hash
from liaoran.access.entering import Opened
from liaoran.access.people import LoginChange, change_login, login_of, person_of_login, require_password, set_password
from liaoran.access.roles import install_roles
from liaoran.access.sessions import close_session, close_sessions_of, find_session, open_session
from liaoran.access.signin import SignIn, sign_in, sign_in_nowhere
from liaoran.access.tables import api_tokens, logins, sign_in_attempts
from liaoran.access.tables import sessions as sessions_table
from liaoran.access.tokens import create_token, find_token, list_tokens, revoke_token
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.errors import Invalid, LiaoranError, NotFound, Refused, TooMany, Unauthenticated
from liaoran.kernel.ids import new_id
from liaoran.packs.base import ROLES

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
async def admin(database: Database, organisation: Organisation) -> UUID:
    person = new_id()
    async with database.transaction(organisation.schema) as tx:
        await install_roles(tx, ROLES)
        await change_login(tx, person, LoginChange("Admin", PASSWORD, ["administrator"]))
    return person


async def _forget_attempts(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        await tx.execute(sa.delete(sign_in_attempts))


async def _sign_in(database: Database, organisation: Organisation, login: str, password: str, address: str = "") -> str:
    entered = await sign_in(database, organisation.slug, organisation.schema, SignIn(login, password, address))
    assert isinstance(entered, Opened)
    return entered.token


async def test_a_right_password_opens_a_session(database: Database, organisation: Organisation, admin: UUID) -> None:
    token = await _sign_in(database, organisation, "  ADMIN ", PASSWORD)
    async with database.read(organisation.schema) as tx:
        found = await find_session(tx, token)
        kept = await tx.fetch_all(sa.select(sessions_table.c.token_hash, sessions_table.c.agent))
    assert found is not None
    assert (found.person, found.kind, found.stale) == (admin, "person", False)
    assert token_hash(token) in [bytes(row["token_hash"]) for row in kept]
    assert token.encode() not in b"".join(bytes(row["token_hash"]) for row in kept)


@pytest.mark.parametrize(("login", "password"), [("admin", "wrong"), ("nobody", PASSWORD), ("", "")])
async def test_whatever_is_wrong_the_answer_is_one(
    database: Database, organisation: Organisation, admin: UUID, login: str, password: str
) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await _sign_in(database, organisation, login, password, "10.0.0.9")
    with pytest.raises(Unauthenticated) as nowhere:
        await sign_in_nowhere(SignIn(login, password))
    assert caught.value.code == nowhere.value.code == "wrong_login"
    assert caught.value.message == nowhere.value.message


async def test_a_disabled_login_is_refused_and_its_sessions_end(database: Database, organisation: Organisation) -> None:
    person = new_id()
    async with database.transaction(organisation.schema) as tx:
        await change_login(tx, person, LoginChange("leaver", PASSWORD))
    token = await _sign_in(database, organisation, "leaver", PASSWORD)
    async with database.transaction(organisation.schema) as tx:
        await change_login(tx, person, LoginChange(disabled=True))
        assert await find_session(tx, token) is None
    with pytest.raises(Unauthenticated):
        await _sign_in(database, organisation, "leaver", PASSWORD)


async def test_sessions_end_by_age_by_idleness_and_by_sign_out(
    database: Database, organisation: Organisation, admin: UUID
) -> None:
    now = datetime.now(UTC)
    async with database.transaction(organisation.schema) as tx:
        old, idle, done, stale = [await open_session(tx, "test", admin) for _ in range(4)]
        mark = sa.update(sessions_table).where(sessions_table.c.token_hash == sa.bindparam("hash"))
        await tx.execute(mark.values(expires_at=now - timedelta(seconds=1)), {"hash": token_hash(old)})
        past = now - sessions.IDLE - timedelta(seconds=1)
        await tx.execute(mark.values(seen_at=past), {"hash": token_hash(idle)})
        past = now - sessions.TOUCH_AFTER - timedelta(seconds=1)
        await tx.execute(mark.values(seen_at=past), {"hash": token_hash(stale)})
        await close_session(tx, done)
        assert [await find_session(tx, token) for token in (old, idle, done)] == [None, None, None]
        found = await find_session(tx, stale)
        assert found is not None
        assert found.stale
        await sessions.touch_session(tx, found.id)
        touched = await find_session(tx, stale)
        assert touched is not None
        assert not touched.stale


async def test_a_new_password_ends_the_other_sessions(database: Database, organisation: Organisation) -> None:
    person = new_id()
    async with database.transaction(organisation.schema) as tx:
        await change_login(tx, person, LoginChange("changer", PASSWORD))
        mine, other = await open_session(tx, "test", person), await open_session(tx, "test", person)
        await require_password(tx, person, PASSWORD)
        await set_password(tx, person, "changer", "another password", keep=mine)
        assert await find_session(tx, mine) is not None
        assert await find_session(tx, other) is None
        with pytest.raises(Refused):
            await require_password(tx, person, PASSWORD)
        await close_sessions_of(tx, person)
        assert await find_session(tx, mine) is None


async def test_sign_in_is_throttled_by_account(database: Database, organisation: Organisation, admin: UUID) -> None:
    """Attempts that come all at once are counted one by one too."""
    await _forget_attempts(database, organisation)
    tries = [_sign_in(database, organisation, "admin", "wrong", f"10.1.0.{n}") for n in range(throttle.PER_ACCOUNT + 5)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, TooMany) for one in outcomes) == 5
    assert sum(isinstance(one, Unauthenticated) for one in outcomes) == throttle.PER_ACCOUNT
    with pytest.raises(TooMany) as caught:
        await _sign_in(database, organisation, "admin", PASSWORD, "10.1.0.99")
    assert 0 < caught.value.retry_after <= throttle.WINDOW.total_seconds()
    await _forget_attempts(database, organisation)
    await _sign_in(database, organisation, "admin", PASSWORD)


async def test_a_right_password_forgives_the_account(
    database: Database, organisation: Organisation, admin: UUID
) -> None:
    await _forget_attempts(database, organisation)
    for _ in range(throttle.PER_ACCOUNT - 1):
        with pytest.raises(Unauthenticated):
            await _sign_in(database, organisation, "admin", "wrong", "10.2.0.1")
    await _sign_in(database, organisation, "admin", PASSWORD, "10.2.0.1")
    with pytest.raises(Unauthenticated):
        await _sign_in(database, organisation, "admin", "wrong", "10.2.0.1")
    async with database.read(organisation.schema) as tx:
        query = sa.select(sign_in_attempts.c.count).where(sign_in_attempts.c.key == "address:10.2.0.1")
        assert await tx.fetch_value(query) == throttle.PER_ACCOUNT
        assert "admin" not in str(await tx.fetch_all(sa.select(sign_in_attempts.c.key)))


async def test_sign_in_is_throttled_by_address(
    database: Database, organisation: Organisation, admin: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _forget_attempts(database, organisation)
    monkeypatch.setattr(throttle, "PER_ADDRESS", 3)
    for number in range(3):
        with pytest.raises(Unauthenticated):
            await _sign_in(database, organisation, f"guess{number}", "wrong", "10.3.0.1")
    with pytest.raises(TooMany):
        await _sign_in(database, organisation, "admin", PASSWORD, "10.3.0.1")
    await _sign_in(database, organisation, "admin", PASSWORD, "10.3.0.2")


async def test_old_attempts_are_forgotten(database: Database, organisation: Organisation, admin: UUID) -> None:
    async with database.transaction(organisation.schema) as tx:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await tx.execute(sa.insert(sign_in_attempts), {"key": "address:gone", "count": 500, "ends_at": past})
    await _sign_in(database, organisation, "admin", PASSWORD, "gone")


async def test_tokens_act_for_a_person_until_they_end(
    database: Database, organisation: Organisation, admin: UUID
) -> None:
    async with database.transaction(organisation.schema) as tx:
        token_id, token = await create_token(tx, "test", admin, "ERP", scopes=["read"], days=1)
        found = await find_token(tx, token)
        assert found is not None
        assert (found.kind, found.id, found.person, found.scopes) == ("token", token_id, admin, frozenset({"read"}))
        assert found.stale
        assert token not in str(await list_tokens(tx, admin))
        past = datetime.now(UTC) - timedelta(seconds=1)
        await tx.execute(sa.update(api_tokens).where(api_tokens.c.id == token_id).values(expires_at=past))
        assert await find_token(tx, token) is None
        with pytest.raises(NotFound):
            await revoke_token(tx, new_id(), token_id)
        await revoke_token(tx, admin, token_id)
        with pytest.raises(Invalid):
            await create_token(tx, "test", admin, "x", scopes=["everything"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (LoginChange(login="admin"), "login_in_use"),
        (LoginChange(login="two words"), "login_malformed"),
        (LoginChange(login=""), "login_malformed"),
        (LoginChange(password=PASSWORD), "login_missing"),
        (LoginChange(login="fresh", password="short"), "password_length"),
        (LoginChange(login="fresh", roles=["king"]), "unknown_role"),
    ],
)
async def test_a_login_that_cannot_be_is_refused(
    database: Database, organisation: Organisation, admin: UUID, change: LoginChange, code: str
) -> None:
    with pytest.raises(LiaoranError) as caught:
        async with database.transaction(organisation.schema) as tx:
            await change_login(tx, new_id(), change)
    assert code in {caught.value.code, *(one.code for one in caught.value.problems)}


async def test_the_last_administrator_stays(database: Database, organisation: Organisation, admin: UUID) -> None:
    for change in (LoginChange(roles=["manager"]), LoginChange(disabled=True)):
        with pytest.raises(Refused) as caught:
            async with database.transaction(organisation.schema) as tx:
                await change_login(tx, admin, change)
        assert caught.value.code == "last_administrator"
    async with database.read(organisation.schema) as tx:
        assert await login_of(tx, admin) == {
            "login": "admin",
            "disabled": False,
            "has_password": True,
            "second_factor": False,
            "roles": ["administrator"],
            "signed_in_at": (await login_of(tx, admin))["signed_in_at"],
        }
        assert await person_of_login(tx, "ADMIN") == admin
        with pytest.raises(NotFound):
            await person_of_login(tx, "nobody")


async def test_an_old_hash_is_renewed_at_sign_in(
    database: Database, organisation: Organisation, admin: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liaoran.access.signin.needs_new_hash", lambda _: True)
    query = sa.select(logins.c.password_hash).where(logins.c.person == admin)
    async with database.read(organisation.schema) as tx:
        before = await tx.fetch_value(query)
    await _sign_in(database, organisation, "admin", PASSWORD)
    async with database.read(organisation.schema) as tx:
        assert await tx.fetch_value(query) != before
    await _sign_in(database, organisation, "admin", PASSWORD)
