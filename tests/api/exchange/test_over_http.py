"""Imports and exports over HTTP: the Maven pipeline up to the board, refusals as problems, scopes of exports."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from liaoran.exchange.exports.working import run_export
from liaoran.exchange.imports.service import run_import
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation

API = "/api/v1"


@pytest.fixture
async def admin(sign_in: Any) -> AsyncIterator[AsyncClient]:
    yield await sign_in()


@pytest.fixture(scope="module")
def maven() -> Path:
    folder = Path(__file__).parents[3].parent / "shared" / "data" / "maven"
    if not folder.is_dir():
        pytest.skip("the folder of real files is not here")
    return folder


async def upload(client: AsyncClient, object_key: str, name: str, content: bytes, **form: str) -> Any:
    files = {"file": (name, content, "application/octet-stream")}
    return await client.post(f"{API}/imports", files=files, data={"object": object_key, **form})


async def bring_in(client: AsyncClient, database: Database, schema: str, key: str, path: Path) -> dict[str, Any]:
    answer = await upload(client, key, path.name, path.read_bytes())
    assert answer.status_code == 201, answer.text
    found = answer.json()
    plan = await client.put(f"{API}/imports/{found['id']}/plan", json={"create_missing": True})
    assert plan.status_code == 200, plan.text
    started = await client.post(f"{API}/imports/{found['id']}/start")
    assert started.status_code == 202, started.text
    await run_import(database, schema, found["id"])
    return (await client.get(f"{API}/imports/{found['id']}")).json()  # type: ignore[no-any-return]


async def test_the_maven_pipeline_reaches_board_list_and_figures(
    admin: AsyncClient, sales_database: Database, sales_organisation: Organisation, maven: Path
) -> None:
    schema = sales_organisation.schema
    for key, name, rows in (
        ("account", "accounts", 85),
        ("product", "products", 7),
        ("person", "sales_teams", 35),
        ("opportunity", "sales_pipeline", 3503),
    ):
        done = await bring_in(admin, sales_database, schema, key, maven / f"{name}.csv")
        assert (done["state"], done["progress"]["created"], done["progress"]["rejected"]) == ("done", rows, 0), name
    described = (await admin.get(f"{API}/objects/opportunity")).json()
    process = next(one["key"] for one in described["processes"] if one["label"]["en"] == "sales_pipeline")
    board = (await admin.post(f"{API}/processes/{process}/board", json={"per_state": 1})).json()
    labels = {
        one["key"]: one["label"]["en"] for p in described["processes"] if p["key"] == process for one in p["states"]
    }
    assert {labels[one["key"]]: one["count"] for one in board["states"]} == {
        "Prospecting": 211,
        "Engaging": 660,
        "Won": 1650,
        "Lost": 982,
    }
    won = next(one for one in board["states"] if labels[one["key"]] == "Won")
    assert sum(won["sums"]["amount"].values()) == 3_965_989
    body = {"where": {"field": "account", "op": "empty"}, "limit": 1, "count": True}
    listed = (await admin.post(f"{API}/records/opportunity/query", json=body)).json()
    assert listed["total"] == 605
    figures = {"group_by": ["status"], "measures": [{"fn": "sum", "field": "amount"}]}
    rows = (await admin.post(f"{API}/records/opportunity/aggregate", json=figures)).json()["rows"]
    assert next(row for row in rows if row[0] == "won")[-1] == 3_965_989


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(64 * 1024 * 1024))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"name,phone\n", "no_rows"),
        (b"%PDF-1.7", "wrong_file_type"),
        (b"PK\x03\x04broken", "damaged_file"),
        (bomb(), "zip_bomb"),
        (",".join(f"c{n}" for n in range(5000)).encode() + b"\n" + b"1," * 4999 + b"1\n", "too_many_columns"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_files_that_cannot_be_read_are_problems(admin: AsyncClient, content: bytes, code: str) -> None:
    answer = await upload(admin, "account", "file.csv", content)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == code
    listed = (await admin.get(f"{API}/imports")).json()
    assert "file.csv" not in [one["file_name"] for one in listed]


async def test_open_questions_and_unknown_columns_are_problems(admin: AsyncClient) -> None:
    content = b"Account name,Close\nA,1\nB,2\n"
    found = (await upload(admin, "account", "a.csv", content)).json()
    answer = await admin.put(f"{API}/imports/{found['id']}/plan", json={"columns": {"Nope": "name"}})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_column")
    answer = await admin.put(f"{API}/imports/{found['id']}/plan", json={"columns": {"Account name": None}})
    assert [one["field"] for one in answer.json()["analysis"]["questions"]] == ["name"]
    answer = await admin.post(f"{API}/imports/{found['id']}/start")
    assert (answer.status_code, answer.json()["code"]) == (400, "open_questions")
    assert [one["field"] for one in answer.json()["errors"]] == ["name"]


async def test_who_may_not_import_is_told_so(sign_in: Any) -> None:
    salesperson = await sign_in("lina")
    answer = await upload(salesperson, "account", "a.csv", b"name\nA\n")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_rejected_rows_and_taking_back(
    admin: AsyncClient, sales_database: Database, sales_organisation: Organisation
) -> None:
    content = "客户名称,员工人数\n好的一,5\n坏的,12abc\n好的二,7\n".encode("gb18030")
    found = (await upload(admin, "account", "客户.csv", content)).json()
    path = f"{API}/imports/{found['id']}"
    assert (await admin.get(f"{path}/rejects")).status_code == 404
    await admin.post(f"{path}/start")
    await run_import(sales_database, sales_organisation.schema, found["id"])
    done = (await admin.get(path)).json()
    assert (done["progress"]["created"], done["progress"]["rejected"]) == (2, 1)
    rejects = await admin.get(f"{path}/rejects")
    assert rejects.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(rejects.content.decode("utf-8-sig"))))
    assert rows[1][:3] == ["坏的", "12abc", "3"]
    undone = await admin.post(f"{path}/undo")
    assert (undone.json()["state"], undone.json()["undone"]) == ("undone", 2)
    assert (await admin.post(f"{path}/undo")).status_code == 409


async def test_an_export_holds_what_its_actor_may_export(
    sign_in: Any, sales_database: Database, sales_organisation: Organisation, people: Mapping[str, UUID]
) -> None:
    lina, zhang = await sign_in("lina"), await sign_in("zhang")
    for client, name in ((lina, "李娜的商机"), (zhang, "张伟的商机")):
        made = await client.post(f"{API}/records/opportunity", json={"name": name})
        assert made.status_code == 201, made.text
    asked = await lina.post(f"{API}/exports", json={"object": "opportunity", "format": "csv", "select": ["name"]})
    assert asked.status_code == 202, asked.text
    export = asked.json()["id"]
    assert (await lina.get(f"{API}/exports/{export}/file")).status_code == 409
    await run_export(sales_database, sales_organisation.schema, export)
    assert (await lina.get(f"{API}/exports/{export}")).json()["state"] == "done"
    rows = (await lina.get(f"{API}/exports/{export}/file")).content.decode("utf-8-sig").splitlines()
    assert "李娜的商机" in rows
    assert "张伟的商机" not in rows
    assert (await zhang.get(f"{API}/exports/{export}")).status_code == 404
