"""Exports: labels, typed cells, harmless text, the past, and back again without a change."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import python_calamine

from liaoran.access.actors import scope_of_person
from liaoran.access.people import person_of_login
from liaoran.access.scope import Scope
from liaoran.exchange.exports import working
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.errors import Conflict, Invalid
from liaoran.schema.catalogue import load_snapshot

OPPORTUNITIES = """商机编号,商机名称,客户,商机阶段,预计金额,币种,预计成交日期,赢率,标签,下次跟进时间,下一步动作
D1,甲,华盛印务,方案报价,-1054.5,CNY,2026-03-01,55%,重点；加急,2026-03-05 14:30,"=HYPERLINK(""http://x"")"
D2,乙,华盛印务,初步接触,12000,USD,,,,,+86 电话
D3,"丙, 带逗号",,评审谈判,3,CNY,2026-12-31,70,战略客户,,"多行
文字"
"""
SELECT = (
    "name",
    "account",
    "stage",
    "amount",
    "expected_close_on",
    "probability",
    "tags",
    "next_follow_up_at",
    "next_action",
)


@pytest.fixture
async def filled(run: Any, table: Callable[..., Path]) -> None:
    await run("account", table("客户名称,所属行业\n华盛印务,制造业\n"))
    result = await run("opportunity", table(OPPORTUNITIES))
    assert (result["created"], result["rejected"]) == (3, 0), result["problems"]


@pytest.fixture
def export(database: Database, organisation: Organisation, scope: Scope, tmp_path: Path) -> Any:
    async def exporting(name: str, **options: Any) -> Path:
        path = tmp_path / name
        await working.export_file(database, organisation, scope.actor, "opportunity", path, **options)
        return path

    return exporting


async def test_csv(filled: None, export: Any) -> None:
    path = await export("out.csv", select=SELECT, sort=({"field": "name", "dir": "asc"},))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == [
        "商机名称", "客户", "商机阶段", "预计金额", "预计成交日期", "赢率", "标签", "下次跟进时间", "下一步动作",
    ]  # fmt: skip
    by_name = {row[0]: row for row in rows[1:]}
    assert by_name["甲"] == [
        "甲", "华盛印务", "方案报价", "-1054.5", "2026-03-01", "55%", "重点; 加急", "2026-03-05 14:30:00",
        "'=HYPERLINK(\"http://x\")",
    ]  # fmt: skip
    assert by_name["乙"][-1] == "'+86 电话"
    assert by_name["丙, 带逗号"][1] == ""


async def test_xlsx_has_typed_cells(filled: None, export: Any) -> None:
    path = await export(
        "out.xlsx", select=("name", "amount", "expected_close_on", "probability", "next_follow_up_at", "next_action")
    )
    with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
        rows = book.get_sheet_by_index(0).to_python()
    found = {row[0]: row for row in rows[1:]}
    assert found["甲"] == [
        "甲", -1054.5, date(2026, 3, 1), 0.55, datetime(2026, 3, 5, 14, 30), '=HYPERLINK("http://x")'
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["again.csv", "again.xlsx"])
async def test_an_export_imported_again_changes_nothing(
    filled: None, export: Any, run: Any, fetch: Any, name: str
) -> None:
    path = await export(name)
    before = await fetch("SELECT max(seq) AS last FROM {org}.events")
    result = await run("opportunity", path)
    assert (result["read"], result["unchanged"], result["rejected"]) == (3, 3, 0), result["problems"]
    assert await fetch("SELECT max(seq) AS last FROM {org}.events") == before


async def test_paths_conditions_and_the_past(filled: None, export: Any, run: Any, table: Callable[..., Path]) -> None:
    moment = datetime.now(UTC)
    await run("opportunity", table("商机编号,商机名称,预计金额\nD1,甲改名,7\nD9,新的,8\n"), {"key": "商机编号"})
    path = await export(
        "out.csv", select=("name", "account.industry"), where={"field": "account", "op": "not_empty"}, as_of=moment
    )
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["商机名称", "客户 › 所属行业"]
    assert sorted(rows[1:]) == [["乙", "制造业"], ["甲", "制造业"]]


async def test_wrong_endings_and_unknown_fields_are_refused(export: Any) -> None:
    with pytest.raises(Invalid):
        await export("out.pdf")
    with pytest.raises(Invalid) as refused:
        await export("out.csv", select=("nope",))
    assert refused.value.code == "unknown_field"


async def test_as_a_job(filled: None, database: Database, organisation: Organisation, fetch: Any) -> None:
    schema = organisation.schema
    async with database.transaction(schema) as tx:
        admin = await scope_of_person(tx, await load_snapshot(tx), await person_of_login(tx, "admin"))
        record = await working.request_export(tx, admin, "opportunity", {"select": ["name", "amount"]}, "xlsx")
    with pytest.raises(Conflict):
        async with database.read(schema) as tx:
            await working.export_download(database, tx, admin, record.id)
    await working.run_export(database, schema, str(record.id))
    async with database.read(schema) as tx:
        name, media_type, chunks = await working.export_download(database, tx, admin, record.id)
        content = b"".join([chunk async for chunk in chunks])
        done = await working.get_export(tx, record.id, admin.actor.person)
    assert content.startswith(b"PK")
    assert name.startswith("商机-")
    assert media_type.endswith("sheet")
    assert (done.state, done.done, done.total) == ("done", 3, 3)
    assert done.to_json("zh")["rate"] >= 0

    async with database.transaction(schema) as tx:
        other = await working.request_export(tx, admin, "opportunity", {}, "csv")
        assert (await working.cancel_export(tx, admin, other.id)).state == "cancelled"
    await working.run_export(database, schema, str(other.id))
    async with database.read(schema) as tx:
        assert (await working.get_export(tx, other.id, None)).done == 0


async def test_more_than_one_page(run: Any, export: Any, table: Callable[..., Path]) -> None:
    await run("opportunity", table("商机编号,商机名称\n" + "".join(f"D{n},商机 {n}\n" for n in range(2500))))
    path = await export("out.csv", select=("name",))
    with path.open(encoding="utf-8-sig", newline="") as stream:
        names = [row[0] for row in csv.reader(stream)][1:]
    assert len(names) == len(set(names)) == 2500
    assert isinstance(UUID(int=0), UUID)
