"""Tables of the layer process."""

from __future__ import annotations

revision = "0005_process"
down_revision = "0004_records"


def upgrade() -> None:
    """Nothing yet."""
