"""How one record stands: its level, the signals that speak for it with what was found, and what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.conditions import Leaf
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.query.judgements import Judgement, can_be_judged, compile_judgements
from liaoran.query.sentences import leaf_text, sentence_text
from liaoran.schema.health import Health, HealthLevel, HealthSignal

_NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")
_NO_HEALTH = Text("“{object}”没有健康度", "{object} has no health")


async def read_health_of(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> dict[str, Any]:
    """``{level, signals, unknown}`` of a record, in one statement.

    ``level`` is ``{key, label, meaning, action, color}``, null where the record has no health (it is closed, say). A
    signal: ``{key, level, label, condition, action, evidence: [{field, says, value}]}``; only those that hold are
    listed, the worst first. ``unknown`` are the labels of signals that rest on what the actor may not see, or on what
    is not there any more. Raises NotFound where the record is not visible, or its Object has no health.
    """
    owner = scope.require(object_key, "read")
    health = owner.health
    if health is None:
        raise NotFound(_NO_HEALTH.fill(object=owner.label), code="no_health")
    known = [one for one in health.signals if can_be_judged(scope, object_key, one.condition)]
    plan = compile_judgements(scope, object_key, [record], [health.applies, *(one.condition for one in known)])
    judged = plan.read(await tx.fetch_json(plan.plan.statement, plan.plan.binds)).get(record)
    if judged is None:
        raise NotFound(_NOT_FOUND)
    unknown = [one.label.to_json() for one in health.signals if one not in known]
    if not judged[0].holds:
        return {"level": None, "signals": [], "unknown": unknown}
    shown = [(signal, found) for signal, found in zip(known, judged[1:], strict=True) if found.holds]
    level = _level(health, [signal for signal, _ in shown])
    order = [one.key for one in health.levels]
    shown.sort(key=lambda one: order.index(one[0].level))
    return {
        "level": _level_json(level),
        "signals": [_signal_json(scope, object_key, health, signal, found) for signal, found in shown],
        "unknown": unknown,
    }


def _level(health: Health, signals: Sequence[HealthSignal]) -> HealthLevel:
    """The worst level that a signal speaks for; the best one where none does."""
    spoken_for = {one.level for one in signals}
    return next((one for one in health.levels if one.key in spoken_for), health.levels[-1])


def _level_json(level: HealthLevel) -> dict[str, Any]:
    return {
        "key": level.key,
        "label": level.label.to_json(),
        "meaning": level.meaning.to_json(),
        "action": level.action.to_json(),
        "color": level.color,
    }


def _signal_json(
    scope: Scope, object_key: str, health: Health, signal: HealthSignal, judged: Judgement
) -> dict[str, Any]:
    level = next(one for one in health.levels if one.key == signal.level)
    return {
        "key": signal.key,
        "level": signal.level,
        "label": signal.label.to_json(),
        "condition": sentence_text(signal.condition, scope, object_key).to_json(),
        "action": (signal.action or level.action).to_json(),
        "evidence": [_evidence(scope, object_key, leaf, value) for leaf, value in judged.found],
    }


def _evidence(scope: Scope, object_key: str, leaf: Leaf, value: Any) -> dict[str, Any]:
    says = leaf_text(leaf, scope, object_key, candidates=False)
    return {"field": leaf.field, "says": says.to_json(), "value": value}
