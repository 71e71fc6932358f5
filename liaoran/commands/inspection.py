"""Commands that tell about the installation: whether it can work, and what its API is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from liaoran.app import create_app
from liaoran.commands.terminal import DataDir, Json, open_database, run, show, spoken
from liaoran.infra.encoding import to_json
from liaoran.infra.health import ready_checks
from liaoran.infra.settings import Settings
from liaoran.kernel.text import Text


def doctor(data_dir: DataDir = None, json: Json = False) -> None:
    """Check database, migrations, job queue and disk · 检查运行环境."""

    async def work() -> list[dict[str, Any]]:
        async with open_database(data_dir) as database:
            checks = await ready_checks(database)
        return [{"key": one.key, "ok": one.ok, "message": one.message.read(spoken())} for one in checks]

    checks = run(work())
    lines = [f"{'✓' if one['ok'] else '✗'} {one['key']}: {one['message']}" for one in checks]
    show({"ok": all(one["ok"] for one in checks), "checks": checks}, json, Text("\n".join(lines)))
    if not all(one["ok"] for one in checks):
        raise typer.Exit(1)


def openapi(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File; left out, standard output · 文件")
    ] = None,
) -> None:
    """Write the OpenAPI document · 输出 OpenAPI 文档."""
    document = to_json(create_app(Settings()).openapi())
    if output is None:
        sys.stdout.write(document.decode() + "\n")
    else:
        output.write_bytes(document + b"\n")
