"""Shares of records, sharing rules, Policies that take rows away; "department" of a role becomes "below"."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0013_sharing"
down_revision = "0012_approvals"

INSTANT = sa.DateTime(timezone=True)
SCOPED = ("read", "edit", "delete", "export")


def upgrade() -> None:
    _shares()
    _sharing_rules()
    _policies()
    op.add_column("roles", sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()))
    _rename_department()


def _shares() -> None:
    op.create_table(
        "shares",
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
        sa.CheckConstraint("(person IS NULL) <> (department IS NULL)", name="ck_shares__one_taker"),
        sa.CheckConstraint("level IN ('read', 'edit')", name="ck_shares__level"),
    )
    for columns in (["object", "person"], ["object", "department"], ["object", "record"]):
        op.create_index(f"ix_shares__{'_'.join(columns)}", "shares", columns)


def _sharing_rules() -> None:
    op.create_table(
        "sharing_rules",
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
        sa.CheckConstraint("level IN ('read', 'edit')", name="ck_sharing_rules__level"),
    )


def _policies() -> None:
    op.create_table(
        "policies",
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


def _rename_department() -> None:
    """Until now "department" meant the department and all below it; that is "below" from here on."""
    roles = sa.table("roles", sa.column("key", sa.Text), sa.column("grants", pg.JSONB))
    connection = op.get_bind()
    for key, grants in connection.execute(sa.select(roles.c.key, roles.c.grants)).all():
        renamed = {"objects": {name: _renamed(entry) for name, entry in grants.get("objects", {}).items()}}
        connection.execute(sa.update(roles).where(roles.c.key == key).values(grants={**grants, **renamed}))


def _renamed(entry: dict[str, Any]) -> dict[str, Any]:
    return {verb: "below" if verb in SCOPED and value == "department" else value for verb, value in entry.items()}
