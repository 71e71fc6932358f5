"""System tables of the layer: the catalogue of Objects and Fields, its history, and the retyping of Fields."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

catalogue = sa.Table(
    "catalogue",
    metadata,
    sa.Column("one", sa.Boolean, primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("stamp", sa.Uuid, nullable=False, server_default=sa.func.gen_random_uuid()),
    sa.CheckConstraint("one", name="one"),
)
"""One row. ``version`` grows by one in the transaction of every change; its row lock puts changes in order."""

objects = sa.Table(
    "objects",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("definition", pg.JSONB, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
)

fields = sa.Table(
    "fields",
    metadata,
    sa.Column("object", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("definition", pg.JSONB, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""``definition`` holds what ``schema.definitions`` has checked and completed, without ``key`` and ``type``."""

catalogue_changes = sa.Table(
    "catalogue_changes",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("at", INSTANT, nullable=False, server_default=sa.func.now()),
    sa.Column("actor_id", sa.Uuid),
    sa.Column("actor_label", sa.Text, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("field", sa.Text),
    sa.Column("before", pg.JSONB),
    sa.Column("after", pg.JSONB),
)
"""What changed, by whom: one row per Object (``field`` null) or Field. ``before`` is null for additions."""

retypes = sa.Table(
    "retypes",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("old_type", sa.Text, nullable=False),
    sa.Column("new_type", sa.Text, nullable=False),
    sa.Column("definition", pg.JSONB, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("rejected", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("accept_rejects", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Uuid),
    sa.Column("actor_label", sa.Text, nullable=False),
    sa.Column("started_at", INSTANT, nullable=False, server_default=sa.func.now()),
    sa.Column("ended_at", INSTANT),
    sa.Column("job", sa.BigInteger),
    sa.Column("message", pg.JSONB),
)
"""``state``: running, held (values do not convert, somebody has to decide), done, cancelled or failed. ``number``
counts the retypings of one Field; its former column is kept as ``<field>__was_<number>``."""

retype_rejects = sa.Table(
    "retype_rejects",
    metadata,
    sa.Column("retype", sa.Uuid, primary_key=True),
    sa.Column("record_id", sa.Uuid, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("problem", pg.JSONB, nullable=False),
)
"""Values of current records that do not convert, in words; they stay in the former column."""
