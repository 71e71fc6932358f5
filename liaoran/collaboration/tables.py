"""System tables of the layer: document types, files on records and their versions; followers; hand-overs."""

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

followers = sa.Table(
    "followers",
    metadata,
    sa.Column("record", sa.Uuid, primary_key=True),
    sa.Column("person", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("since", INSTANT, nullable=False),
    sa.Column("added_by", sa.Uuid),
    sa.Index("ix_followers__person", "person"),
)
"""Who wants to be told about a record. Following gives no right: who may not see the record is told nothing."""

hand_overs = sa.Table(
    "hand_overs",
    metadata,
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
    sa.Index("ix_hand_overs__started_at", "started_at"),
    sa.Index("ix_hand_overs__person", "person"),
)
"""One hand-over of what a person holds. ``state`` is waiting, running, done, refused, undoing or undone; ``action`` groups
the Events of all records that it gave on, in ``total`` and ``done`` parts counted. ``report`` says what came of it."""

hand_over_changes = sa.Table(
    "hand_over_changes",
    metadata,
    sa.Column("seq", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("hand_over", sa.Uuid, sa.ForeignKey("hand_overs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("before", pg.JSONB),
    sa.Column("after", pg.JSONB),
    sa.Index("ix_hand_over_changes__hand_over", "hand_over"),
)
"""What a hand-over changed beside records: one row of ``kind`` (share, follower, seat, step, process), as it was ``before``
and as the hand-over left it (``after``; null: gone), so that undoing puts back exactly this."""
