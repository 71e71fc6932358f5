"""Histories: the visits of a real event log, row for row, and what else such files hold."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from liaoran.access.actors import scope_of_person
from liaoran.access.people import person_of_login
from liaoran.exchange.imports.command import import_file
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.schema.catalogue import load_snapshot

VISITS = """SELECT o.external_id AS key, v.state, v.entered_at, v.left_at, v.entered_by_label AS person, v.amount::float,
       v.ordinal FROM {org}.visits v JOIN {org}.r_opportunity o ON o.id = v.record_id ORDER BY o.external_id, v.ordinal"""


async def test_bpi2012_row_for_row(run: Any, fetch: Any, data: Path) -> None:
    path = data / "bpi2012" / "stage_history.csv"
    result = await run("opportunity", path, history=True, create_missing=True)
    assert {key: result[key] for key in ("read", "created", "unchanged", "rejected")} == {
        "read": 24868,
        "created": 24868,
        "unchanged": 0,
        "rejected": 0,
    }
    assert result["made"]["opportunity"] == 5333
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    labels = {
        row["key"]: row["label"]
        for row in await fetch(
            """SELECT state ->> 'key' AS key, state -> 'label' ->> 'en' AS label
               FROM {org}.process_versions p, jsonb_array_elements(p.definition -> 'states') state"""
        )
    }
    visits = await fetch(VISITS)
    found = [(one["key"], labels[one["state"]], one["entered_at"], one["person"], one["amount"]) for one in visits]
    by_case: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_case.setdefault(row["case_id"], []).append(row)
    wanted = [
        (case, row["stage"], datetime.fromisoformat(row["entered_at"]).astimezone(UTC), row["resource"], float(row["amount_req"]))
        for case in sorted(by_case)
        for row in by_case[case]
    ]  # fmt: skip
    assert found == wanted
    assert [one["ordinal"] for one in visits] == [
        n for case in sorted(by_case) for n in range(1, len(by_case[case]) + 1)
    ]
    (open_ones,) = await fetch("SELECT count(*) AS count FROM {org}.visits WHERE left_at IS NULL")
    assert open_ones["count"] == 5333
    (states,) = await fetch(
        """SELECT count(*) AS count FROM {org}.r_opportunity o JOIN {org}.visits v ON v.record_id = o.id
           WHERE v.left_at IS NULL AND v.state = o.stage AND o.created_at < '2013-01-01'"""
    )
    assert states["count"] == 5333

    again = await run("opportunity", path, history=True, create_missing=True)
    assert {key: again[key] for key in ("created", "unchanged", "rejected", "made")} == {
        "created": 0,
        "unchanged": 24868,
        "rejected": 0,
        "made": {},
    }


HISTORY = """记录编号,阶段,进入时间,操作人,金额
D1,初步接触,2026-01-05 09:00,张三,100
D1,方案报价,2026-01-07 10:00,李四,120
D1,方案报价,2026-01-08 10:00,李四,130
D1,初步接触,2026-01-06 10:00,张三,110
D2,需求确认,2026-02-30,张三,5
D2,初步接触,2026-02-01,王五,5
,初步接触,2026-02-01,王五,5
D3,评审谈判,2026-03-01,赵六,7
"""


async def test_order_repetitions_and_bad_rows(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    result = await run("opportunity", table(HISTORY), history=True)
    assert (result["read"], result["created"], result["rejected"]) == (8, 6, 2)
    assert [(one["line"], one["column"]) for one in result["problems"]] == [(6, "进入时间"), (8, "记录编号")]
    visits = await fetch(VISITS)
    assert [(one["key"], one["state"], one["person"], one["amount"]) for one in visits] == [
        ("D1", "initial_contact", "张三", 100),
        ("D1", "initial_contact", "张三", 110),
        ("D1", "proposal", "李四", 120),
        ("D1", "proposal", "李四", 130),
        ("D2", "initial_contact", "王五", 5),
        ("D3", "negotiation", "赵六", 7),
    ]
    assert await fetch("SELECT name FROM {org}.r_person WHERE name IN ('张三', '李四', '王五')") == []


async def test_people_whom_nobody_knows_stay_a_name(
    database: Database, organisation: Organisation, fetch: Any, table: Callable[..., Path]
) -> None:
    async with database.read(organisation.schema) as tx:
        person = await person_of_login(tx, "admin")
        actor = (await scope_of_person(tx, await load_snapshot(tx), person)).actor
    rows = "case,stage,time,user\nA,初步接触,2026-01-01,查无此人\nA,需求确认,2026-01-02,admin\nB,初步接触,2026-01-03,\n"
    await import_file(database, organisation, actor, "opportunity", table(rows), history=True)
    visits = await fetch(
        "SELECT v.entered_by = :admin AS mine, v.entered_by_label AS label FROM {org}.visits v ORDER BY v.entered_at",
        admin=person,
    )
    assert [(one["mine"], one["label"]) for one in visits] == [(None, "查无此人"), (True, "admin"), (True, actor.label)]
    (made,) = await fetch("SELECT created_by FROM {org}.r_opportunity WHERE external_id = 'A'")
    assert made["created_by"] is None


async def test_more_rows_go_on_where_the_record_is(run: Any, fetch: Any, table: Callable[..., Path]) -> None:
    start = "case,stage,time,user\nA,初步接触,2026-01-01,x\nA,需求确认,2026-01-02,y\n"
    await run("opportunity", table(start), history=True)
    longer = await run("opportunity", table(start + "A,方案报价,2026-01-03,z\n"), history=True)
    assert (longer["created"], longer["unchanged"]) == (1, 2)
    other = await run("opportunity", table("case,stage,time,user\nA,评审谈判,2025-01-01,x\n"), history=True)
    assert (other["created"], other["rejected"]) == (0, 1)
    assert [one["state"] for one in await fetch(VISITS)] == ["initial_contact", "needs", "proposal"]


async def test_a_record_imported_before_takes_over_its_history(
    run: Any, fetch: Any, table: Callable[..., Path]
) -> None:
    await run("opportunity", table("商机编号,商机名称,阶段\nA,甲,方案报价\n"))
    history = "商机编号,阶段,时间\nA,初步接触,2025-01-01\nA,需求确认,2025-02-01\nA,方案报价,2025-03-01\n"
    result = await run("opportunity", table(history), history=True)
    assert (result["created"], result["rejected"]) == (3, 0)
    visits = await fetch(VISITS)
    assert [(one["state"], one["entered_at"].year, one["left_at"] is None) for one in visits] == [
        ("initial_contact", 2024, False),
        ("needs", 2025, False),
        ("proposal", 2025, True),
    ]
    (deal,) = await fetch("SELECT name, stage FROM {org}.r_opportunity")
    assert deal == {"name": "甲", "stage": "proposal"}
    assert (await run("opportunity", table(history), history=True))["unchanged"] == 3
