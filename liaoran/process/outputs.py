"""What a stage is to leave behind, and what of it is there: each expected output as a Condition over the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.conditions import Condition, Leaf
from liaoran.query.judgements import can_be_judged, compile_judgements
from liaoran.schema.process_json import output_to_json
from liaoran.schema.processes import Output, State
from liaoran.schema.snapshot import Snapshot


async def judge_stage(
    tx: Transaction, scope: Scope, object_key: str, record: UUID, state: State
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """The goal of the state, ``{label, met}``, and its outputs, ``{kind, label, …, present}``, judged in one statement.

    ``met`` and ``present`` are null where the actor may not see what they rest on.
    """
    wanted: list[Condition | None] = [state.goal.condition if state.goal else None]
    wanted += [_is_there(scope.snapshot, object_key, one) for one in state.outputs]
    asked = [one for one in wanted if one is not None and can_be_judged(scope, object_key, one)]
    holds = await _judge(tx, scope, object_key, record, asked)
    verdicts = [
        next((held for one, held in zip(asked, holds, strict=True) if one is each), None) if each is not None else None
        for each in wanted
    ]
    goal = {"label": state.goal.label.to_json(), "met": verdicts[0]} if state.goal else None
    outputs = [
        named_output(scope.snapshot, object_key, one) | {"present": there}
        for one, there in zip(state.outputs, verdicts[1:], strict=True)
    ]
    return goal, outputs


async def _judge(
    tx: Transaction, scope: Scope, object_key: str, record: UUID, asked: Sequence[Condition]
) -> list[bool | None]:
    if not asked:
        return []
    plan = compile_judgements(scope, object_key, [record], asked)
    judged = plan.read(await tx.fetch_json(plan.plan.statement, plan.plan.binds)).get(record)
    return [one.holds for one in judged] if judged else [None] * len(asked)


def _is_there(snapshot: Snapshot, object_key: str, output: Output) -> Condition | None:
    match output.kind:
        case "document":
            return Leaf("evidence(file)", "has", {"document_type": output.document_type})
        case "field":
            return Leaf(output.field or "", "not_empty")
        case "record":
            link = _link(snapshot, output.object or "", object_key)
            return Leaf(f"count({output.object}.{link})", "gt", 0) if link else None
        case "note":
            return Leaf("evidence(activity)", "has", {"since": "entered"})


def _link(snapshot: Snapshot, object_key: str, target: str) -> str | None:
    """The first Field of the Object that links to ``target``."""
    owner = snapshot.objects.get(object_key)
    fields = owner.active_fields if owner else ()
    return next((one.key for one in fields if one.type == "link" and one.target == target), None)


def named_output(snapshot: Snapshot, object_key: str, output: Output) -> dict[str, Any]:
    """The output as data; one without a label goes by the name of its Field or Object."""
    shown = output_to_json(output)
    owner = snapshot.object(object_key)
    if output.object:
        shown["link"] = _link(snapshot, output.object, object_key)
    if not output.label:
        field, other = owner.fields.get(output.field or ""), snapshot.objects.get(output.object or "")
        label = field.label if field else other.label if other else None
        shown["label"] = label.to_json() if label else shown["label"]
    return shown
