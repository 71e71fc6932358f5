"""The audit log as a file, for whoever checks it elsewhere."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

from liaoran.access.auditing import named_keys, require_auditor
from liaoran.access.scope import Scope
from liaoran.audit import note
from liaoran.audit.grants_wording import Named
from liaoran.audit.kinds import GROUPS
from liaoran.audit.reading import Criteria, read_all
from liaoran.audit.settings import read_settings
from liaoran.audit.wording import details_of
from liaoran.exchange.exports.cells import CellMaker, CellValue
from liaoran.exchange.exports.files import ExportFormat, export_writer, watermark_of
from liaoran.infra.database import Database
from liaoran.kernel.text import Language, Text

_COLUMNS = {
    "number": Text("序号", "Number"),
    "at": Text("时间", "Time"),
    "group": Text("类别", "Category"),
    "label": Text("事件", "Event"),
    "actor": Text("操作者", "Who"),
    "object": Text("对象", "Object"),
    "record": Text("记录 ID", "Record UUID"),
    "details": Text("内容", "Details"),
    "id": Text("条目 ID", "Entry UUID"),
}
_FILE = Text("审计日志", "audit-log")


async def export_audit_log(
    database: Database, schema: str, scope: Scope, criteria: Criteria, kind: ExportFormat
) -> tuple[str, Path]:
    """Writes the entries, oldest first, into a file of its own and gives its name for people and its path; the caller
    removes it. That it was taken is an entry itself. Raises Forbidden for everybody but auditors, Invalid as
    ``reading.read_page``."""
    require_auditor(scope)
    folder = database.settings.data_dir / "exports" / schema
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix="audit-", delete=False) as made:
        path = Path(made.name)
    try:
        count = await _write(database, schema, scope, criteria, kind, path)
        async with database.transaction(schema) as tx:
            note(tx, "audit.exported", scope.actor, facts={"count": count, "format": kind, **_told(criteria)})
    except BaseException:
        await asyncio.to_thread(path.unlink, missing_ok=True)
        raise
    now = datetime.now(ZoneInfo(scope.actor.zone))
    return f"{_FILE.read(scope.actor.language)}-{now:%Y%m%d-%H%M}.{kind}", path


async def _write(
    database: Database, schema: str, scope: Scope, criteria: Criteria, kind: ExportFormat, path: Path
) -> int:
    language, zone = scope.actor.language, ZoneInfo(scope.actor.zone)
    makers = [_maker(key, label.read(language)) for key, label in _COLUMNS.items()]
    count = 0
    async with database.read(schema, consistent=True) as tx:
        named = await named_keys(tx, scope)
        mark = watermark_of(scope.actor) if (await read_settings(tx)).watermark_exports else None
        writer = await asyncio.to_thread(export_writer, kind, path, list(_COLUMNS), makers, mark)
        try:
            async for entries in read_all(tx, criteria):
                count += len(entries)
                await asyncio.to_thread(writer.write, [_row(scope, one, named, language, zone) for one in entries])
        finally:
            await asyncio.to_thread(writer.close)
    return count


def _maker(key: str, heading: str) -> CellMaker:
    def make(value: Any) -> CellValue:
        cell: CellValue = value
        return cell

    return CellMaker(heading, {"number": "number", "at": "instant"}.get(key, "text"), make)  # type: ignore[arg-type]


def _row(scope: Scope, entry: dict[str, Any], named: Named, language: Language, zone: ZoneInfo) -> dict[str, CellValue]:
    one = scope.snapshot.objects.get(entry["object"] or "")
    return {
        "number": entry["number"],
        "at": entry["at"].astimezone(zone).replace(tzinfo=None),
        "group": GROUPS[entry["group"]].read(language),
        "label": Text.from_json(entry["label"]).read(language),
        "actor": entry["actor"]["label"],
        "object": one.label.read(language) if one else entry["object"],
        "record": str(entry["record"]) if entry["record"] else None,
        "details": "\n".join(detail.sentence.read(language) for detail in details_of(entry["facts"], named)) or None,
        "id": str(entry["id"]),
    }


def _told(criteria: Criteria) -> dict[str, Any]:
    """What was looked for, for the entry about the export."""
    return {
        "since": criteria.since.astimezone(UTC).isoformat() if criteria.since else None,
        "until": criteria.until.astimezone(UTC).isoformat() if criteria.until else None,
        "search": criteria.words,
    }
