"""Putting files on records, replacing, renaming, removing and bringing them back. Each is an Event of the record.

Rights go through the record alone: whoever may edit it may do all of this with its files.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, StringConstraints

from liaoran.access.scope import Scope
from liaoran.collaboration.files.listing import FileRow, count_files, find_file
from liaoran.collaboration.files.sniffing import HEAD, admit
from liaoran.collaboration.files.types import find_document_type, list_document_types
from liaoran.collaboration.tables import record_file_versions as versions
from liaoran.collaboration.tables import record_files as documents
from liaoran.infra.files import FileStore, StoredFile, safe_name
from liaoran.infra.settings import Settings
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Invalid, Refused
from liaoran.kernel.events import Cause, EventKind
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.records.noting import note_event, require_editable

PURPOSE = "record"
"""What stored files of this layer are kept for."""
MOST_FILES = 1000
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
_EMPTY = Text("“{name}”是空文件", "“{name}” is empty")
_FULL = Text("一条记录最多 {most} 个文件", "a record has at most {most} files")
_REMOVED = Text("“{title}”已移除，请先恢复", "“{title}” was removed; bring it back first")


class NewFile(BaseModel):
    """What is told of a file that is put on a record. Without ``title`` the file name is it."""

    model_config = ConfigDict(extra="forbid")

    document_type: str | None = None
    title: Title | None = None
    note: Note | None = None


class NewVersion(BaseModel):
    """What is told of a new version of a file."""

    model_config = ConfigDict(extra="forbid")

    note: Note | None = None


class FileChange(BaseModel):
    """What to change of a file; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = None
    document_type: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A record whose files are worked on, by whom and through which door."""

    tx: Transaction
    scope: Scope
    object: str
    record: UUID
    cause: Cause

    async def note(self, what: str, file: UUID, title: str, **details: Any) -> Any:
        """Writes the Event, in which nothing is left for others to look up later, and gives its moment."""
        told = {"what": what, "id": str(file), "title": title, **details}
        return await note_event(self.tx, self.scope, self.object, self.record, EventKind.FILE, told, self.cause)


def allowed_types(settings: Settings) -> Sequence[str]:
    """The media types that may be put on records, as patterns; none means all."""
    return [part.strip().lower() for part in settings.file_types.split(",") if part.strip()]


async def receive_file(
    files: FileStore, settings: Settings, schema: str, name: str, chunks: AsyncIterator[bytes]
) -> StoredFile:
    """Takes the bytes of an upload into the storage. Its beginning decides what it is and whether it may be kept at all,
    before anything is written. Bytes that then come to belong to nothing are swept away after a day.

    Raises Refused for what may not be kept, Invalid for an empty file, TooLarge.
    """
    name = safe_name(name)
    head = bytearray()
    async for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    if not head:
        raise Invalid(_EMPTY.fill(name=name), code="empty_file")
    kind = admit(bytes(head[:HEAD]), name, allowed=allowed_types(settings), programs=settings.file_programs)

    async def whole() -> AsyncIterator[bytes]:
        yield bytes(head)
        async for chunk in chunks:
            yield chunk

    return await files.receive(schema, name, kind, whole(), limit=settings.max_file_bytes)


async def require_place(tx: Transaction, scope: Scope, object_key: str, record: UUID, file: UUID | None = None) -> None:
    """Whether an upload may begin: so that nobody sends a gigabyte only to be refused. Raises as ``add_file`` does."""
    await require_editable(tx, scope, object_key, record)
    if file is not None:
        _require_kept(await find_file(tx, record, file))


async def add_file(files: FileStore, place: Place, stored: StoredFile, told: NewFile) -> UUID:
    """Puts a received file on the record and gives its id.

    Raises NotFound where the record is not visible, Forbidden where it may not be edited, Invalid for an unknown
    document type, Refused where the record is full.
    """
    kind = await find_document_type(place.tx, told.document_type or None)
    file, title = new_id(), told.title or stored.name
    at = await place.note("added", file, title, version=1, type=_named(kind))
    if await count_files(place.tx, place.record) >= MOST_FILES:
        raise Refused(_FULL.fill(most=MOST_FILES), code="too_many_files")
    actor = place.scope.actor
    await place.tx.execute(
        sa.insert(documents),
        {
            "id": file,
            "object": place.object,
            "record_id": place.record,
            "document_type": kind["key"] if kind else None,
            "title": title,
            "version": 1,
            "created_at": at,
            "created_by": actor.person,
            "created_by_label": actor.label,
        },
    )
    await _keep_version(files, place, file, 1, stored, told.note, at)
    return file


async def add_version(files: FileStore, place: Place, file: UUID, stored: StoredFile, note: str | None) -> int:
    """Makes a received file the current version; the older ones stay. Gives its number. Raises as ``add_file`` does,
    NotFound where there is no such file, Conflict where it is in the bin."""
    await require_editable(place.tx, place.scope, place.object, place.record)
    before = await _hold(place, file)
    number = before.version + 1
    at = await place.note("version", file, before.title, version=number, type=await _type_of(place, before))
    await place.tx.execute(sa.update(documents).where(documents.c.id == file).values(version=number))
    await _keep_version(files, place, file, number, stored, note, at)
    return number


async def change_file(place: Place, file: UUID, change: FileChange) -> None:
    """Renames a file or gives it another type. Raises as ``add_version`` does."""
    await require_editable(place.tx, place.scope, place.object, place.record)
    before = await _hold(place, file)
    values: dict[str, Any] = {}
    details: dict[str, Any] = {}
    if change.title is not None and change.title != before.title:
        values["title"], details["old_title"] = change.title, before.title
    if "document_type" in change.model_fields_set and change.document_type != before.document_type:
        kind = await find_document_type(place.tx, change.document_type or None, keeps=before.document_type)
        values["document_type"] = kind["key"] if kind else None
        details |= {"type": _named(kind), "old_type": await _type_of(place, before)}
    if values:
        await place.note("changed", file, change.title or before.title, **details)
        await place.tx.execute(sa.update(documents).where(documents.c.id == file).values(**values))


async def remove_file(place: Place, file: UUID) -> None:
    """Puts a file into the bin, from which it can be brought back for ``removed_file_days``. Raises as ``add_version``
    does; removing it again has no effect."""
    await require_editable(place.tx, place.scope, place.object, place.record)
    before = await find_file(place.tx, place.record, file, hold=True)
    if before.removed_at is not None:
        return
    actor = place.scope.actor
    at = await place.note("removed", file, before.title, type=await _type_of(place, before))
    values = {"removed_at": at, "removed_by": actor.person, "removed_by_label": actor.label}
    await place.tx.execute(sa.update(documents).where(documents.c.id == file).values(**values))


async def restore_file(place: Place, file: UUID) -> None:
    """Brings a file back from the bin; one that is not there stays as it is."""
    await require_editable(place.tx, place.scope, place.object, place.record)
    before = await find_file(place.tx, place.record, file, hold=True)
    if before.removed_at is None:
        return
    await place.note("restored", file, before.title, type=await _type_of(place, before))
    values = {"removed_at": None, "removed_by": None, "removed_by_label": None}
    await place.tx.execute(sa.update(documents).where(documents.c.id == file).values(**values))


async def _keep_version(
    files: FileStore, place: Place, file: UUID, number: int, stored: StoredFile, note: str | None, at: Any
) -> None:
    actor = place.scope.actor
    await files.keep(place.tx, stored, purpose=PURPOSE, created_by=actor.person)
    await place.tx.execute(
        sa.insert(versions),
        {
            "file": file,
            "number": number,
            "stored": stored.id,
            "note": note or None,
            "uploaded_at": at,
            "uploaded_by": actor.person,
            "uploaded_by_label": actor.label,
        },
    )


def _require_kept(file: FileRow) -> FileRow:
    if file.removed_at is not None:
        raise Conflict(_REMOVED.fill(title=file.title), code="file_removed")
    return file


async def _hold(place: Place, file: UUID) -> FileRow:
    return _require_kept(await find_file(place.tx, place.record, file, hold=True))


async def _type_of(place: Place, file: FileRow) -> dict[str, Any] | None:
    if file.document_type is None:
        return None
    return _named(next((one for one in await list_document_types(place.tx) if one["key"] == file.document_type), None))


def _named(kind: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"key": kind["key"], "label": kind["label"]} if kind else None
