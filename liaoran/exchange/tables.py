"""System tables of the layer: imports and exports, each with its state and progress."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("file", sa.Uuid),
    sa.Column("path", sa.Text),
    sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
    sa.Column("created_by", sa.Uuid),
    sa.Column("created_by_label", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("dry_run", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("analysis", pg.JSONB),
    sa.Column("plan", pg.JSONB),
    sa.Column("action", sa.Uuid, nullable=False),
    sa.Column("job", sa.BigInteger),
    sa.Column("progress", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("problem", pg.JSONB),
    sa.Column("rejects_file", sa.Uuid),
    sa.Column("started_at", INSTANT),
    sa.Column("finished_at", INSTANT),
)
"""``state``: analysed, waiting, running, cancelling, done, cancelled, failed, undone. The bytes are those of the stored
file ``file``, or lie at ``path`` (command line). ``progress`` is ``imports.progress.Progress``; it is written in the
transaction of each chunk, so what it says is what is there. ``problem`` says why it failed."""

exports = sa.Table(
    "exports",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("request", pg.JSONB, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
    sa.Column("created_by", sa.Uuid, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("total", sa.BigInteger),
    sa.Column("job", sa.BigInteger),
    sa.Column("file", sa.Uuid),
    sa.Column("problem", pg.JSONB),
    sa.Column("started_at", INSTANT),
    sa.Column("finished_at", INSTANT),
    sa.Column("created_by_label", sa.Text, nullable=False, server_default=""),
    sa.Column("filter", pg.JSONB),
    sa.Column("reason", sa.Text),
    sa.Column("decided_by", sa.Uuid),
    sa.Column("decided_by_label", sa.Text),
    sa.Column("decided_at", INSTANT),
    sa.Column("decision", sa.Text),
)
"""``state``: asked (it has more rows than go without somebody's word), waiting, running, cancelling, done, cancelled,
failed, refused. ``request`` is the query without its paging, ``filter`` its Condition in words; ``reason`` is why it
was asked for, ``decision`` what was said to it."""
