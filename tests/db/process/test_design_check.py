"""The stage-design check finds what is planted in generated histories, and nothing in clean ones."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from liaoran.kernel.errors import Forbidden, Invalid
from liaoran.kernel.events import Cause, Door
from liaoran.process.definition import read_process
from liaoran.process.design_check.check import check_design, in_order
from liaoran.process.design_check.patches import apply_patch, merge
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import set_settings
from liaoran.process.publish import publish_process
from liaoran.process.stays import Stay, replace_stays
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.records.changes import Create
from liaoran.records.write import write

from .histories import FAULTS, OPEN, Fault, Way, definition, histories, planted
from .plain import Plain, quantile

RECORDS = 900
KINDS = {**dict.fromkeys(OPEN, "open"), "won": "won", "lost": "lost"}


@pytest.fixture(scope="module")
async def pool(selling: Any) -> list[UUID]:
    """Records of the generated Process; each case gives them another history."""
    async with selling.begin() as tx:
        await publish_process(tx, await selling.scope(tx, "system"), definition())
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "system")
        values = [
            {"name": f"D{n}", "pipeline": "generated", "stage": "a", "amount": 100 + n, "outlook": "pipeline",
             "owner": str(selling.people["ann" if n % 3 else "eve"])}
            for n in range(RECORDS)
        ]  # fmt: skip
        return [one.id for one in await write(tx, scope, [Create("deal", one) for one in values], Cause(Door.API))]


async def tell(selling: Any, pool: Sequence[UUID], process: dict[str, Any], told: Sequence[Sequence[Stay]]) -> None:
    """Publishes the Process and makes these the histories of the records."""
    async with selling.begin() as tx:
        scope = await selling.scope(tx, "system")
        snapshot = await publish_process(tx, scope, process)
        stays = dict(zip(pool, told, strict=True))
        await replace_stays(tx, snapshot.object("deal"), snapshot.process("generated"), stays)


async def keys_of(selling: Any, name: str = "admin") -> tuple[set[str], dict[str, Any]]:
    async with selling.begin() as tx:
        found = await check_design(tx, await selling.scope(tx, name), "generated")
    return {one["key"] for one in found["findings"]}, found


@pytest.mark.parametrize("seed", range(5))
async def test_nothing_is_found_in_a_clean_history(selling: Any, pool: list[UUID], seed: int) -> None:
    await tell(selling, pool, definition(), histories(Way(), seed, RECORDS))
    found, whole = await keys_of(selling)
    assert found == set()
    assert [one["key"] for one in whole["stages"]] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("fault", "key"), [(fault, key) for fault in FAULTS for key in fault.states],
                         ids=lambda one: one.name if isinstance(one, Fault) else one)  # fmt: skip
async def test_exactly_the_planted_fault_is_found(selling: Any, pool: list[UUID], fault: Fault, key: str) -> None:
    process, way = planted(fault, key)
    await tell(selling, pool, process, histories(way, 7, RECORDS))
    found, whole = await keys_of(selling)
    assert found == fault.findings(key)
    (finding,) = whole["findings"]
    for language in ("zh", "en"):
        assert "{" not in finding["sentence"][language] + finding["proposal"]["text"][language]


async def test_the_figures_are_those_of_a_plain_count(selling: Any, pool: list[UUID]) -> None:
    way = Way(back={"c": 0.7, "d": 0.5}, skipped={"b": 0.2}, lost={"c": 0.5}, rests={"d": 0.2})
    now = datetime.now(UTC)
    told = histories(way, 11, RECORDS, now)
    await tell(selling, pool, definition(), told)
    since, until = (now - timedelta(days=200)).date(), (now - timedelta(days=30)).date()
    async with selling.begin() as tx:
        found = await check_design(tx, await selling.scope(tx), "generated", since, until)
    begin, end = datetime.fromisoformat(found["from"]), datetime.fromisoformat(found["to"])
    assert (begin.date(), end.date()) == (since, until + timedelta(days=1))
    plain = Plain([[(one.state, one.at) for one in stays] for stays in told], KINDS, begin, end, now)
    for stage in found["stages"]:
        key = stage["key"]
        wanted = plain.stage(key)
        assert {name: stage[name] for name in wanted} == wanted
        for name, share in (("median_days", 0.5), ("p90_days", 0.9)):
            assert stage[name] == pytest.approx(quantile(plain.dwells(key), share), rel=0.005)
        assert stage["open"] == len(plain.open_days(key))
    by_key = {one["key"]: one for one in found["findings"]}
    numbers = by_key["back_and_forth.b"]["numbers"]
    assert (numbers["returns"], numbers["loops"], numbers["records"]) == plain.returns("b")


async def test_a_state_that_is_listed_again_is_one_stay(selling: Any, pool: list[UUID]) -> None:
    """Histories of other systems list a state anew when the amount changes."""
    now = datetime.now(UTC)
    days = [timedelta(days=n) for n in (50, 45, 43, 40, 10, 5)]
    history = [Stay(state, now - ago) for state, ago in zip("aabbbc", days, strict=True)]
    await tell(selling, pool, definition(), [history] * RECORDS)
    _, whole = await keys_of(selling)
    stages = {one["key"]: one for one in whole["stages"]}
    assert [stages[key]["entered"] for key in "abc"] == [RECORDS, RECORDS, RECORDS]
    assert stages["a"]["median_days"] == pytest.approx(7)
    assert stages["b"]["median_days"] == pytest.approx(38)


async def test_the_records_behind_a_finding_are_a_list_that_opens(selling: Any, pool: list[UUID]) -> None:
    for name, key in (
        ("bottleneck", "c"),
        ("abandoned", "c"),
        ("skipped", "b"),
        ("friction", "c"),
    ):
        fault = next(one for one in FAULTS if one.name == name)
        process, way = planted(fault, key)
        told = histories(way, 3, RECORDS)
        await tell(selling, pool, process, told)
        _, whole = await keys_of(selling)
        (finding,) = whole["findings"]
        async with selling.begin() as tx:
            scope = await selling.scope(tx)
            plan = compile_query(scope, "deal", QueryRequest(where=finding["records"]["where"], limit=1000))
            shown = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"")["records"]
        ids = {UUID(one["id"]) for one in shown}
        assert ids
        assert len(ids) == min(200, finding["records"]["count"])
        went = {record: [one.state for one in stays] for record, stays in zip(pool, told, strict=True)}
        for record in ids:
            path = "".join(state[0] for state in went[record])
            assert {"bottleneck": path.endswith("cl"), "abandoned": path.endswith("c"), "skipped": "b" not in path,
                    "friction": "c" in path}[name]  # fmt: skip


async def test_only_records_that_one_may_see_are_counted(selling: Any, pool: list[UUID]) -> None:
    told = histories(Way(), 5, RECORDS)
    await tell(selling, pool, definition(), told)
    counts = {}
    for name in ("admin", "ann", "eve", "bob"):
        _, whole = await keys_of(selling, name)
        counts[name] = whole["stages"][0]["entered"]
    assert counts == {"admin": RECORDS, "ann": RECORDS * 2 // 3, "eve": RECORDS // 3, "bob": 0}


async def test_thresholds_decide(selling: Any, pool: list[UUID]) -> None:
    process, way = planted(next(one for one in FAULTS if one.name == "bottleneck"), "b")
    await tell(selling, pool, process, histories(way, 2, RECORDS))
    assert (await keys_of(selling))[0] == {"bottleneck.b"}
    async with selling.begin() as tx:
        scope = await selling.scope(tx)
        await set_settings(tx, scope, "generated", in_order(), {"bottleneck": {"difference": 0.9, "loss_share": 0.99}})
    assert (await keys_of(selling))[0] == set()
    async with selling.begin() as tx:
        scope = await selling.scope(tx)
        await set_settings(tx, scope, "generated", in_order(), {"bottleneck": {"on": False}})
    assert (await keys_of(selling))[0] == set()
    async with selling.begin() as tx:
        await set_settings(tx, await selling.scope(tx), "generated", in_order(), {})
        with pytest.raises(Forbidden):
            await set_settings(tx, await selling.scope(tx, "ann"), "generated", in_order(), {})


@pytest.mark.parametrize("name", ["long_stays", "skipped", "hardly_used", "always_empty", "friction", "target"])
async def test_a_patch_makes_a_definition_that_holds(selling: Any, pool: list[UUID], name: str) -> None:
    fault = next(one for one in FAULTS if one.name == name)
    process, way = planted(fault, "c")
    await tell(selling, pool, process, histories(way, 3, RECORDS))
    _, whole = await keys_of(selling)
    (finding,) = whole["findings"]
    assert finding["proposal"]["patch"]
    before = copy.deepcopy(process)
    changed = apply_patch(process, finding["proposal"]["patch"])
    assert process == before
    async with selling.begin() as tx:
        owner = (await selling.scope(tx)).snapshot.object("deal")
    read = read_process(changed, owner)
    assert read != read_process(process, owner)
    if finding["signal"] in ("friction", "empty_fields"):
        await tell(selling, pool, changed, histories(way, 3, RECORDS))
        assert (await keys_of(selling))[0] == set()


def test_merging_two_states_leads_their_moves_on() -> None:
    process = {**definition(), "transitions": [
        {"key": "one", "from": "a", "to": "b", "required": ["amount"]},
        {"key": "two", "from": "b", "to": "c"},
        {"key": "three", "from": "a", "to": "c"},
        {"key": "four", "from": None, "to": "lost"},
        {"key": "five", "from": "c", "to": "d"},
        {"key": "six", "from": "d", "to": "won"},
    ]}  # fmt: skip
    changed = apply_patch(process, [merge("b", "c")])
    assert [one["key"] for one in changed["states"]] == ["a", "c", "d", "won", "lost"]
    assert [(one["key"], one["from"], one["to"]) for one in changed["transitions"]] == [
        ("one", "a", "c"),
        ("four", None, "lost"),
        ("five", "c", "d"),
        ("six", "d", "won"),
    ]
    with pytest.raises(Invalid):
        apply_patch(process, [merge("nothing", "c")])
    with pytest.raises(Invalid):
        apply_patch(process, [{"op": "set", "state": "b", "name": "key", "value": "x"}])


@pytest.mark.parametrize("signal", in_order(), ids=lambda one: one.key)
def test_every_signal_says_what_it_finds_and_why_from_there(signal: Signal) -> None:
    assert any(key.startswith(f"{signal.key}.") for fault in FAULTS for key in fault.findings("c"))
    for text in (signal.label, signal.about, *(part for one in signal.thresholds for part in (one.label, one.reason))):
        assert text.zh
        assert text.en
        assert text.en.isascii()
    for one in signal.thresholds:
        assert one.least <= one.default <= one.most
    assert len({one.key for one in signal.thresholds}) == len(signal.thresholds)
