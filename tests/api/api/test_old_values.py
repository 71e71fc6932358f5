"""One click in the history gives a Field back what it held, through the same gates as any other change."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient

from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of


async def changed_account(client: AsyncClient) -> tuple[str, dict[str, Any]]:
    """An account that was renamed, and the Event of that."""
    made = (await answer_of(client, "POST", "/records/account", {"name": "旧名字", "notes": "甲"}))["id"]
    await answer_of(client, "PATCH", f"/records/account/{made}", {"name": "新名字", "notes": None})
    event = (await answer_of(client, "GET", f"/records/account/{made}/history"))["events"][0]
    return made, event


async def test_an_old_value_comes_back_through_the_write_path(sign_in: SignIn) -> None:
    lina = await sign_in("lina")
    made, event = await changed_account(lina)
    path = f"/records/account/{made}/history/{event['id']}/restore"
    record = await answer_of(lina, "POST", path, {"field": "name"})
    assert (record["name"], record["version"]) == ("旧名字", 3)
    assert (await answer_of(lina, "POST", path, {"field": "notes"}))["notes"] == "甲"
    assert (await answer_of(lina, "POST", path, {"field": "name", "side": "new"}))["name"] == "新名字"
    latest = (await answer_of(lina, "GET", f"/records/account/{made}/history"))["events"][0]
    assert [(one["field"], one["old"], one["new"]) for one in latest["changes"]] == [("name", "旧名字", "新名字")]


async def test_what_may_not_be_written_does_not_come_back(sign_in: SignIn) -> None:
    admin, lina, zhang = [await sign_in(login) for login in ("admin", "lina", "zhang")]
    made, event = await changed_account(lina)
    path = f"/api/v1/records/account/{made}/history"
    assert (await zhang.post(f"{path}/{event['id']}/restore", json={"field": "name"})).status_code == 403
    assert (await lina.post(f"{path}/{new_id()}/restore", json={"field": "name"})).status_code == 404
    assert (await lina.post(f"{path}/{event['id']}/restore", json={"field": "industry"})).status_code == 404
    assert (await lina.post(f"{path}/{event['id']}/restore", json={"field": "no_such"})).status_code == 400
    deal = (await answer_of(lina, "POST", "/records/opportunity", {"name": "单子", "account": made}))["id"]
    hers = (await answer_of(lina, "GET", f"/records/opportunity/{deal}/history"))["events"][0]
    foreign = f"/api/v1/records/opportunity/{deal}/history/{hers['id']}/restore"
    assert (await zhang.post(foreign, json={"field": "name"})).status_code == 404
    answer = await lina.post(foreign, json={"field": "name"})
    assert answer.status_code == 422, answer.text
    created = (await answer_of(admin, "GET", f"/records/account/{made}/history"))["events"][-1]
    empty = await lina.post(f"{path}/{created['id']}/restore", json={"field": "name"})
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "name")
