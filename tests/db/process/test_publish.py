"""Publishing: versions are immutable, choices stay in step, records under way are not lost."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from liaoran.access.scope import system_scope
from liaoran.kernel.errors import Conflict, Forbidden, Invalid, Refused
from liaoran.process.publish import install_processes, publish_process, retire_process
from liaoran.process.recount import wrong_totals
from liaoran.records.changes import Create, Update
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_object

TICKET = {
    "key": "ticket",
    "label": {"zh": "工单", "en": "Ticket"},
    "fields": [{"key": "step", "type": "choice", "label": {"zh": "步骤", "en": "Step"}}],
}
FIXING: dict[str, Any] = {
    "key": "fixing",
    "object": "ticket",
    "field": "step",
    "label": {"zh": "处理", "en": "Fixing"},
    "states": [
        {"key": "new", "label": {"zh": "新建", "en": "New"}},
        {"key": "done", "label": {"zh": "完成", "en": "Done"}, "kind": "won"},
    ],
}


async def publish(selling: Any, definition: dict[str, Any], name: str = "admin") -> Any:
    async with selling.begin() as tx:
        return await publish_process(tx, await selling.scope(tx, name), definition)


@pytest.fixture(scope="module", autouse=True)
async def _tickets(selling: Any) -> None:
    async with selling.begin() as tx:
        await add_object(tx, TICKET)
    await selling.write("admin", Create("ticket", {"name": "before the process"}))


async def test_publishing_again_makes_a_version_only_where_something_changed(selling: Any) -> None:
    snapshot = await publish(selling, FIXING)
    process = snapshot.process("fixing")
    assert (process.version, process.is_default) == (1, True)
    assert [one.key for one in snapshot.object("ticket").fields["step"].choices] == ["new", "done"]
    assert (await publish(selling, FIXING)).version == snapshot.version
    wider = copy.deepcopy(FIXING)
    wider["states"].insert(1, {"key": "waiting", "label": {"zh": "等待", "en": "Waiting"}})
    snapshot = await publish(selling, wider)
    assert snapshot.process("fixing").version == 2
    assert [one.key for one in snapshot.object("ticket").fields["step"].choices] == ["new", "waiting", "done"]
    async with selling.begin() as tx:
        versions = await tx.fetch_column("SELECT version FROM {org}.process_versions WHERE process = 'fixing'")
    assert sorted(versions) == [1, 2]


async def test_a_state_that_records_are_in_cannot_go(selling: Any) -> None:
    (made,) = await selling.write("ann", Create("ticket", {"name": "T", "step": "等待"}))
    with pytest.raises(Refused) as caught:
        await publish(selling, FIXING)
    assert caught.value.code == "state_in_use" and caught.value.extra == {"state": "waiting", "count": 1}
    await selling.write("ann", Update("ticket", made.id, {"step": "done"}))
    snapshot = await publish(selling, FIXING)
    choices = snapshot.object("ticket").fields["step"].choices
    assert {one.key: one.retired for one in choices} == {"new": False, "done": False, "waiting": True}


async def test_records_that_are_there_already_get_their_stay_and_count(selling: Any) -> None:
    async with selling.begin() as tx:
        await tx.execute("UPDATE {org}.r_ticket SET step = 'new' WHERE name = 'before the process'")
    wider = copy.deepcopy(FIXING)
    wider["states"][0]["label"] = {"zh": "新来", "en": "Fresh"}
    snapshot = await publish(selling, wider)
    assert snapshot.object("ticket").fields["step"].choice_by_key["new"].label.zh == "新来"
    async with selling.begin() as tx:
        assert await tx.fetch_value(
            "SELECT count(*) FROM {org}.visits v JOIN {org}.r_ticket t ON t.id = v.record_id"
            " WHERE t.name = 'before the process' AND v.state = 'new' AND v.left_at IS NULL"
        )
        assert await wrong_totals(tx, system_scope(await load_snapshot(tx)), "ticket") == []


async def test_two_processes_share_a_field(selling: Any) -> None:
    async with selling.begin() as tx:
        snapshot = await load_snapshot(tx)
    stages = snapshot.object("deal").fields["stage"].choices
    assert [one.key for one in stages if not one.retired] == ["first", "offer", "won", "lost", "due"]
    assert [one.key for one in snapshot.object("deal").fields["pipeline"].choices] == ["selling", "renewing"]
    other = {
        **FIXING,
        "key": "quick",
        "states": [{"key": "begun", "label": {"zh": "完成", "en": "Done"}}],
    }
    with pytest.raises(Invalid) as caught:
        await publish(selling, other)
    assert caught.value.extra["at"] == "states[0].key"


def own_states_named(key: str, **labels: str) -> dict[str, Any]:
    """A Process whose Conditions name states that only it has, by key and by label."""
    first, last = {"zh": labels["first"], "en": ""}, {"zh": labels["last"], "en": ""}

    def check(op: str, value: Any, field: str = "stage") -> dict[str, Any]:
        return {"label": {"zh": "在场", "en": "Here"}, "condition": {"field": field, "op": op, "value": value}}

    return {
        "key": key,
        "object": "deal",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": key, "en": key},
        "states": [
            {"key": f"{key}_a", "label": first, "exit": [check("eq", f"{key}_b")]},
            {"key": f"{key}_b", "label": last, "entry": [check("eq", labels["last"])], "goal": check("ne", f"{key}_a")},
            {"key": f"{key}_c", "label": {"zh": f"{key}完", "en": ""}, "kind": "won"},
        ],
        "transitions": [
            {"from": f"{key}_a", "to": f"{key}_b", "conditions": [check("in", [f"{key}_a"], "old.stage")]},
            {"from": f"{key}_b", "to": f"{key}_c"},
        ],
        "approvals": [
            {
                "key": "ok",
                "label": {"zh": "同意", "en": "Agreed"},
                "condition": check("eq", f"{key}_b")["condition"],
                "steps": [{"key": "one", "label": {"zh": "一", "en": "One"}, "who": [{"who": "actor"}]}],
            }
        ],
    }


async def test_conditions_of_a_new_process_may_name_its_own_states(selling: Any) -> None:
    named = own_states_named("named", first="初检", last="复检")
    await publish(selling, named)
    (made,) = await selling.write("ann", Create("deal", {"name": "own", "pipeline": "named"}))
    await selling.write("ann", Update("deal", made.id, {"stage": "复检"}))
    wider = copy.deepcopy(named)
    wider["states"].insert(2, {"key": "named_d", "label": {"zh": "终检", "en": "Last"}})
    wider["states"][1]["entry"][0]["condition"]["value"] = "终检"
    wider["transitions"] = []
    snapshot = await publish(selling, wider)
    assert snapshot.process("named").version == 2
    wider["states"][1]["entry"][0]["condition"]["value"] = "不存在的阶段"
    with pytest.raises(Invalid) as caught:
        await publish(selling, wider)
    assert caught.value.extra["at"] == "states[1].entry[0].condition"


async def test_a_condition_cannot_name_a_state_by_what_it_is_called_no_more(selling: Any) -> None:
    await publish(selling, own_states_named("renamed", first="旧名", last="其次"))
    changed = own_states_named("renamed", first="新名", last="其次")
    changed["states"][1]["entry"][0]["condition"]["value"] = "旧名"
    with pytest.raises(Invalid) as caught:
        await publish(selling, changed)
    assert caught.value.extra["at"] == "states[1].entry[0].condition"
    changed["states"][1]["entry"][0]["condition"]["value"] = "新名"
    assert (await publish(selling, changed)).process("renamed").version == 2


async def test_who_and_what_may_be_published(selling: Any) -> None:
    with pytest.raises(Forbidden):
        await publish(selling, FIXING, name="ann")
    with pytest.raises(Conflict):
        await publish(selling, {**FIXING, "key": "selling"})


async def test_a_process_is_retired_unless_records_follow_it(selling: Any) -> None:
    (made,) = await selling.write("ann", Create("deal", {"name": "A", "stage": "due"}))
    async with selling.begin() as tx:
        scope = await selling.scope(tx)
        with pytest.raises(Refused):
            await retire_process(tx, scope, "renewing")
        with pytest.raises(Refused):
            await retire_process(tx, scope, "fixing")
    await selling.write("ann", Update("deal", made.id, {"pipeline": "selling", "stage": "first"}))
    async with selling.begin() as tx:
        snapshot = await retire_process(tx, await selling.scope(tx), "renewing")
    assert snapshot.process("renewing") is None
    assert snapshot.object("deal").fields["stage"].choice_by_key["due"].retired


async def test_a_pack_brings_only_what_is_missing(selling: Any) -> None:
    added = {**FIXING, "key": "extra", "is_default": False}
    async with selling.begin() as tx:
        scope = await selling.scope(tx)
        mended = {**FIXING, "label": {"zh": "改过", "en": "Changed"}}
        snapshot = await install_processes(tx, scope, {"processes": [mended, added]})
        assert snapshot.process("fixing").label.en == "Fixing"
        assert snapshot.process("extra").origin == "shipped"
        assert (await install_processes(tx, scope, {"processes": [added]})).version == snapshot.version
