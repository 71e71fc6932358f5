"""Sharing over HTTP: what somebody is given they see, for as long and as far as it was given; followers; rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from httpx import AsyncClient

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id

from ..conftest import ADMIN, SignIn, answer_of

API = "/api/v1"


async def _deal(client: AsyncClient, name: str = "共享的商机", **values: Any) -> str:
    account = await answer_of(client, "POST", "/records/account", {"name": f"{name} {new_id().hex[:6]}"})
    body = {"name": name, "account": account["id"], **values}
    made: str = (await answer_of(client, "POST", "/records/opportunity", body))["id"]
    return made


async def _sees(client: AsyncClient, record: str) -> bool:
    return (await client.get(f"{API}/records/opportunity/{record}")).status_code == 200


async def _refusal(client: AsyncClient, method: str, path: str, body: Any = None) -> tuple[int, str]:
    answer = await client.request(method, API + path, json=body)
    return answer.status_code, answer.json()["code"]


async def _share(client: AsyncClient, record: str, **body: Any) -> dict[str, Any]:
    made: dict[str, Any] = await answer_of(client, "POST", f"/records/opportunity/{record}/shares", body)
    return made


async def test_a_share_gives_and_its_end_takes(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    record = await _deal(lina)
    path = f"/records/opportunity/{record}"
    assert not await _sees(sun, record)
    share = await _share(lina, record, person=str(people["sun"]), role="presales", note="一起跟")
    assert (share["level"], share["state"], share["role"], share["mine"]) == ("read", "active", "presales", False)
    assert share["person"] == {"id": str(people["sun"]), "label": "孙丽"}
    assert share["given_by"]["label"] == "李娜"
    assert await _sees(sun, record)
    assert (await sun.patch(API + path, json={"name": "改"})).status_code == 403
    changed = await answer_of(lina, "PATCH", f"{path}/shares/{share['id']}", {"level": "edit"})
    assert (changed["level"], changed["role"], changed["note"]) == ("edit", "presales", "一起跟")
    assert (await sun.patch(API + path, json={"name": "改"})).status_code == 200
    seen = await answer_of(sun, "GET", f"{path}/sharing")
    assert [(one["id"], one["mine"]) for one in seen["shares"]] == [(share["id"], True)]
    assert (seen["may_share"], seen["owner"]["label"]) == (False, "李娜")
    await answer_of(lina, "DELETE", f"{path}/shares/{share['id']}")
    assert not await _sees(sun, record)
    told = await answer_of(lina, "GET", f"{path}/sharing")
    assert told["shares"] == []
    assert [(one["id"], one["state"]) for one in told["ended"]] == [(share["id"], "ended")]
    # taking the end back
    await answer_of(lina, "PATCH", f"{path}/shares/{share['id']}", {"ends_at": None})
    assert await _sees(sun, record)
    history = await answer_of(lina, "GET", f"{path}/history")
    said = [(one["sharing"]["what"], one["sharing"]["to"]) for one in history["events"] if one["kind"] == "sharing"]
    assert said == [("changed", "孙丽"), ("ended", "孙丽"), ("changed", "孙丽"), ("given", "孙丽")]


async def test_a_department_and_all_below_it(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    sun, lina, zhang = await sign_in("sun"), await sign_in("lina"), await sign_in("zhang")
    record = await _deal(sun)
    where = {"field": "name", "op": "eq", "value": "华东"}
    found = await answer_of(sun, "POST", "/records/department/query", {"where": where, "select": ["name"]})
    share = await _share(sun, record, department=found["records"][0]["id"], level="edit")
    assert share["department"]["label"] == "华东"
    assert await _sees(zhang, record)
    assert await _sees(lina, record)
    assert (await lina.patch(f"{API}/records/opportunity/{record}", json={"name": "改"})).status_code == 200


async def test_a_share_begins_and_ends_by_itself(
    sign_in: SignIn, people: Mapping[str, UUID], sales_database: Database, sales_organisation: Organisation
) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    record = await _deal(lina)
    now = datetime.now(UTC)
    later = await _share(lina, record, person=str(people["sun"]), starts_at=(now + timedelta(days=1)).isoformat())
    assert later["state"] == "upcoming"
    assert not await _sees(sun, record)

    async def move(hours_start: int, hours_end: int) -> None:
        async with sales_database.transaction(sales_organisation.schema) as tx:
            await tx.execute(
                "UPDATE {org}.shares SET starts_at = :start, ends_at = :end WHERE id = :id",
                {
                    "id": UUID(later["id"]),
                    "start": now + timedelta(hours=hours_start),
                    "end": now + timedelta(hours=hours_end),
                },
            )

    await move(-2, 1)
    assert await _sees(sun, record)
    await move(-2, -1)
    assert not await _sees(sun, record)
    # what is over can be given anew
    again = await _share(lina, record, person=str(people["sun"]))
    assert again["id"] != later["id"]
    reopening = f"/records/opportunity/{record}/shares/{later['id']}"
    assert await _refusal(lina, "PATCH", reopening, {"ends_at": None}) == (409, "shared_already")


async def test_what_a_share_must_not_be(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    record = await _deal(lina)
    path, person = f"/records/opportunity/{record}/shares", str(people["sun"])
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    for body, expected in (
        ({}, (422, "one_taker")),
        ({"person": person, "department": str(new_id())}, (422, "one_taker")),
        ({"person": str(new_id())}, (422, "unknown_person")),
        ({"department": str(new_id())}, (422, "unknown_department")),
        ({"person": person, "role": "owner"}, (422, "owner_by_field")),
        ({"person": person, "role": "boss"}, (422, "unknown_team_role")),
        ({"person": person, "ends_at": past}, (422, "ends_in_the_past")),
        ({"person": str(people["lina"])}, (422, "owns_already")),
    ):
        assert await _refusal(lina, "POST", path, body) == expected
    for never in ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-12-31"):
        answer = await lina.post(API + path, json={"person": person, "ends_at": never})
        assert answer.status_code in (400, 422), answer.text
    await _share(lina, record, person=person)
    assert await _refusal(lina, "POST", path, {"person": person}) == (409, "shared_already")
    # who may read may not share, who does not see it finds nothing
    assert await _refusal(sun, "POST", path, {"person": str(people["zhang"])}) == (403, "may_not_share")
    assert await _refusal(await sign_in("zhang"), "POST", path, {"person": person}) == (404, "not_found")
    assert await _refusal(await sign_in("zhang"), "GET", f"/records/opportunity/{record}/sharing") == (404, "not_found")
    assert await _refusal(lina, "DELETE", f"{path}/{new_id()}") == (404, "not_found")


async def test_whom_it_was_given_to_may_leave(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    record = await _deal(lina)
    share = await _share(lina, record, person=str(people["sun"]))
    other = await _share(lina, record, person=str(people["zhang"]))
    path = f"/records/opportunity/{record}/shares"
    assert await _refusal(sun, "DELETE", f"{path}/{other['id']}") == (403, "may_not_share")
    await answer_of(sun, "DELETE", f"{path}/{share['id']}")
    assert not await _sees(sun, record)


async def test_following(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    record = await _deal(lina)
    path = f"/records/opportunity/{record}/followers"
    assert await _refusal(sun, "POST", path, {}) == (404, "not_found")
    assert await _refusal(lina, "POST", path, {"people": [str(people["sun"])]}) == (422, "does_not_see")
    await _share(lina, record, person=str(people["sun"]))
    await answer_of(sun, "POST", path, {})
    await answer_of(lina, "POST", path, {"people": [str(people["chen"]), str(people["lina"])]})
    assert await _refusal(sun, "POST", path, {"people": [str(people["lina"])]}) == (403, "may_not_share")
    told = await answer_of(sun, "GET", f"/records/opportunity/{record}/sharing")
    assert {one["label"] for one in told["followers"]} == {"孙丽", "陈静", "李娜"}
    assert told["following"]
    assert await _refusal(sun, "DELETE", f"{path}/{people['lina']}") == (403, "may_not_share")
    await answer_of(sun, "DELETE", f"{path}/{people['sun']}")
    told = await answer_of(sun, "GET", f"/records/opportunity/{record}/sharing")
    assert not told["following"]


async def test_a_merge_brings_over_whom_the_record_is_shared_with(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    """It is told in the history and by the explanation of who sees the record; undone, it is as it was."""
    admin, sun = await sign_in(ADMIN), await sign_in("sun")
    winner, loser = await _deal(admin), await _deal(admin)
    path, one = f"/records/opportunity/{winner}", str(people["sun"])
    await _share(admin, loser, person=one, role="presales")
    await answer_of(sun, "POST", f"/records/opportunity/{loser}/followers", {})
    assert not await _sees(sun, winner)
    done = await admin.post(f"{API}/records/opportunity/merge", json={"into": winner, "from": [loser], "fields": {}})
    assert done.status_code == 200
    assert await _sees(sun, winner)
    told = await answer_of(sun, "GET", f"{path}/sharing")
    assert [(each["level"], each["role"], each["mine"]) for each in told["shares"]] == [("read", "presales", True)]
    assert told["following"]
    history = await answer_of(sun, "GET", f"{path}/history")
    (came,) = [each["sharing"] for each in history["events"] if each["sharing"] and each["record"]["id"] == winner]
    assert (came["what"], [each["to"] for each in came["shares"]]) == ("merged", ["孙丽"])
    (why,) = (await answer_of(admin, "GET", f"{path}/access?person={one}"))["people"]
    assert [each["kind"] for each in why["reasons"] if each["verb"] == "read"] == ["share"]
    await answer_of(admin, "POST", "/undo", {"action": done.headers["X-Action"]})
    assert (await _sees(sun, winner), await _sees(sun, loser)) == (False, True)


async def test_a_sharing_rule(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin, lina, sun = await sign_in(ADMIN), await sign_in("lina"), await sign_in("sun")
    name = f"规则 {new_id().hex[:8]}"
    record, other = await _deal(lina, name), await _deal(lina)
    where = {"field": "name", "op": "eq", "value": name}
    assert await answer_of(admin, "POST", "/sharing-rules/count", {"object": "opportunity", "where": where}) == {
        "records": 1
    }
    body = {
        "label": {"zh": "大单共享", "en": "Large deals"},
        "object": "opportunity",
        "where": where,
        "people": [str(people["sun"])],
    }
    assert await _refusal(lina, "POST", "/sharing-rules", body) == (403, "administrators_only")
    rule = await answer_of(admin, "POST", "/sharing-rules", body)
    assert (rule["level"], rule["active"], rule["problems"]) == ("read", True, [])
    assert rule["people"] == [{"id": str(people["sun"]), "label": "孙丽"}]
    assert (await _sees(sun, record), await _sees(sun, other)) == (True, False)
    path = f"/sharing-rules/{rule['id']}"
    await answer_of(admin, "PATCH", path, {"active": False})
    assert not await _sees(sun, record)
    await answer_of(admin, "PATCH", path, {"active": True, "level": "edit"})
    assert (await sun.patch(f"{API}/records/opportunity/{record}", json={"name": name})).status_code == 200
    assert [one["id"] for one in await answer_of(admin, "GET", "/sharing-rules")] == [rule["id"]]
    await answer_of(admin, "DELETE", path)
    assert not await _sees(sun, record)
    for bad, code in (
        ({"label": {}}, "required"),
        ({"people": []}, "nobody_named"),
        ({"people": [str(new_id())]}, "unknown_person"),
        ({"roles": ["nobody"]}, "unknown_role"),
    ):
        assert await _refusal(admin, "POST", "/sharing-rules", {**body, **bad}) == (422, code)
    unknown = {**body, "where": {"field": "nothing", "op": "eq", "value": 1}}
    assert await _refusal(admin, "POST", "/sharing-rules", unknown) == (422, "unresolvable_condition")


async def test_nobody_is_above_themselves(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin = await sign_in(ADMIN)
    ids = [await answer_of(admin, "POST", "/records/department", {"name": f"环 {at}"}) for at in range(3)]
    first, second, third = (one["id"] for one in ids)
    await answer_of(admin, "PATCH", f"/records/department/{second}", {"parent": first})
    await answer_of(admin, "PATCH", f"/records/department/{third}", {"parent": second})
    for record, parent in ((first, third), (first, second), (third, third)):
        answer = await admin.patch(f"{API}/records/department/{record}", json={"parent": parent})
        assert answer.status_code == 422
        assert [(one["code"], one["field"]) for one in answer.json()["errors"]] == [("loop", "parent")]
    assert (
        "环 0 → 环 2 → 环 1 → 环 0"
        in (await admin.patch(f"{API}/records/department/{first}", json={"parent": third})).text
    )
    # a batch in which two would close a loop together keeps what is sound
    fourth = (await answer_of(admin, "POST", "/records/department", {"name": "环 3"}))["id"]
    body = {
        "update": [{"id": first, "parent": fourth}, {"id": fourth, "parent": third}, {"id": third, "name": "环 C"}],
        "all_or_nothing": False,
    }
    found = await answer_of(admin, "POST", "/records/department/batch", body)
    assert [one["status"] for one in found["results"]] == ["rejected", "rejected", "updated"]
    chen, zhang = str(people["chen"]), str(people["zhang"])
    await answer_of(admin, "PATCH", f"/records/person/{zhang}", {"manager": chen})
    answer = await admin.patch(f"{API}/records/person/{chen}", json={"manager": zhang})
    assert [(one["code"], one["field"]) for one in answer.json()["errors"]] == [("loop", "manager")]
    await answer_of(admin, "PATCH", f"/records/person/{zhang}", {"manager": None})


async def test_a_loop_is_refused_where_records_are_merged_and_changes_undone(sign_in: SignIn) -> None:
    admin = await sign_in(ADMIN)
    made = [await answer_of(admin, "POST", "/records/department", {"name": f"并 {at}"}) for at in range(3)]
    top, middle, below = (one["id"] for one in made)
    await answer_of(admin, "PATCH", f"/records/department/{middle}", {"parent": top})
    await answer_of(admin, "PATCH", f"/records/department/{below}", {"parent": middle})
    # the middle would come to hang below its own child
    body = {"into": below, "from": [top], "fields": {}}
    assert await _refusal(admin, "POST", "/records/department/merge", body) == (422, "refused")
    assert (await answer_of(admin, "GET", f"/records/department/{middle}"))["parent"]["id"] == top
    freed = await admin.patch(f"{API}/records/department/{middle}", json={"parent": None})
    await answer_of(admin, "PATCH", f"/records/department/{top}", {"parent": middle})
    undo = await admin.post(API + "/undo", json={"action": freed.headers["X-Action"]})
    assert (undo.status_code, [one["code"] for one in undo.json()["errors"]]) == (422, ["loop"])
