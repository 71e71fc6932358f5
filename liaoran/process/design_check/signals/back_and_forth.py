"""Back and forth: records that come back to a state from a later one (R170)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.findings import Finding, Known, Proposal, graded
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.readings import PROCESS, STATES, moved_in_period
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold, enough
from liaoran.schema.processes import State

MOST_IDS = 200
ENTRIES = Text("次进入", "entries")
SENTENCE = Text(
    "进入“{state}”{entered} 次，其中 {returns} 次（{share}）是从后面的阶段退回来的，涉及 {records}；最常从“{source}”退回"
    "（{most} 次），{loops} 次是刚从这里过去又回来。",
    "{returns} of {entered} entries into “{state}” ({share}) came back from a later stage, of {records}; most often from "
    "“{source}” ({most}), and {loops} times right after having left for there.",
)
PROPOSAL = Text(
    "给“{state}”加上退出条件，写明到“{source}”之前必须已经确认什么；若两个阶段实际上是交替进行的，就合并成一个。",
    "Give “{state}” an exit condition that says what must be settled before “{source}”; if the two are in truth one "
    "alternating piece of work, make them one stage.",
)


class BackAndForth(Signal):
    """A return is a move from a later state to one where the record has been before."""

    key = "back_and_forth"
    label = Text("阶段来回跳", "Back and forth")
    about = Text(
        "记录从后面的阶段退回到曾经离开的阶段。", "Records return from a later stage to one that they had left."
    )
    order = 10
    thresholds = (
        Threshold(
            "share",
            Text("退回占进入的比例", "returns among the entries"),
            "share",
            0.2,
            Text(
                "偶尔退回是正常的修正；每五次进入就有一次是退回，说明前一步没有做完就放行了。",
                "Going back now and then is a correction; when every fifth entry is a return, records are let go before "
                "the work is done.",
            ),
            most=1,
        ),
        enough(30, ENTRIES),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for each open state that so many entries return to."""
        entered = {one.state.key: one.entered for one in await inquiry.stages()}
        rows = await inquiry.rows(self.key, returns)
        found = []
        for state in inquiry.open_states:
            total = entered[state.key]
            own = [row for row in rows if row["state"] == state.key]
            whole = next((row for row in own if row["from_state"] is None), None)
            if whole is None or total < limits["minimum"] or whole["returns"] < limits["share"] * total:
                continue
            sources = sorted((row for row in own if row["from_state"]), key=lambda row: -row["returns"])
            source = inquiry.process.state_by_key[sources[0]["from_state"]]
            found.append(_finding(state, source, total, whole, sources[0]["returns"], limits["share"]))
        return found


def _finding(state: State, source: State, total: int, whole: dict[str, Any], most: int, limit: float) -> Finding:
    returns_, loops = whole["returns"], whole["loops"]
    return Finding(
        states=(state.key, source.key),
        severity=graded(returns_ / total, limit),
        sentence=SENTENCE.fill(
            state=state.label,
            source=source.label,
            entered=spoken.number(total),
            returns=spoken.number(returns_),
            share=spoken.share(returns_, total),
            records=spoken.records(whole["records"]),
            most=spoken.number(most),
            loops=spoken.number(loops),
        ),
        proposal=Proposal(PROPOSAL.fill(state=state.label, source=source.label)),
        numbers={
            "entered": total,
            "returns": returns_,
            "share": returns_ / total,
            "records": whole["records"],
            "loops": loops,
            "from": source.key,
            "from_count": most,
        },
        behind=Known(tuple(dict.fromkeys(str(one) for one in whole["ids"]))),
        count=whole["records"],
    )


def returns(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
    """``state, from_state, returns, loops, records, ids``: for each state that was returned to, and each way back to it;
    ``from_state`` is null in the row of the state as a whole. A loop left this state straight for the one that it comes
    from; ``ids`` are of the newest returns."""
    places = (sa.func.array_position(STATES, visits.c.from_state), sa.func.array_position(STATES, visits.c.state))
    back = (
        sa.select(visits.c.record_id, visits.c.ordinal, visits.c.state, visits.c.from_state, visits.c.entered_at)
        .where(*moved_in_period(scope, object_key, visits), places[0] > places[1])
        .cte("back")
        .prefix_with("MATERIALIZED")
    )
    former, earlier = visits.alias("former"), visits.alias("earlier")
    came_from = (
        sa.select(former.c.from_state)
        .where(
            former.c.record_id == back.c.record_id,
            former.c.ordinal < back.c.ordinal,
            former.c.process == PROCESS,
            former.c.from_state.is_distinct_from(former.c.state),
        )
        .order_by(former.c.ordinal.desc())
        .limit(1)
        .scalar_subquery()
    )
    was_there = sa.exists(
        sa.select(sa.literal_column("1")).where(
            earlier.c.record_id == back.c.record_id,
            earlier.c.ordinal < back.c.ordinal,
            earlier.c.process == PROCESS,
            earlier.c.state == back.c.state,
        )
    )
    returned = sa.select(back, (came_from == back.c.state).label("loop")).where(was_there).subquery("returned")
    newest = sa.func.array_agg(
        pg.aggregate_order_by(returned.c.record_id, returned.c.entered_at.desc()), type_=pg.ARRAY(sa.Uuid)
    )
    return sa.select(
        returned.c.state,
        returned.c.from_state,
        sa.func.count().label("returns"),
        sa.func.count().filter(returned.c.loop).label("loops"),
        sa.func.count(returned.c.record_id.distinct()).label("records"),
        newest[1:MOST_IDS].label("ids"),
    ).group_by(sa.func.grouping_sets(sa.tuple_(returned.c.state, returned.c.from_state), sa.tuple_(returned.c.state)))


SIGNAL = BackAndForth()
