"""The pages under their content policy, in a real browser: they need nothing that it forbids, and what gets into a page in
spite of everything does not run."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
# Ways by which markup that somebody managed to get into a page runs script.
INTRUDE = """
() => new Promise((resolve) => {
  window.ran = [];
  const script = document.createElement('script');
  script.textContent = "window.ran.push('script')";
  document.body.append(script);
  const place = document.createElement('div');
  place.innerHTML = '<img src="x" onerror="window.ran.push(\\'image\\')">' +
    '<svg onload="window.ran.push(\\'drawing\\')"></svg>' +
    '<a id="intruder" href="javascript:window.ran.push(\\'link\\')">x</a>' +
    '<base href="https://evil.example/">' +
    '<object data="data:text/html,<script>parent.ran.push(1)</script>"></object>';
  document.body.append(place);
  document.getElementById('intruder').click();
  const far = document.createElement('script');
  far.src = 'https://evil.example/x.js';
  far.onerror = () => setTimeout(() => resolve(window.ran), 0);
  document.body.append(far);
})
"""
PAGES = ("/", "/o/opportunity", "/o/account", "/approvals", "/settings/objects", "/settings/processes", "/settings/people",
         "/settings/account", "/recycle")  # fmt: skip


async def violations(page: Page) -> list[str]:
    found: list[str] = await page.evaluate("window.violations")
    return found


async def test_the_pages_keep_to_their_policy(open_page: Any, demo: Any) -> None:
    page: Page = await open_page(demo, "admin", "liaoran-demo")
    await page.add_init_script(WATCH)
    for path in PAGES:
        await page.goto(path)
        await expect(page.locator("main").first).to_be_visible()
        assert await violations(page) == [], path


async def test_what_gets_into_a_page_does_not_run(open_page: Any, demo: Any) -> None:
    page: Page = await open_page(demo, "admin", "liaoran-demo")
    await page.add_init_script(WATCH)
    await page.goto("/")
    await expect(page.locator("main").first).to_be_visible()
    assert await page.evaluate(INTRUDE) == []
    for directive in ("script-src-elem", "script-src-attr", "base-uri", "object-src"):
        # the browser tells of what it has blocked when it comes to it
        await page.wait_for_function("name => window.violations.some((one) => one.startsWith(name))", arg=directive)
    assert (await page.evaluate("new URL('x', document.baseURI).origin")) == (await page.evaluate("location.origin"))


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/openapi.json", "/api/v1/nowhere"])
async def test_an_answer_of_the_api_opened_as_a_page_can_do_nothing(open_page: Any, demo: Any, path: str) -> None:
    page: Page = await open_page(demo, "admin", "liaoran-demo")
    answer = await page.goto(path)
    assert answer is not None
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
