"""What every step of the write path knows about the call it works for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.events import Cause
from liaoran.schema.snapshot import Object, Snapshot


@dataclass(frozen=True, slots=True)
class WriteContext:
    """One batch: changes of one Object, by one Actor, for one Cause. ``now`` is the moment of the call (UTC)."""

    tx: Transaction
    scope: Scope
    object: Object
    cause: Cause
    now: datetime

    @property
    def snapshot(self) -> Snapshot:
        """The catalogue that the write works with."""
        return self.scope.snapshot

    @property
    def actor(self) -> Actor:
        """Who writes."""
        return self.scope.actor
