"""What a Process says about one record: which Process it follows, which state it is in, which transition a move takes.

Pure functions over values; the guard and the list of transitions both rest on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from liaoran.kernel.events import Door
from liaoran.query.plans import LeastRecentlyUsed
from liaoran.schema.processes import MoveKind, Process, State, Transition
from liaoran.schema.snapshot import Object, Snapshot


@dataclass(frozen=True)
class Track:
    """All Processes over one choice Field of an Object, in the order in which they are offered."""

    owner: Object
    field: str
    processes: tuple[Process, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Process]:
        """The Processes by key."""
        return {one.key: one for one in self.processes}

    @cached_property
    def default(self) -> Process:
        """The Process for records that name none."""
        return next((one for one in self.processes if one.is_default), self.processes[0])

    @cached_property
    def chooser(self) -> str | None:
        """The Field that says which Process a record follows, None where there is no choice."""
        return next((one.process_field for one in self.processes if one.process_field), None)

    def followed_by(self, values: Mapping[str, Any]) -> Process | None:
        """The Process that a record with these values follows; None where it names one that is not there any more."""
        key = values.get(self.chooser) if self.chooser else None
        return self.default if key is None else self.by_key.get(key)

    def state_meant(self, process: Process, value: str) -> State | None:
        """The state of the Process that a value of the Field means: by key, or by the label of the choice, since two
        Processes may call the same step by different keys."""
        found = process.state_by_key.get(value)
        if found is not None:
            return found
        choice = self.owner.fields[self.field].choice_by_key.get(value)
        if choice is None:
            return None
        words = {choice.label.zh, choice.label.en} - {""}
        named = [state for state in process.states if words & {state.label.zh, state.label.en}]
        return named[0] if len(named) == 1 else None


_tracks: LeastRecentlyUsed[tuple[Track, ...]] = LeastRecentlyUsed(500)


def tracks_of(snapshot: Snapshot, owner: Object) -> tuple[Track, ...]:
    """The tracks of an Object, kept per version of the catalogue; most Objects have one, or none."""
    return _tracks.get((snapshot.identity, owner.key), lambda: _build(owner))


def _build(owner: Object) -> tuple[Track, ...]:
    found: dict[str, list[Process]] = {}
    for process in owner.processes:
        found.setdefault(process.field, []).append(process)
    return tuple(Track(owner, field, tuple(processes)) for field, processes in found.items())


@dataclass(frozen=True, slots=True)
class Way:
    """A move of a record that is in a state of the Process: what kind of move it is, by which transition (None where
    none are listed), and whether the Process knows it at all."""

    kind: MoveKind
    transition: Transition | None
    allowed: bool


def way_between(process: Process, source: State, to: State) -> Way:
    """The way from one state to another."""
    kind, transition = kind_of_move(process, source, to), transition_between(process, source.key, to.key)
    listed = transition is not None or not process.transitions
    exact = transition is not None and transition.source is not None
    return Way(kind, transition, listed and (exact or kind not in process.forbid))


def kind_of_move(process: Process, source: State, to: State) -> MoveKind:
    """Onwards by one open state or over some, back, to an end, or from an end back to work."""
    if not to.is_open:
        return {"won": "win", "lost": "lose", "other": "close"}[to.kind]  # type: ignore[return-value]
    if not source.is_open:
        return "reopen"
    steps = [state.key for state in process.states if state.is_open]
    distance = steps.index(to.key) - steps.index(source.key)
    if distance < 0:
        return "back"
    return "forward" if distance == 1 else "skip"


def transition_between(process: Process, source: str, to: str) -> Transition | None:
    """The transition that a move takes: one from exactly this state before one from anywhere."""
    matching = [move for move in process.transitions if move.to == to and move.source in (source, None)]
    return next((move for move in matching if move.source is not None), matching[0] if matching else None)


def entry_requirements(process: Process, to: str) -> tuple[str, ...]:
    """Fields that every way into the state asks for. They are asked for whenever a record is in the state without
    having come by a transition: at create, after a change of Process, and when one of them is emptied later."""
    ways = [move for move in process.transitions if move.to == to]
    if not ways:
        return ()
    return tuple(key for key in ways[0].required if all(key in move.required for move in ways[1:]))


def is_work_here(door: Door, at: datetime, now: datetime, *, new: bool) -> bool:
    """Whether an entry into a state has anything begin here: tasks, an approval. What an import or a history brings in
    has been worked on elsewhere, and what is taken back has been; only an import that moves a record on from where it was
    here is work here."""
    if door in (Door.DEMO, Door.UNDO) or at < now:
        return False
    return not new or door is not Door.IMPORT
