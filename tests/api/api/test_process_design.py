"""Shaping pipelines over HTTP: drafts that are kept and talked about, tried, published with a mapping, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"
STAGES = ("first", "second", "third", "fourth", "fifth")


def pipeline(key: str, stages: tuple[str, ...] = STAGES) -> dict[str, Any]:
    """Open stages in order, then won and lost; every move is allowed."""
    states = [{"key": f"{key}_{one}", "label": {"zh": f"{key} {one}", "en": one}, "kind": "open"} for one in stages]
    ends = [{"key": kind, "label": {"zh": kind, "en": kind}, "kind": kind} for kind in ("won", "lost")]
    return {
        "key": key,
        "object": "opportunity",
        "field": "stage",
        "process_field": "pipeline",
        "sum_field": "amount",
        "label": {"zh": key, "en": key.title()},
        "states": [*states, *ends],
    }


async def publish(admin: AsyncClient, key: str, **options: Any) -> dict[str, Any]:
    """Publishes the draft of a Process as it is."""
    draft = await answer_of(admin, "GET", f"/processes/{key}/draft")
    body = {"revision": draft["revision"], "mapping": {}, **options}
    published: dict[str, Any] = await answer_of(admin, "POST", f"/processes/{key}/draft/publish", body)
    return published


async def begun(admin: AsyncClient, key: str) -> dict[str, Any]:
    """A pipeline that is in use."""
    await answer_of(admin, "POST", "/processes/drafts", {"definition": pipeline(key)})
    return await publish(admin, key)


async def deal(client: AsyncClient, process: str, **values: Any) -> dict[str, Any]:
    """A new opportunity that follows the pipeline."""
    account = await answer_of(client, "POST", "/records/account", {"name": f"客户{new_id()}"})
    body = {"name": "单", "account": account["id"], "amount": 1000, "pipeline": process, **values}
    made: dict[str, Any] = await answer_of(client, "POST", "/records/opportunity", body)
    return made


async def test_a_draft_from_nothing_uses_the_fields_and_ends_that_are_there(sign_in: SignIn) -> None:
    admin = await sign_in()
    body = {"object": "opportunity", "label": {"zh": "海外", "en": "Overseas"}}
    draft = await answer_of(admin, "POST", "/processes/drafts/bare", body)
    definition = draft["definition"]
    assert (definition["field"], definition["process_field"], definition["sum_field"]) == (
        "stage",
        "pipeline",
        "amount",
    )
    assert [one["kind"] for one in definition["states"]] == ["open", "won", "lost"]
    ends = [(one["probability"], one["forecast_category"]) for one in definition["states"][1:]]
    assert ends == [(100, "closed"), (0, "omitted")]
    assert (draft["revision"], draft["based_on"], draft["problem"]) == (1, 0, None)
    holder = next(
        one for one in (await answer_of(admin, "GET", "/objects/opportunity"))["fields"] if one["key"] == "stage"
    )
    assert definition["states"][0]["key"] not in {one["key"] for one in holder["choices"]}
    again = await answer_of(admin, "POST", "/processes/drafts/bare", body)
    assert again["key"] != draft["key"], "a second one has a key of its own"
    listed = {one["key"]: one for one in await answer_of(admin, "GET", "/processes")}
    assert (listed[draft["key"]]["version"], listed[draft["key"]]["draft"]) == (0, True)
    published = await publish(admin, draft["key"])
    assert published["version"] == 1
    for key in (draft["key"], again["key"]):
        await admin.delete(f"{API}/processes/{key}/draft")


async def test_the_first_pipeline_of_an_object_says_which_field_holds_the_stage(sign_in: SignIn) -> None:
    admin = await sign_in()
    body: dict[str, Any] = {"object": "account", "label": {"zh": "客户", "en": "Accounts"}}
    answer = await admin.post(API + "/processes/drafts/bare", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_state_field")
    draft = await answer_of(admin, "POST", "/processes/drafts/bare", {**body, "field": "industry"})
    assert draft["definition"]["field"] == "industry"
    await answer_of(admin, "DELETE", f"/processes/{draft['key']}/draft")
    answer = await admin.post(API + "/processes/drafts/bare", json={**body, "object": "nothing"})
    assert answer.status_code == 400


async def test_a_draft_is_kept_whatever_is_in_it_and_says_what_is_wrong_where(sign_in: SignIn) -> None:
    admin = await sign_in()
    await begun(admin, "kept")
    seen = await answer_of(admin, "GET", "/processes/kept/draft")
    assert (seen["revision"], seen["based_on"], seen["differences"]) == (0, 1, [])
    definition = seen["definition"]
    definition["states"][2]["exit"] = [{"key": "c", "label": {"zh": "c", "en": "c"}, "condition": {"field": "gone"}}]
    saved = await answer_of(admin, "PUT", "/processes/kept/draft", {"definition": definition, "revision": 0})
    assert saved["revision"] == 1
    assert saved["problem"]["at"].startswith("states[2].exit[0].condition")
    assert saved["problem"]["message"]
    refused = await admin.post(f"{API}/processes/kept/draft/publish", json={"revision": 1, "mapping": {}})
    assert refused.status_code in (400, 422)
    definition["states"][2]["exit"] = []
    definition["states"][1]["required"] = ["budget"]
    saved = await answer_of(admin, "PUT", "/processes/kept/draft", {"definition": definition, "revision": 1})
    assert saved["problem"] is None
    (change,) = saved["differences"]
    assert (change["part"], change["kind"], change["key"]) == ("states", "changed", "kept_second")
    assert [(one["what"], one["new"]) for one in change["changes"]] == [("required", ["budget"])]
    await answer_of(admin, "DELETE", "/processes/kept/draft")
    assert (await answer_of(admin, "GET", "/processes/kept/draft"))["revision"] == 0
    assert (await admin.delete(API + "/processes/kept/draft")).status_code == 404


def naming_its_states(key: str, shared: str) -> dict[str, Any]:
    """A pipeline whose Conditions name its own stages, one of which another pipeline has under another key."""
    definition = pipeline(key)
    definition["states"][1]["label"] = {"zh": shared, "en": shared}

    def check(op: str, value: Any) -> list[dict[str, Any]]:
        label = {"zh": "阶段", "en": "Stage"}
        return [{"key": "at", "label": label, "condition": {"field": "stage", "op": op, "value": value}}]

    definition["states"][2]["entry"] = check("eq", f"{key} third")
    definition["states"][0]["exit"] = check("in", [f"{key}_second", f"{key}_third"])
    return definition


async def test_a_new_pipeline_may_ask_for_its_own_stages(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    await begun(admin, "there")
    draft = await answer_of(
        admin, "POST", "/processes/drafts", {"definition": naming_its_states("own", "there second")}
    )
    assert draft["problem"] is None
    other = await deal(lina, "there")
    tried = {"records": [other["id"]], "mapping": {}}
    (shown,) = await answer_of(admin, "POST", "/processes/own/draft/simulate", tried)
    assert [one["to"] for one in shown["moves"]][:2] == ["own_first", "there_second"]
    assert (await answer_of(admin, "POST", "/processes/own/draft/forecast", {"mapping": {}}))["carried"] == []
    published = await publish(admin, "own")
    stages = [one["key"] for one in published["states"]]
    assert stages[1] == "there_second", "a stage of the same name has the same key"
    (leaf,) = (await answer_of(admin, "GET", "/processes/own"))["states"][0]["exit"]
    assert leaf["condition"]["value"] == ["there_second", "own_third"]
    made = await deal(lina, "own")
    (shown,) = await answer_of(admin, "POST", "/processes/own/draft/simulate", {**tried, "records": [made["id"]]})
    moves = {one["to"]: one for one in shown["moves"]}
    assert (moves["there_second"]["open"], moves["own_fourth"]["open"]) == (True, False)
    path = f"/records/opportunity/{made['id']}/transitions"
    dry = await answer_of(lina, "POST", path, {"to_state": "own_third", "dry_run": True})
    assert dry["status"] != "rejected"
    moved = await answer_of(lina, "POST", path, {"to_state": "own_third"})
    assert moved["stage"] == "own_third"
    refused = await admin.post(API + "/processes/own/draft/publish", json={"revision": 0, "mapping": {}})
    assert refused.status_code == 404, "nothing is left of the draft"


async def test_publishing_at_once_knows_the_stages_of_the_definition(sign_in: SignIn) -> None:
    admin = await sign_in()
    definition = naming_its_states("atonce", "atonce second")
    await answer_of(admin, "POST", "/processes", definition)
    definition["states"][0]["exit"][0]["condition"]["value"] = ["atonce_nowhere"]
    refused = await admin.post(API + "/processes", json=definition)
    assert refused.status_code in (400, 422)
    assert refused.json()["at"] == "states[0].exit[0].condition"


async def test_the_second_of_two_saves_is_told_who_was_first(sign_in: SignIn) -> None:
    admin = await sign_in()
    await begun(admin, "twice")
    definition = (await answer_of(admin, "GET", "/processes/twice/draft"))["definition"]
    body = {"definition": definition, "revision": 0}
    first = await answer_of(admin, "PUT", "/processes/twice/draft", body)
    late = await admin.put(API + "/processes/twice/draft", json=body)
    assert (late.status_code, late.json()["code"], late.json()["revision"]) == (409, "draft_outdated", 1)
    assert first["updated_by_label"] in late.json()["detail"]
    stale = await admin.post(API + "/processes/twice/draft/publish", json={"revision": 0, "mapping": {}})
    assert stale.status_code == 409
    other = await admin.put(API + "/processes/twice/draft", json={"definition": {"key": "x"}, "revision": 1})
    assert (other.status_code, other.json()["code"]) == (400, "other_key")


async def test_colleagues_read_and_comment_but_do_not_shape(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    await begun(admin, "shared")
    definition = (await answer_of(admin, "GET", "/processes/shared/draft"))["definition"]
    await answer_of(admin, "PUT", "/processes/shared/draft", {"definition": definition, "revision": 0})
    assert (await answer_of(lina, "GET", "/processes/shared/draft"))["revision"] == 1
    listed = {one["key"]: one for one in await answer_of(lina, "GET", "/processes")}
    assert listed["shared"]["draft"]
    assert listed["shared"]["records"] is None, "how many others have is not for everybody"
    body = {"place": "shared_second", "text": " 这里应该先报价 "}
    said = await answer_of(lina, "POST", "/processes/shared/comments", body)
    (comment,) = await answer_of(admin, "GET", "/processes/shared/comments")
    assert (comment["id"], comment["place"], comment["text"]) == (said["id"], "shared_second", "这里应该先报价")
    assert (comment["by_label"], comment["resolved_at"]) == ("李娜", None)
    path = f"{API}/processes/shared/comments/{said['id']}"
    assert (await lina.patch(path, json={"resolved": True})).status_code == 403
    assert (await admin.patch(path, json={"resolved": True})).status_code == 204
    assert (await answer_of(lina, "GET", "/processes/shared/comments"))[0]["resolved_at"]
    for empty in ("", "  ", "长" * 4001):
        answer = await lina.post(API + "/processes/shared/comments", json={"text": empty})
        assert answer.status_code == 400
    for method, door, content in (
        ("PUT", "/processes/shared/draft", {"definition": definition, "revision": 1}),
        ("DELETE", "/processes/shared/draft", None),
        ("POST", "/processes/shared/draft/publish", {"revision": 1, "mapping": {}}),
        ("POST", "/processes/shared/draft/forecast", {"mapping": {}}),
        ("POST", "/processes/shared/draft/simulate", {"records": [str(new_id())], "mapping": {}}),
        ("POST", "/processes/shared/versions/1/rollback", {"mapping": {}}),
        ("POST", "/processes/drafts", {"definition": pipeline("theirs")}),
        ("POST", "/processes/drafts/bare", {"object": "opportunity", "label": {"zh": "x", "en": "x"}}),
        ("DELETE", "/processes/shared", None),
    ):
        answer = await lina.request(method, API + door, json=content)
        assert (answer.status_code, answer.json()["code"]) == (403, "administrators_only"), door


async def test_a_draft_is_tried_on_records_beside_what_holds_today(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    await begun(admin, "tried")
    made = await deal(lina, "tried")
    body = {"records": [made["id"]], "mapping": {}}
    (without,) = await answer_of(admin, "POST", "/processes/tried/draft/simulate", body)
    assert all(one["open"] and one["was_open"] for one in without["moves"]), "without a draft it is what is published"
    definition = (await answer_of(admin, "GET", "/processes/tried/draft"))["definition"]
    definition["states"][1]["required"] = ["budget"]
    definition["states"][1]["actions"] = [{"key": "ask", "label": {"zh": "问预算", "en": "Ask"}, "due_days": 2}]
    await answer_of(admin, "PUT", "/processes/tried/draft", {"definition": definition, "revision": 0})
    (shown,) = await answer_of(admin, "POST", "/processes/tried/draft/simulate", body)
    move = next(one for one in shown["moves"] if one["to"] == "tried_second")
    assert (move["open"], move["was_open"]) == (False, True)
    assert [one["field"] for one in move["gate"]["unmet"]] == ["budget"]
    assert [one["label"]["en"] for one in move["tasks"]] == ["Ask"]
    tasks = {"where": {"field": "opportunity", "op": "eq", "value": made["id"]}, "count": True}
    assert (await answer_of(admin, "POST", "/records/task/query", tasks))["total"] == 0, "nothing is written"


async def test_publishing_carries_records_and_a_rollback_brings_them_back(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    await begun(admin, "carried")
    deals = [await deal(lina, "carried", stage=f"carried_{one}") for one in ("second", "third", "fourth")]
    definition = (await answer_of(admin, "GET", "/processes/carried/draft"))["definition"]
    gone = {"carried_second", "carried_third"}
    definition["states"] = [one for one in definition["states"] if one["key"] not in gone]
    saved = await answer_of(admin, "PUT", "/processes/carried/draft", {"definition": definition, "revision": 0})
    assert {(one["state"], one["count"]) for one in saved["leaving"]} == {(key, 1) for key in gone}
    half = {"carried_second": "carried_first"}
    for door in ("forecast", "publish"):
        body = {"mapping": half, **({"revision": 1} if door == "publish" else {})}
        answer = await admin.post(f"{API}/processes/carried/draft/{door}", json=body)
        assert answer.status_code == 422, "a record would be left out"
    mapping = {**half, "carried_third": "carried_fourth"}
    forecast = await answer_of(admin, "POST", "/processes/carried/draft/forecast", {"mapping": mapping})
    assert {(one["from"], one["to"], one["count"]) for one in forecast["carried"]} == {
        (source, to, 1) for source, to in mapping.items()
    }
    await publish(admin, "carried", mapping=mapping, note="精简")
    stages = [(await answer_of(lina, "GET", f"/records/opportunity/{one['id']}"))["stage"] for one in deals]
    assert stages == ["carried_first", "carried_fourth", "carried_fourth"]

    versions = await answer_of(lina, "GET", "/processes/carried/versions")
    assert [(one["version"], one["note"]) for one in versions] == [(2, "精简"), (1, None)]
    assert versions[0]["mapping"] == mapping
    first = await answer_of(lina, "GET", "/processes/carried/versions/1")
    assert len(first["states"]) == len(STAGES) + 2
    changes = await answer_of(lina, "GET", "/processes/carried/differences?from=1&to=2")
    assert {one["key"] for one in changes if one["kind"] == "removed"} == gone
    back = await answer_of(lina, "GET", "/processes/carried/differences?from=2&to=1")
    assert {one["key"] for one in back if one["kind"] == "added"} == gone
    assert await answer_of(lina, "GET", "/processes/carried/differences") == changes, "the last two, if not said"
    missing = await lina.get(API + "/processes/carried/differences?from=1&to=9")
    assert missing.status_code == 404

    path = "/processes/carried/versions/1"
    planned = await answer_of(admin, "POST", path + "/forecast", {"mapping": {}})
    assert {one["state"] for one in planned["reached"]} >= gone
    rolled = await answer_of(admin, "POST", path + "/rollback", {"mapping": {}, "note": "太粗"})
    assert rolled["version"] == 3
    stages = [(await answer_of(lina, "GET", f"/records/opportunity/{one['id']}"))["stage"] for one in deals]
    assert stages == ["carried_second", "carried_third", "carried_fourth"]


@pytest.mark.parametrize("path", ["versions/0", "versions/x", "differences?from=0&to=1", "differences?to=x"])
async def test_numbers_of_versions_are_numbers(sign_in: SignIn, path: str) -> None:
    assert (await (await sign_in()).get(f"{API}/processes/sales/{path}")).status_code in (400, 404)


async def test_evidence_says_what_it_takes(sign_in: SignIn) -> None:
    kinds = {one["key"]: one for one in await answer_of(await sign_in("lina"), "GET", "/processes/evidence")}
    assert {"file", "tasks", "activity"} <= set(kinds)
    assert kinds["file"]["parameters"]["document_type"]["kind"] == "document_type"
    assert [one["key"] for one in kinds["file"]["parameters"]["since"]["choices"]] == ["any", "entered", "left"]


async def test_a_pipeline_is_retired_only_when_nothing_follows_it(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    await begun(admin, "leaves")
    made = await deal(lina, "leaves")
    assert (await admin.delete(API + "/processes/leaves")).status_code == 422
    await answer_of(admin, "DELETE", f"/records/opportunity/{made['id']}")
    await answer_of(admin, "DELETE", "/processes/leaves")
    assert "leaves" not in {one["key"] for one in await answer_of(admin, "GET", "/processes")}


async def test_a_stage_of_a_name_that_another_pipeline_has_gets_its_key(sign_in: SignIn) -> None:
    """Whoever shapes a pipeline names stages and has never seen a key."""
    admin = await sign_in()
    known = (await answer_of(admin, "GET", "/processes/sales"))["states"][1]
    definition = pipeline("alike", ("first", "second"))
    definition["states"][1]["label"] = known["label"]
    definition["transitions"] = [
        {"from": "alike_first", "to": "alike_second"},
        {"from": None, "to": "won"},
        {"from": None, "to": "lost"},
    ]
    draft = await answer_of(admin, "POST", "/processes/drafts", {"definition": definition})
    assert draft["problem"] is None
    published = await publish(admin, "alike")
    assert [one["key"] for one in published["states"]][:2] == ["alike_first", known["key"]]
    assert (published["transitions"][0]["from"], published["transitions"][0]["to"]) == ("alike_first", known["key"])
    made = await deal(admin, "alike")
    moved = await answer_of(admin, "POST", f"/records/opportunity/{made['id']}/transitions", {"to_state": known["key"]})
    assert moved["stage"] == known["key"]
