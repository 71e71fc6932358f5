"""The catalogue as it will be once a Process is published: its states among the choices of the Field that holds them, the
Process among those that records may follow.

Publishing sets these choices; whoever reads a definition or tries a draft needs them before, since the Conditions of a
Process may name its own states.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from uuid import uuid4

from liaoran.kernel.text import Text
from liaoran.schema.processes import Process
from liaoran.schema.reading import Place
from liaoran.schema.snapshot import Choice, Field, Object, Snapshot

SAME_LABEL = Text(
    "阶段名“{label}”在另一个流程里的代号是“{key}”，请使用同一个代号",
    "a state “{label}” has the key “{key}” in another process; use the same key",
)


def siblings_of(owner: Object, process: Process) -> list[Process]:
    """The other Processes over the same Field."""
    return [one for one in owner.processes if one.key != process.key and one.field == process.field]


def offered_choices(processes: Sequence[Process]) -> dict[str, tuple[Choice, ...]]:
    """By Field the choices that Processes over one Field give it: their states, those of the default first; and the
    Processes themselves, where a Field says which one a record follows.

    Raises Invalid where two states of one name have different keys.
    """
    states: dict[str, Choice] = {}
    labels: dict[str, str] = {}
    for one in sorted(processes, key=lambda each: not each.is_default):
        for index, state in enumerate(one.states):
            label = state.label.read("zh")
            same = labels.setdefault(label, state.key)
            if state.key not in states and same != state.key:
                place = Place("states").at(index).at("key")
                raise place.refuse(SAME_LABEL.fill(label=label, key=same), code="duplicate_label", key=same)
            states.setdefault(state.key, Choice(state.key, state.label, state.color))
    offered = {processes[0].field: tuple(states.values())}
    chooser = next((one.process_field for one in processes if one.process_field), None)
    if chooser:
        offered[chooser] = tuple(Choice(one.key, one.label) for one in processes)
    return offered


def prospective(snapshot: Snapshot, process: Process) -> Snapshot:
    """The catalogue with the Process published, under a stamp of its own, so that nothing compiled for it is taken for
    the real one. Raises as ``offered_choices``."""
    owner = snapshot.object(process.object)
    siblings = siblings_of(owner, process)
    process = dataclasses.replace(process, is_default=process.is_default or not siblings)
    if process.is_default:
        siblings = [dataclasses.replace(one, is_default=False) for one in siblings]
    apart = [one for one in owner.processes if one.key != process.key and one.field != process.field]
    fields: Mapping[str, Field] = {
        **owner.fields,
        **{key: _offering(owner.fields[key], wanted) for key, wanted in offered_choices([*siblings, process]).items()},
    }
    trial = dataclasses.replace(owner, fields=fields, processes=(*apart, *siblings, process))
    return dataclasses.replace(snapshot, objects={**snapshot.objects, owner.key: trial}, stamp=uuid4().hex)


def _offering(field: Field, wanted: Sequence[Choice]) -> Field:
    """The Field with these choices; its present ones that are not among them stay as retired."""
    known = field.choice_by_key
    kept = [_as_known(one, known[one.key]) if one.key in known else one for one in wanted]
    gone = known.keys() - {one.key for one in wanted}
    retired = [dataclasses.replace(one, retired=True) for one in field.choices if one.key in gone]
    return dataclasses.replace(field, choices=(*kept, *retired))


def _as_known(wanted: Choice, known: Choice) -> Choice:
    return dataclasses.replace(known, label=wanted.label, color=wanted.color or known.color, retired=False)
