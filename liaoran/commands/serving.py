"""Commands that serve until they are stopped."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from liaoran.app import found_demo
from liaoran.commands.terminal import DataDir, Host, Port, Workers, progress, settings_of, spoken
from liaoran.exchange.furnishing import bring_packs_up_to_date
from liaoran.infra.database import Database
from liaoran.infra.organisations import list_organisations
from liaoran.infra.serving import serve as serve_forever
from liaoran.infra.serving import work as work_forever
from liaoran.infra.settings import PREFIX
from liaoran.kernel.text import Text
from liaoran.packs.demo import DEMO_SLUG

TARGET = "liaoran.app:create_app"
DEMO_DIR = Path(".data/demo")


def demo(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    data_dir: DataDir = None,
) -> None:
    """Make the demo organisation, if it is not there yet, and serve it · 建立并启动演示."""
    chosen = data_dir or (None if f"{PREFIX}DATA_DIR" in os.environ else DEMO_DIR)
    settings = settings_of(chosen, host=host, port=port, workers=workers)
    serve_forever(settings, TARGET, prepare=_prepare_demo, on_ready=_announce)


def serve(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    data_dir: DataDir = None,
) -> None:
    """Serve pages, API and background jobs until stopped · 启动服务."""
    settings = settings_of(data_dir, host=host, port=port, workers=workers)
    serve_forever(settings, TARGET, prepare=_prepare, on_ready=_announce)


def worker(data_dir: DataDir = None) -> None:
    """Work on background jobs only · 只处理后台任务."""
    work_forever(settings_of(data_dir), prepare=_prepare)


async def _prepare(database: Database) -> None:
    await bring_packs_up_to_date(database)


async def _prepare_demo(database: Database) -> None:
    await _prepare(database)
    if any(one.slug == DEMO_SLUG for one in await list_organisations(database)):
        return
    words = Text("正在准备演示数据…", "preparing the demo…")
    progress.print(words.read(spoken()))
    await found_demo(database, datetime.now(UTC).date(), lambda key, count: progress.print(f"  {key}: {count}"))


def _announce(address: str) -> None:
    words = Text("Liaoran 已就绪：{address}", "Liaoran is ready: {address}").fill(address=address)
    progress.print(words.read(spoken()))
