from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient

from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"


async def _account(client: AsyncClient, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = await answer_of(client, "POST", "/records/account", {"name": f"客户{new_id()}", **values})
    return made


async def test_create_read_change_delete_restore(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    answer = await client.post(API + "/records/account", json={"name": "华云科技", "industry": "制造业"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["version"], made["industry"], answer.headers["etag"]) == (1, "manufacturing", '"1"')
    path = f"{API}/records/account/{made['id']}"
    read = await client.get(path)
    assert read.json() == made
    assert read.headers["etag"] == '"1"'
    changed = await client.patch(path, json={"name": "华云科技股份"}, headers={"if-match": '"1"'})
    assert (changed.json()["version"], changed.headers["etag"]) == (2, '"2"')
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404
    binned = await answer_of(client, "POST", "/records/account/query", {"deleted": True, "select": ["name"]})
    assert [one["name"] for one in binned["records"]] == ["华云科技股份"]
    assert (await client.get(path, params={"deleted": True})).json()["name"] == "华云科技股份"
    assert (await client.post(path + "/restore")).status_code == 200
    assert (await client.get(path)).status_code == 200


async def test_a_conflict_tells_what_the_other_one_changed(sign_in: SignIn) -> None:
    mine, theirs = await sign_in("lina"), await sign_in("admin")
    made = await _account(mine)
    path = f"{API}/records/account/{made['id']}"
    await theirs.patch(path, json={"phone": "021-55556666"})
    answer = await mine.patch(path, json={"name": "新名"}, headers={"if-match": '"1"'})
    problem = answer.json()
    assert (answer.status_code, problem["changed_fields"], problem["current"]["version"]) == (409, ["phone"], 2)
    assert problem["changed_by"]
    assert problem["changed_at"]
    assert (await mine.patch(path, json={"name": "新名", "version": 1})).status_code == 409
    assert (await mine.patch(path, json={"name": "新名", "version": 2})).status_code == 200
    assert (await mine.delete(path, headers={"if-match": '"1"'})).status_code == 409


async def test_refusals_name_every_field(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    answer = await client.post(API + "/records/account", json={"industry": "no such", "phone": "abc"})
    assert answer.status_code in (400, 422)
    assert {"name", "industry"} <= {one["field"] for one in answer.json()["errors"]}
    answer = await client.post(API + "/records/account", json={"name": "x", "colour": "red"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "colour")


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b"{", b'{"name": "\\u0000"}', b'{"amount": NaN}', b"\xff\xfe"])
async def test_bodies_that_are_none(sign_in: SignIn, body: bytes) -> None:
    client = await sign_in("lina")
    answer = await client.post(API + "/records/account", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_a_body_that_is_too_large(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    answer = await client.post(API + "/records/account", json={"name": "x" * (17 * 1024 * 1024)})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_that_grows_too_large(sign_in: SignIn) -> None:
    """Without a length told beforehand, the limit holds all the same."""
    client = await sign_in("lina")

    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"name": "'
        for _ in range(17):
            yield b"x" * 1024 * 1024
        yield b'"}'

    headers = {"content-type": "application/json"}
    answer = await client.post(API + "/records/account", content=chunks(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_queries_filter_sort_and_page(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    source = f"来源{new_id()}"
    for number in range(7):
        await _account(client, name=f"{source}-{number}", employees=number)
    where = {"field": "name", "op": "starts_with", "value": source}
    request: dict[str, Any] = {
        "where": where,
        "select": ["name", "employees"],
        "sort": [{"field": "employees", "dir": "desc"}],
        "limit": 3,
        "count": True,
    }
    names: list[str] = []
    while True:
        page = await answer_of(client, "POST", "/records/account/query", request)
        assert page["total"] == 7
        names += [one["name"][-1] for one in page["records"]]
        if page["next_cursor"] is None:
            break
        request["cursor"] = page["next_cursor"]
    assert names == list("6543210")
    figures = await answer_of(
        client,
        "POST",
        "/records/account/aggregate",
        {"where": where, "measures": [{"fn": "count"}, {"op": "sum", "field": "employees"}]},
    )
    assert figures["rows"] == [[7, 21]]
    for wrong in ({"where": {"field": "nothing", "op": "eq"}}, {"colour": 1}, {"limit": 0}, {"sort": [{"field": "x"}]}):
        answer = await client.post(API + "/records/account/query", json=wrong)
        assert answer.status_code == 400, wrong


async def test_batches(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    one, two, three = [await _account(client) for _ in range(3)]
    await answer_of(client, "DELETE", f"/records/account/{three['id']}")
    body = {
        "create": [{"name": "批量新建"}],
        "update": [{"id": one["id"], "version": 1, "name": "批量修改"}, {"id": two["id"], "name": two["name"]}],
        "delete": [two["id"]],
        "restore": [three["id"]],
    }
    results = (await answer_of(client, "POST", "/records/account/batch", body))["results"]
    assert [result["status"] for result in results] == ["created", "updated", "unchanged", "deleted", "restored"]
    bad = {"create": [{"name": "好"}, {"industry": "x"}], "all_or_nothing": False}
    results = (await answer_of(client, "POST", "/records/account/batch", bad))["results"]
    assert [result["status"] for result in results] == ["created", "rejected"]
    assert results[1]["errors"]
    answer = await client.post(API + "/records/account/batch", json={**bad, "all_or_nothing": True})
    assert answer.status_code in (400, 422)
    assert answer.json()["errors"][0]["evidence"]["position"] == 1
    for wrong in ({"update": [{"id": "x"}]}, {"delete": [{"id": one["id"], "version": "1"}]}, {"colour": []}):
        assert (await client.post(API + "/records/account/batch", json=wrong)).status_code == 400
    many = {"create": [{"name": "x"}] * 10_001}
    assert (await client.post(API + "/records/account/batch", json=many)).json()["code"] == "too_many_changes"


async def test_a_repeated_request_takes_place_once(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    name = f"重复{new_id()}"
    headers = {"idempotency-key": str(new_id())}
    first = await client.post(API + "/records/account", json={"name": name}, headers=headers)
    second = await client.post(API + "/records/account", json={"name": name}, headers=headers)
    assert (second.status_code, second.json(), second.headers["etag"]) == (201, first.json(), '"1"')
    assert second.headers["idempotent-replay"] == "true"
    where = {"where": {"field": "name", "op": "eq", "value": name}, "count": True}
    assert (await answer_of(client, "POST", "/records/account/query", where))["total"] == 1
    other = await client.post(API + "/records/account", json={"name": "别的"}, headers=headers)
    assert other.status_code == 409
    long = {"idempotency-key": "x" * 300}
    assert (await client.post(API + "/records/account", json={"name": name}, headers=long)).status_code == 400


async def test_merging(sign_in: SignIn) -> None:
    client = await sign_in("admin")
    stays, goes = await _account(client), await _account(client)
    contact = await answer_of(client, "POST", "/records/contact", {"name": "王工", "account": goes["id"]})
    body = {"into": stays["id"], "from": [goes["id"]], "fields": {"name": "合并后"}}
    merged = await answer_of(client, "POST", "/records/account/merge", body)
    assert (merged["id"], merged["name"]) == (stays["id"], "合并后")
    moved = await answer_of(client, "GET", f"/records/contact/{contact['id']}")
    assert moved["account"] == {"id": stays["id"], "label": "合并后"}
    assert (await client.get(f"{API}/records/account/{goes['id']}")).status_code == 404


async def test_history_and_undo(sign_in: SignIn) -> None:
    client = await sign_in("zhang")
    made = await _account(client)
    path = f"/records/account/{made['id']}"
    await answer_of(client, "PATCH", path, {"name": "改名"}, headers={"x-door": "inline"})
    history = (await answer_of(client, "GET", path + "/history"))["events"]
    assert [(one["kind"], one["door"]) for one in history] == [("updated", "inline"), ("created", "form")]
    change = history[0]["changes"][0]
    assert (change["field"], change["old"], change["new"]) == ("name", made["name"], "改名")
    page = await answer_of(client, "GET", path + "/history?limit=1")
    rest = await answer_of(client, "GET", path + f"/history?cursor={page['next_cursor']}")
    assert len(page["events"]) == len(rest["events"]) == 1
    assert (await client.get(API + path + "/history?cursor=x")).status_code == 400
    offer = await answer_of(client, "GET", "/undo")
    assert "改名" in offer["label"]
    assert (await answer_of(client, "POST", "/undo"))["undone"] == 1
    assert (await answer_of(client, "GET", path))["name"] == made["name"]
    assert (await client.post(API + "/undo", json={"action": offer["action"]})).status_code == 409
    other = await sign_in("sun")
    foreign = await answer_of(client, "PATCH", path, {"name": "再改"})
    assert foreign["version"] == 4
    action = (await answer_of(client, "GET", "/undo"))["action"]
    assert (await other.post(API + "/undo", json={"action": action})).status_code == 404


async def test_search_finds_by_words_and_pinyin(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    made = await _account(client, name="蓝鲸物流集团")
    for q in ("蓝鲸", "物流", "ljwl", "lanjing"):
        groups = (await answer_of(client, "GET", "/search", params={"q": q}))["groups"]
        assert made["id"] in [one["id"] for group in groups for one in group["records"]], q
    only = await answer_of(client, "GET", "/search", params={"q": "蓝鲸", "object": ["contact"]})
    assert only["groups"] == []
    for params in ({"q": ""}, {}, {"q": "x", "limit": 0}, {"q": "x", "object": "nothing"}, {"q": "x" * 300}):
        assert (await client.get(API + "/search", params=params)).status_code == 400
