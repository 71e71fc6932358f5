"""The demo, loaded through the write path, is what the generator says, down to the visits and the figures."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from liaoran.access.actors import scope_of_person
from liaoran.access.people import login_of, person_of_login
from liaoran.access.scope import Scope, system_scope
from liaoran.app import Founding, found_organisation
from liaoran.exchange.demo import load_demo
from liaoran.exchange.demo_work import Keeping
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.packs.demo import DEMO_LOGINS, DEMO_PASSWORD, DEMO_SLUG
from liaoran.packs.demo.generator import generate
from liaoran.packs.demo.model import DemoData
from liaoran.process.approvals.inbox import count_boxes
from liaoran.process.design_check.check import check_design
from liaoran.process.recount import wrong_totals
from liaoran.schema.catalogue import load_snapshot

TODAY = date(2026, 9, 30)
EVENING = datetime(2026, 9, 29, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
async def demo(database: Database) -> Organisation:
    organisation = await found_organisation(
        database, Founding(DEMO_SLUG, "演示", DEMO_LOGINS[0], DEMO_PASSWORD, demo=True)
    )
    async with database.transaction(organisation.schema, statement_seconds=0) as tx:
        scope = system_scope(await load_snapshot(tx))
        keeping = Keeping(database.files, database.settings)
        await load_demo(tx, scope, await person_of_login(tx, DEMO_LOGINS[0]), TODAY, keeping)
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


async def test_files_are_on_their_records_since_then(database: Database, demo: Organisation, data: DemoData) -> None:
    expected = {(one.record, one.document_type, one.title): one for one in data.papers}
    async with database.read(demo.schema) as tx:
        rows = await tx.fetch_all(
            "SELECT d.record_id, d.document_type, d.title, d.created_by, v.uploaded_at, v.stored "
            "FROM {org}.record_files d JOIN {org}.record_file_versions v ON v.file = d.id"
        )
        assert len(rows) == len(data.papers) == len(expected)
        people = {person.login: person.id for person in data.people}
        for row in rows:
            paper = expected[row["record_id"], row["document_type"], row["title"]]
            assert (row["uploaded_at"], row["created_by"]) == (paper.at, people[paper.login])
        one = await database.files.get(tx, rows[0]["stored"])
        paper = expected[rows[0]["record_id"], rows[0]["document_type"], rows[0]["title"]]
        assert b"".join([chunk async for chunk in await database.files.read(one)]) == paper.content
        told = await tx.fetch_column("SELECT at FROM {org}.events WHERE kind = 'file'")
    assert sorted(told) == sorted(one.at for one in data.papers)


async def test_approvals_are_decided_and_wait_as_the_story_says(
    database: Database, demo: Organisation, data: DemoData
) -> None:
    async with database.read(demo.schema) as tx:
        rows = await tx.fetch_all("SELECT state, state_key, started_at FROM {org}.approvals")
        assert Counter(one["started_at"] for one in rows) == Counter(one.at for one in data.approvals)
        assert {one["state_key"] for one in rows} == {"contract"}
        assert {"running", "passed", "returned"} == {one["state"] for one in rows}
        waiting = sum(one.final["stage"] == "contract" for one in data.opportunities)
        assert sum(one["state"] == "running" for one in rows) == waiting
        snapshot = await load_snapshot(tx)
        for login in ("admin", "chenjing", "fengxue", "luoyan"):
            person = await person_of_login(tx, login)
            found = await count_boxes(tx, await scope_of_person(tx, snapshot, person))
            assert found["mine"] >= 1, login
        late = await tx.fetch_value("SELECT max(at) FROM {org}.events WHERE kind = 'approval'")
    assert late <= EVENING


async def test_the_stage_design_check_finds_one_slow_stage_and_nothing_alarming(
    database: Database, demo: Organisation
) -> None:
    async with database.read(demo.schema) as tx:
        everything = system_scope(await load_snapshot(tx))
        evening = Scope(everything.snapshot, everything.actor, everything.grants, lambda: EVENING)
        found = (await check_design(tx, evening, "sales"))["findings"]
    assert [one["states"] for one in found if one["signal"] == "long_stays"] == [["negotiation"]]
    assert len(found) <= 3
    assert "high" not in {one["severity"] for one in found}, [one["sentence"]["zh"] for one in found]
