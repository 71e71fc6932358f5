"""Tables of the layer schema."""

from __future__ import annotations

revision = "0002_schema"
down_revision = "0001_infra"


def upgrade() -> None:
    """Nothing yet."""
