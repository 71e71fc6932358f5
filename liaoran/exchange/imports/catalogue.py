"""What an import may add to the catalogue: choices that a column needs, a process made of the states of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from liaoran.access.scope import Scope
from liaoran.exchange.mapping.stages import Stage, in_order, with_probabilities
from liaoran.exchange.values.normal import folded, pinyin_key
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden
from liaoran.kernel.text import Text
from liaoran.process.publish import publish_process
from liaoran.schema.changes import change_field
from liaoran.schema.processes import Process, State
from liaoran.schema.snapshot import Choice, Field, Object, Snapshot

_WORD = re.compile(r"[^a-z0-9]+")
ADMINISTRATORS_ONLY = Text(
    "只有管理员可以在导入时新建选项或流程；请把值对应到已有的选项",
    "only an administrator may create choices or processes in an import; map the values to existing ones",
)
NEW_PROCESS = Text("{name}流程", "{name} pipeline")


async def add_choices(tx: Transaction, scope: Scope, field: Field, labels: Sequence[str]) -> Snapshot:
    """Adds active choices with these labels to a choice Field. Raises Forbidden for everybody but administrators."""
    if not scope.is_administrator:
        raise Forbidden(ADMINISTRATORS_ONLY, code="administrators_only")
    present: list[Any] = [
        {"key": choice.key} | ({"retired": True} if choice.retired else {}) for choice in field.choices
    ]
    by_label = {folded(word): choice for choice in field.choices for word in (choice.label.zh, choice.label.en) if word}
    for label in labels:
        retired = by_label.get(folded(label))
        if retired is not None:
            present = [one for one in present if one["key"] != retired.key] + [{"key": retired.key}]
        else:
            present.append({"label": {"zh": label, "en": label}})
    completed = [_complete(one, field) for one in present]
    return await change_field(tx, field.object, field.key, {"choices": completed}, actor=scope.actor)


async def create_process(
    tx: Transaction, scope: Scope, owner: Object, field_key: str, name: str, labels: Sequence[str]
) -> tuple[Snapshot, Process]:
    """Publishes a process over the Field with one state per label, in a likely order, every move allowed.

    States that other processes already have keep their keys and labels; kinds and probabilities are guessed from the
    words. It works like the Object's default process does (which Fields follow from the state). Raises Forbidden for
    everybody but administrators.
    """
    if not scope.is_administrator:
        raise Forbidden(ADMINISTRATORS_ONLY, code="administrators_only")
    model = next(one for one in sorted(owner.processes, key=lambda each: not each.is_default) if one.field == field_key)
    stages = with_probabilities(in_order(labels))
    states = _states(owner, field_key, model, stages)
    keys = {one.key for one in owner.processes} | {
        one.key for other in scope.snapshot.objects.values() for one in other.processes
    }
    key = _free(_slug(name) or "pipeline", keys)
    definition = {
        "key": key,
        "object": owner.key,
        "field": field_key,
        "process_field": model.process_field,
        "label": Text(name, name).to_json(),
        "sum_field": model.sum_field,
        "derived": dict(model.derived),
        "states": states,
        "transitions": [],
    }
    snapshot = await publish_process(tx, scope, {name: part for name, part in definition.items() if part is not None})
    process = snapshot.process(key)
    if process is None:
        raise LookupError(f"the process {key} was not published")
    return snapshot, process


def _states(owner: Object, field_key: str, model: Process, stages: Iterable[Stage]) -> list[dict[str, Any]]:
    known: dict[str, State] = {}
    for process in owner.processes:
        if process.field == field_key:
            for state in process.states:
                for word in (state.key, state.label.zh, state.label.en):
                    known.setdefault(folded(word), state)
    categories = {state.kind: state.forecast_category for state in reversed(model.states)}
    states: list[dict[str, Any]] = []
    taken = {state.key for state in known.values()} | set(owner.fields[field_key].choice_by_key)
    for stage in stages:
        same = known.get(folded(stage.label))
        if same is not None and any(one["key"] == same.key for one in states):
            continue
        key = same.key if same is not None else _free(_slug(stage.label) or "state", taken)
        taken.add(key)
        kind = same.kind if same is not None else stage.kind
        states.append(
            {
                "key": key,
                "label": (same.label if same is not None else Text(stage.label, stage.label)).to_json(),
                "kind": kind,
                "probability": same.probability if same is not None else stage.probability,
                "forecast_category": categories.get(kind),
                **({"color": same.color} if same is not None and same.color else {}),
            }
        )
    if not any(one["kind"] == "open" for one in states):
        first = model.initial
        states.insert(
            0,
            {
                "key": first.key,
                "label": first.label.to_json(),
                "kind": "open",
                "probability": first.probability,
                "forecast_category": first.forecast_category,
                **({"color": first.color} if first.color else {}),
            },
        )
    return states


def _complete(one: dict[str, Any], field: Field) -> dict[str, Any]:
    choice: Choice | None = field.choice_by_key.get(one.get("key", ""))
    return one if choice is None else {"retired": False, **one, "label": choice.label.to_json()}


def _slug(name: str) -> str:
    return (
        _WORD.sub("_", pinyin_key(name) if not name.isascii() else name.casefold())
        .strip("_")[:40]
        .lstrip("0123456789_")
    )


def _free(key: str, taken: Iterable[str]) -> str:
    used = set(taken)
    if key not in used:
        return key
    number = 2
    while f"{key}_{number}" in used:
        number += 1
    return f"{key}_{number}"
