"""Templates 流程模板: Processes to start from, existing ones to start from again, and a bare one.

The shipped templates are data of a pack, put here by ``app``. Using one gives a definition that fits the organisation:
its own key and label, stages of the same name under the keys that are in use already, optional stages left out.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Conflict, NotFound, Refused
from liaoran.kernel.text import Text
from liaoran.process.state_keys import known_state_keys, with_state_keys
from liaoran.process.tables import processes
from liaoran.schema.keys import free_key
from liaoran.schema.process_json import process_to_json
from liaoran.schema.snapshot import Snapshot

Json = Mapping[str, Any]

_NO_TEMPLATE = Text("没有名为“{key}”的模板", "there is no template “{key}”")
_NO_PROCESS = Text("没有名为“{key}”的流程", "there is no process “{key}”")
TAKEN = Text("代号“{key}”已被使用，请换一个", "the key “{key}” is in use; choose another one")
_NOT_OPTIONAL = Text("阶段“{state}”不能省略", "the stage “{state}” cannot be left out")

_NO_FIELD = Text("请说明用“{object}”的哪个选项字段记录阶段", "say which choice Field of “{object}” holds the stage")
_FIRST = {"label": {"zh": "第一阶段", "en": "First stage"}, "kind": "open", "color": "blue"}
_END = ("key", "label", "kind", "color", "probability", "forecast_category")

_KEYS = Statement(sa.select(processes.c.key))
_templates: dict[str, Json] = {}


def register_template(template: Json) -> None:
    """Offers a template: ``{key, label, description, advice, industry_field, industries, optional, definition}``.

    Offering the same one again has no effect. Raises RuntimeError where another one has its key."""
    known = _templates.setdefault(template["key"], template)
    if known != template:
        raise RuntimeError(f"duplicate template {template['key']!r}")


def list_templates(snapshot: Snapshot, industry: str | None = None) -> list[dict[str, Any]]:
    """What the gallery shows of each template whose Object is there, those made for the ``industry`` first.

    A template: ``{key, object, label, description, advice, industries, fits, stages, actions, conditions, approvals}``;
    a stage ``{key, label, kind, color, target_days, maximum_days, actions, conditions, optional}``.
    """
    known = [one for one in _templates.values() if one["definition"]["object"] in snapshot.objects]
    return [_shown(one, industry) for one in sorted(known, key=lambda one: industry not in one["industries"])]


def list_industries(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The industries that templates are made for, ``{key, label}``, as the Field that holds them offers them."""
    known = [one for one in _templates.values() if one["definition"]["object"] in snapshot.objects]
    wanted = {key for one in known for key in one["industries"]}
    fields = {(one["definition"]["object"], one["industry_field"]) for one in known if one["industries"]}
    found: dict[str, dict[str, Any]] = {}
    for owner, field in sorted(fields):
        holder = snapshot.object(owner).fields.get(field)
        for choice in holder.choices if holder is not None else ():
            if choice.key in wanted and not choice.retired:
                found.setdefault(choice.key, {"key": choice.key, "label": choice.label.to_json()})
    return list(found.values())


def find_template(key: str) -> dict[str, Any]:
    """A template with its whole definition. Raises NotFound for an unknown one."""
    template = _templates.get(key)
    if template is None:
        raise NotFound(_NO_TEMPLATE.fill(key=key), code="unknown_template")
    return {**_shown(template, None), "definition": copy.deepcopy(template["definition"])}


async def keys_taken(tx: Transaction) -> set[str]:
    """The keys that Processes of the organisation have, or had before they were taken out of use."""
    return {row["key"] for row in await tx.fetch_all(_KEYS, {})}


def definition_from_template(
    snapshot: Snapshot,
    key: str,
    taken: Collection[str],
    *,
    new_key: str | None = None,
    label: Json | None = None,
    leave_out: Sequence[str] = (),
) -> dict[str, Any]:
    """The definition of a new Process made from a template. ``taken`` are the keys that Processes have or had.

    Raises NotFound for an unknown template, Refused where a stage that is not optional is to be left out, Conflict for
    a key that is taken.
    """
    template = find_template(key)
    optional = {state["key"] for state in template["stages"] if state["optional"]}
    for state in template["stages"]:
        if state["key"] in leave_out and state["key"] not in optional:
            raise Refused(_NOT_OPTIONAL.fill(state=Text.from_json(state["label"])), code="stage_not_optional")
    definition = _without(template["definition"], set(leave_out))
    return _renamed(snapshot, definition, taken, new_key, label)


