"""Where a record stands in its Process, over the HTTP interface."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient

from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"


async def _deal(client: AsyncClient, **values: Any) -> dict[str, Any]:
    account = await answer_of(client, "POST", "/records/account", {"name": f"客户{new_id()}"})
    body = {"name": "单", "account": account["id"], **values}
    made: dict[str, Any] = await answer_of(client, "POST", "/records/opportunity", body)
    return {**made, "account_name": account["name"]}


async def _stage(client: AsyncClient, deal: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await answer_of(client, "GET", f"/records/opportunity/{deal['id']}/stage")
    return found


async def test_one_line_says_where_it_is_what_is_met_and_what_is_next(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    deal = await _deal(client)
    standing = await _stage(client, deal)
    assert standing["process"]["key"] == "sales"
    assert standing["state"]["key"] == "initial_contact"
    gate = standing["gate"]
    assert (gate["to"], gate["met"], gate["of"]) == ("needs", 1, 2)
    assert [(one["key"], one["met"]) for one in gate["checks"]] == [("account_filed", True), ("meeting_agreed", False)]
    assert gate["checks"][1]["mend"][0] == {"kind": "field", "field": "next_follow_up_at"}
    first = standing["tasks"][0]
    assert (first["subject"], first["must"], first["status"]) == ("建立客户与联系人档案", True, "open")
    assert (first["wanted"]["kind"], first["wanted"]["label"]["zh"]) == ("field", "客户")
    assert standing["next"] == {
        "kind": "task",
        "what": {"zh": first["subject"], "en": "File the account and its contact"},
        "person": "李娜",
        "due": first["due"],
        "task": first["id"],
    }
    assert standing["answer"]["zh"].startswith(
        "阶段“初步接触”，条件已满足 1/2，下一步：建立客户与联系人档案，由 李娜 于 "
    )
    assert standing["answer"]["en"].startswith(
        "Stage “First contact”, 1 of 2 conditions met, next: File the account and its contact"
    )
    assert standing["dwell"]["due"] == "ok"
    assert standing["dwell"]["target_days"] == 5


async def test_tasks_are_written_for_who_does_them_and_shown_to_each_reader_in_theirs(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    await answer_of(lina, "PATCH", "/me", {"language": "en"})
    try:
        deal = await _deal(lina)
        where = {"all": [{"field": "opportunity", "op": "eq", "value": deal["id"]}]}
        query = {"where": where, "select": ["subject", "output"]}
        stored = (await answer_of(lina, "POST", "/records/task/query", query))["records"]
        assert {one["subject"] for one in stored} == {
            "File the account and its contact",
            "Find out the contact's part in the decision",
            "Agree the need meeting",
        }
        assert "Account" in {one["output"] for one in stored}
        hers, his = [(await _stage(one, deal))["tasks"] for one in (lina, admin)]
        assert hers[0]["subject"] == "File the account and its contact"
        assert [one["subject"] for one in his] == ["建立客户与联系人档案", "确认联系人在决策中的角色", "约定需求会"]
        assert his[0]["output"] == "客户"
        await answer_of(lina, "PATCH", f"/records/task/{hers[0]['id']}", {"subject": "File it today"})
        for one in (lina, admin):
            assert (await _stage(one, deal))["tasks"][0]["subject"] == "File it today", "words of one's own stay"
    finally:
        await answer_of(lina, "PATCH", "/me", {"language": None})


async def test_what_is_planned_comes_next_when_the_tasks_are_done(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    plan = {"next_action": "给王总打电话", "next_follow_up_at": "2031-05-05T16:30:00Z"}
    deal = await _deal(client, **plan)
    for task in (await _stage(client, deal))["tasks"]:
        await answer_of(client, "PATCH", f"/records/task/{task['id']}", {"status": "done", "result": "好了"})
    standing = await _stage(client, deal)
    assert {one["status"] for one in standing["tasks"]} == {"done"}
    assert {one["result"] for one in standing["tasks"]} == {"好了"}
    assert (standing["next"]["kind"], standing["next"]["what"]["zh"]) == ("plan", "给王总打电话")
    assert standing["next"]["due"] == "2031-05-06"
    assert "2031年5月6日" in standing["answer"]["zh"]
    assert (standing["gate"]["met"], standing["gate"]["open"]) == (2, True)


async def test_followed_up_is_computed(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    deal = await _deal(client)
    assert (await _stage(client, deal))["follow_up"] | {"days": 0} == {
        "done": False, "last_at": None, "days": 0, "interval_days": 3, "due": "ok",
    }  # fmt: skip
    task = (await _stage(client, deal))["tasks"][0]
    await answer_of(client, "PATCH", f"/records/task/{task['id']}", {"status": "done"})
    after = (await _stage(client, deal))["follow_up"]
    assert after["done"] is True
    assert after["last_at"] is not None


async def test_the_script_is_filled_in_as_the_actor_may_see_it(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    deal = await _deal(client)
    script = (await _stage(client, deal))["guidance"]["script"]
    assert script["zh"].startswith(f"您好，我是李娜。想先了解{deal['account_name']}这次")
    assert "{" not in script["en"]
    bare = await answer_of(client, "POST", "/records/opportunity", {"name": "没有客户"})
    assert "［客户 › 客户名称］" in (await _stage(client, bare))["guidance"]["script"]["zh"]


async def test_outputs_goal_team_and_earlier_stays(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    deal = await _deal(client, next_follow_up_at="2031-05-05T01:00:00Z")
    path = f"/records/opportunity/{deal['id']}"
    task = (await _stage(client, deal))["tasks"][0]
    await answer_of(client, "PATCH", f"/records/task/{task['id']}", {"status": "done", "result": "档案已建"})
    await answer_of(client, "POST", path + "/transitions", {"to_state": "needs"})
    standing = await _stage(client, deal)
    assert [(one["kind"], one["present"]) for one in standing["outputs"]] == [("field", False), ("document", False)]
    earlier, present = standing["stays"]
    assert (earlier["state"], present["state"]) == ("initial_contact", "needs")
    assert [one["result"] for one in earlier["tasks"] if one["status"] == "done"] == ["档案已建"]
    assert sorted(one["status"] for one in earlier["tasks"]) == ["cancelled", "cancelled", "done"]
    assert len(present["tasks"]) == 3
    assert all(one["here"] for one in standing["tasks"])
    await answer_of(client, "PATCH", path, {"need_summary": "报表慢"})
    assert (await _stage(client, deal))["outputs"][0]["present"] is True
    values = {"budget": 5, "decision_maker": "王总", "timeline": "年底", "need_confirmed": True}
    await answer_of(client, "POST", path + "/transitions", {"to_state": "proposal", "fields": values})
    standing = await _stage(client, deal)
    assert [one["text"]["zh"] for one in standing["team"]] == ["售前"]
    assert standing["goal"] is None


async def test_a_closed_deal_has_no_next_step(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    deal = await _deal(client)
    body = {"to_state": "lost", "fields": {"loss_reason": "price"}, "comment": "太贵"}
    offered = {
        one["to"]: one for one in await answer_of(client, "GET", f"/records/opportunity/{deal['id']}/transitions")
    }
    described = await answer_of(client, "GET", "/objects/opportunity")
    for key in offered["lost"]["required"]:
        field = next(one for one in described["fields"] if one["key"] == key)
        body["fields"][key] = field["choices"][0]["key"] if field["choices"] else "太贵"  # type: ignore[index]
    await answer_of(client, "POST", f"/records/opportunity/{deal['id']}/transitions", body)
    standing = await _stage(client, deal)
    assert (standing["gate"], standing["next"]) == (None, None)
    assert standing["answer"]["zh"].endswith("，流程已结束")


async def test_who_may_not_see_the_record_learns_nothing(sign_in: SignIn) -> None:
    deal = await _deal(await sign_in("lina"))
    sun = await sign_in("sun")
    for what in ("stage", "origin"):
        assert (await sun.get(API + f"/records/opportunity/{deal['id']}/{what}")).status_code == 404
    moved = await sun.post(API + f"/records/opportunity/{deal['id']}/transitions", json={"to_state": "needs"})
    assert (moved.status_code, "owner" in moved.text) == (404, False)
    account = await answer_of(sun, "POST", "/records/account", {"name": "没有流程"})
    assert (await sun.get(API + f"/records/account/{account['id']}/stage")).json()["code"] == "no_process"


async def test_a_manager_sees_what_was_done_in_earlier_stages(sign_in: SignIn) -> None:
    lina, chen = await sign_in("lina"), await sign_in("chen")
    deal = await _deal(lina, next_follow_up_at="2031-05-05T01:00:00Z")
    task = (await _stage(lina, deal))["tasks"][0]
    await answer_of(lina, "PATCH", f"/records/task/{task['id']}", {"status": "done", "result": "档案已建"})
    await answer_of(lina, "POST", f"/records/opportunity/{deal['id']}/transitions", {"to_state": "needs"})
    [earlier, present] = (await _stage(chen, deal))["stays"]
    assert [one["result"] for one in earlier["tasks"] if one["status"] == "done"] == ["档案已建"]
    assert {one["person"]["label"] for one in present["tasks"]} == {"李娜"}


async def test_cards_say_how_long_and_what_is_owed(sign_in: SignIn) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    deals = [await _deal(lina), await _deal(lina)]
    task = (await _stage(lina, deals[0]))["tasks"][0]
    await answer_of(lina, "PATCH", f"/records/task/{task['id']}", {"status": "done"})
    ids = {"ids": [one["id"] for one in deals]}
    found = await answer_of(lina, "POST", "/records/opportunity/standing", ids)
    assert [found[one["id"]]["musts"] for one in deals] == [2, 3]
    assert {one["due"] for one in found.values()} == {"ok"}
    assert all(0 <= one["days"] < 1 for one in found.values())
    assert await answer_of(sun, "POST", "/records/opportunity/standing", ids) == {}
    assert (await lina.post(API + "/records/opportunity/standing", json={"ids": ["x"]})).status_code == 400


async def test_a_task_says_where_it_came_from(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    deal = await _deal(client)
    task = (await _stage(client, deal))["tasks"][0]
    origin = await answer_of(client, "GET", f"/records/task/{task['id']}/origin")
    assert origin["label"]["zh"] == "来自阶段“初步接触”的动作“建立客户与联系人档案”"
    assert (origin["process"], origin["state"], origin["action"]) == ("sales", "initial_contact", "file_account")
    own = await answer_of(client, "POST", "/records/task", {"subject": "自己建的"})
    assert (await answer_of(client, "GET", f"/records/task/{own['id']}/origin"))["label"] is None


async def test_whoever_hands_a_record_over_is_told_so(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    people = await answer_of(admin, "POST", "/records/person/query", {"select": ["name"], "limit": 100})
    sun = next(one["id"] for one in people["records"] if one["name"] == "孙丽")
    process = {
        "key": "relay",
        "object": "opportunity",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": "接力", "en": "Relay"},
        "states": [
            {"key": "mine", "label": {"zh": "我的", "en": "Mine"}, "kind": "open"},
            {
                "key": "theirs",
                "label": {"zh": "别人的", "en": "Theirs"},
                "kind": "open",
                "hand_over": {"who": "person", "person": sun},
            },
            {"key": "relay_won", "label": {"zh": "成", "en": "Done"}, "kind": "won"},
        ],
    }
    await answer_of(admin, "POST", "/processes", process)
    deal = await _deal(lina, pipeline="relay", stage="mine")
    path = f"/records/opportunity/{deal['id']}"
    moved = await answer_of(lina, "POST", path + "/transitions", {"to_state": "theirs"})
    assert (moved["id"], moved["visible"], moved["owner"]) == (deal["id"], False, {"id": sun, "label": "孙丽"})
    assert set(moved) == {"id", "version", "visible", "owner"}
    assert (await lina.get(API + path)).status_code == 404
    assert (await answer_of(await sign_in("sun"), "GET", path))["stage"] == "theirs"
