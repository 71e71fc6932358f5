from __future__ import annotations

from typing import Any

from httpx import AsyncClient

from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"


async def _deal(client: AsyncClient, **values: Any) -> dict[str, Any]:
    account = await answer_of(client, "POST", "/records/account", {"name": f"客户{new_id()}"})
    body = {"name": "单", "account": account["id"], "amount": 1000, **values}
    made: dict[str, Any] = await answer_of(client, "POST", "/records/opportunity", body)
    return made


async def test_the_board_counts_what_the_actor_sees(sign_in: SignIn) -> None:
    lina, sun = await sign_in("lina"), await sign_in("sun")
    for _ in range(3):
        await _deal(lina)
    await _deal(sun, amount=50)
    for client, count, total in ((lina, 3, 3000), (sun, 1, 50)):
        board = await answer_of(client, "POST", "/processes/sales/board", {"per_state": 2})
        first = board["states"][0]
        assert (first["count"], first["sums"]) == (count, {"amount": {"CNY": total}})
        assert len(first["records"]) == min(2, count)
        assert (first["next_cursor"] is not None) == (count > 2)
    assert (await lina.post(API + "/processes/nothing/board", json={})).status_code == 404
    assert (await lina.post(API + "/processes/sales/board", json={"colour": 1})).status_code == 400


async def test_moves_show_their_gate_and_the_gate_holds(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    deal = await _deal(client)
    path = f"/records/opportunity/{deal['id']}"
    offered = {one["to"]: one for one in await answer_of(client, "GET", path + "/transitions")}
    won = offered["won"]
    assert won["open"] is False
    assert won["gate"]["unmet"][0]["message"]
    refused = await client.post(API + path + "/transitions", json={"to_state": "won"})
    assert refused.status_code == 422
    assert "win_reason" in [one["field"] for one in refused.json()["errors"]]
    described = await answer_of(client, "GET", "/objects/opportunity")
    reason = next(one for one in described["fields"] if one["key"] == "win_reason")
    value = reason["choices"][0]["key"] if reason["choices"] else "价格"
    body = {"to_state": "赢单", "fields": {"win_reason": value}, "comment": "签了", "version": 1}
    early = await client.post(API + path + "/transitions", json=body)
    assert [one["evidence"]["key"] for one in early.json()["errors"]] == ["meeting_agreed"]
    body["fields"]["next_follow_up_at"] = "2030-05-06T01:00:00Z"
    moved = await answer_of(client, "POST", path + "/transitions", body)
    assert (moved["stage"], moved["status"], moved["probability"]) == ("won", "won", 100)
    visits = await answer_of(client, "GET", path + "/visits")
    assert [one["state"] for one in visits][-1] == "won"
    assert visits[-1]["left_at"] is None
    history = (await answer_of(client, "GET", path + "/history"))["events"]
    assert history[0]["note"] == "签了"
    for wrong in ({}, {"to_state": "won", "transition": "x"}, {"to_state": "no such"}, {"transition": "no such"}):
        answer = await client.post(API + path + "/transitions", json=wrong)
        assert answer.status_code in (400, 422), wrong
    late = await client.post(API + path + "/transitions", json={"to_state": "lost", "version": 1})
    assert late.status_code == 409


async def test_an_administrator_publishes_a_process(sign_in: SignIn) -> None:
    admin = await sign_in()
    renewal = {
        "key": "renewal",
        "object": "opportunity",
        "field": "stage",
        "process_field": "pipeline",
        "sum_field": "amount",
        "label": {"zh": "续约", "en": "Renewal"},
        "states": [
            {"key": "due", "label": {"zh": "待续约", "en": "Due"}, "kind": "open"},
            {"key": "renewed", "label": {"zh": "已续约", "en": "Renewed"}, "kind": "won"},
        ],
    }
    made = await answer_of(admin, "POST", "/processes", renewal)
    assert [one["key"] for one in made["states"]] == ["due", "renewed"]
    assert [one["key"] for one in (await answer_of(admin, "GET", "/objects/opportunity"))["processes"]] == [
        "sales",
        "renewal",
    ]
    board = await answer_of(admin, "POST", "/processes/renewal/board", {})
    assert [one["key"] for one in board["states"]] == ["due", "renewed"]
    wrong = {**renewal, "key": "worse", "states": []}
    answer = await admin.post(API + "/processes", json=wrong)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
