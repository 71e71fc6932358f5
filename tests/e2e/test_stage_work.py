"""A deal walked through the shipped standard pipeline in the pages: refused at each gate first, mended by one click
each, moved on to won by salesperson and manager; and two people who move one deal at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage, Site
from tests.e2e.test_pages import barriers, settled

PASSWORD = "liaoran-demo"
API = "/api/v1"


async def call(page: Page, path: str, body: Any = None, *, method: str = "POST") -> Any:
    """One call in the name of whoever is signed in; it must be fine."""
    me = await (await page.request.get(f"{API}/me")).json()
    answer = await page.request.fetch(API + path, method=method, data=body, headers={"X-CSRF-Token": me["csrf"]})
    assert answer.ok, await answer.text()
    return await answer.json() if await answer.body() else None


ADeal = Callable[..., Awaitable[tuple[str, str]]]


@pytest.fixture
async def a_deal(open_page: OpenPage) -> AsyncIterator[ADeal]:
    """``await a_deal(page, …)``: a new deal of the person's own, its id and name. It is thrown away at the end, so that
    other tests find the demo as it was."""
    made: list[tuple[Page, str]] = []

    async def make(page: Page, **values: Any) -> tuple[str, str]:
        accounts = await call(page, "/records/account/query", {"select": ["name"], "limit": 1})
        name = f"推进商机{uuid4().hex[:6]}"
        body = {"name": name, "account": accounts["records"][0]["id"], "amount": 360000, **values}
        record = (await call(page, "/records/opportunity", body))["id"]
        made.append((page, record))
        return record, name

    yield make
    for page, record in made:
        await call(page, f"/records/opportunity/{record}", method="DELETE")


def button(place: Page | Locator, word: str) -> Locator:
    """A button by its word, which is spaced out where it is two characters long."""
    return place.get_by_role("button", name=re.compile(" ?".join(word) + "$"))


def gate(page: Page, state: str) -> Locator:
    """The card that says what moving on to the state asks for."""
    return page.get_by_role("region", name=f"推进到“{state}”")


async def refused(page: Page, state: str, *missing: str) -> Locator:
    """Moves on, and is told what is missing; gives the dialog."""
    await gate(page, state).get_by_test_id("move-on").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"还差 {len(missing)} 项")
    for one in missing:
        await expect(dialog.locator('[data-met="false"]').filter(has_text=one)).to_be_visible()
    await button(dialog, "移动").click()
    await expect(dialog).to_contain_text(f"还差 {len(missing)} 项")
    return dialog


async def leave(dialog: Locator) -> None:
    await button(dialog, "取消").click()
    await expect(dialog).to_be_hidden()


async def upload(place: Page | Locator, document_type: str, name: str) -> None:
    """What the one click on the button of the gate comes to: the chooser of files, the document type already set."""
    file = {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n " + name.encode()}
    await place.locator(f'input[data-document-type="{document_type}"]').first.set_input_files([file])  # type: ignore[list-item]


async def fill_in(page: Page, state: str, field: str, key: str, value: str) -> None:
    """From the gate to the Field: one click opens it where it stands."""
    await gate(page, state).get_by_role("button", name=f"填写“{field}”").click()
    row = page.locator(f'dl [data-field="{key}"]')
    await expect(row.locator("input, textarea").first).to_be_focused()
    await page.keyboard.type(value)
    await page.keyboard.press("Enter")
    await expect(button(row, "保存")).to_have_count(0)


async def now_in(page: Page, state: str) -> None:
    await expect(page.get_by_role("list", name="阶段").locator('[aria-current="step"]')).to_contain_text(state)
    await expect(page.get_by_role("region", name="现在到哪了")).to_contain_text(f"阶段“{state}”")


async def approve(site: Site, open_page: OpenPage, login: str, record: str) -> None:
    page = await open_page(site, login, PASSWORD)
    found = await call(page, f"/records/opportunity/{record}/approvals", method="GET")
    [running] = [one["id"] for one in found["approvals"] if one["state"] == "running"]
    await call(page, f"/approvals/{running}/decide", {"decision": "approve", "comment": "可以"})


async def first_contact(page: Page) -> None:
    """Refused, then a task is checked off and the Field filled in where it stands."""
    answer = page.get_by_role("region", name="现在到哪了")
    await leave(await refused(page, "需求确认", "需求会已约定"))
    tasks = page.get_by_role("region", name="本阶段任务")
    await tasks.get_by_role("checkbox", name="完成“建立客户与联系人档案”").click()
    await tasks.get_by_role("textbox", name="做成了什么").fill("档案建好，联系人是王工")
    await button(tasks, "完成").click()
    await expect(tasks).to_contain_text("1/3 已完成")
    await expect(answer).to_contain_text("已跟进")
    await fill_in(page, "需求确认", "下次跟进时间", "next_follow_up_at", "2027-01-05 10:00")
    await expect(gate(page, "需求确认")).to_contain_text("已满足 2/2")
    await gate(page, "需求确认").get_by_test_id("move-on").click()
    await now_in(page, "需求确认")


async def needs(page: Page, shot: Any) -> None:
    """All of it in the checklist itself, which is asked again with every entry."""
    dialog = await refused(
        page, "方案报价", "需求摘要已写明", "预算范围已确认", "决策链已明确", "上线时间已确认", "客户已确认需求"
    )
    await shot(page, "stage-dialog-zh")
    await dialog.get_by_label("需求摘要", exact=True).fill("报表每天要两小时，希望半小时出")
    await dialog.get_by_label("客户预算", exact=True).fill("400000")
    await dialog.get_by_label("决策人", exact=True).fill("王总")
    await dialog.get_by_label("时间线", exact=True).fill("年底前上线")
    await expect(dialog).to_contain_text("还差 1 项")
    await upload(dialog, "requirement", "需求文档.pdf")
    await expect(dialog).to_contain_text("条件都满足了")
    await button(dialog, "移动").click()
    await expect(dialog).to_be_hidden()
    await now_in(page, "方案报价")


async def proposal(page: Page, shot: Any) -> None:
    """A file from the card; the outputs tell that it is there."""
    await leave(await refused(page, "评审谈判", "方案报价已给到客户"))
    await page.get_by_text("指引与话术").click()
    await page.get_by_role("tab", name="产出").click()
    outputs = page.get_by_role("tabpanel", name="产出")
    await expect(outputs).to_contain_text("售前 唐博")
    await expect(outputs.get_by_text("还没有").first).to_be_visible()
    await upload(gate(page, "评审谈判"), "quote", "报价单.pdf")
    await expect(outputs.get_by_text("已有").first).to_be_visible()
    await expect(gate(page, "评审谈判")).to_contain_text("已满足 3/3")
    await settled(page)
    assert await barriers(page) == []
    await shot(page, "stage-record-zh")
    await gate(page, "评审谈判").get_by_test_id("move-on").click()
    await now_in(page, "评审谈判")


async def negotiation(page: Page) -> None:
    """A day from the card to where it stands."""
    await leave(await refused(page, "合同审批", "预计成交日期已填写"))
    await fill_in(page, "合同审批", "预计成交日期", "expected_close_on", "20270131")
    await expect(gate(page, "合同审批").locator('[data-met="false"]')).to_have_count(0)
    await gate(page, "合同审批").get_by_test_id("move-on").click()
    await now_in(page, "合同审批")


async def contract(page: Page) -> None:
    """The manager closes it, and finds what was done in the first stage."""
    await now_in(page, "合同审批")
    dialog = await refused(page, "赢单", "合同版本已上传", "赢单原因")
    await upload(dialog, "contract", "合同.pdf")
    await expect(dialog).to_contain_text("还差 1 项")
    await dialog.get_by_role("combobox").click()
    await page.locator(".ant-select-item-option").first.click()
    await expect(dialog).to_contain_text("条件都满足了")
    await button(dialog, "移动").click()
    await now_in(page, "赢单")
    await page.get_by_text("历次停留").click()
    stays = page.get_by_role("region", name="下一步").get_by_role("listitem")
    await expect(stays.filter(has_text="档案建好，联系人是王工").first).to_contain_text("初步接触")


async def test_a_deal_from_first_contact_to_won(demo: Site, open_page: OpenPage, a_deal: ADeal, shot: Any) -> None:
    page = await open_page(demo, "lina", PASSWORD)
    record, _ = await a_deal(page)
    await page.goto(f"/o/opportunity/{record}")
    await now_in(page, "初步接触")
    answer = page.get_by_role("region", name="现在到哪了")
    await expect(answer).to_contain_text("条件已满足 1/2，下一步：建立客户与联系人档案，由 李娜 于")
    await expect(answer).to_contain_text("未跟进")
    await first_contact(page)
    await needs(page, shot)
    await proposal(page, shot)
    await negotiation(page)
    await approve(demo, open_page, "fengxue", record)
    await approve(demo, open_page, "luoyan", record)
    manager = await open_page(demo, "chenjing", PASSWORD)
    await manager.goto(f"/o/opportunity/{record}")
    await contract(manager)


async def test_the_board_shows_where_a_card_may_go_and_asks_the_same(
    demo: Site, open_page: OpenPage, a_deal: ADeal, shot: Any
) -> None:
    page = await open_page(demo, "lina", PASSWORD)
    _, name = await a_deal(page)
    await page.goto("/o/opportunity/board")
    card = page.locator('section[data-state="initial_contact"] article[data-card]').filter(has_text=name)
    await expect(card).to_contain_text("3 项必做未完成")
    start = await card.bounding_box()
    goal = await page.locator('section[data-state="needs"]').bounding_box()
    assert start and goal
    await page.mouse.move(start["x"] + 40, start["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(start["x"] + 80, start["y"] + 40, steps=4)
    await expect(page.locator('section[data-state="needs"]')).to_contain_text("还差 1 项")
    await shot(page, "stage-drag-zh")
    await page.mouse.move(goal["x"] + goal["width"] / 2, goal["y"] + 200, steps=8)
    await page.mouse.up()
    dialog = page.get_by_role("dialog")
    await expect(dialog.locator('[data-check="meeting_agreed"]')).to_have_attribute("data-met", "false")
    await leave(dialog)
    await expect(card).to_be_visible()


async def test_who_moves_second_sees_what_happened(demo: Site, open_page: OpenPage, a_deal: ADeal) -> None:
    lina = await open_page(demo, "lina", PASSWORD)
    record, _ = await a_deal(lina, next_follow_up_at="2027-01-05T02:00:00Z")
    await lina.goto(f"/o/opportunity/{record}")
    await now_in(lina, "初步接触")
    # The page does not hear of the other move before its own, as when both press at one moment.
    await lina.route("**/api/v1/events*", lambda route: route.abort())
    await lina.reload()
    await now_in(lina, "初步接触")
    chen = await open_page(demo, "chenjing", PASSWORD)
    await call(chen, f"/records/opportunity/{record}/transitions", {"to_state": "needs"})
    await gate(lina, "需求确认").get_by_test_id("move-on").click()
    await expect(lina.get_by_text("陈静刚刚把它移到了“需求确认”")).to_be_visible()
    await now_in(lina, "需求确认")


async def test_many_deals_change_stage_each_through_its_own_gate(
    demo: Site, open_page: OpenPage, a_deal: ADeal
) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    word = f"批量{uuid4().hex[:6]}"
    for number, values in enumerate(({"next_follow_up_at": "2027-01-05T02:00:00Z"}, {})):
        record, _ = await a_deal(page, **values)
        await call(page, f"/records/opportunity/{record}", {"name": f"{word} {number}"}, method="PATCH")
    await page.goto("/o/opportunity")
    await page.get_by_role("searchbox").or_(page.get_by_placeholder("在此搜索")).first.fill(word)
    # the list is narrowed to the two before all that it shows is chosen
    await expect(page.get_by_role("grid").get_by_role("checkbox")).to_have_count(3)
    await page.get_by_role("checkbox").first.click()
    await page.get_by_role("button", name="换阶段").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_role("combobox", name="移到").click()
    await page.locator(".ant-select-item-option").filter(has_text="需求确认").click()
    await button(drawer, "移动").click()
    await expect(drawer.get_by_role("status")).to_contain_text(f"{word} 1")
    await expect(drawer.get_by_role("status")).to_contain_text("需求会已约定")


async def test_on_a_phone_what_is_next_comes_first(demo: Site, open_page: OpenPage, a_deal: ADeal, shot: Any) -> None:
    page = await open_page(demo, "lina", PASSWORD, language="en", theme="dark", phone=True)
    record, _ = await a_deal(page)
    await page.goto(f"/o/opportunity/{record}")
    await expect(page.get_by_role("tab", name="Next")).to_have_attribute("aria-selected", "true")
    card = page.get_by_role("region", name="To “Needs confirmed”")
    await card.get_by_role("button", name="Fill in “Next follow-up”").click()
    await expect(page.get_by_role("dialog").locator('[data-field="next_follow_up_at"] input')).to_be_focused()
    await page.get_by_role("button", name="Cancel").click()
    await shot(page, "stage-record-en-phone")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await settled(page)
    assert await barriers(page) == []
