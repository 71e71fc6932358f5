"""What every step of the write path works on: the call, and one batch of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import LiaoranError, Problem, Refused
from liaoran.kernel.events import Cause, EventKind
from liaoran.kernel.ports import Candidate
from liaoran.records.changes import Change, Outcome, Past, Rejected, Written
from liaoran.records.shape import Shape, shape_of
from liaoran.schema.snapshot import Field, Object, Snapshot

Turn = Callable[[], Awaitable[None]]
"""Waits until a write may go to the tables: what many writes in a row do, each made ready while the one before is
being stored."""
Beside = Callable[[Sequence[UUID]], None]
"""Sends something along with the records of these ids."""


@dataclass(frozen=True)
class WriteContext:
    """One batch of a call: changes of one Object, by one Actor, for one Cause. ``now`` is the moment of the call (UTC).

    ``seen`` is the call's memory for values that do not change while it runs (compiled parsers, labels); ``turn`` is
    waited for before the first row is stored. ``beside`` is called with the ids of the records when they are on their
    way to the tables: what it sends goes there with them.
    """

    tx: Transaction
    scope: Scope
    object: Object
    cause: Cause
    now: datetime
    seen: dict[Any, Any] = field(default_factory=dict)
    turn: Turn | None = None
    beside: Beside | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The catalogue that the write works with."""
        return self.scope.snapshot

    @property
    def actor(self) -> Actor:
        """Who writes."""
        return self.scope.actor

    @cached_property
    def shape(self) -> Shape:
        """What the write path needs to know of the Object."""
        return shape_of(self.snapshot, self.object)

    @property
    def stored_fields(self) -> Mapping[str, Field]:
        """What candidates and Events hold: active Fields with columns of their own, stamps left out."""
        return self.shape.stored

    def moment(self, past: Past | None) -> datetime:
        """When a change takes place: as its writer says, else as the Cause says, else now."""
        return (past.at if past else None) or self.cause.at or self.now


@dataclass
class Batch:
    """At most ``LIMIT`` changes of one Object, each record at most once, and what has become of them so far.

    ``settled_owners`` are the records that the actor may not hand over to somebody else.
    """

    context: WriteContext
    changes: Sequence[tuple[int, Change]]
    candidates: list[Candidate] = field(default_factory=list)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    settled_owners: set[UUID] = field(default_factory=set)

    def sound(self) -> list[Candidate]:
        """The candidates that nothing speaks against so far."""
        return [one for one in self.candidates if not one.problems]

    def reject(
        self,
        position: int,
        problems: Sequence[Problem],
        kind: type[LiaoranError] = Refused,
        *,
        record: UUID | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Takes a change out of the batch for good."""
        self.outcomes[position] = Rejected(tuple(problems), kind, record, extra or {})

    def sift(self) -> None:
        """Turns candidates with problems into rejections; the sound ones stay."""
        for one in self.candidates:
            if one.problems:
                self.reject(one.position, one.problems, record=one.id)
        self.candidates = self.sound()

    def settle(self) -> None:
        """Notes what each candidate changes; those that change nothing are done, and nothing is written for them."""
        staying = []
        for one in self.candidates:
            if one.old is not None:
                one.changes = _differences(one.old, one.new)
            if one.changes or one.problems or one.kind is not EventKind.UPDATED:
                staying.append(one)
            else:
                self.outcomes[one.position] = Written(one.id, one.version, changed=False)
        self.candidates = staying


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    changes = {key: (old.get(key), value) for key, value in new.items() if old.get(key) != value}
    changes.update({key: (value, None) for key, value in old.items() if key not in new})
    return changes
