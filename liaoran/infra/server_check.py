"""Whether a PostgreSQL server serves: reachable, of a version and a locale that Liaoran is made for."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from liaoran.infra.errors import Unavailable
from liaoran.infra.postgres_options import create_database_sql
from liaoran.kernel.text import Text

SUPPORTED = (17, 18)
CONNECT_SECONDS = 10
# A connection to a server that vanished without a word is noticed within a minute.
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

_LOCALE = """
SELECT pg_encoding_to_char(encoding) = 'UTF8' AND datlocprovider = 'b' AND datlocale = 'C.UTF-8'
FROM pg_database WHERE datname = current_database()
"""


async def check_server(url: str, *, own: bool) -> None:
    """Connects once. ``own``: a server that somebody else set up, so that its database is looked at too.

    Raises Unavailable saying what is wrong and how to mend it.
    """
    try:
        connection = await psycopg.AsyncConnection.connect(url, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        raise _unreachable(str(error)) from error
    async with connection:
        check_version(connection.info.server_version)
        if own:
            row = await (await connection.execute(_LOCALE)).fetchone()
            if not row or not row[0]:
                raise _wrong_locale(connection.info.dbname)


def check_version(number: int) -> None:
    """Raises Unavailable unless ``number`` (as in ``server_version_num``, 180003 for 18.3) is a version that serves."""
    if number // 10000 not in SUPPORTED:
        raise Unavailable(
            Text(
                "Liaoran 需要 PostgreSQL 17 或 18，而 LIAORAN_DATABASE_URL 指向的是 {found}",
                "Liaoran needs PostgreSQL 17 or 18; LIAORAN_DATABASE_URL points to {found}",
            ).fill(found=number // 10000),
            code="unsupported_postgres",
        )


def with_keepalive(url: str) -> str:
    """The address with keep-alive parameters where it has none of its own. Raises Unavailable if it is malformed."""
    try:
        return make_conninfo("", **{**KEEPALIVE, **conninfo_to_dict(url)})
    except psycopg.ProgrammingError as error:
        # What libpq says of a malformed address repeats the address, password and all.
        raise Unavailable(
            Text("LIAORAN_DATABASE_URL 格式不对", "LIAORAN_DATABASE_URL is malformed"), code="database_unreachable"
        ) from error


def _wrong_locale(name: str) -> Unavailable:
    return Unavailable(
        Text(
            "数据库 {name} 应使用 UTF-8 编码和内置 C.UTF-8 区域，请这样创建：{sql}",
            "the database {name} must use UTF-8 and the builtin locale C.UTF-8; create it with: {sql}",
        ).fill(name=name, sql=create_database_sql(name).decode()),
        code="unsupported_locale",
    )


def _unreachable(detail: str) -> Unavailable:
    return Unavailable(
        Text("无法连接数据库：{detail}", "the database cannot be reached: {detail}").fill(detail=detail.strip()),
        code="database_unreachable",
    )
