"""A catalogue with every value kind, and rows in it that tests put there directly, as the layers below see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from liaoran.access.grants import ADMINISTRATOR, Grants, merge_grants
from liaoran.access.scope import Scope
from liaoran.infra.database import Database
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import create_organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.ids import new_id
from liaoran.query.expressions import FormulaChecker
from liaoran.query.plans import Plan
from liaoran.query.values import to_bind
from liaoran.query.words import words_of
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_field, add_objects
from liaoran.schema.expressions import register_checker
from liaoran.schema.processes import Process, State
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Snapshot
from tests.db.query.data import fill
from tests.db.query.oracle import Oracle

NOW = datetime(2026, 3, 18, 2, 30, tzinfo=UTC)
"""A Wednesday, 10:30 in Shanghai."""


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def choices(*pairs: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [{"key": key, "label": text(zh, en)} for key, zh, en in pairs]


NAME = {"key": "name", "type": "text", "label": text("名称", "Name")}
DEPARTMENT = {
    "key": "department",
    "label": text("部门", "Department"),
    "ownable": False,
    "fields": [NAME, {"key": "parent", "type": "department", "label": text("上级", "Parent")}],
}
PERSON = {
    "key": "person",
    "label": text("人员", "Person"),
    "ownable": False,
    "fields": [NAME, {"key": "department", "type": "department", "label": text("部门", "Department")}],
}
COMPANY = {
    "key": "company",
    "label": text("公司", "Company"),
    "fields": [
        NAME,
        {
            "key": "industry",
            "type": "choice",
            "label": text("行业", "Industry"),
            "choices": choices(("factory", "制造业", "Manufacturing"), ("bank", "金融", "Finance")),
        },
        {"key": "parent", "type": "link", "label": text("母公司", "Parent"), "options": {"target": "company"}},
        {"key": "staff", "type": "number", "label": text("人数", "Staff")},
    ],
}
DEAL = {
    "key": "deal",
    "label": text("单子", "Deal"),
    "label_plural": text("单子", "Deals"),
    "tracked": True,
    "fields": [
        NAME,
        {"key": "note", "type": "long_text", "label": text("备注", "Note")},
        {"key": "company", "type": "link", "label": text("公司", "Company"), "options": {"target": "company"}},
        {
            "key": "stage",
            "type": "choice",
            "label": text("阶段", "Stage"),
            "choices": choices(("new", "新建", "New"), ("talk", "谈判", "Talk"), ("won", "赢单", "Won")),
        },
        {
            "key": "pipeline",
            "type": "choice",
            "label": text("流程", "Pipeline"),
            "choices": choices(("main", "主", "Main")),
        },
        {
            "key": "amount",
            "type": "money",
            "label": text("预计金额", "Amount"),
            "options": {"currency_field": "currency"},
        },
        {"key": "currency", "type": "currency", "label": text("币种", "Currency")},
        {"key": "count", "type": "number", "label": text("数量", "Quantity")},
        {"key": "chance", "type": "percent", "label": text("赢率", "Chance")},
        {"key": "urgent", "type": "boolean", "label": text("加急", "Urgent")},
        {"key": "due", "type": "date", "label": text("截止日", "Due")},
        {"key": "met_at", "type": "instant", "label": text("见面时间", "Met at")},
        {
            "key": "tags",
            "type": "choices",
            "label": text("标签", "Tags"),
            "choices": choices(("a", "甲", "A"), ("b", "乙", "B"), ("c", "丙", "C")),
        },
        {"key": "place", "type": "region", "label": text("地区", "Region")},
        {"key": "mail", "type": "email", "label": text("邮箱", "Mail")},
    ],
}
COMPUTED: Sequence[tuple[str, Mapping[str, Any]]] = (
    (
        "deal",
        {
            "key": "weighted",
            "type": "formula",
            "label": text("加权金额", "Weighted"),
            "options": {"expression": "{预计金额} * chance%"},
        },
    ),
    (
        "deal",
        {
            "key": "title",
            "type": "formula",
            "label": text("标题", "Title"),
            "options": {"expression": 'company.name & "-" & {阶段}'},
        },
    ),
    (
        "company",
        {
            "key": "won_amount",
            "type": "rollup",
            "label": text("赢单金额", "Won amount"),
            "options": {
                "object": "deal",
                "link": "company",
                "function": "sum",
                "field": "amount",
                "where": {"field": "stage", "op": "eq", "value": "won"},
            },
        },
    ),
    (
        "company",
        {
            "key": "due_soon",
            "type": "rollup",
            "label": text("近期截止数", "Due soon"),
            "options": {
                "object": "deal",
                "link": "company",
                "function": "count",
                "where": {"field": "due", "op": "next_days", "value": 7},
            },
        },
    ),
)


class World:
    """The organisation of a test: its catalogue, ways to put rows in, and Scopes to read them through."""

    def __init__(self, database: Database, schema: str, snapshot: Snapshot) -> None:
        self.database, self.schema, self.snapshot = database, schema, snapshot
        self.person, self.department = new_id(), new_id()
        self.departments = [self.department]

    def scope(self, grants: Mapping[str, Any] | None = None) -> Scope:
        """The scope of the person of the test: an administrator, or somebody with these grants."""
        actor = Actor(
            "person",
            self.person,
            self.person,
            "测试",
            department=self.department,
            departments=tuple(self.departments),
        )
        roles: Grants = ADMINISTRATOR if grants is None else merge_grants([grants])
        return Scope(self.snapshot, actor, roles, clock=lambda: NOW)

    async def put(self, tx: Transaction, object_key: str, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
        """Inserts records with canonical values, helper columns and search words; gives their ids."""
        one = self.snapshot.object(object_key)
        ids = []
        for values in rows:
            record = _stored(one, values)
            ids.append(record["id"])
            await tx.execute(sa.insert(one.table), record)
        return ids

    async def ask(self, plan: Plan, tx: Transaction | None = None) -> Any:
        """The answer of a Plan, parsed; None without a row."""
        if tx is not None:
            body = await tx.fetch_json(plan.statement, plan.binds)
        else:
            async with self.database.read(self.schema) as reading:
                body = await reading.fetch_json(plan.statement, plan.binds)
        return None if body is None else orjson.loads(body)


def _stored(one: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": values.get("id") or new_id(),
        "version": 1,
        "created_at": values.get("created_at") or NOW,
        "updated_at": values.get("updated_at") or NOW,
    }
    words: set[str] = set()
    for field in one.active_fields:
        value = values.get(field.key)
        if field.computed or field.key in record or value is None:
            continue
        kind = FIELD_TYPES[field.type]
        record.update(kind.store(to_bind(value, kind.kind), field))
        for piece in kind.words(value, field):
            words |= words_of(piece, name=field.key == one.name_field)
    record["search__words"] = " ".join(f"'{word}'" for word in words)
    return {**record, **{key: values[key] for key in ("deleted_at",) if key in values}}


PROCESS = Process(
    key="main",
    object="deal",
    field="stage",
    label=FIELD_TYPES["choice"].label,
    version=1,
    states=tuple(
        State(key, FIELD_TYPES["choice"].label, kind, order)  # type: ignore[arg-type]
        for order, (key, kind) in enumerate((("new", "open"), ("talk", "open"), ("won", "won")))
    ),
    transitions=(),
    is_default=True,
    process_field="pipeline",
    sum_field="amount",
)


async def build_world(database: Database) -> None:
    await upgrade(database)
    organisation = await create_organisation(database, "query", "查询")
    register_checker(FormulaChecker())
    async with database.transaction(organisation.schema) as tx:
        await add_objects(tx, [DEPARTMENT, PERSON, COMPANY, DEAL])
        for object_key, definition in COMPUTED:
            await add_field(tx, object_key, definition)


@pytest.fixture(scope="module")
async def world(templates: Any) -> AsyncIterator[World]:
    """A fresh copy of the catalogue without any records."""
    async with templates.clone("query", build_world) as database:
        schema = "org_query"
        async with database.transaction(schema) as tx:
            snapshot = await load_snapshot(tx)
        yield World(database, schema, snapshot)


@pytest.fixture(scope="module")
async def filled(world: World) -> tuple[World, Oracle, dict[str, list[str]]]:
    """The world with random records in it, the oracle over the same, and their ids by Object."""
    return await fill(world)
