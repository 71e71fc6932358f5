"""Before and after: two periods of one Process, or the times in which two of its versions were in force (R169).

What is compared: the conversion and the dwell of each state, the share of closed records that were won, and the time
from a record's first stay to won. Every comparison says whether the counts carry it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from liaoran.access.scope import Scope
from liaoran.infra.statements import Statement
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.text import Text
from liaoran.process.carrying import heirs_of
from liaoran.process.design_check.figures import StageFigures
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.measures import Measure, compare_duration, compare_share
from liaoran.process.design_check.period import period
from liaoran.process.design_check.readings import PROCESS, by_bucket, moved_in_period
from liaoran.process.design_check.significance import LEAST_OF_DURATIONS, LEAST_OF_SHARES, Durations
from liaoran.process.tables import process_versions
from liaoran.schema.process_json import process_from_json
from liaoran.schema.processes import Process, State

USUAL_DAYS = 182
WIN_RATE = Text("赢单率", "Win rate")
CYCLE = Text("从第一个阶段到赢单", "From the first stage to won")
CONVERSION = Text("“{state}”的转化率", "The conversion of “{state}”")
DWELL = Text("“{state}”的中位停留", "The median stay in “{state}”")
_VERSIONS = Statement(
    sa.select(process_versions.c.version, process_versions.c.published_at, process_versions.c.definition)
    .where(process_versions.c.process == PROCESS)
    .order_by(process_versions.c.version)
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a Process as it was defined then, between two moments; ``version`` where it was asked
    for by version."""

    process: Process
    since: datetime
    until: datetime
    version: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As the page's head shows it."""
        return {"from": self.since.isoformat(), "to": self.until.isoformat(), "version": self.version}


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day of a period, either of which may be left out."""

    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None


async def compare_periods(
    tx: Transaction, scope: Scope, process_key: str, before: Days = Days(), after: Days = Days()
) -> dict[str, Any]:
    """Two periods of the Process as it is defined now; left out, the last half year and the one before it.

    Raises NotFound for a Process that the actor may not see, Invalid for a period that ends before it begins.
    """
    process = scope.require_process(process_key)
    params = scope.params()
    last = after.until or params["today"]
    first = after.since or last - timedelta(days=USUAL_DAYS)
    end = before.until or first - timedelta(days=1)
    begin = before.since or end - timedelta(days=USUAL_DAYS)
    sides = [Side(process, *period(params, *days)) for days in ((begin, end), (first, last))]
    return await _compare(tx, scope, sides)


async def compare_versions(
    tx: Transaction, scope: Scope, process_key: str, before: int | None = None, after: int | None = None
) -> dict[str, Any]:
    """The times in which two published versions were in force, each judged by its own states; left out, the version in
    force now and the one before it.

    Raises NotFound for a Process that the actor may not see and for a version that was never published, Invalid where
    both are the same.
    """
    process = scope.require_process(process_key)
    after = process.version if after is None else after
    before = after - 1 if before is None else before
    if before == after:
        raise Invalid(Text("请选择两个不同的版本", "choose two different versions"), code="same_version")
    rows = await tx.fetch_all(_VERSIONS, {"process": process_key})
    return await _compare(tx, scope, [_in_force(process, rows, one, scope.params()["now"]) for one in (before, after)])


def _in_force(process: Process, rows: Sequence[Mapping[str, Any]], version: int, now: datetime) -> Side:
    """The Process as published then, from its publication to that of the next version."""
    place = next((place for place, row in enumerate(rows) if row["version"] == version), None)
    if place is None:
        message = Text("流程“{process}”没有版本 {version}", "the process “{process}” has no version {version}")
        raise NotFound(message.fill(process=process.label, version=version), code="unknown_version")
    row = rows[place]
    stored = {**row["definition"], "key": process.key, "object": process.object, "version": version}
    until = rows[place + 1]["published_at"] if place + 1 < len(rows) else now
    return Side(process_from_json(stored), row["published_at"], until, version)


async def _compare(tx: Transaction, scope: Scope, sides: Sequence[Side]) -> dict[str, Any]:
    heirs = await heirs_of(tx, sides[1].process.key)
    # Where all that went has an heir, the time before is told in the states of today.
    states = sides[1].process.state_by_key
    carried = all(heirs.get(one.key, one.key) in states for one in sides[0].process.states)
    judged = [sides[1].process if carried else sides[0].process, sides[1].process]
    before, after = (
        Inquiry(tx, scope, process, side.since, side.until, heirs) for process, side in zip(judged, sides, strict=True)
    )
    older = {one.state.key: one for one in await before.stages()}
    newer = {one.state.key: one for one in await after.stages()}
    # States in the order of the later side; what it does not have any more stands at the end.
    keys = [*newer, *(key for key in older if key not in newer)]
    return {
        "process": after.process.key,
        "before": sides[0].to_json(),
        "after": sides[1].to_json(),
        "stages": [_stage(older.get(key), newer.get(key)) for key in keys],
        "totals": [one.to_json() for one in await _totals(before, after)],
        "needed": {"shares": LEAST_OF_SHARES, "durations": LEAST_OF_DURATIONS},
    }


def _stage(older: StageFigures | None, newer: StageFigures | None) -> dict[str, Any]:
    state = (newer or older).state  # type: ignore[union-attr]
    found: dict[str, Any] = {"key": state.key, "label": state.label.to_json(), "measures": None}
    found["only"] = None if older and newer else "before" if older else "after"
    if older and newer:
        found["measures"] = [one.to_json() for one in _measures(state, older, newer)]
    return found


def _measures(state: State, older: StageFigures, newer: StageFigures) -> list[Measure]:
    conversion, dwell = CONVERSION.fill(state=state.label), DWELL.fill(state=state.label)
    return [
        compare_share("conversion", conversion, (older.onward, older.decided), (newer.onward, newer.decided)),
        compare_duration("dwell", dwell, older.dwell, newer.dwell),
    ]


async def _totals(before: Inquiry, after: Inquiry) -> list[Measure]:
    (won_before, lost_before), (won_after, lost_after) = [await _closings(one) for one in (before, after)]
    return [
        compare_share(
            "win_rate",
            WIN_RATE,
            (won_before.count, won_before.count + lost_before.count),
            (won_after.count, won_after.count + lost_after.count),
        ),
        compare_duration("cycle", CYCLE, won_before, won_after),
    ]


async def _closings(inquiry: Inquiry) -> tuple[Durations, Durations]:
    """How long the records took that were won, and lost, in the period, from their first stay on."""
    states = inquiry.process.states
    closed = [state.key for state in states if state.kind in ("won", "lost")]
    parts: dict[str, list[tuple[int, int, float]]] = {"won": [], "lost": []}
    for row in await inquiry.rows("closings", closings, closed=closed):
        kind = inquiry.process.state_by_key[row["state"]].kind
        parts[kind].append((row["bucket"], row["count"], row["seconds"]))
    return Durations.of(parts["won"]), Durations.of(parts["lost"])


def closings(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    """``state, bucket, count, seconds``: entries of the period into the states ``closed``, by the time since the
    record's first stay."""
    first = visits.alias("first")
    begun = (
        sa.select(sa.func.min(first.c.entered_at))
        .where(first.c.record_id == visits.c.record_id, first.c.process == PROCESS)
        .correlate(visits)
        .scalar_subquery()
    )
    taken = sa.func.greatest(sa.cast(sa.extract("epoch", visits.c.entered_at - begun), sa.Double), 0)
    closed = visits.c.state == sa.any_(sa.bindparam("closed", type_=sa.ARRAY(sa.Text)))
    rows = sa.select(visits.c.state, taken.label("seconds")).where(*moved_in_period(scope, object_key, visits), closed)
    # Without the limit PostgreSQL would look the beginning up anew wherever it is used.
    return by_bucket(rows.offset(sa.literal_column("0")).subquery("closed"))
