"""Approvals: the approval of a record, its steps, and the seats of those who decide."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0012_approvals"
down_revision = "0011_process_design"

INSTANT = sa.DateTime(timezone=True)
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    _approvals()
    _steps()
    _seats()


def _approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("process_version", sa.Integer, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("record_id", sa.Uuid, nullable=False),
        sa.Column("record_label", sa.Text),
        sa.Column("approval", sa.Text, nullable=False),
        sa.Column("label", pg.JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lock", sa.Boolean, nullable=False),
        sa.Column("state_key", sa.Text, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("started_by", sa.Uuid),
        sa.Column("started_by_label", sa.Text, nullable=False),
        sa.Column("comment", sa.Text),
        sa.Column("finished_at", INSTANT),
        sa.Column("finished_by_label", sa.Text),
        sa.Column("outcome", pg.JSONB, nullable=False, server_default="{}"),
    )
    running = sa.text("state = 'running'")
    op.create_index("ux_approvals__running", "approvals", ["record_id"], unique=True, postgresql_where=running)
    op.create_index("ix_approvals__record_id", "approvals", ["record_id", "started_at"])
    op.create_index("ix_approvals__started_by", "approvals", ["started_by", "started_at"])
    op.create_index("ix_approvals__started_at", "approvals", ["started_at", "id"])


def _steps() -> None:
    op.create_table(
        "approval_steps",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("approval", sa.Uuid, sa.ForeignKey("approvals.id", ondelete="CASCADE"), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("label", pg.JSONB, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("who", pg.JSONB, nullable=False),
        sa.Column("condition", pg.JSONB),
        sa.Column("remind_hours", sa.Float),
        sa.Column("escalate_hours", sa.Float),
        sa.Column("escalate_to", pg.JSONB),
        sa.Column("added_by", sa.Uuid),
        sa.Column("added_by_label", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("deciders", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("due_at", INSTANT),
        sa.Column("remind_at", INSTANT),
        sa.Column("escalate_at", INSTANT),
        sa.Column("reminded_at", INSTANT),
        sa.Column("escalated_at", INSTANT),
    )
    op.create_index("ix_approval_steps__approval", "approval_steps", ["approval"])
    op.create_index("ix_approval_steps__remind_at", "approval_steps", ["remind_at"], postgresql_where=OPEN)
    op.create_index("ix_approval_steps__escalate_at", "approval_steps", ["escalate_at"], postgresql_where=OPEN)


def _seats() -> None:
    op.create_table(
        "approval_seats",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("approval", sa.Uuid, sa.ForeignKey("approvals.id", ondelete="CASCADE"), nullable=False),
        sa.Column("step", sa.Uuid, sa.ForeignKey("approval_steps.id", ondelete="CASCADE"), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("person_label", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("comment", sa.Text),
        sa.Column("delegated_by", sa.Uuid),
        sa.Column("delegated_by_label", sa.Text),
    )
    op.create_index("ix_approval_seats__approval", "approval_seats", ["approval"])
    op.create_index("ix_approval_seats__step", "approval_seats", ["step"])
    op.create_index("ix_approval_seats__person", "approval_seats", ["person", "state"])
