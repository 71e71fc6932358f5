"""The demo, loaded through the write path, is what the generator says, down to the visits and the figures."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from liaoran.access.people import login_of, person_of_login
from liaoran.access.scope import system_scope
from liaoran.app import Founding, found_organisation
from liaoran.exchange.demo import load_demo
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.packs.demo import DEMO_LOGINS, DEMO_PASSWORD, DEMO_SLUG
from liaoran.packs.demo.generator import generate
from liaoran.packs.demo.model import DemoData
from liaoran.process.recount import wrong_totals
from liaoran.schema.catalogue import load_snapshot

TODAY = date(2026, 9, 30)


@pytest.fixture(scope="module")
async def demo(database: Database) -> Organisation:
    organisation = await found_organisation(
        database, Founding(DEMO_SLUG, "演示", DEMO_LOGINS[0], DEMO_PASSWORD, demo=True)
    )
    async with database.transaction(organisation.schema, statement_seconds=0) as tx:
        scope = system_scope(await load_snapshot(tx))
        await load_demo(tx, scope, await person_of_login(tx, DEMO_LOGINS[0]), TODAY)
    return organisation


@pytest.fixture(scope="module")
async def data(database: Database, demo: Organisation) -> DemoData:
    async with database.read(demo.schema) as tx:
        return generate(TODAY, known={DEMO_LOGINS[0]: await person_of_login(tx, DEMO_LOGINS[0])})


async def test_every_record_is_there(database: Database, demo: Organisation, data: DemoData) -> None:
    async with database.read(demo.schema) as tx:
        for key, records in data.groups():
            found = await tx.fetch_column(f"SELECT id FROM {{org}}.r_{key}")
            assert set(found) == {record.id for record in records}, key


async def test_visits_are_those_of_the_story(database: Database, demo: Organisation, data: DemoData) -> None:
    people = {person.login: person.id for person in data.people}
    expected = [
        (
            one.id,
            number,
            visit.state,
            visit.entered_at,
            following.entered_at if following else None,
            people[visit.person],
        )
        for one in data.opportunities
        for number, (visit, following) in enumerate(zip(one.visits, (*one.visits[1:], None), strict=True), start=1)
    ]
    async with database.read(demo.schema) as tx:
        rows = await tx.fetch_all(
            "SELECT record_id, ordinal, state, entered_at, left_at, entered_by FROM {org}.visits ORDER BY 1, 2"
        )
    assert [tuple(row.values()) for row in rows] == sorted(expected, key=lambda one: (one[0], one[1]))


async def test_the_records_end_as_the_story_ends(database: Database, demo: Organisation, data: DemoData) -> None:
    names = ("stage", "amount", "win_reason", "loss_reason", "next_action", "need_summary", "tags")
    async with database.read(demo.schema) as tx:
        rows = await tx.fetch_all(f"SELECT id, {', '.join(names)} FROM {{org}}.r_opportunity")
    found = {row.pop("id"): row for row in rows}
    for one in data.opportunities:
        assert found[one.id] == {name: one.final.get(name) for name in names}


async def test_totals_are_right_and_the_past_is_kept(database: Database, demo: Organisation, data: DemoData) -> None:
    moment = data.opportunities[-1].created_at - timedelta(days=200)
    stages = Counter(
        [visit.state for visit in one.visits if visit.entered_at <= moment][-1]
        for one in data.opportunities
        if one.created_at <= moment
    )
    async with database.read(demo.schema) as tx:
        scope = system_scope(await load_snapshot(tx))
        assert await wrong_totals(tx, scope, "opportunity") == []
        rows = await tx.fetch_all(
            "SELECT stage, count(*) AS n FROM {org}.v_opportunity "
            "WHERE valid_from <= :moment AND (valid_to IS NULL OR valid_to > :moment) GROUP BY 1",
            {"moment": moment},
        )
    assert {row["stage"]: row["n"] for row in rows} == dict(stages)


async def test_everybody_can_sign_in(database: Database, demo: Organisation, data: DemoData) -> None:
    async with database.read(demo.schema) as tx:
        for person in data.people:
            login = await login_of(tx, person.id)
            assert (login["login"], tuple(login["roles"])) == (person.login, person.roles)
