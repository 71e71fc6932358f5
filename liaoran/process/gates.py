"""Gates: what a move has to meet, and what a record has to go on meeting while it stays.

Leaving the old state, the transition, entering the new one: each asks for its Checks, which PostgreSQL evaluates on the
candidate row in one statement. What depends on the actor alone is settled here.
"""

from __future__ import annotations

from collections.abc import Iterable

from liaoran.kernel.conditions import Condition
from liaoran.kernel.errors import Problem
from liaoran.kernel.events import Door
from liaoran.kernel.ports import Candidate, Check
from liaoran.kernel.text import Text
from liaoran.process.gatebook import GateBook, gate_book
from liaoran.process.moves import Way, is_work_here, way_between
from liaoran.process.who import permission
from liaoran.records.context import WriteContext
from liaoran.schema.processes import MoveKind, Process, State

NOT_ALLOWED = Text(
    "流程“{process}”不能从“{source}”到“{to}”", "the process “{process}” has no way from “{source}” to “{to}”"
)
NOT_PERMITTED = Text(
    "您不能把记录从“{source}”推进到“{to}”，请联系有权的同事",
    "you may not move this from “{source}” to “{to}”; ask a colleague who may",
)
COMMENT = Text("从“{source}”到“{to}”需要写明原因", "moving from “{source}” to “{to}” needs a reason")
_ONWARDS: frozenset[MoveKind] = frozenset({"forward", "skip", "win", "close"})


def gate_of_move(
    context: WriteContext, process: Process, before: State | None, state: State, candidate: Candidate
) -> None:
    """Adds what the move into ``state`` has to meet. ``before`` is None for a record that is new to the Process."""
    ask_of_move(context, process, before, state, candidate)
    if before is None:
        return
    way = way_between(process, before, state)
    asked = way.allowed and not candidate.told and asks_for_comment(process, way)
    if asked and not _says_why(context):
        candidate.problems.append(Problem("comment_required", _between(COMMENT, before, state), "comment"))


def ask_of_move(
    context: WriteContext, process: Process, before: State | None, state: State, candidate: Candidate
) -> None:
    """The gate of a move but for the comment, which comes with the move itself. A move that is told of afterwards is a
    fact: of it, only the Fields that the transition and the state want filled are asked for."""
    book = gate_book(context.snapshot, context.object, process)
    if before is None:
        needs = _needs(context, book, state, candidate, new=True)
        candidate.checks += _distinct(book.entry[state.key], needs, _minimum(book, state))
        return
    way = way_between(process, before, state)
    if not way.allowed:
        message = NOT_ALLOWED.fill(process=process.label, source=before.label, to=state.label)
        allowed = [one.key for one in process.states if one is not before and way_between(process, before, one).allowed]
        evidence = {"from": before.key, "to": state.key, "allowed": allowed, "process": process.key}
        candidate.problems.append(Problem("transition_not_allowed", message, process.field, evidence))
        return
    if candidate.told:
        candidate.checks += _distinct(book.filled(way.transition), book.kept[state.key].values())
        return
    needs = _needs(context, book, state, candidate, new=False)
    candidate.checks += _distinct(checks_of_move(book, before, state, way), needs)
    permitted = permitted_to_move(context, book, before, state, way)
    if isinstance(permitted, Check):
        candidate.checks.append(permitted)
    elif permitted is not None:
        candidate.problems.append(permitted)


def checks_of_move(book: GateBook, before: State, state: State, way: Way) -> tuple[Check, ...]:
    """Leaving, transition, entering, and the minimum of open states."""
    leaving = book.exit if way.kind in _ONWARDS else book.exit_always
    between = book.moves[way.transition.key] if way.transition else ()
    return _distinct(leaving[before.key], between, book.entry[state.key], _minimum(book, state))


def gate_of_stay(context: WriteContext, process: Process, state: State, candidate: Candidate) -> None:
    """What the state asks for must not be emptied while the record is in it; the minimum is asked for at every write."""
    book = gate_book(context.snapshot, context.object, process)
    kept = [check for key, check in book.kept[state.key].items() if key not in candidate.new and candidate.changed(key)]
    candidate.checks += _distinct(kept, _minimum(book, state))


def _says_why(context: WriteContext) -> bool:
    """Whether the move says why; taking something back is its own reason."""
    return bool((context.cause.note or "").strip()) or context.cause.door is Door.UNDO


def asks_for_comment(process: Process, way: Way) -> bool:
    """Whether the move asks for a reason."""
    return way.kind in process.comment_on or (way.transition is not None and way.transition.comment)


def permitted_to_move(
    context: WriteContext, book: GateBook, before: State, state: State, way: Way
) -> Problem | Check | None:
    """None where the actor may make the move; the problem where not; the Check where it depends on the record."""
    if way.transition is None or not way.transition.who:
        return None
    allowed = permission(way.transition.who, context.actor)
    if allowed is True:
        return None
    evidence = {"transition": way.transition.key, "process": book.process.key, "version": book.process.version}
    problem = Problem("not_permitted_to_move", _between(NOT_PERMITTED, before, state), evidence=evidence)
    if allowed is False:
        return problem
    key = ("who", way.transition.key, book.process.key, book.process.version)
    return Check(key, _condition(allowed), problem)


def _condition(allowed: bool | Condition) -> Condition:
    if isinstance(allowed, bool):
        raise TypeError("a permission that does not depend on the record")
    return allowed


def _needs(
    context: WriteContext, book: GateBook, state: State, candidate: Candidate, *, new: bool
) -> tuple[Check, ...]:
    """What the approval needs that would begin with the state."""
    begins = is_work_here(context.cause.door, candidate.at, context.now, new=new)
    return book.needs[state.key] if begins else ()


def _minimum(book: GateBook, state: State) -> tuple[Check, ...]:
    return book.minimum if state.is_open else ()


def _between(message: Text, before: State, state: State) -> Text:
    return message.fill(source=before.label, to=state.label)


def _distinct(*parts: Iterable[Check]) -> tuple[Check, ...]:
    """Each once; a Field that two parts ask for is told of once."""
    found: dict[object, Check] = {}
    for part in parts:
        for check in part:
            field = check.problem.field
            found.setdefault(("field", field) if field else check.key, check)
    return tuple(found.values())
