from __future__ import annotations

from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation


async def test_reads(database: Database, organisation: Organisation) -> None:
    async with database.read(organisation.schema) as tx:
        assert await tx.fetch_value("SELECT :a::int + 1", {"a": 1}) == 2
        assert await tx.fetch_all("SELECT * FROM {org}.files") == []
