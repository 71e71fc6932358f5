"""The timeline of a record: what it shows, narrowed by kind, opened from, kept in step with what is done elsewhere."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import expect

PASSWORD = "liaoran-demo"


async def test_changes_stages_and_activities_in_one_stream(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    csrf = {"X-CSRF-Token": (await (await page.request.get("/api/v1/me")).json())["csrf"]}

    async def make(key: str, **values: object) -> str:
        answer = await page.request.post(f"/api/v1/records/{key}", data=values, headers=csrf)
        assert answer.ok, await answer.text()
        return str((await answer.json())["id"])

    account = await make("account", name=f"时间线客户{uuid4().hex[:6]}")
    soon = "2199-01-01T01:00:00Z"
    deal = await make("opportunity", name="时间线商机", account=account, amount=100000, next_follow_up_at=soon)
    said = {"subject": "王工认可方案", "happened_at": "2026-01-05T02:00:00Z", "content": "下周给报价"}
    await make("follow_up", opportunity=deal, method="visit", **said)
    moves = await (await page.request.get(f"/api/v1/records/opportunity/{deal}/transitions")).json()
    to = next(one for one in moves if one["open"])
    body = {"transition": to["key"], "comment": "客户确认了需求"}
    moved = await page.request.post(f"/api/v1/records/opportunity/{deal}/transitions", data=body, headers=csrf)
    assert moved.ok, await moved.text()
    # The stages have made tasks of their own; the stream of this test holds one that is its own.
    of_stages = {"where": {"field": "opportunity", "op": "eq", "value": deal}, "limit": 50}
    made = await page.request.post("/api/v1/records/task/query", data=of_stages, headers=csrf)
    for one in (await made.json())["records"]:
        gone = await page.request.delete(f"/api/v1/records/task/{one['id']}", headers=csrf)
        assert gone.ok, await gone.text()
    await make("task", opportunity=deal, subject="发送报价单", due_on="2199-01-01")

    await page.goto(f"/o/opportunity/{deal}")
    timeline = page.get_by_role("region", name="动态")
    entries = timeline.get_by_role("list").filter(has=page.locator("time")).locator("> li")
    await expect(timeline.get_by_role("heading", name="接下来")).to_be_visible()
    await expect(entries.first).to_contain_text("发送报价单")
    stage = entries.filter(has_text="客户确认了需求")
    await expect(stage).to_contain_text(to["to_label"]["zh"])
    call = entries.filter(has_text="王工认可方案")
    await expect(call).to_contain_text("上门拜访")
    await expect(call).to_contain_text("下周给报价")
    await shot(page, "timeline")

    await timeline.get_by_text("阶段", exact=True).click()
    await expect(call).to_have_count(0)
    await expect(stage).to_be_visible()
    await timeline.get_by_text("活动", exact=True).click()
    await expect(stage).to_have_count(0)
    await expect(entries).to_have_count(2)

    await call.get_by_role("button", name="王工认可方案").click()
    await expect(page.get_by_role("dialog")).to_contain_text("下周给报价")
    await page.keyboard.press("Escape")
    await make("call", opportunity=deal, subject="电话确认交期", called_at="2026-02-03T02:00:00Z")
    await expect(entries.filter(has_text="电话确认交期")).to_be_visible()
