"""Tables of the layer access."""

from __future__ import annotations

revision = "0003_access"
down_revision = "0002_schema"


def upgrade() -> None:
    """Nothing yet."""
