"""Document types, files on records and their versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0009_files"
down_revision = "0008_starts"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "document_types",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("label", pg.JSONB, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("origin", sa.Text, nullable=False, server_default="custom"),
    )
    op.create_table(
        "record_files",
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
    )
    op.create_index("ix_record_files__record_id", "record_files", ["record_id"])
    op.create_index(
        "ix_record_files__removed_at",
        "record_files",
        ["removed_at"],
        postgresql_where=sa.text("removed_at IS NOT NULL"),
    )
    op.create_table(
        "record_file_versions",
        sa.Column("file", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("stored", sa.Uuid, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("uploaded_by", sa.Uuid),
        sa.Column("uploaded_by_label", sa.Text, nullable=False),
    )
