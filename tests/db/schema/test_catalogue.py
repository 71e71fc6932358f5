from __future__ import annotations

import asyncio
from datetime import date

import pytest

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation, create_organisation
from liaoran.kernel.errors import Conflict, Invalid, NotFound, Refused
from liaoran.schema import catalogue
from liaoran.schema.catalogue import advance, current_version, load_snapshot
from liaoran.schema.changes import (
    add_field,
    add_object,
    change_field,
    change_object,
    restore_field,
    restore_object,
    retire_field,
    retire_object,
)
from liaoran.schema.definitions import MAXIMUM_FIELDS
from liaoran.schema.numbering import next_numbers

PROJECT = {
    "label": {"zh": "项目", "en": "Project"},
    "fields": [
        {"key": "code", "type": "text", "label": {"zh": "编号", "en": "Code"}, "unique": True},
        {"key": "budget", "type": "money", "label": {"zh": "预算", "en": "Budget"}},
        {
            "key": "phase",
            "type": "choice",
            "label": {"zh": "阶段", "en": "Phase"},
            "choices": [
                {"key": "plan", "label": {"zh": "计划", "en": "Plan"}},
                {"label": {"zh": "实施", "en": "Build"}},
            ],
        },
        {"key": "parent", "type": "link", "label": "上级项目", "options": {"target": "project"}},
        {"key": "number", "type": "autonumber", "label": "序号", "options": {"format": "P-{year}-{number:03d}"}},
        {"key": "twice", "type": "formula", "label": "两倍", "options": {"expression": "budget + budget"}},
    ],
    "layouts": {"list": {"columns": ["name", "code", "parent.name"], "sort": [{"field": "code", "dir": "asc"}]}},
}


async def _columns(database: Database, table: str) -> dict[str, str]:
    async with database.read("org_test") as tx:
        rows = await tx.fetch_all(
            "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
            " WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped",
            {"table": f"org_test.{table}"},
        )
    return {row["attname"]: row["type"] for row in rows}


async def _indexes(database: Database, table: str) -> set[str]:
    async with database.read("org_test") as tx:
        return set(
            await tx.fetch_column(
                "SELECT indexdef FROM pg_indexes WHERE schemaname = 'org_test' AND tablename = :table", {"table": table}
            )
        )


