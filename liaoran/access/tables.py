"""System tables of the layer: roles, shares, sharing rules, Policies, logins, sessions, API tokens, the count of sign-in attempts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

INSTANT = sa.DateTime(timezone=True)

roles = sa.Table(
    "roles",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("label", pg.JSONB, nullable=False),
    sa.Column("grants", pg.JSONB, nullable=False),
    sa.Column("origin", sa.Text, nullable=False, server_default="custom"),
    sa.Column("position", sa.Integer, nullable=False, server_default="1000"),
    sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""``grants`` is the JSON that ``access.grants`` describes. A retired role is given to nobody any more."""

person_roles = sa.Table(
    "person_roles",
    metadata,
    sa.Column("person", sa.Uuid, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

shares = sa.Table(
    "shares",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("record", sa.Uuid, nullable=False),
    sa.Column("person", sa.Uuid),
    sa.Column("department", sa.Uuid),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("role", sa.Text),
    sa.Column("starts_at", INSTANT, nullable=False),
    sa.Column("ends_at", INSTANT),
    sa.Column("note", sa.Text),
    sa.Column("given_by", sa.Uuid),
    sa.Column("given_at", INSTANT, nullable=False),
    sa.CheckConstraint("(person IS NULL) <> (department IS NULL)", name="one_taker"),
    sa.CheckConstraint("level IN ('read', 'edit')", name="level"),
    sa.Index("ix_shares__object_person", "object", "person"),
    sa.Index("ix_shares__object_department", "object", "department"),
    sa.Index("ix_shares__object_record", "object", "record"),
)
"""One record given to one person, or to a department and all below it, from ``starts_at`` until ``ends_at`` (null: for
good). ``role`` is the part the person has in the team of the record, where it is a team."""

sharing_rules = sa.Table(
    "sharing_rules",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("label", pg.JSONB, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("where", pg.JSONB, nullable=False, server_default="{}"),
    sa.Column("people", pg.ARRAY(sa.Uuid), nullable=False, server_default="{}"),
    sa.Column("departments", pg.ARRAY(sa.Uuid), nullable=False, server_default="{}"),
    sa.Column("roles", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("position", sa.Integer, nullable=False, server_default="1000"),
    sa.CheckConstraint("level IN ('read', 'edit')", name="level"),
)
"""The records that ``where`` (a Condition) holds for are given to these people, departments (with all below) and
roles, as if each were shared."""

policies = sa.Table(
    "policies",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("label", pg.JSONB, nullable=False),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("verbs", pg.ARRAY(sa.Text), nullable=False),
    sa.Column("where", pg.JSONB, nullable=False),
    sa.Column("roles", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("people", pg.ARRAY(sa.Uuid), nullable=False, server_default="{}"),
    sa.Column("departments", pg.ARRAY(sa.Uuid), nullable=False, server_default="{}"),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("position", sa.Integer, nullable=False, server_default="1000"),
)
"""Restrictions: the records that ``where`` holds for are out of reach of ``verbs`` for whom they name (nobody named:
for everybody but administrators). ``access.policies`` says how."""

logins = sa.Table(
    "logins",
    metadata,
    sa.Column("person", sa.Uuid, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("language", sa.Text),
    sa.Column("theme", sa.Text),
    sa.Column("zone", sa.Text),
    sa.Column("password_changed_at", INSTANT),
    sa.Column("signed_in_at", INSTANT),
)
"""Who may sign in, under which name (lower case), with which argon2id hash; and what they prefer to see."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("person", sa.Uuid, nullable=False, index=True),
    sa.Column("created_at", INSTANT, nullable=False),
    sa.Column("seen_at", INSTANT, nullable=False),
    sa.Column("expires_at", INSTANT, nullable=False),
    sa.Column("address", sa.Text),
    sa.Column("agent", sa.Text),
)
"""``token_hash`` is the SHA-256 of the cookie's token; the token itself is never stored."""

api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("person", sa.Uuid, nullable=False, index=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("scopes", pg.ARRAY(sa.Text)),
    sa.Column("created_at", INSTANT, nullable=False),
    sa.Column("expires_at", INSTANT),
    sa.Column("used_at", INSTANT),
)
"""A token acts for ``person``, narrowed to ``scopes`` (null: not narrowed). Only the SHA-256 is stored."""

sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("ends_at", INSTANT, nullable=False, index=True),
)
"""Attempts per account and per address within the window that ends at ``ends_at``."""

access_state = sa.Table(
    "access_state",
    metadata,
    sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.CheckConstraint("singleton", name="one_row"),
)
"""One row; ``version`` grows with everything that may change what an actor is: people, departments, roles, logins."""
