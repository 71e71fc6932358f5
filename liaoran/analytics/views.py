"""Saved views: a filter, columns and order under a name, for oneself or shared with everybody.

A view holds no rights: whoever opens it sees the rows and Fields that they may see. Only the person who made a view
changes it; an administrator may change shared ones too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from liaoran.access.scope import Scope
from liaoran.analytics.starts import forget_view
from liaoran.analytics.tables import views
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.conditions import parse_condition
from liaoran.kernel.errors import Forbidden, NotFound
from liaoran.kernel.ids import new_id
from liaoran.kernel.text import Text

MAXIMUM_COLUMNS = 100
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Kind = Literal["list", "board"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ViewColumn(_Part):
    """A column of a list: a path, and its width in pixels where somebody has set one."""

    key: Path
    width: int | None = Field(None, ge=20, le=2000)


class ViewSort(_Part):
    """One sort key."""

    field: Path
    dir: Literal["asc", "desc"] = "asc"


class ViewDefinition(_Part):
    """What a view shows. ``where`` is a Condition; ``process`` and ``card`` serve boards."""

    where: dict[str, Any] | None = None
    sort: list[ViewSort] = Field(default_factory=list, max_length=5)
    columns: list[ViewColumn] = Field(default_factory=list, max_length=MAXIMUM_COLUMNS)
    group: Path | None = None
    process: str | None = Field(None, max_length=100)
    card: list[Path] = Field(default_factory=list, max_length=20)
    q: str | None = Field(None, max_length=200)

    @field_validator("where")
    @classmethod
    def _is_condition(cls, where: dict[str, Any] | None) -> dict[str, Any] | None:
        parse_condition(where)
        return where


class NewView(_Part):
    """A view to save."""

    object: str
    name: Name
    kind: Kind = "list"
    shared: bool = False
    definition: ViewDefinition = ViewDefinition()


class ViewChange(_Part):
    """What to change of a view; what is left out stays."""

    name: Name | None = None
    kind: Kind | None = None
    shared: bool | None = None
    definition: ViewDefinition | None = None


async def list_views(tx: Transaction, scope: Scope, object_key: str | None = None) -> list[dict[str, Any]]:
    """The actor's own and all shared views, by name: ``{id, object, name, kind, shared, mine, definition}``. Views of
    Objects that the actor may not read are left out."""
    rows = await tx.fetch_all(_LIST, {"actor": _person(scope), "wanted": object_key})
    return [_shown(row, scope) for row in rows if scope.may(row["object"], "read")]


async def create_view(tx: Transaction, scope: Scope, view: NewView) -> dict[str, Any]:
    """Saves a view of the actor's. Raises Invalid for an Object that they may not read."""
    scope.require(view.object, "read")
    now = datetime.now(UTC)
    row = {
        "id": new_id(),
        "object": view.object,
        "name": view.name,
        "kind": view.kind,
        "shared": view.shared,
        "owner": _person(scope),
        "definition": view.definition.model_dump(exclude_defaults=True),
        "created_at": now,
        "updated_at": now,
    }
    await tx.execute(sa.insert(views), row)
    return _shown(row, scope)


async def change_view(tx: Transaction, scope: Scope, view: UUID, change: ViewChange) -> dict[str, Any]:
    """Changes a view. Raises NotFound where the actor sees none of this id, Forbidden where it is somebody else's."""
    row = await _changeable(tx, scope, view)
    values = change.model_dump(exclude_unset=True, exclude_none=True)
    if change.definition is not None:
        values["definition"] = change.definition.model_dump(exclude_defaults=True)
    if values:
        values["updated_at"] = datetime.now(UTC)
        await tx.execute(sa.update(views).where(views.c.id == view).values(**values))
    return _shown({**row, **values}, scope)


async def delete_view(tx: Transaction, scope: Scope, view: UUID) -> None:
    """Deletes a view; raises as ``change_view`` does."""
    await _changeable(tx, scope, view)
    await tx.execute(sa.delete(views).where(views.c.id == view))
    await forget_view(tx, view)


async def _changeable(tx: Transaction, scope: Scope, view: UUID) -> dict[str, Any]:
    row = await tx.fetch_one(_GET, {"view": view, "actor": _person(scope)})
    if row is None or not scope.may(row["object"], "read"):
        raise NotFound(Text("没有这个视图", "there is no such view"))
    if row["owner"] != _person(scope) and not scope.is_administrator:
        raise Forbidden(
            Text("只有创建者或管理员可以修改共享视图", "only its maker or an administrator may change a shared view")
        )
    return row


def _shown(row: dict[str, Any], scope: Scope) -> dict[str, Any]:
    shown = {key: row[key] for key in ("id", "object", "name", "kind", "shared", "definition")}
    return {**shown, "mine": row["owner"] == _person(scope)}


def _person(scope: Scope) -> UUID:
    return scope.actor.person or scope.actor.id


_VISIBLE = sa.or_(views.c.shared.is_(True), views.c.owner == sa.bindparam("actor", type_=sa.Uuid()))
_WANTED = sa.bindparam("wanted", type_=sa.Text())
_LIST = Statement(
    sa.select(views)
    .where(_VISIBLE, sa.or_(_WANTED.is_(None), views.c.object == _WANTED))
    .order_by(views.c.name, views.c.id)
)
_GET = Statement(sa.select(views).where(views.c.id == sa.bindparam("view", type_=sa.Uuid()), _VISIBLE))
