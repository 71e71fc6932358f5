"""Tables of the layer records: Events, actions, merges, idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0004_records"
down_revision = "0003_access"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "events",
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
    op.create_index("ix_events__record_id", "events", ["record_id", "seq"])
    op.create_index("ix_events__action", "events", ["action"])
    op.create_index("ix_events__at", "events", ["at"], postgresql_using="brin")
    op.create_table(
        "actions",
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
    op.create_index("ix_actions__actor_id", "actions", ["actor_id", sa.text("at DESC")])
    op.create_table(
        "merges",
        sa.Column("loser", sa.Uuid, primary_key=True),
        sa.Column("winner", sa.Uuid, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("action", sa.Uuid, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("ix_merges__winner", "merges", ["winner"])
    op.create_index("ix_merges__action", "merges", ["action"])
    op.create_table(
        "idempotency_keys",
        sa.Column("actor_id", sa.Uuid, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.LargeBinary),
    )
    op.create_index("ix_idempotency_keys__at", "idempotency_keys", ["at"])
