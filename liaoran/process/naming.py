"""Names of whom the parts of a Process mean, and who that is for one record."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import orjson

from liaoran.access.roles import list_roles
from liaoran.access.scope import Scope, system_scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text
from liaoran.process.people import Asked, one_for_each
from liaoran.process.who import who_text
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest
from liaoran.schema.processes import Who
from liaoran.schema.snapshot import Object


async def named_people(
    tx: Transaction, scope: Scope, owner: Object, asked: Asked, wanted: Sequence[Who]
) -> list[dict[str, Any]]:
    """For each Who ``{text, person}``: in words, and the one person it means for the record (null where there is
    nobody). A few statements for all of them, none where nobody is wanted."""
    if not wanted:
        return []
    people = await one_for_each(tx, scope, owner.key, [(asked, who) for who in wanted])
    found = await _labels(tx, scope, "person", {str(one) for one in people if one is not None})
    names = await _names(tx, scope, wanted) | {key: Text(name) for key, name in found.items()}
    return [
        {
            "text": who_text(who, owner, names).to_json(),
            "person": {"id": str(person), "label": found[str(person)]} if str(person) in found else None,
        }
        for who, person in zip(wanted, people, strict=True)
    ]


async def _names(tx: Transaction, scope: Scope, wanted: Sequence[Who]) -> dict[str, Text]:
    """Labels of roles by key, of departments by id."""
    names: dict[str, Text] = {}
    if any(who.kind == "role" for who in wanted):
        names |= {one["key"]: Text.from_json(one["label"]) for one in await list_roles(tx)}
    departments = {str(who.id) for who in wanted if who.kind == "department"}
    return names | {key: Text(name) for key, name in (await _labels(tx, scope, "department", departments)).items()}


async def _labels(tx: Transaction, scope: Scope, object_key: str, ids: Collection[str]) -> dict[str, str]:
    """Names of records by id, whoever asks: that somebody takes part is no secret to those who see the record."""
    if not ids:
        return {}
    name = scope.snapshot.object(object_key).name_field
    request = QueryRequest(where={"field": "id", "op": "in", "value": sorted(ids)}, select=(name,))
    plan = compile_query(system_scope(scope.snapshot), object_key, request)
    rows = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b'{"records": []}')["records"]
    return {row["id"]: row[name] or "" for row in rows}
