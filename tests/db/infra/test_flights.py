from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from liaoran.infra import flights
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.settings import Settings

ADD = "INSERT INTO {org}.steps VALUES (:n) RETURNING n"
ALL = "SELECT n FROM {org}.steps ORDER BY n"


class Objection(Exception):
    pass


def object_to(_: object) -> None:
    raise Objection


@pytest.fixture(scope="module")
async def schema(database: Database, organisation: Organisation) -> str:
    async with database.transaction(organisation.schema) as tx:
        await tx.execute("CREATE TABLE {org}.steps (n int PRIMARY KEY)")
    return organisation.schema


@pytest.fixture(autouse=True)
async def _empty(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        await tx.execute("DELETE FROM {org}.steps")


async def steps(database: Database, schema: str) -> list[int]:
    async with database.read(schema) as tx:
        return await tx.fetch_column(ALL)


async def test_what_is_sent_travels_with_the_next_question_in_order(database: Database, schema: str) -> None:
    seen: list[Any] = []
    async with database.transaction(schema) as tx:
        connection = await tx.plain_connection()
        tx.send(ADD, {"n": 1}, seen.append)
        tx.send(ADD, {"n": 2})
        tx.send(ALL, then=seen.append)
        assert seen == []
        assert await tx.fetch_column(ALL) == [1, 2]
        assert seen == [[{"n": 1}], [{"n": 1}, {"n": 2}]]
        tx.send(ADD, {"n": 3})
        assert connection.info.transaction_status == TransactionStatus.INTRANS
    assert await steps(database, schema) == [1, 2, 3]


async def test_a_transaction_in_which_nothing_is_asked_never_begins(database: Database, schema: str) -> None:
    async with database.transaction(schema, statement_seconds=5) as tx:
        assert tx._connection.info.transaction_status == TransactionStatus.IDLE
    async with database.transaction(schema) as tx:
        await tx.land()
        assert tx._connection.info.transaction_status == TransactionStatus.IDLE


async def test_the_first_that_fails_is_raised_and_nothing_behind_it_runs(database: Database, schema: str) -> None:
    seen: list[Any] = []
    with pytest.raises(psycopg.errors.DivisionByZero):
        async with database.transaction(schema) as tx:
            tx.send(ADD, {"n": 1}, seen.append)
            tx.send("SELECT 1 / :zero::int", {"zero": 0}, seen.append)
            tx.send(ADD, {"n": 1}, seen.append)
            await tx.fetch_value("SELECT nothing")
    assert seen == [[{"n": 1}]]
    assert await steps(database, schema) == []


async def test_who_objects_to_an_answer_comes_before_who_fails_later(database: Database, schema: str) -> None:
    with pytest.raises(Objection):
        async with database.transaction(schema) as tx:
            tx.send(ADD, {"n": 1}, object_to)
            await tx.fetch_value("SELECT 1 / :zero::int", {"zero": 0})
    assert await steps(database, schema) == []


async def test_an_answer_that_is_objected_to_is_never_committed(database: Database, schema: str) -> None:
    with pytest.raises(Objection):
        async with database.transaction(schema) as tx:
            tx.send(ADD, {"n": 1}, object_to)
    assert await steps(database, schema) == []


async def test_a_savepoint_takes_back_what_was_sent_in_it(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        tx.send(ADD, {"n": 1})
        with pytest.raises(Objection):
            async with tx.savepoint():
                tx.send(ADD, {"n": 2})
                raise Objection
        with pytest.raises(psycopg.errors.UniqueViolation):
            async with tx.savepoint():
                tx.send(ADD, {"n": 3})
                tx.send(ADD, {"n": 1})
        async with tx.savepoint():
            tx.send(ADD, {"n": 4})
            with pytest.raises(Objection):
                async with tx.savepoint():
                    await tx.execute(ADD, {"n": 5})
                    raise Objection
            tx.send(ADD, {"n": 6})
    assert await steps(database, schema) == [1, 4, 6]


async def test_two_tasks_may_ask_at_the_same_time(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        found = await asyncio.gather(*(tx.fetch_value("SELECT :n::int", {"n": n}) for n in range(20)))
        assert found == list(range(20))
        failed = await asyncio.gather(
            tx.fetch_value("SELECT 1 / :n::int", {"n": 0}), tx.fetch_value("SELECT 1"), return_exceptions=True
        )
        assert all(isinstance(one, psycopg.Error) for one in failed)


async def test_what_speaks_psycopg_comes_after_what_was_sent(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        tx.send(ADD, {"n": 1})
        assert await tx.copy_rows("steps", ["n"], [[2], [3]]) == 2
        tx.send(ADD, {"n": 4})
        assert [rows async for rows in tx.stream(ALL, batch=3)] == [
            [{"n": 1}, {"n": 2}, {"n": 3}],
            [{"n": 4}],
        ]
    assert await steps(database, schema) == [1, 2, 3, 4]


async def test_statements_that_run_often_are_prepared_and_rare_ones_forgotten(
    database: Database, schema: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flights, "MOST_PREPARED", 3)
    monkeypatch.setattr(flights, "MOST_COUNTED", 5)
    prepared = "SELECT count(*) FROM pg_prepared_statements"
    async with Database(settings.model_copy(update={"pool_size": 1}), url=database.url) as small:
        for value in [*range(8), *range(8)]:
            async with small.transaction(schema) as tx:
                for _ in range(flights.PREPARE_AFTER + 1):
                    assert await tx.fetch_value(f"SELECT :a::int + {value} /* prepared here */", {"a": 1}) == value + 1
        async with small.transaction(schema) as tx:
            assert await tx.fetch_value(prepared) == 3
            # the same text with values of another type is another statement
            for _ in range(4):
                assert await tx.fetch_value("SELECT pg_typeof(:a)::text", {"a": 1}) == "smallint"
                assert await tx.fetch_value("SELECT pg_typeof(:a)::text", {"a": 1.5}) == "double precision"


async def test_a_statement_that_cannot_be_prepared_fails_alike_every_time(database: Database, schema: str) -> None:
    for _ in range(flights.PREPARE_AFTER + 3):
        with pytest.raises(psycopg.errors.UndefinedTable):
            async with database.transaction(schema) as tx:
                await tx.fetch_all("SELECT * FROM {org}.not_there WHERE a = :a", {"a": 1})
    async with database.transaction(schema) as tx:
        await tx.execute("CREATE TABLE {org}.not_there (a int)")
    async with database.transaction(schema) as tx:
        assert await tx.fetch_all("SELECT * FROM {org}.not_there WHERE a = :a", {"a": 1}) == []


async def test_a_long_list_of_values_goes_in_parts(database: Database, schema: str) -> None:
    async with database.transaction(schema) as tx:
        assert await tx.execute("INSERT INTO {org}.steps VALUES (:n)", [{"n": n} for n in range(1234)]) == 1234
        assert await tx.execute("UPDATE {org}.steps SET n = -n WHERE n < :n", [{"n": 3}, {"n": 0}]) == 5


async def test_what_the_server_no_longer_has_prepared_is_prepared_again(database: Database, schema: str) -> None:
    async def work() -> list[int]:
        async with database.transaction(schema) as tx:
            return await tx.fetch_column(ALL)

    for _ in range(flights.PREPARE_AFTER + 1):
        assert await work() == []
    async with database.writers.connection() as connection:
        await connection.execute("DEALLOCATE ALL")
    assert await work() == []
    assert await work() == []
