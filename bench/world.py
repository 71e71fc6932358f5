"""One organisation made ready to be measured: its data, its actors and a sample of its records."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import orjson
import psycopg

from bench.client import Client
from bench.generate import generate_records
from bench.indexes import without_indexes
from bench.past import generate_past
from bench.processes import liaoran
from bench.scales import Scale
from bench.vocabulary import stage_names

Say = Callable[[str], None]
PASSWORD = "bench-only-1"
HEAD, SALESPEOPLE = 1, tuple(range(10, 18))
"""Numbers of the people that act: the head of a region with six teams, and salespeople of eight teams."""
SAMPLE = 400


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


def make_world(url: str, data: Path, scale: Scale, port: int) -> World:
    """Tokens for the actors, and samples of what they see."""
    administrator = _token(data, scale, "admin")
    with psycopg.connect(url, autocommit=True) as connection:
        client = Client(port, administrator)
        _sign_up(connection, client, scale, HEAD, login="head", role="manager")
        for number in SALESPEOPLE:
            _sign_up(connection, client, scale, number, login=f"seller{number}", role="salesperson")
        client.close()
        sellers = [_seller(connection, data, scale, number) for number in SALESPEOPLE]
        head = _person(connection, scale, HEAD)
        departments = [
            row[0]
            for row in connection.execute(
                f"SELECT d.id FROM {scale.schema}.r_department d JOIN {scale.schema}.r_person p ON p.id = %s "
                "WHERE d.id = p.department OR d.parent = p.department".encode(),
                (head,),
            )
        ]
        roles = [
            sellers[0],
            Role(
                "department head",
                _token(data, scale, "head"),
                head,
                "(o.department = ANY($1) OR o.owner = $2)",
                (departments, head),
            ),
            Role("administrator", administrator, None, "true", ()),
        ]
        return World(scale, [_with_records(connection, scale, role) for role in roles], sellers)


def _complete(scale: Scale) -> str:
    return f"bench data {scale.opportunities} {scale.accounts} {scale.people}"


def _is_complete(connection: psycopg.Connection[tuple[object, ...]], scale: Scale) -> bool:
    found = connection.execute("SELECT obj_description(to_regnamespace(%s))", (scale.schema,)).fetchone()
    return found == (_complete(scale),)


def _token(data: Path, scale: Scale, login: str) -> str:
    answer = liaoran("token", "create", login, "--org", scale.organisation, "--json", data=data)
    return str(orjson.loads(answer)["token"])


def _person(connection: psycopg.Connection[tuple[object, ...]], scale: Scale, number: int) -> UUID:
    statement = f"SELECT id FROM {scale.schema}.r_person WHERE status = 'active' ORDER BY id OFFSET %s LIMIT 1"
    row = connection.execute(statement.encode(), (number,)).fetchone()
    if row is None or not isinstance(row[0], UUID):
        raise RuntimeError(f"no person {number}")
    return row[0]


def _sign_up(
    connection: psycopg.Connection[tuple[object, ...]],
    client: Client,
    scale: Scale,
    number: int,
    *,
    login: str,
    role: str,
) -> None:
    person = _person(connection, scale, number)
    client.json("POST", f"/api/v1/people/{person}/login", {"login": login, "password": PASSWORD, "roles": [role]})


def _seller(connection: psycopg.Connection[tuple[object, ...]], data: Path, scale: Scale, number: int) -> Role:
    person = _person(connection, scale, number)
    role = Role("salesperson", _token(data, scale, f"seller{number}"), person, "o.owner = $1", (person,))
    return _with_records(connection, scale, role)


def _with_records(connection: psycopg.Connection[tuple[object, ...]], scale: Scale, role: Role) -> Role:
    statement = (
        f"SELECT id FROM {scale.schema}.r_opportunity o WHERE o.deleted_at IS NULL AND status = 'open' "
        f"AND {role.visible} ORDER BY hashtext(id::text) LIMIT {SAMPLE}"
    )
    cursor = psycopg.RawCursor(connection)
    cursor.execute(statement.encode(), role.binds)
    records = tuple(str(row[0]) for row in cursor)
    return Role(role.name, role.token, role.person, role.visible, role.binds, records)
