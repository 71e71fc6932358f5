"""The lists of approvals: what waits for me, what I started, what I decided, everything that I may see."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import ApprovalState
from liaoran.process.approvals.tables import INSTANT, approval_seats, approval_steps, approvals
from liaoran.query.display import literal
from liaoran.query.plans import cached_statement

Box = Literal["mine", "started", "decided", "all"]
MAXIMUM = 100
_ME = sa.bindparam("actor_person", type_=sa.Uuid)
_AFTER = sa.tuple_(sa.bindparam("after_at", type_=INSTANT), sa.bindparam("after_id", type_=sa.Uuid))
_STATES = sa.any_(sa.bindparam("states", type_=pg.ARRAY(sa.Text)))
_ALL_STATES: tuple[ApprovalState, ...] = ("running", "passed", "refused", "returned", "recalled")
_BAD_CURSOR = Text("cursor 无效", "the cursor is not valid")


async def list_box(
    tx: Transaction,
    scope: Scope,
    box: Box,
    states: Sequence[ApprovalState] = (),
    *,
    cursor: str | None = None,
    limit: int = 30,
) -> tuple[list[UUID], str | None]:
    """Ids of a page, and the cursor of the next one. What waits for me comes longest waiting first, the other lists begin
    with what was started last. Raises Invalid for a cursor that this function did not give."""
    after = _read_cursor(cursor)
    statement = cached_statement(
        scope, ("process.approvals", box, after is None), lambda: _page(scope, box, first=after is None)
    )
    at, ident = after or (None, None)
    params = {**scope.params(), "states": list(states or _ALL_STATES), "most": limit + 1}
    rows = await tx.fetch_all(statement, {**params, "after_at": at, "after_id": ident})
    more = len(rows) > limit
    page = rows[:limit]
    return [row["id"] for row in page], _write_cursor(page[-1]) if more else None


async def count_boxes(tx: Transaction, scope: Scope) -> dict[str, int]:
    """``{mine, overdue, started, decided, all}``: what waits for me and how much of it is late; of the other lists, what
    is still running (of what I decided: all of it)."""
    statement = cached_statement(scope, ("process.approval_counts",), lambda: _counts(scope))
    row = await tx.fetch_one(statement, scope.params())
    return {name: int(value or 0) for name, value in (row or {}).items()}


def _counts(scope: Scope) -> sa.Select[Any]:
    def number(*where: sa.ColumnElement[bool]) -> Any:
        return sa.select(sa.func.count()).select_from(approvals).where(*where).scalar_subquery()

    now = sa.bindparam("now", type_=INSTANT)
    running = approvals.c.state == literal("running")
    return sa.select(
        number(_box(scope, "mine")).label("mine"),
        number(_my_turn(approval_steps.c.due_at < now)).label("overdue"),
        number(running, _box(scope, "started")).label("started"),
        number(_box(scope, "decided")).label("decided"),
        number(running, _box(scope, "all")).label("all"),
    )


def _page(scope: Scope, box: Box, *, first: bool) -> sa.Select[Any]:
    at = _waiting_since() if box == "mine" else approvals.c.started_at
    key = sa.tuple_(at, approvals.c.id)
    where = [_box(scope, box), approvals.c.state == _STATES]
    if not first:
        where.append(key > _AFTER if box == "mine" else key < _AFTER)
    order = (at, approvals.c.id) if box == "mine" else (at.desc(), approvals.c.id.desc())
    most = sa.bindparam("most", type_=sa.Integer)
    return sa.select(approvals.c.id, at.label("at")).where(*where).order_by(*order).limit(most)


def _box(scope: Scope, box: Box) -> sa.ColumnElement[bool]:
    match box:
        case "mine":
            return _my_turn()
        case "started":
            return approvals.c.started_by == _ME
        case "decided":
            return _my_seat("approved", "refused", "returned", "delegated")
        case "all":
            seen = [approvals.c.started_by == _ME, _my_seat()]
            return sa.or_(*seen, *(_reaches(scope, key) for key in _objects(scope)))


def _objects(scope: Scope) -> list[str]:
    """Objects with Processes that the reader may see records of."""
    return [key for key, one in scope.snapshot.objects.items() if one.processes and scope.may(key, "read")]


def _reaches(scope: Scope, key: str) -> sa.ColumnElement[bool]:
    of_object = approvals.c.object == literal(key)
    if scope.reaches_all(key, "read"):
        return of_object
    source = scope.source(key)
    return sa.and_(of_object, sa.exists(sa.select(source.c.id).where(source.c.id == approvals.c.record_id)))


def _my_seat(*states: str) -> sa.ColumnElement[bool]:
    seats = approval_seats.alias()
    where = [seats.c.approval == approvals.c.id, seats.c.person == _ME]
    if states:
        where.append(seats.c.state.in_([literal(one) for one in states]))
    return sa.exists(sa.select(seats.c.id).where(*where))


def _my_turn(*more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists(sa.select(approval_seats.c.id).select_from(_SEATED).where(*_MINE, *more))


def _waiting_since() -> sa.ColumnElement[datetime]:
    since = sa.select(sa.func.min(approval_seats.c.opened_at)).select_from(_SEATED).where(*_MINE)
    return since.scalar_subquery()


_SEATED = approval_seats.join(approval_steps, approval_steps.c.id == approval_seats.c.step)
_MINE = (
    approval_seats.c.approval == approvals.c.id,
    approval_seats.c.person == _ME,
    approval_seats.c.state == literal("open"),
    approval_steps.c.state == literal("open"),
)


def _write_cursor(row: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(f"{row['at'].isoformat()}|{row['id']}".encode()).decode()


def _read_cursor(cursor: str | None) -> tuple[datetime, UUID] | None:
    if not cursor:
        return None
    try:
        at, ident = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().split("|")
        return datetime.fromisoformat(at), UUID(ident)
    except (binascii.Error, ValueError) as error:
        raise Invalid(_BAD_CURSOR, code="invalid_cursor") from error
