"""Finding existing records by what a file says of them: the value of a key Field, a name, a code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import orjson

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.values import ValueKind
from liaoran.query.lookups import compile_by_value, compile_count, compile_names
from liaoran.schema.snapshot import Field, Object

MOST_NAMES = 200_000
"""Objects with more records than this are matched by exact names and codes only."""
_MATCHABLE = frozenset({"text", "autonumber", "email", "phone"})


async def find_by_value(
    tx: Transaction, scope: Scope, object_key: str, field_key: str, values: Iterable[Any]
) -> dict[Any, list[UUID]]:
    """Ids of the visible records by the (canonical) value of one Field, or by ``id`` itself."""
    plan = compile_by_value(scope, object_key, field_key, values)
    if not plan.binds["wanted"]:
        return {}
    found: dict[Any, list[UUID]] = defaultdict(list)
    by_id = field_key == "id"
    for value, record in orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b"[]"):
        one = UUID(record)
        found[one if by_id else value].append(one)
    return found


async def name_count(tx: Transaction, scope: Scope, object_key: str) -> int:
    """How many visible records the Object has, counted up to one more than ``MOST_NAMES``."""
    plan = compile_count(scope, object_key, MOST_NAMES + 1)
    return int(await tx.fetch_value(plan.statement, plan.binds))


async def all_names(tx: Transaction, scope: Scope, target: Object) -> list[tuple[UUID, str]]:
    """Id and name of every visible record of the Object."""
    plan = compile_names(scope, target.key)
    found: list[tuple[UUID, str]] = []
    async for rows in tx.stream(plan.statement, plan.binds, batch=10_000):
        found.extend((row["id"], row["name"]) for row in rows)
    return found


def matched_fields(scope: Scope, target: Object) -> list[Field]:
    """The Fields by which a record of the Object may be called: its name first, then codes and addresses."""
    visible = [one for one in scope.fields(target.key) if one.kind is ValueKind.TEXT and one.type in _MATCHABLE]
    names = [one for one in visible if one.key == target.name_field]
    codes = [
        one for one in visible if one.key != target.name_field and (one.unique or one.type in ("autonumber", "email"))
    ]
    return [*names, *codes]
