"""The work log: what somebody did, counted by kind and day, for oneself and for those who lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from httpx import AsyncClient

from ..conftest import SignIn, answer_of


async def log_of(client: AsyncClient, person: UUID, **days: str) -> dict[str, Any]:
    found: dict[str, Any] = await answer_of(client, "GET", f"/people/{person}/work-log", params=days)
    return found


async def test_a_day_of_work_is_counted_and_listed(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    lina = await sign_in("lina")
    account = (await answer_of(lina, "POST", "/records/account", {"name": "日志公司"}))["id"]
    deal = (await answer_of(lina, "POST", "/records/opportunity", {"name": "日志商机", "account": account}))["id"]
    await answer_of(lina, "PATCH", f"/records/opportunity/{deal}", {"need_summary": "想要甲"})
    await answer_of(lina, "PATCH", f"/records/opportunity/{deal}", {"need_summary": "想要乙", "amount": 5})
    task = (await answer_of(lina, "POST", "/records/task", {"subject": "打电话", "opportunity": deal}))["id"]
    await answer_of(lina, "PATCH", f"/records/task/{task}", {"status": "done"})
    body = {"opportunity": deal, "subject": "谈了价格", "content": "八折", "happened_at": datetime.now(UTC).isoformat()}
    answer = await lina.post("/api/v1/records/follow_up", json=body)
    assert answer.status_code == 201, answer.text

    found = await log_of(lina, people["lina"])
    [day] = found["days"]
    assert day["figures"] == found["totals"]
    assert day["figures"]["created"] == 3
    assert day["figures"]["activities"] == 1
    assert day["figures"]["tasks_done"] == 1
    entries = {(one["object"], one["record"]): one for one in day["entries"]}
    entry = entries["opportunity", deal]
    assert set(entry["what"]) >= {"created", "changed"}
    assert entry["label"] == "日志商机"
    assert {"zh": "需求摘要", "en": "Need summary"}.keys() == entry["fields"][0].keys()
    assert "tasks_done" in entries["task", task]["what"]


async def test_a_move_says_where_to(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin = await sign_in()
    account = (await answer_of(admin, "POST", "/records/account", {"name": "推进公司"}))["id"]
    deal = (await answer_of(admin, "POST", "/records/opportunity", {"name": "推进商机", "account": account}))["id"]
    offered = await answer_of(admin, "GET", f"/records/opportunity/{deal}/transitions")
    lost = next(one for one in offered if one["to"] == "lost")
    fields = {"loss_reason": "price", "reason_note": "太贵"}
    moved = await admin.post(
        f"/api/v1/records/opportunity/{deal}/transitions",
        json={"to_state": lost["to"], "fields": fields, "comment": "太贵"},
    )
    assert moved.status_code < 300, moved.text
    [day] = (await log_of(admin, people["admin"]))["days"]
    entry = next(one for one in day["entries"] if one["record"] == deal)
    assert "moved" in entry["what"]
    assert entry["state"]["zh"]
    assert day["figures"]["moved"] >= 1


async def test_who_leads_reads_it_and_nobody_else(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin, chen, lina, zhang = [await sign_in(login) for login in ("admin", "chen", "lina", "zhang")]
    for other, status in ((lina, 200), (admin, 200), (chen, 403), (zhang, 403)):
        answer = await other.get(f"/api/v1/people/{people['lina']}/work-log")
        assert answer.status_code == status, answer.text
    assert (await chen.get(f"/api/v1/people/{people['lina']}/work-log")).json()["code"] == "not_your_people"
    assert await answer_of(chen, "GET", "/people/led") == []
    east = await answer_of(
        admin, "POST", "/records/department/query", {"where": {"field": "name", "op": "eq", "value": "华东"}}
    )
    await answer_of(admin, "PATCH", f"/records/department/{east['records'][0]['id']}", {"head": str(people["chen"])})
    led = {one["label"] for one in await answer_of(chen, "GET", "/people/led")}
    assert led == {"李娜", "张伟"}
    assert (await chen.get(f"/api/v1/people/{people['lina']}/work-log")).status_code == 200
    assert (await chen.get(f"/api/v1/people/{people['sun']}/work-log")).status_code == 403
    await answer_of(admin, "PATCH", f"/records/person/{people['sun']}", {"manager": str(people["zhang"])})
    await answer_of(admin, "PATCH", f"/records/person/{people['zhang']}", {"manager": str(people["lina"])})
    assert {one["label"] for one in await answer_of(lina, "GET", "/people/led")} == {"张伟", "孙丽"}
    assert (await zhang.get(f"/api/v1/people/{people['lina']}/work-log")).status_code == 403
    assert len(await answer_of(admin, "GET", "/people/led")) == 4


async def test_a_week_is_a_day_for_each_and_spans_are_bounded(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    lina = await sign_in("lina")
    today = date.fromisoformat((await answer_of(lina, "GET", "/me"))["today"])
    week = await log_of(lina, people["lina"], first=(today - timedelta(days=6)).isoformat(), last=today.isoformat())
    assert [one["on"] for one in week["days"]] == [(today - timedelta(days=number)).isoformat() for number in range(7)]
    assert week["days"][1]["entries"] == []
    for first, last in ((today, today - timedelta(days=1)), (today - timedelta(days=40), today)):
        params = {"first": first.isoformat(), "last": last.isoformat()}
        answer = await lina.get(f"/api/v1/people/{people['lina']}/work-log", params=params)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_span")


async def test_it_shows_records_only_as_far_as_the_reader_sees_them(
    sign_in: SignIn, people: Mapping[str, UUID]
) -> None:
    admin, lina, zhang = [await sign_in(login) for login in ("admin", "lina", "zhang")]
    await answer_of(admin, "PATCH", f"/records/person/{people['zhang']}", {"manager": str(people["lina"])})
    account = (await answer_of(zhang, "POST", "/records/account", {"name": "张伟的客户"}))["id"]
    await answer_of(zhang, "POST", "/records/opportunity", {"name": "张伟的商机", "account": account})
    found = await log_of(lina, people["zhang"])
    labels = {one["label"] for one in found["days"][0]["entries"]}
    assert "张伟的客户" in labels
    assert "张伟的商机" not in labels
