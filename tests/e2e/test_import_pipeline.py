"""From an empty organisation to a worked board: a real sales pipeline comes in through the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

ADMIN = ("admin", "correct-horse-7-battery")
MAVEN = Path(__file__).parents[3] / "shared" / "data" / "maven"

pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason="the sales pipeline to import is not on this machine")


async def upload(page: Page, object_label: str, file: str) -> None:
    """Chooses the Object, gives the file, waits for the decisions."""
    await page.goto("/imports")
    await page.locator("#import-object").click()
    await page.locator(".ant-select-item-option").get_by_text(object_label, exact=True).click()
    await page.locator('input[type="file"]').set_input_files(MAVEN / file)
    await expect(page.get_by_role("heading", name="哪一列填哪个字段")).to_be_visible()


async def create_missing_and_start(page: Page) -> None:
    """Lets everything unknown be created and imports."""
    box = page.get_by_role("checkbox", name="没有的都新建")
    if await box.is_visible():
        await box.check()
        await expect(page.get_by_role("button", name="开始导入")).to_be_enabled()
        await expect(box).to_be_checked()
    await page.get_by_role("button", name="开始导入").click()
    await expect(page.get_by_role("heading", name="导入完成")).to_be_visible(timeout=120_000)


async def figure(page: Page, kind: str) -> int:
    text = await page.locator(f'[data-testid="figure-{kind}"] dd').inner_text()
    return int(text.replace(",", ""))


async def test_a_real_pipeline_comes_in_through_the_pages(open_page, empty, shot) -> None:
    page = await open_page(empty, *ADMIN)
    for label, file, rows in (
        ("客户", "accounts.csv", 85),
        ("产品", "products.csv", 7),
        ("人员", "sales_teams.csv", 35),
    ):
        await upload(page, label, file)
        await create_missing_and_start(page)
        assert await figure(page, "created") == rows, file
        assert await figure(page, "rejected") == 0, file

    await upload(page, "商机", "sales_pipeline.csv")
    await shot(page, "import-columns-zh")
    await expect(page.locator('details[data-column="product"] [data-how="folded"]')).to_contain_text("GTX Pro")
    await create_missing_and_start(page)
    await shot(page, "import-outcome-zh")
    assert await figure(page, "created") == 3503
    assert await figure(page, "rejected") == 0

    await page.goto("/o/opportunity/board")
    await page.get_by_role("combobox", name="流程").click()
    await page.locator(".ant-select-item-option").last.click()
    await expect(page.locator("section[data-state]").first).to_contain_text("Prospecting")
    expected = {"Engaging": 660, "Prospecting": 211, "赢单": 1650, "输单": 982}
    heads = page.locator("section[data-state] header")
    await expect(heads.first).to_be_visible()
    seen = {}
    for head in await heads.all():
        name, count = await head.locator("[class*=label]").inner_text(), await head.get_by_test_id("count").inner_text()
        seen[name] = int(count.replace(",", ""))
    assert {name: seen.get(name) for name in expected} == expected
    await shot(page, "board-maven-zh")


async def test_the_same_file_again_changes_nothing(open_page, empty) -> None:
    page = await open_page(empty, *ADMIN)
    await upload(page, "商机", "sales_pipeline.csv")
    await create_missing_and_start(page)
    assert await figure(page, "created") == 0
    assert await figure(page, "updated") == 0
    assert await figure(page, "unchanged") == 3503


async def test_the_api_counts_the_same(empty) -> None:
    token = empty.cli("token", "create", "admin", "--org", "acme")["token"]
    body = {"group_by": ["status"], "measures": [{"fn": "count"}, {"fn": "sum", "field": "amount"}]}
    answer = empty.api("/records/opportunity/aggregate", body, token=token)
    keys = [column["key"] for column in answer["columns"]]
    rows = {row[keys.index("status")]: dict(zip(keys, row, strict=True)) for row in answer["rows"]}
    assert rows["won"]["count"] == 1650
    assert rows["won"]["sum(amount)"] == 3965989
    assert rows["lost"]["count"] == 982
    assert rows["open"]["count"] == 871
    without = empty.api(
        "/records/opportunity/query",
        {"where": {"field": "account", "op": "empty"}, "count": True, "limit": 1},
        token=token,
    )
    assert without["total"] == 605
