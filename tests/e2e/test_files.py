"""Files on a record in the pages: put there, looked at, replaced, removed and brought back."""

from __future__ import annotations

import struct
import zlib
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

PASSWORD = "liaoran-demo"


def image(width: int, height: int) -> bytes:
    """A PNG of one colour."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes((15, 118, 110)) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


@pytest.fixture
async def account(demo, open_page) -> Page:
    """The page of a new account of its own."""
    page = await open_page(demo, "admin", PASSWORD)
    me = await (await page.request.get("/api/v1/me")).json()
    body = {"name": f"测试客户{uuid4().hex[:6]}"}
    answer = await page.request.post("/api/v1/records/account", data=body, headers={"X-CSRF-Token": me["csrf"]})
    await page.goto(f"/o/account/{(await answer.json())['id']}")
    return page


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="文件", exact=True)


async def put(place: Locator, label: str, name: str, content: bytes) -> None:
    await (
        place.get_by_label(label, exact=True)
        .and_(place.locator("input"))
        .set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    )


async def test_a_file_from_upload_to_undo(account: Page, shot) -> None:
    page, files = account, panel(account)
    await expect(files).to_contain_text("还没有文件")
    await files.get_by_role("combobox", name="文件类型").click()
    await page.get_by_title("合同版本").click()
    await put(files, "选择文件", "合同 第一稿.png", image(40, 30))
    row = files.locator("[data-type=contract] li[data-file]")
    await expect(row).to_contain_text("合同 第一稿.png")

    await row.get_by_role("button", name="合同 第一稿.png", exact=True).click()
    drawer = page.get_by_role("dialog")
    shown = drawer.get_by_role("img", name="合同 第一稿.png")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("one => one.decode().then(() => [one.naturalWidth, one.naturalHeight])") == [40, 30]
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()

    await put(row, "合同 第一稿.png 的新版本", "合同 终稿.png", image(50, 20))
    await expect(row).to_contain_text("第 2 版")
    await row.get_by_role("button", name="合同 第一稿.png", exact=True).click()
    versions = drawer.get_by_role("listitem")
    await expect(versions).to_have_count(2)
    await expect(versions.first).to_contain_text("合同 终稿.png")
    await shot(page, "file-preview-zh")
    async with page.expect_download() as waiting:
        await versions.last.get_by_role("link", name="下载 合同 第一稿.png").click()
    download = await waiting.value
    assert download.suggested_filename == "合同 第一稿.png"
    await page.keyboard.press("Escape")
    await expect(drawer).to_be_hidden()

    await row.get_by_role("button", name="“合同 第一稿.png”的操作").click()
    await page.get_by_role("menuitem", name="重命名或更改类型").click()
    await drawer.get_by_label("名称").fill("主合同")
    await drawer.get_by_role("button", name="保 存").or_(drawer.get_by_role("button", name="保存")).click()
    await expect(row).to_contain_text("主合同")

    await row.get_by_role("button", name="“主合同”的操作").click()
    await page.get_by_role("menuitem", name="移除").click()
    await expect(row).to_have_count(0)
    await expect(files).to_contain_text("已移除 1 个文件")
    await (
        page.locator(".ant-message")
        .get_by_role("button", name="撤销")
        .or_(page.locator(".ant-message").get_by_role("button", name="撤 销"))
        .click()
    )
    await expect(row).to_contain_text("主合同")
    history = page.get_by_role("region", name="动态")
    for words in ("上传文件", "上传新版本", "移除文件", "恢复文件"):
        await expect(history).to_contain_text(words)


async def test_what_may_not_be_kept_says_why_and_the_type_is_remembered(account: Page) -> None:
    page, files = account, panel(account)
    await files.get_by_role("combobox", name="文件类型").click()
    await page.get_by_title("报价单").click()
    await put(files, "选择文件", "报价.pdf", b"MZ\x90\0\3\0\0\0")
    await expect(files.get_by_role("alert")).to_contain_text("“报价.pdf”是程序或脚本")
    await files.get_by_role("button", name="关闭 报价.pdf 的提示").click()
    await expect(files.get_by_role("alert")).to_have_count(0)
    await page.reload()
    await put(files, "选择文件", "报价.txt", "含税 12 万".encode())
    await expect(files.locator("[data-type=quote] li[data-file]")).to_contain_text("报价.txt")


async def test_an_administrator_shapes_the_document_types(demo, open_page) -> None:
    page = await open_page(demo, "admin", PASSWORD)
    await page.goto("/settings/documents")
    await page.get_by_role("button", name="添加类型").click()
    await page.get_by_role("textbox", name="名称 (中文)").last.fill("验收单")
    await page.get_by_role("button", name="上移：验收单").click()
    await page.get_by_role("button", name="停用：其他").click()
    await page.locator("main").get_by_role("button", name="保 存").or_(page.get_by_role("button", name="保存")).click()
    await expect(page.get_by_text("已停用", exact=True)).to_be_visible()
    await page.reload()
    names = page.get_by_role("textbox", name="名称 (中文)")
    await expect(names.last).to_have_value("其他")
    found = [await names.nth(place).input_value() for place in range(await names.count())]
    assert "验收单" in found
    await page.get_by_role("button", name="启用：其他").click()
    await page.locator("main").get_by_role("button", name="保 存").or_(page.get_by_role("button", name="保存")).click()
    await expect(page.get_by_text("已停用", exact=True)).to_have_count(0)
