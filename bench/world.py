"""One organisation made ready to be measured: its data, its actors and a sample of its records."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import orjson
import psycopg

from bench.generate import generate_records
from bench.indexes import without_indexes
from bench.past import generate_past
from bench.pipelines import PLAIN, pipelines, publish_pipelines
from bench.processes import liaoran
from bench.scales import Scale
from bench.vocabulary import stage_names
from liaoran.access.people import LoginChange, change_login
from liaoran.access.tokens import create_token
from liaoran.infra.database import Database
from liaoran.infra.settings import Settings
from liaoran.infra.tables import metadata
from liaoran.packs import load_pack
from liaoran.query.words import words_of

Say = Callable[[str], None]
Connection = psycopg.Connection[tuple[object, ...]]
PASSWORD = "bench-only-1"
ADMINISTRATOR = "administrator"
HEAD, SALESPEOPLE = 2, tuple(range(11, 19))
"""Places of the people that act in the order of ids, in which the administrator is first: the head of a region with six
teams, and salespeople of eight teams."""
SAMPLE = 400
DEPARTMENTS_OF = """
SELECT d.id FROM {schema}.r_department d JOIN {schema}.r_person p ON p.id = %s
WHERE d.id = p.department OR d.parent = p.department
"""


@dataclass(frozen=True, slots=True)
class Role:
    """An actor: ``visible`` is the hand-written predicate over ``o`` with ``$1`` and ``$2``, ``binds`` their values."""

    name: str
    token: str
    person: UUID | None
    visible: str
    binds: tuple[object, ...]
    records: tuple[str, ...] = ()
    """Ids of opportunities that the actor sees."""


@dataclass(slots=True)
class World:
    """What the cases need to know of one organisation."""

    scale: Scale
    roles: list[Role] = field(default_factory=list)
    sellers: list[Role] = field(default_factory=list)

    @property
    def schema(self) -> str:
        """The PostgreSQL schema."""
        return self.scale.schema


def make_data(url: str, data: Path, scale: Scale, say: Say) -> None:
    """Makes the organisation unless a former run left it complete."""
    with psycopg.connect(url, autocommit=True) as connection:
        if _is_complete(connection, scale):
            say(f"{scale.name}: data is there")
            return
        if connection.execute("SELECT to_regnamespace(%s)", (scale.schema,)).fetchone() != (None,):
            liaoran("organisation", "drop", scale.organisation, "--confirm", scale.organisation, data=data)
        begin = time.perf_counter()
        liaoran(
            "init",
            scale.organisation,
            "--title",
            scale.name,
            "--admin",
            "admin",
            "--password-stdin",
            data=data,
            given=PASSWORD,
        )
        publish_pipelines(data, scale)
        connection.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        stage_names(connection, scale)
        say(f"{scale.name}: names staged after {time.perf_counter() - begin:.0f} s")
        with without_indexes(
            connection, scale.schema, ("r_opportunity", "v_opportunity", "r_account", "events", "visits")
        ):
            generate_records(connection, scale)
            generate_past(connection, scale)
            say(f"{scale.name}: rows written after {time.perf_counter() - begin:.0f} s")
        for table in ("bench_people", "bench_accounts", "bench_names", "bench_phrases"):
            connection.execute(f"DROP TABLE {scale.schema}.{table}".encode())
        connection.execute(b"VACUUM ANALYZE")
        connection.execute(b"CHECKPOINT")
        connection.execute(f"COMMENT ON SCHEMA {scale.schema} IS '{_complete(scale)}'".encode())
        say(f"{scale.name}: ready after {time.perf_counter() - begin:.0f} s")


def settle(connection: Connection, scale: Scale) -> None:
    """Does what the server does by itself in a quiet hour, so that no run pays for the writes of the one before."""
    for table in ("r_opportunity", "r_account"):
        connection.execute(
            f"SELECT gin_clean_pending_list('{scale.schema}.ix__{table}__search__words'::regclass)".encode()
        )
    connection.execute(f"ANALYZE {scale.schema}.r_opportunity".encode())


def make_world(url: str, data: Path, scale: Scale) -> World:
    """Gives the actors logins, roles and tokens."""
    with psycopg.connect(url, autocommit=True) as connection:
        sellers = [_seller(connection, scale, number) for number in SALESPEOPLE]
        roles = [sellers[0], role_of(connection, scale, 1), role_of(connection, scale, 2)]
    tokens = asyncio.run(_admit(data, scale, [*sellers, *roles[1:]]))
    sellers = [replace(one, token=token) for one, token in zip(sellers, tokens, strict=False)]
    return World(
        scale,
        [sellers[0], *(replace(one, token=tokens[place]) for place, one in ((-2, roles[1]), (-1, roles[2])))],
        sellers,
    )


async def _admit(data: Path, scale: Scale, roles: list[Role]) -> list[str]:
    tokens = []
    async with Database(Settings(data_dir=data)) as database, database.transaction(scale.schema) as tx:
        for role in roles:
            if role.person is None:
                raise RuntimeError(f"the {role.name} is nobody")
            if role.name != ADMINISTRATOR:
                key = "manager" if role.name == "department head" else "salesperson"
                login = f"person-{str(role.person)[-12:]}"
                await change_login(tx, role.person, LoginChange(login, None, [key]))
            tokens.append((await create_token(tx, scale.organisation, role.person, "bench"))[1])
    return tokens


def role_of(connection: Connection, scale: Scale, place: int) -> Role:
    """The salesperson (0), the department head (1) or the administrator (2), without a token."""
    if place == 0:
        return _seller(connection, scale, SALESPEOPLE[0])
    if place == 1:
        head = _person(connection, scale, HEAD)
        departments = connection.execute(DEPARTMENTS_OF.format(schema=scale.schema).encode(), (head,)).fetchall()
        binds = ([row[0] for row in departments], head)
        visible = "(o.department = ANY($1) OR o.owner = $2)"
        return _with_records(connection, scale, Role("department head", "", head, visible, binds))
    person = connection.execute(f"SELECT person FROM {scale.schema}.logins WHERE login = 'admin'".encode()).fetchone()
    if person is None or not isinstance(person[0], UUID):
        raise RuntimeError("the organisation has no administrator")
    return _with_records(connection, scale, Role(ADMINISTRATOR, "", person[0], "true", ()))


def _complete(scale: Scale) -> str:
    words = sorted(words_of("了然 CRM 商机管理", name=True))
    shape = orjson.dumps([load_pack("sales"), pipelines(), sorted(metadata.tables), words], option=orjson.OPT_SORT_KEYS)
    return f"{scale.opportunities} {scale.accounts} {scale.people} {hashlib.sha256(shape).hexdigest()[:16]}"


def _is_complete(connection: Connection, scale: Scale) -> bool:
    found = connection.execute("SELECT obj_description(to_regnamespace(%s))", (scale.schema,)).fetchone()
    return found == (_complete(scale),)


def _person(connection: Connection, scale: Scale, number: int) -> UUID:
    statement = f"SELECT id FROM {scale.schema}.r_person WHERE status = 'active' ORDER BY id OFFSET %s LIMIT 1"
    row = connection.execute(statement.encode(), (number,)).fetchone()
    if row is None or not isinstance(row[0], UUID):
        raise RuntimeError(f"no person {number}")
    return row[0]


def _seller(connection: Connection, scale: Scale, number: int) -> Role:
    person = _person(connection, scale, number)
    return _with_records(connection, scale, Role("salesperson", "", person, "o.owner = $1", (person,)))


def _with_records(connection: Connection, scale: Scale, role: Role) -> Role:
    # in the plain pipeline: those that earlier runs have put into the others are moved through gates
    statement = (
        f"SELECT id FROM {scale.schema}.r_opportunity o WHERE o.deleted_at IS NULL AND status = 'open' "
        f"AND pipeline = '{PLAIN}' AND {role.visible} ORDER BY hashtext(id::text) LIMIT {SAMPLE}"
    )
    cursor = psycopg.RawCursor(connection)
    cursor.execute(statement.encode(), role.binds)
    return replace(role, records=tuple(str(row[0]) for row in cursor))
