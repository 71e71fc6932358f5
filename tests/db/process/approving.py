"""A Process over deals whose stages and transitions ask for approvals, and what tests do with them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from liaoran.access.scope import system_scope
from liaoran.access.tables import person_roles
from liaoran.infra.database import Database
from liaoran.infra.organisations import get_organisation
from liaoran.kernel.events import Cause, Door
from liaoran.process.approvals.course import Course, Step
from liaoran.process.approvals.deciding import decide
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.keeping import approvals_of, load_courses
from liaoran.process.approvals.proof import ApprovalPassed
from liaoran.process.evidence import ActivityHeld, TasksDone
from liaoran.process.publish import publish_process
from liaoran.query.evidence import register_evidence
from liaoran.records.changes import Create, Update
from liaoran.schema.catalogue import load_snapshot
from tests.db.conftest import DERIVED, Selling
from tests.db.process.conftest import build_strict


def label(word: str) -> dict[str, str]:
    return {"zh": word, "en": word.title()}


def step(key: str, *people: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"key": key, "label": label(key), "who": list(people), **more}


def role(key: str) -> dict[str, Any]:
    return {"who": "role", "role": key}


NEED = {"key": "noted", "label": label("a note"), "condition": {"field": "note", "op": "not_empty"}}
LARGE = {"field": "amount", "op": "gte", "value": 1000}
APPROVALS = [
    {
        "key": "review",
        "label": label("review"),
        "needs": [NEED],
        "steps": [
            step("legal", role("legal"), remind_hours=2, escalate_hours=9, escalate_to=role("boss")),
            step("finance", role("finance"), comment="always"),
            step("director", role("boss"), condition=LARGE, comment="never"),
        ],
        "on_passed": {"move_to": "sign"},
        "on_refused": {"move_to": "talk"},
    },
    {
        "key": "both",
        "label": label("both"),
        "lock": False,
        "condition": LARGE,
        "steps": [step("one", role("legal"), mode="all"), step("two", role("finance"), parallel=True)],
    },
    {"key": "gone", "label": label("gone"), "steps": [step("absent", role("nobody"))]},
    {"key": "chief", "label": label("chief"), "steps": [step("head", {"who": "manager", "level": 1})]},
]
APPROVING: dict[str, Any] = {
    "key": "approving",
    "object": "deal",
    "field": "stage",
    "process_field": "pipeline",
    "label": {"zh": "审批", "en": "Approving"},
    "sum_field": "amount",
    "derived": DERIVED,
    "comment_on": ["back"],
    "states": [
        {"key": "talk", "label": label("talk")},
        {"key": "agree", "label": label("agree"), "approval": "review"},
        {"key": "sign", "label": label("sign"), "entry": [
            {"key": "not_too_big", "label": label("below a million"),
             "condition": {"field": "amount", "op": "lt", "value": 1_000_000}}]},
        {"key": "won", "label": {"zh": "赢单", "en": "Won"}, "kind": "won", "probability": 100},
        {"key": "lost", "label": {"zh": "输单", "en": "Lost"}, "kind": "lost"},
    ],
    "transitions": [
        {"key": "to_talk", "from": None, "to": "talk"},
        {"key": "to_agree", "from": None, "to": "agree"},
        {"key": "to_sign", "from": None, "to": "sign"},
        {"key": "win", "from": "sign", "to": "won", "approval": "both"},
        {"key": "lose", "from": None, "to": "lost"},
    ],
    "approvals": APPROVALS,
}  # fmt: skip
ROLES = {"legal": ["bob", "eve"], "finance": ["lee"], "boss": ["admin"], "nobody": []}


async def build_approving(database: Database) -> None:
    await build_strict(database)
    organisation = await get_organisation(database, "test")
    async with database.transaction(organisation.schema) as tx:
        people = {row["name"]: row["id"] for row in await tx.fetch_all("SELECT name, id FROM {org}.r_person")}
        await tx.execute("DELETE FROM {org}.person_roles")
        for key, names in {**ROLES, "administrator": ["admin"]}.items():
            await tx.execute(
                "INSERT INTO {org}.roles (key, label, grants) VALUES (:key, :label, '{}') ON CONFLICT DO NOTHING",
                {"key": key, "label": label(key)},
            )
            for name in names:
                await tx.execute(person_roles.insert(), {"person": people[name], "role": key})
        await publish_process(tx, system_scope(await load_snapshot(tx)), APPROVING)


@dataclass
class Approving:
    """The organisation and shorthands for what people do in it."""

    org: Selling

    @asynccontextmanager
    async def desk(self, name: str, now: datetime | None = None) -> AsyncIterator[Desk]:
        """The desk of one of the people, in a transaction of its own."""
        async with self.org.begin() as tx:
            scope = await self.org.scope(tx, name)
            yield Desk(tx, scope, Cause(Door.FORM), now or datetime.now(UTC))

    async def deal(self, **values: Any) -> UUID:
        """A deal of ann's that talks are held about."""
        given = {"name": "Alpha", "pipeline": "approving", "note": "x", "amount": 10, **values}
        (made,) = await self.org.write("ann", Create("deal", given))
        return UUID(str(made.id))

    async def move(self, deal: UUID, state: str, name: str = "ann") -> None:
        await self.org.write(name, Update("deal", deal, {"stage": state}))

    async def under_review(self, **values: Any) -> tuple[UUID, Course]:
        """A deal whose review has just begun."""
        deal = await self.deal(**values)
        await self.move(deal, "agree")
        return deal, await self.course(deal)

    async def course(self, deal: UUID) -> Course:
        """The newest approval of the deal."""
        async with self.org.begin() as tx:
            newest, *_ = await approvals_of(tx, "deal", deal)
            (course,) = await load_courses(tx, [newest])
            return course

    async def decide(self, name: str, course: Course, decision: str, comment: str | None = None, **how: Any) -> Course:
        async with self.desk(name) as desk:
            await decide(desk, course.id, decision, comment, **how)
        return await self.course(course.record_id)

    async def stage(self, deal: UUID) -> str:
        async with self.org.begin() as tx:
            return await tx.fetch_value("SELECT stage FROM {org}.r_deal WHERE id = :id", {"id": deal})

    async def told(self, deal: UUID) -> list[str]:
        """What the history says happened in approvals, in order."""
        async with self.org.begin() as tx:
            return await tx.fetch_column(
                "SELECT cause->'approval'->>'what' FROM {org}.events WHERE record_id = :id AND kind = 'approval' "
                "ORDER BY seq", {"id": deal}
            )  # fmt: skip


def states(course: Course) -> dict[str, str]:
    return {one.key: one.state for one in course.steps}


def holders(course: Course) -> list[str]:
    return sorted(one.person_label for one in course.holders)


def step_of(course: Course, key: str) -> Step:
    return next(one for one in course.steps if one.key == key)


@asynccontextmanager
async def open_approving(templates: Any) -> AsyncIterator[Approving]:
    """A fresh organisation with the Process."""
    for evidence in (TasksDone(), ActivityHeld(), ApprovalPassed()):
        register_evidence(evidence)
    async with templates.clone("approving", build_approving) as database:
        organisation = await get_organisation(database, "test")
        async with database.read(organisation.schema) as tx:
            people = await tx.fetch_all("SELECT name, id FROM {org}.r_person")
            departments = await tx.fetch_all("SELECT name, id FROM {org}.r_department")
        yield Approving(
            Selling(
                database,
                organisation.schema,
                {row["name"]: row["id"] for row in people},
                {row["name"]: row["id"] for row in departments},
            )
        )
