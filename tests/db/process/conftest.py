"""A strict Process over deals: gates of every kind, tasks, hand-over; beside what ``selling`` has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from liaoran.access.scope import system_scope
from liaoran.access.tables import person_roles
from liaoran.infra.database import Database
from liaoran.infra.organisations import get_organisation
from liaoran.process.evidence import ActivityHeld, TasksDone
from liaoran.process.publish import publish_process
from liaoran.query.evidence import register_evidence
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_field, add_objects
from tests.db.conftest import DERIVED, Selling, build_selling

TODO = {
    "key": "todo",
    "label": {"zh": "待办", "en": "To-do"},
    "label_plural": {"zh": "待办", "en": "To-dos"},
    "name_field": "subject",
    "ownable": True,
    "task_form": {
        "subject": "subject", "person": "owner", "due": "due_on", "help": "help", "must": "must", "output": "output",
        "origin": "origin", "status": "status", "open": "open", "done": "done", "cancelled": "cancelled",
    },
    "fields": [
        {"key": "subject", "type": "text", "label": {"zh": "主题", "en": "Subject"}, "required": True},
        {"key": "due_on", "type": "date", "label": {"zh": "截止", "en": "Due"}},
        {"key": "help", "type": "long_text", "label": {"zh": "说明", "en": "Help"}},
        {"key": "must", "type": "boolean", "label": {"zh": "必做", "en": "Must"}, "readonly": True},
        {"key": "output", "type": "text", "label": {"zh": "产出", "en": "Output"}},
        {"key": "origin", "type": "text", "label": {"zh": "来源", "en": "Origin"}, "readonly": True},
        {"key": "deal", "type": "link", "label": {"zh": "单子", "en": "Deal"}, "options": {"target": "deal"}},
        {"key": "company", "type": "link", "label": {"zh": "公司", "en": "Company"}, "options": {"target": "company"}},
        {
            "key": "status",
            "type": "choice",
            "label": {"zh": "状态", "en": "Status"},
            "default": "open",
            "choices": [
                {"key": "open", "label": {"zh": "待办", "en": "Open"}},
                {"key": "done", "label": {"zh": "完成", "en": "Done"}},
                {"key": "cancelled", "label": {"zh": "取消", "en": "Cancelled"}},
            ],
        },
    ],
}  # fmt: skip
MEETING = {
    "key": "meeting",
    "label": {"zh": "会面", "en": "Meeting"},
    "label_plural": {"zh": "会面", "en": "Meetings"},
    "ownable": True,
    "activity": {"at": ["held_on"]},
    "fields": [
        {"key": "name", "type": "text", "label": {"zh": "主题", "en": "Subject"}, "required": True},
        {"key": "held_on", "type": "date", "label": {"zh": "日期", "en": "Held on"}},
        {"key": "deal", "type": "link", "label": {"zh": "单子", "en": "Deal"}, "options": {"target": "deal"}},
        {"key": "minutes", "type": "boolean", "label": {"zh": "有纪要", "en": "Minutes"}},
    ],
}
DECIDED = {
    "key": "decided",
    "label": {"zh": "有带纪要的会面", "en": "A meeting with minutes"},
    "condition": {
        "field": "count(meeting.deal)",
        "op": "has",
        "value": {"field": "minutes", "op": "is_true"},
    },
}
BIG = {
    "key": "big",
    "label": {"zh": "金额够大", "en": "Big enough"},
    "condition": {"field": "amount", "op": "gte", "value": 100},
}
TASKS = {
    "key": "tasks",
    "label": {"zh": "必做任务完成", "en": "Must-tasks done"},
    "condition": {"field": "evidence(tasks)", "op": "has", "value": None},
}
STRICT: dict[str, Any] = {
    "key": "strict",
    "object": "deal",
    "field": "stage",
    "process_field": "pipeline",
    "label": {"zh": "严格", "en": "Strict"},
    "sum_field": "amount",
    "derived": DERIVED,
    "minimum": ["company"],
    "comment_on": ["back", "reopen"],
    "forbid": ["skip"],
    "states": [
        {
            "key": "talk",
            "label": {"zh": "洽谈", "en": "Talk"},
            "exit": [DECIDED, TASKS],
            "maximum_days": 14,
            "target_days": 7,
            "on_leave": "close",
            "actions": [
                {"key": "call", "label": {"zh": "打电话", "en": "Call them"}, "must": True, "due_days": 2,
                 "output": {"kind": "note", "label": {"zh": "一句结论", "en": "One conclusion"}}},
                {"key": "read", "label": {"zh": "读资料", "en": "Read up"}, "who": {"who": "manager"}},
                {"key": "help", "label": {"zh": "准备演示", "en": "Prepare a demo"},
                 "who": {"who": "role", "role": "presales"}},
            ],
        },
        {"key": "price", "label": {"zh": "报价", "en": "Price"}, "required": ["amount"], "entry": [BIG],
         "hand_over": {"who": "role", "role": "presales"}},
        {"key": "sign", "label": {"zh": "签约", "en": "Sign"}},
        {"key": "won", "label": {"zh": "赢单", "en": "Won"}, "kind": "won", "probability": 100},
        {"key": "lost", "label": {"zh": "输单", "en": "Lost"}, "kind": "lost"},
    ],
    "transitions": [
        {"key": "on", "from": None, "to": "price"},
        {"key": "begin", "from": None, "to": "talk"},
        {"key": "signing", "from": "price", "to": "sign", "who": [{"who": "owner"}, {"who": "role", "role": "boss"}],
         "set": {"note": "交给法务"}},
        {"key": "win", "from": "sign", "to": "won", "required": ["win_reason"], "comment": True},
        {"key": "lose", "from": None, "to": "lost", "required": ["loss_reason"]},
    ],
}  # fmt: skip


async def build_strict(database: Database) -> None:
    await build_selling(database)
    organisation = await get_organisation(database, "test")
    async with database.transaction(organisation.schema) as tx:
        manager = {"key": "manager", "type": "person", "label": {"zh": "上级", "en": "Manager"}}
        await add_field(tx, "person", manager)
        status = {"key": "status", "type": "choice", "label": {"zh": "状态", "en": "Status"}, "choices": [
            {"key": key, "label": {"zh": key, "en": key}} for key in ("active", "on_leave", "left")]}  # fmt: skip
        await add_field(tx, "person", status)
        await add_objects(tx, [TODO, MEETING])
        people = {row["name"]: row["id"] for row in await tx.fetch_all("SELECT name, id FROM {org}.r_person")}
        await tx.execute("UPDATE {org}.r_person SET manager = :lee WHERE name = 'ann'", {"lee": people["lee"]})
        for role, name in (("presales", "bob"), ("presales", "eve"), ("boss", "lee")):
            label = {"zh": role, "en": role}
            await tx.execute(
                "INSERT INTO {org}.roles (key, label, grants) VALUES (:key, :label, '{}') ON CONFLICT DO NOTHING",
                {"key": role, "label": label},
            )
            await tx.execute(person_roles.insert(), {"person": people[name], "role": role})
        await publish_process(tx, system_scope(await load_snapshot(tx)), STRICT)


@pytest.fixture(scope="module")
async def strict(templates: Any) -> AsyncIterator[Selling]:
    """A fresh organisation with the strict Process beside those of ``selling``."""
    for evidence in (TasksDone(), ActivityHeld()):
        register_evidence(evidence)
    async with templates.clone("strict", build_strict) as database:
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
