"""Who may see what, in the pages: a role is made and previewed, a masked value opens with a reason, a record tells who
sees it and why."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import Page, expect

from .test_sharing import PASSWORD, call, new_person, panel

ROLE = {
    "objects": {
        "*": {"read": "own", "edit": "own", "create": True},
        "contact": {"read": "all", "fields": {"mobile": "masked"}},
        "account": {"read": "all"},
        "person": {"read": "all"},
        "department": {"read": "all"},
    }
}


async def _choose(page: Page, name: str, option: str) -> None:
    await page.get_by_role("combobox", name=name, exact=True).click()
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=option).first.click()


async def test_a_role_is_changed_after_a_look_at_what_changes(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    key = f"probe_{uuid4().hex[:6]}"
    await call(page, "POST", "/roles", {"key": key, "label": {"zh": f"试用{key}"}, "grants": ROLE})
    person = await new_person(page, f"角色同事{key}")
    await call(page, "POST", f"/people/{person}/login", {"login": key, "password": "Sehr-gut-7391", "roles": [key]})
    for number in range(2):
        await call(page, "POST", "/records/account", {"name": f"角色客户{key}{number}", "owner": person})
    await page.goto("/settings/roles")
    await page.get_by_label("搜索角色").fill(key)
    await expect(page.get_by_role("row", name=key)).to_contain_text("自建")
    await page.get_by_role("button", name=f"试用{key}", exact=True).click()
    drawer = page.get_by_role("dialog")
    await _choose(page, "所有对象: 修改", "无")
    await drawer.get_by_role("button", name="预览变化").click()
    preview = drawer.get_by_role("region", name="修改后的变化")
    await expect(preview).to_contain_text(f"角色同事{key}")
    await expect(preview).to_contain_text("修改：减少 2 条")
    await shot(page, "role-preview-zh")
    await drawer.get_by_role("button", name="保存").click()
    await expect(drawer).to_have_count(0)
    told = await call(page, "GET", "/roles/definitions")
    changed = next(one for one in told if one["key"] == key)
    assert changed["grants"]["objects"]["*"]["edit"] == "none"
    await page.get_by_role("button", name=f"角色“试用{key}”的操作").click()
    await page.get_by_role("menuitem", name="停用").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="停用")).to_be_disabled()
    await _choose(page, "接替的角色", "销售")
    await dialog.get_by_role("button", name="停用").click()
    await expect(page.get_by_role("row", name=key)).to_contain_text("已停用")
    assert (await call(page, "GET", f"/people/{person}/login"))["roles"] == ["salesperson"]


async def test_a_masked_value_opens_with_a_reason_and_a_record_says_who_sees_it(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    key = f"mask_{uuid4().hex[:6]}"
    await call(page, "POST", "/roles", {"key": key, "label": {"zh": f"脱敏{key}"}, "grants": ROLE})
    person = await new_person(page, f"脱敏同事{key}")
    login = {"login": key, "password": "Sehr-gut-7391", "roles": [key]}
    await call(page, "POST", f"/people/{person}/login", login)
    contact = await call(page, "POST", "/records/contact", {"name": f"联系人{key}", "mobile": "13812341234"})
    theirs = await open_page(demo, key, "Sehr-gut-7391")
    await theirs.goto(f"/o/contact/{contact['id']}")
    fact = theirs.locator("[data-field=mobile]").first
    await expect(fact).to_contain_text("138****1234")
    await fact.get_by_role("button", name="查看完整的").click()
    dialog = theirs.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="查看")).to_be_disabled()
    await dialog.get_by_label("查看原因").fill("回访客户")
    await dialog.get_by_role("button", name="查看").click()
    await expect(dialog).to_contain_text("13812341234")
    await shot(theirs, "masked-value-zh")
    await page.goto(f"/o/contact/{contact['id']}")
    await panel(page).get_by_role("button", name="谁能看到").click()
    told = page.get_by_role("dialog")
    row = told.get_by_role("listitem").filter(has_text=f"脱敏同事{key}")
    await expect(row).to_contain_text("可以查看")
    await expect(row).to_contain_text(f"角色“脱敏{key}”：全部")
    await shot(page, "who-sees-zh")


async def test_a_restriction_is_made_switched_off_and_removed_again(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    key = f"limit_{uuid4().hex[:6]}"
    await page.goto("/settings/roles")
    part = page.get_by_role("region", name="限制规则")
    await part.get_by_role("button", name="新建限制规则").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("名称 (中文)").fill(f"限制{key}")
    await _choose(page, "对象", "线索")
    await _choose(page, "角色", "法务")
    await page.keyboard.press("Escape")
    await shot(page, "restriction-zh")
    await drawer.get_by_role("button", name="保存").click()
    row = part.get_by_role("row", name=key)
    await expect(row).to_contain_text("查看")
    await expect(row).to_contain_text("法务")
    made = next(one for one in await call(page, "GET", "/policies") if one["label"]["zh"] == f"限制{key}")
    assert made["key"] == f"xian_zhi_{key}"
    assert (made["object"], made["verbs"], made["roles"], made["active"]) == ("lead", ["read"], ["legal"], True)
    await row.get_by_role("switch").click()
    await expect(row.get_by_role("switch")).not_to_be_checked()
    await row.get_by_role("button", name=f"限制规则“限制{key}”的操作").click()
    await page.get_by_role("menuitem", name="删除").click()
    await expect(part.get_by_role("row", name=key)).to_have_count(0)
