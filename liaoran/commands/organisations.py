"""Commands that make, list and remove organisations, and give tokens to people in them."""

from __future__ import annotations

import sys
from typing import Annotated, Any, cast

import typer

from liaoran.access.people import person_of_login
from liaoran.access.tokens import create_token
from liaoran.app import Founding, found_organisation
from liaoran.commands.terminal import DataDir, Json, Org, chosen_organisation, open_database, run, show
from liaoran.infra.organisations import drop_organisation, list_organisations
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Language, Text


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

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            organisation = await found_organisation(database, founding)
        return {"organisation": organisation.slug, "title": organisation.title, "administrator": admin}

    done = Text("已建立组织 {slug}，管理员为 {admin}", "made the organisation {slug}; its administrator is {admin}")
    show(run(work()), json, done.fill(slug=org, admin=admin))


def token_create(
    login: Annotated[str, typer.Argument(help="The token acts for this person · 令牌代表此人")],
    *,
    org: Org = None,
    scope: Annotated[list[str] | None, typer.Option(help="read, write or admin; may be repeated · 范围")] = None,
    label: Annotated[str, typer.Option(help="What it is for · 用途")] = "command line",
    days: Annotated[int | None, typer.Option(help="How long it is good · 有效天数", min=1)] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make an API token; its text is shown this once · 创建 API 令牌."""

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            organisation = await chosen_organisation(database, org)
            async with database.transaction(organisation.schema) as tx:
                person = await person_of_login(tx, login)
                token_id, token = await create_token(
                    tx, organisation.slug, person, label, scopes=scope or None, days=days
                )
        return {"id": str(token_id), "token": token}

    made = run(work())
    show(made, json, Text(made["token"]))


def organisation_list(data_dir: DataDir = None, json: Json = False) -> None:
    """List the organisations · 列出组织."""

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            found = await list_organisations(database)
        return {"organisations": [{"slug": one.slug, "title": one.title, "demo": one.demo} for one in found]}

    listed = run(work())
    lines = [f"{one['slug']}\t{one['title']}" for one in listed["organisations"]]
    show(listed, json, Text("\n".join(lines) or "—"))


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

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            await drop_organisation(database, org)
        return {"dropped": org}

    show(run(work()), json, Text("已删除 {org}", "removed {org}").fill(org=org))
