"""The command line ``liaoran``. Progress goes to standard error; ``--json`` prints one object on standard output and
nothing else there. Refusals are told in words, with exit code 1; 2 is a wrong call.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast
from zoneinfo import ZoneInfo

import orjson
import typer
from rich.console import Console
from rich.status import Status

from liaoran.access.actors import scope_of_person
from liaoran.access.people import person_of_login
from liaoran.access.scope import system_scope
from liaoran.access.tokens import create_token
from liaoran.app import Founding, create_app, found_demo, found_organisation
from liaoran.exchange.exports.working import export_file
from liaoran.exchange.imports.command import import_file
from liaoran.exchange.imports.progress import Progress
from liaoran.infra.database import Database
from liaoran.infra.encoding import to_json
from liaoran.infra.health import ready_checks
from liaoran.infra.logging import configure_logging
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import Organisation, drop_organisation, get_organisation, list_organisations
from liaoran.infra.serving import serve as serve_forever
from liaoran.infra.serving import work as work_forever
from liaoran.infra.settings import PREFIX, Settings
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Invalid, LiaoranError
from liaoran.kernel.text import Language, Text
from liaoran.packs.demo import DEMO_SLUG
from liaoran.schema.catalogue import load_snapshot

TARGET = "liaoran.app:create_app"
DEMO_DIR = Path(".data/demo")
ResultT = TypeVar("ResultT")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Liaoran 了然 · CRM · 商机管理")
tokens = typer.Typer(no_args_is_help=True, help="API tokens · API 令牌")
organisations = typer.Typer(no_args_is_help=True, help="Organisations of this server · 本服务器上的组织")
app.add_typer(tokens, name="token")
app.add_typer(organisations, name="organisation")

DataDir = Annotated[Path | None, typer.Option(help="Data directory (LIAORAN_DATA_DIR) · 数据目录")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output · 输出一个 JSON 对象")]
Org = Annotated[str, typer.Option("--org", help="Name of the organisation · 组织代号")]
Host = Annotated[str | None, typer.Option(help="Address to listen on (LIAORAN_HOST) · 监听地址")]
Port = Annotated[int | None, typer.Option(help="TCP port (LIAORAN_PORT) · 端口")]
Workers = Annotated[int | None, typer.Option(help="Serving processes (LIAORAN_WORKERS) · 服务进程数")]

As = Annotated[str | None, typer.Option("--as", help="In whose name; else the installation's · 以谁的身份")]

_COUNTED = ("read", "created", "updated", "unchanged", "rejected")
_IMPORTED = Text(
    "读取 {read} 行：新建 {created}，更新 {updated}，未变 {unchanged}，拒绝 {rejected}",
    "read {read} rows: {created} created, {updated} updated, {unchanged} unchanged, {rejected} rejected",
)
progress = Console(stderr=True, soft_wrap=True, highlight=False)


def main() -> None:
    """Runs the command line."""
    try:
        app()
    except LiaoranError as error:
        _tell(error)
        sys.exit(1)


def spoken() -> Language:
    """Chinese where the terminal's locale is Chinese, else English."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.lower().startswith("zh") else "en"


