"""What the system adds to a new or changed record: defaults, automatic numbers, currencies, the owner's department."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.query.plans import cached_statement
from liaoran.records.context import Batch, WriteContext
from liaoran.records.parsing import parse_context
from liaoran.schema.field_types.base import ValueProblem
from liaoran.schema.numbering import next_numbers
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.snapshot import Field

OWNER, DEPARTMENT, PERSON = "owner", "department", "person"


async def fill(batch: Batch) -> None:
    """Completes the candidates; a value that the writer named, be it empty, is left as it is."""
    context = batch.context
    created = [one for one in batch.candidates if one.kind is EventKind.CREATED]
    if created:
        for key, default in _defaults(context).items():
            for one in created:
                if key not in one.given:
                    one.new[key] = default
    _fill_currencies(batch)
    await _number(context, created)
    await _follow_owner(batch)


def _defaults(context: WriteContext) -> dict[str, Any]:
    mark = ("defaults", context.object.key)
    found: dict[str, Any] | None = context.seen.get(mark)
    if found is None:
        read = ((one.key, _default(context, one)) for one in context.shape.defaulted)
        found = context.seen[mark] = {key: value for key, value in read if value is not None}
    return found


def _default(context: WriteContext, one: Field) -> Any:
    try:
        return FIELD_TYPES[one.type].parse(one.default, one, parse_context(context))
    except ValueProblem:
        # a default that this actor cannot have ("@me" of a token, a choice retired since) is no default
        return None


def _fill_currencies(batch: Batch) -> None:
    """An amount without a currency is in the currency of the organisation."""
    standard = batch.context.snapshot.currency
    for amount, currency in batch.context.shape.amounts:
        for one in batch.candidates:
            if amount in one.new and currency not in one.new:
                one.new[currency] = standard


async def _number(context: WriteContext, created: list[Candidate]) -> None:
    for one in context.shape.numbered:
        empty = [each for each in created if one.key not in each.new and not each.problems]
        if not empty:
            continue
        day = parse_context(context).today
        numbers = await next_numbers(context.tx, one, len(empty), day)
        for candidate, number in zip(empty, numbers, strict=True):
            candidate.new[one.key] = number


async def _follow_owner(batch: Batch) -> None:
    """A record counts in its owner's department unless the writer says otherwise."""
    context = batch.context
    fields = context.stored_fields
    if DEPARTMENT not in fields or OWNER not in fields or fields[OWNER].target != PERSON:
        return
    handed = [
        one
        for one in batch.candidates
        if DEPARTMENT not in one.given and OWNER in one.given and OWNER in one.new and one.changed(OWNER)
    ]
    departments = await _departments_of(context, {one.new[OWNER] for one in handed})
    for one in handed:
        department = departments.get(one.new[OWNER])
        if department is not None:
            one.new[DEPARTMENT] = department


async def _departments_of(context: WriteContext, people: set[str]) -> dict[str, str | None]:
    known: dict[str, str | None] = context.seen.setdefault("departments", {})
    actor = context.actor
    if actor.person is not None:
        known.setdefault(str(actor.person), str(actor.department) if actor.department else None)
    missing = [UUID(person) for person in people if person not in known]
    if missing:
        statement = cached_statement(context.scope, "records.departments", lambda: _person_departments(context))
        rows = await context.tx.fetch_all(statement, {**context.scope.params(), "people": missing})
        known.update(dict.fromkeys(map(str, missing)))
        known.update({str(row["id"]): str(row[DEPARTMENT]) for row in rows if row[DEPARTMENT]})
    return known


def _person_departments(context: WriteContext) -> sa.Select[Any]:
    people = context.scope.source(PERSON)
    if DEPARTMENT not in people.c:
        return sa.select(people.c.id, sa.null().label(DEPARTMENT)).where(sa.false())
    wanted = sa.any_(sa.bindparam("people", type_=pg.ARRAY(sa.Uuid)))
    return sa.select(people.c.id, people.c[DEPARTMENT]).where(people.c.id == wanted)
