"""Commands that bring files in and out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.status import Status

from liaoran.access.actors import scope_of_person
from liaoran.access.people import person_of_login
from liaoran.access.scope import system_scope
from liaoran.commands.terminal import (
    As,
    DataDir,
    Json,
    Org,
    chosen_organisation,
    open_database,
    progress,
    run,
    show,
    spoken,
)
from liaoran.exchange.exports.working import export_file
from liaoran.exchange.imports.command import import_file
from liaoran.exchange.imports.progress import Progress
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.kernel.actor import Actor
from liaoran.kernel.text import Text
from liaoran.schema.catalogue import load_snapshot

_COUNTED = ("read", "created", "updated", "unchanged", "rejected")
_IMPORTED = Text(
    "读取 {read} 行：新建 {created}，更新 {updated}，未变 {unchanged}，拒绝 {rejected}",
    "read {read} rows: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected",
)


def import_command(
    object: Annotated[str, typer.Argument(help="For example account · 对象")],
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or XLS · 文件")],
    *,
    org: Org = None,
    login: As = None,
    map: Annotated[Path | None, typer.Option("--map", help="JSON file with decisions · 映射文件")] = None,
    create_missing: Annotated[
        bool, typer.Option("--create-missing", help="Create what is unknown · 新建缺少的")
    ] = False,
    history: Annotated[bool, typer.Option("--history", help="One row per entry into a state · 阶段历史")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything, keep nothing · 试运行")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Import a file · 导入文件."""
    decided = _read_json(map.read_bytes(), "--map") if map is not None else None

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            organisation = await chosen_organisation(database, org)
            actor = await _actor(database, organisation, login)
            with Status("", console=progress) as status:
                return await import_file(
                    database,
                    organisation,
                    actor,
                    object,
                    file,
                    decided,
                    create_missing=create_missing,
                    history=history,
                    dry_run=dry_run,
                    progress=lambda state: status.update(_import_progress(state)),
                )

    done = run(work())
    show(done, json, _IMPORTED.fill(**{key: done[key] for key in _COUNTED}))


def export_command(
    object: Annotated[str, typer.Argument(help="For example account · 对象")],
    *,
    org: Org = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="File ending in .csv or .xlsx · 文件")],
    login: As = None,
    where: Annotated[str | None, typer.Option(help="A Condition as JSON · 条件")] = None,
    select: Annotated[str | None, typer.Option(help="Paths, separated by commas · 字段")] = None,
    as_of: Annotated[datetime | None, typer.Option(help="A past moment · 过去的时刻")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Export a list · 导出列表."""
    condition = _read_json(where, "--where") if where is not None else None

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            organisation = await chosen_organisation(database, org)
            actor = await _actor(database, organisation, login)
            with Status("", console=progress) as status:
                return await export_file(
                    database,
                    organisation,
                    actor,
                    object,
                    output,
                    where=condition,
                    select=tuple(path.strip() for path in select.split(",")) if select else None,
                    as_of=_in_zone(as_of, actor),
                    progress=lambda done, total: status.update(f"{done:,} / {total:,}"),
                )

    done = run(work())
    show(done, json, Text("已导出 {rows} 行到 {file}", "exported {rows} rows to {file}").fill(**done))


async def _actor(database: Database, organisation: Organisation, login: str | None) -> Actor:
    """The person of a login; without one the installation itself, which may do everything."""
    async with database.read(organisation.schema) as tx:
        snapshot = await load_snapshot(tx)
        if login is None:
            return system_scope(snapshot).actor
        return (await scope_of_person(tx, snapshot, await person_of_login(tx, login))).actor


def _read_json(content: str | bytes, option: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def _in_zone(moment: datetime | None, actor: Actor) -> datetime | None:
    """A moment without an offset is one where the actor is."""
    if moment is None or moment.tzinfo is not None:
        return moment
    return moment.replace(tzinfo=ZoneInfo(actor.zone))


def _import_progress(state: Progress) -> str:
    words = Text("{read} / {total} 行，每秒 {rate} 行", "{read} of {total} rows, {rate} a second")
    rest = state.remaining_seconds
    shown = words.fill(read=f"{state.read:,}", total=f"{state.total:,}", rate=f"{state.rate:,.0f}").read(spoken())
    return shown if rest is None else f"{shown} · {rest:.0f} s"
