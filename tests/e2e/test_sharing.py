"""Working on a record together, and handing over what somebody holds, in the pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

PASSWORD = "liaoran-demo"


async def call(page: Page, method: str, path: str, body: Any = None) -> Any:
    """One call of the API as the person who is signed in on the page."""
    me = await (await page.request.get("/api/v1/me")).json()
    options = {"data": body, "headers": {"X-CSRF-Token": me["csrf"]}}
    answer = await page.request.fetch(f"/api/v1{path}", method=method, **options)
    assert answer.ok, await answer.text()
    return await answer.json() if await answer.body() else None


async def new_person(page: Page, name: str, **values: Any) -> str:
    made: str = (await call(page, "POST", "/records/person", {"name": name, **values}))["id"]
    return made


async def choose(page: Page, picker: Locator, name: str) -> None:
    """Types a name into a picker of records and takes the one found."""
    await picker.click()
    await picker.fill(name)
    await page.locator(".ant-select-item-option").filter(has_text=name).first.click()


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="协作", exact=True)


async def test_a_team_from_the_first_member_to_undo(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    name = f"协作同事{uuid4().hex[:6]}"
    await new_person(page, name)
    account = await call(page, "POST", "/records/account", {"name": f"协作客户{uuid4().hex[:6]}"})
    await page.goto(f"/o/account/{account['id']}")
    team = panel(page)
    await expect(team).to_contain_text("还没有共享给别人")
    await team.get_by_role("button", name="添加成员或共享").click()
    dialog = page.get_by_role("dialog")
    await choose(page, dialog.get_by_role("combobox").first, name)
    await dialog.get_by_label("团队角色").click()
    await page.locator(".ant-select-item-option").filter(has_text="售前").click()
    # pre-sales usually changes what they work on
    await expect(dialog.get_by_role("radio", name="可编辑")).to_be_checked()
    await dialog.get_by_role("button", name="共享", exact=True).click()
    row = team.get_by_role("list", name="团队").get_by_role("listitem").filter(has_text=name)
    await expect(row).to_contain_text("售前")
    await expect(row).to_contain_text("可编辑")
    await shot(page, "sharing-team-zh")

    await row.get_by_role("button", name=f"对 {name} 的共享的操作").click()
    await page.get_by_role("menuitem", name="修改").click()
    await dialog.get_by_text("可查看", exact=True).click()
    await dialog.get_by_role("button", name="保存").click()
    await expect(row).to_contain_text("可查看")
    # taking the change back
    await page.get_by_role("button", name="撤销").last.click()
    await expect(row).to_contain_text("可编辑")

    await row.get_by_role("button", name=f"对 {name} 的共享的操作").click()
    await page.get_by_role("menuitem", name="结束共享").click()
    await expect(team).to_contain_text("1 个已结束的共享")
    history = page.get_by_role("region", name="动态", exact=True)
    await expect(history.get_by_text("结束了共享").first).to_be_visible()
    await team.get_by_text("1 个已结束的共享").click()
    await team.get_by_role("button", name=f"重新共享给 {name}").click()
    await expect(row).to_contain_text("可编辑")

    await team.get_by_role("button", name="关注", exact=True).click()
    await expect(team.get_by_role("button", name="取消关注")).to_be_visible()


async def test_a_sharing_rule(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    name, person = f"规则{uuid4().hex[:6]}", f"规则同事{uuid4().hex[:6]}"
    await new_person(page, person)
    await page.goto("/settings/sharing")
    await page.get_by_role("button", name="新建规则").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("名称 (中文)").fill(name)
    await drawer.get_by_label("对象").click()
    await page.locator(".ant-select-item-option").filter(has_text="商机").first.click()
    await expect(drawer).to_contain_text("条记录符合")
    await choose(page, drawer.get_by_role("combobox", name="人员"), person)
    await page.keyboard.press("Escape")
    await drawer.get_by_role("button", name="保存").click()
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text(person)
    await expect(row).to_contain_text("全部记录")
    await shot(page, "sharing-rules-zh")
    await row.get_by_role("button", name=name, exact=True).click()
    await drawer.get_by_text("可编辑", exact=True).click()
    await drawer.get_by_role("button", name="保存").click()
    await expect(row).to_contain_text("可编辑")
    await page.get_by_role("button", name="撤销").last.click()
    await expect(row).to_contain_text("可查看")
    await row.get_by_role("switch").click()
    await expect(row.get_by_role("switch")).not_to_be_checked()
    await row.get_by_role("button", name=f"更多: {name}").click()
    await page.get_by_role("menuitem", name="删除规则").click()
    await expect(row).to_have_count(0)
    await page.get_by_role("button", name="撤销").last.click()
    await expect(row).to_have_count(1)


async def test_handing_over_and_taking_it_back(demo, open_page, shot) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    mark = uuid4().hex[:6]
    leaver, first, second = f"离职{mark}", f"接手甲{mark}", f"接手乙{mark}"
    ids = [await new_person(page, name) for name in (leaver, first, second)]
    for at in range(4):
        await call(page, "POST", "/records/account", {"name": f"交接客户{mark}{at}", "owner": ids[0]})

    async def owners() -> list[str]:
        where = {"field": "name", "op": "starts_with", "value": f"交接客户{mark}"}
        found = await call(page, "POST", "/records/account/query", {"where": where, "select": ["owner"]})
        return sorted(row["owner"]["label"] for row in found["records"])

    await page.goto(f"/settings/hand-over?person={ids[0]}")
    form = page.get_by_role("region", name="新建交接")
    await expect(form.get_by_role("row").filter(has_text="客户")).to_contain_text("4")
    await choose(page, form.get_by_role("combobox", name="接手人", exact=True), first)
    await choose(page, form.get_by_role("combobox", name="接手人", exact=True), second)
    await page.keyboard.press("Escape")
    await form.get_by_text("平均分配", exact=True).click()
    await form.get_by_label("原因").fill("离职交接")
    await form.get_by_role("checkbox", name="同时标记为离职").check()
    await shot(page, "hand-over-zh")
    await form.get_by_role("button", name="开始交接").click()
    await page.get_by_role("dialog").get_by_role("button", name="开始交接").click()
    entry = page.get_by_role("region", name="交接记录").get_by_role("listitem").filter(has_text=leaver).first
    await expect(entry).to_contain_text("已完成")
    await expect(entry).to_contain_text("交接了 4 项")
    assert await owners() == sorted([first, first, second, second])
    person = await call(page, "GET", f"/records/person/{ids[0]}")
    assert person["status"] == "left"

    await entry.get_by_role("button", name="撤销交接").click()
    await page.get_by_role("dialog").get_by_role("button", name="撤销交接").click()
    await expect(entry).to_contain_text("已撤销")
    assert await owners() == [leaver] * 4
    person = await call(page, "GET", f"/records/person/{ids[0]}")
    assert person["status"] == "active"
