"""Shaping Objects in the pages: what was taken out of use comes back, a conversion that waits is decided."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import expect

PASSWORD = "liaoran-demo"


async def test_retired_things_come_back_and_a_held_conversion_is_decided(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    csrf = {"X-CSRF-Token": (await (await page.request.get("/api/v1/me")).json())["csrf"]}

    async def send(path: str, body: object) -> None:
        answer = await page.request.post("/api/v1" + path, data=body, headers=csrf)
        assert answer.ok, await answer.text()

    key = f"tool_{uuid4().hex[:6]}"
    size = {"key": "size", "type": "text", "label": {"zh": "尺码", "en": "Size"}}
    await send("/objects", {"key": key, "label": {"zh": "工具", "en": "Tool"}, "fields": [size]})
    await send(f"/records/{key}", {"name": "扳手", "size": "12"})
    await send(f"/records/{key}", {"name": "锤子", "size": "特大"})
    await send(f"/objects/{key}/fields/size/retype", {"type": "number", "dry_run": False})

    await page.goto(f"/settings/objects/{key}")
    held = page.get_by_role("region", name="尺码")
    await expect(held).to_contain_text("特大")
    await shot(page, "retype-held")
    await held.get_by_role("button", name="仍然转换").click()
    await expect(held).to_have_count(0)

    await page.get_by_role("button", name="字段“尺码”的操作").click()
    await page.get_by_role("menuitem", name="停用字段").click()
    await page.get_by_role("dialog").get_by_role("button", name="停用字段").click()
    await page.get_by_text("已停用的字段").click()
    await shot(page, "retired-fields")
    await page.get_by_role("button", name="恢复使用“尺码”").click()
    await expect(page.get_by_text("已停用的字段")).to_have_count(0)
    await expect(page.get_by_role("button", name="字段“尺码”的操作")).to_be_visible()

    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("menuitem", name="停用对象").click()
    await page.get_by_role("dialog").get_by_role("button", name="停用对象").click()
    await page.get_by_text("已停用的对象").click()
    await page.get_by_role("listitem").filter(has_text=key).get_by_role("button").click()
    await expect(page.get_by_role("row").filter(has_text=key)).to_be_visible()
