"""Erasing what is held about a person: the record is made anonymous and stays, so that figures stay true.

The record's personal Fields become empty in its row, its versions and its Events; its files go; copies in kept answers,
imports, exports and the audit log go; and where other records name the person, what means nobody else (numbers and
addresses) is replaced, names on request. What stays is that it was done, by whom and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope, system_scope
from liaoran.audit import note
from liaoran.audit.redacting import redact
from liaoran.collaboration.files.forgetting import count_files_of, forget_files_of
from liaoran.exchange.tables import exports, imports
from liaoran.infra.database import Database
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound, Refused
from liaoran.kernel.text import Text
from liaoran.records.erasing.elsewhere import find_mentions, replace_in_copies, replace_in_records, without
from liaoran.records.erasing.own import empty_records, note_erasure
from liaoran.records.erasing.values import PersonalValues, collect_values, personal_fields, records_of
from liaoran.records.rewording import reword_records
from liaoran.schema.snapshot import Field, Object

_NO_FIELDS = Text(
    "“{object}”没有标为个人数据的字段，请先在字段设置中标记",
    "“{object}” has no Fields with personal data; mark them in its settings first",
)
_NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")
_NO_REASON = Text("请填写清除的原因", "say why the data is erased")
_ERASED = Text("已清除个人数据：{reason}", "Personal data erased: {reason}")


@dataclass(frozen=True, slots=True)
class Held:
    """What is held about a person through one record: the record with those merged into it, its personal Fields, their
    values past and present, and how many files belong to it."""

    one: Object
    ids: list[UUID]
    fields: list[Field]
    values: PersonalValues
    files: int


async def what_is_held(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> Held:
    """Raises Forbidden for everybody but administrators, NotFound, Refused where the Object has no personal Fields."""
    one = scope.require(object_key, "read")
    scope.require_administrator()
    table = one.table
    if (
        await tx.fetch_value(sa.select(table.c.id).where(table.c.id == sa.bindparam("which")), {"which": record})
        is None
    ):
        raise NotFound(_NOT_FOUND)
    fields = personal_fields(one)
    if not fields:
        raise Refused(_NO_FIELDS.fill(object=one.label), code="no_personal_fields")
    ids = await records_of(tx, record)
    return Held(one, ids, fields, await collect_values(tx, one, ids, fields), await count_files_of(tx, ids))


async def preview(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> dict[str, Any]:
    """``{fields: [{key, label}], merged, files, certain, likely}``: what would go. ``certain`` and ``likely`` count the
    other records, by Object, that hold a number or an address of the person, or a name. Raises as ``what_is_held``."""
    held = await what_is_held(tx, scope, object_key, record)
    everything = system_scope(scope.snapshot)
    certain = await find_mentions(tx, everything, held.values.strong, held.ids)
    likely = await find_mentions(tx, everything, held.values.weak, held.ids)
    return {
        "fields": [{"key": one.key, "label": one.label.to_json()} for one in held.fields],
        "merged": len(held.ids) - 1,
        "files": held.files,
        "certain": _counted(scope, certain),
        "likely": _counted(scope, likely),
    }


async def erase(
    tx: Transaction,
    database: Database,
    scope: Scope,
    object_key: str,
    record: UUID,
    *,
    reason: str,
    everywhere: bool = False,
) -> dict[str, Any]:
    """Makes the record anonymous; gives ``{label, files, mentions}``. ``everywhere`` replaces names in other records'
    texts as well, where they may mean somebody else. It cannot be undone.

    Raises as ``what_is_held``, Invalid without a reason, Unavailable where there is no secret key.
    """
    if not reason.strip():
        raise Invalid(_NO_REASON, code="reason_missing", extra={"at": "reason"})
    held = await what_is_held(tx, scope, object_key, record)
    values, ids = held.values, held.ids
    everything = system_scope(scope.snapshot, scope.actor.label, scope.actor.person)
    sought = values.all if everywhere else sorted(values.strong, key=len, reverse=True)
    why = without(reason.strip(), values.all)
    mentions = await find_mentions(tx, everything, sought, ids)
    files = await forget_files_of(tx, database.files, ids)
    await _forget_exchanged(tx, database, object_key)
    label = await empty_records(tx, everything, held.one, ids, held.fields)
    changed = await replace_in_records(tx, everything, sought, mentions)
    await replace_in_copies(tx, values, sought, ids)
    for key, touched in mentions.items():
        await reword_records(tx, key, touched)
    await redact(tx, database.secrets, scope.actor, values.all)
    await note_erasure(tx, scope, held.one, record, _ERASED.fill(reason=why).read(scope.snapshot.language))
    facts = {"reason": why, "fields": [one.label.to_json() for one in held.fields], "files": files, "records": changed}
    note(tx, "person_data.erased", scope.actor, object=object_key, record=record, facts=facts)
    return {"label": label, "files": files, "mentions": changed}


async def _forget_exchanged(tx: Transaction, database: Database, object_key: str) -> None:
    """Files that were written from, or read into, the Object: they hold copies that nothing needs any more."""
    gone: list[UUID | None] = await tx.fetch_column(_EXPORTED, {"object": object_key})
    for row in await tx.fetch_all(_IMPORTED, {"object": object_key}):
        gone += [row["file"], row["rejects_file"]]
    await tx.execute(_FORGET_EXPORTS, {"object": object_key})
    await tx.execute(_FORGET_IMPORTS, {"object": object_key})
    for file in gone:
        if file is not None:
            await database.files.remove(tx, file)


def _counted(scope: Scope, mentions: Mapping[str, Sequence[UUID]]) -> list[dict[str, Any]]:
    objects = scope.snapshot.objects
    return [
        {"object": key, "label": objects[key].label_plural.to_json(), "count": len(ids)}
        for key, ids in mentions.items()
    ]


_OBJECT = sa.bindparam("object", type_=sa.Text)
_OVER = sa.any_(sa.literal(["done", "cancelled", "failed", "undone", "refused"], pg.ARRAY(sa.Text)))
_EXPORTED = Statement(sa.select(exports.c.file).where(exports.c.object == _OBJECT, exports.c.state == _OVER))
_FORGET_EXPORTS = Statement(
    sa.update(exports).where(exports.c.object == _OBJECT, exports.c.state == _OVER).values(file=None)
)
_IMPORTED = Statement(
    sa.select(imports.c.file, imports.c.rejects_file).where(imports.c.object == _OBJECT, imports.c.state == _OVER)
)
_FORGET_IMPORTS = Statement(
    sa.update(imports).where(imports.c.object == _OBJECT, imports.c.state == _OVER).values(file=None, rejects_file=None)
)
