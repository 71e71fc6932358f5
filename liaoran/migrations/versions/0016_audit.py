"""The audit log with its hash chain: append-only by triggers, but for what a checkpoint or a redaction accounts for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0016_audit"
down_revision = "0015_signin"

INSTANT = sa.DateTime(timezone=True)
_REACH = ("name", "title", "mobile", "phone", "email", "wechat", "address", "notes")
PERSONAL = {"contact": (*_REACH, "qq", "birthday_on"), "lead": _REACH}

# Names are looked up in the schema of the table that the trigger hangs on, so that a cloned organisation has its own.
REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the audit log is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
GUARD_LOG = """
CREATE FUNCTION audit_guard_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    accounted boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %1$I.audit_chain AS link JOIN %1$I.audit_checkpoints AS past
            ON link.number <= past.number WHERE link.entry = $1)', TG_TABLE_SCHEMA) INTO accounted USING OLD.id;
        IF accounted THEN
            RETURN OLD;
        END IF;
    ELSIF to_jsonb(NEW) - 'facts' = to_jsonb(OLD) - 'facts' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.audit_redactions WHERE entry = $1)', TG_TABLE_SCHEMA)
            INTO accounted USING OLD.id;
        IF accounted THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% of audit_log is refused: the audit log is append-only', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
GUARD_CHAIN = """
CREATE FUNCTION audit_guard_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    accounted boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.audit_checkpoints WHERE number >= $1)', TG_TABLE_SCHEMA)
        INTO accounted USING OLD.number;
    IF TG_OP = 'DELETE' AND accounted THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of audit_chain is refused: the audit log is append-only', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def upgrade() -> None:
    _log()
    _chain()
    _accounts()
    _triggers()
    _settings()
    _export_decisions()
    _personal_fields()


def _log() -> None:
    op.create_table(
        "audit_log",
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
    op.create_index("ix_audit_log__at", "audit_log", ["at", "id"])
    op.create_index("ix_audit_log__person", "audit_log", ["person", "at"])
    op.create_index("ix_audit_log__kind", "audit_log", ["kind", "at"])
    op.create_index(
        "ix_audit_log__record", "audit_log", ["record", "at"], postgresql_where=sa.text("record IS NOT NULL")
    )


def _chain() -> None:
    op.create_table("audit_pending", sa.Column("entry", sa.Uuid, primary_key=True))
    op.create_table(
        "audit_chain",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.Uuid, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary),
        sa.UniqueConstraint("entry", name="uq_audit_chain__entry"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("singleton", name="ck_audit_head__one_row"),
    )
    op.bulk_insert(head, [{"singleton": True, "number": 0, "hash": bytes(32)}])


def _accounts() -> None:
    """What accounts for rows that went and for facts that were taken out."""
    op.create_table(
        "audit_checkpoints",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("first_at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("entries", sa.BigInteger, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "audit_redactions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("entry", sa.Uuid, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("before", sa.LargeBinary, nullable=False),
        sa.Column("after", sa.LargeBinary, nullable=False),
        sa.Column("seal", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_audit_redactions__entry", "audit_redactions", ["entry"])


def _triggers() -> None:
    for function in (REFUSE, GUARD_LOG, GUARD_CHAIN):
        op.execute(function)
    _guard("audit_log", "audit_guard_log")
    _guard("audit_chain", "audit_guard_chain")
    _guard("audit_checkpoints", "audit_refuse")
    _guard("audit_redactions", "audit_refuse")


def _guard(table: str, function: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )


def _settings() -> None:
    table = op.create_table(
        "audit_settings",
        sa.Column("singleton", sa.Boolean, primary_key=True, server_default=sa.true()),
        sa.Column("keep_days", sa.Integer, nullable=False, server_default="0"),
        sa.Column("approve_exports_above", sa.BigInteger),
        sa.Column("watermark_pages", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("watermark_exports", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.CheckConstraint("singleton", name="ck_audit_settings__one_row"),
    )
    op.bulk_insert(table, [{"singleton": True}])


def _export_decisions() -> None:
    """What an export that needs somebody's word knows about it."""
    op.add_column("exports", sa.Column("created_by_label", sa.Text, nullable=False, server_default=""))
    op.add_column("exports", sa.Column("filter", pg.JSONB))
    op.add_column("exports", sa.Column("reason", sa.Text))
    op.add_column("exports", sa.Column("decided_by", sa.Uuid))
    op.add_column("exports", sa.Column("decided_by_label", sa.Text))
    op.add_column("exports", sa.Column("decided_at", INSTANT))
    op.add_column("exports", sa.Column("decision", sa.Text))


def _personal_fields() -> None:
    """Shipped Fields that hold data about a person, in organisations that are there already."""
    fields = sa.table(
        "fields", sa.column("object"), sa.column("key"), sa.column("origin"), sa.column("definition", pg.JSONB)
    )
    marked = sa.cast(sa.literal('{"personal": true}'), pg.JSONB)
    for owner, keys in PERSONAL.items():
        shipped = sa.and_(fields.c.object == owner, fields.c.key.in_(keys), fields.c.origin == "shipped")
        op.execute(sa.update(fields).where(shipped).values(definition=fields.c.definition.op("||")(marked)))
    op.execute("UPDATE catalogue SET version = version + 1, stamp = gen_random_uuid()")
