"""The Maven data set from an empty organisation: figures, quirks, importing again, taking back."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.exchange.imports.service import undo_import
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation

FILES = (("account", "accounts"), ("product", "products"), ("person", "sales_teams"), ("opportunity", "sales_pipeline"))
COUNTS = ("read", "created", "updated", "unchanged", "rejected", "rejects_file")


async def bring_in(run: Any, data: Path) -> dict[str, dict[str, Any]]:
    return {name: await run(key, data / "maven" / f"{name}.csv", create_missing=True) for key, name in FILES}


async def test_the_figures(run: Any, fetch: Any, data: Path) -> None:
    results = await bring_in(run, data)
    assert {name: result["created"] for name, result in results.items()} == {
        "accounts": 85,
        "products": 7,
        "sales_teams": 35,
        "sales_pipeline": 3503,
    }
    assert all(result["rejected"] == 0 and result["rejects_file"] is None for result in results.values())
    assert results["sales_teams"]["made"] == {"department": 3, "person": 6}
    assert results["accounts"]["made"] == results["sales_pipeline"]["made"] == {}

    stages = await fetch(
        """SELECT s.label, o.status, count(*) AS count, sum(o.amount)::int AS amount, count(*) FILTER (WHERE o.account IS NULL) AS bare
           FROM {org}.r_opportunity o CROSS JOIN LATERAL (
             SELECT state ->> 'key' AS key, state -> 'label' ->> 'en' AS label
             FROM {org}.process_versions p, jsonb_array_elements(p.definition -> 'states') state
             WHERE p.process = o.pipeline AND state ->> 'key' = o.stage) s
           GROUP BY 1, 2 ORDER BY 1"""
    )
    assert {row["label"]: (row["status"], row["count"], row["amount"]) for row in stages} == {
        "Engaging": ("open", 660, None),
        "Lost": ("lost", 982, 0),
        "Prospecting": ("open", 211, None),
        "Won": ("won", 1650, 3_965_989),
    }
    assert sum(row["bare"] for row in stages) == 605

    (totals,) = await fetch(
        "SELECT sum(count)::int AS count, sum(sum) FILTER (WHERE state = 'won')::int AS won FROM {org}.state_totals"
    )
    assert totals == {"count": 3503, "won": 3_965_989}


async def test_the_quirks(run: Any, fetch: Any, data: Path) -> None:
    await bring_in(run, data)
    (pro,) = await fetch(
        """SELECT count(*) AS count FROM {org}.r_opportunity o JOIN {org}.r_product p ON p.id = o.product
           WHERE p.name = 'GTX Pro'"""
    )
    assert pro["count"] == 606
    assert [row["count"] for row in await fetch("SELECT count(*) AS count FROM {org}.r_product")] == [7]
    (empty,) = await fetch("SELECT count(*) AS count FROM {org}.r_account WHERE industry IS NULL")
    assert empty["count"] == 0
    (child,) = await fetch(
        """SELECT p.name FROM {org}.r_account a JOIN {org}.r_account p ON p.id = a.parent WHERE a.name = 'Bluth Company'"""
    )
    assert child["name"] == "Acme Corporation"
    (person,) = await fetch(
        """SELECT m.name AS manager, d.name AS department FROM {org}.r_person p
           JOIN {org}.r_person m ON m.id = p.manager JOIN {org}.r_department d ON d.id = p.department
           WHERE p.name = 'Anna Snelling'"""
    )
    assert person == {"manager": "Dustin Brinkmann", "department": "Central"}
    (deal,) = await fetch(
        """SELECT o.name, o.closed_on::text, o.expected_close_on::text, p.name AS owner, d.name AS department, o.currency
           FROM {org}.r_opportunity o JOIN {org}.r_person p ON p.id = o.owner
           JOIN {org}.r_department d ON d.id = o.department WHERE o.external_id = 'MV1LWRNH'"""
    )
    assert deal == {
        "name": "Codehow · GTX Basic",
        "closed_on": "2017-03-09",
        "expected_close_on": "2017-03-09",
        "owner": "Moses Frase",
        "department": "Central",
        "currency": "USD",
    }
    (bare,) = await fetch("SELECT name, closed_on FROM {org}.r_opportunity WHERE external_id = 'HAXMC4IX'")
    assert bare == {"name": "MG Advanced", "closed_on": None}


async def test_importing_again_changes_nothing(run: Any, fetch: Any, data: Path) -> None:
    await bring_in(run, data)
    before = await fetch("SELECT max(seq) AS last, count(*) AS count FROM {org}.events")
    again = await bring_in(run, data)
    for name, result in again.items():
        counts = {key: result[key] for key in COUNTS}
        assert counts == {
            "read": result["read"],
            "created": 0,
            "updated": 0,
            "unchanged": result["read"],
            "rejected": 0,
            "rejects_file": None,
        }, name
        assert result["made"] == {}
    assert await fetch("SELECT max(seq) AS last, count(*) AS count FROM {org}.events") == before


async def test_a_mapping_file_maps_what_is_misspelt(run: Any, fetch: Any, data: Path) -> None:
    mapping = {"columns": {"sector": {"field": "industry", "values": {"technolgy": "互联网"}}}}
    result = await run("account", data / "maven" / "accounts.csv", mapping, create_missing=True)
    assert result["created"] == 85
    (row,) = await fetch("SELECT count(*) AS count FROM {org}.r_account WHERE industry = 'internet'")
    assert row["count"] == 12


async def test_without_leave_to_create_unknown_values_are_rejected_in_words(run: Any, data: Path) -> None:
    result = await run("opportunity", data / "maven" / "sales_pipeline.csv")
    assert result["created"] == 0
    assert result["rejected"] == 3503
    rejected = Path(result["rejects_file"]).read_text("utf-8-sig").splitlines()
    assert len(rejected) == 3504
    assert rejected[0].startswith("opportunity_id,sales_agent,product,account,deal_stage")
    first = result["problems"][0]
    assert (first["line"], first["column"], first["value"]) == (2, "sales_agent", "Moses Frase")


async def test_taking_a_whole_import_back(
    run: Any, fetch: Any, data: Path, database: Database, organisation: Organisation, scope: Scope
) -> None:
    results = await bring_in(run, data)
    async with database.transaction(organisation.schema) as tx:
        record, undone = await undo_import(tx, scope, UUID(results["sales_pipeline"]["import"]))
    assert (record.state, undone.undone, undone.kept) == ("undone", 3503, [])
    (left,) = await fetch("SELECT count(*) AS count FROM {org}.r_opportunity WHERE deleted_at IS NULL")
    assert left["count"] == 0
