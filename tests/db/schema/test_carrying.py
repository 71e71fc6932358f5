"""Links that let records go with the linked ones: what is refused, and what carries nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from liaoran.infra.database import Database
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, Invalid
from liaoran.schema.changes import add_field, add_object, change_field, restore_field, retire_field
from liaoran.schema.snapshot import Snapshot


def _link(target: str, carries: str | None = None) -> dict[str, Any]:
    options = {"target": target, **({"carries": carries} if carries else {})}
    return {"key": f"to_{target}", "type": "link", "label": f"到{target}", "options": options}


async def _chain(tx: Transaction, *keys: str) -> Snapshot:
    """Each Object goes with the one before it."""
    snapshot = await add_object(tx, {"key": keys[0], "label": keys[0]})
    for before, key in pairwise(keys):
        snapshot = await add_object(tx, {"key": key, "label": key, "fields": [_link(before, "edit")]})
    return snapshot


async def test_what_goes_with_what(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        snapshot = await _chain(tx, "deal", "line", "part")
        assert snapshot.carried == {"deal": ("line", "part"), "line": ("part",)}
        assert [link.key for link in snapshot.carriers_of(snapshot.object("part"))] == ["to_line"]
        snapshot = await retire_field(tx, "line", "to_deal")
        assert snapshot.carried == {"line": ("part",)}
        assert not snapshot.carriers_of(snapshot.object("line"))


async def test_an_unknown_word_is_refused(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await add_object(tx, {"key": "deal", "label": "单子"})
    with pytest.raises(Invalid) as caught:
        async with database.transaction("org_test") as tx:
            await add_object(tx, {"key": "line", "label": "明细", "fields": [_link("deal", "delete")]})
    assert caught.value.extra["at"].endswith("options.carries")


async def test_no_record_goes_with_itself(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await _chain(tx, "deal", "line", "part")
        # the other way round a link may lead, as long as it carries nothing
        await add_field(tx, "deal", _link("part"))
        await add_field(tx, "deal", {**_link("deal"), "key": "above"})
    for field in ("to_part", "above"):
        with pytest.raises(Invalid) as caught:
            async with database.transaction("org_test") as tx:
                await change_field(tx, "deal", field, {"options": {"carries": "read"}})
        assert caught.value.code == "carries_itself"
        assert caught.value.extra["at"] == "options.carries"
    assert "deal → deal" in caught.value.message.zh


async def test_a_retired_link_closes_no_circle_until_it_comes_back(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await _chain(tx, "deal", "line")
        await retire_field(tx, "line", "to_deal")
        await add_field(tx, "deal", _link("line", "read"))
    with pytest.raises((Invalid, Conflict)) as caught:
        async with database.transaction("org_test") as tx:
            await restore_field(tx, "line", "to_deal")
    assert caught.value.code in ("carries_itself", "still_used")


async def test_only_so_many_links_follow_each_other(database: Database) -> None:
    async with database.transaction("org_test") as tx:
        await _chain(tx, "a", "b", "c", "d")
    with pytest.raises(Invalid) as caught:
        async with database.transaction("org_test") as tx:
            await add_object(tx, {"key": "e", "label": "e", "fields": [_link("d", "read")]})
    assert caught.value.code == "carries_too_far"
    # from above, too: it is the lowest link of the chain that would break
    with pytest.raises(Conflict) as grown:
        async with database.transaction("org_test") as tx:
            await add_object(tx, {"key": "top", "label": "top"})
            await add_field(tx, "a", _link("top", "read"))
    assert grown.value.code == "still_used"
