"""Bad input: a clear message with line and column, the good rows importable, nothing half done."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from liaoran.access.actors import scope_of_person
from liaoran.access.people import LoginChange, change_login
from liaoran.exchange.imports.command import import_file
from liaoran.kernel.errors import Invalid
from liaoran.schema.catalogue import load_snapshot

ROWS = """商机名称,客户,阶段,负责人,预计金额,预计成交日期
甲,A 公司,初步接触,admin,100,2026-03-01
乙,A 公司,不存在的阶段,admin,100,2026-03-01
丙,A 公司,方案报价,没有这个人,100,2026-03-01
丁,A 公司,方案报价,admin,12abc,2026-03-01
戊,A 公司,方案报价,admin,100,2026-02-30
己,没有的客户,方案报价,admin,100,2026-03-01
"庚,A 公司,方案报价,admin,100,2026-03-01
辛,A 公司,方案报价,admin,100,2026-03-01,多了一格
,A 公司,方案报价,admin,100,2026-03-01
壬,A 公司,方案报价,admin,"￥1,054.00",2026年3月5日
"""


async def test_every_bad_row_is_named_and_the_good_ones_come_in(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    await run("account", table("客户名称\nA 公司\n"))
    result = await run("opportunity", table(ROWS))
    assert (result["read"], result["created"], result["rejected"]) == (10, 2, 8)
    found = {one["line"]: (one["code"], one["column"], one["value"]) for one in result["problems"]}
    assert found == {
        3: ("unknown_state", "阶段", "不存在的阶段"),
        4: ("unknown_link", "负责人", "没有这个人"),
        5: ("not_a_number", "预计金额", "12abc"),
        6: ("no_such_day", "预计成交日期", "2026-02-30"),
        7: ("unknown_link", "客户", "没有的客户"),
        8: ("broken_quoting", None, None),
        9: ("too_many_cells", None, None),
        10: ("required", "商机名称", ""),
    }
    messages = {one["line"]: one["message"] for one in result["problems"]}
    assert messages[5].startswith("第 5 行“预计金额”列：“12abc”不是数字；请")
    assert messages[6] == "第 6 行“预计成交日期”列：没有“2026-02-30”这一天；请改成存在的日期"
    names = await fetch("SELECT name, amount::float AS amount FROM {org}.r_opportunity ORDER BY name")
    assert names == [{"name": "壬", "amount": 1054.0}, {"name": "甲", "amount": 100.0}]


async def test_the_file_of_rejected_rows_can_be_mended_and_imported(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    await run("account", table("客户名称\nA 公司\n"))
    result = await run("opportunity", table(ROWS))
    path = Path(result["rejects_file"])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rejected = list(csv.reader(stream))
    assert rejected[0] == ["商机名称", "客户", "阶段", "负责人", "预计金额", "预计成交日期", "导入行号", "拒绝原因"]
    assert [row[-2] for row in rejected[1:]] == ["3", "4", "5", "6", "7", "10", "8", "9"]
    text = path.read_text("utf-8-sig")
    mended = text.replace("不存在的阶段", "需求确认").replace("没有这个人", "admin").replace("12abc", "12")
    result = await run("opportunity", table(mended.replace("2026-02-30", "2026-02-28"), "mended.csv"))
    assert result["created"] >= 4
    assert {"导入行号", "拒绝原因"} <= result["left_out"].keys()


async def test_ambiguous_days_are_asked_once_per_column(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    path = table("Opportunity name,Close Date,Next follow-up\nX,01/02/2026,03/04/2026\nY,05/06/2026,07/08/2026\n")
    with pytest.raises(Invalid) as refused:
        await run("opportunity", path)
    assert refused.value.code == "open_questions"
    assert [(one.code, one.evidence["column"]) for one in refused.value.problems] == [
        ("date_order", "Close Date"),
        ("date_order", "Next follow-up"),
    ]
    assert await fetch("SELECT 1 FROM {org}.imports") == []
    await run("opportunity", path, {"columns": {"Close Date": {"date_order": "dmy"}}})
    rows = await fetch("SELECT expected_close_on::text AS day FROM {org}.r_opportunity ORDER BY name")
    assert [row["day"] for row in rows] == ["2026-02-01", "2026-06-05"]


async def test_one_sure_day_decides_its_column_and_the_others_of_the_file(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    path = table("Opportunity name,Close Date,Next follow-up\nX,01/02/2026,03/04/2026\nY,25/06/2026,07/08/2026\n")
    assert (await run("opportunity", path))["created"] == 2
    rows = await fetch("SELECT expected_close_on::text AS day FROM {org}.r_opportunity ORDER BY name")
    assert [row["day"] for row in rows] == ["2026-02-01", "2026-06-25"]


async def test_months_are_first_days_where_the_column_holds_nothing_else(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    mixed = await run("opportunity", table("商机名称,预计成交日期\nX,2026-03\nY,2026-04-05\n"))
    assert (mixed["created"], mixed["rejected"]) == (1, 1)
    assert "按每月 1 日导入" in mixed["problems"][0]["message"]
    assert (await run("opportunity", table("商机名称,预计成交日期\nA,2026-03\nB,2026年4月\nC,\n")))["created"] == 3
    rows = await fetch("SELECT name, expected_close_on::text AS day FROM {org}.r_opportunity ORDER BY name")
    assert [(row["name"], row["day"]) for row in rows] == [
        ("A", "2026-03-01"),
        ("B", "2026-04-01"),
        ("C", None),
        ("Y", "2026-04-05"),
    ]


async def test_the_first_of_several_numbers_comes_in_and_the_others_are_told(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    rows = (
        "客户名称,电话\nA,13800138001；010-12345678\nB,13800138002 / 138-0013-8003\nC,13800138004 王总\nD,13800138005\n"
    )
    result = await run("account", table(rows))
    assert (result["created"], result["rejected"]) == (3, 1)
    found = await fetch("SELECT name, phone FROM {org}.r_account ORDER BY name")
    assert [(one["name"], one["phone"]) for one in found] == [
        ("A", "13800138001"),
        ("B", "13800138002"),
        ("D", "13800138005"),
    ]
    told = {one["line"]: one for one in result["problems"]}
    assert {line: one["code"] for line, one in told.items()} == {
        2: "several_numbers",
        3: "several_numbers",
        4: "not_a_phone",
    }
    assert "010-12345678" in told[2]["message"] and told[3]["value"] == "13800138002 / 138-0013-8003"


async def test_required_fields_without_a_column_are_asked_for(
    run: Any, define: Any, table: Callable[..., Path]
) -> None:
    with pytest.raises(Invalid) as refused:
        await run("opportunity_line", table("数量\n5\n"))
    assert {one.field for one in refused.value.problems} == {"opportunity", "product"}


async def test_a_map_that_does_not_fit_is_refused_by_name(run: Any, table: Callable[..., Path]) -> None:
    path = table("客户名称,x\nA,1\nB,2\n")
    for mapping, code in (
        ({"columns": {"y": "name"}}, "unknown_column"),
        ({"columns": {"x": "no_such_field"}}, "unknown_field"),
        ({"columns": {"x": "open_amount"}}, "unknown_field"),
        ({"template": {"notes": "{z}"}}, "unknown_column"),
        ({"key": "x", "columns": {"x": "employees"}}, "bad_key"),
    ):
        with pytest.raises(Invalid) as refused:
            await run("account", path, mapping)
        assert refused.value.code == code, mapping


async def test_a_key_that_repeats_is_rejected_the_second_time(run: Any, table: Callable[..., Path]) -> None:
    rows = "".join(f"K{n},甲{n},1\n" for n in range(30))
    result = await run("opportunity", table(f"商机编号,商机名称,预计金额\n{rows}K3,又是,2\n"))
    assert (result["created"], result["rejected"]) == (30, 1)
    assert result["problems"][0]["message"] == "第 32 行“商机编号”列：“K3”在第 5 行已经出现过"


async def test_a_dry_run_reports_and_leaves_nothing(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    before = await fetch("SELECT version FROM {org}.catalogue")
    result = await run("opportunity", table(ROWS), create_missing=True, dry_run=True)
    assert (result["read"], result["created"], result["rejected"]) == (10, 5, 5)
    assert result["made"] == {"account": 2, "person": 1}
    assert Path(result["rejects_file"]).is_file()
    for name in ("r_opportunity", "r_account", "events", "visits"):
        assert await fetch(f"SELECT 1 FROM {{org}}.{name} WHERE true LIMIT 1") == [] or name in ("events",)
    assert await fetch("SELECT version FROM {org}.catalogue") == before
    assert (await run("opportunity", table(ROWS), create_missing=True))["created"] == 5


async def test_duplicates_and_empty_cells(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    await run("account", table("客户名称,地址,员工人数\nA,旧址,5\n"))
    newer = table("客户名称,地址,员工人数\nA,,6\nB,新址,7\n")
    skipped = await run("account", newer, {"duplicates": "skip"})
    assert (skipped["created"], skipped["updated"], skipped["unchanged"]) == (1, 0, 1)
    updated = await run("account", newer)
    assert (updated["created"], updated["updated"], updated["unchanged"]) == (0, 1, 1)
    rows = await fetch("SELECT address, employees::int FROM {org}.r_account ORDER BY name")
    assert rows[0] == {"address": "旧址", "employees": 6}
    await run("account", newer, {"empty_cells": "clear"})
    rows = await fetch("SELECT address, employees::int FROM {org}.r_account ORDER BY name")
    assert rows[0] == {"address": None, "employees": 6}
    await run("account", newer, {"duplicates": "create"})
    assert len(await fetch("SELECT 1 FROM {org}.r_account")) == 4


async def test_links_by_code_case_width_and_pinyin(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    await run("account", table("外部编号,客户名称\nA1,华盛印务\nA2,Acme Corp\n"))
    await run("person", table("姓名,工号\n张伟,007\n"))
    content = "商机名称,客户,负责人\n甲,A1,zhang wei\n乙,ＡＣＭＥ　corp,007\n丙,huashengyinwu,张伟\n丁,acmecorp,\n"
    result = await run("opportunity", table(content))
    assert result["rejected"] == 0, result["problems"]
    rows = await fetch(
        """SELECT o.name, a.external_id AS account, p.name AS owner FROM {org}.r_opportunity o
           JOIN {org}.r_account a ON a.id = o.account LEFT JOIN {org}.r_person p ON p.id = o.owner ORDER BY a.external_id, o.name"""
    )
    assert [(row["name"], row["account"]) for row in rows] == [("丙", "A1"), ("甲", "A1"), ("丁", "A2"), ("乙", "A2")]
    assert {row["owner"] for row in rows if row["name"] != "丁"} == {"张伟"}


async def test_rows_of_totals_are_not_imported(run: Any, table: Callable[..., Path]) -> None:
    content = "客户名称,员工人数\nA,5\nB,6\n合计,11\n"
    result = await run("account", table(content))
    assert (result["created"], result["rejected"]) == (2, 1)
    assert result["problems"][0]["code"] == "total_row"


async def test_a_row_of_totals_may_have_lost_its_figures(run: Any, table: Callable[..., Path]) -> None:
    result = await run("account", table("客户名称,员工人数\nA,5\n合计,\n"))
    assert (result["created"], [one["code"] for one in result["problems"]]) == (1, ["total_row"])


async def test_stages_are_found_by_further_words_where_no_process_is_made(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    content = "商机名称,商机阶段,赢单原因\n甲,商务谈判,\n乙,方案/报价,\n丙,Closed Won,价格\n"
    plan = {"columns": {"赢单原因": {"field": "win_reason", "missing": "create"}}, "pipeline": {"create": False}}
    result = await run("opportunity", table(content), plan)
    assert result["rejected"] == 0, result["problems"]
    rows = await fetch("SELECT stage, pipeline FROM {org}.r_opportunity ORDER BY name")
    assert [row["stage"] for row in rows] == ["won", "proposal", "negotiation"]
    assert {row["pipeline"] for row in rows} == {"sales"}


async def test_what_sales_teams_call_their_columns(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    await run("person", table("姓名\n王芳\n"))
    content = "项目名称,销售负责人,预计签单日期,赢单率,项目金额(万元)\n甲,王芳,2026年3月5日,30%,12\n"
    result = await run("opportunity", table(content))
    assert (result["created"], result["left_out"]) == (1, {}), result
    (row,) = await fetch(
        """SELECT p.name, o.expected_close_on::text AS day, o.probability, o.amount FROM {org}.r_opportunity o
           JOIN {org}.r_person p ON p.id = o.owner"""
    )
    assert (row["name"], row["day"], int(row["probability"]), int(row["amount"])) == ("王芳", "2026-03-05", 30, 120000)


async def test_an_outcome_column_closes_what_the_stage_leaves_open(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    content = "商机名称,商机阶段,商机状态\n甲,报价,进行中\n乙,报价,已赢单\n丙,线索,已输单\n丁,线索,\n"
    path = table(content)
    assert (await run("opportunity", path, create_missing=True))["rejected"] == 0
    rows = await fetch("SELECT name, status FROM {org}.r_opportunity ORDER BY name")
    assert {row["name"]: row["status"] for row in rows} == {"甲": "open", "乙": "won", "丙": "lost", "丁": "open"}
    assert (await run("opportunity", path, create_missing=True))["unchanged"] == 4


async def test_only_administrators_add_choices_and_processes(
    database: Any, organisation: Any, scope: Any, run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    await run("person", table("姓名\n经理\n"))
    (person,) = await fetch("SELECT id FROM {org}.r_person WHERE name = '经理'")
    async with database.transaction(organisation.schema) as tx:
        await change_login(tx, person["id"], LoginChange("manager", "tested and true", ["manager"]))
        manager = (await scope_of_person(tx, await load_snapshot(tx), person["id"])).actor
    content = "商机名称,商机阶段,商机来源\n甲,没见过,官网咨询\n乙,初步接触,没见过\n丙,初步接触,官网咨询\n"
    result = await import_file(database, organisation, manager, "opportunity", table(content), create_missing=True)
    assert (result["created"], result["rejected"]) == (1, 2)
    assert [one["code"] for one in result["problems"]] == ["unknown_state", "unknown_choice"]
    (owner,) = await fetch("SELECT owner, created_by FROM {org}.r_opportunity")
    assert owner == {"owner": person["id"], "created_by": person["id"]}
    (event,) = await fetch("SELECT actor_kind, actor_label, door FROM {org}.events WHERE object = 'opportunity'")
    assert event == {"actor_kind": "import", "actor_label": "经理", "door": "import"}


async def test_a_column_of_processes_with_the_stages_of_each(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    content = (
        "Record ID,Deal Name,Deal Stage,Pipeline\n"
        "1,A,Demo,Sales Pipeline\n2,B,Closed Won,Sales Pipeline\n3,C,Offer,Renewals\n4,D,Demo,Renewals\n"
        "5,E,初步接触,标准销售流程\n6,F,,\n"
    )
    path = table(content)
    refused = await run("opportunity", path)
    assert (refused["created"], {one["code"] for one in refused["problems"]}) == (2, {"unknown_process"})
    made = await run("opportunity", path, create_missing=True)
    assert (made["created"], made["unchanged"], made["rejected"]) == (4, 2, 0)
    rows = await fetch(
        """SELECT o.name, p.definition -> 'label' ->> 'en' AS process, state -> 'label' ->> 'en' AS state, o.status
           FROM {org}.r_opportunity o JOIN {org}.process_versions p ON p.process = o.pipeline,
             jsonb_array_elements(p.definition -> 'states') state WHERE state ->> 'key' = o.stage ORDER BY o.name"""
    )
    assert [tuple(row.values()) for row in rows] == [
        ("A", "Sales Pipeline", "Demo", "open"),
        ("B", "Sales Pipeline", "Closed Won", "won"),
        ("C", "Renewals", "Offer", "open"),
        ("D", "Renewals", "Demo", "open"),
        ("E", "Standard sales pipeline", "First contact", "open"),
        ("F", "Standard sales pipeline", "First contact", "open"),
    ]
    assert (await run("opportunity", path, create_missing=True))["unchanged"] == 6
