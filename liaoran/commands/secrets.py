"""Commands about the secret key."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from liaoran.audit import note
from liaoran.commands.terminal import DataDir, Json, open_database, operator, run, show, spoken
from liaoran.infra.organisations import get_organisation, list_organisations
from liaoran.infra.sealed import Resealed, reseal_all
from liaoran.kernel.text import Text

_DONE = Text(
    "{org}：{resealed} 项已用最新密钥重新密封，{current} 项本来就是",
    "{org}: {resealed} sealed anew with the newest key, {current} were sealed with it already",
)
_UNREADABLE = Text(
    "{org}：{resealed} 项已用最新密钥重新密封，{current} 项本来就是；{unreadable} 项用现有密钥打不开，保持原样（{where}）",
    "{org}: {resealed} sealed anew with the newest key, {current} were sealed with it already; {unreadable} open with "
    "none of the keys and stay as they are ({where})",
)


def secret_reseal(
    org: Annotated[str, typer.Option("--org", help="Name of the organisation; left out, all · 组织代号")] = "",
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Seal all secrets with the newest key, so that the former can be dropped · 用最新密钥重新密封全部密文."""

    async def work() -> dict[str, dict[str, Resealed]]:
        done = {}
        async with open_database(data_dir) as database:
            for one in [await get_organisation(database, org)] if org else await list_organisations(database):
                async with database.transaction(one.schema, statement_seconds=0) as tx:
                    done[one.slug] = await reseal_all(tx, database.secrets)
                    if count := sum(place.resealed for place in done[one.slug].values()):
                        note(tx, "secrets.resealed", operator(), facts={"count": count})
        return done

    done = run(work())
    shown = {slug: {name: asdict(place) for name, place in places.items()} for slug, places in done.items()}
    show({"organisations": shown}, json, Text("\n".join(_said(slug, places) for slug, places in done.items()) or "—"))
    if any(place.unreadable for places in done.values() for place in places.values()):
        raise typer.Exit(1)


def _said(slug: str, places: dict[str, Resealed]) -> str:
    counts: dict[str, Any] = {
        part: sum(getattr(place, part) for place in places.values()) for part in ("resealed", "current", "unreadable")
    }
    where = ", ".join(f"{name} {place.unreadable}" for name, place in places.items() if place.unreadable)
    return (_UNREADABLE if where else _DONE).fill(org=slug, where=where, **counts).read(spoken())
