"""What all commands share: their options, the database of a command, and how they speak to whoever called.

Progress goes to standard error; ``--json`` prints one object on standard output and nothing else there.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from liaoran.exchange.furnishing import bring_packs_up_to_date
from liaoran.infra.database import Database
from liaoran.infra.encoding import to_json
from liaoran.infra.logging import configure_logging
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import Organisation, get_organisation, list_organisations
from liaoran.infra.settings import Settings
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import LiaoranError, Refused
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Language, Text

ResultT = TypeVar("ResultT")
DataDir = Annotated[Path | None, typer.Option(help="Data directory (LIAORAN_DATA_DIR) · 数据目录")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output · 输出一个 JSON 对象")]
Org = Annotated[
    str | None, typer.Option("--org", help="Organisation; needed where there are several · 组织代号，有多个组织时必填")
]
Host = Annotated[str | None, typer.Option(help="Address to listen on (LIAORAN_HOST) · 监听地址")]
Port = Annotated[int | None, typer.Option(help="TCP port (LIAORAN_PORT) · 端口")]
Workers = Annotated[int | None, typer.Option(help="Serving processes (LIAORAN_WORKERS) · 服务进程数")]
As = Annotated[str | None, typer.Option("--as", help="In whose name; else the installation's · 以谁的身份")]

progress = Console(stderr=True, soft_wrap=True, highlight=False)


def spoken() -> Language:
    """Chinese where the terminal's locale is Chinese, else English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


def settings_of(data_dir: Path | None, **given: Any) -> Settings:
    """The settings of this command: what it was given on its line wins."""
    chosen = {name: value for name, value in {"data_dir": data_dir, **given}.items() if value is not None}
    return Settings(**chosen)


@asynccontextmanager
async def open_database(data_dir: Path | None) -> AsyncIterator[Database]:
    """The database of this command, up to date; the embedded server stops with it unless a server uses it too."""
    settings = settings_of(data_dir)
    configure_logging(settings.model_copy(update={"log_level": "warning"}))
    async with Database(settings) as database:
        await upgrade(database)
        await bring_packs_up_to_date(database)
        yield database


async def chosen_organisation(database: Database, slug: str | None) -> Organisation:
    """The organisation of a command: the named one, else the only one.

    Raises NotFound for an unknown name and Refused where none is named and there is not exactly one.
    """
    if slug is not None:
        return await get_organisation(database, slug)
    known = await list_organisations(database)
    if len(known) != 1:
        message = Text(
            "请用 --org 指定组织；现有：{known}", "say which organisation with --org; there are: {known}"
        ).fill(known=", ".join(one.slug for one in known) or "—")
        raise Refused(message, code="which_organisation")
    return known[0]


def operator() -> Actor:
    """Whoever has the server's command line."""
    return Actor(kind="system", id=new_id(), person=None, label="command line")


def run(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    """Runs the work of a command to its end."""
    return asyncio.run(work)


def show(result: dict[str, Any], as_json: bool, words: Text) -> None:
    """Prints the result on standard output, as JSON or in words."""
    sys.stdout.write(to_json(result).decode() + "\n" if as_json else words.read(spoken()) + "\n")


def tell(error: LiaoranError) -> None:
    """Prints a refusal on standard error, with the first of its problems."""
    progress.print(error.message.read(spoken()), style="red")
    for one in error.problems[:20]:
        place = f"{one.field}: " if one.field else ""
        progress.print(f"  {place}{one.message.read(spoken())}")
