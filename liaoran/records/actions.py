"""Actions: what one gesture did, in words. The newest one that is not undone is what "undo" offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Door
from liaoran.kernel.text import Text
from liaoran.records.tables import actions

_COUNTED = ("created", "updated", "deleted", "restored", "merged")
_WORDS = {
    "merged": Text("合并", "merge"),
    "created": Text("新建", "create"),
    "deleted": Text("删除", "delete"),
    "restored": Text("恢复", "restore"),
    "updated": Text("修改", "change"),
}
_ONE = Text("{verb}{object}“{label}”", "{verb} {object} “{label}”")
_MANY = Text("{verb} {count} 条记录", "{verb} {count} records")
_OF_SOMETHING_LARGER = sa.literal([str(Door.PROCESS), str(Door.HAND_OVER)], pg.ARRAY(sa.Text))
_LAST = Statement(
    sa.select(actions)
    .where(
        actions.c.actor_id == sa.bindparam("actor", type_=sa.Uuid),
        actions.c.undone_at.is_(None),
        actions.c.undo_of.is_(None),
        # what followed by itself goes back with what it followed from, a hand-over with all that belongs to it
        actions.c.door != sa.all_(_OF_SOMETHING_LARGER),
    )
    .order_by(actions.c.at.desc())
    .limit(1)
)
_FIND = Statement(sa.select(actions).where(actions.c.id == sa.bindparam("action", type_=sa.Uuid)))
_HOLD = Statement(sa.select(actions).where(actions.c.id == sa.bindparam("action", type_=sa.Uuid)).with_for_update())


@dataclass(frozen=True, slots=True)
class Action:
    """One gesture. ``counts`` are records by kind of Event; ``label`` says it in words."""

    id: UUID
    at: datetime
    actor_id: UUID
    actor_label: str
    door: str
    label: Text
    counts: dict[str, int]
    undo_of: UUID | None
    undone_at: datetime | None

    @property
    def records(self) -> int:
        """How many changes of records it made."""
        return sum(self.counts.values())


async def last_action(tx: Transaction, scope: Scope) -> Action | None:
    """The newest action of the actor that is neither undone nor an undo, whatever Objects it concerned."""
    row = await tx.fetch_one(_LAST, {"actor": scope.actor.id})
    return None if row is None else _action(scope, row)


async def find_action(tx: Transaction, scope: Scope, action: UUID, *, hold: bool = False) -> Action | None:
    """The action by id; ``hold`` locks it to the end of the transaction."""
    row = await tx.fetch_one(_HOLD if hold else _FIND, {"action": action})
    return None if row is None else _action(scope, row)


def _action(scope: Scope, row: dict[str, Any]) -> Action:
    counts = {kind: row[kind] for kind in _COUNTED if row[kind]}
    return Action(
        id=row["id"],
        at=row["at"],
        actor_id=row["actor_id"],
        actor_label=row["actor_label"],
        door=row["door"],
        label=_label(scope, row, counts),
        counts=counts,
        undo_of=row["undo_of"],
        undone_at=row["undone_at"],
    )


def _label(scope: Scope, row: dict[str, Any], counts: dict[str, int]) -> Text:
    """The gravest thing it did names it; a merge counts its losers, not the links it moved. A record is named where the
    names of its kind are shown to whoever reads it."""
    kind = next((kind for kind in _WORDS if counts.get(kind)), "updated")
    owner = scope.snapshot.objects.get(row["object"])
    named = owner is not None and scope.shows_plainly(owner.key, owner.name_field)
    if sum(counts.values()) == 1 and row["record_label"] and owner is not None and named:
        return _ONE.fill(verb=_WORDS[kind], object=owner.label, label=row["record_label"])
    return _MANY.fill(verb=_WORDS[kind], count=counts.get(kind, 0))
