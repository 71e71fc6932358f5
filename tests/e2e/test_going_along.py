"""Records that go with the deal they hang on, in the pages: what its owner and those it is shared with see, and where it
is settled."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.async_api import Page, expect

PASSWORD = "liaoran-demo"


async def call(page: Page, method: str, path: str, body: Any = None) -> Any:
    """One call of the API as the person who is signed in on the page."""
    me = await (await page.request.get("/api/v1/me")).json()
    options = {"data": body, "headers": {"X-CSRF-Token": me["csrf"]}}
    answer = await page.request.fetch(f"/api/v1{path}", method=method, **options)
    assert answer.ok, await answer.text()
    return await answer.json() if await answer.body() else None


async def person_of(page: Page, name: str) -> str:
    where = {"field": "name", "op": "eq", "value": name}
    found = await call(page, "POST", "/records/person/query", {"where": where, "limit": 1})
    return str(found["records"][0]["id"])


async def test_the_team_of_a_deal_sees_what_is_written_about_it(demo, open_page, shot) -> None:
    admin = await open_page(demo, "admin", PASSWORD)
    lina, zhang = await person_of(admin, "李娜"), await person_of(admin, "张伟")
    mark = uuid4().hex[:6]
    account = await call(admin, "POST", "/records/account", {"name": f"随主客户{mark}"})
    deal = await call(
        admin, "POST", "/records/opportunity", {"name": f"随主商机{mark}", "account": account["id"], "owner": lina}
    )
    said = {"subject": f"售前答疑{mark}", "content": "架构问题已答复", "happened_at": "2026-01-05T02:00:00Z"}
    await call(admin, "POST", "/records/follow_up", {**said, "opportunity": deal["id"]})

    # somebody else wrote it, on her deal
    page = await open_page(demo, "lina", PASSWORD)
    await page.goto(f"/o/opportunity/{deal['id']}")
    entry = page.get_by_role("region", name="动态", exact=True).get_by_role("listitem").filter(has_text=said["subject"])
    await expect(entry).to_contain_text("架构问题已答复")

    # a colleague does not see it, until she shares the deal
    colleague = await open_page(demo, "zhangwei", PASSWORD)
    await colleague.goto(f"/o/opportunity/{deal['id']}")
    await expect(colleague.get_by_text(f"随主商机{mark}")).to_have_count(0)
    await call(page, "POST", f"/records/opportunity/{deal['id']}/shares", {"person": zhang, "level": "read"})
    await colleague.reload()
    stream = colleague.get_by_role("region", name="动态", exact=True)
    seen = stream.get_by_role("listitem").filter(has_text=said["subject"])
    await expect(seen).to_contain_text("架构问题已答复")
    await shot(colleague, "going-along-timeline-zh")
    await seen.get_by_role("button", name=said["subject"]).click()
    await expect(colleague.get_by_role("dialog")).to_contain_text("架构问题已答复")


async def test_the_designer_lets_a_link_carry(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    key = f"visit_{uuid4().hex[:6]}"
    links = [
        {"key": "deal", "type": "link", "label": {"zh": "所属商机"}, "options": {"target": "opportunity"}},
        {"key": "above", "type": "link", "label": {"zh": "上一次"}, "options": {"target": key}},
    ]
    await call(page, "POST", "/objects", {"key": key, "label": {"zh": "拜访"}, "fields": links})
    await page.goto(f"/settings/objects/{key}")

    async def open_field(name: str) -> None:
        await page.get_by_role("button", name=f"字段“{name}”的操作").click()
        await page.get_by_role("menuitem", name="编辑").click()

    drawer = page.get_by_role("dialog")

    async def carry(words: str) -> None:
        await drawer.get_by_label("随主记录").click()
        await page.locator(".ant-select-item-option").filter(has_text=words).click()

    await open_field("所属商机")
    await carry("能查看主记录的人")
    await shot(page, "going-along-designer-zh")
    await drawer.get_by_role("button", name="保存").click()
    await expect(drawer).to_have_count(0)
    described = await call(page, "GET", f"/objects/{key}")
    (link,) = [one for one in described["fields"] if one["key"] == "deal"]
    assert link["options"] == {"target": "opportunity", "carries": "read"}

    # no record goes with itself
    await open_field("上一次")
    await carry("能修改主记录的人")
    await drawer.get_by_role("button", name="保存").click()
    await expect(drawer).to_contain_text("随自己一起走")
