"""Ports: what a lower layer asks of an upper one. ``app.py`` puts the upper layer in.

``Guard`` is how ``process`` takes part in the write path of ``records`` although it lies above it. Guards see a batch
of candidates, never one record alone, so that an import is set-based through and through.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from liaoran.kernel.conditions import Condition
from liaoran.kernel.errors import Problem
from liaoran.kernel.events import EventKind


@dataclass(frozen=True, slots=True)
class Check:
    """A Condition that must hold on a candidate, and what to tell when it does not.

    Paths of the Condition read the candidate row; a path that starts with ``old.`` reads the row before the change
    (all empty at create). Checks with equal ``key`` are one and the same: they are compiled once and evaluated for all
    candidates that carry them in one SELECT. ``problem`` is given to a candidate that fails as it stands, with the
    value found added to its evidence where ``problem.field`` names a Field.
    """

    key: Hashable
    condition: Condition
    problem: Problem


@dataclass(slots=True)
class Candidate:
    """One record on its way through the write path.

    ``position`` is the place of the change in the caller's list. ``old`` and ``new`` hold the canonical values
    (``kernel.values``) of stored Fields by key, empty ones left out; ``old`` is None at create. ``given`` names the
    Fields that the writer named, so a Guard knows what somebody decided and what it may derive. ``version`` is the one
    before the change (0 at create); the change makes it one higher. ``at`` is the moment of the Event; ``by`` (a
    person, or None) and ``by_label`` say who made the change. ``told`` marks what took place earlier and elsewhere
    (history, demo): nothing can be done about it any more; ``carried`` what a change of the Process or a
    hand-over takes along.
    ``problems`` collects refusals; a candidate with problems takes no further part. ``checks`` collects what the one
    SELECT has to evaluate. ``changes`` is what the Event will hold, ``{field: (old, new)}``; it is known after
    ``derive`` and empty at create, where every value is new. ``stamps`` holds ``created_at`` and ``created_by`` as
    they are stored; ``into`` names the record that one which is merged lives on in.
    """

    position: int
    id: UUID
    kind: EventKind
    at: datetime
    by: UUID | None
    by_label: str
    old: Mapping[str, Any] | None
    new: dict[str, Any]
    given: frozenset[str] = frozenset()
    version: int = 0
    told: bool = False
    carried: bool = False
    problems: list[Problem] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    stamps: Mapping[str, Any] = field(default_factory=dict)
    into: UUID | None = None

    def put(self, key: str, value: Any) -> None:
        """Sets a value in ``new``; None empties the Field."""
        if value is None:
            self.new.pop(key, None)
        else:
            self.new[key] = value

    def changed(self, key: str) -> bool:
        """Whether the Field has another value than before; at create, whether it has a value at all."""
        before = self.old.get(key) if self.old is not None else None
        return bool(before != self.new.get(key))


Context_contra = TypeVar("Context_contra", contravariant=True)


class Guard(Protocol[Context_contra]):
    """Takes part in every write of every Object, whatever the door. ``records`` passes its own context."""

    def derive(self, context: Context_contra, candidates: Sequence[Candidate]) -> None:
        """Fills derived values into ``new``, adds ``checks`` and ``problems``. Pure: no input or output.

        Called once per batch, after defaults; all candidates are of one Object. Some may have problems already: what
        else is wrong with them is worth telling, as far as it does not rest on what could not be read.
        """
        ...

    def ask(self, context: Context_contra, candidates: Sequence[Candidate], *, beside: bool = False) -> None:
        """Sends what has to be looked up before any of this may change, to travel with the gates; what comes back adds
        ``problems``. ``beside`` asks for what belongs to the records beside their Fields, such as files."""
        ...

    async def after(self, context: Context_contra, candidates: Sequence[Candidate]) -> None:
        """Writes what belongs to the change beside the record (visits, totals), set-based, in the same transaction.

        Called once per batch with exactly the candidates that were written and did change.
        """
        ...
