"""Tables of the layer exchange."""

from __future__ import annotations

revision = "0006_exchange"
down_revision = "0005_process"


def upgrade() -> None:
    """Nothing yet."""
