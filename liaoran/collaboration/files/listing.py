"""The files of a record as the pages and the API read them. Whoever sees the record sees its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.collaboration.files.sniffing import IMAGES, PDF
from liaoran.collaboration.tables import record_file_versions as versions
from liaoran.collaboration.tables import record_files as documents
from liaoran.infra.files import FileStore, StoredFile
from liaoran.infra.statements import Statement
from liaoran.infra.tables import files as stored
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.query.display import instant_text, json_object
from liaoran.records.history import record_with_merged
from liaoran.records.noting import require_readable

NO_SUCH_FILE = Text("没有这个文件，或您无权查看", "there is no such file, or you may not see it")
_RECORD = sa.bindparam("record", type_=sa.Uuid)
_FILE = sa.bindparam("file", type_=sa.Uuid)
_REMOVED = sa.bindparam("removed", type_=sa.Boolean)
_EMPTY: sa.ColumnElement[Any] = sa.literal_column("'[]'::json")
_IMAGES = sa.any_(sa.literal(sorted(IMAGES), pg.ARRAY(sa.Text)))


@dataclass(frozen=True, slots=True)
class FileRow:
    """One document of a record as it stands."""

    id: UUID
    record_id: UUID
    document_type: str | None
    title: str
    version: int
    removed_at: datetime | None


def _person(identity: sa.ColumnElement[Any], label: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return json_object(("id", identity), ("label", label))


def _version() -> sa.ColumnElement[Any]:
    preview = sa.case((stored.c.media_type == _IMAGES, "image"), (stored.c.media_type == PDF, "pdf"))
    return json_object(
        ("number", versions.c.number),
        ("name", stored.c.name),
        ("size", stored.c.size),
        ("media_type", stored.c.media_type),
        ("sha256", stored.c.sha256),
        ("preview", preview),
        ("note", versions.c.note),
        ("uploaded_at", instant_text(versions.c.uploaded_at)),
        ("uploaded_by", _person(versions.c.uploaded_by, versions.c.uploaded_by_label)),
    )


def _document() -> sa.ColumnElement[Any]:
    """One document with its versions, the newest first."""
    listed = (
        sa.select(sa.func.json_agg(pg.aggregate_order_by(_version(), versions.c.number.desc())))
        .select_from(versions.join(stored, stored.c.id == versions.c.stored))
        .where(versions.c.file == documents.c.id)
        .correlate(documents)
        .scalar_subquery()
    )
    removed_by = sa.case(
        (documents.c.removed_at.is_not(None), _person(documents.c.removed_by, documents.c.removed_by_label))
    )
    return json_object(
        ("id", documents.c.id),
        ("title", documents.c.title),
        ("document_type", documents.c.document_type),
        ("version", documents.c.version),
        ("created_at", instant_text(documents.c.created_at)),
        ("created_by", _person(documents.c.created_by, documents.c.created_by_label)),
        ("removed_at", instant_text(documents.c.removed_at)),
        ("removed_by", removed_by),
        ("versions", listed),
    )


_BELONGS = documents.c.record_id.in_(record_with_merged(_RECORD))
_LIST = Statement(
    sa.select(
        sa.func.coalesce(
            sa.func.json_agg(pg.aggregate_order_by(_document(), documents.c.created_at.desc(), documents.c.id)), _EMPTY
        )
    ).where(_BELONGS, documents.c.removed_at.is_not(None) == _REMOVED)
)
_ONE = Statement(sa.select(_document()).where(_BELONGS, documents.c.id == _FILE))
_row = sa.select(*(documents.c[name] for name in FileRow.__dataclass_fields__)).where(_BELONGS, documents.c.id == _FILE)
_ROW, _HELD_ROW = Statement(_row), Statement(_row.with_for_update(of=documents))
_COUNT = Statement(sa.select(sa.func.count()).select_from(documents).where(_BELONGS, documents.c.removed_at.is_(None)))
_STORED = Statement(
    sa.select(versions.c.stored)
    .select_from(versions.join(documents, documents.c.id == versions.c.file))
    .where(_BELONGS, documents.c.id == _FILE, versions.c.number == sa.bindparam("number", type_=sa.Integer))
)


async def list_files(tx: Transaction, scope: Scope, object_key: str, record: UUID, *, removed: bool = False) -> bytes:
    """JSON list of the files of a record (with those of records merged into it), newest first; ``removed`` lists the
    bin instead.

    A file: ``{id, title, document_type, version, created_at, created_by, removed_at, removed_by, versions}``; a version:
    ``{number, name, size, media_type, sha256, preview, note, uploaded_at, uploaded_by}``. Raises NotFound where the
    record is not visible.
    """
    await require_readable(tx, scope, object_key, record)
    return await tx.fetch_json(_LIST, {"record": record, "removed": removed}) or b"[]"


async def read_file(tx: Transaction, record: UUID, file: UUID) -> bytes:
    """JSON of one file as ``list_files`` has it, for whoever has just changed it."""
    found = await tx.fetch_json(_ONE, {"record": record, "file": file})
    if found is None:
        raise NotFound(NO_SUCH_FILE)
    return found


async def find_file(tx: Transaction, record: UUID, file: UUID, *, hold: bool = False) -> FileRow:
    """The file of a record that the actor is known to see; ``hold`` locks it to the end of the transaction. Raises
    NotFound."""
    row = await tx.fetch_one(_HELD_ROW if hold else _ROW, {"record": record, "file": file})
    if row is None:
        raise NotFound(NO_SUCH_FILE)
    return FileRow(**row)


async def count_files(tx: Transaction, record: UUID) -> int:
    """How many files a record has, the bin left out."""
    return int(await tx.fetch_value(_COUNT, {"record": record}))


async def find_content(
    tx: Transaction, files: FileStore, scope: Scope, object_key: str, record: UUID, file: UUID, number: int
) -> StoredFile:
    """The stored file of one version, also of a removed file. Raises NotFound."""
    await require_readable(tx, scope, object_key, record)
    found = await tx.fetch_value(_STORED, {"record": record, "file": file, "number": number})
    if found is None:
        raise NotFound(NO_SUCH_FILE)
    return await files.get(tx, found)
