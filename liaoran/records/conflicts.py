"""Version conflicts: what somebody else changed since the writer looked, so that a person can decide what to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.kernel.errors import Conflict, Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.text import Text
from liaoran.query.reads import compile_record
from liaoran.records.changes import Delete, Update
from liaoran.records.context import Batch, WriteContext
from liaoran.records.tables import events

OUTDATED = Text(
    "{who} 已在 {when} 修改了这条记录（{fields}），请核对后再保存",
    "{who} changed this record at {when} ({fields}); look at the changes and save again",
)
AHEAD = Text(
    "版本号 {version} 还不存在，请刷新后再保存",
    "version {version} does not exist yet; reload the record and save again",
)
_BESIDE = sa.literal([str(EventKind.FILE), str(EventKind.APPROVAL), str(EventKind.SHARING)], pg.ARRAY(sa.Text))
"""Events of what belongs to the record beside its Fields."""
_SINCE = Statement(
    sa.select(events.c.record_id, events.c.version, events.c.actor_label, events.c.at, events.c.changes)
    .where(events.c.record_id == sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid))))
    .where(events.c.version > sa.bindparam("version", type_=sa.Integer), events.c.kind != sa.all_(_BESIDE))
    .order_by(events.c.seq)
)


async def reject_outdated(batch: Batch, outdated: Sequence[tuple[int, Update | Delete]]) -> None:
    """Rejects changes whose writer saw another version, with ``current, changed_by, changed_at, changed_fields``."""
    if not outdated:
        return
    context = batch.context
    oldest = min(change.version or 0 for _, change in outdated)
    ids = [change.id for _, change in outdated]
    rows = await context.tx.fetch_all(_SINCE, {"ids": ids, "version": oldest})
    for position, change in outdated:
        since = [row for row in rows if row["record_id"] == change.id and row["version"] > (change.version or 0)]
        current = await _current(context, change.id)
        problem, extra = _describe(context, change, since)
        batch.reject(position, [problem], Conflict, record=change.id, extra={"current": current, **extra})


def _describe(
    context: WriteContext, change: Update | Delete, since: Sequence[dict[str, Any]]
) -> tuple[Problem, dict[str, Any]]:
    if not since:
        message = AHEAD.fill(version=change.version)
        nobody: dict[str, Any] = {"changed_by": None, "changed_at": None, "changed_fields": []}
        return Problem("version_conflict", message, evidence={"version": change.version}), nobody
    visible = {one.key: one for one in context.scope.fields(context.object.key)}
    keys = [key for key in dict.fromkeys(key for row in since for key in row["changes"]) if key in visible]
    last = since[-1]
    labels = Text("、".join(visible[key].label.read("zh") for key in keys), ", ".join(
        visible[key].label.read("en") for key in keys
    ))  # fmt: skip
    when = last["at"].astimezone(ZoneInfo(context.actor.zone)).strftime("%Y-%m-%d %H:%M")
    message = OUTDATED.fill(who=last["actor_label"], when=when, fields=labels or Text("—"))
    extra = {"changed_by": last["actor_label"], "changed_at": last["at"].isoformat(), "changed_fields": keys}
    return Problem("version_conflict", message, evidence={"version": last["version"]}), extra


async def _current(context: WriteContext, record: UUID) -> Any:
    plan = compile_record(context.scope, context.object.key, record)
    found = await context.tx.fetch_json(plan.statement, plan.binds)
    return None if found is None else orjson.loads(found)
