"""An Object that nobody wrote code for: made by API with every type of Field, used in the pages like any other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import expect

ADMIN = ("admin", "correct-horse-7-battery")
CHOICES = [
    {"key": "high", "label": {"zh": "高", "en": "High"}, "color": "red"},
    {"key": "low", "label": {"zh": "低", "en": "Low"}, "color": "gray"},
]


def field(key: str, kind: str, zh: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": {"zh": zh, "en": key}, **more}


FIELDS = [
    field("title", "text", "项目名称", required=True),
    field("notes", "long_text", "说明"),
    field("seats", "number", "席位"),
    field("price", "money", "价格"),
    field("discount", "percent", "折扣"),
    field("urgent", "boolean", "加急"),
    field("start_on", "date", "开始日期"),
    field("seen_at", "instant", "查看时间"),
    field("priority", "choice", "优先级", choices=CHOICES),
    field("labels", "choices", "标签", choices=CHOICES),
    field("stage", "choice", "进度", choices=[]),
    field("account", "link", "客户", options={"target": "account"}),
    field("contact_person", "person", "对接人"),
    field("team", "department", "团队"),
    field("mail", "email", "邮箱"),
    field("mobile", "phone", "手机"),
    field("site", "url", "网站"),
    field("place", "region", "所在地"),
    field("code", "autonumber", "编号", options={"format": "XM-{number:04d}"}),
    field("total", "formula", "合计", options={"expression": "seats * price"}),
    field("parent", "link", "上级项目", options={"target": "project"}),
    field("parts", "rollup", "子项目数", options={"object": "project", "link": "parent", "function": "count"}),
]
PROJECT = {
    "key": "project",
    "label": {"zh": "项目", "en": "Project"},
    "label_plural": {"zh": "项目", "en": "Projects"},
    "name_field": "title",
    "fields": FIELDS,
    "layouts": {"list": {"columns": ["title", "code", "stage", "priority", "price", "total", "mobile", "place"]}},
}
PROCESS = {
    "key": "delivery",
    "object": "project",
    "field": "stage",
    "label": {"zh": "交付", "en": "Delivery"},
    "sum_field": "price",
    "states": [
        {"key": "planned", "label": {"zh": "计划", "en": "Planned"}, "kind": "open"},
        {"key": "running", "label": {"zh": "进行", "en": "Running"}, "kind": "open"},
        {"key": "done", "label": {"zh": "交付完成", "en": "Done"}, "kind": "won"},
    ],
}
SHEET = """项目名称,席位,价格,进度,优先级,手机,开始日期,所在地
杭州仓库改造,12,"￥1,200.50",进行,高,13800138000,2026年3月5日,浙江省杭州市
宁波产线升级,8,1.2万,计划,低,13900139000,2026/4/1,浙江省宁波市
"""


async def test_a_custom_object_has_everything_without_code(open_page, empty, shot, tmp_path: Path) -> None:
    token = empty.cli("token", "create", "admin", "--org", "acme")["token"]
    empty.api("/objects", PROJECT, token=token)
    empty.api("/processes", PROCESS, token=token)

    page = await open_page(empty, *ADMIN)
    await page.goto("/o/project")
    await page.get_by_role("button", name="新建项目").first.click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("项目名称").fill("苏州智能工厂")
    await drawer.get_by_label("席位").fill("10")
    await drawer.get_by_label("价格", exact=True).fill("250")
    await drawer.get_by_label("手机").fill("13700137000")
    await drawer.get_by_label("邮箱").fill("zhang@example.cn")
    await shot(page, "custom-form-zh")
    await drawer.get_by_role("button", name="保 存").or_(drawer.get_by_role("button", name="保存")).click()
    await expect(page.get_by_text("苏州智能工厂").first).to_be_visible()
    await shot(page, "custom-list-zh")

    file = tmp_path / "projects.csv"
    file.write_text(SHEET, encoding="gb18030")
    await page.goto("/imports?object=project")
    await page.locator('input[type="file"]').set_input_files(file)
    await expect(page.get_by_role("heading", name="哪一列填哪个字段")).to_be_visible()
    await page.get_by_role("button", name="开始导入").click()
    await expect(page.get_by_role("heading", name="导入完成")).to_be_visible(timeout=120_000)
    assert await page.locator('[data-testid="figure-created"] dd').inner_text() == "2"

    await page.goto("/o/project/board")
    await expect(page.locator('section[data-state="running"]')).to_contain_text("杭州仓库改造")
    await expect(page.locator('section[data-state="planned"] [data-testid="count"]')).to_have_text("2")
    await shot(page, "custom-board-zh")

    answer = empty.api(
        "/records/project/query",
        {"q": "hzck", "select": ["title", "code", "total", "parts", "place", "mobile"]},
        token=token,
    )
    (found,) = answer["records"]
    assert found["title"] == "杭州仓库改造"
    assert found["total"] == 12 * 1200.5
    assert found["parts"] == 0
    assert found["code"].startswith("XM-")
    assert found["mobile"] == "13800138000"
    await page.goto(f"/o/project/{found['id']}")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("杭州仓库改造")
    await expect(page.locator('[data-field="start_on"]')).to_contain_text("2026-03-05")
    await shot(page, "custom-record-zh")

    await page.goto("/o/project")
    await page.get_by_role("button", name="导出").click()
    async with page.expect_download(timeout=60_000) as download:
        await page.get_by_role("menuitem", name="CSV").click()
    exported = await (await download.value).path()
    text = exported.read_bytes().decode("utf-8-sig")
    assert "宁波产线升级" in text
    assert "13900139000" in text
