"""Whoever has had a seat in an approval sees the record from here on; those who had one before get theirs."""

from __future__ import annotations

from alembic import op

revision = "0017_sight_of_approvers"
down_revision = "0016_audit"

GIVE = (
    "INSERT INTO {org}shares (id, object, record, person, level, role, starts_at, given_at) "
    "SELECT gen_random_uuid(), approvals.object, approvals.record_id, seats.person, 'read', 'approver', "
    "min(seats.opened_at), min(seats.opened_at) "
    "FROM {org}approval_seats AS seats JOIN {org}approvals AS approvals ON approvals.id = seats.approval "
    "GROUP BY approvals.object, approvals.record_id, seats.person"
)


def upgrade() -> None:
    op.execute(GIVE.format(org=""))
