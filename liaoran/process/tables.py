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
)
"""Immutable. ``definition`` is the checked and completed definition JSON (``process.definition``)."""

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
