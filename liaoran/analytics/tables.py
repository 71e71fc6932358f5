"""System tables of the layer: saved views, and what each person starts with."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.tables import metadata

views = sa.Table(
    "views",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("shared", sa.Boolean, nullable=False),
    sa.Column("owner", sa.Uuid, nullable=False),
    sa.Column("definition", pg.JSONB, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Index(None, "object", "owner"),
)
"""``owner`` is the person who made it; ``shared`` shows it to everybody. ``kind`` is list or board."""

starts = sa.Table(
    "starts",
    metadata,
    sa.Column("person", sa.Uuid, primary_key=True),
    sa.Column("object", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("view", sa.Text),
    sa.Column("process", sa.Text),
)
"""What the list or the board (``kind``) of an Object opens with for a person: ``view`` is the id of a saved view or the
name of a ready-made one, ``process`` the Process whose board they used last."""
