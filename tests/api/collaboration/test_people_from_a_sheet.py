"""People and departments come in from a sheet, with their reporting line and their ids in other systems."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient

from liaoran.infra.database import Database
from liaoran.infra.worker import Worker

from ..conftest import SignIn, answer_of

API = "/api/v1"


async def _import(client: AsyncClient, database: Database, object_key: str, sheet: str) -> dict[str, Any]:
    files = {"file": ("sheet.csv", sheet.encode())}
    made = await client.post(API + "/imports", files=files, data={"object": object_key})
    assert made.status_code == 201, made.text
    path = f"/imports/{made.json()['id']}"
    await answer_of(client, "POST", path + "/start")
    await Worker(database).run_until_idle()
    found: dict[str, Any] = await answer_of(client, "GET", path)
    return found


async def _rows(client: AsyncClient, object_key: str, names: list[str], select: list[str]) -> dict[str, dict[str, Any]]:
    body = {"where": {"field": "name", "op": "in", "value": names}, "select": ["name", *select]}
    found = await answer_of(client, "POST", f"/records/{object_key}/query", body)
    return {row["name"]: row for row in found["records"]}


async def test_departments_then_people(sign_in: SignIn, sales_database: Database) -> None:
    admin = await sign_in()
    sheet = "部门名称,上级部门,企业微信部门ID\n新区一组,新区,102\n新区,,101\n新区二组,新区,103\n"
    done = await _import(admin, sales_database, "department", sheet)
    assert done["progress"]["created"] == 3, done
    found = await _rows(admin, "department", ["新区", "新区一组", "新区二组"], ["parent", "wecom_id"])
    assert {name: (row["parent"] or {}).get("label") for name, row in found.items()} == {
        "新区": None,
        "新区一组": "新区",
        "新区二组": "新区",
    }
    assert found["新区一组"]["wecom_id"] == "102"
    sheet = (
        "姓名,工号,所属部门,职位,直属上级,企微账号,钉钉账号,飞书账号\n"
        "钱一,N001,新区一组,客户经理,赵总,qian1,d-1,ou_1\n"
        "赵总,N002,新区,总经理,,zhao,d-2,ou_2\n"
        "周二,N003,新区二组,售前,赵总,zhou2,d-3,ou_3\n"
    )
    done = await _import(admin, sales_database, "person", sheet)
    assert done["progress"]["created"] == 3, done
    found = await _rows(admin, "person", ["钱一", "赵总", "周二"], ["manager", "position", "wecom_id", "feishu_id"])
    assert {name: (row["manager"] or {}).get("label") for name, row in found.items()} == {
        "钱一": "赵总",
        "周二": "赵总",
        "赵总": None,
    }
    assert (found["周二"]["position"], found["周二"]["wecom_id"], found["周二"]["feishu_id"]) == (
        "售前",
        "zhou2",
        "ou_3",
    )


async def test_a_loop_in_the_sheet_is_refused_by_row(sign_in: SignIn, sales_database: Database) -> None:
    admin = await sign_in()
    sheet = "姓名,直属上级\n环甲,环乙\n环乙,环甲\n环丙,环甲\n"
    done = await _import(admin, sales_database, "person", sheet)
    found = await _rows(admin, "person", ["环甲", "环乙", "环丙"], ["manager"])
    managers = {name: (row["manager"] or {}).get("label") for name, row in found.items()}
    assert managers.get("环丙") == "环甲", (managers, done["progress"])
    assert not (managers.get("环甲") == "环乙" and managers.get("环乙") == "环甲"), managers
    assert {(one["code"], one["line"]) for one in done["progress"]["problems"]} == {("loop", 2), ("loop", 3)}


async def test_an_id_elsewhere_is_somebodys_alone(sign_in: SignIn) -> None:
    admin = await sign_in()
    await answer_of(admin, "POST", "/records/person", {"name": "独一", "wecom_id": "only-one"})
    answer = await admin.post(API + "/records/person", json={"name": "独二", "wecom_id": "only-one"})
    assert answer.status_code == 422
    assert [(one["code"], one["field"]) for one in answer.json()["errors"]] == [("not_unique", "wecom_id")]
