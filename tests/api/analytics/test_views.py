from __future__ import annotations

from typing import Any

import pytest

from ..conftest import SignIn, answer_of

API = "/api/v1"
DEFINITION: dict[str, Any] = {
    "where": {"all": [{"field": "amount", "op": "gte", "value": 100}]},
    "sort": [{"field": "amount", "dir": "desc"}],
    "columns": [{"key": "name", "width": 240}, {"key": "account.industry"}],
    "group": "stage",
}


async def test_a_view_is_its_makers_until_it_is_shared(sign_in: SignIn) -> None:
    mine, other, admin = await sign_in("lina"), await sign_in("sun"), await sign_in()
    body = {"object": "opportunity", "name": " 大单 ", "kind": "list", "definition": DEFINITION}
    made = await answer_of(mine, "POST", "/views", body)
    assert (made["name"], made["mine"], made["shared"]) == ("大单", True, False)
    assert made["definition"]["columns"] == [{"key": "name", "width": 240}, {"key": "account.industry"}]
    assert await answer_of(other, "GET", "/views?object=opportunity") == []
    path = f"/views/{made['id']}"
    assert (await other.patch(API + path, json={"name": "x"})).status_code == 404
    await answer_of(mine, "PATCH", path, {"shared": True})
    seen = await answer_of(other, "GET", "/views")
    assert [(one["id"], one["mine"]) for one in seen] == [(made["id"], False)]
    assert (await other.patch(API + path, json={"name": "x"})).status_code == 403
    assert (await other.delete(API + path)).status_code == 403
    renamed = await answer_of(admin, "PATCH", path, {"name": "公共大单", "definition": {"q": "华为"}})
    assert (renamed["name"], renamed["definition"]) == ("公共大单", {"q": "华为"})
    assert [one["name"] for one in await answer_of(mine, "GET", "/views?object=account")] == []
    await answer_of(mine, "DELETE", path)
    assert await answer_of(mine, "GET", "/views") == []


@pytest.mark.parametrize(
    "change",
    [
        {"object": "nothing"},
        {"name": "  "},
        {"name": "x" * 101},
        {"kind": "pie"},
        {"definition": {"where": {"field": "amount"}}},
        {"definition": {"columns": [{"key": "name", "width": 1}]}},
        {"definition": {"colour": "red"}},
        {"colour": "red"},
    ],
)
async def test_views_that_make_no_sense(sign_in: SignIn, change: dict[str, Any]) -> None:
    client = await sign_in("lina")
    body = {"object": "opportunity", "name": "x", "definition": {}, **change}
    assert (await client.post(API + "/views", json=body)).status_code == 400


async def test_each_person_starts_with_what_they_chose(sign_in: SignIn) -> None:
    mine, other = await sign_in("lina"), await sign_in("sun")
    body = {"object": "opportunity", "name": "首屏", "shared": True, "definition": {}}
    view = (await answer_of(mine, "POST", "/views", body))["id"]
    assert await answer_of(mine, "GET", "/starts") == []
    await answer_of(mine, "PATCH", "/starts/opportunity/list", {"view": view})
    board = await answer_of(mine, "PATCH", "/starts/opportunity/board", {"process": "channel"})
    assert board == {"object": "opportunity", "kind": "board", "view": None, "process": "channel"}
    board = await answer_of(mine, "PATCH", "/starts/opportunity/board", {"view": "mine"})
    assert (board["view"], board["process"]) == ("mine", "channel"), "what is left out stays"
    again = await sign_in("lina")
    kept = {one["kind"]: one["view"] for one in await answer_of(again, "GET", "/starts?object=opportunity")}
    assert kept == {"list": view, "board": "mine"}
    assert await answer_of(again, "GET", "/starts?object=account") == []
    assert await answer_of(other, "GET", "/starts") == [], "a shared view is nobody else's start"
    await answer_of(mine, "PATCH", "/starts/opportunity/board", {"process": None})
    await answer_of(mine, "DELETE", f"/views/{view}")
    left = await answer_of(again, "GET", "/starts")
    assert {one["kind"]: (one["view"], one["process"]) for one in left} == {
        "list": (None, None),
        "board": ("mine", None),
    }


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/starts/opportunity/pie", {}, 404),
        ("/starts/nothing/list", {}, 404),
        ("/starts/opportunity/list", {"view": "x" * 101}, 400),
        ("/starts/opportunity/list", {"colour": "red"}, 400),
    ],
)
async def test_starts_that_make_no_sense(sign_in: SignIn, path: str, body: dict[str, Any], status: int) -> None:
    client = await sign_in("lina")
    assert (await client.patch(API + path, json=body)).status_code == status
