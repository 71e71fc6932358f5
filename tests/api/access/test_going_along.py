"""Records that go with the deal they hang on, over HTTP: who comes to see them, who may change them, and what is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient

from ..conftest import SignIn, answer_of

SAID = {"subject": "预算已确认", "content": "客户同意报价", "happened_at": "2026-01-05T02:00:00Z"}


@dataclass(frozen=True)
class Sale:
    """A deal of Lina's with all that hangs on it, written down by others."""

    admin: AsyncClient
    deal: str
    follow_up: str
    line: str
    task: str

    @property
    def parts(self) -> dict[str, str]:
        return {"follow_up": self.follow_up, "opportunity_line": self.line, "task": self.task}


@pytest.fixture
async def sale(sign_in: SignIn, people: Mapping[str, UUID]) -> Sale:
    admin = await sign_in()

    async def make(key: str, **values: Any) -> str:
        return str((await answer_of(admin, "POST", f"/records/{key}", values))["id"])

    account = await make("account", name=f"随主客户{uuid4().hex[:6]}")
    product = await make("product", name=f"随主产品{uuid4().hex[:6]}")
    deal = await make("opportunity", name="随主商机", account=account, owner=str(people["lina"]))
    return Sale(
        admin,
        deal,
        await make("follow_up", opportunity=deal, owner=str(people["sun"]), **SAID),
        await make("opportunity_line", opportunity=deal, product=product, quantity=2),
        await make("task", opportunity=deal, subject="寄合同", owner=str(people["sun"])),
    )


async def _sees(client: AsyncClient, sale: Sale) -> set[str]:
    found = {key for key, one in sale.parts.items() if (await client.get(f"/api/v1/records/{key}/{one}")).is_success}
    for key, one in sale.parts.items():
        # lists tell the same as the record
        where = {"field": "opportunity", "op": "eq", "value": sale.deal}
        listed = await answer_of(client, "POST", f"/records/{key}/query", {"where": where, "limit": 50})
        assert (one in {each["id"] for each in listed["records"]}) is (key in found)
    return found


async def test_the_owner_of_a_deal_sees_what_others_wrote_about_it(sign_in: SignIn, sale: Sale) -> None:
    lina, zhang = await sign_in("lina"), await sign_in("zhang")
    assert await _sees(lina, sale) == set(sale.parts)
    assert await _sees(zhang, sale) == set()
    told = await answer_of(lina, "GET", f"/records/opportunity/{sale.deal}/timeline")
    assert sale.follow_up in {one.get("id") for one in told["entries"]}


async def test_what_hangs_on_a_deal_goes_where_it_goes(sign_in: SignIn, people: Mapping[str, UUID], sale: Sale) -> None:
    lina, zhang = await sign_in("lina"), await sign_in("zhang")
    await answer_of(sale.admin, "PATCH", f"/records/opportunity/{sale.deal}", {"owner": str(people["zhang"])})
    assert await _sees(zhang, sale) == set(sale.parts)
    assert await _sees(lina, sale) == set()
    share = {"person": str(people["lina"]), "level": "read"}
    await answer_of(sale.admin, "POST", f"/records/opportunity/{sale.deal}/shares", share)
    assert await _sees(lina, sale) == set(sale.parts)
    await answer_of(sale.admin, "DELETE", f"/records/opportunity/{sale.deal}", headers={"if-match": "*"})
    assert await _sees(lina, sale) == set()
    assert await _sees(zhang, sale) == set()


async def test_lines_are_changed_by_whoever_changes_the_deal(
    sign_in: SignIn, people: Mapping[str, UUID], sale: Sale
) -> None:
    lina, zhang = await sign_in("lina"), await sign_in("zhang")
    line, follow_up = f"/api/v1/records/opportunity_line/{sale.line}", f"/api/v1/records/follow_up/{sale.follow_up}"
    await answer_of(lina, "PATCH", line.removeprefix("/api/v1"), {"quantity": 3})
    refused = await lina.patch(follow_up, json={"subject": "改"}, headers={"if-match": "*"})
    assert refused.status_code == 403
    for level, status in (("read", 403), ("edit", 200)):
        share = {"person": str(people["zhang"]), "level": level}
        given = await answer_of(sale.admin, "POST", f"/records/opportunity/{sale.deal}/shares", share)
        answer = await zhang.patch(line, json={"quantity": 5}, headers={"if-match": "*"})
        assert answer.status_code == status, answer.text
        if level == "read":
            shares = f"/records/opportunity/{sale.deal}/shares/{given['id']}"
            await answer_of(sale.admin, "DELETE", shares)
    assert (await zhang.delete(line, headers={"if-match": "*"})).is_success
    restored = await zhang.post(f"{line}/restore")
    assert restored.status_code in (200, 204), restored.text


async def test_nothing_is_hung_on_a_deal_that_one_does_not_see(sign_in: SignIn, sale: Sale) -> None:
    zhang = await sign_in("zhang")
    answer = await zhang.post("/api/v1/records/follow_up", json={**SAID, "opportunity": sale.deal})
    assert answer.status_code == 422, answer.text


