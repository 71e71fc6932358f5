"""合同审批 in the pages: refused without a contract, then legal, then finance; the record is locked meanwhile."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from playwright.async_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage, Site

PASSWORD = "liaoran-demo"
API = "/api/v1"


async def call(page: Page, path: str, body: Any, *, method: str = "POST") -> Any:
    """One call in the name of whoever is signed in."""
    me = await (await page.request.get(f"{API}/me")).json()
    answer = await page.request.fetch(API + path, method=method, data=body, headers={"X-CSRF-Token": me["csrf"]})
    return answer.status, await answer.json()


async def a_deal(page: Page) -> tuple[str, str]:
    name = f"审批商机{uuid4().hex[:6]}"
    body = {"name": name, "stage": "negotiation", "amount": 360000, "expected_close_on": "2027-01-31"}
    _, made = await call(page, "/records/opportunity", body)
    return made["id"], name


async def upload_contract(page: Page, record: str) -> None:
    me = await (await page.request.get(f"{API}/me")).json()
    contract = {"name": "合同 终稿.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n contract"}
    answer = await page.request.post(
        f"{API}/records/opportunity/{record}/files",
        multipart={"document_type": "contract", "file": contract},
        headers={"X-CSRF-Token": me["csrf"]},
    )
    assert answer.ok, await answer.text()


async def under_review(page: Page) -> tuple[str, str]:
    record, name = await a_deal(page)
    await upload_contract(page, record)
    status, told = await call(page, f"/records/opportunity/{record}/transitions", {"to_state": "contract"})
    assert status == 200, told
    return record, name


def row_of(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="审批", exact=True).get_by_role("button").filter(has_text=name)


async def no_wider_than_the_window(page: Page) -> None:
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_legal_then_finance_with_a_version_of_the_contract(demo: Site, open_page: OpenPage, shot: Any) -> None:
    lina = await open_page(demo, "lina", PASSWORD)
    record, name = await a_deal(lina)
    status, told = await call(lina, f"/records/opportunity/{record}/transitions", {"to_state": "contract"})
    assert status == 422
    assert "已上传合同或报价的版本" in told["errors"][0]["message"]
    await upload_contract(lina, record)
    await call(lina, f"/records/opportunity/{record}/transitions", {"to_state": "contract"})
    await lina.goto(f"/o/opportunity/{record}")
    panel = lina.get_by_role("region", name="审批", exact=True)
    await expect(panel).to_contain_text("等待 冯雪")
    await expect(panel).to_contain_text("审批期间记录已锁定")
    await panel.get_by_role("button", name="催办").click()
    await expect(lina.get_by_text("已提醒 冯雪")).to_be_visible()
    await shot(lina, "approval-record-zh")
    status, told = await call(lina, f"/records/opportunity/{record}", {"amount": 1}, method="PATCH")
    assert (status, told["errors"][0]["code"]) == (422, "locked_by_approval")

    fengxue = await open_page(demo, "fengxue", PASSWORD)
    await fengxue.goto("/")
    await fengxue.get_by_role("link", name="审批").click()
    await row_of(fengxue, name).click()
    await expect(fengxue.get_by_role("region", name="记录要点")).to_contain_text("¥360,000.00")
    await expect(fengxue.get_by_role("region", name="文件", exact=True)).to_contain_text("合同 终稿.pdf")
    await shot(fengxue, "approvals-zh")
    await fengxue.get_by_role("button", name="拒绝").click()
    await expect(fengxue.get_by_role("alert")).to_have_text("请写明意见")
    await fengxue.get_by_role("textbox", name="意见").fill("条款可以接受")
    await fengxue.get_by_role("textbox", name="意见").press("Control+Enter")
    await expect(fengxue.get_by_text("已同意", exact=True)).to_be_visible()
    await expect(row_of(fengxue, name)).to_have_count(0)

    luoyan = await open_page(demo, "luoyan", PASSWORD, theme="dark")
    await luoyan.goto("/approvals")
    await row_of(luoyan, name).click()
    await expect(luoyan.get_by_role("list", name="审批进度")).to_contain_text("条款可以接受")
    await shot(luoyan, "approvals-dark-zh")
    await luoyan.get_by_role("button", name="同意", exact=True).click()
    await expect(luoyan.get_by_text("已同意", exact=True)).to_be_visible()

    await expect(panel).to_contain_text("已通过")
    history = lina.get_by_role("region", name="动态")
    await expect(history).to_contain_text("审批通过")
    status, told = await call(
        lina,
        f"/records/opportunity/{record}/transitions",
        {"to_state": "won", "fields": {"win_reason": "relationship"}},
    )
    assert status == 200, told


async def test_by_keyboard_by_person_and_back_to_the_starter(demo: Site, open_page: OpenPage, shot: Any) -> None:
    lina = await open_page(demo, "lina", PASSWORD)
    first = await under_review(lina)
    second = await under_review(lina)
    admin = await open_page(demo, "admin", PASSWORD, language="en")
    await admin.goto("/approvals?box=all&view=people")
    column = admin.get_by_role("region", name="冯雪")
    await expect(column).to_contain_text(first[1])
    await expect(column).to_contain_text(second[1])
    await shot(admin, "approvals-people-en")

    fengxue = await open_page(demo, "fengxue", PASSWORD)
    await fengxue.goto("/approvals")
    await row_of(fengxue, first[1]).click()
    heading = fengxue.get_by_role("article").get_by_role("heading", level=2)
    await expect(heading).to_have_text(first[1])
    await fengxue.keyboard.press("ArrowDown")
    await expect(heading).to_have_text(second[1])
    await fengxue.keyboard.press("ArrowUp")
    await expect(heading).to_have_text(first[1])
    await fengxue.keyboard.press("r")
    await fengxue.keyboard.type("请补充验收条款")
    await fengxue.get_by_role("button", name="退回").click()
    await fengxue.get_by_role("menuitem", name="退回发起人").click()
    await expect(fengxue.get_by_text("已退回", exact=True)).to_be_visible()
    await expect(heading).to_have_text(second[1])

    await lina.goto(f"/o/opportunity/{first[0]}")
    panel = lina.get_by_role("region", name="审批", exact=True)
    await expect(panel).to_contain_text("请补充验收条款")
    await panel.get_by_role("button", name="发起“合同审批”").click()
    await expect(panel).to_contain_text("等待 冯雪")


async def test_handing_on_on_a_phone(demo: Site, open_page: OpenPage, shot: Any) -> None:
    lina = await open_page(demo, "lina", PASSWORD)
    _, name = await under_review(lina)
    fengxue = await open_page(demo, "fengxue", PASSWORD, phone=True)
    await fengxue.set_viewport_size({"width": 360, "height": 740})
    await fengxue.goto("/approvals")
    await expect(row_of(fengxue, name)).to_be_visible()
    await no_wider_than_the_window(fengxue)
    await shot(fengxue, "approvals-phone-list-zh")
    await row_of(fengxue, name).click()
    await expect(fengxue.get_by_role("heading", level=2)).to_have_text(name)
    await no_wider_than_the_window(fengxue)
    await shot(fengxue, "approvals-phone-one-zh")
    await fengxue.get_by_role("button", name="转交").click()
    dialog = fengxue.get_by_role("dialog")
    await dialog.get_by_role("combobox").fill("陈静")
    await fengxue.get_by_title("陈静").click()
    await dialog.get_by_role("button", name="转交").click()
    await expect(fengxue.get_by_text("已转交", exact=True)).to_be_visible()
    await expect(row_of(fengxue, name)).to_have_count(0)


async def test_what_is_empty_says_what_to_do(demo: Site, open_page: OpenPage, shot: Any) -> None:
    page = await open_page(demo, "tangbo", PASSWORD, language="en", theme="dark")
    await page.goto("/approvals")
    await expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    await page.get_by_role("tab", name="Started by me").click()
    await expect(page.get_by_text("You have not started an approval yet")).to_be_visible()
    await shot(page, "approvals-empty-dark-en")


async def test_finance_alone_sees_what_it_approves_and_nothing_else(demo: Site, open_page: OpenPage, shot: Any) -> None:
    admin, lina = await open_page(demo, "admin", PASSWORD), await open_page(demo, "lina", PASSWORD)
    name = f"财务{uuid4().hex[:6]}"
    _, made = await call(admin, "/records/person", {"name": name})
    login = {"login": name, "password": "Sehr-gut-7391", "roles": ["finance"]}
    status, _ = await call(admin, f"/people/{made['id']}/login", login)
    assert status == 200
    other, _ = await a_deal(lina)
    record, deal = await under_review(lina)
    finance = await open_page(demo, name, "Sehr-gut-7391")
    await finance.goto("/o/opportunity")
    await expect(finance.get_by_text("还没有商机")).to_be_visible()
    # legal has decided: the turn of finance, and with it the sight of the record
    fengxue = await open_page(demo, "fengxue", PASSWORD)
    _, listed = await call(fengxue, f"/records/opportunity/{record}/approvals", None, method="GET")
    approval = listed["approvals"][0]["id"]
    await call(fengxue, f"/approvals/{approval}/decide", {"decision": "approve"})

    await finance.goto("/approvals")
    await row_of(finance, deal).click()
    await expect(finance.get_by_role("region", name="记录要点")).to_contain_text("¥360,000.00")
    await expect(finance.get_by_role("region", name="文件", exact=True)).to_contain_text("合同 终稿.pdf")
    await shot(finance, "approvals-finance-alone-zh")
    await finance.get_by_role("link", name="打开记录").click()
    await expect(finance.get_by_role("heading", name=deal)).to_be_visible()
    team = finance.get_by_role("region", name="协作", exact=True)
    await team.get_by_text("位审批人可查看").click()
    own = team.get_by_role("listitem").filter(has_text=name)
    await expect(own).to_contain_text("审批人")
    await shot(finance, "approver-on-the-record-zh")
    # not to be left while it is one's turn
    await own.get_by_role("button", name=f"对 {name} 的共享的操作").click()
    await finance.get_by_role("menuitem", name="退出").click()
    await expect(finance.get_by_text("处理完之前不能收回查看权")).to_be_visible()

    await finance.goto("/o/opportunity")
    await expect(finance.get_by_test_id("total")).to_have_text("1")
    await expect(finance.get_by_role("link", name=deal)).to_be_visible()
    status, _ = await call(finance, f"/records/opportunity/{other}", None, method="GET")
    assert status == 404
    await call(finance, f"/approvals/{approval}/decide", {"decision": "approve"})
    await finance.goto(f"/o/opportunity/{record}")
    await expect(finance.get_by_role("heading", name=deal)).to_be_visible()
    await call(admin, f"/people/{made['id']}/login", {**login, "roles": []})
