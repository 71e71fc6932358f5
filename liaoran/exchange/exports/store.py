"""The table of exports: making, reading and changing its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from liaoran.exchange.tables import exports
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.actor import Actor
from liaoran.kernel.errors import NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Language, Text

ExportState = Literal["asked", "waiting", "running", "cancelling", "done", "cancelled", "failed", "refused"]


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One row of ``exports``; see ``exchange.tables`` for what the parts mean."""

    id: UUID
    object: str
    request: dict[str, Any]
    format: Literal["csv", "xlsx"]
    created_at: datetime
    created_by: UUID
    state: ExportState
    done: int
    total: int | None
    job: int | None
    file: UUID | None
    problem: dict[str, Any] | None
    started_at: datetime | None
    finished_at: datetime | None
    created_by_label: str
    filter: dict[str, str] | None
    reason: str | None
    decided_by: UUID | None
    decided_by_label: str | None
    decided_at: datetime | None

    def to_json(self, language: Language) -> dict[str, Any]:
        """As the pages get it: ``rate`` in rows per second, ``remaining_seconds`` at this rate."""
        end = self.finished_at or datetime.now(UTC)
        seconds = (end - self.started_at).total_seconds() if self.started_at else 0.0
        rate = self.done / seconds if seconds > 0 else 0.0
        remaining = (self.total - self.done) / rate if self.total is not None and rate > 0 else None
        return {
            "id": str(self.id),
            "object": self.object,
            "format": self.format,
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "rate": round(rate),
            "remaining_seconds": None if remaining is None else round(max(0.0, remaining), 1),
            "problem": Text.from_json(self.problem).read(language) if self.problem else None,
            "created_at": self.created_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
        }


_COLUMNS = [exports.c[name] for name in ExportRecord.__dataclass_fields__]
_ID = exports.c.id == sa.bindparam("which", type_=sa.Uuid)
_GET = Statement(sa.select(*_COLUMNS).where(_ID))
_HOLD = Statement(sa.select(*_COLUMNS).where(_ID).with_for_update())
_ASKED = ["id", "object", "request", "format", "created_by", "created_by_label", "state", "total", "filter", "reason"]
_INSERT = Statement(sa.insert(exports), columns=_ASKED)


async def add_export(
    tx: Transaction,
    actor: Actor,
    *,
    object_key: str,
    request: dict[str, Any],
    kind: str,
    filter_words: dict[str, str] | None = None,
    asked: tuple[int, str] | None = None,
) -> ExportRecord:
    """Adds an export that waits for its job or, with the number of its rows and the reason in ``asked``, for somebody's
    word."""
    record, person = new_id(), actor.person or actor.id
    rows, reason = asked or (None, None)
    values = {"id": record, "object": object_key, "request": request, "format": kind, "filter": filter_words}
    who = {"created_by": person, "created_by_label": actor.label, "total": rows, "reason": reason}
    await tx.execute(_INSERT, {**values, **who, "state": "asked" if asked else "waiting"})
    return await get_export(tx, record, person)


async def get_export(tx: Transaction, record: UUID, person: UUID | None, *, hold: bool = False) -> ExportRecord:
    """The person's export; anybody's where ``person`` is None; locked to the end of the transaction with ``hold``.
    Raises NotFound."""
    row = await tx.fetch_one(_HOLD if hold else _GET, {"which": record})
    if row is None or (person is not None and row["created_by"] != person):
        raise NotFound(Text("没有这次导出", "there is no such export"), code="unknown_export")
    return ExportRecord(**row)


async def change_export(tx: Transaction, record: UUID, **values: Any) -> ExportState | None:
    """Sets columns of the export and gives its state from then on."""
    statement = sa.update(exports).where(_ID).values(**values).returning(exports.c.state)
    state: ExportState | None = await tx.fetch_value(statement, {"which": record})
    return state
