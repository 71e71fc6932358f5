"""System tables of the layer: Events, actions, merges, idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("id", sa.Uuid, nullable=False, server_default=sa.func.gen_random_uuid()),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Uuid, nullable=False),
    sa.Column("actor_label", sa.Text, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("record_id", sa.Uuid, nullable=False),
    sa.Column("record_label", sa.Text),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("changes", pg.JSONB, nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("action", sa.Uuid, nullable=False),
    sa.Column("cause", pg.JSONB),
    sa.Column("schema_version", sa.Integer, nullable=False),
)
"""One row per committed change of one record. ``changes`` is ``{field: [old, new]}``; ``version`` is the record's
version after it; ``cause`` holds note and details where there are any. ``seq`` orders the Events of a record."""

actions = sa.Table(
    "actions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("actor_id", sa.Uuid, nullable=False),
    sa.Column("actor_label", sa.Text, nullable=False),
    sa.Column("door", sa.Text, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("record_label", sa.Text),
    sa.Column("created", sa.Integer, nullable=False, server_default="0"),
    sa.Column("updated", sa.Integer, nullable=False, server_default="0"),
    sa.Column("deleted", sa.Integer, nullable=False, server_default="0"),
    sa.Column("restored", sa.Integer, nullable=False, server_default="0"),
    sa.Column("merged", sa.Integer, nullable=False, server_default="0"),
    sa.Column("undo_of", sa.Uuid),
    sa.Column("undone_at", INSTANT),
)
"""What one gesture did, counted: the unit of undo. ``object`` and ``record_label`` are those of its first record."""

merges = sa.Table(
    "merges",
    metadata,
    sa.Column("loser", sa.Uuid, primary_key=True),
    sa.Column("winner", sa.Uuid, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("action", sa.Uuid, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
)
"""Which record in the bin lives on in which other one; history follows it."""

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("actor_id", sa.Uuid, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.LargeBinary, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.LargeBinary),
)
"""Answers kept for 24 hours so that a repeated request gets the first answer."""
