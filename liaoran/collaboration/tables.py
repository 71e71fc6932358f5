"""System tables of the layer: document types, files on records and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

document_types = sa.Table(
    "document_types",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("label", pg.JSONB, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("origin", sa.Text, nullable=False, server_default="custom"),
)
"""What a file on a record can be: contract, quote, minutes, … ``origin`` is shipped or custom."""

record_files = sa.Table(
    "record_files",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("record_id", sa.Uuid, nullable=False),
    sa.Column("document_type", sa.Text),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", INSTANT, nullable=False),
    sa.Column("created_by", sa.Uuid),
    sa.Column("created_by_label", sa.Text, nullable=False),
    sa.Column("removed_at", INSTANT),
    sa.Column("removed_by", sa.Uuid),
    sa.Column("removed_by_label", sa.Text),
    sa.Index(None, "record_id"),
    sa.Index(None, "removed_at", postgresql_where=sa.text("removed_at IS NOT NULL")),
)
"""One row per document of a record. ``version`` is the number of the current one; ``removed_at`` puts it into the bin."""

record_file_versions = sa.Table(
    "record_file_versions",
    metadata,
    sa.Column("file", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("stored", sa.Uuid, nullable=False),
    sa.Column("note", sa.Text),
    sa.Column("uploaded_at", INSTANT, nullable=False),
    sa.Column("uploaded_by", sa.Uuid),
    sa.Column("uploaded_by_label", sa.Text, nullable=False),
)
"""Every version that was uploaded, from 1 on. ``stored`` is the stored file with name, size, type and digest."""
