"""What took place before is told, not decided: its moves ask for Fields, not for today's Conditions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from liaoran.kernel.errors import Refused
from liaoran.kernel.events import Cause, Door
from liaoran.process.publish import publish_process
from liaoran.records.changes import Create, Past, Update, Written
from liaoran.records.write import write

from ..conftest import SELLING, Selling

CHECK = {
    "key": "met",
    "label": {"zh": "见过面", "en": "Met"},
    "condition": {"field": "met_at", "op": "not_empty"},
}
STRICT: dict[str, Any] = {
    **SELLING,
    "comment_on": ["back"],
    "states": [{**SELLING["states"][0], "exit": [CHECK]}, *SELLING["states"][1:]],
}
LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


async def test_a_past_move_asks_for_fields_and_a_present_one_for_everything(selling: Selling) -> None:
    async with selling.begin() as tx:
        await publish_process(tx, await selling.scope(tx), STRICT)
        scope, cause = await selling.scope(tx), Cause(Door.IMPORT)
        (made,) = await write(tx, scope, [Create("deal", {"name": "A"}, past=Past(LONG_AGO))], cause)
        assert isinstance(made, Written)

        def step(days: int, **values: Any) -> Update:
            return Update("deal", made.id, values, past=Past(LONG_AGO + timedelta(days=days)))

        with pytest.raises(Refused) as refused:
            await write(tx, scope, [step(1, stage="offer")], cause)
        assert [one.field for one in refused.value.problems] == ["amount"]
        await write(tx, scope, [step(1, stage="offer", amount=5)], cause)
        await write(tx, scope, [step(2, stage="first")], cause)
        with pytest.raises(Refused) as refused:
            await write(tx, scope, [Update("deal", made.id, {"stage": "offer"})], cause)
        assert [one.code for one in refused.value.problems] == ["condition_unmet"]
        with pytest.raises(Refused) as refused:
            await write(tx, scope, [step(3, stage="won", win_reason="price")], cause)
        assert [one.code for one in refused.value.problems] == ["transition_not_allowed"]
