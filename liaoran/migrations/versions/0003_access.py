"""Roles, logins, sessions, API tokens, sign-in attempts, the access version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0003_access"
down_revision = "0002_schema"


def upgrade() -> None:
    _roles()
    _logins()
    _sessions()
    op.create_table(
        "sign_in_attempts",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_sign_in_attempts__ends_at", "sign_in_attempts", ["ends_at"])
    state = op.create_table(
        "access_state",
        sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.CheckConstraint("singleton", name="ck_access_state__one_row"),
    )
    op.bulk_insert(state, [{"singleton": True, "version": 1}])


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("label", pg.JSONB, nullable=False),
        sa.Column("grants", pg.JSONB, nullable=False),
        sa.Column("origin", sa.Text, nullable=False, server_default="custom"),
        sa.Column("position", sa.Integer, nullable=False, server_default="1000"),
    )
    op.create_table(
        "person_roles",
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
    )


def _logins() -> None:
    op.create_table(
        "logins",
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("language", sa.Text),
        sa.Column("theme", sa.Text),
        sa.Column("zone", sa.Text),
        sa.Column("password_changed_at", sa.DateTime(timezone=True)),
        sa.Column("signed_in_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("login", name="uq_logins__login"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("agent", sa.Text),
        sa.UniqueConstraint("token_hash", name="uq_sessions__token_hash"),
    )
    op.create_index("ix_sessions__person", "sessions", ["person"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("scopes", pg.ARRAY(sa.Text)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens__token_hash"),
    )
    op.create_index("ix_api_tokens__person", "api_tokens", ["person"])
