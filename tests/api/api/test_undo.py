"""Every write of records tells the action that undoes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.ids import new_id
from liaoran.records import undo_job

from ..conftest import SignIn, answer_of

API = "/api/v1"


async def _send(client: AsyncClient, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, str]:
    answer = await client.request(method, API + path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None, answer.headers["x-action"]


async def _undo(client: AsyncClient, action: str) -> str:
    undone, action_of_undo = await _send(client, "POST", "/undo", {"action": action})
    assert undone == {"action": action_of_undo, "undone": 1}
    return action_of_undo


async def test_each_write_can_be_undone_by_what_its_answer_carries(sign_in: SignIn) -> None:
    client = await sign_in()
    made, _ = await _send(client, "POST", "/records/account", {"name": f"客户{new_id()}"})
    path = f"/records/account/{made['id']}"
    _, changed = await _send(client, "PATCH", path, {"name": "改名"})
    await _undo(client, changed)
    assert (await answer_of(client, "GET", path))["name"] == made["name"]
    _, deleted = await _send(client, "DELETE", path)
    await _undo(client, deleted)
    await _send(client, "DELETE", path)
    _, restored = await _send(client, "POST", path + "/restore")
    await _undo(client, restored)
    assert (await client.get(API + path)).status_code == 404


async def test_batches_moves_and_merges_too(sign_in: SignIn) -> None:
    client = await sign_in()
    batch = {"create": [{"name": f"客户{new_id()}"}, {"name": f"客户{new_id()}"}]}
    answer, action = await _send(client, "POST", "/records/account/batch", batch)
    stays, goes = (one["id"] for one in answer["results"])
    history = await answer_of(client, "GET", f"/records/account/{stays}/history")
    assert history["events"][0]["action"] == action
    _, merged = await _send(client, "POST", "/records/account/merge", {"into": stays, "from": [goes]})
    await _undo(client, merged)
    assert (await client.get(f"{API}/records/account/{goes}")).status_code == 200
    values = {"name": "商机", "account": stays, "next_follow_up_at": "2199-01-01T01:00:00Z"}
    deal, _ = await _send(client, "POST", "/records/opportunity", values)
    path = f"/records/opportunity/{deal['id']}"
    offers = await answer_of(client, "GET", path + "/transitions")
    to = next(one["to"] for one in offers if one["open"])
    _, moved = await _send(client, "POST", path + "/transitions", {"to_state": to})
    await _undo(client, moved)
    assert (await answer_of(client, "GET", path))["stage"] == deal["stage"]


async def test_nothing_changed_is_no_action(sign_in: SignIn) -> None:
    client = await sign_in("lina")
    made, _ = await _send(client, "POST", "/records/account", {"name": f"客户{new_id()}"})
    same = await client.patch(f"{API}/records/account/{made['id']}", json={"name": made["name"]})
    assert same.status_code == 200
    assert "x-action" not in same.headers
    assert "x-action" not in (await client.get(f"{API}/records/account/{made['id']}")).headers


async def test_a_large_action_goes_back_in_the_background(
    sign_in: SignIn,
    people: Mapping[str, UUID],
    sales_database: Database,
    sales_organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(undo_job, "LARGE", 2)
    client, other = await sign_in("zhang"), await sign_in("sun")
    made = [await answer_of(client, "POST", "/records/account", {"name": f"客户{new_id()}"}) for _ in range(3)]
    _, action = await _send(
        client, "POST", "/records/account/batch", {"update": [{"id": one["id"], "name": "改名"} for one in made]}
    )
    state = await answer_of(client, "GET", f"/undo/{action}")
    assert (state["records"], state["state"]) == (3, "stands")
    assert (await other.get(f"{API}/undo/{action}")).status_code == 404
    assert (await other.post(API + "/undo", json={"action": action})).status_code == 404
    answer = await client.post(API + "/undo", json={"action": action})
    assert (answer.status_code, answer.json()) == (202, {"action": action, "records": 3})
    assert (await answer_of(client, "GET", f"/undo/{action}"))["state"] == "undoing"
    await undo_job.run_undo(sales_database, sales_organisation.schema, action, str(people["zhang"]))
    assert (await answer_of(client, "GET", f"/undo/{action}"))["state"] == "undone"
    names = [(await answer_of(client, "GET", f"/records/account/{one['id']}"))["name"] for one in made]
    assert names == [one["name"] for one in made]
    assert (await client.post(API + "/undo", json={"action": action})).status_code == 409


def test_the_document_names_the_header(app: FastAPI) -> None:
    paths = app.openapi()["paths"]
    for method, path, status in (
        ("post", "/records/{object}", "201"),
        ("patch", "/records/{object}/{id}", "200"),
        ("delete", "/records/{object}/{id}", "204"),
        ("post", "/records/{object}/{id}/restore", "200"),
        ("post", "/records/{object}/{id}/transitions", "200"),
        ("post", "/records/{object}/batch", "200"),
        ("post", "/records/{object}/merge", "200"),
        ("post", "/undo", "200"),
    ):
        assert "X-Action" in paths[API + path][method]["responses"][status]["headers"], path
