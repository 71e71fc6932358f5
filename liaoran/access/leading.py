"""Who leads whom: everybody below on the reporting line, and all in a department that one heads, or in one below."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Forbidden
from liaoran.kernel.text import Text
from liaoran.query.plans import cached_statement
from liaoran.schema.snapshot import Snapshot

_PERSON, _DEPARTMENT, _MANAGER, _HEAD, _PARENT = "person", "department", "manager", "head", "parent"
_NOT_YOURS = Text("只能查看自己和下属的工作日志", "you may see your own work log and those of the people you lead")


async def require_leads(tx: Transaction, scope: Scope, person: UUID) -> None:
    """Raises Forbidden unless the actor is the person, leads them, or is an administrator; so also for nobody."""
    if person == scope.actor.person or scope.is_administrator:
        return
    if not await leads(tx, scope, person):
        raise Forbidden(_NOT_YOURS, code="not_your_people")


async def leads(tx: Transaction, scope: Scope, person: UUID) -> bool:
    """Whether the actor leads the person."""
    return bool(await tx.fetch_column(_led(scope), {"leader": scope.actor.person, "only": person}))


async def people_led(tx: Transaction, scope: Scope) -> list[dict[str, Any]]:
    """The people whom the actor leads, ``{id, label}`` by name; everybody for administrators, the actor left out."""
    one, actor = scope.snapshot.object(_PERSON), scope.actor.person
    source = scope.source(_PERSON)
    statement = sa.select(source.c.id, sa.cast(source.c[one.name_field], sa.Text).label("label")).order_by("label")
    rows = await tx.fetch_all(statement, scope.params())
    if not scope.is_administrator:
        led = set(await tx.fetch_column(_led(scope), {"leader": actor, "only": None}))
        rows = [row for row in rows if row["id"] in led]
    return [row for row in rows if row["id"] != actor]


def _led(scope: Scope) -> Statement:
    return cached_statement(scope, ("access.led",), lambda: _compile(scope.snapshot))


def _compile(snapshot: Snapshot) -> sa.Select[Any]:
    """Ids of all whom ``leader`` leads, or ``only`` of one of them. Links that an Object has not lead to nobody."""
    people, departments = snapshot.object(_PERSON), snapshot.object(_DEPARTMENT)
    leader, only = sa.bindparam("leader", type_=sa.Uuid), sa.bindparam("only", type_=sa.Uuid)
    person = people.table
    ways: list[sa.ColumnElement[bool]] = []
    if _MANAGER in people.fields:
        line = sa.select(person.c.id).where(person.c[_MANAGER] == leader).cte("line", recursive=True)
        below = person.alias()
        line = line.union(sa.select(below.c.id).where(below.c[_MANAGER] == line.c.id))
        ways.append(person.c.id.in_(sa.select(line.c.id)))
    if _DEPARTMENT in people.fields and _HEAD in departments.fields:
        table = departments.table
        own = sa.select(table.c.id).where(table.c[_HEAD] == leader, table.c.deleted_at.is_(None))
        tree = own.cte("tree", recursive=True)
        if _PARENT in departments.fields:
            lower = table.alias()
            tree = tree.union(sa.select(lower.c.id).where(lower.c[_PARENT] == tree.c.id, lower.c.deleted_at.is_(None)))
        ways.append(person.c[_DEPARTMENT].in_(sa.select(tree.c.id)))
    asked = sa.or_(only.is_(None), person.c.id == only)
    return sa.select(person.c.id).where(sa.or_(sa.false(), *ways), asked, person.c.deleted_at.is_(None))
