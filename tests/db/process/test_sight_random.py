"""Whoever has ever had a seat in an approval reads the record from then on, and nobody else gains anything: random
approvals that change hands at random, read by people whose roles give them their own records alone."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.access.grants import merge_grants
from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import LiaoranError
from liaoran.process.approvals.chasing import chase
from liaoran.process.approvals.course import Course
from liaoran.process.approvals.deciding import decide, recall
from liaoran.process.approvals.handing import add_sign, delegate
from liaoran.process.approvals.reseating import open_seats_of, reseat, seat_again
from liaoran.query.reads import compile_query, compile_record
from liaoran.query.requests import QueryRequest
from liaoran.records.changes import Update
from liaoran.schema.catalogue import load_snapshot
from tests.db.process.approving import Approving, open_approving
from tests.db.process.test_approvals_random import PLANS, Planned, begin

NAMES = ("admin", "ann", "bob", "eve", "lee")
OWN = merge_grants([{"objects": {"*": {"read": "own", "edit": "own", "export": "own", "delete": "own"}}}])
WHATS = (
    "approve",
    "approve",
    "refuse",
    "return",
    "delegate",
    "add",
    "leave",
    "give",
    "give back",
    "give back",
    "recall",
)
STEPS = st.lists(st.tuples(st.sampled_from(WHATS), st.integers(0, 5), st.sampled_from(NAMES)), max_size=8)
"""What is done, by whom (one of those whose turn it is; 5: by anybody), and who gets a seat by it."""


@dataclass
class World:
    """The deals under approval, each with everybody who has ever had a seat."""

    approving: Approving
    seated: dict[UUID, set[str]] = field(default_factory=dict)

    def look(self, course: Course) -> None:
        """Remembers who has a seat now."""
        by_id = {ident: name for name, ident in self.approving.org.people.items()}
        seats = [seat for step in course.steps for seat in step.seats]
        self.seated.setdefault(course.record_id, set()).update(by_id[seat.person] for seat in seats)

    async def act(self, course: Course, what: str, by: int, other: str) -> None:
        """Does one thing about the approval; what is refused changes nothing."""
        people = self.approving.org.people
        course = await self.approving.course(course.record_id)
        holders = sorted(one.person_label for one in course.holders)
        name = holders[by % len(holders)] if holders and by < 5 else other
        before = set(self.seated[course.record_id])
        try:
            if what == "leave":
                await self._leave(course, name)
                return
            async with self.approving.desk(name) as desk:
                if what in ("approve", "refuse", "return"):
                    await decide(desk, course.id, what, "so", to_step="s0" if what == "return" else None)  # type: ignore[arg-type]
                elif what == "delegate":
                    await delegate(desk, course.id, people[other])
                elif what == "add":
                    await add_sign(desk, course.id, [people[other]], "before")
                elif what == "recall":
                    await recall(desk, course.id)
                for place in await open_seats_of(desk.tx, people[name]) if what.startswith("give") else ():
                    done = (
                        await reseat(desk, place, people[other], other, None) if place.approval == course.id else None
                    )
                    if done is not None and what == "give back":
                        assert await seat_again(desk, place.id, *done)
        except LiaoranError:
            return
        self.look(await self.approving.course(course.record_id))
        if what == "give back":
            assert self.seated[course.record_id] == before

    async def _leave(self, course: Course, name: str) -> None:
        """Somebody leaves, others stand in; then they are back."""
        org = self.approving.org
        await org.write("system", Update("person", org.people[name], {"status": "left"}))
        try:
            async with org.begin() as tx:
                await chase(tx, course.id, datetime.now(UTC))
        except LiaoranError:
            pass
        finally:
            await org.write("system", Update("person", org.people[name], {"status": "active"}))
        self.look(await self.approving.course(course.record_id))

    async def check(self, owner: str) -> None:
        """Every person reads exactly the deals that they own or have had a seat about, and changes only their own."""
        async with self.approving.org.begin() as tx:
            snapshot = await load_snapshot(tx)
            for name, ident in self.approving.org.people.items():
                actor = Actor(
                    kind="person", id=ident, person=ident, label=name, roles=(), language="en", zone="Asia/Shanghai"
                )
                scope = Scope(snapshot, actor, OWN)
                wanted = {deal for deal, seated in self.seated.items() if name in seated or name == owner}
                assert await _listed(tx, scope, self.seated) == (wanted, len(wanted)), name
                for deal in self.seated:
                    plan = compile_record(scope, "deal", deal, select=["name"])
                    body = await tx.fetch_json(plan.statement, plan.binds)
                    assert (body is not None) is (deal in wanted), name
                source = scope.source("deal", "edit")
                changeable = set(await tx.fetch_column(source.select().with_only_columns(source.c.id), scope.params()))
                assert changeable & set(self.seated) == (set(self.seated) if name == owner else set())


async def _listed(tx: Transaction, scope: Scope, deals: dict[UUID, Any]) -> tuple[set[UUID], int]:
    where = {"field": "id", "op": "in", "value": [str(one) for one in deals]}
    plan = compile_query(scope, "deal", QueryRequest(where=where, select=("name",), limit=100, count=True))
    answer = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"{}")
    return {UUID(row["id"]) for row in answer["records"]}, answer["total"]


@pytest.fixture(scope="module")
async def approving(templates: Any) -> AsyncIterator[Approving]:
    async with open_approving(templates) as opened:
        yield opened


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(first=PLANS, second=PLANS, steps=STEPS)
async def test_sight_follows_seats_and_nothing_else(
    approving: Approving, first: list[Planned], second: list[Planned], steps: list[tuple[str, int, str]]
) -> None:
    world = World(approving)
    courses = [await begin(approving, plan) for plan in (first, second)]
    for course in courses:
        world.look(course)
    await world.check("ann")
    for number, (what, by, other) in enumerate(steps):
        await world.act(courses[number % 2], what, by, other)
    await world.check("ann")


async def test_the_upgrade_gives_sight_to_whoever_had_a_seat_before(approving: Approving) -> None:
    deal, course = await approving.under_review()
    await approving.decide("bob", course, "approve")
    columns = "object, record, person, level, role, starts_at"
    text = f"SELECT {columns} FROM {{org}}.shares WHERE record = :deal ORDER BY person"
    async with approving.org.begin() as tx:
        given = await tx.fetch_all(text, {"deal": deal})
        await tx.execute("DELETE FROM {org}.shares")
        migration = importlib.import_module("liaoran.migrations.versions.0017_sight_of_approvers")
        await tx.execute(migration.GIVE.format(org="{org}."))
        assert await tx.fetch_all(text, {"deal": deal}) == given
    assert len(given) == 3
