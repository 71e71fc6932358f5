"""A pipeline that an administrator builds from nothing in the pages takes a new deal to won, by salesperson and manager.

Each gate refuses first, in words on the page; what is missing is mended in the page; and each move goes by another door:
a drag on the board, the stage path, the form, a cell of the list, a change of many.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import designing
from tests.e2e.conftest import OpenPage, Site
from tests.e2e.designing import APPROVAL, STAGES
from tests.e2e.test_stage_work import button, call, gate, now_in

PASSWORD = "liaoran-demo"
FIRST, SECOND, THIRD, FOURTH, LAST = STAGES
WON = "赢单"

Tidy = Callable[[str, str], None]


@pytest.fixture
async def tidy(demo: Site, open_page: OpenPage) -> AsyncIterator[Tidy]:
    """Throws away the deals of this name at the end, and lets the person's board open as before."""
    kept: list[tuple[str, str]] = []
    yield lambda login, name: kept.append((login, name))
    admin = await open_page(demo, "admin", PASSWORD)
    for login, name in kept:
        where = {"field": "name", "op": "eq", "value": name}
        found = await call(admin, "/records/opportunity/query", {"where": where, "select": ["name"]})
        for record in found["records"]:
            await call(admin, f"/records/opportunity/{record['id']}", method="DELETE")
        person = await open_page(demo, login, PASSWORD)
        await call(person, "/starts/opportunity/board", {"process": None}, method="PATCH")


async def choose(page: Page, select: Locator, option: str) -> None:
    """Opens a select and chooses from what it offers."""
    await select.click()
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=option).first.click()


async def find(page: Page, select: Locator, words: str) -> None:
    """Searches in a select and takes what it finds."""
    await select.click()
    await page.keyboard.type(words)
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=words).first.click()


def column(page: Page, stage: str) -> Locator:
    """A stage of the board with its cards."""
    return page.get_by_role("region", name=re.compile(f"^{stage}，"))


