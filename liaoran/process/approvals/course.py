"""The course of one approval in memory: its steps in turns, the seats of each, and what changes hands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text
from liaoran.process.approvals.verdict import VOTES, SeatState, Verdict, verdict
from liaoran.schema.processes import CommentRule, Mode

ApprovalState = Literal["running", "passed", "refused", "returned", "recalled"]
StepState = Literal["waiting", "open", "passed", "refused", "skipped"]
Deciders = Literal["named", "escalated", "fallback"]
WENT_WITH = "went_with"
"""In the outcome: ``{action, open}``, with which action the record went into the bin, and the approval with it, and which
steps were open then."""


@dataclass(slots=True)
class Seat:
    """One person's place in a step; see ``tables.approval_seats``."""

    person: UUID
    person_label: str
    opened_at: datetime
    round: int
    id: UUID = field(default_factory=new_id)
    state: SeatState = "open"
    decided_at: datetime | None = None
    comment: str | None = None
    delegated_by: UUID | None = None
    delegated_by_label: str | None = None

    def settle(self, state: SeatState, now: datetime, comment: str | None = None) -> None:
        """What became of it, and when."""
        self.state, self.decided_at, self.comment = state, now, comment


@dataclass(slots=True)
class Step:
    """One step; see ``tables.approval_steps``."""

    key: str
    label: Text
    turn: int
    position: int
    mode: Mode
    count: int
    comment: CommentRule
    who: list[dict[str, Any]]
    condition: dict[str, Any] | None = None
    remind_hours: float | None = None
    escalate_hours: float | None = None
    escalate_to: dict[str, Any] | None = None
    id: UUID = field(default_factory=new_id)
    added_by: UUID | None = None
    added_by_label: str | None = None
    state: StepState = "waiting"
    round: int = 1
    deciders: Deciders = "named"
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    due_at: datetime | None = None
    remind_at: datetime | None = None
    escalate_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    seats: list[Seat] = field(default_factory=list)

    @property
    def votes(self) -> list[Seat]:
        """The seats of this round that count."""
        return [one for one in self.seats if one.round == self.round and one.state in VOTES]

    @property
    def holders(self) -> list[Seat]:
        """Those whose turn it is."""
        return [one for one in self.votes if one.state == "open"] if self.state == "open" else []

    def verdict(self) -> Verdict | None:
        """What the votes come to. Those whom it escalated or fell to decide by any of them."""
        mode: Mode = self.mode if self.deciders == "named" else "any"
        return verdict(mode, self.count, [one.state for one in self.votes])

    def seat_of(self, person: UUID | None) -> Seat | None:
        """The person's seat of this round, the latest where there were several."""
        found = [one for one in self.seats if one.round == self.round and one.person == person]
        return found[-1] if found else None

    def close(self, state: StepState, now: datetime) -> None:
        """Ends the step; seats that are still open close with it."""
        for one in self.seats:
            if one.state == "open":
                one.settle("closed", now)
        self.state, self.closed_at = state, now
        self.remind_at = self.escalate_at = None

    def begin_anew(self) -> None:
        """Back to waiting, with seats to be filled again."""
        self.round, self.state, self.deciders = self.round + 1, "waiting", "named"
        self.opened_at = self.closed_at = self.due_at = self.remind_at = self.escalate_at = None
        self.reminded_at = self.escalated_at = None


@dataclass(slots=True)
class Course:
    """One approval; see ``tables.approvals``."""

    process: str
    process_version: int
    object: str
    record_id: UUID
    record_label: str | None
    approval: str
    label: Text
    lock: bool
    state_key: str
    started_at: datetime
    started_by: UUID | None
    started_by_label: str
    comment: str | None = None
    id: UUID = field(default_factory=new_id)
    state: ApprovalState = "running"
    finished_at: datetime | None = None
    finished_by_label: str | None = None
    outcome: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    @property
    def open_steps(self) -> list[Step]:
        """Where it is now."""
        return [one for one in self.steps if one.state == "open"]

    @property
    def holders(self) -> list[Seat]:
        """Whose turn it is."""
        return [seat for step in self.open_steps for seat in step.holders]

    def turns(self) -> Iterator[list[Step]]:
        """The steps that run together, turn by turn."""
        for turn in sorted({one.turn for one in self.steps}):
            yield [one for one in self.steps if one.turn == turn]

    def next_turn(self) -> list[Step] | None:
        """The first turn that is not over; None where all are."""
        unfinished = (turn for turn in self.turns() if any(one.state in ("waiting", "open") for one in turn))
        return next(unfinished, None)

    def make_room(self, turn: int) -> None:
        """Frees a turn: what stood there or later comes one turn later."""
        for one in self.steps:
            if one.turn >= turn:
                one.turn += 1

    def put(self, step: Step) -> None:
        """Adds a step at its turn."""
        self.steps.append(step)
        self.steps.sort(key=lambda one: (one.turn, one.position))
        for position, one in enumerate(self.steps):
            one.position = position

    def finish(self, state: ApprovalState, now: datetime, by: str) -> None:
        """Ends it; what was still to be done is left out."""
        for one in self.steps:
            if one.state in ("waiting", "open"):
                one.close("skipped", now)
        self.state, self.finished_at, self.finished_by_label = state, now, by

    def go_along(self, action: UUID, now: datetime, by: str) -> None:
        """Recalls it because its record went with this action. What ``come_back`` needs is kept."""
        times = [(one, one.remind_at, one.escalate_at) for one in self.steps]
        went = {"action": str(action), "open": [str(one.id) for one in self.open_steps]}
        self.finish("recalled", now, by)
        for one, remind_at, escalate_at in times:
            one.remind_at, one.escalate_at = remind_at, escalate_at
        self.outcome = {**self.outcome, WENT_WITH: went}

    def come_back(self) -> None:
        """Lets it go on where it was when its record went."""
        were_open = self.outcome[WENT_WITH]["open"]
        for step in self.steps:
            if step.state != "skipped" or step.closed_at != self.finished_at:
                continue
            for seat in step.seats:
                if seat.state == "closed" and seat.decided_at == self.finished_at:
                    seat.state, seat.decided_at = "open", None
            step.state, step.closed_at = "open" if str(step.id) in were_open else "waiting", None
        self.state, self.finished_at, self.finished_by_label = "running", None, None
        self.outcome = {name: value for name, value in self.outcome.items() if name != WENT_WITH}


def in_turns(parallel: Sequence[bool]) -> list[int]:
    """The turn of each step: one that is parallel runs with the step before."""
    turns: list[int] = []
    for together in parallel:
        turns.append(turns[-1] if together and turns else len(set(turns)))
    return turns
