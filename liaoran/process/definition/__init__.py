"""The definition JSON of a Process: read, completed and checked before it is published.

::

    {"key", "object", "field", "process_field", "label", "description", "is_default", "sum_field",
     "derived": {"status": {"open", "won", "lost", "other"}, "probability", "forecast_category", "closed_on"},
     "minimum": [fields], "comment_on": [kinds of moves], "forbid": [kinds of moves],
     "states": [{"key", "label", "kind", "probability", "forecast_category", "color", "guidance": {part: text},
                 "target_days", "maximum_days", "follow_up_days", "goal", "accountable", "inputs", "outputs",
                 "required", "entry", "exit", "actions", "on_leave", "hand_over", "team", "approval"}],
     "transitions": [{"key", "from", "to", "label", "required", "who", "conditions", "comment", "approval", "set"}],
     "approvals": [{"key", "label", "steps", "condition", "needs", "lock", "on_passed", "on_refused"}]}

No transitions means that every move is allowed. What each part means stands with its class in ``schema.processes``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from liaoran.access.scope import system_scope
from liaoran.kernel.text import EMPTY, Text
from liaoran.kernel.values import ValueKind
from liaoran.process.definition.approvals import read_approvals
from liaoran.process.definition.soundness import check_soundness
from liaoran.process.definition.states import KINDS, read_states
from liaoran.process.definition.subject import Subject, read_key
from liaoran.process.definition.transitions import read_kinds, read_transitions
from liaoran.process.prospect import prospective
from liaoran.schema.processes import Process
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Field, Object, Snapshot

_DERIVED_KINDS: Mapping[str, tuple[ValueKind, ...]] = {
    "probability": (ValueKind.NUMBER,),
    "forecast_category": (ValueKind.CHOICE, ValueKind.TEXT),
    "closed_on": (ValueKind.DATE,),
}


def read_process(value: Any, owner: Object, version: int = 1, *, snapshot: Snapshot | None = None) -> Process:
    """The Process that the JSON defines over the Object ``owner``. Conditions are checked where the catalogue is given:
    as it will be with this Process, so that they may name its own states.

    Raises Invalid naming the place (``states[2].kind``) for a missing open state, a state that cannot be reached, a
    Field that is unknown or of the wrong type, a key that occurs twice, and everything else that would not work.
    """
    process = _read(value, Subject(owner), version)
    if snapshot is None:
        return process
    trial = prospective(snapshot, process)
    return _read(value, Subject(trial.object(owner.key), system_scope(trial)), version)


def _read(value: Any, subject: Subject, version: int) -> Process:
    reader, owner = Reader(value, Place()), subject.owner
    field = subject.choice_field(reader, "field", required=True)
    chooser = subject.choice_field(reader, "process_field")
    process = Process(
        key=read_key(reader),
        object=owner.key,
        field=cast(Field, field).key,
        label=reader.label("label"),
        version=version,
        states=read_states(subject, reader),
        transitions=(),
        is_default=reader.flag("is_default"),
        origin=cast(Any, reader.one_of("origin", ("system", "shipped", "custom"), "custom")),
        description=reader.label("description", EMPTY),
        process_field=chooser.key if chooser else None,
        sum_field=_sum_field(subject, reader),
        derived=_derived(subject, reader),
        minimum=subject.filled_fields(reader, "minimum"),
        comment_on=read_kinds(reader, "comment_on"),
        forbid=read_kinds(reader, "forbid"),
    )
    reader.one_of("object", [owner.key], owner.key)
    process = replace(
        process,
        transitions=read_transitions(subject, reader, process.state_by_key),
        approvals=read_approvals(subject, reader, process.state_by_key),
    )
    reader.done()
    check_soundness(reader.place, process)
    return process


def _sum_field(subject: Subject, reader: Reader) -> str | None:
    key = reader.text("sum_field")
    if not key:
        return None
    found = subject.field(reader.place.at("sum_field"), key)
    if found.kind is not ValueKind.NUMBER or found.computed:
        raise reader.place.at("sum_field").refuse(
            Text("“{field}”不是可以合计的金额或数字", "“{field}” is not an amount or number to add up").fill(
                field=found.label
            ),
            found=key,
        )
    return key


def _derived(subject: Subject, reader: Reader) -> dict[str, Any]:
    part = Reader(reader.part("derived"), reader.place.at("derived"))
    derived: dict[str, Any] = {}
    for name, kinds in _DERIVED_KINDS.items():
        key = part.text(name)
        if not key:
            continue
        found = subject.field(part.place.at(name), key)
        if found.kind not in kinds or found.computed:
            raise part.place.at(name).refuse(
                Text("“{field}”的类型不合适", "“{field}” has the wrong type").fill(field=found.label), found=key
            )
        derived[name] = key
    status = dict(part.part("status"))
    if status:
        derived["status"] = _status(subject, status, part.place.at("status"))
    part.done()
    return derived


def _status(subject: Subject, status: dict[str, Any], place: Place) -> dict[str, str]:
    """State kind -> choice of the Field ``status``; the Field itself may be named under ``field``."""
    field = subject.field(place, str(status.pop("field", "status")))
    for kind, choice in status.items():
        if kind not in KINDS:
            raise place.at(kind).refuse(Text("没有这种阶段类型", "there is no such kind of state"), known=list(KINDS))
        if not isinstance(choice, str) or (field.choices and choice not in field.choice_by_key):
            message = Text("“{value}”不在“{field}”的选项中", "“{value}” is not a choice of “{field}”")
            raise place.at(kind).refuse(message.fill(value=choice, field=field.label), found=choice)
    return {"field": field.key, **status}
