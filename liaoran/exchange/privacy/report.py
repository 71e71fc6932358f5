"""The report of all data held about a person, as a workbook: what the record holds, what happened to it, which records
point to it or name the person, its files, and what the audit log says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import xlsxwriter

from liaoran.access.scope import Scope, system_scope
from liaoran.audit import note
from liaoran.audit.reading import Criteria, read_all
from liaoran.audit.wording import details_of, in_words
from liaoran.collaboration.files.listing import list_files
from liaoran.exchange.exports.cells import cell_makers
from liaoran.exchange.exports.rows import export_pages, select_columns
from liaoran.exchange.privacy.erasing import Held, what_is_held
from liaoran.infra.database import Database
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Language, Text
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.records.erasing.elsewhere import find_mentions
from liaoran.records.history import read_history

Row = Sequence[str]
_SHEETS = {
    "data": Text("资料", "Data"),
    "history": Text("变更历史", "History"),
    "records": Text("相关记录", "Related records"),
    "files": Text("文件", "Files"),
    "audit": Text("审计", "Audit"),
}
_HEADS: Mapping[str, Sequence[Text]] = {
    "data": [Text("字段", "Field"), Text("内容", "Value"), Text("个人数据", "Personal data")],
    "history": [
        Text("时间", "Time"),
        Text("谁", "Who"),
        Text("字段", "Field"),
        Text("之前", "Before"),
        Text("之后", "After"),
    ],
    "records": [Text("对象", "Object"), Text("名称", "Name"), Text("为何相关", "Why"), Text("记录 ID", "Record UUID")],
    "files": [Text("标题", "Title"), Text("文件名", "File name"), Text("上传时间", "Uploaded at"), Text("谁", "Who")],
    "audit": [Text("时间", "Time"), Text("谁", "Who"), Text("事件", "Event"), Text("内容", "Details")],
}
_NAMED = Text("文字中提到", "named in a text")
_YES = Text("是", "yes")
_TITLE = Text("个人数据报告", "personal-data-report")
_MOST = 1000


async def report_person_data(
    database: Database, schema: str, scope: Scope, object_key: str, record: UUID
) -> tuple[str, Path]:
    """Writes the workbook into a file of its own and gives its name for people and its path; the caller removes it. That
    it was made is noted. Raises as ``erasing.what_is_held``."""
    async with database.read(schema, consistent=True) as tx:
        held = await what_is_held(tx, scope, object_key, record)
        sheets = {name: [row async for row in rows] for name, rows in _sheets(tx, scope, held, record).items()}
    folder = database.settings.data_dir / "exports" / schema
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=folder, prefix="person-", delete=False) as made:
        path = Path(made.name)
    await asyncio.to_thread(_write, path, sheets, scope.actor.language)
    async with database.transaction(schema) as tx:
        facts = {"fields": [one.label.to_json() for one in held.fields]}
        note(tx, "person_data.reported", scope.actor, object=object_key, record=record, facts=facts)
    now = datetime.now(ZoneInfo(scope.actor.zone))
    return f"{_TITLE.read(scope.actor.language)}-{now:%Y%m%d-%H%M}.xlsx", path


def _sheets(tx: Transaction, scope: Scope, held: Held, record: UUID) -> dict[str, AsyncIterator[Row]]:
    return {
        "data": _data(tx, scope, held, record),
        "history": _history(tx, scope, held, record),
        "records": _records(tx, scope, held, record),
        "files": _files(tx, scope, held, record),
        "audit": _audit(tx, scope, record),
    }


async def _data(tx: Transaction, scope: Scope, held: Held, record: UUID) -> AsyncIterator[Row]:
    request = QueryRequest(where={"field": "id", "op": "eq", "value": str(record)})
    selection = select_columns(scope, held.one.key, request)
    makers = cell_makers(selection.columns, scope.actor.language, ZoneInfo(scope.actor.zone))
    personal = {one.key for one in held.fields}
    async for _, rows in export_pages(tx, scope, selection):
        for row in rows:
            for column, maker in zip(selection.columns, makers, strict=True):
                value = maker.make(row.get(column.key))
                yield (
                    maker.heading,
                    "" if value is None else str(value),
                    _YES.read(scope.actor.language) if column.key in personal else "",
                )


async def _history(tx: Transaction, scope: Scope, held: Held, record: UUID) -> AsyncIterator[Row]:
    language, cursor = scope.actor.language, None
    while True:
        page = orjson.loads(await read_history(tx, scope, held.one.key, record, cursor=cursor, limit=200))
        for event in page["events"]:
            who = event["actor"]["label"]
            for change in event["changes"]:
                field = Text.from_json(change["label"]).read(language)
                yield event["at"], who, field, _side(change, "old", language), _side(change, "new", language)
            if not event["changes"]:
                yield event["at"], who, event["kind"], "", event["note"] or ""
        cursor = page["next_cursor"]
        if cursor is None:
            return


def _side(change: Mapping[str, Any], side: str, language: Language) -> str:
    shown = change[f"{side}_label"]
    value = shown if shown is not None else change[side]
    return "" if value is None else in_words(value).read(language)


async def _records(tx: Transaction, scope: Scope, held: Held, record: UUID) -> AsyncIterator[Row]:
    language, everything = scope.actor.language, system_scope(scope.snapshot)
    for one in scope.snapshot.objects.values():
        for link in [] if one.retired else [field for field in one.active_fields if field.target == held.one.key]:
            where = {"field": link.key, "op": "in", "value": [str(key) for key in held.ids]}
            for row in await _named(tx, everything, one.key, where) if not link.computed else []:
                yield one.label.read(language), row["name"], link.label.read(language), row["id"]
    mentions = await find_mentions(tx, everything, held.values.strong, held.ids)
    for key, ids in mentions.items():
        where = {"field": "id", "op": "in", "value": [str(one) for one in ids[:_MOST]]}
        for row in await _named(tx, everything, key, where):
            yield scope.snapshot.object(key).label.read(language), row["name"], _NAMED.read(language), row["id"]


async def _named(tx: Transaction, scope: Scope, key: str, where: dict[str, Any]) -> list[dict[str, str]]:
    name = scope.snapshot.object(key).name_field
    plan = compile_query(scope, key, QueryRequest(where=where, select=(name,), limit=_MOST))
    rows = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b'{"records": []}')["records"]
    return [{"id": row["id"], "name": str(row[name] or "")} for row in rows]


async def _files(tx: Transaction, scope: Scope, held: Held, record: UUID) -> AsyncIterator[Row]:
    for removed in (False, True):
        listed = orjson.loads(await list_files(tx, scope, held.one.key, record, removed=removed))
        for file in listed:
            for version in file["versions"]:
                yield file["title"], version["name"], version["uploaded_at"], version["uploaded_by"]["label"]


async def _audit(tx: Transaction, scope: Scope, record: UUID) -> AsyncIterator[Row]:
    language = scope.actor.language
    async for entries in read_all(tx, Criteria(record=record)):
        for one in entries:
            details = "\n".join(detail.sentence.read(language) for detail in details_of(one["facts"]))
            yield one["at"].isoformat(), one["actor"]["label"], Text.from_json(one["label"]).read(language), details


def _write(path: Path, sheets: Mapping[str, Iterable[Row]], language: Language) -> None:
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    bold, plain = book.add_format({"bold": True, "bottom": 1}), book.add_format({"quote_prefix": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(_SHEETS[name].read(language))
        sheet.set_column(0, len(_HEADS[name]) - 1, 28)
        sheet.freeze_panes(1, 0)
        for column, head in enumerate(_HEADS[name]):
            sheet.write_string(0, column, head.read(language), bold)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value[:32_767], plain)
    book.close()
