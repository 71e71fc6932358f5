"""One stream of what happened around a record, each entry only as the actor may see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx import AsyncClient

from liaoran.access.actors import raise_access_version
from liaoran.access.tables import person_roles, roles
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation

from ..conftest import SignIn, answer_of

API = "/api/v1"


PLAIN: dict[str, Any] = {
    "key": "plain",
    "object": "opportunity",
    "field": "stage",
    "process_field": "pipeline",
    "label": {"zh": "无任务", "en": "Without tasks"},
    "states": [
        {"key": "plain_first", "label": {"zh": "第一步", "en": "First step"}},
        {"key": "plain_second", "label": {"zh": "第二步", "en": "Second step"}},
        {"key": "lost", "label": {"zh": "输单", "en": "Lost"}, "kind": "lost", "required": ["loss_reason"]},
    ],
    "transitions": [
        {"key": f"plain_to_{key}", "from": None, "to": key} for key in ("plain_first", "plain_second", "lost")
    ],
}
"""Stages that make no tasks of their own."""


@pytest.fixture(scope="module")
async def plain(sign_in: SignIn) -> str:
    """The key of that pipeline."""
    await answer_of(await sign_in(), "POST", "/processes", PLAIN)
    return str(PLAIN["key"])


@pytest.fixture
async def deal(sign_in: SignIn, plain: str) -> AsyncIterator[tuple[AsyncClient, str]]:
    """An opportunity of Li Na that was changed, moved and followed up."""
    client = await sign_in("lina")
    account = await answer_of(client, "POST", "/records/account", {"name": "华云科技"})
    values = {"name": "二期", "account": account["id"], "pipeline": plain}
    made = await answer_of(client, "POST", "/records/opportunity", values)
    path = f"/records/opportunity/{made['id']}"
    await answer_of(client, "PATCH", path, {"amount": 1200000})
    offers = await answer_of(client, "GET", path + "/transitions")
    to = next(one["to"] for one in offers if one["open"])
    await answer_of(client, "POST", path + "/transitions", {"to_state": to, "comment": "客户点头了"})
    link = {"opportunity": made["id"]}
    await answer_of(client, "POST", "/records/task", {"subject": "发方案", "due_on": "2199-01-02", **link})
    said = {
        "subject": "预算已确认",
        "happened_at": "2020-03-05T06:30:00Z",
        "content": "王工说批了 80 万",
        "method": "phone",
    }
    await answer_of(client, "POST", "/records/follow_up", {**said, **link})
    yield client, path


async def _entries(client: AsyncClient, path: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await answer_of(client, "GET", f"{path}/timeline{query}"))["entries"]
    return found


async def test_changes_stages_and_activities_stand_in_one_order(deal: tuple[AsyncClient, str]) -> None:
    client, path = deal
    entries = await _entries(client, path)
    kinds = ["activity", "stage", "change", "stage", "change", "activity"]
    assert [one["type"] for one in entries] == kinds
    task, moved, amount, began, created, call = entries
    assert (task["object"], task["label"], task["on"], task["facts"]["status"]) == (
        "task",
        "发方案",
        "2199-01-02",
        "open",
    )
    assert task["by"]["label"] == "李娜"
    assert (moved["note"], moved["by"], moved["from_label"]) == ("客户点头了", "李娜", began["label"])
    assert moved["state"] != began["state"]
    assert [one["field"] for one in amount["changes"]] == ["amount", "currency"]
    assert (created["kind"], created["actor"]["label"]) == ("created", "李娜")
    assert (call["at"], call["on"], call["text"]) == ("2020-03-05T06:30:00.000000Z", None, "王工说批了 80 万")
    history = (await answer_of(client, "GET", path + "/history"))["events"]
    assert moved["action"] == history[0]["action"]


async def test_what_a_move_changes_besides_is_shown(deal: tuple[AsyncClient, str]) -> None:
    client, path = deal
    offers = await answer_of(client, "GET", path + "/transitions")
    lost = next(one for one in offers if one["kind"] == "lost")
    values = {"loss_reason": "price", "reason_note": "报价高出两成"}
    await answer_of(client, "POST", path + "/transitions", {"transition": lost["key"], "fields": values})
    task, stage, change, *_ = await _entries(client, path)
    assert (task["type"], stage["kind"], change["note"]) == ("activity", "lost", None)
    assert {one["field"] for one in change["changes"]} == {"loss_reason", "reason_note"}


async def test_pages_and_kinds(deal: tuple[AsyncClient, str]) -> None:
    client, path = deal
    whole = await _entries(client, path)
    found, cursor = [], ""
    while cursor is not None:
        page = await answer_of(
            client, "GET", f"{path}/timeline", params={"limit": 1, **({"cursor": cursor} if cursor else {})}
        )
        found += page["entries"]
        cursor = page["next_cursor"]
    assert found == whole
    for kind in ("change", "stage", "activity"):
        assert await _entries(client, path, f"?kinds={kind}") == [one for one in whole if one["type"] == kind]
    both = await _entries(client, path, "?kinds=stage&kinds=activity")
    assert both == [one for one in whole if one["type"] != "change"]
    for wrong in ("?cursor=x", "?kinds=x", "?limit=0"):
        assert (await client.get(f"{API}{path}/timeline{wrong}")).status_code == 400


async def test_deleted_activities_and_hidden_records_are_not_told(
    deal: tuple[AsyncClient, str], sign_in: SignIn
) -> None:
    client, path = deal
    task = (await _entries(client, path, "?kinds=activity"))[0]
    await answer_of(client, "DELETE", f"/records/task/{task['id']}")
    assert [one["object"] for one in await _entries(client, path, "?kinds=activity")] == ["follow_up"]
    other = await sign_in("sun")
    assert (await other.get(f"{API}{path}/timeline")).status_code == 404
    await answer_of(client, "DELETE", path)
    assert (await _entries(client, path))[0]["kind"] == "deleted"


async def test_the_account_shows_what_happened_with_it(deal: tuple[AsyncClient, str]) -> None:
    client, path = deal
    account = (await answer_of(client, "GET", path))["account"]["id"]
    call = {"subject": "回访", "account": account, "called_at": "2026-03-05T06:30:00Z"}
    await answer_of(client, "POST", "/records/call", call)
    entries = await _entries(client, f"/records/account/{account}")
    assert [(one["type"], one.get("label", one.get("kind"))) for one in entries] == [
        ("change", "created"),
        ("activity", "回访"),
    ]


async def test_a_custom_object_becomes_an_activity(sign_in: SignIn) -> None:
    client = await sign_in()
    definition = {
        "key": "site_visit",
        "label": {"zh": "走访", "en": "Site visit"},
        "activity": {"at": ["visited_on"], "shows": ["rating"], "text": "report"},
        "fields": [
            {"key": "visited_on", "type": "date", "label": "日期"},
            {"key": "rating", "type": "number", "label": "评分"},
            {"key": "report", "type": "long_text", "label": "报告"},
            {"key": "account", "type": "link", "label": "客户", "options": {"target": "account"}},
        ],
    }
    made = await answer_of(client, "POST", "/objects", definition)
    assert made["activity"] == {"at": ["visited_on"], "by": None, "shows": ["rating"], "text": "report"}
    account = await answer_of(client, "POST", "/records/account", {"name": "甲"})
    values = {"name": "第一次", "visited_on": "2026-01-02", "rating": 4, "report": "不错", "account": account["id"]}
    await answer_of(client, "POST", "/records/site_visit", values)
    entry = (await _entries(client, f"/records/account/{account['id']}", "?kinds=activity"))[0]
    assert (entry["label"], entry["on"], entry["facts"], entry["text"]) == (
        "第一次",
        "2026-01-02",
        {"rating": 4},
        "不错",
    )
    for wrong, at in (
        ({"at": ["report"]}, "activity.at[0]"),
        ({"by": "account"}, "activity.by"),
        ({"shows": ["nothing"]}, "activity.shows[0]"),
        ({"text": "rating"}, "activity.text"),
        ({"when": "visited_on"}, "activity.when"),
    ):
        answer = await client.patch(f"{API}/objects/site_visit", json={"activity": wrong})
        assert (answer.status_code, answer.json()["at"]) == (400, at), answer.text
    changed = await answer_of(client, "PATCH", "/objects/site_visit", {"activity": None})
    assert changed["activity"] is None
    assert await _entries(client, f"/records/account/{account['id']}", "?kinds=activity") == []


async def test_hidden_fields_and_objects_are_not_told(
    sales_database: Database,
    sales_organisation: Organisation,
    people: Mapping[str, UUID],
    sign_in: SignIn,
    deal: tuple[AsyncClient, str],
) -> None:
    _, path = deal
    rights = {"read": "all"}
    objects = {
        "*": rights,
        "opportunity": {**rights, "fields": {"stage": "hidden", "amount": "hidden"}},
        "task": {"read": "none"},
        "follow_up": {**rights, "fields": {"content": "hidden", "happened_at": "hidden", "method": "hidden"}},
    }
    async with sales_database.transaction(sales_organisation.schema) as tx:
        await tx.execute(sa.insert(roles), {"key": "blind", "label": {"zh": "盲"}, "grants": {"objects": objects}})
        await tx.execute(sa.delete(person_roles).where(person_roles.c.person == people["sun"]))
        await tx.execute(sa.insert(person_roles), {"person": people["sun"], "role": "blind"})
        await raise_access_version(tx)
    blind = await sign_in("sun")
    entries = await _entries(blind, path)
    assert {one["type"] for one in entries} == {"change", "activity"}
    (call,) = [one for one in entries if one["type"] == "activity"]
    assert (call["label"], call["text"]) == ("预算已确认", None)
    assert "method" not in call["facts"]
    assert not call["at"].startswith("2020-03-05")
    told = {change["field"] for one in entries if one["type"] == "change" for change in one["changes"]}
    assert told
    assert not told & {"stage", "amount"}
