"""Loading and keeping the course of an approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.text import Text
from liaoran.process.approvals.course import Course, Seat, Step
from liaoran.process.approvals.desk import Desk
from liaoran.process.approvals.sight import give_sight
from liaoran.process.approvals.tables import approval_seats, approval_steps, approvals
from liaoran.records.history import record_with_merged

_IDS = sa.any_(sa.bindparam("ids", type_=pg.ARRAY(sa.Uuid)))
_RECORDS = sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid)))


def _upsert(table: sa.Table) -> Statement:
    """Any number of rows at once, from one list."""
    names = [one.name for one in table.columns]
    source = sa.func.json_to_recordset(sa.cast(sa.bindparam("rows", type_=sa.Text()), pg.JSON))
    parts = [sa.column(one.name, one.type) for one in table.columns]
    rows = source.table_valued(*parts).render_derived("kept", with_types=True)
    insert = pg.insert(table).from_select(names, sa.select(*rows.c))
    changed = {name: insert.excluded[name] for name in names if name not in ("id", "approval")}
    return Statement(insert.on_conflict_do_update(index_elements=["id"], set_=changed))


_KEEP_APPROVAL = _upsert(approvals)
_KEEP_STEP = _upsert(approval_steps)
_KEEP_SEAT = _upsert(approval_seats)
_APPROVALS = Statement(sa.select(approvals).where(approvals.c.id == _IDS))
_HELD = Statement(sa.select(approvals).where(approvals.c.id == _IDS).with_for_update())
_STEPS = Statement(
    sa.select(approval_steps).where(approval_steps.c.approval == _IDS).order_by(approval_steps.c.position)
)
_SEATS = Statement(
    sa.select(approval_seats)
    .where(approval_seats.c.approval == _IDS)
    .order_by(approval_seats.c.round, approval_seats.c.opened_at, approval_seats.c.id)
)
_RUNNING = Statement(
    sa.select(approvals.c.id, approvals.c.record_id)
    .where(approvals.c.record_id == _RECORDS, approvals.c.state == sa.literal("running"))
    .order_by(approvals.c.id)
)
_OF_RECORD = Statement(
    sa.select(approvals.c.id)
    .where(
        approvals.c.record_id.in_(record_with_merged(sa.bindparam("record", type_=sa.Uuid))),
        approvals.c.object == sa.bindparam("object", type_=sa.Text),
    )
    .order_by(approvals.c.started_at.desc(), approvals.c.id.desc())
)


async def load_courses(tx: Transaction, ids: Sequence[UUID], *, hold: bool = False) -> list[Course]:
    """The approvals with steps and seats, in the order of ``ids``; unknown ones are left out. ``hold`` locks them to the
    end of the transaction."""
    if not ids:
        return []
    rows = await tx.fetch_all(_HELD if hold else _APPROVALS, {"ids": list(ids)})
    found = {row["id"]: _course(row) for row in rows}
    steps: dict[UUID, Step] = {}
    for row in await tx.fetch_all(_STEPS, {"ids": list(found)}):
        step = steps[row["id"]] = _read(Step, row, label=Text.from_json(row["label"]))
        found[row["approval"]].steps.append(step)
    for row in await tx.fetch_all(_SEATS, {"ids": list(found)}):
        steps[row["step"]].seats.append(_read(Seat, row))
    return [found[one] for one in ids if one in found]


async def running_on(tx: Transaction, records: Sequence[UUID]) -> dict[UUID, UUID]:
    """The running approval of each of these records, by record."""
    rows = await tx.fetch_all(_RUNNING, {"records": list(records)})
    return {row["record_id"]: row["id"] for row in rows}


async def approvals_of(tx: Transaction, object_key: str, record: UUID) -> list[UUID]:
    """Ids of all approvals of a record and of those that were merged into it, the newest first."""
    return await tx.fetch_column(_OF_RECORD, {"object": object_key, "record": record})


def keep_course(desk: Desk, course: Course) -> None:
    """Sends all of it to the tables, along with the next statement whose answer is waited for; and the sight of the record
    that goes with its seats."""
    keep_courses(desk, [course])


def keep_courses(desk: Desk, courses: Sequence[Course]) -> None:
    """Sends several different approvals to the tables, as ``keep_course`` one: a statement for each table."""
    tx = desk.tx
    _send(tx, _KEEP_APPROVAL, [_values(one, approvals) for one in courses])
    steps = [(course, step) for course in courses for step in course.steps]
    _send(tx, _KEEP_STEP, [{**_values(step, approval_steps), "approval": course.id} for course, step in steps])
    seats = [(course, step, seat) for course, step in steps for seat in step.seats]
    _send(
        tx,
        _KEEP_SEAT,
        [{**_values(seat, approval_seats), "approval": course.id, "step": step.id} for course, step, seat in seats],
    )
    give_sight(desk, courses)


def _send(tx: Transaction, statement: Statement, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        tx.send(statement, {"rows": orjson.dumps(rows).decode()})


def _course(row: dict[str, Any]) -> Course:
    course: Course = _read(Course, row, label=Text.from_json(row["label"]))
    return course


def _read(kind: type[Any], row: dict[str, Any], **more: Any) -> Any:
    known = {one.name for one in fields(kind)} & set(row)
    return kind(**{**{name: row[name] for name in known}, **more})


def _values(one: Any, table: sa.Table) -> dict[str, Any]:
    named = {column.name for column in table.columns}
    values = {part.name: getattr(one, part.name) for part in fields(one) if part.name in named}
    if isinstance(values.get("label"), Text):
        values["label"] = values["label"].to_json()
    return values
