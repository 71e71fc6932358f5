"""Before and after: the figures of both sides, what is said of the difference, and when nothing is said."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from liaoran.kernel.events import Cause, Door
from liaoran.process.design_check.check import check_design
from liaoran.process.design_check.comparison import Days, compare_periods, compare_versions
from liaoran.process.publish import Publication, publish_process
from liaoran.process.stays import Stay, replace_stays
from liaoran.records.changes import Create
from liaoran.records.write import write

from .histories import OPEN, Way, definition
from .plain import Plain, quantile

RECORDS = 500
KINDS = {**dict.fromkeys(OPEN, "open"), "won": "won", "lost": "lost"}


@pytest.fixture(scope="module")
async def pool(selling: Any) -> list[UUID]:
    async with selling.begin() as tx:
        await publish_process(tx, await selling.scope(tx, "system"), definition())
    async with selling.begin() as tx:
        values = [{"name": f"D{n}", "pipeline": "generated", "stage": "a", "amount": n + 1} for n in range(RECORDS)]
        written = await write(
            tx, await selling.scope(tx, "system"), [Create("deal", one) for one in values], Cause(Door.API)
        )
        return [one.id for one in written]


async def tell(selling: Any, pool: list[UUID], told: list[list[Stay]]) -> None:
    async with selling.begin() as tx:
        snapshot = (await selling.scope(tx, "system")).snapshot
        stays = dict(zip(pool, told, strict=True))
        await replace_stays(tx, snapshot.object("deal"), snapshot.process("generated"), stays)


def two_times(now: datetime, count: int, before: Way, after: Way) -> list[list[Stay]]:
    """Half of the records closed within the half year before the last one, half within the last one."""
    chance = random.Random(4)
    early = [before.history(chance, now - timedelta(days=chance.uniform(260, 340)), now) for _ in range(count)]
    late = [after.history(chance, now - timedelta(days=chance.uniform(80, 150)), now) for _ in range(count)]
    return early + late


def plain_of(told: list[list[Stay]], side: dict[str, Any], now: datetime) -> Plain:
    history = [[(one.state, one.at) for one in stays] for stays in told]
    begin, end = datetime.fromisoformat(side["from"]), datetime.fromisoformat(side["to"])
    return Plain(history, KINDS, begin, end, now)


async def test_a_change_for_the_better_is_shown_with_its_numbers(selling: Any, pool: list[UUID]) -> None:
    now = datetime.now(UTC)
    told = two_times(now, RECORDS // 2, Way(lost={"c": 0.6}, days={"b": 12}), Way(lost={"c": 0.2}, days={"b": 5}))
    await tell(selling, pool, told)
    async with selling.begin() as tx:
        found = await compare_periods(tx, await selling.scope(tx), "generated")
    sides = {name: plain_of(told, found[name], now) for name in ("before", "after")}
    stages = {one["key"]: {measure["key"]: measure for measure in one["measures"]} for one in found["stages"]}
    for key in OPEN:
        for name, plain in sides.items():
            figures = plain.stage(key)
            side = stages[key]["conversion"][name]
            assert side["n"] == figures["onward"] + figures["lost"]
            assert side["value"] == pytest.approx(figures["onward"] / side["n"])
            dwell = stages[key]["dwell"][name]
            assert dwell["n"] == len(plain.dwells(key))
            assert dwell["value"] == pytest.approx(quantile(plain.dwells(key), 0.5), rel=0.005)
    assert stages["c"]["conversion"]["outcome"] == "better"
    assert stages["b"]["dwell"]["outcome"] == "better"
    assert stages["d"]["conversion"]["outcome"] == stages["a"]["dwell"]["outcome"] == "no_difference"
    totals = {one["key"]: one for one in found["totals"]}
    for name, plain in sides.items():
        ends = [history for history in plain.histories if plain.within(history[-1][1])]
        won = [history for history in ends if history[-1][0] == "won"]
        lost = [history for history in ends if history[-1][0] == "lost"]
        assert totals["win_rate"][name]["value"] == pytest.approx(len(won) / (len(won) + len(lost)))
        cycles = sorted((one[-1][1] - one[0][1]).total_seconds() / 86400 for one in won)
        assert totals["cycle"][name]["value"] == pytest.approx(quantile(cycles, 0.5), rel=0.005)
    assert totals["win_rate"]["outcome"] == "better"
    assert "变好了" in totals["win_rate"]["sentence"]["zh"]


async def test_of_few_records_nothing_is_claimed(selling: Any, pool: list[UUID]) -> None:
    now = datetime.now(UTC)
    few = two_times(now, 12, Way(lost={"c": 0.9}), Way(lost={"c": 0.0}))
    await tell(selling, pool, [*few, *[[Stay("a", now)] for _ in range(RECORDS - len(few))]])
    async with selling.begin() as tx:
        found = await compare_periods(tx, await selling.scope(tx), "generated")
    measures = [*found["totals"], *(measure for one in found["stages"] for measure in one["measures"])]
    assert {one["outcome"] for one in measures} == {"too_few"}
    assert {one["p"] for one in measures} == {None}
    assert "at least 30" in found["totals"][0]["sentence"]["en"]
    assert "至少 20" in found["totals"][1]["sentence"]["zh"]


async def test_periods_that_are_named(selling: Any, pool: list[UUID]) -> None:
    now = datetime.now(UTC)
    told = two_times(now, RECORDS // 2, Way(), Way())
    await tell(selling, pool, told)
    day = now.date()
    before, after = [Days(day - timedelta(days=a), day - timedelta(days=b)) for a, b in ((300, 200), (150, 10))]
    async with selling.begin() as tx:
        found = await compare_periods(tx, await selling.scope(tx), "generated", before, after)
    for name, days in (("before", before), ("after", after)):
        plain = plain_of(told, found[name], now)
        assert plain.since.date() == days.since
        conversion = found["stages"][0]["measures"][0][name]
        assert conversion["n"] == plain.stage("a")["onward"] + plain.stage("a")["lost"]


async def test_two_versions_are_the_times_in_which_they_were_in_force(selling: Any, pool: list[UUID]) -> None:
    now = datetime.now(UTC)
    await tell(selling, pool, [[Stay("a", now)] for _ in range(RECORDS)])
    changed = definition()
    changed["states"] = [one for one in changed["states"] if one["key"] != "d"]
    async with selling.begin() as tx:
        snapshot = await publish_process(tx, await selling.scope(tx, "system"), changed)
        version = snapshot.process("generated").version
        await tx.execute(
            "UPDATE {org}.process_versions SET published_at = CASE version WHEN :new THEN :half ELSE :early END "
            "WHERE process = 'generated'",
            {"new": version, "half": now - timedelta(days=180), "early": now - timedelta(days=400)},
        )
    told = two_times(now, RECORDS // 2, Way(), Way(skipped={"d": 1.0}))
    await tell(selling, pool, told)
    async with selling.begin() as tx:
        found = await compare_versions(tx, await selling.scope(tx), "generated")
    assert (found["before"]["version"], found["after"]["version"]) == (version - 1, version)
    assert found["before"]["to"] == found["after"]["from"]
    assert {one["key"]: one["only"] for one in found["stages"]} == {"a": None, "b": None, "c": None, "d": "before"}
    counts = found["totals"][0]
    assert counts["before"]["n"] + counts["after"]["n"] == sum(one[-1].state in ("won", "lost") for one in told)


async def test_states_that_went_count_as_their_heirs(selling: Any, pool: list[UUID]) -> None:
    """Ten stages to six, in small: ``b`` goes into ``c``, and the time before is told in the states of today."""
    async with selling.begin() as tx:
        await publish_process(tx, await selling.scope(tx, "system"), definition())
    now = datetime.now(UTC)
    told = two_times(now, RECORDS // 2, Way(), Way())
    fewer = definition()
    fewer["states"] = [one for one in fewer["states"] if one["key"] != "b"]
    async with selling.begin() as tx:
        more = Publication({"b": "c"})
        version = (
            (await publish_process(tx, await selling.scope(tx, "system"), fewer, more)).process("generated").version
        )
    await tell(selling, pool, told)
    merged = []
    for stays in told:
        named = [Stay("c" if one.state == "b" else one.state, one.at) for one in stays]
        merged.append([one for at, one in enumerate(named) if at == 0 or named[at - 1].state != one.state])
    async with selling.begin() as tx:
        scope = await selling.scope(tx)
        found = await compare_periods(tx, scope, "generated")
        check = await check_design(tx, scope, "generated")
    assert [one["key"] for one in found["stages"]] == ["a", "c", "d"]
    kinds = {key: kind for key, kind in KINDS.items() if key != "b"}
    for name in ("before", "after"):
        side = found[name]
        begin, end = datetime.fromisoformat(side["from"]), datetime.fromisoformat(side["to"])
        history = [[(one.state, one.at) for one in stays] for stays in merged]
        plain = Plain(history, kinds, begin, end, now)
        conversion, dwell = found["stages"][1]["measures"]
        figures = plain.stage("c")
        assert conversion[name]["n"] == figures["onward"] + figures["lost"]
        assert conversion[name]["value"] == pytest.approx(figures["onward"] / conversion[name]["n"])
        assert dwell[name]["value"] == pytest.approx(quantile(plain.dwells("c"), 0.5), rel=0.005)
    assert check["version"] == version
