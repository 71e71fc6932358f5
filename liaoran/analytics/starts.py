"""What the lists and boards of a person open with: kept with the person, so that it is the same in every browser."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.analytics.tables import starts
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction


class StartChange(BaseModel):
    """What to remember; what is left out stays, null forgets."""

    model_config = ConfigDict(extra="forbid")

    view: str | None = Field(
        None, min_length=1, max_length=100, description="The id of a saved view, or a ready-made view of the pages"
    )
    process: str | None = Field(None, min_length=1, max_length=100, description="The Process whose board opens")


async def list_starts(tx: Transaction, scope: Scope, object_key: str | None = None) -> list[dict[str, Any]]:
    """What the actor's lists and boards open with: ``{object, kind, view, process}``, of one Object or of all."""
    rows = await tx.fetch_all(_LIST, {"person": _person(scope), "wanted": object_key})
    return [row for row in rows if scope.may(row["object"], "read")]


async def set_start(tx: Transaction, scope: Scope, object_key: str, kind: str, change: StartChange) -> dict[str, Any]:
    """Remembers what the actor's list or board of an Object opens with. Raises Invalid for an Object that they may not
    read. A view or Process that is gone by the time the page opens is passed over there."""
    scope.require(object_key, "read")
    values = change.model_dump(exclude_unset=True)
    place = {"person": _person(scope), "object": object_key, "kind": kind}
    insert = pg.insert(starts).values(**place, **values)
    kept = {name: insert.excluded[name] for name in values} or {"kind": insert.excluded.kind}
    statement = insert.on_conflict_do_update(index_elements=["person", "object", "kind"], set_=kept)
    (row,) = await tx.fetch_all(statement.returning(*_SHOWN))
    return row


async def forget_view(tx: Transaction, view: UUID) -> None:
    """Nobody starts with a view that is deleted."""
    await tx.execute(sa.update(starts).where(starts.c.view == str(view)).values(view=None))


def _person(scope: Scope) -> UUID:
    return scope.actor.person or scope.actor.id


_SHOWN = (starts.c.object, starts.c.kind, starts.c.view, starts.c.process)
_WANTED = sa.bindparam("wanted", type_=sa.Text())
_LIST = Statement(
    sa.select(*_SHOWN)
    .where(
        starts.c.person == sa.bindparam("person", type_=sa.Uuid()),
        sa.or_(_WANTED.is_(None), starts.c.object == _WANTED),
    )
    .order_by(starts.c.object, starts.c.kind)
)
