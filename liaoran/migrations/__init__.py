"""Alembic migrations: ``shared`` for the schema ``liaoran``, ``versions`` for the schema of each organisation."""
