"""The description of Objects as one actor may see them: what the pages, and programs, draw and ask by.

Descriptions depend on grants alone, not on who holds them, so they are kept as bytes per schema version and grants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from liaoran.access.scope import Scope
from liaoran.infra.encoding import to_json
from liaoran.kernel.values import ValueKind
from liaoran.query.operators import OPERATORS
from liaoran.query.paths import resolve_path, target_of
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.query.subjects import Subject
from liaoran.schema.processes import Process, State, Transition
from liaoran.schema.snapshot import Choice, Field, Object

_descriptions: LeastRecentlyUsed[bytes] = LeastRecentlyUsed(1000)
_UNSORTABLE = frozenset({ValueKind.CHOICES})
_UNGROUPABLE_TYPES = frozenset({"long_text", "url", "autonumber"})


def describe_objects(scope: Scope) -> bytes:
    """``{schema_version, objects: […]}`` of all Objects that the actor may read, in order, as JSON bytes."""
    return _descriptions.get(_key(scope, None), lambda: to_json(_objects(scope)))


def describe_object(scope: Scope, object_key: str) -> bytes:
    """One Object in full, as JSON bytes. Raises Invalid ``unknown_object`` where the actor may not read it."""
    scope.require(object_key, "read")
    return _descriptions.get(_key(scope, object_key), lambda: to_json(_object(scope, object_key)))


def describe_field(scope: Scope, object_key: str, field_key: str) -> dict[str, Any]:
    """One Field as ``describe_object`` has it."""
    return _field(scope, scope.field(object_key, field_key))


def describe_retired(scope: Scope) -> dict[str, Any]:
    """What was taken out of use and can be brought back: ``{objects, fields}``, the Fields of Objects in use only."""
    everything = sorted(scope.snapshot.objects.values(), key=lambda one: (one.order, one.key))
    objects = [
        {"key": one.key, "label": one.label.to_json(), "icon": one.icon, "origin": one.origin}
        for one in everything
        if one.retired
    ]
    fields = [
        {
            "object": field.object,
            "key": field.key,
            "type": field.type,
            "label": field.label.to_json(),
            "origin": field.origin,
        }
        for one in everything
        if not one.retired
        for field in one.fields.values()
        if field.retired
    ]
    return {"objects": objects, "fields": fields}


def describe_process(scope: Scope, process_key: str) -> dict[str, Any]:
    """One Process as ``describe_object`` has it. Raises NotFound as ``Scope.require_process`` does."""
    return _process(scope.require_process(process_key))


def _key(scope: Scope, object_key: str | None) -> tuple[Any, ...]:
    return scope.snapshot.identity, scope.key, scope.actor.scopes, object_key


def _objects(scope: Scope) -> dict[str, Any]:
    visible = [one for one in scope.snapshot.objects.values() if scope.may(one.key, "read")]
    visible.sort(key=lambda one: (one.order, one.key))
    return {"schema_version": scope.snapshot.version, "objects": [_summary(scope, one) for one in visible]}


def _summary(scope: Scope, one: Object) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": one.label.to_json(),
        "label_plural": one.label_plural.to_json(),
        "icon": one.icon,
        "group": one.group,
        "order": one.order,
        "name_field": one.name_field,
        "tracked": one.tracked,
        "origin": one.origin,
        "verbs": list(scope.verbs(one.key)),
        "processes": [process.key for process in _processes(scope, one)],
    }


def _object(scope: Scope, object_key: str) -> dict[str, Any]:
    one = scope.snapshot.object(object_key)
    fields = scope.fields(object_key)
    return {
        **_summary(scope, one),
        "fields": [_field(scope, field) for field in fields],
        "layouts": _visible_part(one.layouts, _hidden_keys(scope, one)),
        "activity": _activity(scope, one),
        "health": one.health is not None,
        "task": one.task_form is not None,
        "processes": [_process(process) for process in _processes(scope, one)],
        "related": list(_related(scope, object_key)),
    }


def _activity(scope: Scope, one: Object) -> dict[str, Any] | None:
    """How its records stand in timelines, by the Fields that the actor may see."""
    found = one.activity
    if found is None:
        return None
    visible = {field.key for field in scope.fields(one.key)}
    return {
        "at": [key for key in found.at if key in visible],
        "by": found.by if found.by in visible else None,
        "shows": [key for key in found.shows if key in visible],
        "text": found.text if found.text in visible else None,
    }


def _field(scope: Scope, field: Field) -> dict[str, Any]:
    writable = scope.may_write_field(field.object, field.key)
    return {
        "key": field.key,
        "type": field.type,
        "kind": field.kind,
        "label": field.label.to_json(),
        "help": field.help.to_json() if field.help else None,
        "required": field.required,
        "unique": field.unique,
        "readonly": field.readonly or field.computed or not writable,
        "computed": field.computed,
        "masked": scope.is_masked(field.object, field.key),
        "hidden": field.hidden,
        "personal": field.personal,
        "default": field.default,
        "origin": field.origin,
        "options": dict(field.options),
        "choices": [_choice(choice) for choice in field.choices],
        "operators": _operators(scope, field),
        "sortable": field.kind not in _UNSORTABLE,
        "groupable": field.type not in _UNGROUPABLE_TYPES,
        "target": target_of(field) if field.kind is ValueKind.LINK else None,
        "currency_field": field.options.get("currency_field"),
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {"key": choice.key, "label": choice.label.to_json(), "color": choice.color, "retired": choice.retired}


def _operators(scope: Scope, field: Field) -> list[str]:
    path, params = resolve_path(scope, field.object, field.key), scope.params()
    return [
        key
        for key, operator in OPERATORS.items()
        if not operator.on_change and operator.suits(Subject(path, key, scope, params))
    ]


def _processes(scope: Scope, one: Object) -> list[Process]:
    visible = {field.key for field in scope.fields(one.key)}
    return [process for process in one.processes if process.field in visible]


def _process(process: Process) -> dict[str, Any]:
    return {
        "key": process.key,
        "label": process.label.to_json(),
        "field": process.field,
        "process_field": process.process_field,
        "sum_field": process.sum_field,
        "minimum": list(process.minimum),
        "is_default": process.is_default,
        "version": process.version,
        "origin": process.origin,
        "states": [_state(state) for state in process.states],
        "transitions": [_transition(transition) for transition in process.transitions],
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "key": state.key,
        "label": state.label.to_json(),
        "kind": state.kind,
        "order": state.order,
        "probability": state.probability,
        "forecast_category": state.forecast_category,
        "color": state.color,
        "guidance": {part: text.to_json() for part, text in state.guidance.items()},
        "target_days": state.target_days,
        "maximum_days": state.maximum_days,
        "follow_up_days": state.follow_up_days,
        "required": list(state.required),
    }


def _transition(transition: Transition) -> dict[str, Any]:
    return {
        "key": transition.key,
        "from": transition.source,
        "to": transition.to,
        "label": transition.label.to_json() if transition.label else None,
        "required": list(transition.required),
        "comment": transition.comment,
    }


def _related(scope: Scope, object_key: str) -> Iterable[dict[str, Any]]:
    for one in sorted(scope.snapshot.objects.values(), key=lambda one: (one.order, one.key)):
        if one.retired or not scope.may(one.key, "read"):
            continue
        for field in scope.fields(one.key):
            if field.kind is ValueKind.LINK and not field.computed and target_of(field) == object_key:
                yield {"object": one.key, "field": field.key, "label": field.label.to_json()}


def _hidden_keys(scope: Scope, one: Object) -> frozenset[str]:
    visible = {field.key for field in scope.fields(one.key)}
    return frozenset(key for key in one.fields if key not in visible)


def _visible_part(value: Any, hidden: frozenset[str]) -> Any:
    """A layout without the Fields that are retired or hidden from the actor, wherever it names them."""
    if not hidden:
        return value
    if isinstance(value, Mapping):
        return {key: _visible_part(part, hidden) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_visible_part(part, hidden) for part in value if not _names_hidden(part, hidden)]
    return value


def _names_hidden(part: Any, hidden: frozenset[str]) -> bool:
    named = part.get("field") if isinstance(part, Mapping) else part
    return isinstance(named, str) and named.partition(".")[0] in hidden
