from __future__ import annotations

from typing import Any

from liaoran.records.changes import Create


async def test_a_record_is_created_with_everything_that_follows(selling: Any) -> None:
    (outcome,) = await selling.write("ann", Create("deal", {"name": "Alpha", "amount": "1.2万"}))
    async with selling.begin() as tx:
        row = await tx.fetch_one("SELECT * FROM {org}.r_deal WHERE id = :id", {"id": outcome.id})
    assert row["amount"] == 12000
