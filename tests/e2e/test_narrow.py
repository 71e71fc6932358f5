"""Every page people use on the way, on the narrowest phone: nothing is cut off at the right edge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

PASSWORD = "liaoran-demo"
NARROW = {"width": 360, "height": 740}
CUT_OFF = """
() => {
  const scrolls = (element) => {
    for (let one = element.parentElement; one; one = one.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(one).overflowX)) return true
    }
    return false
  }
  const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 1
  return [...document.querySelectorAll('body *')]
    .filter((one) => shown(one) && one.getBoundingClientRect().right > innerWidth + 1 && !scrolls(one))
    .map((one) => `${one.tagName.toLowerCase()}.${one.className} ${one.textContent.slice(0, 40)}`)
    .slice(0, 5)
}
"""
"""The elements beyond the right edge that no scrolling brings into sight."""


async def narrow(open_page, demo, login: str | None = "lina") -> Page:
    page = await open_page(demo, login, PASSWORD, phone=True)
    await page.set_viewport_size(NARROW)
    return page


async def check(page: Page, shot, name: str) -> None:
    await shot(page, f"narrow-{name}")
    assert await page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize(
    ("path", "sight"),
    [
        ("/o/opportunity", "article"),
        ("/o/opportunity?group=stage", "[aria-expanded]"),
        ("/o/opportunity?as_of=2026-09-30T15:59:59.000Z", "[role=status]"),
        ("/o/opportunity/board", "article[data-card]"),
        ("/recycle", "main h1"),
        ("/settings/account", "main h2"),
    ],
)
async def test_pages_fit(open_page, demo, shot, path: str, sight: str) -> None:
    page = await narrow(open_page, demo)
    await page.goto(path)
    await expect(page.locator(sight).first).to_be_visible()
    await check(page, shot, re.sub(r"\W+", "-", path).strip("-")[:24])


async def test_the_sign_in_fits(open_page, demo, shot) -> None:
    page = await narrow(open_page, demo, None)
    await page.goto("/sign-in")
    await expect(page.get_by_role("button", name="登录")).to_be_visible()
    await check(page, shot, "sign-in")


async def test_a_record_and_its_form_fit(open_page, demo, shot) -> None:
    page = await narrow(open_page, demo)
    await page.goto("/o/opportunity")
    await page.locator("article button").first.click()
    path = page.get_by_role("list", name="阶段")
    await expect(path.locator('[aria-current="step"]')).to_be_in_viewport()
    for tab in ("资料", "动态", "相关"):
        await page.get_by_role("tab", name=tab).click()
        await expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        await check(page, shot, f"record-{tab}")
    await page.locator("main").get_by_role("button", name="编辑").click()
    await expect(page.get_by_role("dialog").get_by_label("商机名称")).to_be_visible()
    await check(page, shot, "form")


async def test_a_conflict_can_be_decided(open_page, demo, shot) -> None:
    page = await narrow(open_page, demo, "admin")
    me = await (await page.request.get("/api/v1/me")).json()
    csrf = {"X-CSRF-Token": me["csrf"]}
    made = await page.request.post(
        "/api/v1/records/account", data={"name": f"窄屏{uuid4().hex[:6]}", "website": "https://a.cn"}, headers=csrf
    )
    path = f"/account/{(await made.json())['id']}"
    await page.goto(f"/o{path}")
    line = page.locator('dl [data-field="website"]')
    await line.get_by_role("button", name="修改网址").click()
    await line.locator("input").fill("https://mine.example.cn/with/a/path/that/is/rather/long")
    theirs = {"website": "https://theirs.example.cn/with/a/path/that/is/rather/long"}
    assert (await page.request.patch(f"/api/v1/records{path}", data=theirs, headers=csrf)).ok
    await line.get_by_role("button", name="保存").click()
    await expect(line.get_by_role("alert")).to_be_visible()
    await check(page, shot, "conflict")
    await line.get_by_role("radio", name="我的修改").check()
    await line.get_by_role("button", name="保存").click()
    await expect(line.get_by_role("alert")).to_have_count(0)
    await expect(line).to_contain_text("mine.example.cn")


def lines(count: int) -> Sequence[str]:
    return [f"窄屏商机{i},某某有限公司{i},{i}0000,{'初步接触' if i % 2 else '客户拜访'}" for i in range(count)]


async def test_an_import_is_set_up(open_page, demo, shot) -> None:
    page = await narrow(open_page, demo, "admin")
    await page.goto("/imports?object=opportunity")
    text = "\n".join(["商机名称,客户名称,预计金额,商机阶段", *lines(8)])
    file = {"name": "narrow.csv", "mimeType": "text/csv", "buffer": text.encode()}
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="选择文件", exact=True).first.click()
    await (await chooser.value).set_files(file)
    await expect(page.get_by_role("button", name="开始导入")).to_be_visible()
    await expect(page.get_by_text("用文件里的阶段建一个新流程")).to_be_attached()
    await check(page, shot, "import")
