"""The check on a real event log: loan applications of a Dutch bank (BPI Challenge 2012), against a count from the CSV."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from liaoran.access.scope import system_scope
from liaoran.app import Founding, found_organisation
from liaoran.exchange.imports.command import import_file
from liaoran.infra.database import Database
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import get_organisation
from liaoran.process.design_check.check import check_design
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.processes import Process

from .plain import Plain, quantile

SINCE, UNTIL = date(2011, 10, 1), date(2012, 3, 31)


@pytest.fixture(scope="module")
def log() -> Path:
    path = Path(__file__).parents[3].parent / "shared" / "data" / "bpi2012" / "stage_history.csv"
    if not path.is_file():
        pytest.skip("the event log is not here")
    return path


async def build(database: Database) -> None:
    await upgrade(database)
    await found_organisation(
        database, Founding("sales", "销售", "admin", "correct horse battery", currency="EUR", zone="Europe/Amsterdam")
    )


@pytest.fixture(scope="module")
async def imported(templates: Any, log: Path) -> AsyncIterator[tuple[Process, dict[str, Any]]]:
    """The Process that the import made, and the check of its whole time."""
    async with templates.clone("design_check_sales", build) as database:
        organisation = await get_organisation(database, "sales")
        async with database.read(organisation.schema) as tx:
            actor = system_scope(await load_snapshot(tx), "tests").actor
        await import_file(database, organisation, actor, "opportunity", log, None, history=True, create_missing=True)
        async with database.read(organisation.schema) as tx:
            scope = system_scope(await load_snapshot(tx), "tests")
            key = await tx.fetch_value("SELECT DISTINCT process FROM {org}.visits")
            yield scope.require_process(key), await check_design(tx, scope, key, SINCE, UNTIL)


def counted(log: Path, process: Process, found: dict[str, Any]) -> Plain:
    keys = {state.label.en: state.key for state in process.states}
    histories: dict[str, list[tuple[str, datetime]]] = {}
    with log.open(newline="") as stream:
        for row in csv.DictReader(stream):
            at = datetime.fromisoformat(row["entered_at"])
            histories.setdefault(row["case_id"], []).append((keys[row["stage"]], at))
    begin, end = datetime.fromisoformat(found["from"]), datetime.fromisoformat(found["to"])
    kinds = {state.key: state.kind for state in process.states}
    return Plain(list(histories.values()), kinds, begin, end, datetime.now(UTC))


async def test_every_figure_is_that_of_the_file(imported: tuple[Process, dict[str, Any]], log: Path) -> None:
    process, found = imported
    plain = counted(log, process, found)
    assert len(plain.histories) == 5333
    assert {state.label.en: state.kind for state in process.states if state.kind != "open"} == {
        "A_DECLINED": "lost",
        "A_CANCELLED": "lost",
    }
    for stage in found["stages"]:
        wanted = plain.stage(stage["key"])
        assert {name: stage[name] for name in wanted} == wanted
        dwells = plain.dwells(stage["key"])
        for name, share in (("median_days", 0.5), ("p90_days", 0.9)):
            assert stage[name] * 86400 == pytest.approx(quantile(dwells, share) * 86400, rel=0.005, abs=0.005)
        assert stage["open"] == len(plain.open_days(stage["key"]))


async def test_what_is_found_and_its_numbers(imported: tuple[Process, dict[str, Any]], log: Path) -> None:
    process, found = imported
    plain = counted(log, process, found)
    findings = {one["key"]: one for one in found["findings"]}
    for key, one in findings.items():
        print(f"{one['severity']:6} {key}: {one['sentence']['en']}")
    assert list(findings) == [
        "long_stays.a_finalized",
        "abandoned.a_approved",
        "abandoned.a_registered",
        "abandoned.a_activated",
        "missing_conditions.a_partlysubmitted",
        "bottleneck.a_finalized",
        "missing_conditions.a_submitted",
        "skipping.a_accepted.passed_through",
    ]

    long = findings["long_stays.a_finalized"]["numbers"]
    dwells = plain.dwells("a_finalized")
    assert long["ended"] == len(dwells) == 1997
    assert long["median_days"] == pytest.approx(quantile(dwells, 0.5), rel=0.005)
    assert long["p90_days"] == pytest.approx(quantile(dwells, 0.9), rel=0.005)

    narrow = findings["bottleneck.a_finalized"]
    figures = {state.key: plain.stage(state.key) for state in process.states if state.kind == "open"}
    here = figures.pop("a_finalized")
    assert (narrow["numbers"]["onward"], narrow["numbers"]["lost"]) == (here["onward"], here["lost"]) == (960, 1037)
    onward, lost = (sum(one[way] for one in figures.values()) for way in ("onward", "lost"))
    assert narrow["numbers"]["others"] == pytest.approx(onward / (onward + lost))
    assert "48%" in narrow["sentence"]["zh"]
    assert narrow["records"]["count"] == 1037
    assert len(set(narrow["records"]["where"]["value"])) == 200

    for key, there in (("a_approved", 144), ("a_registered", 346), ("a_activated", 470)):
        numbers = findings[f"abandoned.{key}"]["numbers"]
        resting = [days for days in plain.open_days(key) if days > numbers["limit_days"]]
        assert (numbers["open"], numbers["resting"]) == (there, len(resting))

    through = findings["skipping.a_accepted.passed_through"]["numbers"]
    assert (through["ended"], through["onward"]) == (2035, 1997)
    assert not any(finding["signal"] == "back_and_forth" for finding in found["findings"])
    assert all(plain.returns(state.key) == (0, 0, 0) for state in process.states)
    assert findings["missing_conditions.a_partlysubmitted"]["numbers"]["states"] == 7
