"""Random approvals decided at random, against an oracle in plain Python that knows nothing of seats, rounds or tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.kernel.errors import Conflict, Forbidden, NotFound
from liaoran.process.approvals.advancing import advance
from liaoran.process.approvals.course import Course, Step, in_turns
from tests.db.process.approving import Approving, open_approving

NAMES = ("ann", "bob", "eve", "lee")


class Planned(NamedTuple):
    """A step as it is planned: whether it runs with the one before, how it is decided, and by whom."""

    parallel: bool
    mode: str
    count: int
    people: tuple[str, ...]


PLANS = st.lists(
    st.builds(
        Planned,
        st.booleans(),
        st.sampled_from(["any", "all", "count"]),
        st.integers(1, 4),
        st.sets(st.sampled_from(NAMES), min_size=1).map(lambda one: tuple(sorted(one))),
    ),
    min_size=1,
    max_size=5,
)
DECISIONS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["approve", "approve", "approve", "refuse"])), max_size=16
)


@dataclass
class Plain:
    """What should become of it: turns in order, the votes of each step, and where it is."""

    plan: list[Planned]
    state: str = "running"
    turn: int = 0
    turns: list[list[int]] = field(default_factory=list)
    votes: list[dict[str, str]] = field(default_factory=list)
    done: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for place, step in enumerate(self.plan):
            if step.parallel and self.turns:
                self.turns[-1].append(place)
            else:
                self.turns.append([place])
        self.votes = [{} for _ in self.plan]

    def holders(self) -> list[str]:
        """Everybody whose turn it is, once for each step."""
        if self.state != "running":
            return []
        open_steps = [one for one in self.turns[self.turn] if one not in self.done]
        return sorted(name for one in open_steps for name in self.plan[one].people if name not in self.votes[one])

    def decide(self, name: str, decision: str) -> bool:
        """Whether it was the person's turn; and what follows."""
        if self.state != "running":
            return False
        for place in self.turns[self.turn]:
            if place not in self.done and name in self.plan[place].people and name not in self.votes[place]:
                self.votes[place][name] = decision
                self._follow(place)
                return True
        return False

    def _follow(self, place: int) -> None:
        step, votes = self.plan[place], list(self.votes[place].values())
        yes, no, people = votes.count("approve"), votes.count("refuse"), len(step.people)
        wanted = {"any": 1, "all": people, "count": min(step.count, people)}[step.mode]
        if (step.mode == "any" and no) or no > people - wanted:
            self.state = "refused"
        elif yes >= wanted:
            self.done.add(place)
            if all(one in self.done for one in self.turns[self.turn]):
                self.turn += 1
                if self.turn == len(self.turns):
                    self.state = "passed"


@pytest.fixture(scope="module")
async def approving(templates: Any) -> AsyncIterator[Approving]:
    async with open_approving(templates) as opened:
        yield opened


async def begin(approving: Approving, plan: list[Planned]) -> Course:
    deal = await approving.deal()
    people = approving.org.people
    turns = in_turns([one.parallel for one in plan])
    async with approving.desk("admin") as desk:
        course = Course(
            process="approving",
            process_version=1,
            object="deal",
            record_id=deal,
            record_label="Alpha",
            approval="planned",
            label=desk.snapshot.object("deal").label,
            lock=True,
            state_key="talk",
            started_at=desk.now,
            started_by=desk.person,
            started_by_label=desk.label,
        )
        for place, one in enumerate(plan):
            course.steps.append(
                Step(
                    key=f"s{place}",
                    label=course.label,
                    turn=turns[place],
                    position=place,
                    mode=one.mode,  # type: ignore[arg-type]
                    count=one.count,
                    comment="never",
                    who=[{"who": "person", "person": str(people[name])} for name in one.people],
                )
            )
        await advance(desk, course)
    return await approving.course(deal)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plan=PLANS, decisions=DECISIONS)
async def test_whatever_is_planned_and_decided(
    approving: Approving, plan: list[Planned], decisions: list[tuple[str, str]]
) -> None:
    plain = Plain(plan)
    course = await begin(approving, plan)
    assert sorted(one.person_label for one in course.holders) == plain.holders()
    for name, decision in decisions:
        expected = plain.decide(name, decision)
        try:
            course = await approving.decide(name, course, decision)
        except (Conflict, Forbidden, NotFound):
            assert not expected
        else:
            assert expected
        assert (course.state, sorted(one.person_label for one in course.holders)) == (plain.state, plain.holders())
