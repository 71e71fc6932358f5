"""Loading without indexes, and making them again afterwards from their own definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

INDEXES = """
SELECT c.relname, pg_get_indexdef(c.oid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = %s AND t.relname = ANY(%s) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)
"""


@contextmanager
def without_indexes(
    connection: psycopg.Connection[tuple[object, ...]], schema: str, tables: Sequence[str]
) -> Iterator[None]:
    """Drops the indexes of the tables (not those of keys) and makes them again at the end of the block."""
    found = connection.execute(INDEXES, (schema, list(tables))).fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX {schema}."{name}"'.encode())
    yield
    for _, definition in found:
        connection.execute(str(definition).encode())
