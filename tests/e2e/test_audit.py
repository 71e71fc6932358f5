"""The audit log in the pages, exports that need a word, watermarks, old values, the work log, data about a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from playwright.async_api import Page, expect

PASSWORD = "liaoran-demo"
API = "/api/v1"


async def settle(page: Page, **settings: object) -> None:
    """Sets what holds for the audit log, past the pages."""
    csrf = {"X-CSRF-Token": (await (await page.request.get(f"{API}/me")).json())["csrf"]}
    answer = await page.request.patch(f"{API}/audit/settings", data=settings, headers=csrf)
    assert answer.ok, await answer.text()


async def make(page: Page, path: str, body: object, method: str = "POST") -> dict[str, object]:
    csrf = {"X-CSRF-Token": (await (await page.request.get(f"{API}/me")).json())["csrf"]}
    answer = await page.request.fetch(
        API + path, method=method, data=json.dumps(body), headers={**csrf, "Content-Type": "application/json"}
    )
    assert answer.ok, await answer.text()
    return await answer.json()  # type: ignore[no-any-return]


async def test_the_log_tells_what_changed_is_searched_and_verified(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    await page.goto("/settings/audit")
    await page.get_by_role("tab", name="保留与外流").click()
    await page.get_by_label("审计日志保留天数").fill("365")
    await page.get_by_role("checkbox", name="页面显示水印").check()
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存")).to_be_visible()
    # The watermark is a picture of name and time over the page, and over whatever opens on it.
    mark = page.locator("[data-watermark] [style*='background-image']").first
    await expect(mark).to_be_attached()
    await page.goto("/settings/roles")
    await page.get_by_role("button", name="销售", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await expect(mark).to_be_attached()
    levels = await page.evaluate(
        """() => ['[data-watermark] > *', '.ant-drawer'].map((one) => +getComputedStyle(document.querySelector(one)).zIndex)"""
    )
    assert levels[0] > levels[1]
    await shot(page, "watermark-over-a-drawer")
    await page.goto("/settings/audit")
    await page.get_by_role("tab", name="日志", exact=True).click()
    first = page.get_by_role("list", name="日志").get_by_role("listitem").first
    await expect(first).to_contain_text("修改了设置")
    await expect(first).to_contain_text("365")
    await shot(page, "audit-log")
    await (
        page.get_by_role("searchbox", name="搜索内容或姓名")
        .or_(page.get_by_placeholder("搜索内容或姓名"))
        .first.fill("绝无此词")
    )
    await expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    await page.get_by_placeholder("搜索内容或姓名").fill("登录成功")
    await expect(page.get_by_role("list", name="日志").get_by_role("listitem").first).to_contain_text("登录成功")
    await page.get_by_role("tab", name="校验").click()
    await page.get_by_role("button", name="开始校验").click()
    await expect(page.get_by_text("与封存时完全一致")).to_be_visible()
    found = demo.cli("audit", "verify", "--org", "demo")
    assert found["sound"]
    assert found["organisations"][0]["entries"] >= 3
    await settle(page, keep_days=0, watermark_pages=False)


async def test_a_large_export_is_asked_for_and_approved(demo, open_page, shot) -> None:
    admin = await open_page(demo, "admin", PASSWORD)
    await settle(admin, approve_exports_above=1)
    page = await open_page(demo, "lina", PASSWORD)
    await page.goto("/o/account")
    await page.get_by_role("button", name="导出").click()
    await page.get_by_role("menuitem", name="CSV").click()
    dialog = page.get_by_role("dialog", name="这次导出需要审批")
    await dialog.get_by_role("textbox", name="用途").fill("给老客户寄年历")
    await shot(page, "export-asked")
    await dialog.get_by_role("button", name="申请导出").click()
    await expect(page.get_by_text("已提交申请")).to_be_visible()

    await admin.goto("/settings/audit")
    await admin.get_by_role("tab", name="待批导出").click()
    waiting = admin.get_by_role("listitem").filter(has_text="给老客户寄年历")
    await expect(waiting).to_contain_text("申请导出")
    await shot(admin, "exports-asked")
    async with page.expect_download(timeout=90_000) as coming:
        await waiting.get_by_role("button", name="批准", exact=True).click()
        await expect(waiting).to_have_count(0)
    download = await coming.value
    assert download.suggested_filename.endswith(".csv")
    await settle(admin, approve_exports_above=None)


async def test_an_old_value_comes_back_and_the_work_log_knows(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    made = await make(page, "/records/account", {"name": "会回来的名字"})
    await make(page, f"/records/account/{made['id']}", {"name": "写错的名字"}, "PATCH")
    await page.goto(f"/o/account/{made['id']}")
    await page.get_by_role("button", name="恢复“客户名称”的旧值").first.click()
    await expect(page.get_by_text("“客户名称”已恢复为旧值")).to_be_visible()
    await expect(page.get_by_role("heading", name="会回来的名字")).to_be_visible()
    await shot(page, "old-value")

    await page.get_by_role("navigation").get_by_role("link", name="工作日志").click()
    await expect(page.get_by_role("heading", name="工作日志")).to_be_visible()
    entry = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="会回来的名字"))
    await expect(entry).to_contain_text("新建")
    await expect(entry).to_contain_text("修改")
    await shot(page, "work-log")
    await page.get_by_text("一周", exact=True).click()
    await expect(page.get_by_role("heading", name="今天")).to_be_visible()


async def test_data_about_a_person_is_told_and_erased(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    name = f"司马{datetime.now(UTC):%H%M%S}"
    made = await make(page, "/records/contact", {"name": name, "mobile": "13655554444"})
    await page.goto(f"/o/contact/{made['id']}")
    await page.get_by_role("button", name="更多").click()
    await page.get_by_role("menuitem", name="个人数据").click()
    drawer = page.get_by_role("dialog", name="个人数据")
    await expect(drawer).to_contain_text("手机")
    async with page.expect_download() as coming:
        await drawer.get_by_role("link", name="下载报告").click()
    assert (await coming.value).suggested_filename.endswith(".xlsx")
    await drawer.get_by_role("textbox", name="清除的原因").fill("本人来信要求")
    await shot(page, "person-data")
    await drawer.get_by_role("button", name="清除").click()
    await page.get_by_role("dialog").filter(has_text="此操作不能撤销").get_by_role("button", name="清除").click()
    await expect(page.get_by_role("heading", name="已匿名")).to_be_visible()
    await expect(page.get_by_text("已清除个人数据：本人来信要求")).to_be_visible()
    await expect(page.get_by_text(name)).to_have_count(0)
