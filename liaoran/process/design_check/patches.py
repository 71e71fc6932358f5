"""Patches: a proposed change of a definition as data, and putting it into the definition JSON of a draft.

::

    {"op": "set", "state": key, "name": "target_days", "value": 7}          a setting of a state
    {"op": "not_required", "state": key, "field": key}                      the state and all ways into it stop asking
    {"op": "should", "state": key}                                          its must-actions become should-actions
    {"op": "merge", "state": key, "into": key}                              the state goes; its moves lead to the other
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from liaoran.access.scope import Scope
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.process.definition import read_process
from liaoran.process.design_check.findings import Change
from liaoran.schema.process_json import process_to_json

SETTABLE = frozenset({"target_days", "maximum_days", "follow_up_days", "kind"})


def set_in_state(state: str, name: str, value: Any) -> Change:
    """A setting of the state."""
    return {"op": "set", "state": state, "name": name, "value": value}


def not_required(state: str, field: str) -> Change:
    """The Field is not asked for any more."""
    return {"op": "not_required", "state": state, "field": field}


def should(state: str) -> Change:
    """What must be done only should be done."""
    return {"op": "should", "state": state}


def merge(state: str, into: str) -> Change:
    """Two states become one; records under way go to ``into``."""
    return {"op": "merge", "state": state, "into": into}


def apply_patch(definition: Mapping[str, Any], patch: Sequence[Change]) -> dict[str, Any]:
    """The definition JSON with the changes made; the given one stays as it is.

    Raises Invalid for a change that names a state which the definition does not have, or that is none of these.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(definition))
    for change in patch:
        _apply(changed, change)
    return changed


def patched(scope: Scope, process_key: str, definition: Mapping[str, Any], patch: Sequence[Change]) -> dict[str, Any]:
    """The definition of a draft with the changes made; keeps nothing.

    Raises Forbidden for everybody but administrators, NotFound for an unknown Process, Invalid naming the place for a
    definition that does not hold, and as ``apply_patch`` does.
    """
    scope.require_administrator()
    owner = scope.snapshot.object(scope.require_process(process_key).object)
    return apply_patch(process_to_json(read_process(definition, owner)), patch)


def _apply(definition: dict[str, Any], change: Change) -> None:
    state = _state(definition, change.get("state"))
    match change.get("op"):
        case "set" if (name := str(change.get("name"))) in SETTABLE:
            state[name] = change.get("value")
        case "not_required":
            into = [move for move in definition.get("transitions", ()) if move["to"] == state["key"]]
            for part in (state, *into):
                part["required"] = [key for key in part.get("required", ()) if key != change.get("field")]
        case "should":
            for action in state.get("actions", ()):
                action["must"] = False
        case "merge" if change.get("into") != state["key"]:
            _merge(definition, state, _state(definition, change.get("into")))
        case _:
            message = Text("没有这种改动", "there is no such change")
            raise Invalid(message, code="unknown_change", extra={"change": dict(change)})


def _state(definition: Mapping[str, Any], key: Any) -> dict[str, Any]:
    for state in definition["states"]:
        if state["key"] == key:
            found: dict[str, Any] = state
            return found
    message = Text("没有名为“{key}”的阶段", "there is no state “{key}”").fill(key=key)
    raise Invalid(message, code="unknown_state", extra={"state": key})


def _merge(definition: dict[str, Any], state: dict[str, Any], into: dict[str, Any]) -> None:
    gone, kept = state["key"], into["key"]
    definition["states"] = [one for one in definition["states"] if one["key"] != gone]
    moves: dict[tuple[Any, Any], dict[str, Any]] = {}
    for move in definition.get("transitions", ()):
        source = kept if move.get("from") == gone else move.get("from")
        to = kept if move["to"] == gone else move["to"]
        if source != to:
            # Of two moves that become one, the first stays, with its conditions.
            moves.setdefault((source, to), {**move, "from": source, "to": to})
    definition["transitions"] = list(moves.values())
    for approval in definition.get("approvals", ()):
        for name in ("on_passed", "on_refused"):
            if approval.get(name) and approval[name].get("move_to") == gone:
                approval[name] = {"move_to": kept}
