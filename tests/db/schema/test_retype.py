from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import psycopg
import pytest

from liaoran.infra.database import Database
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Invalid, Refused
from liaoran.kernel.ids import new_id
from liaoran.schema import retype as retyping
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_object, add_objects
from liaoran.schema.registry import type_of
from liaoran.schema.retype import decide_retype, list_rejects, read_retype, run_retype, start_retype
from liaoran.schema.retype_plan import preview_retype
from liaoran.schema.snapshot import Field

THING: dict[str, Any] = {
    "key": "thing",
    "label": "东西",
    "tracked": True,
    "fields": [
        {"key": "note", "type": "text", "label": {"zh": "备注", "en": "Note"}, "default": "3", "indexed": True},
        {"key": "amount", "type": "number", "label": "金额"},
        {
            "key": "level",
            "type": "choice",
            "label": "级别",
            "choices": [
                {"key": "high", "label": {"zh": "高", "en": "High"}},
                {"key": "low", "label": {"zh": "低", "en": "Low"}},
            ],
        },
        {"key": "other", "type": "link", "label": "另一个", "options": {"target": "thing"}},
    ],
}


async def _put(tx: Transaction, one: Field, values: list[Any]) -> list[UUID]:
    """Records with the given canonical values of one Field, in the record table and as a version."""
    ids = [new_id() for _ in values]
    for record, value in zip(ids, values, strict=True):
        stored = type_of(one).store(value, one)
        names = "".join(f', "{name}"' for name in stored)
        binds = "".join(f", CAST(:{name} AS {kind})" for name, kind in type_of(one).sql_types(one).items())
        params = {"id": record, "name": f"记录 {value}", **stored}
        await tx.execute(
            f"INSERT INTO {{org}}.r_thing (id, version, created_at, updated_at, name{names})"
            f" VALUES (:id, 1, now(), now(), :name{binds})",
            params,
        )
        await tx.execute(
            f"INSERT INTO {{org}}.v_thing (id, version, created_at, updated_at, name, valid_from{names})"
            f" VALUES (:id, 1, now(), now(), :name, now(){binds})",
            params,
        )
    return ids


async def _column(tx: Transaction, table: str, name: str, ids: list[UUID]) -> list[Any]:
    rows = await tx.fetch_all(f'SELECT id, "{name}" AS value FROM {{org}}.{table}')
    found = {row["id"]: row["value"] for row in rows}
    return [found[record] for record in ids]


