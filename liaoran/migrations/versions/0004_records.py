"""Tables of the layer records."""

from __future__ import annotations

revision = "0004_records"
down_revision = "0003_access"


def upgrade() -> None:
    """Nothing yet."""
