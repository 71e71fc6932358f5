"""The one place where system tables are declared to SQLAlchemy Core.

Tables on ``metadata`` have no schema of their own: each organisation has them all in its schema, and the name of that
schema is filled in when a statement runs. Every layer declares its tables on it in ``liaoran/<layer>/tables.py``.
Tables on ``shared_metadata`` exist once, in the schema ``liaoran``.
"""

from __future__ import annotations

import sqlalchemy as sa

SHARED_SCHEMA = "liaoran"

NAMING = {
    "ix": "ix_%(table_name)s__%(column_0_N_name)s",
    "uq": "uq_%(table_name)s__%(column_0_N_name)s",
    "ck": "ck_%(table_name)s__%(constraint_name)s",
    "fk": "fk_%(table_name)s__%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = sa.MetaData(naming_convention=NAMING)
shared_metadata = sa.MetaData(schema=SHARED_SCHEMA, naming_convention=NAMING)

organisations = sa.Table(
    "organisations",
    shared_metadata,
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("schema", sa.Text, nullable=False, unique=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("pack", sa.Text),
    sa.Column("pack_digest", sa.Text),
)
"""``pack`` is the shipped pack that an organisation started from, ``pack_digest`` tells which state of it the
organisation has; both are NULL where none was installed, and until they are first looked at where an older version made
the organisation."""

files = sa.Table(
    "files",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("created_by", sa.Uuid, nullable=True),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
)
