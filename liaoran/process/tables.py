"""System tables of the layer: Processes and their published versions, visits, maintained totals."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

processes = sa.Table(
    "processes",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("is_default", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("origin", sa.Text, nullable=False, server_default="custom"),
    sa.Column("position", sa.Integer, nullable=False, server_default="1000"),
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""``version`` is the published one; the catalogue reads its definition from ``process_versions``."""

process_versions = sa.Table(
    "process_versions",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("definition", pg.JSONB, nullable=False),
    sa.Column("published_at", INSTANT, nullable=False, server_default=sa.func.now()),
    sa.Column("published_by", sa.Uuid),
    sa.Column("published_by_label", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("mapping", pg.JSONB, nullable=False, server_default="{}"),
)
"""Immutable. ``definition`` is the checked and completed definition JSON (``process.definition``), ``mapping`` says where
the records of states that went with this version were carried, ``note`` what the publisher had to say."""

process_drafts = sa.Table(
    "process_drafts",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("definition", pg.JSONB, nullable=False),
    sa.Column("based_on", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("updated_at", INSTANT, nullable=False),
    sa.Column("updated_by", sa.Uuid),
    sa.Column("updated_by_label", sa.Text, nullable=False),
)
"""The one draft of a Process, as its administrator left it: it need not be sound. ``based_on`` is the published version
that it was begun from (0 for a new Process), ``revision`` grows with every save."""

process_comments = sa.Table(
    "process_comments",
    metadata,
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
"""What colleagues say to a draft. ``place`` is the key of a state, or empty for the whole."""

state_heirs = sa.Table(
    "state_heirs",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("heir", sa.Text, nullable=False),
)
"""States that the published version has no more, each with the one that stands for it now. Visits keep the state that
was; who counts over versions counts the heir."""

carried_records = sa.Table(
    "carried_records",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("record_id", sa.Uuid, primary_key=True),
    sa.Column("from_state", sa.Text, nullable=False),
    sa.Column("to_state", sa.Text, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
)
"""Which records a version carried along, so that going back to the one before can take them back."""

visits = sa.Table(
    "visits",
    metadata,
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
"""One row per stay in a state. ``amount`` and ``currency`` are the record's when it entered; ``left_at`` is null while
it stays. ``ordinal`` counts from 1 within the record and its Process Field."""

state_totals = sa.Table(
    "state_totals",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("owner", sa.Uuid, primary_key=True),
    sa.Column("department", sa.Uuid, primary_key=True),
    sa.Column("currency", sa.Text, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("sum", sa.Numeric(24, 4), nullable=False),
)
"""Records not in the bin per state, owner, department and currency, kept by deltas. A missing owner or department is
the nil UUID, a missing currency the empty text, so that the key has one form."""
