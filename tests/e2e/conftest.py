"""A real server in its own process and a real Chromium: what a person would meet.

``demo``     a running `liaoran demo`
``empty``    a running server whose organisation has the sales pack and no records
``open_page`` opens a page as a person, in a language, a theme and a size
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

ROOT = Path(__file__).parents[2]
SHOTS = os.environ.get("LIAORAN_SHOTS")
SLOW = float(os.environ.get("LIAORAN_SLOW", "1"))
"""How many times slower the browser computes; above 1 each answer of the server also takes 50 ms times this longer.
Finds pages and tests that only work when everything is quick: `LIAORAN_SLOW=6 pytest tests/e2e`."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
ADMIN_PASSWORD = "correct-horse-7-battery"
PATIENCE = int(30_000 * max(1, SLOW / 2))
"""Milliseconds; generous, since a busy machine is no fault of the pages, and more so where they are slowed down."""

START_SECONDS = 900
"""How long a server may take to announce its address, the data of the demo included."""

expect.set_options(timeout=PATIENCE)

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Says why browser tests cannot run, where there is no browser or no built pages."""
    reason = None
    if CHROMIUM is None:
        reason = "no Chromium on this machine: install the package 'chromium'"
    elif not (ROOT / "liaoran" / "web_dist" / "index.html").is_file():
        reason = "the pages are not built: run 'make test', which builds them"
    for item in items:
        if "e2e" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Site:
    """A running server: its address, its data directory, and the command line beside it."""

    address: str
    data_dir: Path

    def cli(self, *arguments: str, stdin: str = "") -> dict[str, Any]:
        """Runs `liaoran …` against the same data directory; gives the object that `--json` prints."""
        done = run_cli(self.data_dir, *arguments, "--json", stdin=stdin)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    def api(self, path: str, body: Any = None, *, token: str, method: str | None = None) -> Any:
        """One call of the API with a token; gives the parsed answer."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + "/api/v1" + path, data=data, method=method)
        request.add_header("Authorization", f"Bearer {token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def run_cli(data_dir: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the command line to its end."""
    command = [sys.executable, "-m", "liaoran.cli", *arguments, "--data-dir", str(data_dir)]
    return subprocess.run(
        command, cwd=ROOT, input=stdin, capture_output=True, text=True, timeout=300, env=_environment(), check=False
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIAORAN_")}
    return {**kept, "LIAORAN_CONFIG": os.devnull, "LIAORAN_POSTGRES_MEMORY_MB": "128"}


def serve(data_dir: Path, *arguments: str, **settings: str) -> Iterator[Site]:
    """Starts a server on a free port, waits for the address it announces, and stops it at the end. ``settings`` are
    given to it by environment variables."""
    command = [sys.executable, "-m", "liaoran.cli", *arguments, "--port", "0", "--data-dir", str(data_dir)]
    given = {f"LIAORAN_{name.upper()}": value for name, value in settings.items()}
    environment = {**_environment(), **given}
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    lines: Queue[str] = Queue()
    said: list[str] = []

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)

    reader = threading.Thread(target=listen, daemon=True)
    reader.start()
    try:
        yield Site(_announced(process, lines, said), data_dir)
    finally:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
        if process.poll() is None:
            process.kill()
            process.wait()
        reader.join(5)
        if process.stdout is not None:
            process.stdout.close()


def _announced(process: subprocess.Popen[str], lines: Queue[str], said: list[str]) -> str:
    for _ in range(START_SECONDS):
        try:
            line = lines.get(timeout=1)
        except Empty:
            if process.poll() is not None:
                break
            continue
        said.append(line)
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found:
            return found.group()
    raise AssertionError("the server did not start:\n" + "".join(said))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`liaoran demo`, as `make demo` runs it."""
    yield from serve(tmp_path_factory.mktemp("demo"), "demo")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one organisation `acme`: the sales pack, an administrator, no records."""
    data_dir = tmp_path_factory.mktemp("empty")
    made = run_cli(
        data_dir, "init", "acme", "--title", "Acme", "--admin", "admin", "--password-stdin", stdin=ADMIN_PASSWORD + "\n"
    )
    assert made.returncode == 0, made.stderr
    yield from serve(data_dir, "serve")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests of a process."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        await browser.close()


OpenPage = Callable[..., Awaitable[Page]]


async def _slow_down(page: Page) -> None:
    """A weak machine on a slow line; set per page, and kept by the browser across its navigations."""
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    line = {"offline": False, "latency": 50 * SLOW, "downloadThroughput": -1, "uploadThroughput": -1}
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", line)


@pytest.fixture
async def open_page(chromium: Browser) -> AsyncIterator[OpenPage]:
    """``await open_page(site, login, password, language=…, theme=…, phone=…)``: a signed-in page of its own.

    A page that logs an error or throws fails the test at its end.
    """
    contexts = []
    faults: list[str] = []

    async def open_one(
        site: Site,
        login: str | None = None,
        password: str = "",
        *,
        language: str = "zh",
        theme: str = "light",
        phone: bool = False,
    ) -> Page:
        context = await chromium.new_context(
            base_url=site.address,
            viewport=PHONE if phone else DESKTOP,
            locale="zh-CN" if language == "zh" else "en-US",
            color_scheme="dark" if theme == "dark" else "light",
            has_touch=phone,
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        if SLOW > 1:
            await _slow_down(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if login is not None:
            answer = await context.request.post("/api/v1/session", data={"login": login, "password": password})
            assert answer.ok, await answer.text()
            me = await answer.json()
            csrf = {"X-CSRF-Token": me["csrf"]}
            changed = await context.request.patch(
                "/api/v1/me", data={"language": language, "theme": theme}, headers=csrf
            )
            assert changed.ok, await changed.text()
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert not faults, faults


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], Awaitable[None]]:
    """Keeps a picture of the page where LIAORAN_SHOTS names a folder."""

    async def take(page: Page, name: str) -> None:
        if SHOTS:
            await asyncio.to_thread(Path(SHOTS).mkdir, parents=True, exist_ok=True)
            await page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))

    return take
