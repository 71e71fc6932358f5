"""What each kind of reader meets: the administrator who asks why, the auditor, the executive, the salesperson with
masked values; and controls that are absent where they would be refused."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from playwright.async_api import Page, expect

from .test_sharing import PASSWORD, call, choose, new_person

SECRET = "Sehr-gut-7391"
MASKED = {
    "objects": {
        "*": {"read": "own", "edit": "own", "create": True},
        "contact": {"read": "all", "fields": {"mobile": "masked"}},
        "account": {"read": "all"},
        "person": {"read": "all"},
        "department": {"read": "all"},
    }
}


async def somebody(admin: Page, role: str) -> tuple[str, str, str]:
    """A new person with one role: id, name and login; the password is SECRET."""
    login = f"{role}_{uuid4().hex[:6]}"
    name = f"同事{login}"
    person = await new_person(admin, name)
    body = {"login": login, "password": SECRET, "roles": [role]}
    await call(admin, "POST", f"/people/{person}/login", body)
    return person, name, login


async def one_of(page: Page, object_key: str, **where: Any) -> str:
    """The id of a record that meets a Condition."""
    body = {"limit": 1, **({"where": where} if where else {})}
    found: str = (await call(page, "POST", f"/records/{object_key}/query", body))["records"][0]["id"]
    return found


async def test_what_a_person_sees_and_why(demo, open_page, shot) -> None:
    admin = await open_page(demo, "admin", PASSWORD)
    _, name, _ = await somebody(admin, "salesperson")
    await admin.goto("/settings/roles")
    # the number of those who have a role leads to them
    role = admin.get_by_role("row").filter(has=admin.get_by_role("button", name="销售", exact=True))
    await role.get_by_role("link").click()
    await expect(admin.get_by_role("button", name=name, exact=True)).to_be_visible()
    await expect(admin.get_by_role("button", name="陈静", exact=True)).to_have_count(0)
    await admin.get_by_role("button", name=name, exact=True).click()
    drawer = admin.get_by_role("dialog")
    await drawer.get_by_text("能看到什么").click()
    await expect(drawer).to_contain_text("角色：销售")
    accounts = drawer.get_by_role("listitem").filter(has_text="客户").first
    await expect(accounts).to_contain_text("条记录")
    await expect(accounts).to_contain_text("查看：全部")
    await expect(accounts).to_contain_text("修改、删除、导出、共享：自己负责的")
    await shot(admin, "what-they-see-zh")
    # and the other way round: one record, one colleague
    deal = await one_of(admin, "opportunity", field="owner.name", op="eq", value="李娜")
    await admin.goto(f"/o/opportunity/{deal}")
    await admin.get_by_role("button", name="谁能看到").click()
    told = admin.get_by_role("dialog")
    await expect(told.get_by_role("region", name="可以修改的")).to_contain_text("李娜")
    await choose(admin, told.get_by_role("combobox"), name)
    await expect(told.get_by_role("status")).to_contain_text(f"{name} 看不到这条记录")
    await shot(admin, "why-not-zh")


async def test_an_auditor_reads_the_log_takes_it_along_and_changes_nothing(demo, open_page, shot) -> None:
    admin = await open_page(demo, "admin", PASSWORD)
    _, _, login = await somebody(admin, "auditor")
    page = await open_page(demo, login, SECRET)
    await page.goto("/settings")
    places = page.get_by_role("navigation", name="设置")
    await expect(places.get_by_role("link")).to_have_text(["我的账户", "流程", "审计日志"])
    await places.get_by_role("link", name="审计日志").click()
    entries = page.get_by_role("list", name="日志").get_by_role("listitem")
    await expect(entries.filter(has_text=login).first).to_be_visible()
    await expect(page.get_by_role("tab")).to_have_text(["日志", "校验"])
    await page.get_by_role("button", name="导出").click()
    async with page.expect_download() as coming:
        await page.get_by_role("menuitem", name="CSV").click()
    assert (await coming.value).suggested_filename.endswith(".csv")
    await page.reload()
    await expect(entries.first).to_contain_text("导出")
    await shot(page, "auditor-log-zh")
    deal = await one_of(page, "opportunity")
    await page.goto(f"/o/opportunity/{deal}")
    await expect(page.get_by_role("region", name="协作")).to_be_visible()
    await nothing_to_change(page)
    assert await refused(page, "PATCH", f"/records/opportunity/{deal}", {"name": "审计员改的"})
    assert await refused(page, "PATCH", "/audit/settings", {"keep_days": 365})


async def test_an_executive_reads_everything_and_meets_no_control_that_is_refused(demo, open_page, shot) -> None:
    admin = await open_page(demo, "admin", PASSWORD)
    _, _, login = await somebody(admin, "executive")
    page = await open_page(demo, login, SECRET)
    everything = (await call(admin, "POST", "/records/opportunity/query", {"limit": 1, "count": True}))["total"]
    seen = (await call(page, "POST", "/records/opportunity/query", {"limit": 1, "count": True}))["total"]
    assert seen == everything
    await page.goto("/o/opportunity/board")
    await expect(page.locator("article[data-card]").first).to_be_visible()
    await expect(page.locator("main").get_by_role("button", name="新建商机")).to_have_count(0)
    await page.goto("/o/opportunity")
    await expect(page.get_by_role("row").nth(1)).to_be_visible()
    await expect(page.locator("main").get_by_role("button", name="新建商机")).to_have_count(0)
    await expect(page.locator("main").get_by_role("checkbox")).to_have_count(0)
    deal = await one_of(page, "opportunity", field="status", op="eq", value="open")
    await page.goto(f"/o/opportunity/{deal}")
    await expect(page.get_by_role("region", name="协作")).to_be_visible()
    await nothing_to_change(page)
    await shot(page, "executive-record-zh")


async def test_a_salesperson_is_offered_changes_on_own_records_only(demo, open_page) -> None:
    page = await open_page(demo, "lina", PASSWORD)
    edit = page.locator("main").get_by_role("button", name="编辑", exact=True)
    own = await one_of(page, "account", field="owner.name", op="eq", value="李娜")
    await page.goto(f"/o/account/{own}")
    await expect(edit).to_be_visible()
    others = await one_of(page, "account", field="owner.name", op="eq", value="陈静")
    await page.goto(f"/o/account/{others}")
    await expect(page.get_by_role("region", name="协作")).to_be_visible()
    await nothing_to_change(page)
    assert await refused(page, "PATCH", f"/records/account/{others}", {"name": "别人的"})
    # in the list, which knows what is allowed with some of its lines only, it is said before anything is entered
    name = (await call(page, "GET", f"/records/account/{others}"))["name"]
    await page.goto("/o/account")
    await page.get_by_placeholder("在此搜索").fill(name)
    row = page.get_by_role("row").filter(has_text=name)
    await row.get_by_role("gridcell").nth(2).dblclick()
    await expect(page.get_by_role("alert").filter(has_text="您可以查看这条记录，但不能修改")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alert")).to_have_count(0)


async def test_a_salesperson_meets_a_masked_number_and_opens_it_with_a_reason(demo, open_page, shot) -> None:
    admin = await open_page(demo, "admin", PASSWORD)
    key = f"masked_{uuid4().hex[:6]}"
    await call(admin, "POST", "/roles", {"key": key, "label": {"zh": f"脱敏{key}"}, "grants": MASKED})
    _, name, login = await somebody(admin, key)
    contact = f"联系人{key}"
    made = await call(admin, "POST", "/records/contact", {"name": contact, "mobile": "13712345678"})
    page = await open_page(demo, login, SECRET)
    await page.goto("/o/contact")
    await page.get_by_placeholder("在此搜索").fill(contact)
    row = page.get_by_role("row").filter(has_text=contact)
    await expect(row).to_contain_text("137****5678")
    await expect(page.locator("main")).not_to_contain_text("13712345678")
    # a mask is no number to call
    await expect(row.locator("a[href^='tel:']")).to_have_count(0)
    await shot(page, "masked-list-zh")
    await page.goto(f"/o/contact/{made['id']}")
    fact = page.locator("[data-field=mobile]").first
    await expect(fact).to_contain_text("137****5678")
    await fact.get_by_role("button", name="查看完整的").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("查看原因").fill(f"回访{key}")
    await page.keyboard.press("Enter")
    await expect(dialog).to_contain_text("13712345678")
    await dialog.get_by_role("button", name="完成").click()
    await expect(fact).to_contain_text("137****5678")
    await admin.goto("/settings/audit")
    await admin.get_by_placeholder("搜索内容或姓名").fill(f"回访{key}")
    entry = admin.get_by_role("list", name="日志").get_by_role("listitem").first
    await expect(entry).to_contain_text(name)
    await expect(entry).to_contain_text(f"回访{key}")


async def test_settings_are_found_by_what_is_settled_there(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    await page.goto("/settings")
    places = page.get_by_role("navigation", name="设置")
    for group in ("个人", "流程和数据", "人员和权限", "安全和审计"):
        await expect(places.get_by_role("region", name=group)).to_be_visible()
    search = places.get_by_role("textbox", name="搜索设置")
    await search.fill("没有这样的设置")
    await expect(places.get_by_role("status")).to_contain_text("没有找到")
    await search.fill("水印")
    await expect(places.get_by_role("link")).to_have_count(1)
    await shot(page, "settings-search-zh")
    await search.press("Enter")
    await expect(page).to_have_url(re.compile("/settings/audit$"))
    await expect(search).to_have_value("")


async def nothing_to_change(page: Page) -> None:
    """The page of a record offers no change of it."""
    for text in ("编辑", "更多", "添加成员或共享"):
        await expect(page.locator("main").get_by_role("button", name=text, exact=True)).to_have_count(0)
    await expect(page.locator("main").get_by_role("button", name="恢复“")).to_have_count(0)
    await expect(page.locator("main").get_by_role("button", name="推进到")).to_have_count(0)


async def refused(page: Page, method: str, path: str, body: Any) -> bool:
    """Whether the server refuses what the page does not offer."""
    csrf = {"X-CSRF-Token": (await (await page.request.get("/api/v1/me")).json())["csrf"], "If-Match": "*"}
    answer = await page.request.fetch(f"/api/v1{path}", method=method, data=body, headers=csrf)
    return answer.status == 403
