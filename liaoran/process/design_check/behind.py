"""The records behind findings, as a Condition that a list opens with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.process.design_check.findings import Behind, Finding, Known, Moved, Stayed, Staying, Within
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.readings import (
    NOW,
    SECONDS_OF_A_DAY,
    ended_in_period,
    going_on,
    moved_in_period,
    stays,
)

MOST_RECORDS = 200
"""So many are shown at most: the newest moves, the longest stays."""
_LIST = pg.ARRAY(sa.Text)


async def conditions_behind(inquiry: Inquiry, findings: Sequence[Finding]) -> list[dict[str, Any] | None]:
    """For each finding the Condition over the Object, None where no single records are behind it. One statement for all
    findings of a kind."""
    behind = [finding.behind for finding in findings]
    moved = await _ids(inquiry, [one for one in behind if isinstance(one, Moved)])
    stayed = await _ids(inquiry, [one for one in behind if isinstance(one, Stayed)])
    staying = await _ids(inquiry, [one for one in behind if isinstance(one, Staying)])
    return [_condition(inquiry, one, {**moved, **stayed, **staying}) for one in behind]


def _condition(inquiry: Inquiry, behind: Behind | None, ids: Mapping[Behind, list[str]]) -> dict[str, Any] | None:
    match behind:
        case None:
            return None
        case Within(states):
            return _in_states(inquiry, states)
        case Known(known):
            return _these(known)
        case _:
            return _these(ids.get(behind, []))


def _these(ids: Sequence[str]) -> dict[str, Any]:
    return {"field": "id", "op": "in", "value": list(ids)[:MOST_RECORDS]}


def _in_states(inquiry: Inquiry, states: Sequence[str]) -> dict[str, Any]:
    process = inquiry.process
    here = {"field": process.field, "op": "in", "value": list(states)}
    if process.process_field is None:
        return here
    follows: dict[str, Any] = {"field": process.process_field, "op": "eq", "value": process.key}
    if process.is_default:
        follows = {"any": [follows, {"field": process.process_field, "op": "empty"}]}
    return {"all": [follows, here]}


async def _ids(inquiry: Inquiry, behind: Sequence[Behind]) -> dict[Behind, list[str]]:
    """The ids for each, the statement being that of the first's kind."""
    if not behind:
        return {}
    numbers: list[int] = []
    firsts: list[str] = []
    seconds: list[str] = []
    for number, one in enumerate(behind):
        pairs = one.pairs if isinstance(one, Moved) else [(one.state, str(one.days))]  # type: ignore[union-attr]
        for first, second in pairs:
            numbers.append(number)
            firsts.append(first)
            seconds.append(second)
    name, build = _STATEMENTS[type(behind[0])]
    rows = await inquiry.rows(name, build, numbers=numbers, firsts=firsts, seconds=seconds)
    found: dict[Behind, dict[str, None]] = {one: {} for one in behind}
    for row in rows:
        found[behind[row["number"]]][str(row["record_id"])] = None
    return {one: list(ids) for one, ids in found.items()}


def _asked() -> sa.FromClause:
    """``number, first, second``: what is asked for, from binds; ``second`` is a state or a number of days."""
    arrays = (
        sa.bindparam("numbers", type_=pg.ARRAY(sa.Integer)),
        sa.bindparam("firsts", type_=_LIST),
        sa.bindparam("seconds", type_=_LIST),
    )
    return sa.func.unnest(*arrays).table_valued("number", "first", "second").render_derived("asked")


def _moved(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    asked = _asked()
    on = sa.and_(sa.func.coalesce(visits.c.from_state, "") == asked.c.first, visits.c.state == asked.c.second)
    rows = (
        sa.select(asked.c.number, visits.c.record_id, visits.c.entered_at.label("rank"))
        .select_from(visits.join(asked, on))
        .where(*moved_in_period(scope, object_key, visits))
    )
    return _first_of_each(rows)


def _stayed(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    return _longest(stays(visits, ended_in_period(scope, object_key, visits), visits.c.left_at))


def _staying(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    return _longest(stays(visits, going_on(scope, object_key, visits), NOW))


def _longest(rows: sa.Subquery) -> sa.Select[Any]:
    asked = _asked()
    limit = sa.cast(asked.c.second, sa.Double) * SECONDS_OF_A_DAY
    on = sa.and_(rows.c.state == asked.c.first, rows.c.seconds > limit)
    return _first_of_each(
        sa.select(asked.c.number, rows.c.record_id, rows.c.seconds.label("rank")).select_from(rows.join(asked, on))
    )


def _first_of_each(found: sa.Select[Any]) -> sa.Select[Any]:
    """Of ``number, record_id, rank`` the first of each number, the highest rank first."""
    rows = found.subquery("found")
    place = sa.func.row_number().over(partition_by=rows.c.number, order_by=rows.c.rank.desc()).label("place")
    ranked = sa.select(rows.c.number, rows.c.record_id, place).subquery("ranked")
    return (
        sa.select(ranked.c.number, ranked.c.record_id)
        .where(ranked.c.place <= MOST_RECORDS)
        .order_by(ranked.c.number, ranked.c.place)
    )


_STATEMENTS = {
    Moved: ("behind.moved", _moved),
    Stayed: ("behind.stayed", _stayed),
    Staying: ("behind.staying", _staying),
}
