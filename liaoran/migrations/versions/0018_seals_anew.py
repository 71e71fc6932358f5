"""The append-only tables of the audit log let a seal be replaced, and nothing but the seal: a changed key seals all anew.

A seal is no fact of the log but its proof; one that nobody with the key has made is found by verifying.
"""

from __future__ import annotations

from alembic import op

revision = "0018_seals_anew"
down_revision = "0017_sight_of_approvers"

GUARD_SEAL = """
CREATE FUNCTION audit_guard_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'seal' = to_jsonb(OLD) - 'seal' AND OLD.seal IS NOT NULL AND NEW.seal IS NOT NULL THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % is refused: the audit log is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
BY_DELETION = {
    "audit_chain": "audit_guard_chain",
    "audit_checkpoints": "audit_refuse",
    "audit_redactions": "audit_refuse",
}


def upgrade() -> None:
    op.execute(GUARD_SEAL)
    for table, function in BY_DELETION.items():
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_seal_only BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_guard_seal()"
        )
