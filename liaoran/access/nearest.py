"""People by role, the nearest first: who of a role is meant from the point of view of a department."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.tables import person_roles
from liaoran.infra.transaction import Transaction
from liaoran.schema.snapshot import Snapshot

_ROLES = sa.any_(sa.bindparam("roles", type_=pg.ARRAY(sa.Text)))
_DEPARTMENTS = sa.any_(sa.bindparam("departments", type_=pg.ARRAY(sa.Uuid)))
_HIGHEST = 30
"""Levels of departments that are looked through, so that a circle of them ends."""
_LEFT, _ON_LEAVE = "left", "on_leave"


async def nearest_with_role(
    tx: Transaction, snapshot: Snapshot, roles: Iterable[str], departments: Iterable[UUID]
) -> dict[tuple[str, UUID | None], UUID]:
    """For each role and department the one person with the role who is nearest: in the department itself, else in one
    above it, the closest first, else anywhere. The department None stands for a record without one. People who left
    are never meant; somebody on leave only where nobody else is as near."""
    asked = sorted(set(roles))
    if not asked:
        return {}
    rows = await tx.fetch_all(_nearest(snapshot), {"roles": asked, "departments": sorted(set(departments))})
    return {(row["role"], row["department"]): row["person"] for row in rows}


async def people_with_role(tx: Transaction, snapshot: Snapshot, roles: Sequence[str]) -> dict[str, list[UUID]]:
    """Everybody who has the role, by role; people who left are not among them."""
    found: dict[str, list[UUID]] = {}
    if not roles:
        return found
    people = _present(snapshot)
    statement = (
        sa.select(person_roles.c.role, people.c.id.label("person"))
        .join(people, people.c.id == person_roles.c.person)
        .where(person_roles.c.role == _ROLES)
        .order_by(person_roles.c.role, people.c.id)
    )
    for row in await tx.fetch_all(statement, {"roles": list(roles)}):
        found.setdefault(row["role"], []).append(row["person"])
    return found


def _present(snapshot: Snapshot) -> sa.Subquery:
    people = snapshot.object("person").table
    here = sa.and_(people.c.deleted_at.is_(None), people.c.status.is_distinct_from(_LEFT))
    return sa.select(people.c.id, people.c.department, people.c.status).where(here).subquery("people")


def _nearest(snapshot: Snapshot) -> sa.Select[Any]:
    up, people = _upwards(snapshot), _present(snapshot)
    nobody = sa.select(sa.cast(sa.null(), sa.Uuid))
    origins = sa.union(sa.select(up.c.origin), nobody).subquery("asked")
    above = sa.and_(up.c.origin == origins.c.origin, up.c.here == people.c.department)
    ranked = person_roles.join(people, people.c.id == person_roles.c.person).join(origins, sa.true())
    order = (up.c.steps.nulls_last(), people.c.status == _ON_LEAVE, people.c.id)
    return (
        sa.select(person_roles.c.role, origins.c.origin.label("department"), people.c.id.label("person"))
        .select_from(ranked.outerjoin(up, above))
        .where(person_roles.c.role == _ROLES)
        .distinct(person_roles.c.role, origins.c.origin)
        .order_by(person_roles.c.role, origins.c.origin, *order)
    )


def _upwards(snapshot: Snapshot) -> sa.CTE:
    """Each department asked for with all above it, and how many steps up they are."""
    departments = snapshot.object("department").table
    start = sa.select(
        departments.c.id.label("origin"),
        departments.c.id.label("here"),
        departments.c.parent,
        sa.literal(0).label("steps"),
    ).where(departments.c.id == _DEPARTMENTS)
    up = start.cte("up", recursive=True)
    higher = departments.alias()
    further = (
        sa.select(up.c.origin, higher.c.id, higher.c.parent, up.c.steps + 1)
        .join(up, higher.c.id == up.c.parent)
        .where(up.c.steps < _HIGHEST)
    )
    return up.union_all(further)
