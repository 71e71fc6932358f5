"""Logins of people: name, password, roles, preferences. The person itself is a record and belongs to the write path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran import audit
from liaoran.access.actors import raise_access_version
from liaoran.access.holdings import ADMINISTRATOR_ROLE
from liaoran.access.password_policy import check_password
from liaoran.access.passwords import hash_password, password_matches
from liaoran.access.roles import give_roles, require_an_administrator, roles_of
from liaoran.access.sessions import close_sessions_of
from liaoran.access.signin import normal_login
from liaoran.access.signin_settings import read_sign_in_settings
from liaoran.access.tables import logins, passkeys, person_roles, sign_in_links, totp_factors
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import NotFound, Problem, Refused
from liaoran.kernel.text import LANGUAGES, Language, Text
from liaoran.query.display import instant_text, json_object
from liaoran.schema.snapshot import Snapshot

MAXIMUM_LOGIN = 100


@dataclass(frozen=True, slots=True)
class LoginChange:
    """What to set of a person's login; None leaves a part as it is. ``known_to_all`` is for a demo, whose password is
    shown to everybody: it does not have to be a good one."""

    login: str | None = None
    password: str | None = None
    roles: Sequence[str] | None = None
    disabled: bool | None = None
    known_to_all: bool = False


async def login_of(tx: Transaction, person: UUID) -> dict[str, Any]:
    """``{login, disabled, roles, signed_in_at, has_password, second_factor}``; ``login`` is None where the person cannot
    sign in."""
    row = await tx.fetch_one(_LOGIN, {"person_id": person})
    kept = row or {
        "login": None,
        "disabled": False,
        "signed_in_at": None,
        "has_password": False,
        "second_factor": False,
    }
    return {**kept, "roles": list(await roles_of(tx, person))}


async def list_logins(tx: Transaction) -> bytes:
    """JSON list of ``{person, login, disabled, roles, signed_in_at, has_password, second_factor}``, one for each person
    with a login, by login."""
    return await tx.fetch_json(_LOGINS) or b"[]"


async def require_person(tx: Transaction, snapshot: Snapshot, person: UUID) -> None:
    """Raises NotFound unless there is such a person."""
    people = snapshot.object("person").table
    statement = sa.select(people.c.id).where(people.c.id == sa.bindparam("person_id"), people.c.deleted_at.is_(None))
    if await tx.fetch_value(statement, {"person_id": person}) is None:
        raise NotFound(Text("没有这个人员", "there is no such person"))


async def person_of_login(tx: Transaction, login: str) -> UUID:
    """The person of a login; raises NotFound for an unknown one."""
    found = await tx.fetch_value(_PERSON_OF, {"wanted": normal_login(login)})
    if found is None:
        raise NotFound(
            Text("没有登录名“{login}”", "there is no login “{login}”").fill(login=login), code="unknown_login"
        )
    return UUID(str(found))


async def change_login(tx: Transaction, person: UUID, change: LoginChange, actor: Actor | None = None) -> None:
    """Sets parts of a login, making it where the person has none yet. What an ``actor`` changes is noted in the audit
    log; set-up names none.

    A new password or a disabled login ends the person's sessions. Raises Refused for a login in use or malformed, a
    weak password, an unknown role, or if no administrator would be left.
    """
    current = await login_of(tx, person)
    login = _checked_login(change.login) if change.login is not None else current["login"]
    if login is None:
        message = Text("请先设置登录名", "set a login first")
        raise Refused(message, code="login_missing", problems=[Problem("required", message, "login")])
    if login != current["login"]:
        await _claim_login(tx, person, login)
    if change.password is not None:
        if not change.known_to_all:
            await check_new_password(tx, login, change.password)
        await _keep_password(tx, person, change.password)
    if change.disabled is not None and change.disabled != current["disabled"]:
        await tx.execute(_DISABLE, {"person_id": person, "off": change.disabled})
        if change.disabled:
            await close_sessions_of(tx, person)
    if change.roles is not None:
        await give_roles(tx, person, change.roles)
    elif change.disabled and ADMINISTRATOR_ROLE in current["roles"]:
        await require_an_administrator(tx)
    await raise_access_version(tx)
    if actor is not None:
        _note_login(tx, actor, person, current, await login_of(tx, person), password=change.password is not None)


def _note_login(
    tx: Transaction,
    actor: Actor,
    person: UUID,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    password: bool,
) -> None:
    """Tells the audit log what of a login and its roles is not what it was; passwords only that there is a new one."""
    parts = [part for part in ("login", "disabled") if before[part] != after[part]]
    if parts:
        changes = {part: [before[part], after[part]] for part in parts}
        audit.note(tx, "login.changed", actor, object="person", record=person, facts={"changes": changes})
    if password:
        audit.note(tx, "password.changed", actor, object="person", record=person)
    if sorted(before["roles"]) != sorted(after["roles"]):
        changes = {"roles": [list(before["roles"]), list(after["roles"])]}
        audit.note(tx, "person.roles", actor, object="person", record=person, facts={"changes": changes})


async def set_password(tx: Transaction, person: UUID, login: str, password: str, keep: str | None = None) -> None:
    """Sets the password and ends the person's sessions, but for the one of the token ``keep``, and a link to set one.
    Raises Refused as ``check_new_password`` does."""
    await check_new_password(tx, login, password)
    await _keep_password(tx, person, password, keep)


async def check_new_password(tx: Transaction, login: str, password: str) -> None:
    """Raises Refused for a password that cannot be: see ``password_policy``, and the organisation's own length."""
    least = (await read_sign_in_settings(tx)).password_length
    check_password(password, (login, tx.schema.removeprefix("org_")), least)


