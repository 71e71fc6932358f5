"""Who works on approvals, for which cause and when; and what is told of it in the record's history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from liaoran.access.grants import ADMINISTRATOR
from liaoran.access.scope import Scope, system_scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.events import Cause, EventKind
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course, Step
from liaoran.records.context import WriteContext
from liaoran.records.loading import hold_rows
from liaoran.records.noting import note_events
from liaoran.schema.snapshot import Snapshot

NOT_FOUND = Text("审批不存在，或您无权查看", "the approval does not exist, or you may not see it")

Told = tuple[Course, str, Step | None, Mapping[str, Any]]
"""Of which approval what happened, in which step, and the details."""


@dataclass(frozen=True)
class Desk:
    """One who does something about approvals. ``now`` is the moment of it (UTC)."""

    tx: Transaction
    scope: Scope
    cause: Cause
    now: datetime

    @property
    def snapshot(self) -> Snapshot:
        """The catalogue."""
        return self.scope.snapshot

    @property
    def person(self) -> UUID | None:
        """Who it is, None for a machine."""
        return self.scope.actor.person

    @property
    def label(self) -> str:
        """Their name."""
        return self.scope.actor.label

    @cached_property
    def everything(self) -> Scope:
        """Reads and moves what the approval asks for, whatever the actor's own rights are."""
        return system_scope(self.snapshot, self.label, self.person)

    async def hold(self, object_key: str, record: UUID) -> dict[str, Any]:
        """Locks the record to the end of the transaction and gives its row: whoever does something about an approval
        waits for whoever is at it. Raises NotFound where it is gone."""
        owner = self.snapshot.object(object_key)
        context = WriteContext(self.tx, self.everything, owner, self.cause, self.now)
        row = (await hold_rows(context, [record], (), lock=True)).get(str(record))
        if row is None:
            raise NotFound(NOT_FOUND)
        return row

    async def note(self, course: Course, what: str, step: Step | None = None, **details: Any) -> None:
        """Leaves an Event with the record: who has done what about which approval."""
        await self.note_all([(course, what, step, details)])

    async def note_all(self, told: Sequence[Told]) -> None:
        """Leaves Events with many records, a few statements for all of them."""
        # Events in the actor's own name, of records that they need not be able to edit
        scope = Scope(self.snapshot, self.scope.actor, ADMINISTRATOR)
        by_object: dict[str, list[tuple[UUID, dict[str, Any]]]] = {}
        for course, what, step, details in told:
            said = {
                "what": what,
                "id": str(course.id),
                "approval": course.approval,
                "label": course.label.to_json(),
                **({"step": step.key, "step_label": step.label.to_json()} if step else {}),
                **{name: value for name, value in details.items() if value is not None},
            }
            by_object.setdefault(course.object, []).append((course.record_id, said))
        for object_key, events in by_object.items():
            await note_events(self.tx, scope, object_key, events, EventKind.APPROVAL, self.cause)
