"""The definition JSON of a Process: read, completed and checked before it is published.

::

    {"key", "object", "field", "process_field", "label", "is_default", "sum_field",
     "derived": {"status": {"open", "won", "lost", "other"}, "probability", "forecast_category", "closed_on"},
     "states": [{"key", "label", "kind", "probability", "forecast_category", "color", "guidance"}],
     "transitions": [{"key", "from", "to", "label", "required"}]}

No transitions means that every move is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from liaoran.kernel.text import EMPTY, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Field, Object, Process, State, StateKind, Transition

KINDS: tuple[StateKind, ...] = get_args(StateKind)
MAXIMUM_STATES = 100
_KEY = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_DERIVED_KINDS: Mapping[str, tuple[ValueKind, ...]] = {
    "probability": (ValueKind.NUMBER,),
    "forecast_category": (ValueKind.CHOICE, ValueKind.TEXT),
    "closed_on": (ValueKind.DATE,),
}


def read_process(value: Any, owner: Object, version: int = 1) -> Process:
    """The Process that the JSON defines over the Object ``owner``.

    Raises Invalid naming the place (``states[2].kind``) for a missing open state, a state that cannot be reached, a
    Field that is unknown or of the wrong type, a key that occurs twice, and everything else that would not work.
    """
    reader = Reader(value, Place())
    field = _choice_field(owner, reader, "field", required=True)
    process = Process(
        key=_key(reader),
        object=owner.key,
        field=cast(Field, field).key,
        label=reader.label("label"),
        version=version,
        states=_read_states(reader),
        transitions=(),
        is_default=reader.flag("is_default"),
        origin=cast(Any, reader.one_of("origin", ("system", "shipped", "custom"), "custom")),
        process_field=named.key if (named := _choice_field(owner, reader, "process_field")) else None,
        sum_field=_sum_field(owner, reader),
        derived=_read_derived(owner, reader),
    )
    reader.one_of("object", [owner.key], owner.key)
    transitions = _read_transitions(reader, process, owner)
    _check_reach(reader.place, process, transitions)
    reader.done()
    return replace(process, transitions=transitions)


def process_to_json(process: Process) -> dict[str, Any]:
    """The complete definition JSON; ``read_process`` reads it back to an equal Process."""
    return {
        "key": process.key,
        "object": process.object,
        "field": process.field,
        "process_field": process.process_field,
        "label": process.label.to_json(),
        "is_default": process.is_default,
        "origin": process.origin,
        "sum_field": process.sum_field,
        "derived": dict(process.derived),
        "states": [
            {
                "key": state.key,
                "label": state.label.to_json(),
                "kind": state.kind,
                "probability": state.probability,
                "forecast_category": state.forecast_category,
                "color": state.color,
                "guidance": state.guidance.to_json(),
            }
            for state in process.states
        ],
        "transitions": [
            {
                "key": move.key,
                "from": move.source,
                "to": move.to,
                "label": move.label.to_json(),
                "required": list(move.required),
            }
            for move in process.transitions
        ],
    }


def _key(reader: Reader) -> str:
    key = reader.text("key", required=True)
    if not _KEY.fullmatch(key):
        raise reader.place.at("key").refuse(
            Text(
                "应以小写字母开头，只含小写字母、数字和下划线",
                "must start with a lower-case letter and hold lower-case letters, digits and underscores only",
            ),
            found=key,
        )
    return key


def _known_field(owner: Object, place: Place, key: str) -> Field:
    found = owner.fields.get(key)
    if found is None or found.retired:
        raise place.refuse(
            Text("对象“{object}”没有字段“{key}”", "object “{object}” has no field “{key}”").fill(
                object=owner.label, key=key
            ),
            found=key,
        )
    return found


def _choice_field(owner: Object, reader: Reader, name: str, required: bool = False) -> Field | None:
    key = reader.text(name, required=required)
    if not key:
        return None
    found = _known_field(owner, reader.place.at(name), key)
    if found.type != "choice":
        raise reader.place.at(name).refuse(
            Text("“{field}”不是单选字段", "“{field}” is not a choice field").fill(field=found.label), found=key
        )
    return found


def _sum_field(owner: Object, reader: Reader) -> str | None:
    key = reader.text("sum_field")
    if not key:
        return None
    found = _known_field(owner, reader.place.at("sum_field"), key)
    if found.kind is not ValueKind.NUMBER or found.computed:
        raise reader.place.at("sum_field").refuse(
            Text("“{field}”不是可以合计的金额或数字", "“{field}” is not an amount or number to add up").fill(
                field=found.label
            ),
            found=key,
        )
    return key


def _read_derived(owner: Object, reader: Reader) -> dict[str, Any]:
    part = Reader(reader.part("derived"), reader.place.at("derived"))
    derived: dict[str, Any] = {}
    for name, kinds in _DERIVED_KINDS.items():
        key = part.text(name)
        if not key:
            continue
        found = _known_field(owner, part.place.at(name), key)
        if found.kind not in kinds or found.computed:
            raise part.place.at(name).refuse(
                Text("“{field}”的类型不合适", "“{field}” has the wrong type").fill(field=found.label), found=key
            )
        derived[name] = key
    status = dict(part.part("status"))
    if status:
        derived["status"] = _read_status(owner, status, part.place.at("status"))
    part.done()
    return derived


def _read_status(owner: Object, status: dict[str, Any], place: Place) -> dict[str, str]:
    """State kind -> choice of the Field ``status``; the Field itself may be named under ``field``."""
    field = _known_field(owner, place, str(status.pop("field", "status")))
    for kind, choice in status.items():
        if kind not in KINDS:
            raise place.at(kind).refuse(Text("没有这种阶段类型", "there is no such kind of state"), known=list(KINDS))
        if field.choices and choice not in field.choice_by_key:
            message = Text("“{value}”不在“{field}”的选项中", "“{value}” is not a choice of “{field}”")
            raise place.at(kind).refuse(message.fill(value=choice, field=field.label), found=choice)
    return {"field": field.key, **status}


def _read_states(reader: Reader) -> tuple[State, ...]:
    items = reader.items("states")
    place = reader.place.at("states")
    if not 1 <= len(items) <= MAXIMUM_STATES:
        raise place.refuse(
            Text("需要 1 到 {limit} 个阶段", "between 1 and {limit} states are needed").fill(limit=MAXIMUM_STATES)
        )
    states = tuple(_read_state(Reader(item, place.at(index)), index) for index, item in enumerate(items))
    _refuse_repeated(((state.key, place.at(index)) for index, state in enumerate(states)))
    if not any(state.kind == "open" for state in states):
        raise place.refuse(
            Text(
                "至少要有一个进行中的阶段，新记录从那里开始", "at least one state must be open: new records start there"
            ),
            code="no_open_state",
        )
    return states


def _read_state(reader: Reader, order: int) -> State:
    state = State(
        key=reader.text("key", required=True),
        label=reader.label("label"),
        kind=cast(StateKind, reader.one_of("kind", KINDS, "open")),
        order=order,
        probability=reader.integer("probability", 0, 0, 100),
        forecast_category=reader.text("forecast_category") or None,
        color=reader.text("color") or None,
        guidance=reader.label("guidance", EMPTY),
    )
    reader.done()
    return state


def _read_transitions(reader: Reader, process: Process, owner: Object) -> tuple[Transition, ...]:
    place = reader.place.at("transitions")
    found = tuple(
        _read_transition(Reader(item, place.at(index)), process, owner)
        for index, item in enumerate(reader.items("transitions"))
    )
    _refuse_repeated((move.key, place.at(index)) for index, move in enumerate(found))
    _refuse_repeated((f"{move.source or '*'} → {move.to}", place.at(index)) for index, move in enumerate(found))
    return found


def _read_transition(reader: Reader, process: Process, owner: Object) -> Transition:
    source = reader.text("from") or None
    to = reader.text("to", required=True)
    for name, key in (("from", source), ("to", to)):
        if key is not None and key not in process.state_by_key:
            raise reader.place.at(name).refuse(
                Text("没有名为“{key}”的阶段", "there is no state “{key}”").fill(key=key), found=key
            )
    required = reader.texts("required")
    for index, key in enumerate(required):
        one = _known_field(owner, reader.place.at("required").at(index), key)
        if one.computed:
            raise (
                reader.place.at("required")
                .at(index)
                .refuse(
                    Text("“{field}”由公式算出，不能要求填写", "“{field}” is computed and cannot be asked for").fill(
                        field=one.label
                    )
                )
            )
    move = Transition(
        key=reader.text("key", f"{source or 'any'}_to_{to}"),
        source=source,
        to=to,
        label=reader.label("label", process.state_by_key[to].label),
        required=required,
    )
    reader.done()
    return move


def _check_reach(place: Place, process: Process, transitions: tuple[Transition, ...]) -> None:
    """Where moves are listed, every state must be reachable by them from the first open one."""
    if not transitions:
        return
    reached, waiting = {process.initial.key}, [process.initial.key]
    while waiting:
        here = waiting.pop()
        for move in transitions:
            if move.source in (None, here) and move.to not in reached:
                reached.add(move.to)
                waiting.append(move.to)
    for index, state in enumerate(process.states):
        if state.key not in reached:
            raise (
                place.at("states")
                .at(index)
                .refuse(
                    Text("没有任何流转能到达阶段“{state}”", "no transition leads to the state “{state}”").fill(
                        state=state.label
                    ),
                    code="unreachable_state",
                    state=state.key,
                )
            )


def _refuse_repeated(keys: Iterable[tuple[str, Place]]) -> None:
    seen: set[str] = set()
    for key, place in keys:
        if key in seen:
            raise place.refuse(Text("“{key}”重复了", "“{key}” occurs twice").fill(key=key), code="repeated", found=key)
        seen.add(key)
