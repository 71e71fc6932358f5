from __future__ import annotations

import os
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest

from liaoran.infra.database import Database
from liaoran.infra.errors import Unavailable
from liaoran.infra.health import ready_checks
from liaoran.infra.metrics import observe_request, render_metrics
from liaoran.infra.postgres_options import create_database_sql
from liaoran.infra.server_check import check_version
from liaoran.infra.settings import Settings
from tests.conftest import Templates
from tests.db.infra.test_migrate import nothing


async def refused(settings: Settings, url: str) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        async with Database(settings, url=url):
            pass
    return caught.value


def with_database(server: str, name: str) -> str:
    return server.replace("dbname=liaoran", f"dbname={name}")


@pytest.mark.parametrize("number", [170000, 170009, 180003])
def test_versions_17_and_18_serve(number: int) -> None:
    check_version(number)


@pytest.mark.parametrize("number", [90624, 160004, 190000])
def test_other_versions_are_refused_by_number(number: int) -> None:
    with pytest.raises(Unavailable, match=f"points to {number // 10000}$") as caught:
        check_version(number)
    assert caught.value.code == "unsupported_postgres"


async def test_a_database_with_another_locale_is_refused_with_the_remedy(settings: Settings, server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE other LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
    error = await refused(settings, with_database(server, "other"))
    assert error.code == "unsupported_locale"
    assert create_database_sql("other").decode() in error.message.zh


async def test_an_unreachable_server_is_refused_in_words(settings: Settings, tmp_path: Path) -> None:
    error = await refused(settings, f"host={tmp_path} dbname=x user=x")
    assert error.code == "database_unreachable"
    assert error.status == 503


async def test_a_malformed_address_is_refused_without_repeating_it(settings: Settings) -> None:
    error = await refused(settings, "postgresql://u:hunter2@[db/x")
    assert "hunter2" not in str(error)


async def test_a_given_address_is_used_and_nothing_is_started(server: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=server)
    async with Database(settings) as database, database.read("liaoran") as tx:
        assert await tx.fetch_value("SHOW search_path") == "liaoran"
        assert await tx.fetch_value("SHOW timezone") == "UTC"
    assert not (tmp_path / "postgres").exists()


async def test_pools_cannot_be_used_before_opening(settings: Settings) -> None:
    database = Database(settings)
    for pool in ("readers", "writers"):
        with pytest.raises(RuntimeError, match="not open"):
            getattr(database, pool)
    await database.close()


@pytest.mark.parametrize("writing", [False, True])
async def test_the_connection_that_came_back_last_is_given_first(database: Database, *, writing: bool) -> None:
    """One after the other needs one connection, however many there were at once before."""
    unit = database.transaction if writing else database.read

    async def process() -> int:
        async with unit("liaoran") as tx:
            return int(await tx.fetch_value("SELECT pg_backend_pid()"))

    async with AsyncExitStack() as at_once:
        units = [await at_once.enter_async_context(unit("liaoran")) for _ in range(4)]
        assert len({await tx.fetch_value("SELECT pg_backend_pid()") for tx in units}) == 4
    assert len({await process() for _ in range(8)}) == 1


async def test_readiness_looks_at_database_migrations_jobs_storage_and_disk(
    database: Database, templates: Templates
) -> None:
    checks = {check.key: check for check in await ready_checks(database)}
    assert list(checks) == ["database", "migrations", "jobs", "storage", "disk"]
    assert all(check.ok for check in checks.values())
    async with database.transaction("liaoran") as tx:
        await tx.execute(
            "INSERT INTO {org}.procrastinate_jobs (queue_name, task_name, scheduled_at) "
            "VALUES ('default', 'test.stuck', now() - interval '1 hour')"
        )
    stuck = {check.key: check for check in await ready_checks(database)}["jobs"]
    assert (stuck.ok, stuck.essential) == (False, False)
    assert "1 background jobs" in stuck.message.en
    async with templates.clone("untouched", nothing) as untouched:
        late = {check.key: check for check in await ready_checks(untouched)}
        assert (late["migrations"].ok, late["migrations"].essential) == (False, True)
        assert "jobs" not in late


async def test_a_server_that_does_not_answer_is_not_ready(templates: Templates, server: str) -> None:
    async with templates.clone("untouched", nothing) as database:
        name = psycopg.conninfo.conninfo_to_dict(database.url)["dbname"]
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", [name]
            )
        assert [(check.key, check.ok) for check in await ready_checks(database)] == [
            ("database", False),
            ("disk", True),
        ]


async def test_metrics_tell_of_requests_pools_and_jobs(database: Database) -> None:
    observe_request("GET", "/records/{object}", 200, 0.012)
    text = (await render_metrics(database)).decode()
    assert 'liaoran_request_seconds_count{method="GET",route="/records/{object}",status="200"} 1.0' in text
    assert 'liaoran_pool_connections{pool="readers"}' in text
    assert 'liaoran_jobs{job="test.stuck",status="todo"} 1.0' in text


def test_opening_does_not_need_a_writable_working_directory_or_a_locale(tmp_path: Path) -> None:
    """A service manager starts processes in / with an empty environment."""
    code = (
        "import asyncio; from liaoran.infra.database import Database; from liaoran.infra.settings import Settings\n"
        f"async def main():\n    async with Database(Settings(data_dir={str(tmp_path)!r})): print('open')\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd="/",
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "open\n", done.stderr
