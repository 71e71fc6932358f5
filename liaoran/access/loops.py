"""No loops: nobody is above oneself, neither along the reporting line nor in the tree of departments, whatever the door.

Row scopes ("own and reports", "department and below") walk these links, so a loop would give rights to everybody in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.guard import Writing
from liaoran.kernel.errors import Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Object

UPWARDS: Mapping[str, str] = {"person": "manager", "department": "parent"}
"""By Object the link to what stands above a record."""
LOOP = Text(
    "“{field}”会形成循环：{path}。请先改动其中一处",
    "“{field}” would form a loop: {path}. Change one of them first",
)
_KINDS = frozenset({EventKind.CREATED, EventKind.UPDATED, EventKind.RESTORED})


class LoopGuard:
    """Refuses what would close a loop, once the rows are written: so one change is judged together with all the others
    of its batch."""

    def derive(self, context: Writing, candidates: Sequence[Candidate]) -> None:
        """Derives nothing."""

    def ask(self, context: Writing, candidates: Sequence[Candidate], *, beside: bool = False) -> None:
        """Asks nothing."""

    async def after(self, context: Writing, candidates: Sequence[Candidate]) -> None:
        """Gives each candidate that is part of a loop now its problem."""
        link = UPWARDS.get(context.object.key)
        if link is None or link not in context.object.fields:
            return
        moved = {one.id: one for one in candidates if one.kind in _KINDS and link in one.new and _moves(one, link)}
        if not moved:
            return
        # two that move at once, each half of a loop, would not see each other
        await context.tx.lock(f"loops/{context.object.key}")
        for row in await context.tx.fetch_all(_loops(context.object, link), {"moved": list(moved)}):
            names = [name or "—" for name in row["names"]]
            message = LOOP.fill(field=context.object.fields[link].label, path=" → ".join(names))
            moved[row["origin"]].problems.append(Problem("loop", message, link, {"path": names}))


def _moves(one: Candidate, link: str) -> bool:
    return one.kind is EventKind.RESTORED or one.changed(link)


def _loops(one: Object, link: str) -> sa.Select[Any]:
    """``origin, names`` of each record that comes back to itself: the names on the way, from it to itself. A walk that
    comes to a loop further up ends where that loop closes."""
    table, name = one.table, one.table.c[one.name_field]
    start = sa.select(
        table.c.id.label("origin"),
        table.c[link].label("here"),
        sa.cast(pg.array([table.c.id]), pg.ARRAY(sa.Uuid)).label("seen"),
        sa.cast(pg.array([name]), pg.ARRAY(sa.Text)).label("names"),
    ).where(table.c.id == sa.any_(sa.bindparam("moved", type_=pg.ARRAY(sa.Uuid))))
    up = start.cte("up", recursive=True)
    above = table.alias("above")
    further: sa.Select[Any] = (
        sa.select(
            up.c.origin,
            above.c[link],
            sa.func.array_append(up.c.seen, above.c.id),
            sa.func.array_append(up.c.names, above.c[one.name_field]),
        )
        .join(up, above.c.id == up.c.here)
        .where(up.c.here != sa.all_(up.c.seen))
    )
    up = up.union_all(further)
    closed = sa.func.array_append(up.c.names, up.c.names[1])
    return sa.select(up.c.origin, closed.label("names")).where(up.c.here == up.c.origin)
