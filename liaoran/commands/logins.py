"""Commands for who cannot get in any more, not even an administrator: a link to set a password, lost second factors."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from liaoran import audit
from liaoran.access.factors.standing import forget_factors
from liaoran.access.links import LINK_PAGE, MOST_HOURS, make_link
from liaoran.access.people import person_of_login
from liaoran.commands.terminal import DataDir, Json, Org, chosen_organisation, open_database, operator, run, show
from liaoran.kernel.text import Text

Login = Annotated[str, typer.Argument(help="Whose · 登录名")]


def login_link(
    login: Login,
    *,
    org: Org = None,
    hours: Annotated[int | None, typer.Option(help="How long it is good · 有效小时数", min=1, max=MOST_HOURS)] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make a one-time link by which a person sets their password · 生成一次性的设置密码链接."""

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            organisation = await chosen_organisation(database, org)
            async with database.transaction(organisation.schema) as tx:
                link = await make_link(tx, organisation.slug, await person_of_login(tx, login), operator(), hours)
            path = f"{LINK_PAGE}#{link.token}"
            return {
                "url": database.settings.public_url.rstrip("/") + path,
                "kind": link.kind,
                "expires_at": link.expires_at.isoformat(),
            }

    made = run(work())
    show(made, json, Text(made["url"]))


def login_forget_factors(login: Login, *, org: Org = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Forget the second factors of a person who lost them, and end their sessions · 清除某人的双重验证并结束其登录."""

    async def work() -> dict[str, Any]:
        async with open_database(data_dir) as database:
            organisation = await chosen_organisation(database, org)
            async with database.transaction(organisation.schema) as tx:
                person = await person_of_login(tx, login)
                await forget_factors(tx, person)
                audit.note(tx, "factor.removed", operator(), object="person", record=person, facts={"way": "all"})
        return {"login": login, "factors": "forgotten"}

    done = Text("已清除 {login} 的双重验证", "the second factors of {login} are forgotten")
    show(run(work()), json, done.fill(login=login))
