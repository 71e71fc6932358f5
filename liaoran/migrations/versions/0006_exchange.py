"""Tables of the layer exchange: imports and exports with their state and progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0006_exchange"
down_revision = "0005_process"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("file", sa.Uuid),
        sa.Column("path", sa.Text),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("created_by", sa.Uuid),
        sa.Column("created_by_label", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("dry_run", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("analysis", pg.JSONB),
        sa.Column("plan", pg.JSONB),
        sa.Column("action", sa.Uuid, nullable=False),
        sa.Column("job", sa.BigInteger),
        sa.Column("progress", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
        sa.Column("problem", pg.JSONB),
        sa.Column("rejects_file", sa.Uuid),
        sa.Column("started_at", INSTANT),
        sa.Column("finished_at", INSTANT),
    )
    op.create_index("ix_imports__created_at", "imports", ["created_at"])
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("request", pg.JSONB, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("created_by", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("total", sa.BigInteger),
        sa.Column("job", sa.BigInteger),
        sa.Column("file", sa.Uuid),
        sa.Column("problem", pg.JSONB),
        sa.Column("started_at", INSTANT),
        sa.Column("finished_at", INSTANT),
    )
    op.create_index("ix_exports__created_at", "exports", ["created_at"])
