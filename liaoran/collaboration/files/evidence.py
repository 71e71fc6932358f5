"""Files as evidence: what a stage gate may ask of the files of a record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.collaboration.tables import record_file_versions as versions
from liaoran.collaboration.tables import record_files as documents
from liaoran.records.tables import merges


def current_files() -> sa.CompoundSelect[Any]:
    """The files of all records as they stand, the bin left out: ``object, record_id, document_type`` (null for none),
    ``uploaded_at`` (of the current version), ``version`` (its number).

    Ask it for one record (``record_id = …``): both halves then go by an index. Files of a record that was merged into
    another one count for that one too.
    """
    own = _current(documents.c.record_id)
    merged = _current(merges.c.winner.label("record_id"), merges.c.loser == documents.c.record_id)
    return sa.union_all(own, merged)


def _current(record: sa.ColumnElement[Any], heir: sa.ColumnElement[bool] | None = None) -> sa.Select[Any]:
    newest = documents.join(
        versions, sa.and_(versions.c.file == documents.c.id, versions.c.number == documents.c.version)
    )
    return (
        sa.select(
            documents.c.object,
            record,
            documents.c.document_type,
            versions.c.uploaded_at,
            documents.c.version,
        )
        .select_from(newest if heir is None else newest.join(merges, heir))
        .where(documents.c.removed_at.is_(None))
    )
