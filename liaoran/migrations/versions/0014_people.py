"""Followers of records; hand-overs of what somebody holds, and what each changed beside the records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0014_people"
down_revision = "0013_sharing"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "followers",
        sa.Column("record", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("added_by", sa.Uuid),
    )
    op.create_index("ix_followers__person", "followers", ["person"])
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("person_label", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("plan", pg.JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("action", sa.Uuid, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False, server_default="0"),
        sa.Column("report", pg.JSONB, nullable=False, server_default="{}"),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("started_by", sa.Uuid, nullable=False),
        sa.Column("started_by_label", sa.Text, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("undone_at", INSTANT),
        sa.Column("undone_by_label", sa.Text),
    )
    op.create_index("ix_hand_overs__started_at", "hand_overs", ["started_at"])
    op.create_index("ix_hand_overs__person", "hand_overs", ["person"])
    op.create_table(
        "hand_over_changes",
        sa.Column("seq", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("hand_over", sa.Uuid, sa.ForeignKey("hand_overs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("before", pg.JSONB),
        sa.Column("after", pg.JSONB),
    )
    op.create_index("ix_hand_over_changes__hand_over", "hand_over_changes", ["hand_over"])