async def drag(page: Page, name: str, stage: str) -> Locator:
    """Takes a card by the mouse and holds it over a stage; gives the column, which is marked by then."""
    card = page.locator("article[data-card]").filter(has_text=name)
    await card.scroll_into_view_if_needed()
    start, goal = await card.bounding_box(), await column(page, stage).bounding_box()
    assert start
    assert goal
    await page.mouse.move(start["x"] + 40, start["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(start["x"] + 80, start["y"] + 40, steps=4)
    await page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 200, steps=8)
    await expect(column(page, stage)).to_have_attribute("data-over", "true")
    return column(page, stage)


async def says(place: Locator, *missing: str) -> None:
    """The checklist names exactly what is missing."""
    await expect(place).to_contain_text(f"还差 {len(missing)} 项")
    for one in missing:
        await expect(place.locator('[data-met="false"]').filter(has_text=one)).to_be_visible()


async def leave(dialog: Locator) -> None:
    await button(dialog, "取消").click()
    await expect(dialog).to_be_hidden()


async def in_list(page: Page, name: str) -> Locator:
    """The line of a deal, found in the list."""
    await page.goto("/o/opportunity")
    await page.get_by_placeholder("在此搜索").fill(name)
    line = page.locator('[role="grid"] [role="row"][aria-rowindex]').filter(has_text=name)
    await expect(line).to_have_count(1)
    await expect(page.get_by_test_id("total")).to_have_text("1")
    return line


async def new_deal(page: Page, pipeline: str, name: str) -> str:
    """A deal begun on the board of the new pipeline; gives the name of its account."""
    await page.goto("/o/opportunity/board")
    await find(page, page.get_by_role("combobox", name="流程"), pipeline)
    await expect(column(page, FIRST)).to_be_visible()
    await page.get_by_role("button", name="新建商机").click()
    form = page.get_by_role("dialog", name="新建商机")
    await form.get_by_label("商机名称").fill(name)
    await form.get_by_label("客户", exact=True).click()
    found = page.locator(".ant-select-dropdown:visible .ant-select-item-option").first
    account = await found.inner_text()
    await found.click()
    await form.get_by_label("预计金额").fill("360000")
    await button(form, "保存").click()
    await expect(form).to_have_count(0)
    await expect(column(page, FIRST).locator("article").filter(has_text=name)).to_be_visible()
    return account


async def by_dragging(page: Page, name: str, shot: Any) -> None:
    """The board: what is missing stands in the column under the card, and as a list when it is dropped. Filled in from
    the quick look."""
    await expect(await drag(page, name, SECOND)).to_contain_text("还差 2 项")
    await shot(page, "nothing-drag")
    await page.mouse.up()
    dialog = page.get_by_role("dialog")
    await says(dialog, "需求已写明", "客户预算")
    await shot(page, "nothing-drag-refused")
    await leave(dialog)
    card = column(page, FIRST).locator("article").filter(has_text=name)
    await card.get_by_role("button", name=f"打开{name}").click()
    look = page.get_by_role("dialog", name=name)
    await shot(page, "nothing-look")
    await look.get_by_role("button", name="填写“客户预算”").click()
    form = page.get_by_role("dialog", name=f"编辑 · {name}")
    await expect(form.get_by_label("客户预算")).to_be_focused()
    await form.get_by_label("客户预算").fill("400000")
    await form.get_by_label("需求摘要").fill("报表每天要两小时，希望半小时出")
    await button(form, "保存").click()
    await expect(form).to_have_count(0)
    await expect(gate(page, SECOND)).to_contain_text("已满足 2/2")
    await look.get_by_role("button", name="关闭").click()
    await expect(look).to_have_count(0)
    await drag(page, name, SECOND)
    await page.mouse.up()
    await expect(column(page, SECOND).locator("article").filter(has_text=name)).to_be_visible()
    await expect(page.get_by_text(f"已移到“{SECOND}”")).to_be_visible()


async def by_the_path(page: Page, name: str, shot: Any) -> None:
    """The record page: the decision maker is added from the dialog, which is there again afterwards."""
    await column(page, SECOND).get_by_role("button", name=f"打开{name}").click()
    await page.get_by_role("dialog", name=name).get_by_role("link", name="打开").click()
    await now_in(page, SECOND)
    step = page.get_by_role("list", name="阶段").get_by_role("button")
    await step.filter(has_text=THIRD).click()
    dialog = page.get_by_role("dialog", name=re.compile(THIRD))
    await says(dialog, "认识决策人")
    await button(dialog, "移动").click()
    await says(dialog, "认识决策人")
    await shot(page, "nothing-path-refused")
    await dialog.get_by_role("button", name="添加决策链").click()
    form = page.get_by_role("dialog", name="新建决策链")
    await expect(form.locator('[data-field="role"]')).to_contain_text("决策人")
    await form.get_by_label("联系人", exact=True).click()
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").first.click()
    await shot(page, "nothing-decider")
    await button(form, "保存").click()
    await expect(dialog).to_contain_text("条件都满足了")
    await button(dialog, "移动").click()
    await now_in(page, THIRD)


async def edit_stage(page: Page, stage: str) -> Locator:
    """Opens the form of the record and chooses a stage in it."""
    await page.locator("main").get_by_role("button", name="编辑", exact=True).click()
    form = page.get_by_role("dialog", name=re.compile("^编辑"))
    await choose(page, form.get_by_label("商机阶段"), stage)
    return form


async def by_the_form(page: Page, shot: Any) -> None:
    """The form says at the stage what stands in the way; the task is finished and the file put there on the page."""
    form = await edit_stage(page, FOURTH)
    await button(form, "保存").click()
    refusal = form.get_by_role("alert").filter(has_text=f"离开“{THIRD}”前需要：该做的都做完了")
    await expect(refusal).to_be_in_viewport()
    await expect(refusal).to_contain_text("报价单已上传")
    asked = form.locator('[data-field="expected_close_on"]')
    await expect(asked).to_contain_text(f"进入“{FOURTH}”前请填写“预计成交日期”")
    await shot(page, "nothing-form-refused")
    await leave(form)
    tasks = page.get_by_role("region", name="本阶段任务")
    await tasks.get_by_role("checkbox", name="完成“发出方案”").click()
    await expect(tasks).to_contain_text("1/1 已完成")
    async with page.expect_file_chooser() as chooser:
        await gate(page, FOURTH).get_by_role("button", name="上传“报价单”").click()
    quote = {"name": "报价单.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n quotation"}
    await (await chooser.value).set_files(quote)  # type: ignore[arg-type]
    await expect(gate(page, FOURTH)).to_contain_text("已满足 2/3")
    await shot(page, "nothing-form-mended")
    form = await edit_stage(page, FOURTH)
    await form.get_by_label("预计成交日期").click()
    await page.keyboard.type("20270131")
    await button(form, "保存").click()
    await expect(form).to_have_count(0)
    await now_in(page, FOURTH)


async def by_a_cell(page: Page, name: str, shot: Any) -> None:
    """The list: the gate asks for one thing more than the cell, and takes it there."""
    line = await in_list(page, name)
    cell = line.get_by_role("gridcell").filter(has_text=FOURTH)
    await cell.dblclick()
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=LAST).click()
    dialog = page.get_by_role("dialog")
    await says(dialog, "回款节点")
    await shot(page, "nothing-cell-refused")
    await leave(dialog)
    await expect(cell).to_be_visible()
    await cell.dblclick()
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=LAST).click()
    await dialog.get_by_label("回款节点").fill("签约付三成，上线付七成")
    await expect(dialog).to_contain_text("条件都满足了")
    await button(dialog, "移动").click()
    await expect(line.get_by_role("gridcell").filter(has_text=LAST)).to_be_visible()
    await line.get_by_role("link", name=name).click()
    await now_in(page, LAST)
    await expect(page.get_by_role("region", name="审批", exact=True)).to_contain_text("等待 陈静")
    await shot(page, "nothing-locked")


