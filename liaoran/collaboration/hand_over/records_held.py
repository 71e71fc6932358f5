"""Giving records on: page by page through the write path, each page a transaction of its own.

A page holds the records that still name the person, so a run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from liaoran.access.scope import Scope, system_scope
from liaoran.collaboration.hand_over.beside import Work
from liaoran.collaboration.hand_over.parts import DEPARTMENT, MANAGER, OWNER, PERSON, Part
from liaoran.collaboration.hand_over.plan import Extent
from liaoran.infra.transaction import Transaction
from liaoran.query.reads import compile_query
from liaoran.query.requests import QueryRequest, Sort
from liaoran.records.changes import Rejected, Update
from liaoran.records.write import write

PAGE = 1000
_BY_ID = (Sort(field="id"),)


def held(part: Part, person: UUID, extent: Extent) -> dict[str, Any]:
    """The Condition of the records of a part that somebody holds: all, or those that are not finished."""
    mine = {"field": part.field, "op": "eq", "value": str(person)}
    return {"all": [mine, dict(part.open)]} if extent == "open" and part.open is not None else {"all": [mine]}


@dataclass
class Line:
    """The reporting line above the successors, and who stands above the person: whoever would come to stand above
    themselves goes to the latter instead."""

    above: Mapping[UUID, frozenset[UUID]]
    manager: UUID | None

    def instead(self, record: UUID, to: UUID) -> UUID | None:
        """Whom a report gets as the manager."""
        return self.manager if record == to or record in self.above.get(to, frozenset()) else to


async def give_page(work: Work, part: Part, extent: Extent, cursor: str | None, line: Line | None) -> str | None:
    """Gives one page of a part on and gives the cursor of the next; None after the last."""
    one = work.hand_over
    select = [*([DEPARTMENT] if part.has_department else []), *part.linked]
    request = QueryRequest(
        where=held(part, one.person, extent), select=tuple(select), sort=_BY_ID, limit=PAGE, cursor=cursor
    )
    plan = compile_query(work.scope, part.object, request)
    page = orjson.loads(await work.tx.fetch_json(plan.statement, plan.binds) or b'{"records": [], "next_cursor": null}')
    chosen: list[tuple[UUID, UUID]] = []
    for row in page["records"]:
        to = one.division.choose(
            part.key, part.object, _id(row.get(DEPARTMENT)), _nearest(row, part, one.plan.successors)
        )
        one.division.count(part.key, to)
        chosen.append((UUID(row["id"]), to))
    changes = [_change(part, record, to, line) for record, to in chosen]
    outcomes = await write(work.tx, work.scope, changes, work.cause, all_or_nothing=False) if changes else []
    for (record, to), outcome in zip(chosen, outcomes, strict=True):
        if isinstance(outcome, Rejected):
            one.division.count(part.key, to, -1)
            one.keep(part.key, outcome.problems[0].message, object_key=part.object, record=record)
    cursor = page["next_cursor"]
    return str(cursor) if cursor is not None else None


async def reporting_line(tx: Transaction, scope: Scope, person: UUID, successors: Sequence[UUID]) -> Line:
    """Who stands above each successor, and above the person."""
    everything = system_scope(scope.snapshot)
    above: dict[UUID, UUID | None] = {}

    async def manager_of(one: UUID) -> UUID | None:
        if one not in above:
            request = QueryRequest(where={"field": "id", "op": "eq", "value": str(one)}, select=(MANAGER,), limit=1)
            plan = compile_query(everything, PERSON, request)
            rows = orjson.loads(await tx.fetch_json(plan.statement, plan.binds) or b'{"records": []}')["records"]
            above[one] = _id(rows[0].get(MANAGER)) if rows else None
        return above[one]

    lines: dict[UUID, frozenset[UUID]] = {}
    for successor in successors:
        seen: set[UUID] = set()
        here = await manager_of(successor)
        while here is not None and here != person and here not in seen:
            seen.add(here)
            here = await manager_of(here)
        # who stands above a successor without the person in between has no business with them
        lines[successor] = frozenset(seen) if here == person else frozenset()
    return Line(lines, await manager_of(person))


def _change(part: Part, record: UUID, to: UUID, line: Line | None) -> Update:
    goes_to = line.instead(record, to) if line is not None else to
    return Update(part.object, record, {part.field: str(goes_to) if goes_to else None}, carried=True)


def _nearest(row: Mapping[str, Any], part: Part, successors: Sequence[UUID]) -> UUID | None:
    """The successor who has what the record hangs on."""
    if part.field != OWNER:
        return None
    owners = (_id(row.get(path)) for path in part.linked)
    return next((one for one in owners if one in successors), None)


def _id(link: Any) -> UUID | None:
    return UUID(link["id"]) if isinstance(link, Mapping) and link.get("id") else None
