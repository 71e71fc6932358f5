"""Which column goes where, on the header rows of real systems and the contents of real files."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from liaoran.exchange.mapping.headers import read_header
from liaoran.exchange.mapping.keys import propose_key, propose_template
from liaoran.exchange.mapping.names import FieldNames
from liaoran.exchange.mapping.proposals import propose
from liaoran.exchange.mapping.stages import in_order, stage_of, with_probabilities
from liaoran.exchange.plan import ColumnPlan, Plan, plan_of_json, read_plan
from liaoran.exchange.readers.opening import open_table
from liaoran.exchange.values.profile import Profile, Profiler
from liaoran.kernel.errors import Invalid
from liaoran.schema.snapshot import Snapshot


def profiles_of(header: list[str], rows: list[list[Any]]) -> list[Profile]:
    profiler = Profiler(header)
    profiler.add(rows)
    return profiler.profiles()


def mapping_of(
    snapshot: Snapshot, object_key: str, path: Path
) -> tuple[dict[str, str | None], list[Profile], list[Any]]:
    owner = snapshot.object(object_key)
    names = FieldNames(snapshot, owner)
    table = open_table(path, vocabulary=names)
    profiler = Profiler(table.columns)
    for block in table.blocks():
        profiler.add(block.rows)
    profiles = profiler.profiles()
    proposals = propose(owner, profiles, names)
    return {one.column: one.field for one in proposals}, profiles, proposals


FILES = [
    ("opportunity", "maven/sales_pipeline.csv", {"opportunity_id": "external_id", "sales_agent": "owner", "product": "product", "account": "account", "deal_stage": "stage", "engage_date": None, "close_date": "expected_close_on", "close_value": "amount"}),
    ("account", "maven/accounts.csv", {"account": "name", "sector": "industry", "year_established": "founded_year", "revenue": "annual_revenue", "employees": "employees", "office_location": "address", "subsidiary_of": "parent"}),
    ("product", "maven/products.csv", {"product": "name", "series": "series", "sales_price": "list_price"}),
    ("person", "maven/sales_teams.csv", {"sales_agent": "name", "manager": "manager", "regional_office": "department"}),
    ("contact", "zoho/Contacts.csv", {"CONTACTID": "external_id", "Last Name": "name", "Contact Owner": "owner", "Account Id": "account", "Email": "email", "Mobile": "mobile", "Created Time": "created_at"}),
    ("lead", "zoho/Leads.csv", {"LEADID": "external_id", "Company": "company", "Lead Owner": "owner", "Lead Source": "source", "Lead Status": "status"}),
    ("call", "zoho/Calls.csv", {"TASKID": "external_id", "Call Start Time": "called_at", "Call Duration (in seconds)": "duration_seconds", "CONTACTID": "contact", "POTENTIALID": "opportunity", "SEMODULE": None}),
    ("event", "zoho/Events.csv", {"EVENTID": "external_id", "Start DateTime": "starts_at", "End DateTime": "ends_at", "Event Owner": "owner"}),
    ("opportunity", "chinese/商机导入模板.xlsx", {"商机名称": "name", "所属事业部": "department", "预计金额（万元）": "amount", "商机阶段": "stage", "商机状态": None, "预计达成时间": "expected_close_on", "备注": "reason_note"}),
    ("account", "chinese/客户导入模板.xlsx", {"名称": "name", "电话": "phone", "邮箱": "email", "地址": "address", "类型": "type", "区域": "region", "备注": "notes"}),
    ("opportunity", "ibm_winloss/win_loss.csv", {"Opportunity Number": "external_id", "Opportunity Result": "stage", "Opportunity Amount USD": "amount", "Route To Market": "source"}),
]  # fmt: skip


@pytest.mark.parametrize(("object_key", "file", "expected"), FILES, ids=[file for _, file, _ in FILES])
def test_real_files(
    snapshot: Snapshot, data: Path, object_key: str, file: str, expected: dict[str, str | None]
) -> None:
    mapping, _, proposals = mapping_of(snapshot, object_key, data / file)
    assert {name: mapping[name] for name in expected} == expected
    used = [one.field for one in proposals if one.field]
    assert len(used) == len(set(used))
    assert all(one.reason.zh and one.reason.en for one in proposals)


def test_header_rows_of_other_systems_are_understood(snapshot: Snapshot, data: Path) -> None:
    names = FieldNames(snapshot, snapshot.object("opportunity"))
    lines = (data / "headers" / "export_header_rows.txt").read_text("utf-8").splitlines()
    rows = [next(csv.reader([line])) for line in lines if line and not line.startswith("#")]
    meant = {name: meanings[0].field for row in rows for name in row if (meanings := names.meanings(name))}
    for name, field in {
        "Opportunity Name": "name", "Account Name": "account", "Stage": "stage", "Close Date": "expected_close_on",
        "Potential Name": "name", "Potential Owner": "owner", "Closing Date": "expected_close_on", "Lead Source": "source",
        "Record ID": "external_id", "Deal Name": "name", "Deal Stage": "stage", "Deal owner": "owner",
        "Associated Company": "account", "Company Name": "account", "Pipeline": "pipeline", "Original Source": "source",
        "Deal - Title": "name", "Deal - Value": "amount", "Organization - Name*": "account", "Product - Name*": "product",
        "Deal - Expected close date": "expected_close_on", "Deal - Won time": "closed_on", "Deal - Currency": "currency",
        "商机编号": "external_id", "商机名称": "name", "客户ID": "account", "商机阶段": "stage", "预估金额": "amount",
        "预期成交日期": "expected_close_on", "实际成交日期": "closed_on", "负责人": "owner", "预计金额（万元）": "amount",
        "所属事业部": "department", "预计达成时间": "expected_close_on",
    }.items():  # fmt: skip
        assert meant[name] == field, name


def test_headers_say_more_than_names() -> None:
    amount = read_header("预计金额（万元）")
    assert (amount.factor, amount.currency) == (10_000, "CNY")
    assert read_header("添加时间（格式必须为yyyy/MM/dd）").order == "ymd"
    assert read_header("Date (DD/MM/YYYY)").order == "dmy"
    assert read_header("电话号码（必填，多个用空格分隔）").separator == " "
    assert read_header("Amount USD").currency == "USD"
    assert read_header("*客户名称").keys == read_header("客户名称*").keys == read_header("客户名称（必填）").keys[-1:]


def test_contents_outweigh_names(snapshot: Snapshot) -> None:
    owner = snapshot.object("contact")
    names = FieldNames(snapshot, owner)
    profiles = profiles_of(
        ["姓名", "手机号", "随便"],
        [["张三", "见备注", "a@x.com"], ["李四", "没有", "b@x.com"], ["王五", "同上", "c@x.com"]],
    )
    proposals = propose(owner, profiles, names)
    assert [one.field for one in proposals] == ["name", None, "email"]
    assert "内容" in proposals[1].reason.zh


def test_keys(snapshot: Snapshot, data: Path) -> None:
    for object_key, file, column in (
        ("opportunity", "maven/sales_pipeline.csv", "opportunity_id"),
        ("account", "maven/accounts.csv", "account"),
        ("person", "maven/sales_teams.csv", "sales_agent"),
        ("opportunity", "ibm_winloss/win_loss.csv", "Opportunity Number"),
        ("contact", "zoho/Contacts.csv", "CONTACTID"),
        ("task", "zoho/Tasks.csv", None),
    ):
        _, profiles, proposals = mapping_of(snapshot, object_key, data / file)
        assert propose_key(snapshot.object(object_key), profiles, proposals).column == column, file


def test_names_are_put_together_where_no_column_holds_them(snapshot: Snapshot, data: Path) -> None:
    _, profiles, proposals = mapping_of(snapshot, "opportunity", data / "maven" / "sales_pipeline.csv")
    template = propose_template(snapshot.object("opportunity"), profiles, proposals)
    assert template is not None
    assert set(template.split(" · ")) == {"{product}", "{account}"}
    owner = snapshot.object("contact")
    people = profiles_of(["First Name", "Last Name"], [["Ada", "Lovelace"], ["Alan", "Turing"]])
    assert (
        propose_template(owner, people, propose(owner, people, FieldNames(snapshot, owner)))
        == "{First Name} {Last Name}"
    )


def test_stages_are_put_in_order() -> None:
    assert [one.label for one in in_order(["Won", "Engaging", "Lost", "Prospecting"])] == [
        "Prospecting",
        "Engaging",
        "Won",
        "Lost",
    ]
    assert [one.label for one in in_order(["报价", "签约跟进", "立项", "线索"])] == ["线索", "立项", "报价", "签约跟进"]
    assert [stage_of(label).kind for label in ("Closed Won", "Closed Lost", "已赢单", "丢单", "Negotiation", "Loss")] == [
        "won", "lost", "won", "lost", "open", "lost",
    ]  # fmt: skip
    made = with_probabilities(in_order(["X", "Y", "Won"]))
    assert [one.probability for one in made] == [35, 65, 100]


def test_plans_are_read_over_proposals() -> None:
    proposed = Plan(
        "account", {"Name": ColumnPlan("Name", "name"), "Ind": ColumnPlan("Ind", "industry"), "x": ColumnPlan("x")}
    )
    plan = read_plan(
        {
            "columns": {"ind": {"values": {"IT": "technology"}, "missing": "create"}, "x": "notes", "Name": None},
            "key": None,
            "defaults": {"status": "customer"},
            "template": {"name": "{x}"},
            "empty_cells": "clear",
        },
        proposed,
    )
    assert plan.columns["Ind"].field == "industry"
    assert plan.columns["Ind"].values == {"IT": "technology"}
    assert plan.columns["x"].field == "notes"
    assert plan.columns["Name"].field is None
    assert (plan.empty_cells, plan.defaults, plan.template) == ("clear", {"status": "customer"}, {"name": "{x}"})
    assert plan_of_json("account", plan.to_json()) == plan


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"columns": {"nope": "name"}}, "unknown_column"),
        ({"colums": {}}, "invalid_definition"),
        ({"columns": {"Name": {"missing": "maybe"}}}, "invalid_definition"),
        ({"duplicates": "explode"}, "invalid_definition"),
        ({"key": "nope"}, "unknown_column"),
        ({"history": {"record": "Name"}}, "invalid_definition"),
    ],
)
def test_wrong_plans_are_refused_at_their_place(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_plan(changes, Plan("account", {"Name": ColumnPlan("Name", "name")}))
    assert refused.value.code == code


def test_what_columns_hold() -> None:
    header = ["n", "money", "pct", "yes", "day", "when", "mail", "tel", "web", "text", "order", "zip"]
    rows = [
        [str(i), f"${i}.00", f"{i}%", "是" if i % 2 else "否", f"2026-01-{i:02d}", f"2026-01-{i:02d} 10:00", f"a{i}@x.com",
         f"1380013800{i}", f"www.x{i}.com", f"text {i}", f"0{i}/02/2026", f"0812{i}"]
        for i in range(1, 9)
    ]  # fmt: skip
    holds = {one.name: one.holds for one in profiles_of(header, rows)}
    assert holds == {
        "n": "number", "money": "number", "pct": "percent", "yes": "boolean", "day": "date", "when": "instant",
        "mail": "email", "tel": "phone", "web": "url", "text": "text", "order": "date", "zip": "text",
    }  # fmt: skip
    by_name = {one.name: one for one in profiles_of(header, rows)}
    assert by_name["order"].undecided_order
    assert by_name["money"].currencies == ("USD",)
    sure = profiles_of(["d"], [["05/02/2026"], ["25/02/2026"]])[0]
    assert sure.orders == {"dmy"}
    fractions = profiles_of(["p"], [["0.25"], ["0.5"], ["1"]])[0]
    assert fractions.fractions
