"""What each person's lists and boards open with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_starts"
down_revision = "0007_analytics"


def upgrade() -> None:
    op.create_table(
        "starts",
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("object", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("view", sa.Text),
        sa.Column("process", sa.Text),
    )
