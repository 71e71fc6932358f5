"""System tables of approvals: the approval, its steps, and the seats of those who decide."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

approvals = sa.Table(
    "approvals",
    metadata,
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
"""``state`` is running, passed, refused, returned or recalled; a record has one running approval at most. ``state_key`` is
where the record was when it began. ``outcome`` says where the record moved by it, why it stayed, or with which action it
went into the bin."""

approval_steps = sa.Table(
    "approval_steps",
    metadata,
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
"""Steps of one ``turn`` run together; ``position`` orders them all. ``state`` is waiting, open, passed, refused or skipped.
A step that begins anew counts its ``round`` up. ``deciders`` says whose seats are those of the round: those who are
``named``, those whom it ``escalated`` to, or the ``fallback`` where nobody was found. ``due_at`` is when it is late."""

approval_seats = sa.Table(
    "approval_seats",
    metadata,
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
"""Who decides a step. ``state`` is open, approved, refused, returned, delegated or closed (somebody else decided, or the
person is gone). Seats of earlier rounds stay as they were."""
