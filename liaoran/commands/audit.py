"""Commands about the audit log."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from liaoran.audit.sealing import seal
from liaoran.audit.verifying import Verification, in_words, read_head, verify
from liaoran.commands.terminal import DataDir, Json, open_database, run, show, spoken
from liaoran.infra.organisations import get_organisation, list_organisations
from liaoran.kernel.text import Text

_SOUND = Text(
    "{org}：{entries} 条，与封存时完全一致；链头 {head}",
    "{org}: {entries} entries, all as they were sealed; head {head}",
)
_UNSOUND = Text("{org}：{entries} 条，发现 {count} 处不符", "{org}: {entries} entries, {count} of them do not hold")
_MOST_SHOWN = 100


def audit_verify(
    org: Annotated[str, typer.Option("--org", help="Name of the organisation; left out, all · 组织代号")] = "",
    head: Annotated[
        str, typer.Option(help="An earlier head NUMBER:HASH that has to be part of the chain still · 早先记下的链头")
    ] = "",
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Check that nothing in the audit log was changed, removed or moved · 校验审计日志."""
    if head and not (org and read_head(head)):
        raise typer.BadParameter("a head is NUMBER:HASH of one organisation", param_hint="--head")

    async def work() -> dict[str, Verification]:
        found = {}
        async with open_database(data_dir) as database:
            chosen = [await get_organisation(database, org)] if org else await list_organisations(database)
            for one in chosen:
                await seal(database, one.schema)
                async with database.read(one.schema, consistent=True) as tx:
                    found[one.slug] = await verify(tx, database.secrets, head or None)
        return found

    found = run(work())
    sound = all(one.sound for one in found.values())
    show({"sound": sound, "organisations": [_as_json(slug, one) for slug, one in found.items()]}, json, _said(found))
    if not sound:
        raise typer.Exit(1)


def _as_json(slug: str, one: Verification) -> dict[str, Any]:
    return {
        "organisation": slug,
        "sound": one.sound,
        "entries": one.entries,
        "waiting": one.waiting,
        "head": one.head,
        "findings": in_words(one.findings),
    }


def _said(found: dict[str, Verification]) -> Text:
    lines = []
    for slug, one in found.items():
        words = _SOUND if one.sound else _UNSOUND
        lines.append(words.fill(org=slug, entries=one.entries, head=one.head, count=len(one.findings)).read(spoken()))
        lines += [f"  {finding.message.read(spoken())}" for finding in one.findings[:_MOST_SHOWN]]
    return Text("\n".join(lines) or "—")
