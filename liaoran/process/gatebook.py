"""The gates of a Process as Checks, made once per version of the catalogue.

A Check is what the one SELECT of the write path evaluates; its problem says in words what is missing and, in its
evidence, which part of which version of the Process asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from liaoran.kernel.conditions import AnyOf, Leaf, Not
from liaoran.kernel.errors import Problem
from liaoran.kernel.ports import Check
from liaoran.kernel.text import Text
from liaoran.process.moves import entry_requirements
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.schema.processes import Process, State, StateCheck, Transition
from liaoran.schema.snapshot import Object, Snapshot

Part = Literal["exit", "transition", "entry", "minimum"]

_FILL_IN = Text("进入“{state}”前请填写“{field}”", "fill in “{field}” before entering “{state}”")
_KEEP = Text("“{object}”在进行中必须填写“{field}”", "“{field}” must be filled while the {object} is open")
_WORDS: Mapping[Part, Text] = {
    "exit": Text("离开“{place}”前需要：{label}", "before leaving “{place}”: {label}"),
    "transition": Text("“{place}”需要：{label}", "for “{place}”: {label}"),
    "entry": Text("进入“{place}”需要：{label}", "to enter “{place}”: {label}"),
}
_APPROVED = Text("“{approval}”已通过", "“{approval}” has passed")


@dataclass(frozen=True)
class GateBook:
    """All Checks of one Process. States and transitions are asked for by key."""

    owner: Object
    process: Process

    @cached_property
    def minimum(self) -> tuple[Check, ...]:
        """What is filled in every open state."""
        fields = [self.owner.fields[key] for key in self._askable(self.process.minimum)]
        return tuple(
            self._filled("minimum", "", one.key, _KEEP.fill(object=self.owner.label, field=one.label)) for one in fields
        )

    @cached_property
    def exit(self) -> Mapping[str, tuple[Check, ...]]:
        """What has to hold before a state is left onwards."""
        return {one.key: self._checks("exit", one.key, one.label, one.exit) for one in self.process.states}

    @cached_property
    def exit_always(self) -> Mapping[str, tuple[Check, ...]]:
        """The part of it that has to hold also when a record goes back or is lost."""
        return {
            one.key: self._checks("exit", one.key, one.label, [each for each in one.exit if each.always])
            for one in self.process.states
        }

    @cached_property
    def entry(self) -> Mapping[str, tuple[Check, ...]]:
        """What has to hold to be in a state at all: Fields filled, entry Conditions."""
        return {
            one.key: (*self.kept[one.key].values(), *self._checks("entry", one.key, one.label, one.entry))
            for one in self.process.states
        }

    @cached_property
    def needs(self) -> Mapping[str, tuple[Check, ...]]:
        """What the approval that begins with a state needs, unless it turns out not to be needed itself."""
        found: dict[str, tuple[Check, ...]] = {}
        for one in self.process.states:
            approval = self.process.approval_by_key.get(one.approval or "")
            needs = approval.needs if approval else ()
            if approval and approval.condition is not None:
                idle = Not(approval.condition)
                needs = tuple(replace(need, condition=AnyOf((idle, need.condition))) for need in needs)
            keyed = [replace(need, key=f"{one.approval}.{need.key}") for need in needs]
            found[one.key] = self._checks("entry", one.key, one.label, keyed)
        return found

    @cached_property
    def kept(self) -> Mapping[str, Mapping[str, Check]]:
        """By state and Field: what has to stay filled while a record is there. Fields that every way in asks for count
        like the state's own."""
        kept: dict[str, dict[str, Check]] = {}
        for one in self.process.states:
            keys = dict.fromkeys((*one.required, *entry_requirements(self.process, one.key)))
            kept[one.key] = {key: self._asked("entry", one, key) for key in self._askable(keys)}
        return kept

    @cached_property
    def moves(self) -> Mapping[str, tuple[Check, ...]]:
        """What a transition asks for beyond the states at its ends."""
        return {one.key: self._of_transition(one) for one in self.process.transitions}

    def filled(self, move: Transition | None) -> tuple[Check, ...]:
        """The Fields that a transition wants filled beyond those of the state that it leads to."""
        if move is None:
            return ()
        target = self.process.state_by_key[move.to]
        keys = [key for key in self._askable(move.required) if key not in self.kept[move.to]]
        return tuple(self._asked("transition", target, key) for key in keys)

    def _of_transition(self, move: Transition) -> tuple[Check, ...]:
        target = self.process.state_by_key[move.to]
        conditions = list(move.conditions)
        if move.approval:
            approval = self.process.approval_by_key[move.approval]
            passed = Leaf("evidence(approval)", "has", {"approval": move.approval, "since": "entered"})
            conditions.append(StateCheck(f"approval_{move.approval}", _APPROVED.fill(approval=approval.label), passed))
        return (*self.filled(move), *self._checks("transition", move.key, move.label or target.label, conditions))

    def _askable(self, keys: Iterable[str]) -> list[str]:
        fields = self.owner.fields
        return [key for key in keys if key in fields and not fields[key].retired]

    def _asked(self, part: Part, state: State, key: str) -> Check:
        message = _FILL_IN.fill(state=state.label, field=self.owner.fields[key].label)
        return self._filled(part, state.key, key, message)

    def _filled(self, part: Part, place: str, field: str, message: Text) -> Check:
        code = "required_for_transition" if place else "required_minimum"
        evidence = self._evidence(part, "state", place, field)
        key = ("filled", field, place, self.process.key, self.process.version)
        return Check(key, Leaf(field, "not_empty"), Problem(code, message, field, evidence))

    def _checks(self, part: Part, place: str, label: Text, checks: Iterable[StateCheck]) -> tuple[Check, ...]:
        name = "transition" if part == "transition" else "state"
        return tuple(
            Check(
                key=(part, place, one.key, self.process.key, self.process.version),
                condition=one.condition,
                problem=Problem(
                    "condition_unmet",
                    _WORDS[part].fill(place=label, label=one.label),
                    evidence=self._evidence(part, name, place, one.key) | {"label": one.label.to_json()},
                ),
            )
            for one in checks
        )

    def _evidence(self, part: Part, name: str, place: str, key: str) -> dict[str, object]:
        return {"part": part, name: place, "key": key, "process": self.process.key, "version": self.process.version}


_books: LeastRecentlyUsed[GateBook] = LeastRecentlyUsed(500)


def gate_book(snapshot: Snapshot, owner: Object, process: Process) -> GateBook:
    """The book of a published Process."""
    return _books.get((snapshot.identity, process.key), lambda: GateBook(owner, process))
