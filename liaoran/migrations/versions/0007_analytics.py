"""Tables of the layer analytics."""

from __future__ import annotations

revision = "0007_analytics"
down_revision = "0006_exchange"


def upgrade() -> None:
    """Nothing yet."""
