"""Keys of states: the Processes over one Field share its choices, so a stage of the same name has the same key in all.

Who shapes a Process names stages and knows nothing of keys; these functions give each stage the key that fits.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from liaoran.kernel.text import Text
from liaoran.query.paths import OLD
from liaoran.schema.keys import free_key
from liaoran.schema.processes import Process

Json = Mapping[str, Any]


def known_state_keys(definition: Json, siblings: Iterable[Process]) -> dict[str, str]:
    """Own state key -> the key to use: the one that a stage of that name has already, or a free one where another stage
    has the own key."""
    by_name: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for one in siblings:
        for state in one.states:
            name = state.label.read("zh")
            by_name.setdefault(name, state.key)
            by_key.setdefault(state.key, name)
    found: dict[str, str] = {}
    used = set(by_key) | {state["key"] for state in definition["states"]}
    for state in definition["states"]:
        own, name = state["key"], Text.from_json(state["label"]).read("zh")
        if name in by_name:
            found[own] = by_name[name]
        elif own in by_key:
            found[own] = free_key(own, used, "_")
            used.add(found[own])
    return {own: new for own, new in found.items() if own != new}


def keys_by_name(definition: Json, siblings: Iterable[Process], settled: Collection[str]) -> dict[str, str]:
    """Own state key -> the key that a stage of that name has in another Process. Those in ``settled`` keep theirs:
    records are in them."""
    own = {state["key"] for state in definition["states"]}
    by_name = {state.label.read("zh"): state.key for one in siblings for state in one.states}
    found: dict[str, str] = {}
    for state in definition["states"]:
        known = by_name.get(Text.from_json(state["label"]).read("zh"))
        if known is not None and state["key"] not in settled and known not in own | set(found.values()):
            found[state["key"]] = known
    return found


def with_state_keys(definition: Json, keys: Mapping[str, str]) -> dict[str, Any]:
    """The definition with other keys for some of its states, wherever they are named."""
    result: dict[str, Any] = _in_conditions(copy.deepcopy(dict(definition)), definition["field"], keys)
    for state in result["states"]:
        state["key"] = keys.get(state["key"], state["key"])
    for move in result["transitions"]:
        move["from"], move["to"] = (keys.get(one, one) for one in (move["from"], move["to"]))
    for approval in result.get("approvals", ()):
        for part in ("on_passed", "on_refused"):
            target = approval.get(part)
            if target:
                target["move_to"] = keys.get(target["move_to"], target["move_to"])
    return result


def _in_conditions(part: Any, field: str, keys: Mapping[str, str]) -> Any:
    """Conditions name a state by its new key: those that ask for the state itself, and those for evidence of one. What
    they ask of other records is about those."""
    if isinstance(part, list):
        return [_in_conditions(one, field, keys) for one in part]
    if not isinstance(part, dict):
        return part
    asked = str(part.get("field", "")).removeprefix(OLD)
    if "op" not in part or "field" not in part:
        return {name: _in_conditions(one, field, keys) for name, one in part.items()}
    value = part.get("value")
    if asked == field:
        return {**part, "value": _renamed(value, keys)}
    if asked.startswith("evidence(") and isinstance(value, dict) and "state" in value:
        return {**part, "value": {**value, "state": _renamed(value["state"], keys)}}
    return part


def _renamed(value: Any, keys: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_renamed(one, keys) for one in value]
    return keys.get(value, value) if isinstance(value, str) else value