async def to_won(page: Page, pipeline: str, name: str) -> Locator:
    """As one of many, chosen in the list; gives what came of it."""
    line = await in_list(page, name)
    await line.get_by_role("checkbox").check()
    await page.get_by_role("toolbar", name="批量操作").get_by_role("button", name="换阶段").click()
    drawer = page.get_by_role("dialog")
    # the pipeline that the record is in is chosen already
    await expect(drawer.locator(".ant-form-item").filter(has_text="流程").first).to_contain_text(pipeline)
    await choose(page, drawer.get_by_role("combobox", name="移到"), WON)
    await choose(page, drawer.get_by_role("combobox", name="赢单原因"), "")
    await button(drawer, "移动").click()
    return drawer.get_by_role("status")


async def by_a_change_of_many(page: Page, pipeline: str, name: str, shot: Any) -> None:
    """The manager: locked while the approval waits, which is the manager's own to give, in the inbox."""
    outcome = await to_won(page, pipeline, name)
    await expect(outcome).to_contain_text("1 条没有通过检查")
    await expect(outcome).to_contain_text(f"“{APPROVAL}”审批中，记录已锁定")
    await expect(outcome).to_contain_text("由陈静处理")
    await shot(page, "nothing-bulk-refused")
    await button(page.get_by_role("dialog"), "关闭").last.click()
    await page.get_by_role("link", name="审批").click()
    row = page.get_by_role("list", name="审批", exact=True).get_by_role("button").filter(has_text=name)
    await row.click()
    await expect(page.get_by_role("article").get_by_role("heading", level=2)).to_have_text(name)
    await shot(page, "nothing-inbox")
    await page.get_by_role("textbox", name="意见").fill("条款可以")
    await page.get_by_role("button", name="同意", exact=True).click()
    await expect(page.get_by_text("已同意", exact=True)).to_be_visible()
    await expect(row).to_have_count(0)
    outcome = await to_won(page, pipeline, name)
    await expect(outcome).to_contain_text("1 条已修改")


async def test_a_pipeline_built_from_nothing_takes_a_deal_to_won(
    demo: Site, open_page: OpenPage, tidy: Tidy, shot: Any
) -> None:
    word = uuid4().hex[:6]
    pipeline, name = f"从零{word}", f"从零商机{word}"
    tidy("lina", name)
    admin = await open_page(demo, "admin", PASSWORD)
    await designing.five_stages(admin, pipeline)
    await shot(admin, "nothing-designed")

    lina = await open_page(demo, "lina", PASSWORD)
    await new_deal(lina, pipeline, name)
    await by_dragging(lina, name, shot)
    await by_the_path(lina, name, shot)
    await by_the_form(lina, shot)
    await by_a_cell(lina, name, shot)

    chenjing = await open_page(demo, "chenjing", PASSWORD)
    await by_a_change_of_many(chenjing, pipeline, name, shot)
    await now_in(lina, WON)
    await expect(lina.locator('dl [data-field="probability"]')).to_contain_text("100%")
    await lina.get_by_text("历次停留").click()
    stays = lina.get_by_role("region", name="下一步").get_by_role("listitem")
    for stage in STAGES:
        await expect(stays.filter(has_text=stage).first).to_be_visible()
    await expect(stays.filter(has_text="发出方案").first).to_contain_text(THIRD)
    await shot(lina, "nothing-won")
