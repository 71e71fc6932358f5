"""What a person holds beside records, kind by kind: each can be counted, given on, and put back as it was.

Every kind notes row by row what it changes; putting back leaves alone what somebody has changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.collaboration.hand_over.ledger import HandOver, note_change
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Snapshot

CHANGED_SINCE = Text("之后又被改动，保持现状", "it was changed since and stays as it is")


@dataclass
class Work:
    """One unit of work of a hand-over or its undo: everything in one transaction, by the person who asked for it."""

    tx: Transaction
    scope: Scope
    hand_over: HandOver
    cause: Cause
    now: datetime
    names: Mapping[UUID, str]

    def note(self, kind: str, key: object, before: object, after: object) -> None:
        """Notes what was changed beside records."""
        note_change(self.tx, self.hand_over, kind, key, before, after)


@dataclass(frozen=True, slots=True)
class Change:
    """One noted change."""

    kind: str
    key: str
    before: Any
    after: Any


class Kind(Protocol):
    """A kind of thing that a person holds. ``key`` is the part of the plan; ``changes`` the kinds it notes."""

    key: str
    label: Text
    changes: frozenset[str]

    async def count(self, tx: Transaction, snapshot: Snapshot, person: UUID) -> int:
        """How many there are."""
        ...

    async def give(self, work: Work) -> None:
        """Gives all of them on, counts and notes it. What cannot go stays and is told of."""
        ...

    async def put_back(self, work: Work, change: Change) -> bool:
        """Takes one noted change back; False where it was changed since."""
        ...
