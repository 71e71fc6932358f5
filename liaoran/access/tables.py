"""System tables of the layer: roles, shares, sharing rules, Policies; logins and the ways to sign in; sessions, API tokens."""

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
good). ``role`` is the part the person has in the team of the record, where it is a team, or ``APPROVER``."""

APPROVER = "approver"
"""The role of a share that comes with a seat in an approval of the record (``process.approvals.sight``)."""

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
    sa.Column("way", sa.Text, nullable=False, server_default="password"),
    sa.Column("strong", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("confirmed_at", INSTANT),
)
"""``token_hash`` is the SHA-256 of the cookie's token; the token itself is never stored. ``way`` is how it was opened
(``signin.Way``), ``strong`` whether with two factors, ``confirmed_at`` when the person last proved who they are."""

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
    sa.Column("service", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("per_minute", sa.Integer),
    sa.Column("made_by", sa.Uuid),
)
"""A token acts for ``person``, narrowed to ``scopes`` (null: not narrowed). Only the SHA-256 is stored. A ``service``
token belongs to the organisation and is kept by administrators; ``per_minute`` is its own limit of requests."""

sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("ends_at", INSTANT, nullable=False, index=True),
)
"""Attempts per account and per address within the window that ends at ``ends_at``."""

totp_factors = sa.Table(
    "totp_factors",
    metadata,
    sa.Column("person", sa.Uuid, primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    sa.Column("made_at", INSTANT, nullable=False),
    sa.Column("used_step", sa.BigInteger, nullable=False, server_default="0"),
)
"""The authenticator app of a person: its secret, sealed. ``used_step`` is the 30-second step of the last code, so that no
code is taken twice."""

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person", sa.Uuid, nullable=False, index=True),
    sa.Column("code_hash", sa.Text, nullable=False),
    sa.Column("made_at", INSTANT, nullable=False),
    sa.Column("used_at", INSTANT),
)
"""Codes for whoever lost the other factors, as argon2id hashes; each is good once."""

passkeys = sa.Table(
    "passkeys",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("person", sa.Uuid, nullable=False, index=True),
    sa.Column("credential", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("public_key", sa.LargeBinary, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("transports", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("made_at", INSTANT, nullable=False),
    sa.Column("used_at", INSTANT),
)
"""Public keys of passkeys (WebAuthn); there is nothing secret in them."""

sign_in_tickets = sa.Table(
    "sign_in_tickets",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("person", sa.Uuid),
    sa.Column("content", pg.JSONB, nullable=False, server_default="{}"),
    sa.Column("expires_at", INSTANT, nullable=False, index=True),
)
"""What was begun and is to be finished once within minutes: a second step, a passkey's challenge, single sign-on."""

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    sa.Column("person", sa.Uuid, primary_key=True),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("made_at", INSTANT, nullable=False),
    sa.Column("made_by", sa.Uuid),
    sa.Column("expires_at", INSTANT, nullable=False),
    sa.CheckConstraint("kind IN ('invitation', 'reset')", name="kind"),
)
"""One-time links by which people set their password: one for each person, the newest."""

sign_in_providers = sa.Table(
    "sign_in_providers",
    metadata,
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
"""OpenID providers that people may sign in with. ``client_secret`` is sealed; ``strong`` says that the provider asks for
two factors itself."""

sign_in_identities = sa.Table(
    "sign_in_identities",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("person", sa.Uuid, nullable=False, index=True),
    sa.Column("made_at", INSTANT, nullable=False),
    sa.Column("used_at", INSTANT, nullable=False),
)
"""Who somebody is at a provider; kept from the first single sign-on, so that a renamed login stays the same person."""

sign_in_settings = sa.Table(
    "sign_in_settings",
    metadata,
    sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("password_length", sa.Integer, nullable=False),
    sa.Column("second_factor_roles", pg.ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.CheckConstraint("singleton", name="one_row"),
)
"""One row: what holds for the sign-in of the whole organisation."""

access_state = sa.Table(
    "access_state",
    metadata,
    sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.CheckConstraint("singleton", name="one_row"),
)
"""One row; ``version`` grows with everything that may change what an actor is: people, departments, roles, logins."""
