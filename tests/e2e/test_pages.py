"""Every page in both languages, both themes and both sizes: nothing breaks, nothing overflows, everybody can use it."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import ConsoleMessage, Locator, Page, expect

from tests.e2e.test_approvals import under_review

ADMIN = ("admin", "liaoran-demo")
ROWS = "客户名称,行业,城市,员工人数\n测试星河科技,软件,杭州,120\n测试远山制造,制造业,苏州市,八十\n".encode()
LOOKS = [
    (language, theme, phone)
    for language, theme, phone in itertools.product(("zh", "en"), ("light", "dark"), (False, True))
    if (language, theme, phone) in {("zh", "light", False), ("en", "dark", True)} or "LIAORAN_SHOTS" in os.environ
]
"""The two looks that differ in everything; with pictures wanted, all eight."""

Visit = Callable[[Page], Awaitable[None]]


async def first_id(page: Page, object_key: str) -> str:
    """The record that changed last."""
    me = await (await page.request.get("/api/v1/me")).json()
    answer = await page.request.post(
        f"/api/v1/records/{object_key}/query",
        data={"limit": 1, "sort": [{"field": "updated_at", "dir": "desc"}]},
        headers={"X-CSRF-Token": me["csrf"]},
    )
    return (await answer.json())["records"][0]["id"]  # type: ignore[no-any-return]


def at(path: str, sign: str) -> Visit:
    """A page that has an address; `sign` is there once it is drawn."""

    async def visit(page: Page) -> None:
        await page.goto(path)
        await expect(page.locator(sign).first).to_be_visible()

    return visit


async def record(page: Page) -> None:
    await page.goto(f"/o/opportunity/{await first_id(page, 'opportunity')}")
    await see_facts(page.locator("main"))


async def see_facts(place: Locator) -> None:
    """The facts of a record; where there is no room, they stand behind a tab, after what comes next."""
    await expect(place.locator("dl").first).to_be_visible()
    behind = place.get_by_role("tab", name=re.compile("^(资料|Details)$"))
    if await behind.count():
        await behind.click()
    await expect(place.locator("dl [data-field]").first).to_be_visible()


async def quick_look(page: Page) -> None:
    await page.goto("/o/opportunity/board")
    await page.locator("article[data-card] [role=button]").first.click()
    await see_facts(page.get_by_role("dialog"))


async def new_form(page: Page) -> None:
    await page.goto("/o/opportunity")
    await (
        page.locator("main")
        .get_by_role("button", name="新建商机")
        .or_(page.locator("main").get_by_role("button", name="New opportunity"))
        .click()
    )
    await expect(page.get_by_role("dialog").locator("form [data-field=name] input")).to_be_visible()


async def import_decisions(page: Page) -> None:
    await page.goto("/imports?object=account")
    await page.locator("input[type=file]").set_input_files(
        {"name": "accounts.csv", "mimeType": "text/csv", "buffer": ROWS}
    )
    await expect(page.locator("details[data-column]").first).to_be_visible()


async def approvals(page: Page) -> None:
    await under_review(page)
    await page.goto("/approvals?box=all")
    await page.locator("main ul button").first.click()
    await expect(page.locator("main article h2")).to_be_visible()


async def stage_panel(page: Page) -> None:
    """A stage of a pipeline with its conditions unfolded; on a phone from the table, else from the drawing."""
    await page.goto("/settings/processes/sales")
    stage = page.locator("main [data-stage=needs], main tr[data-state=needs] [class*=strong]")
    await stage.first.click()
    for part in ("required", "exit", "actions", "target_days", "accountable"):
        box = page.locator(f"details[data-part={part}]")
        if await box.get_attribute("open") is None:
            await box.locator("summary").click()
    await expect(page.locator("[data-check] [role=combobox]").first).to_be_visible()


async def template_gallery(page: Page) -> None:
    await page.goto("/settings/processes")
    await page.locator("main .ant-btn-primary").click()
    await expect(page.get_by_role("dialog").locator("li").first).to_be_visible()


async def hand_over(page: Page) -> None:
    await page.goto("/settings/people")
    await page.locator("main tbody a[href*='hand-over']").first.click()
    await expect(page.locator("main form, main table tbody tr, main [class*=empty]").first).to_be_visible()


async def sharing_rule(page: Page) -> None:
    await page.goto("/settings/sharing")
    await page.locator("main .ant-btn-primary").click()
    await expect(page.get_by_role("dialog").locator("input").first).to_be_visible()


async def role(page: Page) -> None:
    """A role with one Object unfolded."""
    await page.goto("/settings/roles")
    await page.locator("main tbody tr button[class*=strong]").first.click()
    folded = page.get_by_role("dialog").locator("button[aria-expanded=false]")
    await folded.last.click()
    await expect(page.get_by_role("dialog").locator("button[aria-expanded=true]")).to_have_count(2)


async def restriction(page: Page) -> None:
    await page.goto("/settings/roles")
    await page.locator("main section header button, main section [class*=headActions] button").last.click()
    await expect(page.get_by_role("dialog").locator("input").first).to_be_visible()


async def person(page: Page) -> None:
    """The login of somebody, with what they see."""
    await page.goto("/settings/people")
    await page.locator("main tbody tr").filter(has_text="chenjing").locator("button").first.click()
    await page.get_by_role("dialog").locator("summary").click()
    await expect(page.get_by_role("dialog").locator("details li").first).to_be_visible()


async def who_sees(page: Page) -> None:
    await page.goto(f"/o/account/{await first_id(page, 'account')}")
    behind = page.locator("main").get_by_role("tab", name=re.compile("^(资料|Details)$"))
    if await page.locator("main [role=tablist]").count() and await behind.count():
        await behind.click()
    await page.get_by_role("button", name=re.compile("^(谁能看到|Who sees this)")).click()
    await expect(page.get_by_role("dialog").locator("li").first).to_be_visible()


def audit_tab(number: int) -> Visit:
    """A tab of the audit log."""

    async def visit(page: Page) -> None:
        await page.goto("/settings/audit")
        await page.locator("main [role=tab]").nth(number).click()
        await expect(page.locator("main [role=tabpanel] input, main [role=tabpanel] p").first).to_be_visible()

    return visit


async def person_data(page: Page) -> None:
    await page.goto(f"/o/contact/{await first_id(page, 'contact')}")
    await page.locator("main header .ant-dropdown-trigger").click()
    await page.get_by_role("menuitem").first.click()
    await expect(page.get_by_role("dialog").locator("textarea")).to_be_visible()


async def palette(page: Page) -> None:
    await page.goto("/o/account")
    await expect(page.locator("main h1")).to_be_visible()
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox").and_(page.locator("dialog input")).fill("a")
    await expect(page.locator("dialog [role=option]").first).to_be_visible()


PAGES: dict[str, Visit] = {
    "board": at("/o/opportunity/board", "article[data-card]"),
    "list": at("/o/opportunity", "main [role=grid] [role=gridcell] a, main li a, main [class*=card]"),
    "record": record,
    "drawer": quick_look,
    "form": new_form,
    "import-start": at("/imports", "input[type=file]:enabled >> xpath=.."),
    "import-decisions": import_decisions,
    "approvals": approvals,
    "approvals-by-person": at("/approvals?box=all&view=people", "main section ul button"),
    "recycle": at("/recycle", "main h1"),
    "settings-account": at("/settings/account", "main input[type=password]"),
    "settings-objects": at("/settings/objects", "main tbody tr"),
    "settings-object": at("/settings/objects/opportunity", "main tbody tr"),
    "settings-processes": at("/settings/processes", "main [data-process]"),
    "settings-process": at("/settings/processes/sales", "main [data-stage], main [data-state]"),
    "settings-process-stage": stage_panel,
    "settings-process-approvals": at("/settings/processes/sales?tab=approvals", "main [data-step]"),
    "settings-process-settings": at("/settings/processes/sales?tab=settings", "main input[type=checkbox]"),
    "settings-process-trial": at("/settings/processes/sales?tab=try", "main [role=combobox]"),
    "settings-process-talk": at("/settings/processes/sales?tab=talk", "main textarea"),
    "settings-process-versions": at("/settings/processes/sales?tab=versions", "main [data-version]"),
    "settings-process-check": at("/settings/processes/sales?tab=check", "main table"),
    "settings-process-chart": at("/settings/processes/sales/chart", "main [data-chart-stage]"),
    "settings-process-templates": template_gallery,
    "settings-documents": at("/settings/documents", "main li[data-type]"),
    "settings-people": at("/settings/people", "main tbody tr"),
    "settings-person": person,
    "settings-roles": at("/settings/roles", "main tbody tr"),
    "settings-role": role,
    "settings-restriction": restriction,
    "who-sees": who_sees,
    "settings-hand-over": hand_over,
    "settings-sharing": at("/settings/sharing", "main h2"),
    "settings-sharing-rule": sharing_rule,
    "settings-security": at("/settings/security", "main form input"),
    "settings-audit": at("/settings/audit", "main ol li"),
    "settings-audit-verify": audit_tab(1),
    "settings-audit-exports": audit_tab(2),
    "settings-audit-rules": audit_tab(3),
    "work-log": at("/work-log", "main section"),
    "person-data": person_data,
    "second-factor": at("/second-factor", "main h2"),
    "palette": palette,
}


async def settled(page: Page) -> None:
    """Waits until nothing is on its way any more and nothing moves."""
    await expect(
        page.get_by_role("status", name="加载中").or_(page.get_by_role("status", name="Loading"))
    ).to_have_count(0)
    await page.evaluate(
        """() => Promise.all(document.getAnimations()
            .filter(one => one.effect?.getComputedTiming().iterations !== Infinity)
            .map(one => one.finished.catch(() => null)))"""
    )


async def overflow(page: Page) -> int:
    """By how many CSS pixels the document is wider than the window."""
    return await page.evaluate(  # type: ignore[no-any-return]
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


async def barriers(page: Page) -> list[str]:
    """What axe finds that is serious or critical: the rule and where."""
    found = (await Axe().run(page)).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): " + "; ".join(_where(node) for node in one["nodes"][:4])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def _where(node: dict[str, Any]) -> str:
    reason = next((check["message"] for check in node["any"] + node["all"] + node["none"]), "")
    return f"{' '.join(map(str, node['target']))} [{reason}] {node['html'][:120]}"


def name_of(look: tuple[str, str, bool]) -> str:
    language, theme, phone = look
    return f"{language}-{theme}-{'phone' if phone else 'desktop'}"


@pytest.mark.parametrize("look", LOOKS, ids=name_of)
async def test_every_page_works_for_everybody(open_page, demo, shot, look: tuple[str, str, bool]) -> None:
    language, theme, phone = look
    faults: list[str] = []
    place = "sign-in"

    def listen(message: ConsoleMessage) -> None:
        # Before the sign-in the pages ask who is there, and Chromium logs the answer "nobody".
        if message.type == "error" and not (place == "sign-in" and "401" in message.text):
            faults.append(f"{place}: console: {message.text}")

    async def look_at(page: Page) -> None:
        await settled(page)
        await shot(page, f"{name_of(look)}-{place}")
        if (excess := await overflow(page)) > 0:
            faults.append(f"{place}: {excess} px wider than the window")
        faults.extend(f"{place}: {barrier}" for barrier in await barriers(page))

    page = await open_page(demo, language=language, theme=theme, phone=phone)
    page.on("console", listen)
    await at("/sign-in", "form input[type=password]")(page)
    await look_at(page)

    page = await open_page(demo, *ADMIN, language=language, theme=theme, phone=phone)
    page.on("console", listen)
    for place, visit in PAGES.items():  # noqa: B007 - read by `listen` and `look_at`
        await visit(page)
        await look_at(page)
    assert not faults, "\n".join(faults)
