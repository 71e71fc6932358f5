"""Alembic's environment: runs a chain over the connection and the schema that ``infra.migrate`` hands over."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema=context.config.attributes["schema"],
    target_metadata=None,
)
with context.begin_transaction():
    context.run_migrations()
