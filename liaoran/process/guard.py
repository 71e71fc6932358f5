"""The guard of Processes in the write path: states, derived values, gates, then visits and totals.

It runs for every write through whichever door, so a gate that holds on the board holds in an import as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from liaoran.kernel.errors import Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.process.derived import derive_values
from liaoran.process.gates import gate_of_move, gate_of_stay
from liaoran.process.moves import default_of, followed_by, process_field_of, process_fields, state_meant
from liaoran.process.totals import totals_delta
from liaoran.process.upkeep import keep_up
from liaoran.process.visits import visits_delta
from liaoran.records.context import WriteContext
from liaoran.schema.snapshot import Object, Process, State

NO_SUCH_PROCESS = Text("没有名为“{value}”的流程", "there is no process “{value}”")
NOT_OF_PROCESS = Text("流程“{process}”没有阶段“{value}”", "the process “{process}” has no state “{value}”")
NEEDS_STATE = Text(
    "换到流程“{process}”时,请同时选择“{field}”", "when changing to the process “{process}”, choose “{field}” as well"
)
STATE_REQUIRED = Text("“{field}”不能为空", "“{field}” is required")
AMBIGUOUS = Text(
    "有多个流程包含阶段“{value}”,请同时选择流程",
    "more than one process has the state “{value}”; choose the process too",
)


class ProcessGuard:
    """Implements ``kernel.ports.Guard`` for all Processes of all Objects."""

    def derive(self, context: WriteContext, candidates: Sequence[Candidate]) -> None:
        """Settles Process and state, fills what follows from them, adds the gate of the move."""
        for field, processes in process_fields(context.object).items():
            for candidate in candidates:
                if candidate.kind in (EventKind.CREATED, EventKind.UPDATED):
                    _derive_one(context, field, processes, candidate)

    async def after(self, context: WriteContext, candidates: Sequence[Candidate]) -> None:
        """Closes and opens visits and moves totals, one statement for the batch."""
        fields = process_fields(context.object)
        if not fields:
            return
        visits: list[dict[str, Any]] = []
        totals: list[dict[str, Any]] = []
        for field, processes in fields.items():
            visits += visits_delta(context.object, field, processes, candidates)
            totals += totals_delta(context.object, field, processes, candidates)
        await keep_up(context.tx, context.object.key, visits, totals)


def _derive_one(context: WriteContext, field: str, processes: tuple[Process, ...], candidate: Candidate) -> None:
    process = _settle_process(context.object, field, processes, candidate)
    if process is None:
        return
    before = _state_before(field, processes, candidate, process)
    state = _settle_state(context.object, process, candidate)
    if state is None:
        return
    moved = before is None or before.key != state.key
    derive_values(context, process, state, candidate, before=before, moved=moved)
    if moved:
        gate_of_move(context.object, process, before, state, candidate)
    else:
        gate_of_stay(context.object, process, state, candidate)


def _settle_process(owner: Object, field: str, processes: tuple[Process, ...], candidate: Candidate) -> Process | None:
    """The Process that the record follows from now on, noted on the record where it has a Field for it."""
    chooser = process_field_of(processes)
    if candidate.old is None and chooser and chooser not in candidate.new:
        return _process_of_new(owner, chooser, processes, candidate, field)
    process = followed_by(candidate.new, processes)
    if process is None and chooser:
        message = NO_SUCH_PROCESS.fill(value=candidate.new[chooser])
        candidate.problems.append(Problem("unknown_process", message, chooser))
        return None
    if process is not None and candidate.old is not None and chooser and candidate.changed(chooser):
        candidate.put(chooser, process.key)
        if followed_by(candidate.old, processes) is not process and field not in candidate.given:
            message = NEEDS_STATE.fill(process=process.label, field=owner.fields[field].label)
            states = [state.key for state in process.states]
            candidate.problems.append(Problem("state_required", message, field, {"allowed": states}))
            return None
    return process


def _process_of_new(
    owner: Object, chooser: str, processes: tuple[Process, ...], candidate: Candidate, field: str
) -> Process | None:
    """The default Process, unless only another one knows the state that was given."""
    value = candidate.new.get(field)
    process = default_of(processes)
    if value is not None and state_meant(process, owner, value) is None:
        others = [one for one in processes if state_meant(one, owner, value) is not None]
        if len(others) > 1:
            evidence = {"value": value, "allowed": [one.key for one in others]}
            candidate.problems.append(Problem("process_required", AMBIGUOUS.fill(value=value), chooser, evidence))
            return None
        process = others[0] if others else process
    candidate.put(chooser, process.key)
    return process


def _state_before(field: str, processes: tuple[Process, ...], candidate: Candidate, process: Process) -> State | None:
    """The state of the same Process that the record is in; None for a record that is new to it."""
    if candidate.old is None or followed_by(candidate.old, processes) is not process:
        return None
    return process.state_by_key.get(candidate.old.get(field, ""))


def _settle_state(owner: Object, process: Process, candidate: Candidate) -> State | None:
    field = owner.fields[process.field]
    value = candidate.new.get(process.field)
    if value is None:
        if candidate.old is not None and candidate.old.get(process.field) is not None:
            message = STATE_REQUIRED.fill(field=field.label)
            candidate.problems.append(Problem("required", message, field.key))
            return None
        candidate.put(process.field, process.initial.key)
        return process.initial
    state = state_meant(process, owner, value)
    if state is None and not candidate.changed(process.field):
        # a record whose state is of a former version stays where it is until somebody moves it
        return None
    if state is None:
        choice = field.choice_by_key.get(value)
        message = NOT_OF_PROCESS.fill(process=process.label, value=choice.label if choice else value)
        evidence = {"value": value, "process": process.key, "allowed": [one.key for one in process.states]}
        candidate.problems.append(Problem("unknown_state", message, field.key, evidence))
        return None
    candidate.put(process.field, state.key)
    return state
