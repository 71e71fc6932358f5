"""One record: changed where it stands, with its history; two people at once; deleted and brought back."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

PASSWORD = "liaoran-demo"


@pytest.fixture
async def account(demo, open_page):
    """A new account of its own, made through the API: its name, its id, and the page of its maker."""
    page = await open_page(demo, "admin", PASSWORD)
    me = await (await page.request.get("/api/v1/me")).json()
    name = f"测试客户{uuid4().hex[:6]}"
    answer = await page.request.post(
        "/api/v1/records/account", data={"name": name}, headers={"X-CSRF-Token": me["csrf"]}
    )
    assert answer.ok, await answer.text()
    return name, (await answer.json())["id"], page


async def visit(page: Page, record: str) -> None:
    await page.goto(f"/o/account/{record}")
    await expect(fact(page, "name")).to_be_visible()


def fact(page: Page, field: str) -> Locator:
    return page.locator(f'dl [data-field="{field}"]')


async def start_editing(page: Page, field: str, value: str) -> Locator:
    """Opens a fact and types; nothing is saved yet."""
    line = fact(page, field)
    await line.hover()
    await line.get_by_role("button", name=re.compile("^修改")).click()
    await line.locator("input, textarea").first.fill(value)
    return line


async def test_a_fact_is_changed_where_it_stands_and_history_tells(open_page, account, shot) -> None:
    _, record, page = account
    await visit(page, record)
    line = await start_editing(page, "website", "https://old.example.cn")
    await line.get_by_role("button", name="保存").click()
    await expect(line.get_by_role("link")).to_have_attribute("href", re.compile("old.example.cn"))
    line = await start_editing(page, "website", "https://new.example.cn")
    await line.locator("input").press("Enter")
    await expect(line.get_by_role("link")).to_have_attribute("href", re.compile("new.example.cn"))
    event = page.get_by_role("region", name="动态").get_by_role("listitem").first
    await expect(event).to_contain_text("old.example.cn")
    await expect(event).to_contain_text("new.example.cn")
    await expect(event).to_contain_text("网址")
    await expect(event.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-\d\d-\d\dT"))
    me = await (await page.request.get("/api/v1/me")).json()
    await expect(event).to_contain_text(me["person"]["name"])
    await shot(page, "record-history-zh")


async def test_a_value_that_is_refused_says_why_at_its_place(open_page, account) -> None:
    _, record, page = account
    await visit(page, record)
    line = await start_editing(page, "website", "这不是网址")
    await line.get_by_role("button", name="保存").click()
    await expect(line.get_by_role("alert")).to_be_visible()
    await line.locator("input").press("Escape")
    await expect(line.locator("input")).to_have_count(0)


async def test_two_people_at_once_see_both_values_and_decide(open_page, demo, account, shot) -> None:
    _, record, mine = account
    await visit(mine, record)
    theirs = await open_page(demo, "admin", PASSWORD)
    await visit(theirs, record)

    line = await start_editing(mine, "website", "https://mine.example.cn")
    other = await start_editing(theirs, "website", "https://theirs.example.cn")
    await other.get_by_role("button", name="保存").click()
    await expect(other.get_by_role("link")).to_be_visible()
    # my page has read the record again by now, and what I entered is still about how it was
    await expect(mine.get_by_role("region", name="动态")).to_contain_text("theirs.example.cn")

    await line.get_by_role("button", name="保存").click()
    panel = line.get_by_role("alert")
    await expect(panel).to_contain_text("这条记录刚被别人改过")
    website = panel.get_by_role("group", name="网址")
    await expect(website.get_by_role("radio", name="现在的值")).to_be_checked()
    await expect(website).to_contain_text("theirs.example.cn")
    await expect(website).to_contain_text("mine.example.cn")
    await shot(mine, "record-conflict-zh")
    await website.get_by_role("radio", name="我的修改").check()
    await panel.get_by_role("button", name="保存").click()
    await expect(panel).to_have_count(0)
    await expect(fact(mine, "website").get_by_role("link")).to_have_attribute("href", re.compile("mine.example.cn"))


async def test_a_deleted_record_comes_back_by_undo_and_from_the_bin(open_page, account, shot) -> None:
    name, record, page = account
    await visit(page, record)
    for way in ("undo", "bin"):
        await page.locator("main").get_by_role("button", name="更多").click()
        await page.get_by_role("menuitem", name="删除").click()
        await expect(page.get_by_text(f"“{name}”已移到回收站")).to_be_visible()
        if way == "undo":
            await page.locator(".ant-message").get_by_role("button", name="撤销").click()
            await expect(page.get_by_text("已撤销")).to_be_visible()
        else:
            await page.goto("/recycle?object=account")
            line = page.get_by_role("row").filter(has_text=name)
            await expect(line).to_be_visible()
            await shot(page, "recycle-zh")
            await line.get_by_role("button", name="恢复").click()
            await expect(page.get_by_text("已恢复 1 条")).to_be_visible()
            await expect(line).to_have_count(0)
        await visit(page, record)


@pytest.fixture
async def opportunity(demo, open_page):
    """A new opportunity that is ready for the next stage: its name, its id, and the page of its maker."""
    page = await open_page(demo, "lina", PASSWORD)
    me = await (await page.request.get("/api/v1/me")).json()
    name = f"测试商机{uuid4().hex[:6]}"
    accounts = await page.request.post(
        "/api/v1/records/account/query", data={"limit": 1}, headers={"X-CSRF-Token": me["csrf"]}
    )
    agreed = {
        "account": (await accounts.json())["records"][0]["id"],
        "next_follow_up_at": "2030-01-07T02:00:00Z",
    }
    answer = await page.request.post(
        "/api/v1/records/opportunity",
        data={"name": name, "amount": 120000, **agreed},
        headers={"X-CSRF-Token": me["csrf"]},
    )
    assert answer.ok, await answer.text()
    return name, (await answer.json())["id"], page


async def test_the_stage_path_moves_a_record_and_asks_for_what_is_missing(opportunity, shot) -> None:
    _, record, page = opportunity
    await page.goto(f"/o/opportunity/{record}")
    path = page.get_by_role("list", name="阶段")
    step = path.get_by_role("button")
    await expect(path.locator('[aria-current="step"]')).to_contain_text("初步接触")
    await step.filter(has_text="需求确认").click()
    await expect(path.locator('[aria-current="step"]')).to_contain_text("需求确认")
    await step.filter(has_text="输单").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("输单原因")
    await shot(page, "record-move-zh")
    await dialog.get_by_role("button", name="移动").click()
    await expect(dialog).to_contain_text("请填写“输单原因”")
    await expect(path.locator('[aria-current="step"]')).to_contain_text("需求确认")
    await dialog.get_by_role("combobox").click()
    await page.locator(".ant-select-item-option").first.click()
    await dialog.get_by_role("button", name="移动").click()
    await expect(path.locator('[aria-current="step"]')).to_contain_text("输单")
    await expect(fact(page, "loss_reason")).not_to_contain_text("—")


async def test_undo_in_a_message_takes_back_what_the_message_says(opportunity) -> None:
    name, record, page = opportunity
    await page.goto(f"/o/opportunity/{record}")
    current = page.get_by_role("list", name="阶段").locator('[aria-current="step"]')
    await page.get_by_role("list", name="阶段").get_by_role("button").filter(has_text="需求确认").click()
    await expect(current).to_contain_text("需求确认")
    # Another window of the same person makes something meanwhile: the last action is no longer the move.
    me = await (await page.request.get("/api/v1/me")).json()
    made = await page.request.post(
        "/api/v1/records/account", data={"name": f"另一个窗口建的{name}"}, headers={"X-CSRF-Token": me["csrf"]}
    )
    await page.locator(".ant-message").get_by_role("button", name="撤销").click()
    await expect(current).to_contain_text("初步接触")
    assert (await page.request.get(f"/api/v1/records/account/{(await made.json())['id']}")).ok


async def test_the_form_shows_an_amount_with_its_currency_and_who_starts_as_owner(open_page, demo, shot) -> None:
    page = await open_page(demo, "lina", PASSWORD)
    await page.goto("/o/opportunity")
    await page.locator("main").get_by_role("button", name="新建商机").click()
    form = page.get_by_role("dialog", name="新建商机")
    await expect(form.locator('[data-field="owner"]')).to_contain_text("李娜")
    entry = form.locator('[data-field="amount"]')
    await expect(entry.get_by_label("币种")).to_be_visible()
    await expect(form.locator('[data-field="currency"]')).to_have_count(0)
    await entry.get_by_label("预计金额").fill("１２，５００")
    await entry.get_by_label("币种").click()
    await page.locator(".ant-select-item-option").filter(has_text="USD").click()
    await shot(page, "form-amount-zh")
    await form.get_by_role("button", name="保存").click()
    await expect(form.locator('[data-field="name"]')).to_contain_text("不能为空")
    name = f"美元商机{uuid4().hex[:6]}"
    await form.get_by_label("商机名称").fill(name)
    await form.get_by_role("button", name="保存").click()
    await expect(form).to_have_count(0)
    await page.keyboard.press("Control+k")
    await page.locator("dialog input").fill(name)
    await page.locator("dialog [role=option]").filter(has_text=name).click()
    await expect(fact(page, "amount")).to_contain_text("12,500.00")
    await expect(fact(page, "currency")).to_contain_text("USD")


async def test_the_palette_finds_a_record_by_its_name_and_by_its_initials_and_runs_a_command(
    open_page, demo, shot
) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    me = await (await page.request.get("/api/v1/me")).json()
    made = await page.request.post(
        "/api/v1/records/account", data={"name": "丙丁甲乙测试"}, headers={"X-CSRF-Token": me["csrf"]}
    )
    assert made.ok
    record = (await made.json())["id"]
    typed = page.locator("dialog input")
    option = page.locator("dialog [role=option]").filter(has_text="丙丁甲乙测试").first
    for words in ("甲乙测试", "bdjycs", "bingdingjia"):
        await page.goto("/o/account")
        await expect(page.locator("main h1")).to_be_visible()
        await page.keyboard.press("Control+k")
        await typed.fill(words)
        await expect(option).to_be_visible()
        await shot(page, f"palette-{words}-zh")
        await option.click()
        await expect(page).to_have_url(re.compile(f"/o/account/{record}"))
    await page.keyboard.press("Control+k")
    await typed.fill("hsz")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile("/recycle"))
    await page.keyboard.press("Control+k")
    await typed.fill("xjkh")
    await expect(page.locator("dialog [role=option]").filter(has_text="新建客户")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="新建客户")).to_be_visible()
