"""System tables of the layer: the audit log, the chain that proves it, and what accounts for what is gone of it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

audit_log = sa.Table(
    "audit_log",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("actor_kind", sa.Text, nullable=False),
    sa.Column("actor_id", sa.Uuid),
    sa.Column("person", sa.Uuid),
    sa.Column("actor_label", sa.Text, nullable=False),
    sa.Column("object", sa.Text),
    sa.Column("record", sa.Uuid),
    sa.Column("facts", pg.JSONB, nullable=False),
)
"""One row per fact. A trigger refuses UPDATE and DELETE, but for what a checkpoint or a redaction accounts for.
``person`` is who acted (null: nobody who is known); ``object`` and ``record`` are what it is about."""

audit_pending = sa.Table("audit_pending", metadata, sa.Column("entry", sa.Uuid, primary_key=True))
"""Entries that are committed and not yet in the chain."""

audit_chain = sa.Table(
    "audit_chain",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry", sa.Uuid, nullable=False, unique=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("sealed_at", INSTANT, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("seal", sa.LargeBinary),
)
"""One link per entry, numbered without gaps. ``digest`` is that of the entry, ``hash`` binds it to the link before;
the last link of every batch carries a ``seal`` that only a holder of the installation's key can make."""

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("singleton", name="one_row"),
)
"""One row: the last link. Its row lock is the only one that sealing takes."""

audit_checkpoints = sa.Table(
    "audit_checkpoints",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("first_at", INSTANT, nullable=False),
    sa.Column("last_at", INSTANT, nullable=False),
    sa.Column("entries", sa.BigInteger, nullable=False),
    sa.Column("seal", sa.LargeBinary, nullable=False),
)
"""Stands for the links up to ``number``, which went when their time was over; the chain goes on from its ``hash``."""

audit_redactions = sa.Table(
    "audit_redactions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("entry", sa.Uuid, nullable=False, index=True),
    sa.Column("at", INSTANT, nullable=False),
    sa.Column("before", sa.LargeBinary, nullable=False),
    sa.Column("after", sa.LargeBinary, nullable=False),
    sa.Column("seal", sa.LargeBinary, nullable=False),
)
"""A value that was taken out of an entry's facts because a person's data had to go: the digests before and after."""

audit_settings = sa.Table(
    "audit_settings",
    metadata,
    sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("keep_days", sa.Integer, nullable=False, server_default="0"),
    sa.Column("approve_exports_above", sa.BigInteger),
    sa.Column("watermark_pages", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("watermark_exports", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("singleton", name="one_row"),
)
"""One row: how long entries are kept (0: for ever), and what holds for data that leaves."""