async def require_password(tx: Transaction, person: UUID, password: str, field: str = "old_password") -> None:
    """Raises Refused unless it is the person's password: asked again before it is changed, or to confirm who asks.
    ``field`` is what the request calls it."""
    known = await tx.fetch_value(_HASH, {"person_id": person})
    if not await password_matches(known, password):
        message = Text("当前密码不正确", "the current password is wrong")
        raise Refused(message, code="wrong_password", problems=[Problem("wrong_password", message, field)])


async def set_preferences(tx: Transaction, person: UUID, values: dict[str, str | None]) -> None:
    """Sets ``language``, ``theme`` or ``zone`` of a person; only the named ones change."""
    if values:
        await tx.execute(sa.update(logins).where(logins.c.person == person).values(**values), {})
        await raise_access_version(tx)


async def _keep_password(tx: Transaction, person: UUID, password: str, keep: str | None = None) -> None:
    values = {"person_id": person, "hash": await hash_password(password), "now": datetime.now(UTC)}
    await tx.execute(_PASSWORD, values)
    await tx.execute(_VOID_LINK, {"person_id": person})
    await close_sessions_of(tx, person, keep)


async def languages_of(tx: Transaction, people: Iterable[UUID]) -> dict[UUID, Language]:
    """The languages that people have chosen to read, by person; who has chosen none is left out."""
    asked = sorted(set(people))
    rows = await tx.fetch_all(_LANGUAGES, {"people": asked}) if asked else []
    return {row["person"]: row["language"] for row in rows if row["language"] in LANGUAGES}


def _checked_login(login: str) -> str:
    normal = normal_login(login)
    if not 0 < len(normal) <= MAXIMUM_LOGIN or any(not letter.isprintable() or letter.isspace() for letter in normal):
        message = Text("登录名应为 1 到 {most} 个字符，不含空格", "a login has 1 to {most} characters and no blanks")
        message = message.fill(most=MAXIMUM_LOGIN)
        raise Refused(message, code="login_malformed", problems=[Problem("login_malformed", message, "login")])
    return normal


async def _claim_login(tx: Transaction, person: UUID, login: str) -> None:
    holder = await tx.fetch_value(_PERSON_OF, {"wanted": login})
    if holder is not None and holder != person:
        message = Text("登录名“{login}”已被使用", "the login “{login}” is in use").fill(login=login)
        raise Refused(message, code="login_in_use", problems=[Problem("login_in_use", message, "login")])
    await tx.execute(_CLAIM, {"person": person, "login": login})


_SECOND_FACTOR = sa.or_(
    *(
        sa.select(sa.literal(1)).where(table.c.person == logins.c.person).correlate(logins).exists()
        for table in (totp_factors, passkeys)
    )
)
_LANGUAGES = sa.select(logins.c.person, logins.c.language).where(
    logins.c.person == sa.any_(sa.bindparam("people", type_=pg.ARRAY(sa.Uuid))), logins.c.language.is_not(None)
)
_LOGIN = sa.select(
    logins.c.login,
    logins.c.disabled,
    logins.c.signed_in_at,
    logins.c.password_hash.is_not(None).label("has_password"),
    _SECOND_FACTOR.label("second_factor"),
).where(logins.c.person == sa.bindparam("person_id"))
_ROLES_OF = (
    sa.select(sa.func.array_agg(pg.aggregate_order_by(person_roles.c.role, person_roles.c.role)))
    .where(person_roles.c.person == logins.c.person)
    .scalar_subquery()
)
_LOGINS = sa.select(
    sa.func.json_agg(
        pg.aggregate_order_by(
            json_object(
                ("person", logins.c.person),
                ("login", logins.c.login),
                ("disabled", logins.c.disabled),
                ("signed_in_at", instant_text(logins.c.signed_in_at)),
                ("has_password", logins.c.password_hash.is_not(None)),
                ("second_factor", _SECOND_FACTOR),
                ("roles", sa.func.coalesce(_ROLES_OF, sa.literal_column("'{}'::text[]"))),
            ),
            logins.c.login,
        )
    )
)
_PERSON_OF = sa.select(logins.c.person).where(logins.c.login == sa.bindparam("wanted"))
_HASH = sa.select(logins.c.password_hash).where(logins.c.person == sa.bindparam("person_id"))
_CLAIM_INSERT = pg.insert(logins)
_CLAIM = _CLAIM_INSERT.on_conflict_do_update(
    index_elements=[logins.c.person], set_={"login": _CLAIM_INSERT.excluded.login}
)
_PASSWORD = (
    sa.update(logins)
    .where(logins.c.person == sa.bindparam("person_id"))
    .values(password_hash=sa.bindparam("hash"), password_changed_at=sa.bindparam("now"))
)
_DISABLE = sa.update(logins).where(logins.c.person == sa.bindparam("person_id")).values(disabled=sa.bindparam("off"))
_VOID_LINK = sa.delete(sign_in_links).where(sign_in_links.c.person == sa.bindparam("person_id"))
