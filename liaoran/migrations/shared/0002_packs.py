"""Which pack an organisation started from and which state of it the organisation has, so that upgrades bring the rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_packs"
down_revision = "0001_shared"


def upgrade() -> None:
    op.add_column("organisations", sa.Column("pack", sa.Text))
    op.add_column("organisations", sa.Column("pack_digest", sa.Text))
