"""Choosing a record to link to: what belongs with the others that are linked stands first, everything else is found."""

from __future__ import annotations

from uuid import uuid4

from playwright.async_api import Page, expect

from tests.e2e.conftest import ADMIN_PASSWORD
from tests.e2e.test_sharing import call


async def made(page: Page, key: str, **values: str) -> str:
    one: str = (await call(page, "POST", f"/records/{key}", values))["id"]
    return one


async def test_the_contacts_of_the_deals_account_stand_first_for_its_decision_chain(empty, open_page, shot) -> None:
    page = await open_page(empty, "admin", ADMIN_PASSWORD)
    tail = uuid4().hex[:6]
    account, other = (
        await made(page, "account", name=f"选择客户{tail}"),
        await made(page, "account", name=f"别家{tail}"),
    )
    # by name alone the one of the other account would come first
    mine, theirs = f"子墨{tail}", f"阿宝{tail}"
    await made(page, "contact", name=mine, account=account)
    await made(page, "contact", name=theirs, account=other)
    deal = await made(page, "opportunity", name=f"选择商机{tail}", account=account)

    await page.goto(f"/o/opportunity/{deal}")
    await page.get_by_role("button", name="新建决策链").click()
    form = page.get_by_role("dialog")
    picker = form.locator('[data-field="contact"]').get_by_role("combobox")
    options = page.locator(".ant-select-dropdown:visible .ant-select-item-option")
    await picker.click()
    await expect(options.first).to_have_text(mine)
    groups = page.locator(".ant-select-dropdown:visible .ant-select-item-group")
    await expect(groups).to_have_text([f"与“选择客户{tail}”有关", "其他"])
    await shot(page, "choosing-contact-zh")
    # somebody of another account is found by typing
    await picker.fill(theirs)
    await expect(options).to_have_text([theirs])
    await expect(groups).to_have_count(0)
    # of two that match, the one of the account stands first
    await picker.fill(tail)
    await expect(options).to_have_text([mine, theirs])
    await options.first.click()
    await form.locator('[data-field="role"]').get_by_role("combobox").click()
    await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter(has_text="决策人").click()
    await form.get_by_role("button", name="保存").click()
    await expect(form).to_have_count(0)
    chain = await call(
        page,
        "POST",
        "/records/opportunity_contact/query",
        {"where": {"field": "opportunity", "op": "eq", "value": deal}, "select": ["contact"]},
    )
    assert [one["contact"]["label"] for one in chain["records"]] == [mine]
