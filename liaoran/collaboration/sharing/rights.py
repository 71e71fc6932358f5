"""Who may share a record, and what is left of it in the record's history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from liaoran import audit
from liaoran.access.grants import ADMINISTRATOR
from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden, NotFound
from liaoran.kernel.events import Cause, EventKind
from liaoran.kernel.text import Text
from liaoran.records.context import WriteContext
from liaoran.records.loading import IN_BIN, NOT_FOUND, hold_rows
from liaoran.records.noting import note_event

_OWNER = "owner"
_MAY_NOT = Text("您可以查看这条记录，但不能共享", "you may see this record but not share it")


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do about the sharing of a record: nobody gives more than they have. ``owner`` is whom the
    record belongs to, where it belongs to anybody."""

    share: bool
    edit: bool
    owner: UUID | None


@dataclass(frozen=True, slots=True)
class SharedRecord:
    """A record whose sharing is worked on, by whom and through which door."""

    tx: Transaction
    scope: Scope
    object: str
    record: UUID
    cause: Cause

    async def rights(self, *, lock: bool = False) -> Rights:
        """What the actor may do; ``lock`` holds the record to the end of the transaction. Raises NotFound where the
        actor does not see it."""
        self.scope.require(self.object, "read")
        owner = self.scope.snapshot.object(self.object)
        context = WriteContext(self.tx, self.scope, owner, self.cause, datetime.now(UTC))
        row = (await hold_rows(context, [self.record], ("edit", "share"), lock=lock)).get(str(self.record))
        if row is not None and row["__bin"]:
            raise NotFound(IN_BIN, code="in_bin")
        if row is None or not row["__read"]:
            raise NotFound(NOT_FOUND)
        belongs = row.get(_OWNER) if _OWNER in context.stored_fields else None
        share = row["__share"] and self.scope.may(self.object, "share")
        return Rights(share, row["__edit"], UUID(belongs) if belongs else None)

    async def require_share(self) -> Rights:
        """The rights of somebody who may share the record, which is locked. Raises NotFound, Forbidden."""
        found = await self.rights(lock=True)
        if not found.share:
            raise Forbidden(_MAY_NOT, code="may_not_share")
        return found

    async def note(self, what: str, share: UUID, **facts: Any) -> datetime:
        """Leaves an Event with the record, in the actor's own name, and an entry in the audit log; gives the moment of
        the Event."""
        noted = {name: value for name, value in facts.items() if name != "comment" and value is not None}
        noted = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in noted.items()}
        audit.note(self.tx, f"share.{what}", self.scope.actor, object=self.object, record=self.record, facts=noted)
        told = {"what": what, "id": str(share), **{name: value for name, value in facts.items() if value is not None}}
        # whoever may share need not be able to edit, and sharing changes nothing that an approval holds as it is
        scope = Scope(self.scope.snapshot, self.scope.actor, ADMINISTRATOR)
        return await note_event(
            self.tx, scope, self.object, self.record, EventKind.SHARING, told, self.cause, free=True
        )
