"""System table of the stage-design check: what administrators have set for a Process."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

design_checks = sa.Table(
    "design_checks",
    metadata,
    sa.Column("process", sa.Text, primary_key=True),
    sa.Column("thresholds", pg.JSONB, nullable=False),
)
"""``thresholds`` holds only what differs from the shipped defaults: ``{signal: {"on": false, threshold: number}}``."""