async def test_a_link_opens_rows_and_no_kinds_of_record(
    sign_in: SignIn, people: Mapping[str, UUID], sale: Sale
) -> None:
    """Whoever may not read follow-ups at all does not come to read them by a deal."""
    grants = {
        "objects": {"*": {"read": "none"}, "opportunity": {"read": "all", "edit": "all"}, "task": {"read": "own"}}
    }
    key = f"narrow_{uuid4().hex[:6]}"
    await answer_of(sale.admin, "POST", "/roles", {"key": key, "label": {"zh": "窄"}, "grants": grants})
    await answer_of(sale.admin, "POST", f"/people/{people['sun']}/login", {"roles": [key]})
    try:
        sun = await sign_in("sun", fresh=True)
        assert (await sun.get(f"/api/v1/records/task/{sale.task}")).is_success
        for part in ("follow_up", "opportunity_line"):
            assert not (await sun.get(f"/api/v1/records/{part}/{sale.parts[part]}")).is_success
        told = await answer_of(sun, "GET", f"/records/opportunity/{sale.deal}/timeline")
        assert sale.follow_up not in {one.get("id") for one in told["entries"]}
    finally:
        await answer_of(sale.admin, "POST", f"/people/{people['sun']}/login", {"roles": ["salesperson"]})


async def test_who_sees_it_and_why(sign_in: SignIn, people: Mapping[str, UUID], sale: Sale) -> None:
    lina = str(people["lina"])
    told = await answer_of(sale.admin, "GET", f"/records/follow_up/{sale.follow_up}/access")
    found = {one["person"]["id"]: one for one in told["people"]}
    assert [one["kind"] for one in found[lina]["reasons"]] == ["carried"]
    assert found[lina]["reasons"][0]["key"] == "opportunity"
    assert found[lina]["reasons"][0]["text"]["zh"] == "随商机“随主商机”：此人能查看它"
    assert str(people["zhang"]) not in found
    missed = await answer_of(sale.admin, "GET", f"/records/follow_up/{sale.follow_up}/access?person={people['zhang']}")
    assert "它所随的记录" in missed["people"][0]["obstacles"][0]["text"]["zh"]
    line = await answer_of(sale.admin, "GET", f"/records/opportunity_line/{sale.line}/access?person={lina}")
    assert [(one["kind"], one["verb"]) for one in line["people"][0]["reasons"]] == [
        ("carried", "read"),
        ("carried", "edit"),
    ]


async def test_the_name_of_the_deal_is_told_to_whom_it_shows(
    sign_in: SignIn, people: Mapping[str, UUID], sale: Sale
) -> None:
    """Who wrote the follow-up sees who reads it, without learning what the deal is called."""
    sun = await sign_in("sun")
    told = await answer_of(sun, "GET", f"/records/follow_up/{sale.follow_up}/access?person={people['lina']}")
    assert told["people"][0]["reasons"][0]["text"]["zh"] == "随商机：此人能查看它"


async def test_what_somebody_can_see_names_the_links(sign_in: SignIn, people: Mapping[str, UUID], sale: Sale) -> None:
    told = await answer_of(sale.admin, "GET", f"/people/{people['lina']}/access?object=opportunity_line")
    (entry,) = told["objects"]
    assert entry["records"] >= 1
    for verb in ("read", "edit", "delete"):
        assert "carried" in {one["kind"] for one in entry["verbs"][verb]}
    assert "carried" not in {one["kind"] for one in entry["verbs"]["export"]}


async def test_the_preview_of_a_role_counts_what_goes_along(
    sign_in: SignIn, people: Mapping[str, UUID], sale: Sale
) -> None:
    grants = next(
        one["grants"] for one in await answer_of(sale.admin, "GET", "/roles/definitions") if one["key"] == "salesperson"
    )
    wider = {"objects": {**grants["objects"], "opportunity": {"read": "all"}}}
    asked = {"key": "salesperson", "grants": wider}
    told = await answer_of(sale.admin, "POST", "/roles/preview", asked)
    zhang = next(one for one in told["people"] if one["person"]["id"] == str(people["zhang"]))
    changed = {one["object"]: one["verbs"] for one in zhang["objects"]}
    assert {"opportunity", "follow_up", "opportunity_line", "task"} <= set(changed)
    assert changed["follow_up"]["read"]["gained"] >= 1
    assert "edit" not in changed["opportunity_line"]


async def test_own_tasks_stay_a_question_of_whose_they_are(sign_in: SignIn, sale: Sale) -> None:
    """A task on one's deal is seen, yet it is not one's own."""
    lina = await sign_in("lina")
    mine = {"where": {"field": "owner", "op": "eq", "value": "@me"}, "limit": 200}
    listed = await answer_of(lina, "POST", "/records/task/query", mine)
    assert sale.task not in {one["id"] for one in listed["records"]}


async def test_a_task_on_the_deal_is_ended_by_whose_it_is(
    sign_in: SignIn, people: Mapping[str, UUID], sale: Sale
) -> None:
    """The owner of the deal sees the task of the stage that a colleague is to do, and is not offered to check it off."""
    lina, sun = await sign_in("lina"), await sign_in("sun")
    where = f"/records/opportunity/{sale.deal}/stage"
    (first, *others) = (await answer_of(lina, "GET", where))["tasks"]
    assert all(one["editable"] for one in (first, *others))
    await answer_of(sale.admin, "PATCH", f"/records/task/{first['id']}", {"owner": str(people["sun"])})
    seen = {one["id"]: one["editable"] for one in (await answer_of(lina, "GET", where))["tasks"]}
    assert seen == {first["id"]: False, **{one["id"]: True for one in others}}
    await answer_of(
        sale.admin, "POST", f"/records/opportunity/{sale.deal}/shares", {"person": str(people["sun"]), "level": "read"}
    )
    seen = {one["id"]: one["editable"] for one in (await answer_of(sun, "GET", where))["tasks"]}
    assert seen == {first["id"]: True, **{one["id"]: False for one in others}}