@app.command()
def init(
    org: Annotated[str, typer.Argument(help="Name: lower-case letters, digits, underscores · 组织代号")],
    *,
    admin: Annotated[str, typer.Option(help="Login of the first administrator · 管理员登录名")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input")],
    title: Annotated[str, typer.Option(help="Shown name · 显示名称")] = "",
    language: Annotated[str, typer.Option(help="zh or en")] = "zh",
    currency: Annotated[str, typer.Option(help="ISO 4217")] = "CNY",
    zone: Annotated[str, typer.Option(help="IANA time zone · 时区")] = "Asia/Shanghai",
    pack: Annotated[str, typer.Option(help="sales or none")] = "sales",
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make an organisation with its first administrator · 建立组织和第一位管理员."""
    if not password_stdin:
        raise typer.BadParameter("the password is read from standard input only", param_hint="--password-stdin")
    password = sys.stdin.readline().rstrip("\r\n")
    founding = Founding(
        org,
        title,
        admin,
        password,
        language=cast(Language, language),
        currency=currency,
        zone=zone,
        pack=pack,
    )

    async def run() -> dict[str, Any]:
        async with _database(data_dir) as database:
            organisation = await found_organisation(database, founding)
        return {"organisation": organisation.slug, "title": organisation.title, "administrator": admin}

    done = Text("已建立组织 {slug}，管理员为 {admin}", "made the organisation {slug}; its administrator is {admin}")
    _show(_run(run()), json, done.fill(slug=org, admin=admin))


@app.command()
def demo(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    data_dir: DataDir = None,
) -> None:
    """Make the demo organisation, if it is not there yet, and serve it · 建立并启动演示."""
    chosen = data_dir or (None if f"{PREFIX}DATA_DIR" in os.environ else DEMO_DIR)
    settings = _settings(chosen, host=host, port=port, workers=workers)
    serve_forever(settings, TARGET, prepare=_prepare_demo, on_ready=_announce)


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    data_dir: DataDir = None,
) -> None:
    """Serve pages, API and background jobs until stopped · 启动服务."""
    serve_forever(_settings(data_dir, host=host, port=port, workers=workers), TARGET, on_ready=_announce)


@app.command()
def worker(data_dir: DataDir = None) -> None:
    """Work on background jobs only · 只处理后台任务."""
    work_forever(_settings(data_dir))


@tokens.command("create")
def token_create(
    login: Annotated[str, typer.Argument(help="The token acts for this person · 令牌代表此人")],
    *,
    org: Org,
    scope: Annotated[list[str] | None, typer.Option(help="read, write or admin; may be repeated · 范围")] = None,
    label: Annotated[str, typer.Option(help="What it is for · 用途")] = "command line",
    days: Annotated[int | None, typer.Option(help="How long it is good · 有效天数", min=1)] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make an API token; its text is shown this once · 创建 API 令牌."""

    async def run() -> dict[str, Any]:
        async with _database(data_dir) as database:
            organisation = await get_organisation(database, org)
            async with database.transaction(organisation.schema) as tx:
                person = await person_of_login(tx, login)
                token_id, token = await create_token(tx, org, person, label, scopes=scope or None, days=days)
        return {"id": str(token_id), "token": token}

    made = _run(run())
    _show(made, json, Text(made["token"]))


@organisations.command("list")
def organisation_list(data_dir: DataDir = None, json: Json = False) -> None:
    """List the organisations · 列出组织."""

    async def run() -> dict[str, Any]:
        async with _database(data_dir) as database:
            found = await list_organisations(database)
        return {"organisations": [{"slug": one.slug, "title": one.title, "demo": one.demo} for one in found]}

    listed = _run(run())
    lines = [f"{one['slug']}\t{one['title']}" for one in listed["organisations"]]
    _show(listed, json, Text("\n".join(lines) or "—"))


@organisations.command("drop")
def organisation_drop(
    org: Annotated[str, typer.Argument(help="Name of the organisation · 组织代号")],
    confirm: Annotated[str, typer.Option(help="The name once more · 再次输入组织代号")] = "",
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Remove an organisation with all its records, for good · 永久删除组织及其全部数据."""
    if confirm != org:
        message = Text("要永久删除，请加上 --confirm {org}", "to remove it for good, add --confirm {org}")
        raise Invalid(message.fill(org=org), code="not_confirmed")

    async def run() -> dict[str, Any]:
        async with _database(data_dir) as database:
            await drop_organisation(database, org)
        return {"dropped": org}

    _show(_run(run()), json, Text("已删除 {org}", "removed {org}").fill(org=org))


@app.command("import")
def import_command(
    object: Annotated[str, typer.Argument(help="For example account · 对象")],
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or XLS · 文件")],
    *,
    org: Org,
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

    async def run() -> dict[str, Any]:
        async with _database(data_dir) as database:
            organisation = await get_organisation(database, org)
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

    done = _run(run())
    _show(done, json, _IMPORTED.fill(**{key: done[key] for key in _COUNTED}))


@app.command("export")
def export_command(
    object: Annotated[str, typer.Argument(help="For example account · 对象")],
    *,
    org: Org,
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

    async def run() -> dict[str, Any]:
        async with _database(data_dir) as database:
            organisation = await get_organisation(database, org)
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

    done = _run(run())
    _show(done, json, Text("已导出 {rows} 行到 {file}", "exported {rows} rows to {file}").fill(**done))


@app.command()
def doctor(data_dir: DataDir = None, json: Json = False) -> None:
    """Check database, migrations, job queue and disk · 检查运行环境."""

    async def run() -> list[dict[str, Any]]:
        async with _database(data_dir) as database:
            checks = await ready_checks(database)
        return [{"key": one.key, "ok": one.ok, "message": one.message.read(spoken())} for one in checks]

    checks = _run(run())
    lines = [f"{'✓' if one['ok'] else '✗'} {one['key']}: {one['message']}" for one in checks]
    _show({"ok": all(one["ok"] for one in checks), "checks": checks}, json, Text("\n".join(lines)))
    if not all(one["ok"] for one in checks):
        raise typer.Exit(1)


@app.command()
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


async def _prepare_demo(database: Database) -> None:
    if any(one.slug == DEMO_SLUG for one in await list_organisations(database)):
        return
    words = Text("正在准备演示数据…", "preparing the demo…")
    progress.print(words.read(spoken()))
    await found_demo(database, datetime.now(UTC).date(), lambda key, count: progress.print(f"  {key}: {count}"))


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


def _settings(data_dir: Path | None, **given: Any) -> Settings:
    chosen = {name: value for name, value in {"data_dir": data_dir, **given}.items() if value is not None}
    return Settings(**chosen)


@asynccontextmanager
async def _database(data_dir: Path | None) -> AsyncIterator[Database]:
    """The database of this command, up to date; the embedded server stops with it unless a server uses it too."""
    settings = _settings(data_dir)
    configure_logging(settings.model_copy(update={"log_level": "warning"}))
    async with Database(settings) as database:
        await upgrade(database)
        yield database


def _run(work: Coroutine[Any, Any, ResultT]) -> ResultT:
    return asyncio.run(work)


def _show(result: dict[str, Any], as_json: bool, words: Text) -> None:
    sys.stdout.write(to_json(result).decode() + "\n" if as_json else words.read(spoken()) + "\n")


def _announce(address: str) -> None:
    words = Text("Liaoran 已就绪：{address}", "Liaoran is ready: {address}").fill(address=address)
    progress.print(words.read(spoken()))


def _tell(error: LiaoranError) -> None:
    progress.print(error.message.read(spoken()), style="red")
    for one in error.problems[:20]:
        place = f"{one.field}: " if one.field else ""
        progress.print(f"  {place}{one.message.read(spoken())}")


if __name__ == "__main__":
    main()
