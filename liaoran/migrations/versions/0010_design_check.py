"""The stage-design check: its thresholds per Process, and indexes over visits by time and of repetitions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0010_design_check"
down_revision = "0009_files"


def upgrade() -> None:
    op.create_table(
        "design_checks",
        sa.Column("process", sa.Text, primary_key=True),
        sa.Column("thresholds", pg.JSONB, nullable=False),
    )
    # Visits come in the order of time, so a block-range index finds a period; it costs a move next to nothing, and
    # unlike a B-tree it leaves the update that ends a stay in its place.
    for column in ("entered_at", "left_at"):
        op.create_index(
            f"ix_visits__{column}",
            "visits",
            [column],
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on", "pages_per_range": "32"},
        )
    # Rows that list a state again are rare, and the check has to leave every one of them out of account.
    op.create_index(
        "ix_visits__again", "visits", ["record_id", "ordinal"], postgresql_where=sa.text("from_state = state")
    )
