"""Transitions of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast, get_args

from liaoran.kernel.text import Text
from liaoran.process.definition.parts import read_checks, read_each, read_who
from liaoran.process.definition.subject import Subject, refuse_repeated
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.processes import MoveKind, State, Transition
from liaoran.schema.reading import Reader
from liaoran.schema.registry import FIELD_TYPES


def read_transitions(subject: Subject, reader: Reader, states: Mapping[str, State]) -> tuple[Transition, ...]:
    """The transitions. Raises Invalid for an unknown state and for two of the same way."""
    found = read_each(reader, "transitions", partial(_transition, subject, states))
    place = reader.place.at("transitions")
    refuse_repeated((move.key, place.at(index)) for index, move in enumerate(found))
    refuse_repeated((f"{move.source or '*'} → {move.to}", place.at(index)) for index, move in enumerate(found))
    return found


def read_kinds(reader: Reader, name: str) -> tuple[MoveKind, ...]:
    """A list of kinds of moves."""
    known, found = get_args(MoveKind), reader.texts(name)
    for index, kind in enumerate(found):
        if kind not in known:
            message = Text("没有这种流转", "there is no such kind of move")
            raise reader.place.at(name).at(index).refuse(message, found=kind, known=list(known))
    return cast(tuple[MoveKind, ...], found)


def _transition(subject: Subject, states: Mapping[str, State], reader: Reader) -> Transition:
    source, to = reader.text("from") or None, reader.text("to", required=True)
    for name, key in (("from", source), ("to", to)):
        if key is not None and key not in states:
            message = Text("没有名为“{key}”的阶段", "there is no state “{key}”").fill(key=key)
            raise reader.place.at(name).refuse(message, found=key)
    move = Transition(
        key=reader.text("key", f"{source or 'any'}_to_{to}"),
        source=source,
        to=to,
        label=reader.label("label", states[to].label),
        required=subject.filled_fields(reader, "required"),
        who=read_each(reader, "who", partial(read_who, subject)),
        conditions=read_checks(subject, reader, "conditions"),
        comment=reader.flag("comment"),
        approval=reader.text("approval") or None,
        effects=_effects(subject, reader),
    )
    reader.done()
    return move


def _effects(subject: Subject, reader: Reader) -> dict[str, Any]:
    """Fields that the move sets, in canonical values; null empties."""
    place, effects = reader.place.at("set"), dict[str, Any]()
    for key, raw in reader.part("set").items():
        one = subject.field(place.at(key), key)
        if one.computed or one.readonly:
            message = Text("“{field}”由系统维护，不能设置", "“{field}” is kept by the system and cannot be set")
            raise place.at(key).refuse(message.fill(field=one.label), found=key)
        try:
            effects[key] = None if raw is None else FIELD_TYPES[one.type].parse(raw, one, ParseContext())
        except ValueProblem as refused:
            raise place.at(key).refuse(refused.problem.message, refused.problem.code, found=raw) from None
    return effects
