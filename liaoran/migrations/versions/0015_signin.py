"""Sign-in: second factors, passkeys, one-time links and tickets, single sign-on, what holds for the organisation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0015_signin"
down_revision = "0014_people"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _sessions_and_tokens()
    _factors()
    _one_time()
    _single_sign_on()
    _settings()


def _sessions_and_tokens() -> None:
    op.add_column("sessions", sa.Column("way", sa.Text, nullable=False, server_default="password"))
    op.add_column("sessions", sa.Column("strong", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("confirmed_at", INSTANT))
    op.add_column("api_tokens", sa.Column("service", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("api_tokens", sa.Column("per_minute", sa.Integer))
    op.add_column("api_tokens", sa.Column("made_by", sa.Uuid))


def _factors() -> None:
    op.create_table(
        "totp_factors",
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("secret", sa.LargeBinary, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("used_step", sa.BigInteger, nullable=False, server_default="0"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
    )
    op.create_index("ix_recovery_codes__person", "recovery_codes", ["person"])
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("credential", sa.LargeBinary, nullable=False),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("transports", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.UniqueConstraint("credential", name="uq_passkeys__credential"),
    )
    op.create_index("ix_passkeys__person", "passkeys", ["person"])


def _one_time() -> None:
    op.create_table(
        "sign_in_tickets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("person", sa.Uuid),
        sa.Column("content", pg.JSONB, nullable=False, server_default="{}"),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_tickets__token_hash"),
    )
    op.create_index("ix_sign_in_tickets__expires_at", "sign_in_tickets", ["expires_at"])
    op.create_table(
        "sign_in_links",
        sa.Column("person", sa.Uuid, primary_key=True),
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("made_by", sa.Uuid),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.UniqueConstraint("token_hash", name="uq_sign_in_links__token_hash"),
        sa.CheckConstraint("kind IN ('invitation', 'reset')", name="ck_sign_in_links__kind"),
    )


def _single_sign_on() -> None:
    op.create_table(
        "sign_in_providers",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("label", pg.JSONB, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("client_id", sa.Text, nullable=False),
        sa.Column("client_secret", sa.LargeBinary),
        sa.Column("scopes", pg.ARRAY(sa.Text), nullable=False),
        sa.Column("login_claim", sa.Text, nullable=False),
        sa.Column("strong", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("position", sa.Integer, nullable=False, server_default="1000"),
    )
    op.create_table(
        "sign_in_identities",
        sa.Column("issuer", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("person", sa.Uuid, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=False),
    )
    op.create_index("ix_sign_in_identities__person", "sign_in_identities", ["person"])


def _settings() -> None:
    table = op.create_table(
        "sign_in_settings",
        sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("password_length", sa.Integer, nullable=False),
        sa.Column("second_factor_roles", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.CheckConstraint("singleton", name="ck_sign_in_settings__one_row"),
    )
    op.bulk_insert(table, [{"singleton": True, "password_length": 8}])
