"""The shipped configuration, row by row: what each stage of the standard pipeline makes people do and keeps (table D), and
when an opportunity is healthy (table E)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from liaoran.access.scope import Scope, system_scope
from liaoran.access.tables import person_roles
from liaoran.app import wire
from liaoran.automation.health.reading import read_health_of
from liaoran.collaboration.files.keeping import NewFile, Place, add_file, receive_file
from liaoran.infra.database import Database
from liaoran.infra.organisations import Organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import Refused
from liaoran.kernel.events import Cause, Door
from liaoran.packs.sales.pipeline import PIPELINE
from liaoran.process.approvals.deciding import decide
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.keeping import approvals_of
from liaoran.process.transitions import transitions_of
from liaoran.query.workdays import is_workday
from liaoran.records.changes import Create, Update
from liaoran.records.write import write
from liaoran.schema.catalogue import load_snapshot


@dataclass(frozen=True)
class Row:
    """A row of table D: the stage, its tasks with must and output, what it is not left without, and what brings that."""

    state: str
    tasks: Mapping[str, tuple[bool, str]]
    asked: Sequence[str]
    values: Mapping[str, Any] = field(default_factory=dict)
    file: str | None = None
    next: str = ""


def _in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


TABLE_D = (
    Row(
        "initial_contact",
        {
            "建立客户与联系人档案": (True, "客户"),
            "确认联系人在决策中的角色": (True, "决策链"),
            "约定需求会": (True, "下次跟进时间"),
        },
        ["account_filed", "meeting_agreed"],
        {"account": "company", "next_follow_up_at": _in_days(2)},
        next="needs",
    ),
    Row(
        "needs",
        {
            "梳理痛点和目标": (True, "需求摘要"),
            "确认预算和采购周期": (True, "客户预算"),
            "发出会议纪要请客户确认": (True, "会议纪要"),
        },
        ["need_written", "budget_range", "decision_chain", "go_live", "need_evidence"],
        {"need_summary": "排产要按小时", "budget": 300000, "decision_maker": "王总", "timeline": "年底上线"},
        "confirmation",
        "proposal",
    ),
    Row(
        "proposal",
        {
            "安排并完成方案演示": (True, "一条记录"),
            "发出方案和报价单": (True, "报价单"),
            "准备投入产出说明": (False, "一条记录"),
            "确认竞品": (True, "竞争对手"),
            "再次确认预算": (False, "客户预算"),
        },
        ["amount_quoted", "quote_sent", "difference_named"],
        {"amount": 280000, "differentiation": "交付快两周"},
        "quote",
        "negotiation",
    ),
    Row(
        "negotiation",
        {
            "确认决策链上每个人的态度": (True, "决策链"),
            "书面回应客户异议": (True, "会议纪要"),
            "推动双方法务对条款": (False, ""),
        },
        ["close_expected"],
        {"expected_close_on": "2030-06-30"},
        next="contract",
    ),
    Row(
        "contract",
        {
            "核对合同条款": (True, "合同版本"),
            "确认开票信息": (True, "开票信息"),
            "确认回款节点": (True, "回款节点"),
        },
        ["contract_filed"],
        {"win_reason": "price"},
        "contract",
        "won",
    ),
)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


@dataclass
class Sale:
    """One opportunity, and the shorthands to work on it."""

    database: Database
    schema: str
    record: UUID
    company: UUID

    async def change(self, values: Mapping[str, Any]) -> None:
        given = {key: str(self.company) if value == "company" else value for key, value in values.items()}
        async with self.database.transaction(self.schema) as tx:
            scope = system_scope(await load_snapshot(tx))
            await write(tx, scope, [Update("opportunity", self.record, given)], Cause(Door.FORM))

    async def refused(self, values: Mapping[str, Any]) -> list[str]:
        with pytest.raises(Refused) as caught:
            await self.change(values)
        return [str(one.evidence.get("key", one.field)) for one in caught.value.problems]

    async def unmet(self, state: str) -> set[str]:
        async with self.database.read(self.schema) as tx:
            scope = system_scope(await load_snapshot(tx))
            found = await transitions_of(tx, scope, "opportunity", [self.record], to_state=state)
            return {str(one.problem.evidence["key"]) for one in found[self.record][0].gate if not one.met}

    async def tasks(self, state: str) -> dict[str, tuple[bool, str]]:
        async with self.database.read(self.schema) as tx:
            rows = await tx.fetch_all(
                "SELECT subject, must, output FROM {org}.r_task WHERE opportunity = :id AND origin LIKE :origin",
                {"id": self.record, "origin": f"sales.{state}.%"},
            )
        return {row["subject"]: (row["must"], row["output"] or "") for row in rows}

    async def upload(self, document_type: str) -> None:
        files = self.database.files
        stored = await receive_file(
            files, self.database.settings, self.schema, f"{document_type}.pdf", _pieces(b"%PDF-1.7\n" + b"0" * 50)
        )
        async with self.database.transaction(self.schema) as tx:
            scope = system_scope(await load_snapshot(tx))
            place = Place(tx, scope, "opportunity", self.record, Cause(Door.FORM))
            await add_file(files, place, stored, NewFile(document_type=document_type))

    async def approve(self, person: UUID) -> None:
        """Decides the step whose turn it is."""
        async with self.database.transaction(self.schema) as tx:
            snapshot = await load_snapshot(tx)
            everything = system_scope(snapshot)
            actor = Actor(kind="person", id=person, person=person, label="审批人", language="zh")
            scope = Scope(snapshot, actor, everything.grants)
            newest, *_ = await approvals_of(tx, "opportunity", self.record)
            await decide(Desk(tx, scope, Cause(Door.FORM), datetime.now(UTC)), newest, "approve")


@pytest.fixture
async def approvers(sales_database: Database, sales_organisation: Organisation) -> dict[str, UUID]:
    """Somebody for each role that the pipeline names."""
    found = {}
    async with sales_database.transaction(sales_organisation.schema) as tx:
        scope = system_scope(await load_snapshot(tx))
        for role in ("legal", "finance", "presales"):
            (made,) = await write(tx, scope, [Create("person", {"name": role})], Cause(Door.API))
            await tx.execute(person_roles.insert(), {"person": made.id, "role": role})
            found[role] = UUID(str(made.id))
    return found


async def _new(tx: Transaction, **values: Any) -> tuple[UUID, UUID]:
    """An opportunity and a company."""
    scope = system_scope(await load_snapshot(tx))
    company, sale = await write(
        tx,
        scope,
        [Create("account", {"name": "华盛印务"}), Create("opportunity", {"name": "排产", **values})],
        Cause(Door.API),
    )
    return UUID(str(sale.id)), UUID(str(company.id))


async def test_each_row_of_table_d(
    sales_database: Database, sales_organisation: Organisation, approvers: dict[str, UUID]
) -> None:
    wire()
    schema = sales_organisation.schema
    async with sales_database.transaction(schema) as tx:
        record, company = await _new(tx, competitor="友商")
    sale = Sale(sales_database, schema, record, company)
    assert [one.state for one in TABLE_D] == [one["key"] for one in PIPELINE["states"] if one["kind"] == "open"]
    for row in TABLE_D:
        assert await sale.tasks(row.state) == row.tasks, row.state
        if row.state == "contract":
            held = await sale.refused({"invoice_info": "抬头"})
            assert held, "the record is locked while the contract is in approval"
            for role in ("legal", "finance"):
                await sale.approve(approvers[role])
        assert {*row.asked} <= await sale.unmet(row.next), row.state
        told = await sale.refused({"stage": row.next, "win_reason": "price"})
        assert {*row.asked} <= {*told}, row.state
        await sale.change({key: value for key, value in row.values.items() if key != "win_reason"})
        if row.file is not None:
            assert await sale.unmet(row.next), "not without the document"
            await sale.upload(row.file)
        await sale.change({"stage": row.next, **({"win_reason": "price"} if row.next == "won" else {})})
    async with sales_database.read(schema) as tx:
        rows = await tx.fetch_all("SELECT due_on, status FROM {org}.r_task WHERE opportunity = :id", {"id": record})
        stays = await tx.fetch_column(
            "SELECT state FROM {org}.visits WHERE record_id = :id ORDER BY ordinal", {"id": record}
        )
    assert stays == [*(row.state for row in TABLE_D), "won"]
    assert all(isinstance(row["due_on"], date) and is_workday(row["due_on"]) for row in rows)


TABLE_E: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("green", "按节奏推进", {}),
    ("yellow", "主管介入复盘，定出下一步", {"budget": None}),
    ("yellow", "主管介入复盘，定出下一步", {"last_activity_at": _in_days(-8)}),
    ("red", "启动挽救方案，或写明理由及时止损", {"next_follow_up_at": _in_days(-3), "decision_maker": None}),
    ("red", "启动挽救方案，或写明理由及时止损", {"next_follow_up_at": _in_days(-3), "budget": None}),
)
HEALTHY: dict[str, Any] = {
    "stage": "needs",
    "budget": 300000,
    "decision_maker": "王总",
    "timeline": "年底上线",
    "last_activity_at": _in_days(-2),
    "next_action": "演示",
    "next_follow_up_at": _in_days(3),
}


@pytest.mark.parametrize(("level", "action", "values"), TABLE_E)
async def test_each_row_of_table_e(
    sales_database: Database, sales_organisation: Organisation, level: str, action: str, values: dict[str, Any]
) -> None:
    wire()
    async with sales_database.transaction(sales_organisation.schema) as tx:
        record, _ = await _new(tx, **{key: one for key, one in {**HEALTHY, **values}.items() if one is not None})
        health = await read_health_of(tx, system_scope(await load_snapshot(tx)), "opportunity", record)
    assert (health["level"]["key"], health["level"]["action"]["zh"]) == (level, action)


async def test_a_stay_beyond_the_threshold_is_yellow(
    sales_database: Database, sales_organisation: Organisation
) -> None:
    wire()
    longest = next(one["maximum_days"] for one in PIPELINE["states"] if one["key"] == "needs")
    async with sales_database.transaction(sales_organisation.schema) as tx:
        record, _ = await _new(tx, **HEALTHY)
        scope = system_scope(await load_snapshot(tx))
        for days, level in ((longest - 1, "green"), (longest + 1, "yellow")):
            moment = datetime.now(UTC) - timedelta(days=days)
            await tx.execute(
                "UPDATE {org}.visits SET entered_at = :at WHERE record_id = :id", {"at": moment, "id": record}
            )
            assert (await read_health_of(tx, scope, "opportunity", record))["level"]["key"] == level
