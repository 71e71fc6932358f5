"""Every file of the folder of real files: imported into the Object it suits, or refused with the right message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from liaoran.kernel.errors import Invalid

SHIPPED = [
    ("account", "zoho/Accounts.csv", 2229, 3),
    ("contact", "zoho/Contacts.csv", 1265, 0),
    ("lead", "zoho/Leads.csv", 3900, 0),
    ("task", "zoho/Tasks.csv", 2978, 0),
    ("call", "zoho/Calls.csv", 4100, 0),
    ("event", "zoho/Events.csv", 2978, 0),
    ("person", "zoho/Users.csv", 11, 0),
    ("lead", "leads/leads.csv", 3000, 0),
    ("opportunity", "ibm_winloss/win_loss.csv", 23038, 56),
    ("opportunity", "chinese/商机导入模板.xlsx", 4, 0),
    ("account", "chinese/客户导入模板.xlsx", 3, 0),
]


@pytest.mark.parametrize(("object_key", "file", "rows", "rejected"), SHIPPED, ids=[one[1] for one in SHIPPED])
async def test_files_for_shipped_objects(
    run: Any, data: Path, object_key: str, file: str, rows: int, rejected: int
) -> None:
    result = await run(object_key, data / file, create_missing=True)
    assert (result["read"], result["created"], result["rejected"]) == (rows, rows - rejected, rejected), result[
        "problems"
    ][:3]
    again = await run(object_key, data / file, create_missing=True)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, rows - rejected), again["problems"][:3]
    assert again["made"] == {}


CUSTOM: list[tuple[str, dict[str, str], int, int, dict[str, Any] | None]] = [
    ("zoho/Campaigns.csv", {"Campaign Name": "text", "Type": "choice", "Status": "choice", "Start Date": "date", "End Date": "date", "Expected Revenue": "money", "Budgeted Cost": "money", "Actual Cost": "money"}, 110, 0, None),
    ("maven/data_dictionary.csv", {"Field": "text", "Table": "choice", "Description": "text"}, 21, 0, None),
    ("leads/dictionary.xlsx", {"Variables": "text", "Description": "long_text"}, 37, 0, None),
    ("chinese/cordys_form_fields.csv", {"name_cn": "text", "object": "choice", "internalKey": "text", "type": "choice", "required": "boolean", "unique": "boolean", "options": "long_text"}, 116, 0, None),
    ("chinese/wukong11_fields.csv", {"name_cn": "text", "object_cn": "choice", "field_name": "text", "type_cn": "choice", "required": "boolean", "unique": "boolean", "sorting": "number"}, 86, 0, None),
    ("csv_edge/csv-spectrum/csvs/comma_in_quotes.csv", {"last": "text", "first": "text", "address": "text", "city": "text", "zip": "text"}, 1, 0, {"template": {}, "columns": {"first": "first", "last": "last"}}),
    ("csv_edge/csv-spectrum/csvs/empty.csv", {"a": "text", "b": "text", "c": "text"}, 2, 0, None),
    ("csv_edge/csv-spectrum/csvs/empty_crlf.csv", {"a": "text", "b": "text", "c": "text"}, 2, 0, None),
    ("csv_edge/csv-spectrum/csvs/escaped_quotes.csv", {"b": "text", "a": "number"}, 2, 0, None),
    ("csv_edge/csv-spectrum/csvs/json.csv", {"val": "text", "key": "number"}, 1, 0, {"columns": {"key": "key"}}),
    ("csv_edge/csv-spectrum/csvs/location_coordinates.csv", {"Cities": "text", "Location Coordinates": "text", "Contact Phone Number": "phone", "Counties": "text"}, 1, 1, None),
    ("csv_edge/csv-spectrum/csvs/newlines.csv", {"b": "text", "a": "long_text", "c": "number"}, 3, 0, None),
    ("csv_edge/csv-spectrum/csvs/newlines_crlf.csv", {"b": "text", "a": "long_text", "c": "number"}, 3, 0, None),
    ("csv_edge/csv-spectrum/csvs/quotes_and_newlines.csv", {"a": "text", "b": "long_text"}, 2, 0, None),
    ("csv_edge/csv-spectrum/csvs/simple.csv", {"a": "text", "b": "number", "c": "number"}, 1, 0, None),
    ("csv_edge/csv-spectrum/csvs/simple_crlf.csv", {"a": "text", "b": "number", "c": "number"}, 1, 0, None),
    ("csv_edge/csv-spectrum/csvs/utf8.csv", {"c": "text", "a": "number", "b": "number"}, 2, 0, None),
    ("csv_edge/messytables/excel_pasting.csv", {"Year": "text", "2000": "number", "2007": "number"}, 16, 0, None),
    ("csv_edge/messytables/long.csv", {"foo": "text"}, 3999, 0, None),
    ("csv_edge/messytables/simple.xls", {"place": "text", "date": "date", "temperature": "number"}, 6, 0, None),
    ("csv_edge/messytables/simple.xlsx", {"place": "text", "date": "date", "temperature": "number"}, 6, 0, None),
    ("csv_edge/messytables/skip_initials.csv", {"field1": "text", "field2": "text"}, 2, 0, None),
    ("xlsx_messy/aaa.xlsx", {"姓名": "text", "性别": "choice", "年龄": "number", "鞋码": "number"}, 3, 1, None),
    ("xlsx_messy/alias.xlsx", {"用户姓名": "text", "库房": "choice", "盘点权限": "boolean", "领料审批权限": "boolean"}, 3, 0, None),
    ("xlsx_messy/blanks.xlsx", {"y": "text", "x": "number"}, 2, 1, None),
    ("xlsx_messy/data_for_sax_test.xlsx", {"测试日期": "text", "测试公式": "number"}, 4, 0, None),
    ("xlsx_messy/deaths.xlsx", {"Name": "text", "Profession": "choice", "Age": "number", "Has kids": "boolean", "Date of birth": "date", "Date of death": "date"}, 14, 3, None),
    ("xlsx_messy/names-need-repair-xlsx.xlsx", {"a b": "text", "letter": "text", "word": "text", "share": "number"}, 2, 0, {"columns": {"a b (2)": "letter", "Column 3": "word", "c%&$": "share"}}),
    ("xlsx_messy/texty-dates-xlsx.xlsx", {"name": "text", "a": "instant"}, 2, 0, {"columns": {"a": "a"}, "template": {"name": "{a}"}}),
    ("xlsx_messy/type-me.xlsx", {"description": "text", "maybe boolean?": "boolean"}, 10, 2, {"columns": {"maybe boolean?": "maybe boolean?"}}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "fields", "rows", "rejected", "mapping"), CUSTOM, ids=[one[0] for one in CUSTOM])
async def test_files_for_custom_objects(
    run: Any,
    define: Any,
    data: Path,
    file: str,
    fields: dict[str, str],
    rows: int,
    rejected: int,
    mapping: dict[str, Any] | None,
) -> None:
    await define(fields)
    result = await run("thing", data / file, mapping, create_missing=True)
    assert (result["read"], result["created"], result["rejected"]) == (rows, rows - rejected, rejected), result[
        "problems"
    ]
    again = await run("thing", data / file, mapping, create_missing=True)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, rows - rejected), again["problems"]


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        ("csv_edge/messytables/utf8bom.csv", "no_rows", "第 1 行"),
        ("xlsx_messy/dates-1900.xls", "no_rows", "第 1 行"),
        ("csv_edge/csv-spectrum/json/simple.json", "wrong_file_type", "JSON"),
    ],
)
async def test_files_that_are_refused(run: Any, define: Any, data: Path, file: str, code: str, words: str) -> None:
    await define({"kitten": "text", "win": "text"})
    with pytest.raises(Invalid) as refused:
        await run("thing", data / file)
    assert refused.value.code == code
    assert words in refused.value.message.zh


async def test_what_is_in_the_chinese_templates(run: Any, fetch: Any, data: Path) -> None:
    result = await run("opportunity", data / "chinese" / "商机导入模板.xlsx", create_missing=True)
    assert result["made"] == {"department": 4}
    assert [one["code"] for one in result["notices"]] == ["note_row", "sheet_chosen"]
    rows = await fetch(
        """SELECT o.name, o.amount::int AS amount, o.currency, o.expected_close_on::text AS day, d.name AS department,
             (SELECT state -> 'label' ->> 'zh' FROM {org}.process_versions p,
                jsonb_array_elements(p.definition -> 'states') state
              WHERE p.process = o.pipeline AND state ->> 'key' = o.stage) AS stage
           FROM {org}.r_opportunity o JOIN {org}.r_department d ON d.id = o.department ORDER BY amount DESC"""
    )
    assert rows[0] == {
        "name": "某市智慧城管平台",
        "amount": 6_800_000,
        "currency": "CNY",
        "day": "2026-05-30",
        "department": "智慧政务事业部",
        "stage": "报价",
    }
    assert [row["stage"] for row in rows] == ["报价", "签约跟进", "立项", "线索"]
    await run("account", data / "chinese" / "客户导入模板.xlsx", create_missing=True)
    regions = await fetch("SELECT region, phone FROM {org}.r_account ORDER BY phone")
    assert regions == [
        {"region": "310117", "phone": "13700137003"},
        {"region": "310115", "phone": "13800138001"},
        {"region": "310112", "phone": "13900139002"},
    ]


async def test_zoho_accounts_and_contacts_find_each_other(run: Any, fetch: Any, data: Path) -> None:
    await run("account", data / "zoho" / "Accounts.csv", create_missing=True)
    result = await run("contact", data / "zoho" / "Contacts.csv", create_missing=True)
    assert result["left_empty"] == {"Account Id": 1}
    (linked,) = await fetch(
        """SELECT count(*) AS count FROM {org}.r_contact c JOIN {org}.r_account a ON a.id = c.account"""
    )
    assert linked["count"] == 1264
    (one,) = await fetch("SELECT mobile, created_at::text FROM {org}.r_contact WHERE external_id = '2585'")
    assert one == {"mobile": "+18052478982", "created_at": "2021-04-15 16:02:00+00"}
