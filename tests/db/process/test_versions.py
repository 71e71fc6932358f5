"""New versions of a Process under records that are on their way: ten stages become six, and come back."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from liaoran.kernel.errors import Conflict, Invalid, Refused
from liaoran.kernel.events import Cause, Door
from liaoran.process.carrying import heirs_of
from liaoran.process.definition import read_process
from liaoran.process.drafts import find_draft, publish_draft, review_draft, save_draft
from liaoran.process.publish import publish_process
from liaoran.process.recount import wrong_totals
from liaoran.process.simulation import simulate
from liaoran.process.versions import forecast, list_versions, records_reached, roll_back, way_back
from liaoran.records.changes import Create, Update
from liaoran.records.write import write
from liaoran.schema.process_json import process_to_json

TEN = [f"step{n}" for n in range(8)] + ["won", "lost"]
SIX = ["step0", "step2", "step4", "step6", "won", "lost"]
MERGED = {"step1": "step0", "step3": "step2", "step5": "step4", "step7": "step6"}
RECORDS = 10_000


def definition(states: list[str], **more: Any) -> dict[str, Any]:
    kinds = {"won": "won", "lost": "lost"}
    return {
        "key": "long",
        "object": "deal",
        "field": "stage",
        "process_field": "pipeline",
        "label": {"zh": "长流程", "en": "Long"},
        "sum_field": "amount",
        "states": [
            {"key": key, "label": {"zh": f"长{key}", "en": f"Long {key}"}, "kind": kinds.get(key, "open")}
            if key not in kinds
            else {
                "key": key,
                "label": {"zh": {"won": "赢单", "lost": "输单"}[key], "en": key.title()},
                "kind": kinds[key],
            }
            for key in states
        ],
        **more,
    }


async def deals(strict: Any) -> Counter[str]:
    async with strict.begin() as tx:
        rows = await tx.fetch_all("SELECT stage, count(*) n FROM {org}.r_deal WHERE pipeline = 'long' GROUP BY 1")
    return Counter({row["stage"]: row["n"] for row in rows})


async def visits(strict: Any) -> int:
    async with strict.begin() as tx:
        return int(await tx.fetch_value("SELECT count(*) FROM {org}.visits WHERE process = 'long'"))


async def ten_stages(strict: Any) -> None:
    """Ten thousand records under way, a third of them moved on once."""
    async with strict.begin() as tx:
        await publish_process(tx, await strict.scope(tx, "system"), definition(TEN))
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        changes = [
            Create("deal", {"name": f"D{n}", "pipeline": "long", "stage": TEN[n % 10], "amount": n})
            for n in range(RECORDS)
        ]
        made = [UUID(str(one.id)) for one in await write(tx, scope, changes, Cause(Door.IMPORT))]
        moved = [Update("deal", one, {"stage": TEN[(n + 1) % 10]}) for n, one in enumerate(made) if n % 3 == 0]
        await write(tx, scope, moved, Cause(Door.BULK))


async def foretell(strict: Any, before: Counter[str]) -> dict[str, int]:
    """The dry run: refused where records are left out; else what is carried, and who ever reached which state."""
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        current = scope.snapshot.process("long")
        six = read_process(definition(SIX), scope.snapshot.object("deal"), 2)
        with pytest.raises(Refused) as caught:
            await forecast(tx, six, current, {"step1": "step0"})
        assert caught.value.code == "state_in_use"
        told = await forecast(tx, six, current, MERGED)
    assert {one["from"]: one["count"] for one in told["carried"]} == {key: before[key] for key in MERGED}
    return {one["state"]: one["records"] for one in told["reached"]}


async def publish_six(strict: Any, before: Counter[str]) -> None:
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        draft = await save_draft(tx, scope, "long", definition(SIX), 0)
        review = await review_draft(tx, scope, draft)
        assert review["problem"] is None
        assert {one["state"]: one["count"] for one in review["leaving"]} == {key: before[key] for key in MERGED}
        assert Counter(one["kind"] for one in review["differences"] if one["part"] == "states") == {"removed": 4}
        await publish_draft(tx, scope, "long", draft.revision, MERGED, "十个太多了")


async def counted_by_hand(strict: Any) -> dict[str, int]:
    """Records that ever were in each state, old ones counting as what they were merged into."""
    async with strict.begin() as tx:
        rows = await tx.fetch_all("SELECT DISTINCT record_id, state FROM {org}.visits WHERE process = 'long'")
    reached: dict[str, set[UUID]] = {}
    for row in rows:
        reached.setdefault(MERGED.get(row["state"], row["state"]), set()).add(row["record_id"])
    return {state: len(records) for state, records in reached.items()}


async def test_ten_stages_become_six_and_ten_again(strict: Any) -> None:
    await ten_stages(strict)
    before, stays = await deals(strict), await visits(strict)
    assert sum(before.values()) == RECORDS
    foretold = await foretell(strict, before)
    assert foretold == await counted_by_hand(strict)
    await publish_six(strict, before)
    merged = {key: before[key] + sum(before[old] for old, new in MERGED.items() if new == key) for key in SIX}
    assert await deals(strict) == Counter(merged), "nobody without a stage"
    assert await visits(strict) == stays + sum(before[key] for key in MERGED), "none lost, one more for each carried"
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        assert await heirs_of(tx, "long") == MERGED
        assert await records_reached(tx, "long", MERGED) == foretold == await counted_by_hand(strict)
        assert await wrong_totals(tx, scope, "deal") == []
        somebody = await tx.fetch_value(
            "SELECT record_id FROM {org}.carried_records WHERE from_state = 'step1' LIMIT 1"
        )
        await write(tx, scope, [Update("deal", somebody, {"stage": "step4"})], Cause(Door.BOARD))
    await go_back(strict)
    assert await deals(strict) == before - Counter({"step1": 1}) + Counter({"step4": 1}), "who has moved since stays"


async def go_back(strict: Any) -> None:
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        current = scope.snapshot.process("long")
        _, back = await way_back(tx, current, 1)
        assert back == {}, "the ten hold all of the six"
        await roll_back(tx, scope, current, 1, {}, None)
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        assert await heirs_of(tx, "long") == {}
        assert await wrong_totals(tx, scope, "deal") == []
        assert [one["version"] for one in await list_versions(tx, "long")] == [3, 2, 1]
        endless = "SELECT count(*) FROM {org}.visits WHERE process = 'long' AND left_at IS NULL"
        assert await tx.fetch_value(endless) == RECORDS


async def test_a_draft_is_kept_as_it_is_and_says_what_is_wrong(strict: Any) -> None:
    state = {"key": "step0", "label": "x", "kind": "open", "required": ["nothing"]}
    broken = {**definition(["step0", "won"]), "states": [state]}
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "admin")
        draft = await save_draft(tx, scope, "long", broken, 0)
        review = await review_draft(tx, scope, draft)
    assert review["problem"]["at"] == "states[0].required[0]"
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "admin")
        kept = await find_draft(tx, "long")
        assert kept is not None and kept.definition == broken
        with pytest.raises(Conflict):
            await save_draft(tx, scope, "long", broken, 0)
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "admin")
        with pytest.raises(Invalid):
            await publish_draft(tx, scope, "long", 1, {}, None)


async def test_a_draft_is_tried_on_records_without_a_trace(strict: Any) -> None:
    (company,) = await strict.write("ann", Create("company", {"name": "试"}))
    values = {"name": "T", "pipeline": "strict", "company": str(company.id), "amount": 500}
    (deal,) = await strict.write("ann", Create("deal", values))
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "admin")
        process = scope.snapshot.process("strict")
        changed = {**process_to_json(process), "states": [dict(one) for one in process_to_json(process)["states"]]}
        changed["states"][0]["exit"] = [
            {
                "key": "noted",
                "label": {"zh": "写了备注", "en": "A note"},
                "condition": {"field": "note", "op": "not_empty"},
            }
        ]
        new = read_process(changed, scope.snapshot.object("deal"), 2, snapshot=scope.snapshot)
        (shown,) = await simulate(tx, scope, new, {}, [UUID(str(deal.id))])
        (now,) = await simulate(tx, scope, process, {}, [UUID(str(deal.id))])
    onwards = {one["to"]: one for one in shown["moves"]}["price"]
    assert [one["key"] for one in onwards["gate"] if not one["met"]] == ["noted"]
    today = {one["to"]: one for one in now["moves"]}["price"]
    assert [one["key"] for one in today["gate"] if not one["met"]] == ["decided", "tasks"]
    assert shown["label"] == "T" and shown["state"] == "talk"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"minimum": ["gone"]}, "minimum[0]"),
        ({"comment_on": ["sideways"]}, "comment_on[0]"),
        ({"approvals": [{"key": "a", "label": "A", "steps": []}]}, "approvals[0].steps"),
        ({"transitions": [{"from": None, "to": "won", "who": [{"who": "role", "role": "nobody"}]}]}, "states[1]"),
        ({"transitions": [{"from": None, "to": key, "who": [{"who": "role", "role": "nobody"}]} for key in SIX]},
         "transitions[0].who[0]"),
        ({"transitions": [{"from": None, "to": key, "approval": "none"} for key in SIX]}, "transitions[0].approval"),
    ],
)  # fmt: skip
async def test_what_would_not_work_is_refused_at_its_place(strict: Any, change: dict[str, Any], place: str) -> None:
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        with pytest.raises(Invalid) as caught:
            await publish_process(tx, scope, {**definition(SIX, key="other"), **change})
    assert caught.value.extra["at"] == place


async def test_moves_that_would_go_round_for_ever_are_refused(strict: Any) -> None:
    states = [{**one, "approval": f"a{n}"} for n, one in enumerate(definition(["step0", "step1"])["states"])]
    steps = [{"key": "one", "label": "A", "who": [{"who": "owner"}]}]
    approvals = [
        {"key": f"a{n}", "label": "A", "steps": steps, "on_passed": {"move_to": f"step{1 - n}"}} for n in range(2)
    ]
    async with strict.begin() as tx:
        scope = await strict.scope(tx, "system")
        with pytest.raises(Invalid) as caught:
            await publish_process(
                tx, scope, {**definition([]), "key": "round", "states": states, "approvals": approvals}
            )
    assert caught.value.code == "endless_moves"
