"""Finding existing records by what a file says of them: the value of a key Field, a name, a code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.values import ValueKind
from liaoran.query.plans import cached_statement
from liaoran.schema.snapshot import Field, Object

MOST_NAMES = 200_000
"""Objects with more records than this are matched by exact names and codes only."""
_MATCHABLE = frozenset({"text", "autonumber", "email", "phone"})


async def find_by_value(
    tx: Transaction, scope: Scope, object_key: str, field_key: str, values: Iterable[Any]
) -> dict[Any, list[UUID]]:
    """Ids of the visible records by the (canonical) value of one Field, or by ``id`` itself."""
    wanted = list(values)
    if not wanted:
        return {}
    statement = cached_statement(
        scope, ("exchange.by_value", object_key, field_key), lambda: _by_value(scope, object_key, field_key)
    )
    found: dict[Any, list[UUID]] = defaultdict(list)
    for row in await tx.fetch_all(statement, {**scope.params(), "wanted": wanted}):
        found[row["value"]].append(row["id"])
    return found


async def name_count(tx: Transaction, scope: Scope, object_key: str) -> int:
    """How many visible records the Object has, counted up to one more than ``MOST_NAMES``."""
    statement = cached_statement(scope, ("exchange.count", object_key), lambda: _count(scope, object_key))
    return int(await tx.fetch_value(statement, scope.params()))


async def all_names(tx: Transaction, scope: Scope, target: Object) -> list[tuple[UUID, str]]:
    """Id and name of every visible record of the Object."""
    statement = cached_statement(scope, ("exchange.names", target.key), lambda: _names(scope, target))
    found: list[tuple[UUID, str]] = []
    async for rows in tx.stream(statement, scope.params(), batch=10_000):
        found.extend((row["id"], row["value"]) for row in rows)
    return found


def matched_fields(scope: Scope, target: Object) -> list[Field]:
    """The Fields by which a record of the Object may be called: its name first, then codes and addresses."""
    visible = [one for one in scope.fields(target.key) if one.kind is ValueKind.TEXT and one.type in _MATCHABLE]
    names = [one for one in visible if one.key == target.name_field]
    codes = [
        one for one in visible if one.key != target.name_field and (one.unique or one.type in ("autonumber", "email"))
    ]
    return [*names, *codes]


def _by_value(scope: Scope, object_key: str, field_key: str) -> sa.Select[Any]:
    source = scope.source(object_key)
    column = source.c[field_key]
    wanted = sa.any_(sa.bindparam("wanted", type_=pg.ARRAY(column.type)))
    return sa.select(column.label("value"), source.c.id).where(column == wanted)


def _count(scope: Scope, object_key: str) -> sa.Select[Any]:
    some = sa.select(scope.source(object_key).c.id).limit(MOST_NAMES + 1).subquery()
    return sa.select(sa.func.count()).select_from(some)


def _names(scope: Scope, target: Object) -> sa.Select[Any]:
    source = scope.source(target.key)
    column = source.c[target.name_field]
    return sa.select(source.c.id, column.label("value")).where(column.is_not(None))


def only(ids: Sequence[UUID] | None) -> UUID | None:
    """The one id, or None where there is none or more than one."""
    return ids[0] if ids is not None and len(set(ids)) == 1 else None