async def test_a_preview_counts_and_changes_nothing(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        before = await add_object(tx, THING)
        await _put(tx, before.object("thing").field("note"), ["12", "1,300", "abc", "abc", "x", None])
        preview = await preview_retype(tx, "thing", "note", {"type": "number"})
        assert (preview.rows, preview.filled, preview.converted, preview.rejected) == (6, 5, 2, 3)
        assert [(one.value, one.count, one.problem.code) for one in preview.rejects] == [
            ("abc", 2, "not_a_number"), ("x", 1, "not_a_number"),
        ]  # fmt: skip
        assert sorted(preview.examples) == [("1,300", "1300"), ("12", "12")]
        assert await load_snapshot(tx) == before


async def test_a_small_object_is_done_at_once(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        snapshot = await add_object(tx, THING)
        ids = await _put(tx, snapshot.object("thing").field("note"), ["12", "1,300", None])
        done = await start_retype(tx, "thing", "note", {"type": "number", "options": {"scale": 1}})
        assert (done.state, done.total, done.done, done.rejected) == ("done", 2, 2, 0)
        after = await load_snapshot(tx)
        note = after.object("thing").field("note")
        assert (note.type, note.label.zh, note.options, note.default) == ("number", "备注", {"scale": 1}, "3")
        assert await _column(tx, "r_thing", "note", ids) == [12, 1300, None]
        assert await _column(tx, "v_thing", "note", ids) == [12, 1300, None]
        assert await _column(tx, "r_thing", "note__was_1", ids) == ["12", "1,300", None]
        columns = await tx.fetch_column(
            "SELECT attname FROM pg_attribute WHERE attrelid = CAST('org_test.r_thing' AS regclass) AND attnum > 0"
            " AND NOT attisdropped"
        )
        assert set(columns) == {column.name for column in after.object("thing").table.c} | {"note__was_1"}
        indexes = await tx.fetch_all("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'r_thing'")
        definitions = {row["indexname"]: row["indexdef"] for row in indexes}
        assert "(note, id)" in definitions["ix__r_thing__note"]
        assert not [name for name in definitions if name.endswith("__new")]
        # and back again: the number of the former column counts on
        back = await start_retype(tx, "thing", "note", {"type": "text"})
        assert back.state == "done"
        assert await _column(tx, "r_thing", "note", ids) == ["12", "1300", None]
        assert await _column(tx, "r_thing", "note__pinyin", ids) == ["12", "1300", None]
        assert await _column(tx, "r_thing", "note__was_2", ids) == [12, 1300, None]


async def test_nothing_is_lost_where_values_do_not_convert(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        snapshot = await add_object(tx, THING)
        ids = await _put(tx, snapshot.object("thing").field("note"), ["12", "2026-02-30", "2026-03-05"])
        held = await start_retype(tx, "thing", "note", {"type": "date"})
        assert (held.state, held.rejected) == ("held", 2)
        assert "2" in held.message.zh
        rejects = await list_rejects(tx, held.id)
        assert {one["record_id"]: (one["value"], one["problem"]["code"]) for one in rejects} == {
            ids[0]: ("12", "not_a_date"),
            ids[1]: ("2026-02-30", "no_such_date"),
        }
        assert (await load_snapshot(tx)).object("thing").field("note").type == "text"
        with pytest.raises(Conflict) as running:
            await start_retype(tx, "thing", "note", {"type": "number"})
        assert running.value.code == "retype_running"
        done = await decide_retype(tx, held.id, go_on=True)
        assert done.state == "done"
        assert [str(value) for value in await _column(tx, "r_thing", "note", ids)] == ["None", "None", "2026-03-05"]
        assert await _column(tx, "r_thing", "note__was_1", ids) == ["12", "2026-02-30", "2026-03-05"]
        with pytest.raises(Conflict):
            await decide_retype(tx, held.id, go_on=False)


async def test_a_held_retyping_can_be_cancelled(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        snapshot = await add_object(tx, THING)
        ids = await _put(tx, snapshot.object("thing").field("note"), ["a", "2"])
        held = await start_retype(tx, "thing", "note", {"type": "number"})
        assert (await decide_retype(tx, held.id, go_on=False)).state == "cancelled"
        assert await _column(tx, "r_thing", "note", ids) == ["a", "2"]
        columns = await tx.fetch_column(
            "SELECT attname FROM pg_attribute WHERE attrelid = CAST('org_test.r_thing' AS regclass) AND attnum > 0"
            " AND NOT attisdropped"
        )
        assert set(columns) == {column.name for column in snapshot.object("thing").table.c}
        accepted = await start_retype(tx, "thing", "note", {"type": "number"}, accept_rejects=True)
        assert (accepted.state, accepted.rejected) == ("done", 1)


async def test_texts_become_choices_and_back(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        snapshot = await add_object(tx, THING)
        ids = await _put(tx, snapshot.object("thing").field("note"), ["制造业", "零售", "制造业"])
        change = {"type": "choice", "make_choices": True}
        preview = await preview_retype(tx, "thing", "note", change)
        assert sorted(preview.choices) == sorted(["制造业", "零售"])
        assert preview.rejected == 0
        assert (await start_retype(tx, "thing", "note", change)).state == "done"
        note = (await load_snapshot(tx)).object("thing").field("note")
        assert {choice.key: choice.label.zh for choice in note.choices} == {"zhi_zao_ye": "制造业", "ling_shou": "零售"}
        assert note.default is None
        assert await _column(tx, "r_thing", "note", ids) == ["zhi_zao_ye", "ling_shou", "zhi_zao_ye"]
        assert (await start_retype(tx, "thing", "note", {"type": "choices"})).state == "done"
        assert await _column(tx, "r_thing", "note", ids) == [["zhi_zao_ye"], ["ling_shou"], ["zhi_zao_ye"]]
        assert (await start_retype(tx, "thing", "note", {"type": "text"})).state == "done"
        assert await _column(tx, "r_thing", "note", ids) == ["制造业", "零售", "制造业"]


async def test_names_become_links_and_links_names(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        snapshot = await add_object(tx, THING)
        note = snapshot.object("thing").field("note")
        ids = await _put(tx, note, ["记录 x", "记录 twice", "记录 nobody", "记录 twice"])
        (x,) = await _put(tx, note, ["x"])
        await _put(tx, note, ["twice"])
        await _put(tx, note, ["twice"])
        change = {"type": "link", "options": {"target": "thing"}}
        preview = await preview_retype(tx, "thing", "note", change)
        codes = {one.value: one.problem.code for one in preview.rejects}
        assert codes["记录 twice"] == "ambiguous_record"
        assert codes["记录 nobody"] == "no_such_record"
        await start_retype(tx, "thing", "note", change, accept_rejects=True)
        assert await _column(tx, "r_thing", "note", ids) == [x, None, None, None]
        await start_retype(tx, "thing", "note", {"type": "long_text"})
        assert await _column(tx, "r_thing", "note", ids) == ["记录 x", None, None, None]


async def test_a_number_becomes_money_of_the_organisation(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        snapshot = await add_object(tx, THING)
        ids = await _put(tx, snapshot.object("thing").field("amount"), [1054.5, None])
        assert (await start_retype(tx, "thing", "amount", {"type": "money"})).state == "done"
        after = (await load_snapshot(tx)).object("thing")
        assert after.field("amount").options["currency_field"] == "amount_currency"
        assert await _column(tx, "r_thing", "amount_currency", ids) == ["CNY", None]
        assert [float(value or 0) for value in await _column(tx, "r_thing", "amount", ids)] == [1054.5, 0]
        with pytest.raises(Conflict):
            await start_retype(tx, "thing", "amount_currency", {"type": "text"})


async def test_what_cannot_be_retyped_is_refused(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, THING)
        for key, change, error in (
            ("note", {"type": "text"}, Invalid),
            ("note", {"type": "nothing"}, Invalid),
            ("note", {"type": "formula", "options": {"expression": "amount"}}, Refused),
            ("external_id", {"type": "number"}, Refused),
            ("note", {"type": "link", "options": {"target": "nowhere"}}, Invalid),
            ("note", {"type": "number", "options": {"scale": 99}}, Invalid),
            ("name", {"type": "number"}, Invalid),
        ):
            with pytest.raises(error):
                await start_retype(tx, "thing", key, change)


async def _large(database: Database, rows: int) -> None:
    async with database.transaction("org_test") as tx:
        await add_objects(tx, [THING])
        await tx.execute(
            "INSERT INTO {org}.r_thing (id, version, created_at, updated_at, note)"
            " SELECT gen_random_uuid(), 1, now(), now(), n::text FROM generate_series(1, CAST(:rows AS integer)) n",
            {"rows": rows},
        )
        await tx.execute(
            "INSERT INTO {org}.v_thing (id, version, created_at, updated_at, note, valid_from)"
            " SELECT id, version, created_at, updated_at, note, created_at FROM {org}.r_thing"
        )


async def test_records_written_meanwhile_are_converted_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaoran.schema.retype_run.CHUNK", 500)
    await _large(database, 3000)
    async with database.transaction("org_test") as tx:
        begun = await start_retype(tx, "thing", "note", {"type": "number"})
        assert begun.state == "running"
    running = True

    async def write() -> int:
        count = 0
        while running:
            async with database.transaction("org_test") as tx:
                await tx.execute(
                    "UPDATE {org}.r_thing SET note = (note::bigint + 100000)::text, version = version + 1 WHERE id ="
                    " (SELECT id FROM {org}.r_thing ORDER BY md5(id::text || random()::text) LIMIT 1)"
                )
                await tx.execute(
                    "INSERT INTO {org}.r_thing (id, version, created_at, updated_at, note)"
                    " VALUES (gen_random_uuid(), 1, now(), now(), '7')"
                )
                count += 1
        return count

    writer = asyncio.create_task(_until_it_fails(write))
    await run_retype(database, "org_test", retype=str(begun.id))
    running = False
    await writer
    async with database.read("org_test") as tx:
        assert (await read_retype(tx, begun.id)).state == "done"
        wrong = await tx.fetch_value(
            "SELECT count(*) FROM {org}.r_thing"
            " WHERE note__was_1 IS NOT NULL AND note IS DISTINCT FROM note__was_1::numeric"
        )
        assert wrong == 0
        assert await tx.fetch_value("SELECT count(*) FROM {org}.r_thing WHERE note__was_1 IS NULL") == 0
        assert await tx.fetch_value("SELECT count(*) FROM {org}.v_thing WHERE note = note__was_1::numeric") == 3000


async def _until_it_fails(write: Any) -> int:
    """A writer with the former catalogue fails at the switch; it never writes into the wrong column."""
    try:
        return int(await write())
    except psycopg.errors.Error as error:
        assert isinstance(
            error, psycopg.errors.UndefinedFunction | psycopg.errors.DatatypeMismatch | psycopg.errors.CannotCoerce
        )
        return 0


async def test_a_job_that_died_goes_on_where_it_was(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("liaoran.schema.retype_run.CHUNK", 1000)
    await _large(database, 4000)
    async with database.transaction("org_test") as tx:
        begun = await start_retype(tx, "thing", "note", {"type": "number"})
    original = retyping.RetypeRun.convert_chunk
    count = 0

    async def dying(self: Any, tx: Transaction) -> bool:
        nonlocal count
        count += 1
        if count == 3:
            raise OSError("the machine stops")
        return await original(self, tx)

    monkeypatch.setattr(retyping.RetypeRun, "convert_chunk", dying)
    with pytest.raises(OSError, match="stops"):
        await run_retype(database, "org_test", retype=str(begun.id))
    async with database.read("org_test") as tx:
        assert (await read_retype(tx, begun.id)).done == 2000
    await run_retype(database, "org_test", retype=str(begun.id))
    await run_retype(database, "org_test", retype=str(begun.id))
    async with database.read("org_test") as tx:
        ended = await read_retype(tx, begun.id)
        assert (ended.state, ended.done, ended.total) == ("done", 4000, 4000)
        assert await tx.fetch_value("SELECT sum(note) FROM {org}.r_thing") == 4000 * 4001 // 2


async def test_a_job_fails_with_words(database: Database) -> None:
    await _large(database, 2500)
    async with database.transaction("org_test") as tx:
        await tx.execute("UPDATE {org}.r_thing SET note = '1'")
        begun = await start_retype(tx, "thing", "note", {"type": "email"}, accept_rejects=True)
        await tx.execute("UPDATE {org}.fields SET retired = true WHERE key = 'note'")
    await run_retype(database, "org_test", retype=str(begun.id))
    async with database.read("org_test") as tx:
        ended = await read_retype(tx, begun.id)
    assert ended.state == "failed"
    assert "note" in ended.message.zh
