"""The catalogue: Objects, Fields, their history, and the retyping of Fields."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0002_schema"
down_revision = "0001_infra"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _catalogue()
    _history()
    _retypes()


def _catalogue() -> None:
    op.create_table(
        "catalogue",
        sa.Column("one", sa.Boolean, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("stamp", sa.Uuid, nullable=False, server_default=sa.func.gen_random_uuid()),
        sa.CheckConstraint("one", name="ck_catalogue__one"),
    )
    op.execute("INSERT INTO catalogue (one, version) VALUES (true, 1)")
    op.create_table(
        "objects",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("definition", pg.JSONB, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "fields",
        sa.Column("object", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("definition", pg.JSONB, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def _history() -> None:
    op.create_table(
        "catalogue_changes",
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


def _retypes() -> None:
    op.create_table(
        "retypes",
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
    op.create_index(
        "uq_retypes__running",
        "retypes",
        ["object", "field"],
        unique=True,
        postgresql_where=sa.text("state IN ('running', 'held')"),
    )
    op.create_table(
        "retype_rejects",
        sa.Column("retype", sa.Uuid, primary_key=True),
        sa.Column("record_id", sa.Uuid, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("problem", pg.JSONB, nullable=False),
    )
