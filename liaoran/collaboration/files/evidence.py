"""Files as evidence: what a stage gate may ask of the files of a record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.collaboration.tables import record_file_versions as versions
from liaoran.collaboration.tables import record_files as documents
from liaoran.records.tables import merges


def current_files(*, dated: bool = True) -> sa.CompoundSelect[Any]:
    """The files of all records as they stand, the bin left out: ``object, record_id, document_type`` (null for none),
    ``version`` (its number) and, where ``dated``, ``uploaded_at`` (of the current version).

    Ask it for one record (``record_id = …``): both halves then go by an index. Files of a record that was merged into
    another one count for that one too.
    """
    own = _current(documents.c.record_id, dated=dated)
    merged = _current(merges.c.winner.label("record_id"), merges.c.loser == documents.c.record_id, dated=dated)
    return sa.union_all(own, merged)


def _current(
    record: sa.ColumnElement[Any], heir: sa.ColumnElement[bool] | None = None, *, dated: bool
) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [documents.c.object, record, documents.c.document_type, documents.c.version]
    rows: sa.FromClause = documents
    if dated:
        columns.append(versions.c.uploaded_at)
        newest = sa.and_(versions.c.file == documents.c.id, versions.c.number == documents.c.version)
        rows = rows.join(versions, newest)
    if heir is not None:
        rows = rows.join(merges, heir)
    return sa.select(*columns).select_from(rows).where(documents.c.removed_at.is_(None))
