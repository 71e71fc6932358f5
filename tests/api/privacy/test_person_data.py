"""What is held about a person is told whole, and when it is erased nothing of it is left in the database or its files."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator, Mapping
from uuid import UUID

import pytest
from httpx import AsyncClient

from liaoran.audit.verifying import verify
from liaoran.exchange.exports.working import run_export
from liaoran.exchange.imports.service import run_import
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.worker import Worker
from liaoran.schema.pinyin import sort_key

from ..conftest import SignIn, answer_of

NAME, MOBILE, EMAIL, WECHAT = "欧阳致远", "13987654321", "ouyang.zhiyuan@example.com", "oyzy_1987"
FORMER_NAME, FORMER_MOBILE = "欧阳子墨", "13800001234"
VALUES = (NAME, MOBILE, EMAIL, WECHAT, FORMER_NAME, FORMER_MOBILE)


@pytest.fixture
async def admin(sign_in: SignIn) -> AsyncIterator[AsyncClient]:
    yield await sign_in()


async def dump(database: Database, schema: str) -> str:
    """Everything that the database holds of an organisation and of the job queue, as text; bytes as they read."""
    parts: list[str] = []
    async with database.read(schema) as tx:
        tables = await tx.fetch_all(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        for table in tables:
            source = f'"{table["table_schema"]}"."{table["table_name"]}"'
            for row in await tx.fetch_all(f"SELECT to_jsonb(t)::text AS line FROM {source} AS t"):
                parts.append(row["line"])
                raw = re.findall(r"\\\\x([0-9a-f]+)", row["line"])
                parts.extend(bytes.fromhex(one).decode("utf-8", "replace") for one in raw)
    return "\n".join(parts)


def stored_bytes(database: Database) -> str:
    """All files below the data directory but those of the database itself."""
    found = []
    for path in database.settings.data_dir.rglob("*"):
        if path.is_file() and "postgres" not in path.parts:
            content = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as book:
                    content = b"\n".join(book.read(name) for name in book.namelist())
            found.append(content.decode("utf-8", "replace"))
    return "\n".join(found)


@pytest.fixture
async def contact(
    admin: AsyncClient, sales_database: Database, sales_organisation: Organisation, people: Mapping[str, UUID]
) -> dict[str, str]:
    """A contact with a past, a file, a merged double, and records and copies that name him."""
    schema = sales_organisation.schema
    account = (await answer_of(admin, "POST", "/records/account", {"name": "远方公司"}))["id"]
    first = {"name": FORMER_NAME, "mobile": FORMER_MOBILE, "account": account, "wechat": WECHAT, "notes": f"人称{NAME}"}
    made = (await answer_of(admin, "POST", "/records/contact", first))["id"]
    await answer_of(admin, "PATCH", f"/records/contact/{made}", {"name": NAME, "mobile": MOBILE, "email": EMAIL})
    double = (await answer_of(admin, "POST", "/records/contact", {"name": NAME, "mobile": "13900000000"}))["id"]
    await answer_of(admin, "POST", "/records/contact/merge", {"into": made, "from": [double]})
    files = {"file": (f"{NAME}.txt", f"{NAME} {MOBILE}".encode(), "text/plain")}
    uploaded = await admin.post(f"/api/v1/records/contact/{made}/files", files=files)
    assert uploaded.status_code == 201, uploaded.text
    deal = {
        "name": "远方的商机",
        "account": account,
        "need_summary": f"{NAME} 说打 {MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}",
    }
    opportunity = (await answer_of(admin, "POST", "/records/opportunity", deal))["id"]
    lead = (await answer_of(admin, "POST", "/records/lead", {"name": "另一人", "mobile": MOBILE, "company": "远方"}))[
        "id"
    ]
    where = {"any": [{"field": "name", "op": "eq", "value": NAME}, {"field": "mobile", "op": "eq", "value": MOBILE}]}
    export = await answer_of(admin, "POST", "/exports", {"object": "contact", "format": "xlsx", "where": where})
    await run_export(sales_database, schema, export["id"])
    sheet = f"姓名,手机\n{NAME},{MOBILE}\n坏人,{'9' * 40}\n".encode()
    upload = await admin.post(
        "/api/v1/imports", files={"file": ("人.csv", sheet, "text/csv")}, data={"object": "contact"}
    )
    assert upload.status_code == 201, upload.text
    await answer_of(admin, "PUT", f"/imports/{upload.json()['id']}/plan", {})
    await answer_of(admin, "POST", f"/imports/{upload.json()['id']}/start")
    await run_import(sales_database, schema, upload.json()["id"])
    headers = {"idempotency-key": "once"}
    body = {"name": "问卷", "need_summary": f"{NAME}的电话"}
    once = await admin.post("/api/v1/records/opportunity", json={**body, "account": account}, headers=headers)
    assert once.status_code == 201, once.text
    return {"id": made, "opportunity": opportunity, "lead": lead}


async def test_it_is_told_whole_then_erased_and_nothing_is_left(
    admin: AsyncClient,
    contact: dict[str, str],
    sales_database: Database,
    sales_organisation: Organisation,
) -> None:
    path, schema = f"/records/contact/{contact['id']}", sales_organisation.schema
    before = await dump(sales_database, schema)
    assert all(value in before for value in VALUES)
    assert NAME in stored_bytes(sales_database)

    shown = await answer_of(admin, "GET", f"{path}/person-data")
    assert {one["key"] for one in shown["fields"]} >= {"name", "mobile", "email", "wechat", "notes"}
    assert (shown["merged"], shown["files"]) == (1, 1)
    assert {one["object"]: one["count"] for one in shown["certain"]}.keys() >= {"opportunity", "lead"}
    assert "opportunity" in {one["object"] for one in shown["likely"]}

    report = await admin.get(f"/api/v1{path}/person-data/report")
    assert report.status_code == 200
    with zipfile.ZipFile(io.BytesIO(report.content)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist())
    for value in (*VALUES, "远方的商机", f"{NAME}.txt"):
        assert value in text, value

    assert (await admin.post(f"/api/v1{path}/person-data/erase", json={"reason": " "})).status_code == 400
    done = await answer_of(
        admin, "POST", f"{path}/person-data/erase", {"reason": f"{NAME}本人要求（{MOBILE}）", "everywhere": True}
    )
    assert done["label"].startswith("已匿名")
    assert done["files"] == 1

    left = await dump(sales_database, schema)
    for value in (*VALUES, sort_key(NAME), f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}"):
        assert value not in left, value
    files = stored_bytes(sales_database)
    for value in VALUES:
        assert value not in files, value

    record = await answer_of(admin, "GET", path)
    assert (record["name"], record["mobile"], record["email"]) == (done["label"], None, None)
    deal = await answer_of(admin, "GET", f"/records/opportunity/{contact['opportunity']}")
    assert deal["name"] == "远方的商机"
    assert "说打" in deal["need_summary"]
    assert (await answer_of(admin, "GET", f"/records/lead/{contact['lead']}"))["mobile"] is None
    history = (await answer_of(admin, "GET", f"{path}/history"))["events"]
    assert "本人要求" in history[0]["note"]
    for words in (NAME, MOBILE):
        found = await answer_of(admin, "GET", f"/search?q={words}")
        assert words not in str(found).replace(f"'{words}'", "")
    [came] = (await answer_of(admin, "GET", "/audit?kinds=records.imported"))["entries"]
    assert (came["object"], came["facts"]["count"], came["facts"]["rejected"]) == ("contact", 2, 1)
    [told] = (await answer_of(admin, "GET", "/audit?kinds=person_data.erased"))["entries"]
    assert (told["record"], told["facts"]["files"]) == (contact["id"], 1)
    assert len((await answer_of(admin, "GET", "/audit?kinds=person_data.reported"))["entries"]) == 1
    async with sales_database.read(schema, consistent=True) as tx:
        assert (await verify(tx, sales_database.secrets)).sound


async def test_names_in_other_records_stay_unless_asked_for(admin: AsyncClient) -> None:
    account = (await answer_of(admin, "POST", "/records/account", {"name": "同名公司"}))["id"]
    made = await answer_of(admin, "POST", "/records/contact", {"name": "王明", "mobile": "13711112222"})
    deal = {"name": "同名的商机", "account": account, "need_summary": "王明华与 137-1111-2222"}
    other = (await answer_of(admin, "POST", "/records/opportunity", deal))["id"]
    await answer_of(admin, "POST", f"/records/contact/{made['id']}/person-data/erase", {"reason": "要求"})
    text = (await answer_of(admin, "GET", f"/records/opportunity/{other}"))["need_summary"]
    assert text == "王明华与 ▇▇▇"
    assert "王明" not in str(await answer_of(admin, "GET", f"/records/contact/{made['id']}/history"))


async def test_past_versions_and_former_columns_are_emptied_too(
    admin: AsyncClient, sales_database: Database, sales_organisation: Organisation
) -> None:
    """Of a tracked Object with a Field of its own that has got another type since."""
    field = {"key": "referrer", "type": "text", "label": {"zh": "介绍人", "en": "Referred by"}, "personal": True}
    await answer_of(admin, "POST", "/objects/opportunity/fields", field)
    account = (await answer_of(admin, "POST", "/records/account", {"name": "有介绍人的公司"}))["id"]
    deal = {"name": "有介绍人的商机", "account": account, "referrer": "诸葛长风"}
    made = (await answer_of(admin, "POST", "/records/opportunity", deal))["id"]
    await answer_of(admin, "PATCH", f"/records/opportunity/{made}", {"referrer": "司徒望月"})
    await answer_of(
        admin, "POST", "/objects/opportunity/fields/referrer/retype", {"type": "long_text", "dry_run": False}
    )
    await Worker(sales_database).run_until_idle()
    described = await answer_of(admin, "GET", "/objects/opportunity")
    assert next(one["type"] for one in described["fields"] if one["key"] == "referrer") == "long_text"
    before = await dump(sales_database, sales_organisation.schema)
    assert "诸葛长风" in before
    assert "司徒望月" in before
    await answer_of(admin, "POST", f"/records/opportunity/{made}/person-data/erase", {"reason": "要求"})
    left = await dump(sales_database, sales_organisation.schema)
    for value in ("诸葛长风", "司徒望月", sort_key("司徒望月")):
        assert value not in left, value
    record = await answer_of(admin, "GET", f"/records/opportunity/{made}")
    assert (record["name"], record["referrer"]) == ("有介绍人的商机", None)


async def test_only_administrators_and_only_objects_with_personal_fields(admin: AsyncClient, sign_in: SignIn) -> None:
    lina = await sign_in("lina")
    mine = (await answer_of(lina, "POST", "/records/contact", {"name": "我的联系人"}))["id"]
    for method, rest in (("GET", ""), ("GET", "/report"), ("POST", "/erase")):
        body = {"reason": "x"} if method == "POST" else None
        answer = await lina.request(method, f"/api/v1/records/contact/{mine}/person-data{rest}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "administrators_only")
    account = (await answer_of(admin, "POST", "/records/account", {"name": "公司"}))["id"]
    answer = await admin.get(f"/api/v1/records/account/{account}/person-data")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_personal_fields")
    described = await answer_of(admin, "GET", "/objects/contact")
    assert {one["key"] for one in described["fields"] if one["personal"]} >= {"name", "mobile"}
    await answer_of(admin, "PATCH", "/objects/account/fields/notes", {"personal": True})
    assert (await admin.get(f"/api/v1/records/account/{account}/person-data")).status_code == 200
    await answer_of(admin, "PATCH", "/objects/account/fields/notes", {"personal": False})
