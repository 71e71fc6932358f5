"""Gates: what a move has to meet. They become ``Check``s, which PostgreSQL evaluates on the candidate row."""

from __future__ import annotations

from functools import lru_cache

from liaoran.kernel.conditions import Leaf
from liaoran.kernel.errors import Problem
from liaoran.kernel.ports import Candidate, Check
from liaoran.kernel.text import Text
from liaoran.process.moves import entry_requirements, transition_between
from liaoran.records.context import WriteContext
from liaoran.schema.processes import Process, State
from liaoran.schema.snapshot import Object

NOT_ALLOWED = Text(
    "流程“{process}”不能从“{source}”到“{to}”", "the process “{process}” has no way from “{source}” to “{to}”"
)
FILL_IN = Text("进入“{state}”前请填写“{field}”", "fill in “{field}” before entering “{state}”")


def gate_of_move(
    context: WriteContext, process: Process, before: State | None, state: State, candidate: Candidate
) -> None:
    """Adds what the move into ``state`` has to meet. ``before`` is None for a record that is new to the Process."""
    if before is None or not process.transitions:
        candidate.checks.extend(_entry_checks(context, process, state))
        return
    move = transition_between(process, before.key, state.key)
    if move is None:
        ways = [one.to for one in process.transitions if one.source in (before.key, None)]
        message = NOT_ALLOWED.fill(process=process.label, source=before.label, to=state.label)
        evidence = {"from": before.key, "to": state.key, "allowed": ways, "process": process.key}
        candidate.problems.append(Problem("transition_not_allowed", message, process.field, evidence))
        return
    candidate.checks.extend(requirements(context.object, process, state, move.required))


def gate_of_stay(context: WriteContext, process: Process, state: State, candidate: Candidate) -> None:
    """What every way into the state asked for must not be emptied while the record is in it."""
    checks = _entry_checks(context, process, state)
    if checks:
        emptied = [one for one in checks if one.problem.field not in candidate.new]
        candidate.checks.extend(one for one in emptied if candidate.changed(one.problem.field or ""))


def _entry_checks(context: WriteContext, process: Process, state: State) -> tuple[Check, ...]:
    mark = ("entry", process.key, state.key)
    found: tuple[Check, ...] | None = context.seen.get(mark)
    if found is None:
        keys = entry_requirements(process, state.key)
        found = context.seen[mark] = requirements(context.object, process, state, keys)
    return found


def requirements(owner: Object, process: Process, state: State, keys: tuple[str, ...]) -> tuple[Check, ...]:
    """Checks that the Fields are filled."""
    fields = [owner.fields[key] for key in keys if key in owner.fields and not owner.fields[key].retired]
    place = (process.key, process.version, state.key, state.label)
    return tuple(_filled(place, one.key, one.label) for one in fields)


@lru_cache(maxsize=4096)
def _filled(place: tuple[str, int, str, Text], field: str, label: Text) -> Check:
    process, version, state, state_label = place
    return Check(
        key=("filled", field, state, process, version),
        condition=Leaf(field, "not_empty"),
        problem=Problem(
            "required_for_transition",
            FILL_IN.fill(state=state_label, field=label),
            field,
            {"state": state, "process": process, "version": version},
        ),
    )
