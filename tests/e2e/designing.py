"""Shaping a pipeline in the pages as an administrator does it, for tests that need one.

The pages are in Chinese. Each function is one thing that a person does; ``five_stages`` builds a whole pipeline from nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.async_api import Locator, Page, expect

STAGES = ("接洽", "摸底", "出方案", "谈条件", "走合同")
"""The five open stages of ``five_stages``, in order."""
APPROVAL = "合同会签"


async def begin(page: Page, name: str) -> str:
    """A pipeline for opportunities from nothing; gives its key."""
    await page.goto("/settings/processes")
    await page.get_by_role("button", name="新建空白流程").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("流程名称 (中文)").fill(name)
    await drawer.get_by_role("button", name="开始设计").click()
    await expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()
    return page.url.rstrip("/").rsplit("/", 1)[-1].split("?")[0]


async def saved(page: Page) -> None:
    """Waits until the draft is kept as it is shown."""
    await expect(page.locator("[data-saving=saved]")).to_be_visible()


def panel(page: Page) -> Locator:
    """What is chosen, at the side."""
    return page.get_by_role("complementary")


async def open_part(page: Page, part: str) -> Locator:
    """Unfolds a part of the panel, where it is not open yet."""
    box = panel(page).locator(f"details[data-part={part}]")
    if await box.get_attribute("open") is None:
        await box.locator("summary").click()
    return box


async def add_stage(page: Page, name: str) -> None:
    """A new stage behind the last open one, opened at the side."""
    await page.get_by_role("button", name="添加阶段").click()
    await name_stage(page, name)


async def name_stage(page: Page, name: str) -> None:
    """Renames the stage that is open at the side."""
    await panel(page).get_by_label("阶段名称 (中文)").fill(name)
    english = panel(page).get_by_label("阶段名称 (English)")
    if await english.input_value():
        await english.fill("")
    await expect(panel(page).locator("header h3")).to_have_text(name)


async def open_stage(page: Page, name: str) -> None:
    """Opens a stage from the drawing."""
    await page.locator("[data-stage]").filter(has_text=name).click()
    await expect(panel(page).locator("header h3")).to_have_text(name)


async def choose(page: Page, select: Locator, option: str) -> None:
    """Chooses an option of a select by typing its name."""
    await select.click()
    await select.fill(option)
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=option).first.click()


async def require(page: Page, field: str) -> None:
    """Asks for a Field in the stage that is open: one click to open the list, one on the Field."""
    box = await open_part(page, "required")
    await choose(page, box.get_by_role("combobox", name="添加必填字段"), field)
    await expect(box.get_by_role("listitem").filter(has_text=field)).to_be_visible()


async def add_check(page: Page, part: str, words: str) -> Locator:
    """A condition with a name of its own in the entry or exit gate; gives its card."""
    box = await open_part(page, part)
    await box.get_by_role("button", name="添加条件").last.click()
    card = box.locator("[data-check]").last
    await card.get_by_label("条件的说法（被拦下的人会看到） (中文)").fill(words)
    return card


async def ask_about(page: Page, card: Locator, field: str) -> None:
    """Says which Field the first line of a condition asks about."""
    picker = card.get_by_role("combobox", name="字段").first
    await picker.click()
    await page.locator(".ant-cascader-menu-item:visible").filter(has_text=field).first.click()


async def ask_for(page: Page, card: Locator, evidence: str) -> None:
    """Asks for evidence or a linked record, and drops the line that a new condition begins with."""
    lines = card.get_by_role("button", name="移除这个条件")
    await card.get_by_role("button", name="要求证据").first.click()
    item = page.get_by_role("menuitem", name=evidence)
    await item.click()
    # the menu has to be gone before another card opens its own, or the next click may meet this one
    await expect(item).to_have_count(0)
    await expect(lines).to_have_count(2)
    await lines.first.click()
    await expect(lines).to_have_count(1)


async def select_in(page: Page, card: Locator, name: str, option: str) -> None:
    """Chooses in a plain select of a card."""
    await card.get_by_role("combobox", name=name, exact=True).first.click()
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text=option).first.click()


async def add_action(page: Page, words: str, days: int) -> Locator:
    """A must-action of the stage that is open, for the owner; gives its card."""
    box = await open_part(page, "actions")
    await box.get_by_role("button", name="添加动作").click()
    card = box.locator("[data-action]").last
    await card.get_by_label("做什么 (中文)").fill(words)
    await card.get_by_role("spinbutton", name="期限").fill(str(days))
    return card


async def add_approval(page: Page, name: str, approver: str) -> None:
    """An approval of one step by whoever is named, from the list of the picker."""
    await page.get_by_role("tab", name="审批").click()
    await page.get_by_role("button", name="添加审批").click()
    box = page.locator("[data-approval]")
    await box.get_by_label("审批名称 (中文)").fill(name)
    step = box.locator("[data-step]").first
    await choose(page, step.get_by_role("combobox", name="审批人"), approver)
    await page.get_by_role("tab", name="阶段").click()


async def publish(page: Page, note: str, carried: dict[str, str] | None = None) -> None:
    """Publishes the draft with a note; ``carried`` says where records of stages that go are carried."""
    await saved(page)
    await page.get_by_role("button", name="发布", exact=True).click()
    drawer = page.get_by_role("dialog")
    for source, to in (carried or {}).items():
        await select_in(page, drawer, f"“{source}”移到", to)
    await drawer.get_by_label("发布说明").fill(note)
    await drawer.get_by_role("button", name="立即发布").click()
    await expect(drawer.get_by_text("已发布")).to_be_visible()
    await drawer.get_by_role("button", name="继续设计").click()
    await expect(drawer).to_have_count(0)


async def five_stages(page: Page, name: str) -> str:
    """Builds and publishes a pipeline of five stages from nothing and gives its key:

    接洽: leaves when a need is written down · 摸底: asks for a budget, leaves when somebody who decides is known ·
    出方案: a must-task for the owner, leaves when it is done and a quotation is filed · 谈条件: asks for an expected
    closing day · 走合同: asks for the payment dates, starts an approval by the owner's manager, leaves when it has
    passed; then won, which asks for a reason, or lost.
    """
    key = await begin(page, name)
    await page.locator("[data-stage]").first.click()
    await name_stage(page, STAGES[0])
    card = await add_check(page, "exit", "需求已写明")
    await ask_about(page, card, "需求摘要")
    await select_in(page, card, "比较方式", "不为空")

    await add_stage(page, STAGES[1])
    await require(page, "客户预算")
    card = await add_check(page, "exit", "认识决策人")
    await ask_for(page, card, "关联：决策链")
    await card.get_by_role("button", name="限定哪些").click()
    inner = card.locator("fieldset fieldset").last
    await ask_about(page, inner, "决策角色")
    await select_in(page, inner, "比较方式", "等于")
    await select_in(page, inner, "值", "决策人")

    await add_stage(page, STAGES[2])
    await add_action(page, "发出方案", 3)
    card = await add_check(page, "exit", "该做的都做完了")
    await ask_for(page, card, "证据：本阶段的必做任务")
    card = await add_check(page, "exit", "报价单已上传")
    await ask_for(page, card, "证据：文件")
    await select_in(page, card, "文件类型", "报价单")

    await add_stage(page, STAGES[3])
    await require(page, "预计成交日期")

    await add_stage(page, STAGES[4])
    await require(page, "回款节点")
    await add_approval(page, APPROVAL, "负责人的直属上级")
    await open_stage(page, STAGES[4])
    box = await open_part(page, "approval")
    await select_in(page, box, "审批", APPROVAL)
    card = await add_check(page, "exit", "会签已通过")
    await ask_for(page, card, "证据：审批")
    await select_in(page, card, "审批", APPROVAL)
    await open_stage(page, "赢单")
    await require(page, "赢单原因")
    await publish(page, "第一版")
    return key


async def definition_of(page: Page, key: str) -> dict[str, Any]:
    """The draft's definition, or the published one where there is no draft."""
    answer = await page.request.get(f"/api/v1/processes/{key}/draft")
    assert answer.ok, await answer.text()
    found: dict[str, Any] = (await answer.json())["definition"]
    return found


def labels(definition: dict[str, Any]) -> Sequence[str]:
    """The names of the open stages in order."""
    return [one["label"]["zh"] for one in definition["states"] if one["kind"] == "open"]
