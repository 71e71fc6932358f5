"""合同审批 over HTTP as it is shipped: a contract version first, then legal, then finance; inbox, lock, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from liaoran.access.people import LoginChange, change_login
from liaoran.access.scope import system_scope
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.events import Cause, Door
from liaoran.kernel.ids import new_id
from liaoran.records.changes import Create
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot

from ..conftest import PASSWORD, SignIn, answer_of

API = "/api/v1"


@pytest.fixture(scope="module")
async def deciders(
    sales_database: Database, sales_organisation: Organisation, people: Mapping[str, UUID]
) -> Mapping[str, UUID]:
    """One of legal, one of finance, and one who may see nothing at all."""
    found = {"fawu": new_id(), "caiwu": new_id(), "wai": new_id()}
    async with sales_database.transaction(sales_organisation.schema) as tx:
        scope = system_scope(await load_snapshot(tx))
        for (login, person), roles in zip(found.items(), (["legal"], ["finance"], []), strict=True):
            await write(tx, scope, [Create("person", {"name": f"{login}某"}, person)], Cause(Door.API))
            await change_login(tx, person, LoginChange(login, PASSWORD, roles))
    return found


async def refused(client: AsyncClient, method: str, path: str, body: Any = None, *, status: int) -> Any:
    answer = await client.request(method, API + path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def of_approvers(client: AsyncClient, record: str) -> dict[str, Any]:
    """The shares of the record that come with seats, by the name of whom they are for."""
    told = await answer_of(client, "GET", f"/records/opportunity/{record}/sharing")
    return {one["person"]["label"]: one for one in told["shares"] if one["role"] == "approver"}


async def in_negotiation(client: AsyncClient) -> str:
    body = {
        "name": f"商机 {new_id().hex[-6:]}",
        "stage": "negotiation",
        "amount": 120000,
        "expected_close_on": "2027-01-31",
    }
    return str((await answer_of(client, "POST", "/records/opportunity", body))["id"])


async def with_contract(client: AsyncClient) -> str:
    record = await in_negotiation(client)
    path = f"{API}/records/opportunity/{record}/files"
    form = {"file": ("合同.pdf", b"%PDF-1.7\n contract", "application/pdf")}
    answer = await client.post(path, files=form, data={"document_type": "contract"})
    assert answer.status_code == 201, answer.text
    return record


async def in_review(client: AsyncClient) -> tuple[str, Any]:
    record = await with_contract(client)
    path = f"/records/opportunity/{record}"
    await answer_of(client, "POST", f"{path}/transitions", {"to_state": "contract", "comment": "请尽快"})
    listed = await answer_of(client, "GET", f"{path}/approvals")
    return record, listed["approvals"][0]


async def test_no_approval_without_a_version_of_the_contract(sign_in: SignIn, deciders: Any) -> None:
    client = await sign_in("lina")
    record = await in_negotiation(client)
    path = f"/records/opportunity/{record}"
    told = await refused(client, "POST", f"{path}/transitions", {"to_state": "contract"}, status=422)
    (error,) = told["errors"]
    assert (error["code"], error["evidence"]["key"]) == ("condition_unmet", "contract_review.contract_version")
    told = await refused(client, "POST", f"{path}/approvals", {"approval": "contract_review"}, status=422)
    (error,) = told["errors"]
    assert {one["kind"] for one in error["evidence"]["mend"]} == {"file"}


async def test_legal_then_finance_then_it_can_be_won(sign_in: SignIn, deciders: Mapping[str, UUID]) -> None:
    lina, fawu, caiwu = await sign_in("lina"), await sign_in("fawu"), await sign_in("caiwu")
    record, approval = await in_review(lina)
    path = f"/records/opportunity/{record}"
    assert (approval["state"], approval["comment"], approval["lock"]) == ("running", "请尽快", True)
    assert [one["id"] for one in approval["holders"]] == [str(deciders["fawu"])]
    assert approval["may"] == {"decide": [], "recall": True, "remind": True}
    locked = await refused(lina, "PATCH", path, {"amount": 1}, status=422)
    assert locked["errors"][0]["code"] == "locked_by_approval"
    assert locked["errors"][0]["evidence"]["holders"] == ["fawu某"]
    uploaded = await lina.post(f"{API}{path}/files", files={"file": ("a.pdf", b"%PDF-1.7\n", "application/pdf")})
    assert (uploaded.status_code, uploaded.json()["code"]) == (422, "locked_by_approval")
    waiting = await answer_of(fawu, "GET", "/approvals")
    assert approval["id"] in [one["id"] for one in waiting["approvals"]]
    assert waiting["counts"]["mine"] >= 1
    one = f"/approvals/{approval['id']}"
    detail = await answer_of(fawu, "GET", one)
    assert detail["may"]["decide"] == ["legal"]
    facts = {fact["field"]: fact for fact in detail["facts"]}
    assert facts["amount"]["label"]["zh"] == "预计金额"
    assert [step["who"][0]["zh"] for step in detail["steps"]] == ["法务", "财务"]
    done = await answer_of(fawu, "POST", f"{one}/decide", {"decision": "approve", "comment": "条款可接受"})
    assert [holder["label"] for holder in done["holders"]] == ["caiwu某"]
    told = await refused(fawu, "POST", f"{one}/decide", {"decision": "approve"}, status=409)
    assert told["code"] == "already_decided"
    done = await answer_of(caiwu, "POST", f"{one}/decide", {"decision": "approve"})
    assert done["state"] == "passed"
    entries = (await answer_of(lina, "GET", f"{path}/timeline?kinds=change"))["entries"]
    assert [entry["approval"]["what"] for entry in entries if entry.get("approval")] == [
        "passed",
        "approved",
        "approved",
        "started",
    ]
    await answer_of(lina, "POST", f"{path}/transitions", {"to_state": "won", "fields": {"win_reason": "relationship"}})
    decided = await answer_of(fawu, "GET", "/approvals?box=decided&state=passed")
    assert approval["id"] in [row["id"] for row in decided["approvals"]]


async def test_a_refusal_goes_back_to_the_negotiation(sign_in: SignIn, deciders: Any) -> None:
    lina, fawu = await sign_in("lina"), await sign_in("fawu")
    record, approval = await in_review(lina)
    one = f"/approvals/{approval['id']}/decide"
    told = await refused(fawu, "POST", one, {"decision": "refuse", "comment": " "}, status=422)
    assert told["code"] == "comment_required"
    done = await answer_of(fawu, "POST", one, {"decision": "refuse", "comment": "付款条款不行"})
    assert (done["state"], done["outcome"]["to"]) == ("refused", "negotiation")
    assert (await answer_of(lina, "GET", f"/records/opportunity/{record}"))["stage"] == "negotiation"


async def test_delegate_add_recall_remind(sign_in: SignIn, people: Mapping[str, UUID], deciders: Any) -> None:
    lina, fawu, chen, admin = [await sign_in(one) for one in ("lina", "fawu", "chen", "admin")]
    record, approval = await in_review(lina)
    one = f"/approvals/{approval['id']}"
    assert await answer_of(lina, "POST", f"{one}/remind") == {"people": ["fawu某"]}
    assert (await refused(lina, "POST", f"{one}/remind", status=409))["code"] == "reminded_lately"
    await answer_of(fawu, "POST", f"{one}/delegate", {"to": str(people["chen"]), "comment": "我休假"})
    assert (await answer_of(chen, "GET", one))["may"]["decide"] == ["legal"]
    body = {"people": [str(people["admin"])], "when": "before"}
    added = await answer_of(chen, "POST", f"{one}/add-sign", body)
    assert [holder["id"] for holder in added["holders"]] == [str(people["admin"])]
    assert (await refused(chen, "POST", f"{one}/recall", {}, status=403))["code"] == "not_your_approval"
    assert (await answer_of(admin, "POST", f"{one}/recall", {"comment": "传错了"}))["state"] == "recalled"
    assert (await refused(lina, "POST", f"{one}/recall", {}, status=409))["code"] == "approval_over"
    listed = await answer_of(lina, "GET", f"/records/opportunity/{record}/approvals")
    assert [offer["key"] for offer in listed["offered"]] == ["contract_review"]
    again = await lina.post(f"{API}/records/opportunity/{record}/approvals", json={"approval": "contract_review"})
    assert again.status_code == 201, again.text


async def test_who_is_out_of_it_sees_nothing_and_who_decides_sees_the_facts(
    sign_in: SignIn, deciders: Mapping[str, UUID]
) -> None:
    lina, fawu, wai, sun = [await sign_in(one) for one in ("lina", "fawu", "wai", "sun")]
    _, approval = await in_review(lina)
    one = f"/approvals/{approval['id']}"
    for client in (wai, sun):
        assert (await client.get(API + one)).status_code == 404
        listed = await answer_of(client, "GET", "/approvals?box=all&limit=100")
        assert approval["id"] not in [row["id"] for row in listed["approvals"]]
        told = await refused(client, "POST", f"{one}/decide", {"decision": "approve"}, status=404)
        assert told["code"] == "not_found"
    await answer_of(fawu, "POST", f"{one}/delegate", {"to": str(deciders["wai"])})
    seen = await answer_of(wai, "GET", one)
    assert seen["record"]["visible"] is False
    assert seen["record"]["label"].startswith("商机")
    assert "amount" in {fact["field"] for fact in seen["facts"]}
    assert (await wai.get(f"{API}/records/opportunity/{approval['record']['id']}")).status_code in (400, 404)
    await answer_of(wai, "POST", f"{one}/decide", {"decision": "approve"})
    assert (await answer_of(wai, "GET", one))["facts"] == []


async def test_pages_of_the_lists_hold_each_approval_once(sign_in: SignIn, deciders: Any) -> None:
    lina, fawu = await sign_in("lina"), await sign_in("fawu")
    made = {(await in_review(lina))[1]["id"] for _ in range(5)}
    for client, box in ((lina, "started"), (fawu, "mine"), (lina, "all")):
        seen: list[str] = []
        cursor = ""
        while cursor is not None:
            page = await answer_of(client, "GET", f"/approvals?box={box}&state=running&limit=2&cursor={cursor}")
            seen += [row["id"] for row in page["approvals"]]
            cursor = page["next_cursor"]
        assert len(seen) == len(set(seen))
        assert made <= set(seen)
        assert page["counts"][box] == len(seen)
    assert (await refused(lina, "GET", "/approvals?cursor=nonsense", status=400))["code"] == "invalid_cursor"


async def test_a_seat_opens_the_record_for_good_and_nothing_else(
    sign_in: SignIn, deciders: Mapping[str, UUID], people: Mapping[str, UUID]
) -> None:
    lina, fawu, caiwu = await sign_in("lina"), await sign_in("fawu"), await sign_in("caiwu")
    other = await in_negotiation(lina)
    record, approval = await in_review(lina)
    path, one = f"/records/opportunity/{record}", f"/approvals/{approval['id']}"
    admin = await sign_in("admin")
    product = await answer_of(admin, "POST", "/records/product", {"name": "培训"})
    for deal in (record, other):
        line = {"opportunity": deal, "product": product["id"], "quantity": 2, "unit_price": 100}
        await answer_of(admin, "POST", "/records/opportunity_line", line)
    await refused(caiwu, "GET", path, status=404)
    waiting = await answer_of(caiwu, "GET", "/approvals")
    assert approval["id"] not in [each["id"] for each in waiting["approvals"]]
    await answer_of(fawu, "POST", f"{one}/decide", {"decision": "approve"})
    # finance gets the seat, and with it the evidence, the documents and the record
    waiting = await answer_of(caiwu, "GET", "/approvals")
    (item,) = [each for each in waiting["approvals"] if each["id"] == approval["id"]]
    assert item["record"]["visible"] is True
    facts = {fact["field"]: fact for fact in (await answer_of(caiwu, "GET", one))["facts"]}
    assert float(facts["amount"]["value"]) == 120000
    (file,) = await answer_of(caiwu, "GET", f"{path}/files")
    content = await caiwu.get(f"{API}{path}/files/{file['id']}/versions/1/content")
    assert content.content == b"%PDF-1.7\n contract"
    assert (await answer_of(caiwu, "GET", path))["id"] == record
    assert (await answer_of(caiwu, "GET", f"{path}/timeline"))["entries"]
    for client in (fawu, caiwu):
        listed = await answer_of(client, "POST", "/records/opportunity/query", {"select": ["name"], "count": True})
        seen = {each["id"] for each in listed["records"]}
        assert record in seen
        assert other not in seen
        assert listed["total"] == len(seen)
        await refused(client, "GET", f"/records/opportunity/{other}", status=404)
        lines = await answer_of(client, "POST", "/records/opportunity_line/query", {"select": ["opportunity"]})
        assert other not in str(lines)
        assert record in str(lines)
    assert (await refused(caiwu, "PATCH", path, {"amount": 1}, status=403))["code"] == "forbidden"
    await answer_of(caiwu, "POST", f"{one}/decide", {"decision": "refuse", "comment": "账期太长"})
    for client in (fawu, caiwu):
        assert (await answer_of(client, "GET", path))["id"] == record


async def test_what_approvers_see_is_told_and_stays_while_it_is_their_turn(
    sign_in: SignIn, deciders: Mapping[str, UUID]
) -> None:
    lina, fawu, admin = await sign_in("lina"), await sign_in("fawu"), await sign_in("admin")
    record, approval = await in_review(lina)
    path = f"/records/opportunity/{record}"
    (share,) = (await of_approvers(lina, record)).values()
    assert (share["person"]["label"], share["level"], share["given_by"]["label"]) == ("fawu某", "read", "李娜")
    (why,) = (await answer_of(admin, "GET", f"{path}/access?person={deciders['fawu']}"))["people"]
    assert [(one["kind"], one["verb"]) for one in why["reasons"]] == [("approver", "read")]
    for client in (lina, fawu):
        told = await refused(client, "DELETE", f"{path}/shares/{share['id']}", status=422)
        assert told["code"] == "approver_in_turn"
        assert "fawu某" in told["detail"]
    for change in ({"level": "edit"}, {"role": "legal"}, {"note": "x"}, {"ends_at": "2199-01-01T00:00:00Z"}):
        told = await refused(lina, "PATCH", f"{path}/shares/{share['id']}", change, status=422)
        assert told["code"] == "comes_with_approval"
    body = {"person": str(deciders["wai"]), "role": "approver"}
    assert (await refused(lina, "POST", f"{path}/shares", body, status=422))["code"] == "approver_by_seat"
    # a share that somebody gives stands beside it
    given = await answer_of(lina, "POST", f"{path}/shares", {"person": str(deciders["fawu"]), "level": "edit"})
    (why,) = (await answer_of(admin, "GET", f"{path}/access?person={deciders['fawu']}"))["people"]
    assert [one["kind"] for one in why["reasons"]] == ["share", "approver", "share"]
    await answer_of(lina, "DELETE", f"{path}/shares/{given['id']}")
    assert list(await of_approvers(lina, record)) == ["fawu某"]
    await answer_of(fawu, "POST", f"/approvals/{approval['id']}/decide", {"decision": "approve"})
    await answer_of(lina, "DELETE", f"{path}/shares/{share['id']}")
    await refused(fawu, "GET", path, status=404)
    await answer_of(lina, "PATCH", f"{path}/shares/{share['id']}", {"ends_at": None})
    assert (await answer_of(fawu, "GET", path))["id"] == record
    asked = f"/audit?object=opportunity&record={record}"
    noted = [each["kind"] for each in (await answer_of(admin, "GET", asked))["entries"]]
    assert noted.count("share.given") == 3


FIELDS = {"amount": "hidden", "next_action": "masked"}


async def test_names_and_facts_are_withheld_from_approvers_as_everywhere(
    sign_in: SignIn, deciders: Mapping[str, UUID], sales_database: Database, sales_organisation: Organisation
) -> None:
    admin = await sign_in("admin")
    for key, shown in (("half_blind", "masked"), ("blind", "hidden")):
        grants = {"objects": {"opportunity": {"read": "own", "fields": {**FIELDS, "name": shown}}}}
        body = {"key": key, "label": {"zh": key, "en": key}, "grants": grants}
        await answer_of(admin, "POST", "/roles", body)
    people = {"half_blind": new_id(), "blind": new_id()}
    async with sales_database.transaction(sales_organisation.schema) as tx:
        scope = system_scope(await load_snapshot(tx))
        for role, person in people.items():
            await write(tx, scope, [Create("person", {"name": role}, person)], Cause(Door.API))
            await change_login(tx, person, LoginChange(role, PASSWORD, [role]))
    lina, half, blind = await sign_in("lina"), await sign_in("half_blind"), await sign_in("blind")
    record = await with_contract(lina)
    path = f"/records/opportunity/{record}"
    await answer_of(lina, "PATCH", path, {"next_action": "当面签约"})
    await answer_of(lina, "POST", f"{path}/transitions", {"to_state": "contract"})
    (approval,) = (await answer_of(lina, "GET", f"{path}/approvals"))["approvals"]
    one = f"/approvals/{approval['id']}"
    name = (await answer_of(lina, "GET", path))["name"]
    fawu = await sign_in("fawu")
    await answer_of(fawu, "POST", f"{one}/delegate", {"to": str(people["half_blind"])})

    async def check(client: AsyncClient, label: str | None, *, visible: bool) -> None:
        detail = await answer_of(client, "GET", one)
        assert detail["record"] == {"id": record, "label": label, "visible": visible}
        listed = await answer_of(client, "GET", "/approvals?box=mine")
        assert [each["record"]["label"] for each in listed["approvals"]] == [label]
        facts = {fact["field"]: fact["value"] for fact in detail["facts"]}
        assert (facts["expected_close_on"], facts["next_action"]) == ("2027-01-31", "****")
        assert "amount" not in facts
        assert name not in str((detail, listed, await answer_of(client, "GET", "/approvals?box=all")))

    masked = f"****{name[-4:]}"
    await check(half, masked, visible=True)
    (of_record,) = (await answer_of(half, "GET", f"{path}/approvals"))["approvals"]
    assert of_record["record"]["label"] == masked
    assert name not in (await half.get(f"{API}{path}/timeline")).text
    # out of reach: a restriction holds for approvers, too
    everything = {"field": "name", "op": "not_empty"}
    policy = {"label": {"zh": "都不看", "en": "none"}, "object": "opportunity", "verbs": ["read"], "where": everything}
    made = await answer_of(admin, "POST", "/policies", {**policy, "roles": list(people)})
    await refused(half, "GET", path, status=404)
    await check(half, masked, visible=False)
    await answer_of(half, "POST", f"{one}/delegate", {"to": str(people["blind"])})
    await check(blind, None, visible=False)
    detail = await answer_of(half, "GET", one)
    assert (detail["facts"], detail["record"]["label"]) == ([], masked)
    await answer_of(admin, "DELETE", f"/policies/{made['key']}")
    await check(blind, None, visible=True)
    assert (await answer_of(half, "GET", path))["name"] == masked
