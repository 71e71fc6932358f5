"""How many records stand at once, for the cards of a board: how long each has been where it is, and what it still owes
its stage. One statement for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.process.due import due_state
from liaoran.process.reading import stay_days
from liaoran.process.tables import visits
from liaoran.process.tasks import TaskObject, task_object
from liaoran.query.display import json_object, literal
from liaoran.query.plans import cached_statement


async def read_card_standings(
    tx: Transaction, scope: Scope, object_key: str, records: Sequence[UUID]
) -> dict[str, dict[str, Any]]:
    """By id ``{days, due, musts}``: days of the present stay with fractions, where that stands against the stage's
    limits (``due.due_state``), and how many must-tasks of stages are open. Records that the actor may not see, or that
    are in no state, are left out."""
    owner = scope.require(object_key, "read")
    statement = cached_statement(scope, ("process.cards", object_key), lambda: _compile(scope, object_key))
    body = await tx.fetch_json(statement, {**scope.params(), "records": list(records)})
    processes = {one.key: one.state_by_key for one in owner.processes}
    found = {}
    for row in orjson.loads(body or b"[]"):
        state = processes.get(row["process"], {}).get(row["state"])
        days = float(row["days"])
        due = due_state(days, state.target_days, state.maximum_days) if state is not None and state.is_open else None
        found[row["id"]] = {"days": days, "due": due, "musts": row["musts"]}
    return found


def _compile(scope: Scope, object_key: str) -> sa.Select[Any]:
    records = scope.source(object_key)
    where = task_object(scope.snapshot, object_key)
    musts = _open_musts(scope, where, records) if where and scope.may(where.object.key, "read") else None
    card = json_object(
        ("id", visits.c.record_id),
        ("process", visits.c.process),
        ("state", visits.c.state),
        ("days", stay_days(visits)),
        ("musts", sa.literal_column("0") if musts is None else musts),
    )
    return (
        sa.select(sa.func.coalesce(sa.func.json_agg(card), sa.literal_column("'[]'::json")))
        .select_from(visits.join(records, records.c.id == visits.c.record_id))
        .where(
            visits.c.record_id == sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid))), visits.c.left_at.is_(None)
        )
    )


def _open_musts(scope: Scope, where: TaskObject, records: sa.FromClause) -> sa.ColumnElement[Any] | None:
    """The number of open must-tasks; None where the actor may not see by which Fields that is told."""
    form, tasks = where.form, scope.source(where.object.key)
    needed = {form.status, form.must, form.origin, where.link.key}
    if not needed <= {one.key for one in scope.fields(where.object.key)}:
        return None
    return (
        sa.select(sa.func.count())
        .select_from(tasks)
        .where(
            tasks.c[where.link.key] == records.c.id,
            tasks.c[form.must].is_(sa.true()),
            tasks.c[form.origin].is_not(None),
            tasks.c[form.status].not_in((literal(form.done), literal(form.cancelled))),
        )
        .correlate(records)
        .scalar_subquery()
    )
