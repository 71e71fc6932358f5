"""The audit log over HTTP: who reads it, how it is searched, checked and taken along, and that all doors note."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from httpx import AsyncClient

from liaoran.access.people import LoginChange, change_login
from liaoran.audit import note
from liaoran.audit.kinds import KINDS
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation

from ..conftest import PASSWORD, SignIn, answer_of, client_of


@pytest.fixture
async def admin(sign_in: SignIn) -> AsyncClient:
    return await sign_in()


@pytest.fixture
async def auditor(
    app: Any, sales_database: Database, sales_organisation: Organisation, people: Mapping[str, UUID]
) -> AsyncIterator[AsyncClient]:
    """Sun Li of the south, who is an auditor beside."""
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await change_login(tx, people["sun"], LoginChange(roles=["salesperson", "auditor"]))
    async with client_of(app) as client:
        entered = await answer_of(client, "POST", "/session", {"login": "sun", "password": PASSWORD})
        client.headers["x-csrf-token"] = entered["csrf"]
        yield client


async def entries(client: AsyncClient, **wanted: Any) -> list[dict[str, Any]]:
    answer = await client.get("/api/v1/audit", params=wanted)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["entries"]
    return found


async def test_only_auditors_and_administrators_read_it(sign_in: SignIn, auditor: AsyncClient) -> None:
    lina = await sign_in("lina")
    for method, path in (
        ("GET", "/audit"),
        ("GET", "/audit/kinds"),
        ("GET", "/audit/export"),
        ("GET", "/audit/settings"),
        ("POST", "/audit/verification"),
    ):
        answer = await lina.request(method, "/api/v1" + path)
        assert (answer.status_code, answer.json()["code"]) == (403, "auditors_only"), path
        assert (await auditor.request(method, "/api/v1" + path)).status_code == 200, path
    assert (await auditor.patch("/api/v1/audit/settings", json={"keep_days": 400})).status_code == 403
    assert await answer_of(auditor, "GET", "/audit/mine") == {"auditor": True, "watermark": False}
    assert await answer_of(lina, "GET", "/audit/mine") == {"auditor": False, "watermark": False}


async def test_a_token_reads_it_only_where_it_was_not_narrowed(admin: AsyncClient, app: Any) -> None:
    narrow = (await answer_of(admin, "POST", "/tokens", {"label": "narrow", "scopes": ["read"]}))["token"]
    whole = (await answer_of(admin, "POST", "/tokens", {"label": "whole"}))["token"]
    async with client_of(app) as client:
        for token, status in ((narrow, 403), (whole, 200)):
            answer = await client.get("/api/v1/audit", headers={"authorization": f"Bearer {token}"})
            assert answer.status_code == status


async def test_a_change_of_a_field_stands_there_before_and_after_in_words(admin: AsyncClient, people: Any) -> None:
    definition = {"key": "shoe_size", "type": "number", "label": {"zh": "鞋码", "en": "Shoe size"}}
    await answer_of(admin, "POST", "/objects/contact/fields", definition)
    await answer_of(admin, "PATCH", "/objects/contact/fields/shoe_size", {"label": {"zh": "码数", "en": "Size"}})
    found = await entries(admin, kinds="field.changed", object="contact")
    latest, added = found[0], found[1]
    assert latest["label"] == KINDS["field.changed"].to_json()
    assert (latest["group"], latest["actor"]["person"]) == ("configuration", str(people["admin"]))
    [change] = [one for one in latest["details"] if one["before"]]
    assert change["label"] == {"zh": "名称", "en": "Label"}
    assert (change["before"]["en"], change["after"]["zh"]) == ("Shoe size", "码数")
    assert latest["object_label"] == {"zh": "联系人", "en": "Contact"}
    assert added["facts"]["key"] == "shoe_size"
    assert await entries(admin, q="鞋码", kinds="configuration")


async def test_it_is_searched_by_time_person_kind_record_and_words(
    admin: AsyncClient, sales_database: Database, sales_organisation: Organisation, people: Mapping[str, UUID]
) -> None:
    account = UUID((await answer_of(admin, "POST", "/records/account", {"name": "搜索公司"}))["id"])
    async with sales_database.transaction(sales_organisation.schema) as tx:
        for number in range(7):
            facts = {"reason": f"100% _{number}"}
            note(tx, "value.revealed", None, object="account", record=account, facts=facts)
        note(tx, "person.roles", None, object="person", record=people["zhang"])
    about = await entries(admin, record=str(account))
    assert len(about) == 7
    assert {one["record_label"] for one in about} == {"搜索公司"}
    assert {one["actor"]["kind"] for one in about} == {"nobody"}
    assert len(await entries(admin, record=str(account), q="100% _3")) == 1
    assert await entries(admin, record=str(account), q="100__3") == []
    assert len(await entries(admin, object="account", kinds=["value.revealed", "access"])) == 7
    assert [one["kind"] for one in await entries(admin, person=str(people["zhang"]))][:1] == ["person.roles"]
    assert await entries(admin, q="masked value", record=str(account))
    now = datetime.now(UTC)
    assert await entries(admin, since=(now + timedelta(hours=1)).isoformat()) == []
    assert len(await entries(admin, until=(now + timedelta(hours=1)).isoformat(), record=str(account))) == 7
    seen: list[str] = []
    cursor = None
    while True:
        page = (
            await admin.get(
                "/api/v1/audit", params={"record": str(account), "limit": 3} | ({"cursor": cursor} if cursor else {})
            )
        ).json()
        seen += [one["facts"]["reason"] for one in page["entries"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [f"100% _{number}" for number in reversed(range(7))]
    for wrong in ({"kinds": "no.such"}, {"cursor": "???"}, {"since": "2026-01-01T00:00:00"}):
        assert (await admin.get("/api/v1/audit", params=wrong)).status_code == 422 or (
            await admin.get("/api/v1/audit", params=wrong)
        ).status_code == 400


async def test_names_of_records_are_not_kept_but_looked_up(admin: AsyncClient) -> None:
    """So what is erased from a record is not in the log; what is in the bin has no name there."""
    made = (await answer_of(admin, "POST", "/records/account", {"name": "甲方"}))["id"]
    await answer_of(admin, "DELETE", f"/records/account/{made}")
    assert [(one["kind"], one["record_label"]) for one in await entries(admin, record=made)] == [
        ("records.deleted", None)
    ]
    await answer_of(admin, "POST", f"/records/account/{made}/restore")
    assert [(one["kind"], one["record_label"]) for one in await entries(admin, record=made)] == [
        ("records.restored", "甲方"),
        ("records.deleted", "甲方"),
    ]
    assert await entries(admin, q="甲方") == []


async def test_it_goes_into_a_file_and_that_is_noted(auditor: AsyncClient, admin: AsyncClient) -> None:
    answer = await auditor.get("/api/v1/audit/export", params={"format": "csv", "kinds": "sign_in"})
    assert quote("审计日志") in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows
    assert {row["类别"] for row in rows} == {"登录"}
    assert [int(row["序号"]) for row in rows] == sorted(int(row["序号"]) for row in rows)
    book = await auditor.get("/api/v1/audit/export")
    assert zipfile.ZipFile(io.BytesIO(book.content)).namelist()
    latest = (await entries(admin, kinds="audit.exported"))[0]
    assert (latest["facts"]["format"], latest["actor"]["label"]) == ("xlsx", "孙丽")
    assert latest["facts"]["count"] > len(rows)


async def test_it_is_checked_from_the_page(
    auditor: AsyncClient, sales_database: Database, sales_organisation: Organisation
) -> None:
    found = await answer_of(auditor, "POST", "/audit/verification")
    assert (found["sound"], found["waiting"], found["findings"]) == (True, 0, [])
    assert found["entries"] > 10
    head = found["head"]
    assert (await answer_of(auditor, "POST", "/audit/verification", {"head": head}))["sound"]
    assert (await auditor.post("/api/v1/audit/verification", json={"head": "7"})).status_code == 400
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute("ALTER TABLE {org}.audit_log DISABLE TRIGGER ALL")
        await tx.execute(
            "UPDATE {org}.audit_log SET actor_label = 'Nobody' WHERE id = "
            "(SELECT entry FROM {org}.audit_chain WHERE number = 2)"
        )
        await tx.execute("ALTER TABLE {org}.audit_log ENABLE TRIGGER ALL")
    found = await answer_of(auditor, "POST", "/audit/verification")
    assert not found["sound"]
    assert [(one["what"], one["number"]) for one in found["findings"]] == [("changed", 2)]
    assert "2" in found["findings"][0]["message"]


async def test_its_settings_are_the_administrators_and_their_change_is_noted(admin: AsyncClient) -> None:
    before = await answer_of(admin, "GET", "/audit/settings")
    assert before == {
        "keep_days": 0,
        "approve_exports_above": None,
        "watermark_pages": False,
        "watermark_exports": False,
        "least_days": 180,
    }
    refused = await admin.patch("/api/v1/audit/settings", json={"keep_days": 30})
    assert (refused.status_code, refused.json()["code"]) == (400, "kept_too_short")
    after = await answer_of(admin, "PATCH", "/audit/settings", {"keep_days": 365, "watermark_pages": True})
    assert (after["keep_days"], after["watermark_pages"], after["watermark_exports"]) == (365, True, False)
    latest = (await entries(admin, kinds="settings.changed"))[0]
    assert latest["facts"]["changes"] == {"keep_days": [0, 365], "watermark_pages": [False, True]}
    assert (await answer_of(admin, "GET", "/audit/mine"))["watermark"] is True
    await answer_of(admin, "PATCH", "/audit/settings", {"keep_days": 0, "watermark_pages": False})


async def test_logins_and_roles_are_noted_with_what_they_were(admin: AsyncClient, people: Mapping[str, UUID]) -> None:
    person = str(people["zhang"])
    await answer_of(admin, "POST", f"/people/{person}/login", {"roles": ["salesperson", "manager"], "disabled": True})
    await answer_of(admin, "POST", f"/people/{person}/login", {"roles": ["salesperson"], "disabled": False})
    found = await entries(admin, record=person, kinds="access")
    changes = [one["facts"]["changes"] for one in found[:4]]
    assert {"roles": [["salesperson"], ["salesperson", "manager"]]} in changes
    assert {"disabled": [False, True]} in changes
    assert {one["object"] for one in found} == {"person"}
    [detail] = [
        one
        for entry in found[:4]
        for one in entry["details"]
        if one["part"] == "disabled" and one["before"]["en"] == "no"
    ]
    assert (detail["label"]["zh"], detail["after"]["zh"]) == ("已停用", "是")


async def test_signing_in_and_out_and_tokens_are_noted(
    app: Any, admin: AsyncClient, people: Mapping[str, UUID]
) -> None:
    async with client_of(app) as client:
        wrong = await client.post("/api/v1/session", json={"login": "zhang", "password": "no"})
        assert wrong.status_code == 401
        entered = await answer_of(client, "POST", "/session", {"login": "zhang", "password": PASSWORD})
        client.headers["x-csrf-token"] = entered["csrf"]
        token = await answer_of(client, "POST", "/tokens", {"label": "ERP"})
        await answer_of(client, "DELETE", f"/tokens/{token['id']}")
        await answer_of(client, "DELETE", "/session")
    kinds = [one["kind"] for one in await entries(admin, person=str(people["zhang"]), kinds="sign_in")]
    assert kinds[:5] == ["session.ended", "token.ended", "token.made", "sign_in.succeeded", "sign_in.refused"]
    assert "no" not in str([one["facts"] for one in await entries(admin, kinds="sign_in.refused")])
