"""What a state asks of people: Fields, actions, approvals, and the clicks that these cost (R226).

Read from the definition alone, so that it can be said of a draft as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from liaoran.schema.processes import Approval, Process, State, Transition

CLICKS_OF_A_MOVE = 2
"""Choosing where to go, and confirming."""
CLICKS_OF_A_STEP = 2
"""Opening an approval or a task, and deciding or ticking it."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What getting a record through one state takes. ``steps`` are decisions of approvers; ``checks`` are Conditions of
    gates, which cost nothing where the work is done anyway and are not counted as clicks."""

    fields: tuple[str, ...]
    must_actions: int
    should_actions: int
    steps: int
    comments: int
    checks: int

    @property
    def clicks(self) -> int:
        """At least so many: one for each Field, two for each must-action and each approver, one for a comment."""
        work = CLICKS_OF_A_STEP * (self.must_actions + self.steps)
        return CLICKS_OF_A_MOVE + len(self.fields) + work + self.comments

    @property
    def total(self) -> int:
        """Fields, must-actions and approvers together: what is compared with the threshold."""
        return len(self.fields) + self.must_actions + self.steps

    def to_json(self) -> dict[str, Any]:
        """As the page's table shows it."""
        return {
            "fields": len(self.fields),
            "must_actions": self.must_actions,
            "should_actions": self.should_actions,
            "approvals": self.steps,
            "checks": self.checks,
            "clicks": self.clicks,
        }


def demands_of(process: Process, state: State) -> Demands:
    """What the state asks for: Fields of its entry and of every way into it, its actions, and the approvals that are
    started in it or that a way out of it waits for."""
    ways_in = _ways_into(process, state)
    ways_out = [move for move in process.transitions if move.source == state.key]
    approvals = {key for key in (state.approval, *(move.approval for move in ways_out)) if key}
    return Demands(
        fields=asked_fields(process, state),
        must_actions=sum(1 for one in state.actions if one.must),
        should_actions=sum(1 for one in state.actions if not one.must),
        steps=sum(approvers(process.approval_by_key[key]) for key in approvals if key in process.approval_by_key),
        comments=1 if any(move.comment for move in ways_in) else 0,
        checks=len(state.entry) + len(state.exit) + sum(len(move.conditions) for move in ways_in),
    )


def asked_fields(process: Process, state: State) -> tuple[str, ...]:
    """The Fields that the state, or a way into it, requires, in their order and each once."""
    asked = [*state.required, *(key for move in _ways_into(process, state) for key in move.required)]
    return tuple(dict.fromkeys(asked))


def _ways_into(process: Process, state: State) -> list[Transition]:
    return [move for move in process.transitions if move.to == state.key]


def approvers(approval: Approval) -> int:
    """How many people decide at least: one for each step, as many as it counts where it counts."""
    return sum(step.count if step.mode == "count" else 1 for step in approval.steps)


def has_exit(process: Process, state: State) -> bool:
    """Whether something must hold before a record goes on from the state: an exit condition, an approval, a must-action,
    or what a way out of it asks for."""
    onward = [
        move
        for move in process.transitions
        if move.source == state.key and process.state_by_key[move.to].kind in ("open", "won")
    ]
    asked = bool(onward) and all(move.required or move.conditions or move.approval for move in onward)
    return bool(state.exit or state.approval or asked or any(one.must for one in state.actions))


def has_entry(process: Process, state: State) -> bool:
    """Whether something must hold before a record comes in: an entry condition, a required Field, what every way into it
    asks for, or the exit of the open state before it. The first state is where everything begins."""
    before = [one for one in process.states if one.kind == "open" and one.order < state.order]
    if state.key == process.initial.key or (before and has_exit(process, before[-1])):
        return True
    ways = _ways_into(process, state)
    return bool(state.entry or state.required or (ways and all(move.required or move.conditions for move in ways)))
