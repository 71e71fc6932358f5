"""What is good once is good once, also when it is sent many times in one moment; and what happened is in the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pyotp
import pytest
import sqlalchemy as sa

from liaoran.access.entering import Opened, SecondStep, person_actor, take_second_step
from liaoran.access.factors.recovery import make_recovery_codes
from liaoran.access.factors.standing import factors_of, first_recovery_codes, second_ways
from liaoran.access.factors.totp import begin_totp, finish_totp, totp_matches
from liaoran.access.links import make_link, use_link
from liaoran.access.people import LoginChange, change_login
from liaoran.access.roles import install_roles
from liaoran.access.sessions import Visitor, find_session, list_sessions
from liaoran.access.signin import SignIn, sign_in
from liaoran.access.signin_settings import change_sign_in_settings
from liaoran.access.tables import recovery_codes, sign_in_attempts, sign_in_tickets, totp_factors
from liaoran.access.throttle import PER_ACCOUNT
from liaoran.access.tickets import give_ticket, look_at_ticket, take_ticket
from liaoran.audit.tables import audit_log
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.errors import LiaoranError, Refused, TooMany
from liaoran.kernel.ids import new_id
from liaoran.packs.base import ROLES

PASSWORD = "correct horse battery"
HERE = Visitor("10.0.0.1", "a browser")


@pytest.fixture(scope="module")
async def _roles(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        await install_roles(tx, ROLES)
        await change_login(tx, new_id(), LoginChange("admin", PASSWORD, ["administrator"]))


async def _person(database: Database, organisation: Organisation, login: str) -> tuple[UUID, pyotp.TOTP]:
    """Somebody with a password and an app whose present and next codes were not used yet."""
    person = new_id()
    async with database.transaction(organisation.schema) as tx:
        await change_login(tx, person, LoginChange(login, PASSWORD, ["salesperson"]))
        begun = await begin_totp(tx, database.secrets, organisation.slug, person, login)
        app = pyotp.TOTP(begun.secret)
        first = app.at(datetime.now(UTC) - timedelta(seconds=30))
        await finish_totp(tx, database.secrets, person, begun.ticket, first)
    return person, app


async def _first_step(database: Database, organisation: Organisation, login: str) -> SecondStep:
    asked = await sign_in(database, organisation.slug, organisation.schema, SignIn(login, PASSWORD, HERE.address))
    assert isinstance(asked, SecondStep)
    return asked


async def _second_step(database: Database, organisation: Organisation, ticket: str, code: str) -> Opened:
    return await take_second_step(database, organisation.slug, organisation.schema, ticket, code, HERE)


async def _at_once(attempts: Sequence[Awaitable[Any]]) -> tuple[int, set[str]]:
    """How many went well, and the codes of the refusals of the others."""
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    refusals = [one for one in outcomes if isinstance(one, BaseException)]
    assert all(isinstance(one, LiaoranError) for one in refusals), refusals
    return len(outcomes) - len(refusals), {one.code for one in refusals if isinstance(one, LiaoranError)}


@pytest.mark.usefixtures("_roles")
async def test_one_code_opens_one_session(database: Database, organisation: Organisation) -> None:
    person, app = await _person(database, organisation, "once")
    tickets = [(await _first_step(database, organisation, "once")).ticket for _ in range(5)]
    code = app.now()
    done, refusals = await _at_once([_second_step(database, organisation, one, code) for one in tickets])
    assert (done, refusals) == (1, {"wrong_code"})
    async with database.read(organisation.schema) as tx:
        opened = await list_sessions(tx, person)
    assert [(one["way"], one["strong"], one["address"], one["agent"]) for one in opened] == [
        ("totp", True, "10.0.0.1", "a browser")
    ]


@pytest.mark.usefixtures("_roles")
async def test_one_ticket_opens_one_session(database: Database, organisation: Organisation) -> None:
    person, _ = await _person(database, organisation, "tickets")
    async with database.transaction(organisation.schema) as tx:
        codes = await make_recovery_codes(tx, person)
    ticket = (await _first_step(database, organisation, "tickets")).ticket
    done, refusals = await _at_once([_second_step(database, organisation, ticket, code) for code in codes[:3]])
    assert (done, refusals) == (1, {"ticket_gone"})
    async with database.read(organisation.schema) as tx:
        assert (await factors_of(tx, person)).codes_left == len(codes) - 1, "a code that opened nothing is not used up"


@pytest.mark.usefixtures("_roles")
async def test_one_recovery_code_opens_one_session(database: Database, organisation: Organisation) -> None:
    person, _ = await _person(database, organisation, "recovered")
    async with database.transaction(organisation.schema) as tx:
        codes = await make_recovery_codes(tx, person)
        kept = await tx.fetch_column(sa.select(recovery_codes.c.code_hash).where(recovery_codes.c.person == person))
    assert all(one.startswith("$argon2id$") for one in kept)
    tickets = [(await _first_step(database, organisation, "recovered")).ticket for _ in range(3)]
    done, refusals = await _at_once([_second_step(database, organisation, one, codes[0]) for one in tickets])
    assert (done, refusals) == (1, {"wrong_code"})


@pytest.mark.usefixtures("_roles")
async def test_one_link_sets_one_password(database: Database, organisation: Organisation) -> None:
    person = new_id()
    async with database.transaction(organisation.schema) as tx:
        await change_login(tx, person, LoginChange("linked", roles=["salesperson"]))
        link = await make_link(tx, organisation.slug, person, person_actor(person, "linked"))

    async def use(password: str) -> Any:
        async with database.transaction(organisation.schema) as tx:
            return await use_link(tx, organisation.slug, link.token, password, HERE)

    done, refusals = await _at_once([use(f"a sentence of {number} tulips") for number in range(4)])
    assert (done, refusals) == (1, {"link_gone"})


@pytest.mark.usefixtures("_roles")
async def test_many_codes_at_once_are_counted_one_by_one(database: Database, organisation: Organisation) -> None:
    _, app = await _person(database, organisation, "guessed")
    ticket = (await _first_step(database, organisation, "guessed")).ticket
    tries = [_second_step(database, organisation, ticket, f"{number:06d}") for number in range(PER_ACCOUNT + 5)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, TooMany) for one in outcomes) == 5
    assert sum(isinstance(one, Refused) for one in outcomes) == PER_ACCOUNT
    with pytest.raises(TooMany):
        await _second_step(database, organisation, ticket, app.now())
    async with database.transaction(organisation.schema) as tx:
        await tx.execute(sa.delete(sign_in_attempts))


@pytest.mark.usefixtures("_roles")
async def test_codes_of_a_clock_that_is_a_little_wrong(database: Database, organisation: Organisation) -> None:
    person, app = await _person(database, organisation, "clock")
    now = datetime.now(UTC)
    async with database.transaction(organisation.schema) as tx:
        for seconds in (-90, 90):
            assert not await totp_matches(tx, database.secrets, person, app.at(now + timedelta(seconds=seconds)))
        assert await totp_matches(tx, database.secrets, person, app.at(now + timedelta(seconds=30)))
        assert not await totp_matches(tx, database.secrets, person, app.at(now)), "older than the last one"
        for text in ("", "12345", "１２３４５６", "abcdef", "1234567"):
            assert not await totp_matches(tx, database.secrets, person, text)


@pytest.mark.usefixtures("_roles")
async def test_a_secret_is_of_one_person(database: Database, organisation: Organisation) -> None:
    """Whoever may write to the database cannot give a person the app of another."""
    mine, app = await _person(database, organisation, "mine")
    theirs, _ = await _person(database, organisation, "theirs")
    async with database.transaction(organisation.schema) as tx:
        sealed = await tx.fetch_value(sa.select(totp_factors.c.secret).where(totp_factors.c.person == mine))
        await tx.execute(sa.update(totp_factors).where(totp_factors.c.person == theirs).values(secret=bytes(sealed)))
        with pytest.raises(LiaoranError) as caught:
            await totp_matches(tx, database.secrets, theirs, app.now())
    assert caught.value.code == "secret_damaged"


@pytest.mark.usefixtures("_roles")
async def test_tickets(database: Database, organisation: Organisation) -> None:
    person = new_id()
    async with database.transaction(organisation.schema) as tx:
        ticket = await give_ticket(tx, "test", "second_step", person=person, content={"a": 1})
        assert (await look_at_ticket(tx, ticket, "second_step", person)).content == {"a": 1}
        for purpose, who in (("passkey_set_up", person), ("second_step", new_id())):
            with pytest.raises(Refused):
                await look_at_ticket(tx, ticket, purpose, who)  # type: ignore[arg-type]
        assert (await take_ticket(tx, ticket, "second_step")).person == person
        with pytest.raises(Refused):
            await take_ticket(tx, ticket, "second_step")
        await give_ticket(tx, "test", "second_step")
        await tx.execute(sa.update(sign_in_tickets).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        await give_ticket(tx, "test", "second_step")
        assert await tx.fetch_value(sa.select(sa.func.count()).select_from(sign_in_tickets)) == 1, "old ones go"


@pytest.mark.usefixtures("_roles")
async def test_whose_session_is_limited(database: Database, organisation: Organisation) -> None:
    person, plain = new_id(), new_id()
    async with database.transaction(organisation.schema) as tx:
        await change_login(tx, person, LoginChange("seller", PASSWORD, ["salesperson"]))
        await change_login(tx, plain, LoginChange("lawyer", PASSWORD, ["legal"]))
        await change_sign_in_settings(tx, second_factor_roles=["salesperson", "manager"])
    limited = {}
    for login in ("seller", "lawyer"):
        entered = await sign_in(database, organisation.slug, organisation.schema, SignIn(login, PASSWORD))
        assert isinstance(entered, Opened)
        async with database.read(organisation.schema) as tx:
            found = await find_session(tx, entered.token)
            assert found is not None
            limited[login] = found.limited
    assert limited == {"seller": True, "lawyer": False}
    async with database.transaction(organisation.schema) as tx:
        assert (await factors_of(tx, person)).required
        assert await second_ways(tx, person) == ()
        await first_recovery_codes(tx, person)
        assert await second_ways(tx, person) == (), "recovery codes alone are no second factor"
        await change_sign_in_settings(tx, second_factor_roles=[])


@pytest.mark.usefixtures("_roles")
async def test_the_audit_log_tells_who_came_and_who_did_not(database: Database, organisation: Organisation) -> None:
    person, app = await _person(database, organisation, "watched")
    async with database.transaction(organisation.schema) as tx:
        await tx.execute(sa.delete(sign_in_attempts))
    for login, password in (("watched", "wrong"), ("Hunter2-typed-in-the-wrong-field", "x")):
        with pytest.raises(LiaoranError):
            await sign_in(database, organisation.slug, organisation.schema, SignIn(login, password, "10.9.9.9"))
    ticket = (await _first_step(database, organisation, "watched")).ticket
    with pytest.raises(Refused):
        await _second_step(database, organisation, ticket, "000000")
    await _second_step(database, organisation, ticket, app.now())
    async with database.read(organisation.schema) as tx:
        rows = await tx.fetch_all(
            sa.select(audit_log.c.kind, audit_log.c.person, audit_log.c.facts)
            .where(audit_log.c.kind.like("sign_in.%"))
            .order_by(audit_log.c.at.desc())
            .limit(4)
        )
    assert [(row["kind"], row["person"], row["facts"]["way"]) for row in reversed(rows)] == [
        ("sign_in.refused", person, "password"),
        ("sign_in.refused", None, "password"),
        ("sign_in.refused", person, "second_step"),
        ("sign_in.succeeded", person, "totp"),
    ]
    assert "Hunter2" not in str(rows)
