"""Exports that need somebody's word: those of more rows than the organisation lets go without it.

An administrator decides; what administrators export themselves needs nobody's word, but is noted like all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.audit import note
from liaoran.audit.settings import read_settings
from liaoran.exchange.exports.rows import ExportRows, Selection
from liaoran.exchange.exports.store import ExportRecord, change_export, get_export
from liaoran.exchange.tables import exports
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.conditions import parse_condition
from liaoran.kernel.errors import Conflict, Refused
from liaoran.kernel.text import Text
from liaoran.query.reads import compile_query
from liaoran.query.sentences import sentence_text

_NEEDS_WORD = Text(
    "这次导出有 {rows} 行，超过 {limit} 行的导出需要管理员批准，请填写原因",
    "this export has {rows} rows; more than {limit} need an administrator's approval, so please say what it is for",
)
_GREW = Text(
    "列表已增至 {rows} 行，超过 {limit} 行的导出需要管理员批准，请重新申请",
    "the list has grown to {rows} rows; more than {limit} need an administrator's approval, so please ask for it",
)
_DECIDED = Text("这次导出已有人处理过", "this export has been decided already")
_REFUSED = Text("{who} 没有批准：{why}", "{who} did not approve: {why}")
_REFUSED_SILENTLY = Text("{who} 没有批准", "{who} did not approve")


async def rows_beyond(tx: Transaction, scope: Scope, selection: Selection) -> int | None:
    """How many rows the export has where it needs somebody's word, else None."""
    limit = (await read_settings(tx)).approve_exports_above
    if limit is None or scope.is_administrator:
        return None
    request = selection.request.model_copy(update={"limit": 1, "count": True, "cursor": None})
    plan = compile_query(ExportRows(scope, selection.object), selection.object, request)
    rows = int(orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"{}").get("total", 0))
    return rows if rows > limit else None


async def require_few(tx: Transaction, scope: Scope, rows: int, *, asked: bool) -> None:
    """Raises Refused where an export that nobody approved has more rows than go without. ``asked`` says whether it was
    counted when it was asked for, so that the list has grown since."""
    limit = (await read_settings(tx)).approve_exports_above
    if limit is None or rows <= limit or scope.is_administrator:
        return
    words = _GREW if asked else _NEEDS_WORD
    raise Refused(words.fill(rows=rows, limit=limit), code="approval_needed", extra={"rows": rows, "limit": limit})


async def require_reason(tx: Transaction, rows: int, reason: str | None) -> str:
    """The reason that somebody gave. Raises Refused ``approval_needed`` where there is none, so that it can be asked."""
    given = (reason or "").strip()
    if not given:
        limit = (await read_settings(tx)).approve_exports_above
        message = _NEEDS_WORD.fill(rows=rows, limit=limit)
        raise Refused(message, code="approval_needed", extra={"rows": rows, "limit": limit})
    return given


async def list_asked(tx: Transaction, scope: Scope) -> list[dict[str, Any]]:
    """The exports that wait for a decision, oldest first. Raises Forbidden for everybody but administrators."""
    scope.require_administrator()
    return await tx.fetch_all(_ASKED)


async def decide_export(
    tx: Transaction, scope: Scope, record_id: UUID, *, approve: bool, comment: str | None
) -> ExportRecord:
    """Lets an export go or refuses it. The caller queues one that goes. Raises Forbidden for everybody but
    administrators, NotFound, Conflict where it is decided already."""
    scope.require_administrator()
    record = await get_export(tx, record_id, None, hold=True)
    if record.state != "asked":
        raise Conflict(_DECIDED, code="already_decided")
    words = (comment or "").strip() or None
    refusal = (
        _REFUSED.fill(who=scope.actor.label, why=words) if words else _REFUSED_SILENTLY.fill(who=scope.actor.label)
    )
    await change_export(
        tx,
        record_id,
        state="waiting" if approve else "refused",
        problem=None if approve else refusal.to_json(),
        decided_by=scope.actor.person,
        decided_by_label=scope.actor.label,
        decided_at=datetime.now(UTC),
        decision=words,
        **({} if approve else {"finished_at": datetime.now(UTC)}),
    )
    facts = {"count": record.total, "export": str(record_id), "to": record.created_by_label, "reason": words}
    note(tx, "export.approved" if approve else "export.refused", scope.actor, object=record.object, facts=facts)
    tx.notify({"export": {"id": str(record_id), "state": "waiting" if approve else "refused"}})
    return await get_export(tx, record_id, None)


def note_export(
    tx: Transaction, scope: Scope, kind: str, record: Mapping[str, Any], actor: Actor | None = None
) -> None:
    """Tells the audit log of an export: how many rows of what, with which filter. ``record`` has ``object``,
    ``request``, ``format``, ``count`` and may have more to tell."""
    request = record["request"]
    more = {part: value for part, value in record.items() if part not in ("object", "request")}
    facts = {**more, "filter": filter_in_words(scope, record["object"], request), "search": request.get("q")}
    if request.get("as_of"):
        facts["as_of"] = str(request["as_of"])
    if request.get("select"):
        facts["fields"] = list(request["select"])
    note(tx, kind, actor or scope.actor, object=record["object"], facts=facts)


def filter_in_words(scope: Scope, object_key: str, request: Mapping[str, Any]) -> dict[str, str] | None:
    """The filter of a list in both languages, None without one."""
    if not request.get("where"):
        return None
    return sentence_text(parse_condition(request["where"]), scope, object_key).to_json()


_ASKED = Statement(
    sa.select(
        exports.c.id,
        exports.c.object,
        exports.c.format,
        exports.c.total,
        exports.c.reason,
        exports.c.filter,
        exports.c.created_at,
        exports.c.created_by,
        exports.c.created_by_label,
    )
    .where(exports.c.state == sa.literal("asked"))
    .order_by(exports.c.created_at)
)
