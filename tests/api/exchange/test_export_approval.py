"""Exports that need an administrator's word, what the audit log tells of exports, and watermarks in files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from liaoran.exchange.exports.working import export_file, run_export
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Refused

from ..conftest import SignIn, answer_of

LIST = {
    "object": "account",
    "format": "csv",
    "select": ["name"],
    "where": {"field": "name", "op": "contains", "value": "客户"},
}


@pytest.fixture
async def admin(sign_in: SignIn) -> AsyncIterator[AsyncClient]:
    """An administrator who lets three rows go without a word."""
    client = await sign_in()
    await answer_of(client, "PATCH", "/audit/settings", {"approve_exports_above": 3, "watermark_exports": True})
    yield client
    await answer_of(client, "PATCH", "/audit/settings", {"approve_exports_above": None, "watermark_exports": False})


@pytest.fixture(scope="module")
async def five(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    client = await sign_in()
    for number in range(5):
        await answer_of(client, "POST", "/records/account", {"name": f"客户{number}", "owner": str(people["lina"])})


async def audited(admin: AsyncClient, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await answer_of(admin, "GET", f"/audit?kinds={kind}"))["entries"]
    return found


async def test_a_large_export_waits_for_a_word_and_goes_with_it(
    admin: AsyncClient, sign_in: SignIn, five: None, sales_database: Database, sales_organisation: Organisation
) -> None:
    lina = await sign_in("lina")
    refused = await lina.post("/api/v1/exports", json=LIST)
    assert (refused.status_code, refused.json()["code"]) == (422, "approval_needed")
    assert (refused.json()["rows"], refused.json()["limit"]) == (5, 3)
    asked = await answer_of(lina, "POST", "/exports", {**LIST, "reason": "年会邀请函"})
    assert (asked["state"], asked["total"]) == ("asked", 5)
    await run_export(sales_database, sales_organisation.schema, asked["id"])
    assert (await answer_of(lina, "GET", f"/exports/{asked['id']}"))["state"] == "asked"
    assert (await lina.get("/api/v1/exports/asked")).status_code == 403
    assert (await lina.post(f"/api/v1/exports/{asked['id']}/decision", json={"approve": True})).status_code == 403
    [waiting] = await answer_of(admin, "GET", "/exports/asked")
    assert (waiting["id"], waiting["total"], waiting["reason"]) == (asked["id"], 5, "年会邀请函")
    assert (waiting["created_by_label"], "客户" in waiting["filter"]["zh"]) == ("李娜", True)
    decided = await answer_of(admin, "POST", f"/exports/{asked['id']}/decision", {"approve": True, "comment": "可以"})
    assert decided["state"] == "waiting"
    again = await admin.post(f"/api/v1/exports/{asked['id']}/decision", json={"approve": False})
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    await run_export(sales_database, sales_organisation.schema, asked["id"])
    assert (await answer_of(lina, "GET", f"/exports/{asked['id']}"))["state"] == "done"
    lines = (await lina.get(f"/api/v1/exports/{asked['id']}/file")).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 7
    assert "李娜" in lines[-1]
    told = {kind: (await audited(admin, kind))[0] for kind in ("export.asked", "export.approved", "export.made")}
    assert {kind: one["facts"]["count"] for kind, one in told.items()} == dict.fromkeys(told, 5)
    made = told["export.made"]
    assert (made["object"], made["actor"]["label"], made["facts"]["fields"]) == ("account", "李娜", ["name"])
    assert "客户" in made["facts"]["filter"]["zh"]
    assert told["export.asked"]["facts"]["reason"] == "年会邀请函"


async def test_it_can_be_refused_with_a_word_and_taken_back(admin: AsyncClient, sign_in: SignIn, five: None) -> None:
    lina = await sign_in("lina")
    first = await answer_of(lina, "POST", "/exports", {**LIST, "reason": "甲"})
    answer = await answer_of(admin, "POST", f"/exports/{first['id']}/decision", {"approve": False, "comment": "太多了"})
    assert answer["state"] == "refused"
    assert "太多了" in (await answer_of(lina, "GET", f"/exports/{first['id']}"))["problem"]
    second = await answer_of(lina, "POST", "/exports", {**LIST, "reason": "乙"})
    assert (await answer_of(lina, "POST", f"/exports/{second['id']}/cancel"))["state"] == "cancelled"
    assert await answer_of(admin, "GET", "/exports/asked") == []


async def test_small_ones_and_those_of_administrators_need_no_word(
    admin: AsyncClient, sign_in: SignIn, five: None
) -> None:
    lina = await sign_in("lina")
    few = {**LIST, "where": {"field": "name", "op": "eq", "value": "客户1"}}
    assert (await answer_of(lina, "POST", "/exports", few))["state"] == "waiting"
    assert (await answer_of(admin, "POST", "/exports", LIST))["state"] == "waiting"


async def test_a_list_that_has_grown_since_and_the_command_line_are_held_to_it(
    admin: AsyncClient,
    sign_in: SignIn,
    five: None,
    sales_database: Database,
    sales_organisation: Organisation,
    people: Mapping[str, UUID],
    tmp_path: Any,
) -> None:
    lina = await sign_in("lina")
    await answer_of(admin, "PATCH", "/audit/settings", {"approve_exports_above": 5})
    waiting = await answer_of(lina, "POST", "/exports", LIST)
    await answer_of(admin, "POST", "/records/account", {"name": "客户新", "owner": str(people["lina"])})
    await run_export(sales_database, sales_organisation.schema, waiting["id"])
    found = await answer_of(lina, "GET", f"/exports/{waiting['id']}")
    assert found["state"] == "failed"
    assert "6" in found["problem"]
    actor = Actor(kind="person", id=people["lina"], person=people["lina"], label="李娜")
    with pytest.raises(Refused) as refused:
        await export_file(sales_database, sales_organisation, actor, "account", tmp_path / "a.csv")
    assert refused.value.code == "approval_needed"
    system = Actor(kind="system", id=people["lina"], person=None, label="liaoran")
    done = await export_file(sales_database, sales_organisation, system, "account", tmp_path / "a.xlsx")
    assert done["rows"] == 6
    book = zipfile.ZipFile(io.BytesIO((tmp_path / "a.xlsx").read_bytes()))
    assert any("liaoran" in book.read(name).decode() for name in book.namelist() if "sheet1" in name)
    latest = (await audited(admin, "export.made"))[0]
    assert (latest["actor"]["kind"], latest["facts"]["count"]) == ("system", 6)
