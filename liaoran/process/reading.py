"""Reading the visits of a record: where it has been, for how long, through whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import NotFound
from liaoran.kernel.text import Text
from liaoran.process.tables import process_versions, visits
from liaoran.query.display import instant_text, json_object
from liaoran.query.plans import cached_statement
from liaoran.records.history import is_visible

_NOT_FOUND = Text("记录不存在，或您无权查看", "the record does not exist, or you may not see it")
_SECONDS_OF_A_DAY = 86_400


async def read_visits(tx: Transaction, scope: Scope, object_key: str, record: UUID) -> bytes:
    """JSON list of the stays in order.

    A stay: ``{process, state, label, kind, color, entered_at, left_at, days, by, by_id, from, amount, currency}``.
    Labels are those of the version that the record followed then; ``days`` (with fractions) run on while the record
    stays. Raises NotFound where the record is not visible.
    """
    scope.require(object_key, "read")
    statement = cached_statement(scope, ("process.visits", object_key), lambda: _compile(scope, object_key))
    found = await tx.fetch_json(statement, {**scope.params(), "record": record})
    if found is None:
        raise NotFound(_NOT_FOUND)
    return found


def _compile(scope: Scope, object_key: str) -> sa.Select[Any]:
    record = sa.bindparam("record", type_=sa.Uuid)
    return sa.select(sa.case((is_visible(scope, object_key, record), stays_of(scope, object_key, record))))


def stays_of(scope: Scope, object_key: str, record: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The JSON list of the record's stays in order, as ``read_visits`` gives it."""
    described = described_state(visits, visits.c.state, "described")
    order = (visits.c.entered_at, visits.c.ordinal, visits.c.id)
    stay = json_object(*stay_parts(scope, object_key, visits, described))
    return (
        sa.select(
            sa.func.coalesce(sa.func.json_agg(pg.aggregate_order_by(stay, *order)), sa.literal_column("'[]'::json"))
        )
        .select_from(visits.outerjoin(described, sa.true()))
        .where(visits.c.record_id == record)
        .scalar_subquery()
    )


def described_state(visit: sa.FromClause, state: sa.ColumnElement[Any], name: str) -> sa.FromClause:
    """The definition of a state (column ``state``) in the version of the Process that the visit followed."""
    states = sa.func.jsonb_array_elements(process_versions.c.definition["states"])
    one = states.table_valued(sa.column("value", pg.JSONB), name=f"{name}_state")
    return (
        sa.select(one.c.value.label("state"))
        .select_from(process_versions.join(one, sa.true()))
        .where(
            process_versions.c.process == visit.c.process,
            process_versions.c.version == visit.c.process_version,
            one.c.value["key"].astext == state,
        )
        .limit(1)
        .lateral(name)
    )


def stay_parts(
    scope: Scope, object_key: str, visit: sa.FromClause, described: sa.FromClause
) -> list[tuple[str, sa.ColumnElement[Any]]]:
    """The members of a stay in an answer. ``visit`` has the columns of ``visits``, ``described`` its state."""
    return [
        ("process", visit.c.process),
        ("state", visit.c.state),
        ("label", described.c.state["label"]),
        ("kind", described.c.state["kind"]),
        ("color", described.c.state["color"]),
        ("entered_at", instant_text(visit.c.entered_at)),
        ("left_at", instant_text(visit.c.left_at)),
        ("days", stay_days(visit)),
        ("by", visit.c.entered_by_label),
        ("by_id", visit.c.entered_by),
        ("from", visit.c.from_state),
        ("amount", sa.func.trim_scale(visit.c.amount) if _shows_sums(scope, object_key) else sa.null()),
        ("currency", visit.c.currency),
    ]


def stay_days(visit: sa.FromClause) -> sa.ColumnElement[Any]:
    """The length of a stay in days with fractions; one that goes on is measured to the bind ``now``."""
    end = sa.func.coalesce(visit.c.left_at, sa.bindparam("now", type_=sa.DateTime(timezone=True)))
    seconds = sa.cast(sa.extract("epoch", end - visit.c.entered_at), sa.Numeric)
    return sa.func.greatest(sa.func.round(seconds / _SECONDS_OF_A_DAY, 4), 0)


def _shows_sums(scope: Scope, object_key: str) -> bool:
    """Amounts of visits are values of the sum Fields: whoever may not see those sees none of them."""
    visible = {field.key for field in scope.fields(object_key)}
    return all(one.sum_field in visible for one in scope.snapshot.object(object_key).processes if one.sum_field)
