"""What somebody holds, counted: the preview of a hand-over, and how much there is to do by a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from liaoran.access.scope import Scope
from liaoran.collaboration.hand_over.kinds import KINDS
from liaoran.collaboration.hand_over.parts import DEPARTMENT, Part, record_parts
from liaoran.collaboration.hand_over.plan import HandOverPlan
from liaoran.collaboration.hand_over.records_held import held
from liaoran.infra.transaction import Transaction
from liaoran.process.replacing import processes_naming
from liaoran.query.reads import compile_aggregate
from liaoran.query.requests import AggregateRequest, Group


async def read_holdings(tx: Transaction, scope: Scope, person: UUID) -> dict[str, Any]:
    """``{parts, beside, processes}``: of each part that is not empty ``{key, object, field, label, field_label, is_task,
    total, open, departments: [{id, label, count}]}`` (``open`` null where nothing is ever finished), of what lies beside
    records ``{key, label, total}``, and the parts of Processes that name the person, in words."""
    parts = []
    for part in record_parts(scope.snapshot):
        rows = await _by_department(tx, scope, part, held(part, person, "all"))
        total = sum(count for _, count in rows)
        if total:
            parts.append(
                {
                    "key": part.key,
                    "object": part.object,
                    "field": part.field,
                    "label": part.label.to_json(),
                    "field_label": part.field_label.to_json(),
                    "is_task": part.is_task,
                    "total": total,
                    "open": await _open(tx, scope, part, person),
                    "departments": [{**link, "count": count} for link, count in rows if link is not None],
                }
            )
    beside = [
        {"key": kind.key, "label": kind.label.to_json(), "total": total}
        for kind in KINDS
        if (total := await kind.count(tx, scope.snapshot, person))
    ]
    processes = [
        {"key": process.key, "label": process.label.to_json(), "parts": [one.to_json() for one in named]}
        for process, named in processes_naming(scope.snapshot, person)
    ]
    return {"parts": parts, "beside": beside, "processes": processes}


async def count_plan(tx: Transaction, scope: Scope, plan: HandOverPlan) -> int:
    """How many things there are to give by the plan."""
    total = 0
    for part in record_parts(scope.snapshot):
        extent = plan.extent(part.key, is_task=part.is_task)
        if extent != "none":
            total += await _count(tx, scope, part, held(part, plan.person, extent))
    for kind in KINDS:
        if plan.extent(kind.key) != "none":
            total += await kind.count(tx, scope.snapshot, plan.person)
    return total


async def _open(tx: Transaction, scope: Scope, part: Part, person: UUID) -> int | None:
    return None if part.open is None else await _count(tx, scope, part, held(part, person, "open"))


async def _count(tx: Transaction, scope: Scope, part: Part, where: Mapping[str, Any]) -> int:
    rows = await _figures(tx, scope, part, AggregateRequest(where=dict(where)))
    return int(rows[0][0]) if rows else 0


async def _by_department(
    tx: Transaction, scope: Scope, part: Part, where: Mapping[str, Any]
) -> list[tuple[dict[str, str] | None, int]]:
    """How many records by the department they count in, largest first; None stands for those without one."""
    if not part.has_department:
        return [(None, await _count(tx, scope, part, where))]
    rows = await _figures(tx, scope, part, AggregateRequest(where=dict(where), group_by=(Group(field=DEPARTMENT),)))
    return sorted(((link, int(count)) for link, count in rows), key=lambda row: -row[1])


async def _figures(tx: Transaction, scope: Scope, part: Part, request: AggregateRequest) -> list[list[Any]]:
    plan = compile_aggregate(scope, part.object, request)
    answer = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b'{"rows": []}')
    rows: list[list[Any]] = answer["rows"]
    return rows
