"""A small catalogue of its own for tests of the engine: deals of companies, sold by people in departments."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from liaoran.access.grants import ADMINISTRATOR, Grants, merge_grants
from liaoran.access.scope import Scope, system_scope
from liaoran.infra.database import Database
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import create_organisation, get_organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.events import Cause, Door
from liaoran.process.guard import ProcessGuard
from liaoran.process.publish import publish_process
from liaoran.records.changes import Change, Create, Outcome
from liaoran.records.guards import register_guard
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_objects

NAME = {"key": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}, "required": True}
DEPARTMENT = {
    "key": "department",
    "label": {"zh": "部门", "en": "Department"},
    "ownable": False,
    "fields": [NAME, {"key": "parent", "type": "department", "label": {"zh": "上级", "en": "Parent"}}],
}
PERSON = {
    "key": "person",
    "label": {"zh": "人员", "en": "Person"},
    "ownable": False,
    "fields": [NAME, {"key": "department", "type": "department", "label": {"zh": "部门", "en": "Department"}}],
}
COMPANY = {
    "key": "company",
    "label": {"zh": "公司", "en": "Company"},
    "fields": [
        NAME,
        {"key": "code", "type": "text", "label": {"zh": "代码", "en": "Code"}, "unique": True},
        {"key": "parent", "type": "link", "label": {"zh": "母公司", "en": "Parent"}, "options": {"target": "company"}},
    ],
}
LINE = {
    "key": "line",
    "label": {"zh": "明细", "en": "Line"},
    "ownable": False,
    "fields": [
        NAME,
        {"key": "deal", "type": "link", "label": {"zh": "单子", "en": "Deal"}, "options": {"target": "deal"}},
    ],
}
REASONS = [
    {"key": "price", "label": {"zh": "价格", "en": "Price"}},
    {"key": "trust", "label": {"zh": "信任", "en": "Trust"}},
]
DEAL = {
    "key": "deal",
    "label": {"zh": "单子", "en": "Deal"},
    "label_plural": {"zh": "单子", "en": "Deals"},
    "tracked": True,
    "fields": [
        NAME,
        {
            "key": "number",
            "type": "autonumber",
            "label": {"zh": "编号", "en": "Number"},
            "readonly": True,
            "options": {"format": "D-{number:04d}"},
        },
        {"key": "company", "type": "link", "label": {"zh": "公司", "en": "Company"}, "options": {"target": "company"}},
        {"key": "pipeline", "type": "choice", "label": {"zh": "流程", "en": "Pipeline"}},
        {"key": "stage", "type": "choice", "label": {"zh": "阶段", "en": "Stage"}},
        {
            "key": "status",
            "type": "choice",
            "label": {"zh": "状态", "en": "Status"},
            "readonly": True,
            "choices": [
                {"key": "open", "label": {"zh": "进行中", "en": "Open"}},
                {"key": "won", "label": {"zh": "赢", "en": "Won"}},
                {"key": "lost", "label": {"zh": "输", "en": "Lost"}},
            ],
        },
        {"key": "chance", "type": "percent", "label": {"zh": "赢率", "en": "Chance"}, "options": {"scale": 0}},
        {
            "key": "outlook",
            "type": "choice",
            "label": {"zh": "预测", "en": "Outlook"},
            "choices": [
                {"key": "pipeline", "label": {"zh": "在途", "en": "Pipeline"}},
                {"key": "commit", "label": {"zh": "承诺", "en": "Commit"}},
                {"key": "closed", "label": {"zh": "已成", "en": "Closed"}},
            ],
        },
        {
            "key": "amount",
            "type": "money",
            "label": {"zh": "金额", "en": "Amount"},
            "options": {"currency_field": "currency"},
        },
        {"key": "currency", "type": "currency", "label": {"zh": "币种", "en": "Currency"}},
        {"key": "closed_on", "type": "date", "label": {"zh": "关闭日", "en": "Closed on"}},
        {"key": "win_reason", "type": "choice", "label": {"zh": "赢因", "en": "Win reason"}, "choices": REASONS},
        {"key": "loss_reason", "type": "choice", "label": {"zh": "输因", "en": "Loss reason"}, "choices": REASONS},
        {"key": "tags", "type": "choices", "label": {"zh": "标签", "en": "Tags"}, "choices": REASONS},
        {"key": "met_at", "type": "instant", "label": {"zh": "见面", "en": "Met at"}},
        {"key": "note", "type": "long_text", "label": {"zh": "备注", "en": "Note"}},
    ],
}


def _state(key: str, zh: str, en: str, kind: str, probability: int, category: str) -> dict[str, Any]:
    label = {"zh": zh, "en": en}
    return {"key": key, "label": label, "kind": kind, "probability": probability, "forecast_category": category}


DERIVED = {
    "status": {"open": "open", "won": "won", "lost": "lost"},
    "probability": "chance",
    "forecast_category": "outlook",
    "closed_on": "closed_on",
}
SELLING = {
    "key": "selling",
    "object": "deal",
    "field": "stage",
    "process_field": "pipeline",
    "label": {"zh": "销售", "en": "Selling"},
    "is_default": True,
    "sum_field": "amount",
    "derived": DERIVED,
    "states": [
        _state("first", "初步接触", "First contact", "open", 10, "pipeline"),
        _state("offer", "方案报价", "Offer", "open", 50, "pipeline"),
        _state("won", "赢单", "Won", "won", 100, "closed"),
        _state("lost", "输单", "Lost", "lost", 0, "closed"),
    ],
    "transitions": [
        {"from": "first", "to": "offer", "required": ["amount"]},
        {"from": "offer", "to": "first"},
        {"from": "lost", "to": "first"},
        {"key": "win", "from": "offer", "to": "won", "required": ["win_reason", "amount"]},
        {"key": "lose", "from": None, "to": "lost", "required": ["loss_reason"]},
    ],
}
RENEWING = {
    **SELLING,
    "key": "renewing",
    "label": {"zh": "续约", "en": "Renewing"},
    "is_default": False,
    "states": [
        _state("due", "到期", "Due", "open", 60, "commit"),
        _state("won", "赢单", "Won", "won", 100, "closed"),
        _state("lost", "输单", "Lost", "lost", 0, "closed"),
    ],
    "transitions": [],
}
OBJECTS = [DEPARTMENT, PERSON, COMPANY, LINE, DEAL]
SALES = {
    "objects": {
        "*": {"read": "own", "create": True, "edit": "own", "delete": "own", "export": "own", "bulk": True},
        "person": {"read": "all"},
        "department": {"read": "all"},
        "company": {"read": "all"},
    }
}
LEADER = {
    "objects": {
        "*": {
            "read": "department",
            "create": True,
            "edit": "department",
            "delete": "department",
            "transfer": "department",
        }
    }
}


@dataclass
class Selling:
    """The open database, its organisation's schema, and who is there."""

    database: Database
    schema: str
    people: dict[str, UUID]
    departments: dict[str, UUID]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A transaction that commits at its end."""
        async with self.database.transaction(self.schema) as tx:
            yield tx

    async def scope(self, tx: Transaction, name: str = "admin", language: str = "en") -> Scope:
        """The scope of one of the people, or of the system."""
        snapshot = await load_snapshot(tx)
        if name == "system":
            return system_scope(snapshot)
        departments = {"ann": "north", "bob": "north", "eve": "south", "lee": "north", "admin": None}
        own = departments[name]
        department = self.departments[own] if own else None
        actor = Actor(
            kind="person",
            id=self.people[name],
            person=self.people[name],
            label=name.title(),
            roles=("administrator",) if name == "admin" else ("sales",),
            department=department,
            departments=(department,) if department else (),
            language=language,
            zone="Asia/Shanghai",
        )
        return Scope(snapshot, actor, _grants(name))

    async def write(
        self, name: str, *changes: Change, door: Door = Door.API, partly: bool = False
    ) -> Sequence[Outcome]:
        """Writes in a transaction of its own."""
        async with self.begin() as tx:
            scope = await self.scope(tx, name)
            return await write(tx, scope, changes, Cause(door), all_or_nothing=not partly)


def _grants(name: str) -> Grants:
    if name == "admin":
        return ADMINISTRATOR
    return merge_grants([LEADER, SALES] if name == "lee" else [SALES])


async def build_selling(database: Database) -> None:
    """Departments, people, companies, deals and two pipelines; nothing sold yet."""
    await upgrade(database)
    organisation = await create_organisation(database, "test", "测试")
    register_guard(ProcessGuard())
    async with database.transaction(organisation.schema) as tx:
        await add_objects(tx, OBJECTS)
        scope = system_scope(await load_snapshot(tx))
        for definition in (SELLING, RENEWING):
            await publish_process(tx, scope, definition)
        scope = system_scope(await load_snapshot(tx))
        cause = Cause(Door.DEMO)
        north, south = await write(
            tx, scope, [Create("department", {"name": name}) for name in ("north", "south")], cause
        )
        places = {"ann": north.id, "bob": north.id, "lee": north.id, "eve": south.id, "admin": None}
        changes = [Create("person", {"name": name, "department": place}) for name, place in places.items()]
        await write(tx, scope, changes, cause)


@pytest.fixture(scope="module")
async def selling(templates: Any) -> AsyncIterator[Selling]:
    """A fresh organisation with departments, people, companies, deals and two pipelines; nothing sold yet."""
    register_guard(ProcessGuard())
    async with templates.clone("selling", build_selling) as database:
        organisation = await get_organisation(database, "test")
        async with database.read(organisation.schema) as tx:
            people = await tx.fetch_all("SELECT name, id FROM {org}.r_person")
            departments = await tx.fetch_all("SELECT name, id FROM {org}.r_department")
        yield Selling(
            database,
            organisation.schema,
            {row["name"]: row["id"] for row in people},
            {row["name"]: row["id"] for row in departments},
        )