def definition_from_process(
    snapshot: Snapshot,
    key: str,
    taken: Collection[str],
    *,
    new_key: str | None = None,
    label: Json | None = None,
) -> dict[str, Any]:
    """The definition of a new Process that is like an existing one. Raises NotFound for an unknown one, Conflict for
    a key that is taken."""
    process = snapshot.process(key)
    if process is None:
        raise NotFound(_NO_PROCESS.fill(key=key), code="unknown_process")
    definition = {**process_to_json(process), "is_default": False, "origin": "custom"}
    return _renamed(snapshot, definition, taken, new_key, label)


def bare_definition(
    snapshot: Snapshot, object_key: str, taken: Collection[str], *, label: Json, field: str | None = None
) -> dict[str, Any]:
    """The definition of a new Process with one open state and nothing asked for. It uses the Fields of the Processes
    that the Object has, and what they call won and lost and count it as; the first one of an Object uses ``field``.

    Raises Refused where it is not said which Field holds the state.
    """
    owner = snapshot.object(object_key)
    sibling = next((one for one in owner.processes if field in (None, one.field)), None)
    ends: list[dict[str, Any]] = []
    if sibling is not None:
        base = {name: process_to_json(sibling)[name] for name in ("field", "process_field", "sum_field", "derived")}
        ends = [
            {name: state[name] for name in _END}
            for state in process_to_json(sibling)["states"]
            if state["kind"] != "open"
        ]
    elif field is not None:
        base = {"field": field, "process_field": None, "sum_field": None, "derived": {}}
    else:
        raise Refused(_NO_FIELD.fill(object=owner.label), code="no_state_field")
    holder = owner.fields.get(base["field"])
    known = holder.choice_by_key if holder is not None else {}
    return {
        **base,
        "key": free_key(f"{object_key}_pipeline", taken, "_"),
        "object": object_key,
        "label": dict(label),
        "states": [{"key": free_key("stage", known, "_"), **copy.deepcopy(_FIRST)}, *ends],
        "transitions": [],
    }


def _shown(template: Json, industry: str | None) -> dict[str, Any]:
    definition = template["definition"]
    stages = [_stage(state, state["key"] in template["optional"]) for state in definition["states"]]
    described = {name: template[name] for name in ("key", "label", "description", "advice", "industries")}
    return {
        **described,
        "object": definition["object"],
        "fits": industry in template["industries"],
        "stages": stages,
        "actions": sum(one["actions"] for one in stages),
        "conditions": sum(one["conditions"] for one in stages),
        "approvals": [{"key": one["key"], "label": one["label"]} for one in definition.get("approvals", ())],
    }


def _stage(state: Json, optional: bool) -> dict[str, Any]:
    return {
        "key": state["key"],
        "label": state["label"],
        "kind": state["kind"],
        "color": state.get("color"),
        "target_days": state.get("target_days"),
        "maximum_days": state.get("maximum_days"),
        "actions": len(state.get("actions", ())),
        "conditions": sum(len(state.get(part, ())) for part in ("required", "entry", "exit")),
        "optional": optional,
    }


def _without(definition: Json, left_out: set[str]) -> dict[str, Any]:
    """The definition without some of its states and the transitions from and to them."""
    states = [state for state in definition["states"] if state["key"] not in left_out]
    moves = [move for move in definition["transitions"] if not left_out & {move["from"], move["to"]}]
    return {**definition, "states": states, "transitions": moves}


def _renamed(
    snapshot: Snapshot, definition: Json, taken: Collection[str], key: str | None, label: Json | None
) -> dict[str, Any]:
    if key in taken:
        raise Conflict(TAKEN.fill(key=key), code="duplicate_key")
    owner = snapshot.object(definition["object"])
    siblings = [one for one in owner.processes if one.field == definition["field"]]
    fitted = with_state_keys(definition, known_state_keys(definition, siblings))
    labels = [one.label.to_json() for one in siblings]
    return {
        **fitted,
        "key": key or free_key(definition["key"], taken, "_"),
        "label": label or _free_label(definition["label"], labels),
    }


def _free_label(label: Json, others: Sequence[Json]) -> dict[str, str]:
    return {language: free_key(text, [one[language] for one in others], " ") for language, text in label.items()}
