"""The statements of the stage-design check: over visits, and over no record but those of the actor's row source.

Times are limited by the moment of a move, so that the block-range index on ``entered_at`` serves short periods, and the
index by record serves whoever sees few records. A history may list one state several times in a row (amounts that
changed meanwhile); such rows are one stay here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.process.tables import INSTANT
from liaoran.process.tables import visits as kept_visits

BUCKETS_PER_LOG = 200
"""Durations of one bucket differ by at most half a percent: a bucket is ``floor(200 ln(1 + seconds))``."""
SECONDS_OF_A_DAY = 86_400
PROCESS = sa.bindparam("process", type_=sa.Text)
SINCE, UNTIL = sa.bindparam("since", type_=INSTANT), sa.bindparam("until", type_=INSTANT)
NOW = sa.bindparam("now", type_=INSTANT)
STATES = sa.bindparam("states", type_=pg.ARRAY(sa.Text))
OPEN_STATES = sa.bindparam("open_states", type_=pg.ARRAY(sa.Text))


def told(heirs: Mapping[str, str]) -> sa.FromClause:
    """The visits, states that the Process has no more counting as the ones that stand for them now (``heirs``)."""
    if not heirs:
        return kept_visits
    columns = [
        sa.case(dict(heirs), value=column, else_=column).label(column.name)
        if column.name in ("state", "from_state")
        else column
        for column in kept_visits.c
    ]
    return sa.select(*columns).subquery("visits")


def visible(scope: Scope, object_key: str, record: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether the record of a stay is one that the actor may see."""
    rows = scope.source(object_key)
    return record.in_(sa.select(rows.c.id))


def moved_in_period(scope: Scope, object_key: str, visits: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    """Restricts ``visits`` to what began by a move of the period, from another state or from nowhere."""
    return [
        visits.c.process == PROCESS,
        visits.c.entered_at >= SINCE,
        visits.c.entered_at < UNTIL,
        visits.c.from_state.is_distinct_from(visits.c.state),
        visible(scope, object_key, visits.c.record_id),
    ]


def flows(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    """``from_state, state, count``: the moves of the period."""
    return (
        sa.select(visits.c.from_state, visits.c.state, sa.func.count().label("count"))
        .where(*moved_in_period(scope, object_key, visits))
        .group_by(visits.c.from_state, visits.c.state)
    )


def stays(
    visits: sa.FromClause,
    where: list[sa.ColumnElement[bool]],
    end: sa.ColumnElement[Any],
    *columns: sa.ColumnElement[Any],
) -> sa.Subquery:
    """``state, record_id, seconds`` of the rows of ``visits``, and more columns of them: how long each stay took up to
    ``end``. Where a row lists the state again, the stay began with the first row of it."""
    former = visits.alias("former")
    first = (
        sa.select(sa.func.max(former.c.entered_at))
        .where(
            former.c.record_id == visits.c.record_id,
            former.c.ordinal <= visits.c.ordinal,
            former.c.process == PROCESS,
            former.c.from_state.is_distinct_from(former.c.state),
        )
        .correlate(visits)
        .scalar_subquery()
    )
    again = visits.c.from_state == visits.c.state
    plain = sa.select(visits.c.state, visits.c.record_id, _seconds(end - visits.c.entered_at), *columns).where(
        *where, visits.c.from_state.is_distinct_from(visits.c.state)
    )
    listed = (
        sa.select(
            visits.c.state,
            visits.c.record_id,
            _seconds(end - sa.func.coalesce(first, visits.c.entered_at)),
            *columns,
            # Without the limit PostgreSQL would look the beginning up anew wherever it is used.
        )
        .where(*where, again)
        .offset(sa.literal_column("0"))
    )
    return sa.union_all(plain, listed).subquery("stays")


def _seconds(taken: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    seconds = sa.func.greatest(sa.cast(sa.extract("epoch", taken), sa.Double), sa.literal_column("0"))
    return seconds.label("seconds")


def ended_in_period(scope: Scope, object_key: str, visits: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    """Restricts ``visits`` to the last row of each stay in an open state that ended in the period."""
    again = visits.alias("again")
    goes_on = sa.exists(
        sa.select(sa.literal_column("1"))
        .where(
            again.c.record_id == visits.c.record_id,
            again.c.ordinal == visits.c.ordinal + 1,
            again.c.process == PROCESS,
            again.c.from_state == again.c.state,
        )
        .correlate(visits)
    )
    return [
        visits.c.process == PROCESS,
        visits.c.left_at >= SINCE,
        visits.c.left_at < UNTIL,
        visits.c.state == sa.any_(OPEN_STATES),
        ~goes_on,
        visible(scope, object_key, visits.c.record_id),
    ]


def going_on(scope: Scope, object_key: str, visits: sa.FromClause) -> list[sa.ColumnElement[bool]]:
    """Restricts ``visits`` to the stays in open states that have not ended."""
    return [
        visits.c.process == PROCESS,
        visits.c.left_at.is_(None),
        visits.c.state == sa.any_(OPEN_STATES),
        visible(scope, object_key, visits.c.record_id),
    ]


def dwells(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    """``state, bucket, count, seconds`` of the stays that ended in the period."""
    return by_bucket(stays(visits, ended_in_period(scope, object_key, visits), visits.c.left_at))


def ages(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    """``state, bucket, count, seconds`` of the stays that are going on."""
    return by_bucket(stays(visits, going_on(scope, object_key, visits), NOW))


def by_bucket(rows: sa.Subquery) -> sa.Select[Any]:
    """``state, bucket, count, seconds`` of rows with ``state`` and ``seconds``."""
    logarithm = sa.func.ln(1 + rows.c.seconds) * sa.literal_column(str(BUCKETS_PER_LOG))
    bucket = sa.cast(sa.func.floor(logarithm), sa.Integer).label("bucket")
    return sa.select(
        rows.c.state, bucket, sa.func.count().label("count"), sa.func.sum(rows.c.seconds).label("seconds")
    ).group_by(rows.c.state, bucket)
