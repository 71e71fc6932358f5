"""Empty Fields: what a state asks for, and what is never filled in or always with the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.access.scope import Scope
from liaoran.kernel.text import Text
from liaoran.process.design_check import spoken
from liaoran.process.design_check.demands import asked_fields
from liaoran.process.design_check.figures import Flows
from liaoran.process.design_check.findings import Finding, Moved, Proposal
from liaoran.process.design_check.inquiry import Build, Inquiry
from liaoran.process.design_check.patches import not_required
from liaoran.process.design_check.readings import moved_in_period
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.thresholds import Limits, Threshold, enough
from liaoran.query.display import json_object
from liaoran.schema.processes import State
from liaoran.schema.snapshot import Field

RECORDS = Text("条最近进入的记录", "records that entered last")
SAMPLE = 2000
"""How many records that entered a state last are looked at; a share of so many is exact to two points."""
FIELDS_OF_A_STATEMENT = 50
EMPTY = Text(
    "“{state}”要求填写“{field}”，但最近进入的 {records} 条记录里 {empty} 条（{share}）是空的。",
    "“{state}” asks for “{field}”, yet of the last {records} records that entered, {empty} ({share}) have none.",
)
SAME = Text(
    "“{state}”要求填写“{field}”，但最近进入并填了的 {filled} 条记录里 {same} 条（{share}）都填“{value}”。",
    "“{state}” asks for “{field}”, yet of the last {filled} records that have one, {same} ({share}) say “{value}”.",
)
DROP = Text(
    "没有人用它做决定，就不要再要求填写；若确实重要，改在真正知道答案的阶段要求。",
    "If nobody decides by it, stop asking for it; if it matters, ask for it in the stage where the answer is known.",
)
DEFAULT = Text(
    "把“{value}”设为默认值，不再要求填写；或把选项改成能区分记录的那几个。",
    "Make “{value}” the default and stop asking, or offer choices that tell the records apart.",
)


class EmptyFields(Signal):
    """Looks at the records that entered a state last, and at Fields that the actor may see."""

    key = "empty_fields"
    label = Text("没有信息的必填字段", "Fields without news")
    about = Text(
        "阶段要求的字段总是空着，或总是同一个值。",
        "Fields that a stage asks for are always empty, or always the same.",
    )
    order = 80
    thresholds = (
        Threshold(
            "share",
            Text("空着或相同的比例", "share that is empty or the same"),
            "share",
            0.95,
            Text(
                "二十条里十九条都一样的字段，没有告诉任何人任何事。",
                "A field that is alike in nineteen of twenty records tells nobody anything.",
            ),
            least=0.5,
            most=1,
        ),
        enough(30, RECORDS),
    )

    async def find(self, inquiry: Inquiry, limits: Limits) -> Sequence[Finding]:
        """A finding for each Field of each state."""
        seen = {one.key: one for one in inquiry.scope.fields(inquiry.owner.key) if not one.computed}
        asked = {
            state.key: [key for key in asked_fields(inquiry.process, state) if key in seen]
            for state in inquiry.process.states
        }
        keys = sorted({key for fields in asked.values() for key in fields})
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for start in range(0, len(keys), FIELDS_OF_A_STATEMENT):
            part = tuple(keys[start : start + FIELDS_OF_A_STATEMENT])
            states = [state for state, fields in asked.items() if set(fields) & set(part)]
            found = await inquiry.rows(f"{self.key}:{part}", filling(part), asked=states, sample=SAMPLE)
            rows |= {(row["state"], row["field"]): row for row in found}
        flows = await inquiry.flows()
        return [
            finding
            for state in inquiry.process.states
            for key in asked[state.key]
            if (row := rows.get((state.key, key))) is not None and row["records"] >= limits["minimum"]
            for finding in _judge(state, seen[key], row, limits, flows)
        ]


def _judge(state: State, one: Field, row: dict[str, Any], limits: Limits, flows: Flows) -> list[Finding]:
    records, filled, same = row["records"], row["filled"], row["same"] or 0
    if records - filled >= limits["share"] * records:
        sentence = EMPTY.fill(
            state=state.label,
            field=one.label,
            records=spoken.number(records),
            empty=spoken.number(records - filled),
            share=spoken.share(records - filled, records),
        )
        return [_finding(state, one, sentence, DROP, row, records - filled, flows)]
    if filled >= limits["minimum"] and same >= limits["share"] * filled:
        choice = one.choice_by_key.get(row["value"])
        value = choice.label if choice is not None else row["value"]
        sentence = SAME.fill(
            state=state.label,
            field=one.label,
            filled=spoken.number(filled),
            same=spoken.number(same),
            share=spoken.share(same, filled),
            value=value,
        )
        return [_finding(state, one, sentence, DEFAULT.fill(value=value), row, same, flows)]
    return []


def _finding(
    state: State, one: Field, sentence: Text, change: Text, row: dict[str, Any], count: int, flows: Flows
) -> Finding:
    return Finding(
        states=(state.key,),
        severity="medium",
        sentence=sentence,
        proposal=Proposal(change, [not_required(state.key, one.key)]),
        numbers={"records": row["records"], "filled": row["filled"], "same": row["same"], "field": one.key},
        behind=Moved(flows.pairs(lambda _, to: to == state.key)),
        count=count,
        about=one.key,
    )


def filling(fields: tuple[str, ...]) -> Build:
    """``state, field, records, filled, same, value`` of the records that entered the states ``asked`` last: how many
    have the Field filled, and how many of these with the most frequent value."""

    def build(scope: Scope, object_key: str, visits: sa.FromClause) -> sa.Select[Any]:
        entered = (
            sa.select(visits.c.state, visits.c.record_id, sa.func.max(visits.c.entered_at).label("at"))
            .where(
                *moved_in_period(scope, object_key, visits),
                visits.c.state == sa.any_(sa.bindparam("asked", type_=pg.ARRAY(sa.Text))),
            )
            .group_by(visits.c.state, visits.c.record_id)
            .subquery("entered")
        )
        place = sa.func.row_number().over(partition_by=entered.c.state, order_by=entered.c.at.desc()).label("place")
        ranked = sa.select(entered.c.state, entered.c.record_id, place).subquery("ranked")
        rows = scope.source(object_key)
        values = sa.cast(json_object(*((key, rows.c[key]) for key in fields)), pg.JSONB)
        each = sa.func.jsonb_each_text(values).table_valued("key", "value").render_derived("each").lateral("each")
        counted = (
            sa.select(ranked.c.state, each.c.key, each.c.value, sa.func.count().label("count"))
            .select_from(ranked.join(rows, rows.c.id == ranked.c.record_id).join(each, sa.true()))
            .where(ranked.c.place <= sa.bindparam("sample", type_=sa.Integer))
            .group_by(ranked.c.state, each.c.key, each.c.value)
            .subquery("counted")
        )
        filled = counted.c.value.is_not(None)
        often = sa.func.array_agg(
            pg.aggregate_order_by(counted.c.value, counted.c.count.desc()), type_=pg.ARRAY(sa.Text)
        )
        return sa.select(
            counted.c.state,
            counted.c.key.label("field"),
            sa.cast(sa.func.sum(counted.c.count), sa.Integer).label("records"),
            sa.cast(sa.func.coalesce(sa.func.sum(counted.c.count).filter(filled), 0), sa.Integer).label("filled"),
            sa.func.max(counted.c.count).filter(filled).label("same"),
            often.filter(filled)[1].label("value"),
        ).group_by(counted.c.state, counted.c.key)

    return build


SIGNAL = EmptyFields()
