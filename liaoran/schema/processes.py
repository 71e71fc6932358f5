"""Process 流程 as the catalogue holds it: states, transitions and what each of them asks for, does and tells.

Immutable, like the rest of the Snapshot. ``process_json`` turns it into the stored definition and back; ``process``
checks a definition before it is published, and keeps it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from liaoran.kernel.conditions import Condition
from liaoran.kernel.text import EMPTY, Text

Origin = Literal["system", "shipped", "custom"]
StateKind = Literal["open", "won", "lost", "other"]
WhoKind = Literal["owner", "actor", "role", "person", "department", "department_head", "manager", "field"]
OutputKind = Literal["document", "field", "record", "note"]
Leaving = Literal["carry", "close"]
Mode = Literal["any", "all", "count"]
CommentRule = Literal["never", "on_refusal", "always"]
MoveKind = Literal["forward", "skip", "back", "reopen", "win", "lose", "close"]


@dataclass(frozen=True)
class Who:
    """Whom a part of a Process means, seen from a record.

    ``owner`` the record's owner, ``actor`` whoever made the move, ``role`` everybody with the role ``key``, ``person``
    and ``department`` the one of ``id``, ``department_head`` the head of the record's department, ``manager`` the
    owner's manager ``level`` steps up, ``field`` the person in the Field ``key``.
    """

    kind: WhoKind
    key: str | None = None
    id: UUID | None = None
    level: int = 1


@dataclass(frozen=True)
class StateCheck:
    """A Condition that a gate asks for. ``label`` says it in the team's own words. ``always`` checks of an exit are
    asked for also when a record goes back or is lost."""

    key: str
    label: Text
    condition: Condition
    always: bool = False


@dataclass(frozen=True)
class Output:
    """What a stage or an action leaves behind: a document of a type, a filled Field, a record of an Object, a note."""

    kind: OutputKind
    label: Text = EMPTY
    document_type: str | None = None
    field: str | None = None
    object: str | None = None


@dataclass(frozen=True)
class ActionTemplate:
    """A task that is made when a record enters the state: for whom, due how many working days after, must or should."""

    key: str
    label: Text
    who: Who
    help: Text = EMPTY
    due_days: int = 0
    must: bool = False
    output: Output | None = None


@dataclass(frozen=True)
class Goal:
    """A measurable goal of a stage: tracked as met or not, and never in anybody's way."""

    label: Text
    condition: Condition


@dataclass(frozen=True)
class State:
    """A stage of a Process. ``probability`` in percent (0-100); ``*_days`` are days, fractions allowed.

    ``guidance`` holds texts by what they say: why, how, done, focus, difficulty, effect, script. ``required`` Fields
    are filled to enter the state by any way and stay filled; ``entry`` and ``exit`` are its gates. ``team`` names who
    takes part while a record is here, ``hand_over`` who becomes its owner.
    """

    key: str
    label: Text
    kind: StateKind
    order: int
    probability: int = 0
    forecast_category: str | None = None
    color: str | None = None
    guidance: Mapping[str, Text] = dataclasses.field(default_factory=dict)
    target_days: float | None = None
    maximum_days: float | None = None
    follow_up_days: float | None = None
    goal: Goal | None = None
    accountable: Who | None = None
    inputs: tuple[Text, ...] = ()
    outputs: tuple[Output, ...] = ()
    required: tuple[str, ...] = ()
    entry: tuple[StateCheck, ...] = ()
    exit: tuple[StateCheck, ...] = ()
    actions: tuple[ActionTemplate, ...] = ()
    on_leave: Leaving = "carry"
    hand_over: Who | None = None
    team: tuple[Who, ...] = ()
    approval: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether work goes on here."""
        return self.kind == "open"


@dataclass(frozen=True)
class Transition:
    """A permitted move; ``source`` None means from any state.

    ``required`` names Fields that must be filled, ``who`` may make the move (everybody who may edit where empty),
    ``comment`` says whether a comment is asked for, ``approval`` which approval must have passed since the record came
    to where it is, ``effects`` which Fields the move sets.
    """

    key: str
    source: str | None
    to: str
    label: Text = EMPTY
    required: tuple[str, ...] = ()
    who: tuple[Who, ...] = ()
    conditions: tuple[StateCheck, ...] = ()
    comment: bool = False
    approval: str | None = None
    effects: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class ApprovalStep:
    """One step of an approval: whoever ``who`` means decides, by any, all or ``count`` of them.

    Left out where ``condition`` does not hold; ``parallel`` runs together with the step before. ``*_hours`` are working
    hours.
    """

    key: str
    label: Text
    who: tuple[Who, ...]
    mode: Mode = "any"
    count: int = 1
    condition: Condition | None = None
    comment: CommentRule = "on_refusal"
    remind_hours: float | None = None
    escalate_hours: float | None = None
    escalate_to: Who | None = None
    parallel: bool = False


@dataclass(frozen=True)
class Approval:
    """An approval that stages and transitions of the Process may ask for. ``needs`` must hold for it to be started;
    ``lock`` keeps the record as it is meanwhile; ``passed_to`` and ``refused_to`` are states it moves on to."""

    key: str
    label: Text
    steps: tuple[ApprovalStep, ...]
    condition: Condition | None = None
    needs: tuple[StateCheck, ...] = ()
    lock: bool = True
    passed_to: str | None = None
    refused_to: str | None = None


@dataclass(frozen=True)
class Process:
    """The published version of a Process over one choice Field (``field``, for example stage) of an Object.

    ``process_field`` is the choice Field that says which Process a record follows (None where there is one only),
    ``sum_field`` the money Field that totals add up. ``derived`` names the Fields that the engine keeps in step with
    the state: ``status`` maps state kinds to its values, ``probability``, ``forecast_category`` and ``closed_on`` name
    the Field. ``minimum`` Fields are filled in every open state, whatever is written. Moves of the kinds in
    ``comment_on`` ask for a comment; those in ``forbid`` are only possible by a transition from exactly that state.
    """

    key: str
    object: str
    field: str
    label: Text
    version: int
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    is_default: bool = False
    origin: Origin = "custom"
    description: Text = EMPTY
    process_field: str | None = None
    sum_field: str | None = None
    derived: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    minimum: tuple[str, ...] = ()
    comment_on: tuple[MoveKind, ...] = ()
    forbid: tuple[MoveKind, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @cached_property
    def state_by_key(self) -> Mapping[str, State]:
        """States by key."""
        return {state.key: state for state in self.states}

    @cached_property
    def approval_by_key(self) -> Mapping[str, Approval]:
        """Approvals by key."""
        return {one.key: one for one in self.approvals}

    @property
    def initial(self) -> State:
        """Where a new record starts: the first open state."""
        return next(state for state in self.states if state.kind == "open")