async def test_an_object_gets_its_table_at_once(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        before = await load_snapshot(tx)
        after = await add_object(tx, {**PROJECT, "tracked": True})
    assert after.version == before.version + 1
    one = after.object("project")
    assert one.name_field == "name"
    assert [field.key for field in one.active_fields] == [
        "name", "code", "budget_currency", "budget", "phase", "parent", "number", "twice", "owner", "department",
        "external_id", "created_at", "created_by", "updated_at", "updated_by",
    ]  # fmt: skip
    assert [choice.key for choice in one.field("phase").choices] == ["plan", "build"]
    assert one.field("budget").options["currency_field"] == "budget_currency"
    columns = await _columns(database, "r_project")
    assert columns == {column.name: columns[column.name] for column in one.table.c}
    assert columns["budget"] == "numeric(20,4)"
    assert columns["phase"] == "text"
    assert columns["parent"] == columns["owner"] == "uuid"
    assert columns["name__pinyin"] == "text"
    assert "twice" not in columns
    versions = await _columns(database, "v_project")
    assert one.versions_table is not None
    assert set(versions) == {column.name for column in one.versions_table.c}
    assert set(columns) - set(versions) == {"deleted_at", "search__words"}
    indexes = " ".join(await _indexes(database, "r_project"))
    for part in (
        "USING gin (search__words)",
        "(updated_at DESC, id) WHERE (deleted_at IS NULL)",
        "(owner, updated_at DESC, id)",
        "(department)",
        "(parent)",
        "(name__pinyin, id)",
    ):
        assert part in indexes
    assert "UNIQUE INDEX ix__r_project__code__unique" in indexes


async def test_the_same_version_is_built_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async with database.transaction("org_test") as tx:
        changed = await add_object(tx, PROJECT)
        assert await load_snapshot(tx) is changed
    async with database.read("org_test") as tx:
        assert await load_snapshot(tx) is changed
        assert await load_snapshot(tx) is changed
        assert await current_version(tx) == changed.version
    catalogue._kept.clear()
    async with database.read("org_test") as tx:
        read = await load_snapshot(tx)
    assert read == changed
    assert read.identity == changed.identity
    assert read.objects["project"].table.c.keys() == changed.objects["project"].table.c.keys()


async def test_what_is_rolled_back_was_never_there(database: Database) -> None:
    async with database.read("org_test") as tx:
        before = await load_snapshot(tx)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction("org_test") as tx:
            await add_object(tx, PROJECT)
            assert "project" in (await load_snapshot(tx)).objects
            raise ZeroDivisionError
    async with database.transaction("org_test") as tx:
        with pytest.raises(ZeroDivisionError):
            async with tx.savepoint():
                await add_object(tx, PROJECT)
                raise ZeroDivisionError
        assert (await load_snapshot(tx)) == before
        other = await add_object(tx, {"key": "other", "label": "其他"})
    assert other.version == before.version + 1
    async with database.read("org_test") as tx:
        assert "project" not in (await load_snapshot(tx)).objects


async def test_organisations_never_share_a_snapshot(database: Database) -> None:
    await create_organisation(database, "second", currency="USD", language="en", zone="Europe/Berlin")
    async with database.transaction("org_second") as tx:
        snapshot = await load_snapshot(tx)
    assert (snapshot.schema, snapshot.language, snapshot.currency, snapshot.zone) == (
        "org_second", "en", "USD", "Europe/Berlin",
    )  # fmt: skip
    assert not snapshot.objects


async def test_other_layers_can_make_it_anew(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        before = await load_snapshot(tx)
        await advance(tx)
        after = await load_snapshot(tx)
    assert after.version == before.version + 1
    assert after.stamp != before.stamp
    assert after.objects == before.objects


async def test_published_processes_are_part_of_it(database: Database) -> None:
    definition = {
        "field": "phase",
        "label": {"zh": "流程", "en": "Flow"},
        "states": [{"key": "plan", "label": {"zh": "计划"}, "kind": "open", "probability": 10}],
        "transitions": [{"key": "go", "from": None, "to": "plan", "required": ["code"]}],
        "derived": {"closed_on": "closed_on"},
    }
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        await tx.execute(
            "INSERT INTO {org}.processes (key, object, version, is_default) VALUES ('flow', 'project', 3, true)"
        )
        await tx.execute(
            "INSERT INTO {org}.process_versions (process, version, definition) VALUES ('flow', 3, :definition)",
            {"definition": definition},
        )
        await advance(tx)
        snapshot = await load_snapshot(tx)
        process = snapshot.process("flow")
        assert process is not None
        assert (process.version, process.is_default, process.states[0].probability) == (3, True, 10)
        assert process.transitions[0].required == ("code",)
        assert process.derived == {"closed_on": "closed_on"}
        with pytest.raises(Conflict) as used:
            await retire_field(tx, "project", "phase")
        assert "流程" in used.value.message.zh


async def test_fields_come_and_go_and_come_back(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        added = await add_field(tx, "project", {"type": "date", "label": {"zh": "截止日", "en": "Due on"}})
        assert added.object("project").field("due_on").type == "date"
        await tx.execute(
            "INSERT INTO {org}.r_project (id, version, created_at, updated_at, due_on)"
            " VALUES (gen_random_uuid(), 1, now(), now(), '2026-03-05')"
        )
        retired = await retire_field(tx, "project", "due_on")
        with pytest.raises(Invalid):
            retired.object("project").field("due_on")
        assert "due_on" in retired.object("project").table.c
        with pytest.raises(Conflict) as taken:
            await add_field(tx, "project", {"key": "due_on", "type": "text", "label": "x"})
        assert taken.value.code == "duplicate_key"
        back = await restore_field(tx, "project", "due_on")
        assert back.object("project").field("due_on").type == "date"
        assert str(await tx.fetch_value("SELECT due_on FROM {org}.r_project")) == "2026-03-05"


async def test_what_is_used_is_not_retired(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        for key, word in (("budget", "两倍"), ("budget_currency", "预算"), ("name", "名称字段")):
            with pytest.raises(Conflict) as used:
                await retire_field(tx, "project", key)
            assert used.value.code == "still_used"
            assert word in used.value.message.zh
        with pytest.raises(Refused):
            await retire_field(tx, "project", "created_at")
        with pytest.raises(NotFound):
            await retire_field(tx, "project", "nothing")
        with pytest.raises(Refused):
            await retire_object(tx, "person")


async def test_layouts_lose_a_retired_field(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        after = await retire_field(tx, "project", "code")
    assert after.object("project").layouts["list"] == {"columns": ["name", "parent.name"], "sort": []}


async def test_objects_come_and_go_and_come_back(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        linked = {
            "key": "part",
            "label": "部件",
            "fields": [{"type": "link", "label": "项目", "options": {"target": "project"}}],
        }
        await add_object(tx, linked)
        with pytest.raises(Conflict) as used:
            await retire_object(tx, "project")
        assert "部件" in used.value.message.zh
        after = await retire_object(tx, "part")
        assert "part" in after.objects
        with pytest.raises(Invalid):
            after.object("part")
        await retire_object(tx, "project")
        with pytest.raises(Invalid):
            await restore_object(tx, "part")
    async with database.transaction("org_test") as tx:
        await restore_object(tx, "project")
        assert not (await restore_object(tx, "part")).object("part").retired


async def test_objects_change(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        await tx.execute(
            "INSERT INTO {org}.r_project (id, version, created_at, updated_at, name)"
            " VALUES (gen_random_uuid(), 4, now(), now(), '甲')"
        )
        after = await change_object(
            tx, "project", {"label": {"zh": "工程", "en": "Works"}, "tracked": True, "name_field": "code"}
        )
        one = after.object("project")
        assert (one.label.zh, one.tracked, one.name_field) == ("工程", True, "code")
        row = await tx.fetch_one("SELECT name, version, valid_to FROM {org}.v_project")
        assert row == {"name": "甲", "version": 4, "valid_to": None}
        with pytest.raises(Invalid):
            await change_object(tx, "project", {"tracked": False})
        with pytest.raises(Invalid) as wrong:
            await change_object(tx, "project", {"name_field": "budget"})
        assert wrong.value.extra["at"] == "name_field"
        with pytest.raises(Invalid) as unknown:
            await change_object(tx, "project", {"layouts": {"header": ["cde"]}})
        assert unknown.value.extra["at"] == "layouts.header[0]"


async def test_fields_change(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        before = (await load_snapshot(tx)).version
        assert (await change_field(tx, "project", "phase", {})).version == before
        after = await change_field(
            tx,
            "project",
            "phase",
            {"label": "状态", "choices": [{"key": "build", "label": "建设", "color": "red"}, "验收"], "required": True},
        )
        phase = after.object("project").field("phase")
        assert phase.required
        assert [(one.key, one.label.zh, one.retired) for one in phase.choices] == [
            ("build", "建设", False), ("yan_shou", "验收", False), ("plan", "计划", True),
        ]  # fmt: skip
        again = await change_field(tx, "project", "phase", {"choices": ["计划", {"key": "build"}]})
        assert [(one.key, one.retired) for one in again.object("project").field("phase").choices] == [
            ("plan", False), ("build", False), ("yan_shou", True),
        ]  # fmt: skip
        with pytest.raises(Invalid):
            await change_field(tx, "project", "phase", {"type": "text"})
        with pytest.raises(Invalid):
            await change_field(tx, "project", "parent", {"options": {"target": "person"}})
        with pytest.raises(Invalid) as unknown:
            await change_field(tx, "project", "phase", {"lable": "x"})
        assert "label" in unknown.value.message.en
        with pytest.raises(Invalid) as default:
            await change_field(tx, "project", "phase", {"default": "nothing"})
        assert default.value.extra["at"] == "default"


async def test_unique_refuses_equal_values(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        insert = (
            "INSERT INTO {org}.r_project (id, version, created_at, updated_at, name)"
            " SELECT gen_random_uuid(), 1, now(), now(), 'same' FROM generate_series(1, 2)"
        )
        await tx.execute(insert)
    with pytest.raises(Refused) as refused:
        async with database.transaction("org_test") as tx:
            await change_field(tx, "project", "name", {"unique": True})
    assert refused.value.code == "duplicate_values"
    async with database.transaction("org_test") as tx:
        await tx.execute("UPDATE {org}.r_project SET deleted_at = now()")
        await change_field(tx, "project", "name", {"unique": True})
        after = await change_field(tx, "project", "name", {"unique": False, "indexed": True})
    assert not after.object("project").field("name").unique
    assert "ix__r_project__name__unique" not in " ".join(await _indexes(database, "r_project"))


async def test_a_field_that_others_need_cannot_break_them(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        with pytest.raises(Invalid) as formula:
            await add_field(
                tx, "project", {"type": "formula", "label": "坏", "key": "bad", "options": {"expression": "nil"}}
            )
        assert formula.value.code == "invalid_formula"
        assert formula.value.extra["position"] == 0
        with pytest.raises(Invalid) as link:
            await add_field(tx, "project", {"type": "link", "label": "x", "key": "l", "options": {"target": "nowhere"}})
        assert link.value.extra["at"] == "options.target"
        chained = await add_field(
            tx, "project", {"type": "formula", "label": "状", "key": "same", "options": {"expression": "phase"}}
        )
        assert chained.object("project").field("same").kind == "choice"


async def test_at_most_300_fields(database: Database) -> None:
    fields = [{"key": f"f{index}", "type": "number", "label": f"字段{index}"} for index in range(MAXIMUM_FIELDS)]
    async with database.transaction("org_test") as tx:
        with pytest.raises(Invalid) as many:
            await add_object(tx, {"key": "wide", "label": "宽", "fields": fields})
        assert "300" in many.value.message.zh
        fits = fields[: MAXIMUM_FIELDS - 8]
        snapshot = await add_object(tx, {"key": "wide", "label": "宽", "fields": fits})
        assert len(snapshot.object("wide").fields) == MAXIMUM_FIELDS
        with pytest.raises(Invalid) as more:
            await add_field(tx, "wide", {"type": "text", "label": "多"})
        assert more.value.code == "too_many_fields"


async def test_a_table_in_use_is_a_conflict_to_be_tried_again(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
    async with database.transaction("org_test") as holder:
        await holder.execute("LOCK TABLE {org}.r_project IN ACCESS SHARE MODE")
        with pytest.raises(Conflict) as busy:
            async with database.transaction("org_test") as tx:
                await add_field(tx, "project", {"type": "text", "label": "新"})
        assert busy.value.code == "schema_busy"
        assert busy.value.extra["retryable"]
    async with database.transaction("org_test") as tx:
        await add_field(tx, "project", {"type": "text", "label": "新"})


async def test_changes_at_the_same_time_follow_one_another(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        start = (await add_object(tx, PROJECT)).version

    async def add(number: int) -> None:
        async with database.transaction("org_test") as tx:
            await add_field(tx, "project", {"key": f"n{number}", "type": "number", "label": f"数{number}"})

    await asyncio.gather(*(add(number) for number in range(4)))
    async with database.read("org_test") as tx:
        snapshot = await load_snapshot(tx)
    assert snapshot.version == start + 4
    assert {f"n{number}" for number in range(4)} <= snapshot.object("project").fields.keys()


async def test_changes_are_kept_with_who_made_them(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, PROJECT)
        await change_field(tx, "project", "code", {"label": "代码"})
        rows = await tx.fetch_all(
            "SELECT field, before, after, actor_label FROM {org}.catalogue_changes WHERE object = 'project' ORDER BY id"
        )
    assert rows[0]["field"] is None
    assert rows[0]["before"] is None
    assert rows[-1]["before"]["label"] == {"zh": "编号", "en": "Code"}
    assert rows[-1]["after"]["label"] == {"zh": "代码", "en": "代码"}
    assert rows[-1]["actor_label"] == "system"


async def test_numbers_never_repeat(database: Database, organisation: Organisation) -> None:
    async with database.transaction(organisation.schema) as tx:
        one = (await add_object(tx, PROJECT)).object("project").field("number")
    taken: list[str] = []

    async def take(count: int) -> None:
        async with database.transaction(organisation.schema) as tx:
            taken.extend(await next_numbers(tx, one, count, date(2026, 3, 5)))

    await asyncio.gather(*(take(50) for _ in range(4)))
    assert len(set(taken)) == 200
    assert "P-2026-001" in taken


async def test_an_index_within_another_field(database: Database, organisation: Organisation) -> None:
    definition = {
        "key": "visit",
        "label": "拜访",
        "fields": [
            {"key": "phase", "type": "choice", "label": "阶段", "choices": ["计划", "完成"]},
            {"key": "day", "type": "date", "label": "日期", "indexed_within": "phase"},
        ],
    }
    async with database.transaction("org_test") as tx:
        await add_object(tx, definition)
    assert "(phase, day, id)" in " ".join(await _indexes(database, "r_visit"))
    async with database.transaction("org_test") as tx:
        await change_field(tx, "visit", "day", {"indexed_within": None})
    assert "(phase, day, id)" not in " ".join(await _indexes(database, "r_visit"))
    with pytest.raises(Invalid) as refused:
        async with database.transaction("org_test") as tx:
            await change_field(tx, "visit", "day", {"indexed_within": "nothing"})
    assert refused.value.code == "unknown_field"
