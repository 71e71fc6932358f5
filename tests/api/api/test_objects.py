from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx import AsyncClient

from liaoran.access.actors import raise_access_version
from liaoran.access.tables import person_roles, roles
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation

from ..conftest import SignIn, answer_of

API = "/api/v1"
PROJECT = {
    "key": "project",
    "label": {"zh": "项目", "en": "Project"},
    "fields": [
        {"key": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}, "required": True},
        {"key": "budget", "type": "money", "label": {"zh": "预算", "en": "Budget"}},
        {"key": "account", "type": "link", "label": {"zh": "客户", "en": "Account"}, "options": {"target": "account"}},
    ],
}


async def _field(client: AsyncClient, object_key: str, key: str) -> dict[str, Any] | None:
    described = await answer_of(client, "GET", f"/objects/{object_key}")
    return next((one for one in described["fields"] if one["key"] == key), None)


async def test_the_description_draws_the_pages(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    listed = await answer_of(client, "GET", "/objects")
    keys = [one["key"] for one in listed["objects"]]
    assert {"account", "opportunity", "task", "person", "department"} <= set(keys)
    one = await answer_of(client, "GET", "/objects/opportunity")
    assert {"read", "create", "edit"} <= set(one["verbs"])
    assert "import" not in one["verbs"]
    assert one["layouts"]["list"]["columns"]
    assert [process["key"] for process in one["processes"]] == ["sales"]
    assert {"object": "task", "field": "opportunity"} in [
        {"object": related["object"], "field": related["field"]} for related in one["related"]
    ]
    stage = next(field for field in one["fields"] if field["key"] == "stage")
    assert stage["choices"][0]["label"]["zh"] == "初步接触"
    assert {"eq", "in"} <= set(stage["operators"])
    owner = next(field for field in one["fields"] if field["key"] == "owner")
    assert (owner["target"], "is_me" in owner["operators"]) == ("person", True)
    assert (await client.get(API + "/objects/nothing")).status_code == 404


async def test_a_new_object_is_there_at_once(sign_in: SignIn) -> None:
    admin, seller = await sign_in(), await sign_in("lina")
    made = await answer_of(admin, "POST", "/objects", PROJECT)
    assert {"name", "budget", "account", "owner", "department"} <= {one["key"] for one in made["fields"]}
    record = await answer_of(seller, "POST", "/records/project", {"name": "扩建", "budget": 5})
    assert record["budget"] == 5
    await answer_of(admin, "POST", "/objects/project/fields", {"key": "due", "type": "date", "label": "Due"})
    changed = await answer_of(seller, "PATCH", f"/records/project/{record['id']}", {"due": "2026-05-01"})
    assert changed["due"] == "2026-05-01"
    renamed = await answer_of(
        admin, "PATCH", "/objects/project/fields/due", {"label": {"zh": "期限", "en": "Deadline"}}
    )
    assert renamed["label"]["zh"] == "期限"
    assert (await answer_of(admin, "PATCH", "/objects/project", {"icon": "rocket"}))["icon"] == "rocket"
    await answer_of(admin, "DELETE", "/objects/project/fields/due")
    assert await _field(seller, "project", "due") is None
    (field,) = (await answer_of(admin, "GET", "/retired"))["fields"]
    assert (field["object"], field["key"], field["type"], field["label"]["zh"]) == ("project", "due", "date", "期限")
    assert (await seller.get(API + "/retired")).status_code == 403
    await answer_of(admin, "POST", "/objects/project/fields/due/restore")
    assert (await answer_of(seller, "GET", f"/records/project/{record['id']}"))["due"] == "2026-05-01"
    await answer_of(admin, "DELETE", "/objects/project")
    assert (await seller.get(API + "/objects/project")).status_code == 404
    retired = await answer_of(admin, "GET", "/retired")
    assert ([one["key"] for one in retired["objects"]], retired["fields"]) == (["project"], [])
    await answer_of(admin, "POST", "/objects/project/restore")
    assert (await answer_of(seller, "GET", f"/records/project/{record['id']}"))["name"] == "扩建"


async def test_definitions_that_do_not_work_are_refused_by_place(sign_in: SignIn) -> None:
    admin = await sign_in()
    for body, status in (
        ({"key": "1x"}, 400),
        ({**PROJECT, "key": "account"}, 409),
        ({"key": "p2", "label": "P", "fields": [{"key": "name", "type": "nothing", "label": "N"}]}, 400),
        ({**PROJECT, "key": "p3", "colour": "red"}, 400),
    ):
        answer = await admin.post(API + "/objects", json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), body
    assert (await admin.delete(API + "/objects/account/fields/name")).status_code == 409
    assert (await admin.delete(API + "/objects/person")).status_code == 422


async def test_a_field_gets_another_type_after_a_preview(sign_in: SignIn) -> None:
    admin = await sign_in()
    await answer_of(admin, "POST", "/objects/contact/fields", {"key": "shoe", "type": "text", "label": "Shoe"})
    for value in ("41", "42", "big"):
        await answer_of(admin, "POST", "/records/contact", {"name": value, "shoe": value})
    path = "/objects/contact/fields/shoe/retype"
    preview = await answer_of(admin, "POST", path, {"type": "number"})
    assert (preview["filled"], preview["converted"], preview["rejected"]) == (3, 2, 1)
    assert (await _field(admin, "contact", "shoe") or {})["type"] == "text"
    held = await answer_of(admin, "POST", path, {"type": "number", "dry_run": False})
    assert held["state"] == "held"
    (listed,) = await answer_of(admin, "GET", "/objects/contact/retypes")
    assert listed == held
    rejects = await answer_of(admin, "GET", f"/retypes/{held['id']}/rejects")
    assert [one["value"] for one in rejects] == ["big"]
    done = await answer_of(admin, "POST", f"/retypes/{held['id']}", {"go_on": True})
    assert done["state"] == "done"
    assert (await _field(admin, "contact", "shoe") or {})["type"] == "number"
    assert (await answer_of(admin, "GET", f"/retypes/{held['id']}"))["rejected"] == 1
    assert await answer_of(admin, "GET", "/objects/contact/retypes") == []


async def test_formulas_are_checked(sign_in: SignIn) -> None:
    admin = await sign_in()
    body = {"object": "opportunity", "expression": "{amount} * {probability} / 100"}
    assert (await answer_of(admin, "POST", "/formulas/check", body))["kind"] == "number"
    answer = await admin.post(API + "/formulas/check", json={**body, "expression": "{amount} * "})
    assert answer.status_code == 400
    assert {"line", "column"} <= set(answer.json())


async def test_reference_lists(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    operators = {one["key"]: one for one in await answer_of(client, "GET", "/operators")}
    assert operators["gte"]["sentence"]["zh"]
    assert {one["key"] for one in await answer_of(client, "GET", "/field-types")} >= {"text", "money", "rollup"}
    assert len(await answer_of(client, "GET", "/functions")) > 20
    regions = await answer_of(client, "GET", "/regions")
    assert (regions[0]["label"], len(regions) > 30) == ("北京市", True)
    assert [one["key"] for one in await answer_of(client, "GET", "/roles")][:1] == ["administrator"]


async def test_a_hidden_field_is_as_unknown_as_one_that_is_not_there(
    sign_in: SignIn, sales_database: Database, sales_organisation: Organisation, people: Mapping[str, UUID]
) -> None:
    hiding = {"objects": {"*": {"read": "all", "create": True, "edit": "all", "fields": {"phone": "hidden"}}}}
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute(sa.insert(roles), {"key": "blind", "label": {"zh": "盲"}, "grants": hiding})
        await tx.execute(sa.delete(person_roles).where(person_roles.c.person == people["sun"]))
        await tx.execute(sa.insert(person_roles), {"person": people["sun"], "role": "blind"})
        await raise_access_version(tx)
    admin, blind = await sign_in(), await sign_in("sun")
    made = await answer_of(admin, "POST", "/records/account", {"name": "有电话", "phone": "021-55556666"})
    path = f"/records/account/{made['id']}"
    assert await _field(admin, "account", "phone") is not None
    assert await _field(blind, "account", "phone") is None
    described = await answer_of(blind, "GET", "/objects/account")
    assert '"phone"' not in str(described["layouts"]).replace("'", '"')
    assert "phone" not in await answer_of(blind, "GET", path)
    history = await answer_of(blind, "GET", path + "/history")
    assert "55556666" not in str(history)
    for body in (
        {"select": ["phone"]},
        {"where": {"field": "phone", "op": "not_empty"}},
        {"sort": [{"field": "phone"}]},
    ):
        answer = await blind.post(API + "/records/account/query", json=body)
        other = await blind.post(API + "/records/account/query", json=_renamed(body))
        assert answer.status_code == other.status_code == 400
        assert answer.text.replace("phone", "…") == other.text.replace("no_such", "…")
    for q in ("55556666", "有电话"):
        # Words are kept for all Fields together, so who must not see one of them does not search by any.
        assert (await answer_of(blind, "POST", "/records/account/query", {"q": q}))["records"] == []
        assert (await answer_of(blind, "GET", "/search", params={"q": q, "object": "account"}))["groups"] == []
        assert (await answer_of(admin, "POST", "/records/account/query", {"q": q}))["records"] != []
    for key in ("phone", "no_such"):
        assert (await blind.patch(API + path, json={key: "1"})).status_code == 400
        assert (await blind.post(API + "/exports", json={"object": "account", "select": [key]})).status_code in (
            400,
            403,
        )


@pytest.mark.parametrize(
    "key", ["name", "account", "owner", "stage", "amount", "currency", "probability", "closed_on", "updated_at", "tags"]
)
async def test_reading_works_whatever_is_hidden(
    sign_in: SignIn,
    sales_database: Database,
    sales_organisation: Organisation,
    people: Mapping[str, UUID],
    key: str,
) -> None:
    """What is computed from a hidden Field is hidden with it; everything else is there as before."""
    admin, blind = await sign_in(), await sign_in("zhang")
    account = await answer_of(admin, "POST", "/records/account", {"name": "某客户"})
    deal = await answer_of(admin, "POST", "/records/opportunity", {"name": "单", "account": account["id"], "amount": 5})
    rights = {"read": "all", "create": True, "edit": "all", "export": "all"}
    grants = {"objects": {"*": rights, "opportunity": {"fields": {key: "hidden"}}}}
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute(sa.insert(roles), {"key": f"no_{key}", "label": {"zh": key}, "grants": grants})
        await tx.execute(sa.delete(person_roles).where(person_roles.c.person == people["zhang"]))
        await tx.execute(sa.insert(person_roles), {"person": people["zhang"], "role": f"no_{key}"})
        await raise_access_version(tx)
    assert await _field(blind, "opportunity", key) is None
    assert (await _field(blind, "opportunity", "weighted_amount") is None) == (key in ("amount", "probability"))
    path = f"/records/opportunity/{deal['id']}"
    assert key not in await answer_of(blind, "GET", path)
    history = await answer_of(blind, "GET", path + "/history")
    assert key not in [change["field"] for event in history["events"] for change in event["changes"]]
    for method, where, body in (
        ("POST", "/records/opportunity/query", {}),
        ("POST", "/records/opportunity/aggregate", {}),
        ("GET", path + "/transitions", None),
        ("GET", path + "/visits", None),
        ("POST", "/exports", {"object": "opportunity"}),
    ):
        await answer_of(blind, method, where, body)
    if key == "stage":
        assert (await blind.post(API + "/processes/sales/board", json={})).status_code == 404
        return
    board = await answer_of(blind, "POST", "/processes/sales/board", {})
    assert ("amount" in board["states"][0]["sums"]) == (key not in ("amount", "currency"))


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part) for part in value]
    return "no_such" if value == "phone" else value
