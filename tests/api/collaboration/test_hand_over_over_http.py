"""Handing over through the API: for administrators, in the background, watched and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from httpx import AsyncClient

from liaoran.infra.database import Database
from liaoran.infra.worker import Worker
from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of

API = "/api/v1"


async def _person(client: AsyncClient, name: str) -> str:
    made: str = (await answer_of(client, "POST", "/records/person", {"name": name}))["id"]
    return made


async def test_a_hand_over_from_preview_to_undo(sign_in: SignIn, sales_database: Database) -> None:
    admin = await sign_in()
    leaver, successor = await _person(admin, "要走的"), await _person(admin, "接手的")
    account = (await answer_of(admin, "POST", "/records/account", {"name": "要交的", "owner": leaver}))["id"]
    held = await answer_of(admin, "GET", f"/people/{leaver}/holdings")
    assert [(one["key"], one["total"], one["open"]) for one in held["parts"]] == [("account.owner", 1, None)]
    assert (held["beside"], held["processes"]) == ([], [])
    plan = {"person": leaver, "successors": [successor], "reason": "离职", "leaves": True}
    begun = await answer_of(admin, "POST", "/hand-overs", plan)
    assert (begun["state"], begun["total"], begun["done"]) == ("waiting", 1, 0)
    # at once, before the job has run
    assert (await answer_of(admin, "GET", f"/records/person/{leaver}"))["status"] == "left"
    again = await admin.post(API + "/hand-overs", json=plan)
    assert (again.status_code, again.json()["code"]) == (409, "hand_over_under_way")
    await Worker(sales_database).run_until_idle()
    path = f"/hand-overs/{begun['id']}"
    done = await answer_of(admin, "GET", path)
    assert (done["state"], done["done"], done["kept_count"], done["problem"]) == ("done", 1, 0, None)
    assert done["given"] == [{"id": successor, "label": "接手的", "part": "account.owner", "count": 1}]
    assert (await answer_of(admin, "GET", f"/records/account/{account}"))["owner"]["id"] == successor
    history = await answer_of(admin, "GET", f"/records/account/{account}/history")
    assert (history["events"][0]["door"], history["events"][0]["note"]) == ("hand_over", "离职")
    # it is not what "undo" offers, and nobody undoes a part of it
    action = history["events"][0]["action"]
    refused = await admin.post(API + "/undo", json={"action": action})
    assert (refused.status_code, refused.json()["code"]) == (422, "part_of_a_hand_over")
    assert ((await answer_of(admin, "GET", "/undo")) or {}).get("action") != action
    assert (await answer_of(admin, "POST", path + "/undo"))["state"] == "undoing"
    await Worker(sales_database).run_until_idle()
    undone = await answer_of(admin, "GET", path)
    assert (undone["state"], undone["taken_back"], undone["kept_count"]) == ("undone", 2, 0)
    assert (await answer_of(admin, "GET", f"/records/account/{account}"))["owner"]["id"] == leaver
    assert (await answer_of(admin, "GET", f"/records/person/{leaver}"))["status"] == "active"
    twice = await admin.post(API + path + "/undo")
    assert (twice.status_code, twice.json()["code"]) == (409, "not_undoable")
    assert path.rsplit("/", 1)[-1] in [one["id"] for one in await answer_of(admin, "GET", "/hand-overs")]
    log = await answer_of(admin, "GET", "/audit?limit=20")
    kinds = [one["kind"] for one in log["entries"]]
    assert "hand_over.undone" in kinds and "hand_over.done" in kinds


async def test_for_administrators_alone(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    chen = await sign_in("chen")
    plan: dict[str, Any] = {"person": str(people["lina"]), "successors": [str(people["chen"])], "reason": "试试"}
    for method, path, body in (
        ("GET", f"/people/{people['lina']}/holdings", None),
        ("GET", "/hand-overs", None),
        ("GET", f"/hand-overs/{new_id()}", None),
        ("POST", f"/hand-overs/{new_id()}/undo", {}),
        ("POST", "/hand-overs", plan),
    ):
        answer = await chen.request(method, API + path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "administrators_only"), path


async def test_a_plan_without_reason_or_successors_is_no_plan(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin = await sign_in()
    good = {"person": str(people["lina"]), "successors": [str(people["chen"])], "reason": "离职"}
    for bad in ({"reason": "  "}, {"successors": []}, {"split": "by_taste"}, {"parts": {"account.owner": "some"}}):
        answer = await admin.post(API + "/hand-overs", json={**good, **bad})
        assert answer.status_code in (400, 422), (bad, answer.text)
    own = await admin.post(API + "/hand-overs", json={**good, "successors": [good["person"]]})
    assert (own.status_code, own.json()["code"]) == (422, "own_successor")
