"""The table of imports: making, reading and changing its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.exchange.tables import imports
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Language, Text

ImportState = Literal["analysed", "waiting", "running", "cancelling", "done", "cancelled", "failed", "undone"]
WORKING: tuple[ImportState, ...] = ("waiting", "running", "cancelling")
OVER: tuple[ImportState, ...] = ("done", "cancelled", "failed")


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One row of ``imports``; see ``exchange.tables`` for what the parts mean."""

    id: UUID
    object: str
    file_name: str
    file: UUID | None
    path: str | None
    created_at: datetime
    created_by: UUID | None
    created_by_label: str
    state: ImportState
    dry_run: bool
    analysis: dict[str, Any] | None
    plan: dict[str, Any] | None
    action: UUID
    job: int | None
    progress: dict[str, Any]
    problem: dict[str, Any] | None
    started_at: datetime | None
    finished_at: datetime | None

    def to_json(self, language: Language, *, with_analysis: bool = True) -> dict[str, Any]:
        """As the pages get it; problems in the reader's language."""
        progress = dict(self.progress)
        progress["problems"] = [
            {**one, "message": Text.from_json(one["message"]).read(language)} for one in progress.get("problems", ())
        ]
        value: dict[str, Any] = {
            "id": str(self.id),
            "object": self.object,
            "file_name": self.file_name,
            "created_at": self.created_at.isoformat(),
            "created_by": {"id": str(self.created_by) if self.created_by else None, "label": self.created_by_label},
            "state": self.state,
            "dry_run": self.dry_run,
            "plan": self.plan,
            "progress": progress,
            "problem": Text.from_json(self.problem).read(language) if self.problem else None,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
        }
        return value | {"analysis": self.analysis} if with_analysis else value


_COLUMNS = [imports.c[name] for name in ImportRecord.__dataclass_fields__]
_ID = imports.c.id == sa.bindparam("which", type_=sa.Uuid)
_GET = Statement(sa.select(*_COLUMNS).where(_ID))
_HOLD = Statement(sa.select(*_COLUMNS).where(_ID).with_for_update())
_LIST = Statement(
    sa.select(*(one if one.name != "analysis" else sa.null().label("analysis") for one in _COLUMNS))
    .where(sa.or_(imports.c.created_by == sa.bindparam("by", type_=sa.Uuid), sa.bindparam("all", type_=sa.Boolean)))
    .order_by(imports.c.created_at.desc(), imports.c.id.desc())
    .limit(100)
)
_INSERT = Statement(
    sa.insert(imports),
    columns=[
        *("id", "object", "file_name", "file", "path", "created_by", "created_by_label", "state", "dry_run"),
        *("analysis", "plan", "action"),
    ],
)
_PROGRESS = Statement(
    sa.update(imports)
    .where(_ID)
    .values(progress=sa.bindparam("progress_now", type_=pg.JSONB))
    .returning(imports.c.state)
)


async def add_import(
    tx: Transaction,
    *,
    object_key: str,
    file_name: str,
    person: UUID | None,
    label: str,
    state: ImportState,
    file: UUID | None = None,
    path: str | None = None,
    analysis: dict[str, Any] | None = None,
    plan: dict[str, Any] | None = None,
    dry_run: bool = False,
) -> ImportRecord:
    """Adds an import; its action, the unit of undo, is drawn here."""
    record = new_id()
    await tx.execute(
        _INSERT,
        {
            "id": record,
            "object": object_key,
            "file_name": file_name,
            "file": file,
            "path": path,
            "created_by": person,
            "created_by_label": label,
            "state": state,
            "dry_run": dry_run,
            "analysis": analysis,
            "plan": plan,
            "action": new_id(),
        },
    )
    return await get_import(tx, record)


async def get_import(tx: Transaction, record: UUID, *, hold: bool = False) -> ImportRecord:
    """The import, locked to the end of the transaction with ``hold``. Raises NotFound."""
    row = await tx.fetch_one(_HOLD if hold else _GET, {"which": record})
    if row is None:
        raise NotFound(Text("没有这次导入", "there is no such import"), code="unknown_import")
    return ImportRecord(**row)


async def list_imports(tx: Transaction, person: UUID | None, *, everybody: bool) -> list[ImportRecord]:
    """The newest imports of the person, or of everybody, without their analyses."""
    return [ImportRecord(**row) for row in await tx.fetch_all(_LIST, {"by": person, "all": everybody})]


async def change_import(tx: Transaction, record: UUID, **values: Any) -> None:
    """Sets columns of the import."""
    await tx.execute(sa.update(imports).where(_ID).values(**values), {"which": record})


async def store_progress(tx: Transaction, record: UUID, progress: dict[str, Any]) -> ImportState:
    """Stores the progress and gives the state as it is now, so that a cancellation is noticed."""
    state: ImportState = await tx.fetch_value(_PROGRESS, {"which": record, "progress_now": progress})
    return state
