"""The guard of Processes in the write path: states, derived values, gates, then visits and totals.

It runs for every write through whichever door, so a gate that holds on the board holds in an import as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from liaoran.kernel.errors import Problem
from liaoran.kernel.events import Door, EventKind
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.process.approvals.following import carry_on_approvals_of_returned, end_approvals_of_gone
from liaoran.process.approvals.lock import ask_for_locks
from liaoran.process.derived import derive_values, take_effects
from liaoran.process.following import follow_moves, moves_made
from liaoran.process.gates import gate_of_move, gate_of_stay
from liaoran.process.moves import Track, tracks_of
from liaoran.process.totals import totals_delta
from liaoran.process.upkeep import keep_up
from liaoran.process.visits import visits_delta
from liaoran.records.context import WriteContext
from liaoran.schema.processes import Process, State

NO_SUCH_PROCESS = Text("没有名为“{value}”的流程", "there is no process “{value}”")
NOT_OF_PROCESS = Text("流程“{process}”没有阶段“{value}”", "the process “{process}” has no state “{value}”")
NEEDS_STATE = Text(
    "换到流程“{process}”时，请同时选择“{field}”", "when changing to the process “{process}”, choose “{field}” as well"
)
STATE_REQUIRED = Text("“{field}”不能为空", "“{field}” is required")
AMBIGUOUS = Text(
    "有多个流程包含阶段“{value}”，请同时选择流程",
    "more than one process has the state “{value}”; choose the process too",
)


class ProcessGuard:
    """Implements ``kernel.ports.Guard`` for all Processes of all Objects."""

    def derive(self, context: WriteContext, candidates: Sequence[Candidate]) -> None:
        """Settles Process and state, fills what follows from them, adds the gate of the move."""
        for track in tracks_of(context.snapshot, context.object):
            for candidate in candidates:
                if candidate.kind in (EventKind.CREATED, EventKind.UPDATED):
                    _derive_one(context, track, candidate)

    def ask(self, context: WriteContext, candidates: Sequence[Candidate], *, beside: bool = False) -> None:
        """Asks which records an approval locks; what belongs to one beside its Fields is changed by those alone whose
        turn it is."""
        ask_for_locks(context, candidates, but_holder=beside)

    async def after(self, context: WriteContext, candidates: Sequence[Candidate]) -> None:
        """Closes and opens visits and moves totals, one statement for the batch; then what stages do by themselves."""
        tracks = tracks_of(context.snapshot, context.object)
        if not tracks:
            return
        entries = [entry for track in tracks for entry in visits_delta(track, candidates)]
        deltas = [delta for track in tracks for delta in totals_delta(track, candidates)]
        await keep_up(context.tx, context.object.key, entries, deltas)
        await end_approvals_of_gone(context, candidates)
        await carry_on_approvals_of_returned(context, candidates)
        if entries:
            for track in tracks:
                await follow_moves(context, moves_made(track, candidates))


def _derive_one(context: WriteContext, track: Track, candidate: Candidate) -> None:
    if any(problem.field in (track.field, track.chooser) for problem in candidate.problems):
        return
    process = _settle_process(track, candidate)
    if process is None:
        return
    before = _state_before(track, candidate, process)
    state = _settle_state(track, process, candidate)
    if state is None:
        return
    moved = before is None or before.key != state.key
    if before is not None and moved and not candidate.carried and context.cause.door is not Door.UNDO:
        take_effects(context, process, before, state, candidate)
    derive_values(context, process, state, candidate, before=before, moved=moved)
    if candidate.carried:
        return
    if moved:
        gate_of_move(context, process, before, state, candidate)
    elif candidate.old is not None:
        gate_of_stay(context, process, state, candidate)


def _settle_process(track: Track, candidate: Candidate) -> Process | None:
    """The Process that the record follows from now on, noted on the record where it has a Field for it."""
    chooser = track.chooser
    if candidate.old is None and chooser and chooser not in candidate.new:
        return _process_of_new(track, chooser, candidate)
    process = track.followed_by(candidate.new)
    if process is None and chooser:
        message = NO_SUCH_PROCESS.fill(value=candidate.new[chooser])
        candidate.problems.append(Problem("unknown_process", message, chooser))
        return None
    if process is not None and candidate.old is not None and chooser and candidate.changed(chooser):
        candidate.put(chooser, process.key)
        if track.followed_by(candidate.old) is not process and track.field not in candidate.given:
            message = NEEDS_STATE.fill(process=process.label, field=track.owner.fields[track.field].label)
            states = [state.key for state in process.states]
            candidate.problems.append(Problem("state_required", message, track.field, {"allowed": states}))
            return None
    return process


def _process_of_new(track: Track, chooser: str, candidate: Candidate) -> Process | None:
    """The default Process, unless only another one knows the state that was given."""
    value = candidate.new.get(track.field)
    process = track.default
    if value is not None and track.state_meant(process, value) is None:
        others = [one for one in track.processes if track.state_meant(one, value) is not None]
        if len(others) > 1:
            evidence = {"value": value, "allowed": [one.key for one in others]}
            candidate.problems.append(Problem("process_required", AMBIGUOUS.fill(value=value), chooser, evidence))
            return None
        process = others[0] if others else process
    candidate.put(chooser, process.key)
    return process


def _state_before(track: Track, candidate: Candidate, process: Process) -> State | None:
    """The state of the same Process that the record is in; None for a record that is new to it."""
    if candidate.old is None or track.followed_by(candidate.old) is not process:
        return None
    return process.state_by_key.get(candidate.old.get(track.field, ""))


def _settle_state(track: Track, process: Process, candidate: Candidate) -> State | None:
    field = track.owner.fields[track.field]
    value = candidate.new.get(track.field)
    if value is None:
        if candidate.old is not None and candidate.old.get(track.field) is not None:
            message = STATE_REQUIRED.fill(field=field.label)
            candidate.problems.append(Problem("required", message, field.key))
            return None
        candidate.put(track.field, process.initial.key)
        return process.initial
    state = track.state_meant(process, value)
    stays = candidate.old is not None and track.followed_by(candidate.old) is process
    if state is None and stays and not candidate.changed(track.field):
        # a record whose state is of a former version stays where it is until somebody moves it
        return None
    if state is None:
        choice = field.choice_by_key.get(value)
        message = NOT_OF_PROCESS.fill(process=process.label, value=choice.label if choice else value)
        evidence = {"value": value, "process": process.key, "allowed": [one.key for one in process.states]}
        candidate.problems.append(Problem("unknown_state", message, field.key, evidence))
        return None
    candidate.new[track.field] = state.key
    return state
