"""Tables of the layer process: Processes and their published versions, visits, maintained totals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0005_process"
down_revision = "0004_records"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "processes",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("origin", sa.Text, nullable=False, server_default="custom"),
        sa.Column("position", sa.Integer, nullable=False, server_default="1000"),
        sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "process_versions",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("definition", pg.JSONB, nullable=False),
        sa.Column("published_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("published_by", sa.Uuid),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("record_id", sa.Uuid, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("left_at", INSTANT),
        sa.Column("entered_by", sa.Uuid),
        sa.Column("entered_by_label", sa.Text),
        sa.Column("from_state", sa.Text),
        sa.Column("amount", sa.Numeric(20, 4)),
        sa.Column("currency", sa.Text),
        sa.Column("process_version", sa.Integer, nullable=False),
    )
    op.create_index("ix_visits__record_id", "visits", ["record_id", "ordinal"])
    op.create_table(
        "state_totals",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("owner", sa.Uuid, primary_key=True),
        sa.Column("department", sa.Uuid, primary_key=True),
        sa.Column("currency", sa.Text, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("sum", sa.Numeric(24, 4), nullable=False),
    )
