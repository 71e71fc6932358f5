"""Trying a draft on real records: what its gates would let through and what not, and which tasks it would make.

Nothing is written. The draft takes its place in a catalogue of its own, so gates mean exactly what they will mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.process.prospect import prospective
from liaoran.process.transitions import Move, transitions_of
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.schema.processes import Process, State

MAXIMUM_RECORDS = 50


async def simulate(
    tx: Transaction,
    scope: Scope,
    process: Process,
    mapping: Mapping[str, str],
    records: Sequence[UUID],
) -> list[dict[str, Any]]:
    """For each record: ``{id, label, state, moves}`` under the draft, each move as in the HTTP contract with the
    ``tasks`` that entering would make and ``was_open``: whether it is open today (None where there is no such move).
    Records in a state that goes are seen in the one that they are mapped to. Only what the asker may see; at most
    ``MAXIMUM_RECORDS``.
    """
    trial = Scope(prospective(scope.snapshot, process), scope.actor, scope.grants)
    wanted = list(records)[:MAXIMUM_RECORDS]
    found = await transitions_of(tx, trial, process.object, wanted, follow=process.key, carried=mapping)
    today = await transitions_of(tx, scope, process.object, wanted)
    labels = await _labels(tx, scope, process.object, wanted)
    language = scope.actor.language
    return [
        {
            "id": str(record),
            "label": labels.get(str(record), ""),
            "state": moves[0].source.key if moves and moves[0].source else None,
            "moves": [
                {**one.to_json(language), "tasks": _tasks(one, process), "was_open": was.get(one.to.key)}
                for one in moves
            ],
        }
        for record, moves in found.items()
        for was in [{one.to.key: one.open for one in today.get(record, ())}]
    ]


def _tasks(move: Move, process: Process) -> list[dict[str, Any]]:
    state: State = process.state_by_key[move.to.key]
    return [{"label": one.label.to_json(), "must": one.must, "due_days": one.due_days} for one in state.actions]


async def _labels(tx: Transaction, scope: Scope, object_key: str, records: Sequence[UUID]) -> dict[str, str]:
    name = scope.snapshot.object(object_key).name_field
    where = {"field": "id", "op": "in", "value": [str(one) for one in records]}
    plan = compile_query(scope, object_key, QueryRequest(where=where, select=(name,), limit=MAXIMUM_RECORDS))
    answer = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"{}")
    return {row["id"]: str(row.get(name) or "") for row in answer.get("records", [])}
