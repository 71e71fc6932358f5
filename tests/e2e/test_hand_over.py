"""A stage that hands a deal over: who moves it there is told to whom it goes, wherever they move it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import OpenPage, Site
from tests.e2e.test_stage_work import call, gate, now_in

PASSWORD = "liaoran-demo"
FIRST, SECOND = "接手前", "交接"


@pytest.fixture
async def pipeline(demo: Site, open_page: OpenPage) -> str:
    """The key of a pipeline of two stages, the second of which hands over to 张伟; published through the API."""
    page = await open_page(demo, "admin", PASSWORD)
    people = await call(page, "/records/person/query", {"where": {"field": "name", "op": "eq", "value": "张伟"}})
    label = {"zh": f"交接{uuid4().hex[:6]}", "en": "Handing over"}
    draft = await call(page, "/processes/drafts/bare", {"object": "opportunity", "label": label})
    definition = draft["definition"]
    begin, *ends = definition["states"]
    first = {**begin, "label": {"zh": FIRST, "en": "Before"}}
    second = {
        **begin,
        "key": f"{begin['key']}_handed",
        "label": {"zh": SECOND, "en": "Handed over"},
        "hand_over": {"who": "person", "person": people["records"][0]["id"]},
    }
    path = f"/processes/{draft['key']}/draft"
    changed = {"definition": {**definition, "states": [first, second, *ends]}, "revision": draft["revision"]}
    kept = await call(page, path, changed, method="PUT")
    await call(page, f"{path}/publish", {"revision": kept["revision"], "mapping": {}, "note": ""})
    return str(draft["key"])


ADeal = Callable[[Page, str], Awaitable[tuple[str, str]]]


@pytest.fixture
async def a_deal(demo: Site, open_page: OpenPage) -> AsyncIterator[ADeal]:
    """``await a_deal(page, pipeline)``: a deal of the person's own, its id and name; thrown away at the end."""
    made: list[str] = []

    async def make(page: Page, pipeline: str) -> tuple[str, str]:
        name = f"交接商机{uuid4().hex[:6]}"
        body = {"name": name, "amount": 1000, "pipeline": pipeline}
        made.append((await call(page, "/records/opportunity", body))["id"])
        return made[-1], name

    yield make
    admin = await open_page(demo, "admin", PASSWORD)
    for record in made:
        await call(admin, f"/records/opportunity/{record}", method="DELETE")


async def find(page: Page, name: str) -> Any:
    """The lines of the list that hold the name, once it has been searched for."""
    await page.get_by_placeholder("在此搜索").fill(name)
    await expect(page).to_have_url(re.compile("q="))
    return page.get_by_role("grid").get_by_role("row").filter(has_text=name)


async def test_whoever_hands_a_deal_on_from_its_page_is_told_and_taken_to_the_list(
    demo: Site, open_page: OpenPage, pipeline: str, a_deal: ADeal, shot: Any
) -> None:
    lina = await open_page(demo, "lina", PASSWORD)
    record, name = await a_deal(lina, pipeline)
    await lina.goto(f"/o/opportunity/{record}")
    await now_in(lina, FIRST)
    await gate(lina, SECOND).get_by_test_id("move-on").click()
    await expect(lina.get_by_text("已移交给张伟，您不再能看到它")).to_be_visible()
    await expect(lina).to_have_url(re.compile("/o/opportunity$"))
    await shot(lina, "handed-over")
    await expect(lina.get_by_role("row").filter(has_text=name)).to_have_count(0)

    zhangwei = await open_page(demo, "zhangwei", PASSWORD)
    await zhangwei.goto("/o/opportunity")
    line = await find(zhangwei, name)
    await line.get_by_role("link", name=name).click()
    await now_in(zhangwei, SECOND)
    await expect(zhangwei.locator('dl [data-field="owner"]')).to_contain_text("张伟")
    changed = zhangwei.get_by_role("region", name="动态").get_by_role("listitem")
    await expect(changed.filter(has_text="负责人").first).to_contain_text("李娜")
    await shot(zhangwei, "handed-to")


async def test_a_manager_who_hands_a_deal_on_stays_on_its_page(
    demo: Site, open_page: OpenPage, pipeline: str, a_deal: ADeal
) -> None:
    lina = await open_page(demo, "lina", PASSWORD)
    record, _ = await a_deal(lina, pipeline)
    page = await open_page(demo, "chenjing", PASSWORD)
    await page.goto(f"/o/opportunity/{record}")
    await page.get_by_role("list", name="阶段").get_by_role("button").filter(has_text=SECOND).click()
    await now_in(page, SECOND)
    await expect(page.locator('dl [data-field="owner"]')).to_contain_text("张伟")


async def test_a_deal_handed_on_from_a_cell_leaves_the_list(
    demo: Site, open_page: OpenPage, pipeline: str, a_deal: ADeal
) -> None:
    lina = await open_page(demo, "lina", PASSWORD)
    _, name = await a_deal(lina, pipeline)
    await lina.goto("/o/opportunity")
    line = await find(lina, name)
    await line.get_by_role("gridcell").filter(has_text=FIRST).dblclick()
    await lina.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=SECOND).click()
    await expect(lina.get_by_text("已移交给张伟，您不再能看到它")).to_be_visible()
    await expect(line).to_have_count(0)
