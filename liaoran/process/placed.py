"""The Conditions of a Process, each with its place in the definition: for whoever looks for what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from liaoran.kernel.conditions import Condition
from liaoran.kernel.text import Text
from liaoran.schema.processes import Process, StateCheck
from liaoran.schema.reading import Place


@dataclass(frozen=True, slots=True)
class Placed:
    """A Condition of the ``part`` (``exit``, ``goal``, …) of the state, transition or approval ``key``; ``where`` says so
    in words, ``label`` is what the Condition is called."""

    at: Place
    kind: Literal["state", "transition", "approval"]
    key: str
    part: str
    where: Text
    label: Text
    condition: Condition


def placed_conditions(process: Process) -> Iterator[Placed]:
    """All of them, in the order of the definition."""
    top = Place()
    for index, state in enumerate(process.states):
        at, where = top.at("states").at(index), _where("条件", "conditions", state.label)
        for part, checks in (("entry", state.entry), ("exit", state.exit)):
            for place, check in _each(at.at(part), checks):
                yield Placed(place, "state", state.key, part, where, check.label, check.condition)
        if state.goal is not None:
            place, said = at.at("goal").at("condition"), _where("目标", "goal", state.label)
            yield Placed(place, "state", state.key, "goal", said, state.goal.label, state.goal.condition)
    for index, move in enumerate(process.transitions):
        where = _where("条件", "conditions", move.label)
        for place, check in _each(top.at("transitions").at(index).at("conditions"), move.conditions):
            yield Placed(place, "transition", move.key, "conditions", where, check.label, check.condition)
    yield from _of_approvals(process)


def _of_approvals(process: Process) -> Iterator[Placed]:
    for index, approval in enumerate(process.approvals):
        at, where = Place().at("approvals").at(index), _where("审批条件", "approval", approval.label)

        def placed(place: Place, part: str, label: Text, condition: Condition) -> Placed:
            return Placed(place, "approval", approval.key, part, where, label, condition)  # noqa: B023

        if approval.condition is not None:
            yield placed(at.at("condition"), "condition", approval.label, approval.condition)
        for place, check in _each(at.at("needs"), approval.needs):
            yield placed(place, "needs", check.label, check.condition)
        for number, step in enumerate(approval.steps):
            if step.condition is not None:
                yield placed(at.at("steps").at(number).at("condition"), "steps", step.label, step.condition)


def _each(at: Place, checks: Iterable[StateCheck]) -> Iterator[tuple[Place, StateCheck]]:
    for index, check in enumerate(checks):
        yield at.at(index).at("condition"), check


def _where(zh: str, en: str, label: Text) -> Text:
    return Text(f"{zh}（{label.read('zh')}）", f"{en} ({label.read('en')})")
