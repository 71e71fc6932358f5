"""What the actor may do with one very record, which decides what its page offers."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from liaoran.kernel.ids import new_id

from ..conftest import SignIn, answer_of


async def test_only_the_verbs_that_reach_the_record_are_named(sign_in: SignIn, people: Mapping[str, UUID]) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    account = await answer_of(admin, "POST", "/records/account", {"name": "别人的客户"})
    where = f"/records/account/{account['id']}"
    everything = ["delete", "edit", "export", "read", "share", "transfer"]
    assert sorted((await answer_of(admin, "GET", where + "/verbs"))["verbs"]) == everything
    assert (await answer_of(lina, "GET", where + "/verbs"))["verbs"] == ["read"]
    refused = await lina.patch(f"/api/v1{where}", json={"name": "x"}, headers={"if-match": "*"})
    assert refused.status_code == 403
    await answer_of(admin, "PATCH", where, {"owner": str(people["lina"])})
    assert sorted((await answer_of(lina, "GET", where + "/verbs"))["verbs"]) == everything[:-1]
    await answer_of(admin, "PATCH", where, {"owner": None})
    await answer_of(admin, "POST", where + "/shares", {"person": str(people["lina"]), "level": "edit"})
    assert {"read", "edit"} <= set((await answer_of(lina, "GET", where + "/verbs"))["verbs"])


async def test_what_is_not_seen_has_no_verbs(sign_in: SignIn) -> None:
    admin, lina = await sign_in(), await sign_in("lina")
    task = await answer_of(admin, "POST", "/records/task", {"subject": "只给自己的"})
    for record in (task["id"], new_id()):
        assert (await lina.get(f"/api/v1/records/task/{record}/verbs")).status_code == 404
