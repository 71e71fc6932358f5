from __future__ import annotations

import asyncio
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from liaoran.infra.database import Database, is_retryable
from liaoran.infra.errors import Unavailable
from liaoran.infra.organisations import Organisation
from liaoran.infra.settings import Settings
from liaoran.infra.statements import Statement

table = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer),
    sa.Column("tags", ARRAY(sa.Text)),
    sa.Column("extra", JSONB),
    sa.Column("ids", ARRAY(sa.Uuid)),
    sa.Column("amount", sa.Numeric(20, 4)),
)
INSERT = Statement(sa.insert(table), columns=["id", "number", "tags", "extra", "ids", "amount"])
EMPTY = {"number": None, "tags": None, "extra": None, "ids": None, "amount": None}


@pytest.fixture(scope="module")
async def schema(database: Database, organisation: Organisation) -> str:
    async with database.transaction(organisation.schema) as tx:
        await tx.execute(sa.schema.CreateTable(table))
    return organisation.schema


@pytest.fixture(autouse=True)
async def _empty(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        await tx.execute("DELETE FROM {org}.things")


async def count(database: Database, schema: str) -> int:
    async with database.read(schema) as tx:
        value = await tx.fetch_value("SELECT count(*) FROM {org}.things")
        assert isinstance(value, int)
        return value


async def test_values_of_all_kinds_go_in_and_come_out(database: Database, schema: str) -> None:
    row = {
        "id": uuid4(),
        "number": 7,
        "tags": ["甲", 'b"c', "{}"],
        "extra": {"名": ["x", None, 1.5]},
        "ids": [uuid4(), uuid4()],
        "amount": Decimal("12345678.0001"),
    }
    async with database.transaction(schema) as tx:
        assert await tx.execute(INSERT, row) == 1
    async with database.read(schema) as tx:
        assert await tx.fetch_one(sa.select(table)) == row
        assert await tx.fetch_all("SELECT number FROM {org}.things WHERE id = ANY(:ids)", {"ids": [row["id"]]}) == [
            {"number": 7}
        ]
        assert await tx.fetch_column(sa.select(table.c.number)) == [7]
        assert await tx.fetch_value(sa.select(table.c.number).where(table.c.number > 7)) is None
        assert await tx.fetch_one("SELECT * FROM {org}.things WHERE number > :n", {"n": 7}) is None


async def test_plain_dicts_become_json_in_text_statements_too(database: Database, schema: str) -> None:
    async with database.read(schema) as tx:
        found = await tx.fetch_value("SELECT :value::jsonb -> 'a'", {"value": {"a": [1, {"b": "中"}]}})
        assert found == [1, {"b": "中"}]


async def test_json_comes_as_bytes_that_nobody_parsed(database: Database, schema: str) -> None:
    async with database.read(schema) as tx:
        assert await tx.fetch_json("SELECT :a::text", {"a": '{"名" : 1}'}) == '{"名" : 1}'.encode()
        assert await tx.fetch_json("SELECT json_build_array(1,  'x')") == b'[1, "x"]'
        assert await tx.fetch_json("SELECT '{}'::jsonb WHERE false") is None
        assert await tx.fetch_json("SELECT NULL::json") is None


async def test_an_exception_undoes_everything(database: Database, schema: str) -> None:
    async def fail() -> None:
        async with database.transaction(schema) as tx:
            await tx.execute(INSERT, {**EMPTY, "id": uuid4()})
            raise KeyError("stop")

    with pytest.raises(KeyError, match="stop"):
        await fail()
    assert await count(database, schema) == 0


async def test_a_cancelled_unit_of_work_is_undone_and_its_connection_is_good_again(
    database: Database, schema: str
) -> None:
    inside = asyncio.Event()

    async def slow() -> None:
        async with database.transaction(schema) as tx:
            await tx.execute(INSERT, {**EMPTY, "id": uuid4()})
            inside.set()
            await tx.fetch_value("SELECT pg_sleep(30)")

    for _ in range(database.settings.pool_size + 1):
        inside.clear()
        task = asyncio.create_task(slow())
        await inside.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await count(database, schema) == 0


async def test_reading_units_of_work_cannot_write(database: Database, schema: str) -> None:
    for consistent in (False, True):
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            async with database.read(schema, consistent=consistent) as tx:
                await tx.execute(INSERT, {**EMPTY, "id": uuid4()})


async def test_consistent_reads_see_one_moment_others_the_latest(database: Database, schema: str) -> None:
    async with database.read(schema) as plain, database.read(schema, consistent=True) as steady:
        assert await steady.fetch_value("SELECT count(*) FROM {org}.things") == 0
        async with database.transaction(schema) as tx:
            await tx.execute(INSERT, {**EMPTY, "id": uuid4()})
        assert await steady.fetch_value("SELECT count(*) FROM {org}.things") == 0
        assert await plain.fetch_value("SELECT count(*) FROM {org}.things") == 1


async def test_callbacks_run_in_order_after_the_commit_only(database: Database, schema: str) -> None:
    seen: list[object] = []

    async def counted() -> None:
        seen.append(await count(database, schema))

    async with database.transaction(schema) as tx:
        await tx.execute(INSERT, {**EMPTY, "id": uuid4()})
        tx.after_commit(lambda: seen.append("first"))
        tx.after_commit(lambda: 1 / 0)  # type: ignore[arg-type,return-value]
        tx.after_commit(counted)
        assert seen == []
    assert seen == ["first", 1]
    with pytest.raises(KeyError):
        async with database.transaction(schema) as tx:
            tx.after_commit(lambda: seen.append("never"))
            raise KeyError
    assert seen == ["first", 1]


async def test_a_savepoint_is_undone_alone_with_its_callbacks(database: Database, schema: str) -> None:
    seen: list[str] = []
    identifier = uuid4()
    async with database.transaction(schema) as tx:
        await tx.execute(INSERT, {**EMPTY, "id": identifier})
        tx.after_commit(lambda: seen.append("kept"))
        with pytest.raises(psycopg.errors.UniqueViolation):
            async with tx.savepoint():
                tx.after_commit(lambda: seen.append("undone"))
                tx.notify({"undone": True})
                await tx.execute(INSERT, {**EMPTY, "id": identifier})
        async with tx.savepoint():
            await tx.execute(INSERT, {**EMPTY, "id": uuid4()})
        assert tx.notices == []
    assert seen == ["kept"]
    assert await count(database, schema) == 2


async def test_what_follows_a_commit_runs_once_with_a_transaction_of_its_own(database: Database, schema: str) -> None:
    seen: list[int] = []

    async def look(later: Database, where: str) -> None:
        async with later.transaction(where) as tx:
            seen.append(await tx.fetch_value(sa.select(sa.func.count()).select_from(table)))

    async def fail(later: Database, where: str) -> None:
        raise RuntimeError("hurts nobody")

    async with database.transaction(schema) as tx:
        tx.follow_up(fail)
        await tx.execute(INSERT, {**EMPTY, "id": uuid4()})
        tx.follow_up(look)
        tx.follow_up(look)
        with pytest.raises(KeyError):
            async with tx.savepoint():
                tx.follow_up(fail)
                raise KeyError
    assert seen == [1]
    with pytest.raises(KeyError):
        async with database.transaction(schema) as tx:
            tx.follow_up(look)
            raise KeyError
    assert seen == [1]


async def test_many_parameter_sets_and_copy_and_stream(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        assert await tx.execute(sa.insert(table), []) == 0
        assert await tx.execute(sa.insert(table), [{"id": uuid4(), "number": number} for number in range(50)]) == 50
        assert await tx.copy_rows("things", ["id", "number"], [(uuid4(), number) for number in range(50, 120)]) == 70
        batches = [rows async for rows in tx.stream(sa.select(table.c.number).order_by(table.c.number), batch=50)]
        assert [len(rows) for rows in batches] == [50, 50, 20]
        assert [row["number"] for rows in batches for row in rows] == list(range(120))


async def test_statements_that_take_too_long_are_stopped(database: Database, schema: str) -> None:
    with pytest.raises(Unavailable) as caught:
        async with database.transaction(schema, statement_seconds=0.02) as tx:
            await tx.fetch_value("SELECT pg_sleep(30)")
    assert caught.value.code == "too_slow"
    async with database.transaction(schema) as tx:
        assert await tx.fetch_value("SHOW statement_timeout") == "30s"
    async with database.transaction(schema, statement_seconds=0) as tx:
        assert await tx.fetch_value("SHOW statement_timeout") == "0"


async def test_waiting_for_a_connection_ends_in_words(database: Database, server: str, settings: Settings) -> None:
    tight = settings.model_copy(update={"pool_size": 1, "pool_wait_seconds": 0.05})
    async with Database(tight, url=database.url) as small, small.read("liaoran"):
        with pytest.raises(Unavailable) as caught:
            async with small.read("liaoran"):
                pass
    assert caught.value.code == "busy"


async def test_serialization_failures_are_told_apart(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        await tx.execute(INSERT, {**EMPTY, "id": uuid4(), "number": 1})
    with pytest.raises(psycopg.Error) as caught:
        async with database.transaction(schema, consistent=True) as first:
            await first.fetch_value("SELECT number FROM {org}.things")
            async with database.transaction(schema) as second:
                await second.execute("UPDATE {org}.things SET number = 2")
            await first.execute("UPDATE {org}.things SET number = 3")
    assert is_retryable(caught.value)
    assert not is_retryable(KeyError())
    async with database.transaction(schema) as tx:
        assert await tx.fetch_value("SHOW transaction_isolation") == "read committed"


async def test_a_table_changed_under_a_prepared_statement_is_no_matter(
    database: Database, schema: str, settings: Settings
) -> None:
    sql = "SELECT a FROM {org}.shifting"
    async with database.transaction(schema) as tx:
        await tx.execute("CREATE TABLE {org}.shifting (a int)")
    async with Database(settings.model_copy(update={"pool_size": 1}), url=database.url) as other:
        for _ in range(4):
            async with other.transaction(schema) as writing, other.read(schema) as reading:
                assert await reading.fetch_all(sql) == await writing.fetch_all(sql) == []
        async with database.transaction(schema) as tx:
            await tx.execute("ALTER TABLE {org}.shifting ALTER a TYPE text")
            await tx.execute("INSERT INTO {org}.shifting VALUES ('x')")
        async with other.read(schema) as reading:
            assert await reading.fetch_all(sql) == [{"a": "x"}]
        with pytest.raises(psycopg.Error) as caught:
            async with other.transaction(schema) as writing:
                await writing.fetch_all(sql)
        assert is_retryable(caught.value)
        async with other.transaction(schema) as writing:
            assert await writing.fetch_all(sql) == [{"a": "x"}]


async def test_an_advisory_lock_keeps_others_waiting(database: Database, schema: str) -> None:
    order: list[str] = []
    held = asyncio.Event()

    async def second() -> None:
        await held.wait()
        async with database.transaction(schema) as tx:
            await tx.lock("object/account")
            order.append("second")

    async with asyncio.TaskGroup() as group:
        group.create_task(second())
        async with database.transaction(schema) as tx:
            await tx.lock("object/account")
            held.set()
            async with database.transaction(schema) as other:
                await other.lock("object/contact")
            order.append("first")
    assert order == ["first", "second"]


async def test_connections_cut_by_the_server_are_replaced(database: Database, schema: str) -> None:
    async with database.read(schema), database.transaction(schema) as tx:
        await tx.fetch_value("SELECT 1")
    with pytest.raises(Unavailable) as caught:
        async with database.transaction(schema) as tx:
            await tx.fetch_value(
                "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            await tx.fetch_value("SELECT pg_terminate_backend(pg_backend_pid())")
    assert caught.value.code == "connection_lost"
    assert await count(database, schema) == 0
    async with database.transaction(schema) as tx:
        await tx.execute(INSERT, {**EMPTY, "id": uuid4()})
    assert await count(database, schema) == 1
