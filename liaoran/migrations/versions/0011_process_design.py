"""Shaping a Process: its draft and what people say to it, and what became of states that went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0011_process_design"
down_revision = "0010_design_check"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "process_drafts",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("definition", pg.JSONB, nullable=False),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("updated_by", sa.Uuid),
        sa.Column("updated_by_label", sa.Text, nullable=False),
    )
    op.create_table(
        "process_comments",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Uuid),
        sa.Column("by_label", sa.Text, nullable=False),
        sa.Column("resolved_at", INSTANT),
        sa.Column("resolved_by_label", sa.Text),
    )
    op.create_index("ix_process_comments__process", "process_comments", ["process", "at"])
    op.create_table(
        "state_heirs",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("heir", sa.Text, nullable=False),
    )
    op.create_table(
        "carried_records",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.Uuid, primary_key=True),
        sa.Column("from_state", sa.Text, nullable=False),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.add_column("process_versions", sa.Column("published_by_label", sa.Text))
    op.add_column("process_versions", sa.Column("note", sa.Text))
    op.add_column("process_versions", sa.Column("mapping", pg.JSONB, nullable=False, server_default="{}"))
