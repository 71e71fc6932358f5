"""Roles, restrictions, explanations, previews and masks over HTTP: what an administrator sets is what people meet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

MASKED = {
    "objects": {
        "*": {"read": "own", "create": True, "edit": "own", "delete": "own", "export": "own"},
        "contact": {"read": "all", "fields": {"mobile": "masked"}},
        "account": {"read": "all"},
        "person": {"read": "all"},
        "department": {"read": "all"},
    }
}


@pytest.fixture
async def roles_back(sign_in: SignIn, people: Mapping[str, UUID]) -> AsyncIterator[None]:
    """Gives everybody back the role that they had."""
    yield
    admin = await sign_in()
    for login, role in (("lina", "salesperson"), ("zhang", "salesperson"), ("sun", "salesperson")):
        await answer_of(admin, "POST", f"/people/{people[login]}/login", {"roles": [role]})


async def _role(admin: AsyncClient, key: str, grants: Mapping[str, Any]) -> None:
    await answer_of(admin, "POST", "/roles", {"key": key, "label": {"zh": key}, "grants": grants})


async def test_shipped_roles_can_be_carried_out(sign_in: SignIn) -> None:
    admin = await sign_in()
    listed = await answer_of(admin, "GET", "/roles/definitions")
    keys = [one["key"] for one in listed]
    assert keys[0] == "administrator"
    assert {"manager", "salesperson", "presales", "legal", "finance", "operations", "executive", "auditor"} <= set(keys)
    for one in listed:
        assert [problem["code"] for problem in one["problems"] if problem["code"] != "role_without_people"] == []
        assert (one["people"] == 0) is any(problem["code"] == "role_without_people" for problem in one["problems"])
    seller = await sign_in("lina")
    for method, path in (("GET", "/roles/definitions"), ("GET", "/policies")):
        assert (await seller.request(method, "/api/v1" + path)).status_code == 403


@pytest.mark.parametrize(
    ("grants", "code"),
    [
        ({"objects": {"*": {"read": "everything"}}}, "invalid_grants"),
        ({"objects": {"nothing": {"read": "all"}}}, "no_such_object"),
        ({"objects": {"contact": {"read": {"reach": "all", "where": {"field": "gone", "op": "empty"}}}}}, "unresolvable_condition"),
        ({"objects": {"*": {"read": {"reach": "all", "where": {"field": "gone", "op": "empty"}}}}}, "unresolvable_condition"),
        ({"objects": {"contact": {"read": "all", "fields": {"gone": "hidden"}}}}, "unknown_field"),
        ({"objects": {"opportunity": {"read": "all", "fields": {"amount": "masked"}}}}, "not_maskable"),
    ],
)  # fmt: skip
async def test_a_role_that_cannot_be_carried_out_is_refused(sign_in: SignIn, grants: Any, code: str) -> None:
    admin = await sign_in()
    asked = {"key": "broken", "label": {"zh": "坏"}, "grants": grants}
    answer = await admin.post("/api/v1/roles", json=asked)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == code
    previewed = await admin.post("/api/v1/roles/preview", json={"key": "salesperson", "grants": grants})
    assert previewed.status_code == 422


async def test_the_role_of_administrators_is_fixed_and_one_administrator_stays(
    sign_in: SignIn, people: Mapping[str, UUID]
) -> None:
    admin = await sign_in()
    for path, body in (
        ("/roles/administrator/retire", {"replaced_by": "manager"}),
        ("/roles/administrator/retire", {}),
    ):
        answer = await admin.post("/api/v1" + path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "administrator_role_is_fixed")
    answer = await admin.patch("/api/v1/roles/administrator", json={"grants": {"objects": {}}})
    assert answer.json()["code"] == "administrator_role_is_fixed"
    answer = await admin.post(f"/api/v1/people/{people['admin']}/login", json={"roles": ["manager"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "last_administrator")


async def test_a_role_in_use_is_retired_only_where_another_takes_its_place(
    sign_in: SignIn, people: Mapping[str, UUID], roles_back: None
) -> None:
    admin, lina = await sign_in(), people["lina"]
    await _role(admin, "going", {"objects": {"*": {"read": "own"}}})
    await answer_of(admin, "POST", f"/people/{lina}/login", {"roles": ["going", "salesperson"]})
    answer = await admin.post("/api/v1/roles/going/retire", json={})
    assert (answer.status_code, answer.json()["code"]) == (422, "role_in_use")
    for other in ("going", "no_such_role"):
        answer = await admin.post("/api/v1/roles/going/retire", json={"replaced_by": other})
        assert answer.status_code == 422
    gone = await answer_of(admin, "POST", "/roles/going/retire", {"replaced_by": "salesperson"})
    assert (gone["retired"], gone["people"]) == (True, 0)
    assert (await answer_of(admin, "GET", f"/people/{lina}/login"))["roles"] == ["salesperson"]
    assert "going" not in [one["key"] for one in await answer_of(admin, "GET", "/roles")]
    answer = await admin.post(f"/api/v1/people/{lina}/login", json={"roles": ["going"]})
    assert answer.json()["code"] == "unknown_role"
    back = await answer_of(admin, "POST", "/roles/going/bring-back")
    assert back["retired"] is False


async def test_a_masked_value_opens_with_a_reason(
    sign_in: SignIn, people: Mapping[str, UUID], roles_back: None, sales_database: Database,
    sales_organisation: Organisation
) -> None:  # fmt: skip
    admin = await sign_in()
    contact = await answer_of(admin, "POST", "/records/contact", {"name": "王芳", "mobile": "13812341234"})
    await _role(admin, "masking", MASKED)
    await answer_of(admin, "POST", f"/people/{people['lina']}/login", {"roles": ["masking"]})
    lina = await sign_in("lina")
    where = f"/records/contact/{contact['id']}"
    assert (await answer_of(lina, "GET", where))["mobile"] == "138****1234"
    for value, found in (("13812341234", 0), ("12341", 0), ("****1234", 1)):
        body = {"where": {"field": "mobile", "op": "contains", "value": value}, "select": ["mobile"]}
        assert len((await answer_of(lina, "POST", "/records/contact/query", body))["records"]) == found
    assert "13812341234" not in (await lina.get(f"/api/v1{where}/history")).text
    assert (await answer_of(lina, "GET", "/search?q=13812341234&objects=contact"))["groups"] == []
    described = await answer_of(lina, "GET", "/objects/contact")
    mobile = next(one for one in described["fields"] if one["key"] == "mobile")
    assert (mobile["masked"], mobile["readonly"]) == (True, True)
    refused = await lina.patch(f"/api/v1{where}", json={"mobile": "13900000000"}, headers={"if-match": "*"})
    assert refused.status_code in (403, 422)
    unreasoned = await lina.post(f"/api/v1{where}/reveal", json={"field": "mobile", "reason": " "})
    assert unreasoned.json()["code"] == "reason_missing"
    opened = await answer_of(lina, "POST", where + "/reveal", {"field": "mobile", "reason": "回访"})
    assert opened == {"value": "13812341234"}
    async with sales_database.read(sales_organisation.schema) as tx:
        noted = await tx.fetch_all("SELECT record, facts FROM {org}.audit_log WHERE kind = 'value.revealed'")
    assert [(str(one["record"]), one["facts"]["field"], one["facts"]["reason"]) for one in noted] == [
        (contact["id"], "mobile", "回访")
    ]
    plain = await admin.post(f"/api/v1{where}/reveal", json={"field": "mobile", "reason": "x"})
    assert plain.json()["code"] == "not_masked"
    nothing = await lina.post(f"/api/v1/records/contact/{new_id()}/reveal", json={"field": "mobile", "reason": "x"})
    assert nothing.status_code == 404


async def test_who_sees_a_record_and_why(
    sign_in: SignIn, people: Mapping[str, UUID], sales_database: Database, sales_organisation: Organisation
) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    mine = await answer_of(lina, "POST", "/records/opportunity", {"name": "看得见", "account": await _account(lina)})
    where = f"/records/opportunity/{mine['id']}/access"
    told = {one["person"]["id"]: one for one in (await answer_of(lina, "GET", where))["people"]}
    assert set(told) == {str(people[login]) for login in ("admin", "chen", "lina")}
    assert [one["kind"] for one in told[str(people["admin"])]["reasons"]] == ["administrator", "administrator"]
    assert {one["key"] for one in told[str(people["lina"])]["reasons"]} == {"salesperson"}
    assert {one["key"] for one in told[str(people["chen"])]["reasons"]} == {"manager"}
    why_not = (await answer_of(lina, "GET", f"{where}?person={people['sun']}"))["people"][0]
    assert (why_not["sees"], why_not["edits"]) == (False, False)
    assert [one["kind"] for one in why_not["obstacles"]] == ["not_reached"]
    sun = await sign_in("sun")
    assert (await sun.get(f"/api/v1{where}")).status_code == 404
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute(
            "INSERT INTO {org}.shares (id, object, record, person, level, starts_at, given_at) "
            "VALUES (:id, 'opportunity', :record, :person, 'read', now() - interval '1 day', now())",
            {"id": new_id(), "record": UUID(mine["id"]), "person": people["sun"]},
        )
    now = (await answer_of(sun, "GET", f"{where}?person={people['sun']}"))["people"][0]
    assert (now["sees"], now["edits"]) == (True, False)
    assert [(one["kind"], one["verb"]) for one in now["reasons"]] == [("share", "read")]
    assert [one["kind"] for one in now["obstacles"]] == ["not_reached"]
    answer = await sun.patch(f"/api/v1/records/opportunity/{mine['id']}", json={"name": "x"})
    assert answer.status_code == 403, answer.text
    everything = await answer_of(admin, "GET", f"/people/{people['sun']}/access")
    sold = next(one for one in everything["objects"] if one["object"] == "opportunity")
    assert sold["records"] == 1
    assert sold["verbs"]["read"][0]["key"] == "salesperson"
    assert (await lina.get(f"/api/v1/people/{people['sun']}/access")).status_code == 403
    assert (await answer_of(sun, "GET", f"/people/{people['sun']}/access?object=task"))["objects"][0][
        "object"
    ] == "task"


async def test_a_restriction_takes_away_and_says_so(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin, chen, zhang = await sign_in(), await sign_in("chen"), await sign_in("zhang")
    body = {"name": "受限", "account": await _account(zhang), "amount": 900000}
    mine = await answer_of(zhang, "POST", "/records/opportunity", body)
    where = f"/records/opportunity/{mine['id']}"
    policy = {
        "key": "large", "label": {"zh": "大单"}, "object": "opportunity", "verbs": ["read"], "roles": ["manager"],
        "where": {"field": "amount", "op": "gte", "value": 800000},
    }  # fmt: skip
    wrong = await admin.post("/api/v1/policies", json={**policy, "where": {"field": "gone", "op": "empty"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unresolvable_condition")
    made = await answer_of(admin, "POST", "/policies", policy)
    assert made["problems"] == []
    assert (await admin.post("/api/v1/policies", json=policy)).status_code == 409
    absent = await admin.post("/api/v1/policies", json={**policy, "key": "other", "people": [str(uuid4())]})
    assert (absent.status_code, absent.json()["code"]) == (422, "unknown_person")
    nameless = {name: value for name, value in policy.items() if name != "key"}
    for expected in ("da_dan", "da_dan_2"):
        assert (await answer_of(admin, "POST", "/policies", nameless))["key"] == expected
        await answer_of(admin, "PATCH", f"/policies/{expected}", {"active": False})
    for key in ("da_dan", "da_dan_2"):
        await answer_of(admin, "DELETE", f"/policies/{key}")
    assert (await chen.get(f"/api/v1{where}")).status_code == 404
    assert (await zhang.get(f"/api/v1{where}")).status_code == 200
    why = (await answer_of(zhang, "GET", f"{where}/access?person={people['chen']}"))["people"][0]
    assert [(one["kind"], one["key"]) for one in why["obstacles"]] == [("restriction", "large")]
    await answer_of(admin, "PATCH", "/policies/large", {"verbs": ["edit"]})
    assert (await chen.get(f"/api/v1{where}")).status_code == 200
    assert (await chen.patch(f"/api/v1{where}", json={"name": "x"})).status_code == 403
    await answer_of(admin, "DELETE", "/policies/large")
    assert (await chen.patch(f"/api/v1{where}", json={"name": "y"})).status_code == 200
    assert await answer_of(admin, "GET", "/policies") == []


async def test_a_preview_counts_what_each_person_gains_and_loses(
    sign_in: SignIn, people: Mapping[str, UUID], roles_back: None
) -> None:
    admin, zhang = await sign_in(), await sign_in("zhang")
    account = await _account(zhang)
    for number in range(3):
        body = {"name": f"预览{number}", "account": account, "amount": 1000 * number}
        await answer_of(zhang, "POST", "/records/opportunity", body)
    large = {"reach": "own", "where": {"field": "amount", "op": "gte", "value": 1000}}
    await _role(admin, "trial", {"objects": {"*": {"read": "own", "edit": "own"}, "contact": {"read": "all"}}})
    await answer_of(admin, "POST", f"/people/{people['zhang']}/login", {"roles": ["trial"]})
    owned = (await answer_of(admin, "GET", f"/people/{people['zhang']}/access?object=opportunity"))["objects"][0][
        "records"
    ]
    grants = {
        "objects": {
            "*": {"read": "own", "edit": "own", "create": True},
            "contact": {"read": "all", "fields": {"mobile": "masked"}},
            "opportunity": {"read": "own", "edit": large},
        }
    }
    told = await answer_of(admin, "POST", "/roles/preview", {"key": "trial", "grants": grants})
    assert (told["affected"], told["unchanged"], told["more"]) == (1, 0, 0)
    (one,) = told["people"]
    assert one["person"]["id"] == str(people["zhang"])
    by_object = {entry["object"]: entry for entry in one["objects"]}
    assert list(by_object["opportunity"]["verbs"]) == ["edit"]
    lost = by_object["opportunity"]["verbs"]["edit"]
    assert lost["gained"] == 0
    assert 1 <= lost["lost"] < owned
    assert by_object["opportunity"]["doors"] == {"gained": ["create"], "lost": []}
    (field,) = by_object["contact"]["fields"]
    assert (field["field"], field["before"], field["after"]) == ("mobile", "open", "masked")
    # nothing has been published: the person still edits all of them
    gone = await answer_of(admin, "POST", "/roles/preview", {"key": "trial", "grants": None})
    entry = next(each for each in gone["people"][0]["objects"] if each["object"] == "opportunity")
    assert entry["verbs"]["read"] == {"gained": 0, "lost": owned}
    await answer_of(admin, "PATCH", "/roles/trial", {"grants": grants})
    kept = await answer_of(admin, "POST", "/roles/preview", {"key": "trial", "grants": grants})
    assert (kept["affected"], kept["unchanged"]) == (0, 1)


async def _account(client: AsyncClient) -> str:
    made = await answer_of(client, "POST", "/records/account", {"name": f"客户{new_id()}"})
    return str(made["id"])


async def test_a_field_that_rights_go_by_is_not_retired_unseen(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin = await sign_in()
    field = {"key": "secrecy", "type": "text", "label": {"zh": "密级"}}
    await answer_of(admin, "POST", "/objects/account/fields", field)
    policy = {
        "key": "by_secrecy", "label": {"zh": "按密级"}, "object": "account", "verbs": ["read"],
        "where": {"field": "secrecy", "op": "eq", "value": "绝密"},
    }  # fmt: skip
    await answer_of(admin, "POST", "/policies", policy)
    made = await answer_of(admin, "POST", "/records/account", {"name": f"密级客户{new_id()}"})
    lina = await sign_in("lina")
    assert (await lina.get(f"/api/v1/records/account/{made['id']}")).status_code == 200
    refused = await admin.delete("/api/v1/objects/account/fields/secrecy")
    assert refused.status_code in (409, 422), refused.text
    assert "按密级" in refused.text
    await answer_of(admin, "PATCH", "/policies/by_secrecy", {"active": False})
    assert (await admin.delete("/api/v1/objects/account/fields/secrecy")).status_code == 204
    # it may come to stand over a Field that is gone all the same: then it takes everything away, and says so
    again = await admin.patch("/api/v1/policies/by_secrecy", json={"active": True})
    assert (again.status_code, again.json()["code"]) == (422, "unresolvable_condition")
    told = await answer_of(admin, "GET", "/policies")
    assert [one["code"] for one in told[0]["problems"]] == ["unresolvable_condition"]
    await answer_of(admin, "DELETE", "/policies/by_secrecy")
