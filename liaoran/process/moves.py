"""What a Process says about one record: which Process it follows, which state it is in, which transition a move takes.

Pure functions over values; the guard and the list of transitions both rest on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liaoran.schema.snapshot import Object, Process, State, Transition


def process_fields(owner: Object) -> dict[str, tuple[Process, ...]]:
    """The Processes of an Object by the choice Field that they govern; most Objects have one such Field, or none."""
    found: dict[str, list[Process]] = {}
    for process in owner.processes:
        found.setdefault(process.field, []).append(process)
    return {field: tuple(processes) for field, processes in found.items()}


def default_of(processes: Sequence[Process]) -> Process:
    """The Process for records that name none."""
    return next((one for one in processes if one.is_default), processes[0])


def process_field_of(processes: Sequence[Process]) -> str | None:
    """The Field that says which Process a record follows, None where there is no choice."""
    return next((one.process_field for one in processes if one.process_field), None)


def followed_by(values: Mapping[str, Any], processes: Sequence[Process]) -> Process | None:
    """The Process that a record with these values follows; None where it names one that is not there (any more)."""
    chooser = process_field_of(processes)
    key = values.get(chooser) if chooser else None
    if key is None:
        return default_of(processes)
    return next((one for one in processes if one.key == key), None)


def state_meant(process: Process, owner: Object, value: str) -> State | None:
    """The state of the Process that a value of its Field means: by key, or by the label of the choice, since two
    Processes may call the same step by different keys."""
    found = process.state_by_key.get(value)
    if found is not None:
        return found
    choice = owner.fields[process.field].choice_by_key.get(value)
    if choice is None:
        return None
    words = {choice.label.zh, choice.label.en} - {""}
    named = [state for state in process.states if words & {state.label.zh, state.label.en}]
    return named[0] if len(named) == 1 else None


def transition_between(process: Process, source: str, to: str) -> Transition | None:
    """The transition that a move takes: one from exactly this state before one from anywhere."""
    matching = [move for move in process.transitions if move.to == to and move.source in (source, None)]
    return next((move for move in matching if move.source is not None), matching[0] if matching else None)


def may_move(process: Process, source: str, to: str) -> bool:
    """Whether the Process has a way from one state to the other; without listed transitions every way is open."""
    return not process.transitions or transition_between(process, source, to) is not None


def entry_requirements(process: Process, to: str) -> tuple[str, ...]:
    """Fields that every way into the state asks for. They are asked for whenever a record is in the state without
    having come by a transition: at create, after a change of Process, and when one of them is emptied later."""
    ways = [move for move in process.transitions if move.to == to]
    if not ways:
        return ()
    return tuple(key for key in ways[0].required if all(key in move.required for move in ways[1:]))
