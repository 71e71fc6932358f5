"""Evidence of a stay that takes too long: longer than the stage's target, or than the most it allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.process.tables import visits
from liaoran.query.compilation import Row
from liaoran.query.display import literal
from liaoran.query.evidence import Evidence
from liaoran.query.operators.base import Reading
from liaoran.query.subjects import Subject

TARGET, MAXIMUM = "target", "maximum"
_OVER: Mapping[str, Text] = {
    TARGET: Text("目标天数", "target days"),
    MAXIMUM: Text("最长停留天数", "maximum days"),
}


class StaysTooLong(Evidence):
    """The present stay is longer than the stage's ``{"over": "target" | "maximum"}`` days (left out: the maximum).

    A stage that says nothing of days is never stayed in too long.
    """

    key = "dwell"
    label = Text("超时停留", "Stay over time")

    def read(self, raw: Any, subject: Subject) -> Reading:
        """Over which of the two."""
        value = {} if raw is None else raw
        if not isinstance(value, Mapping) or not set(value) <= {"over"} or str(value.get("over", MAXIMUM)) not in _OVER:
            raise subject.refuse(Text("over 应为 target 或 maximum", "over must be target or maximum"), raw)
        return Reading((), value.get("over", MAXIMUM))

    def proves(self, row: Row, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """The stay began more days ago than the stage allows."""
        days = cast("str", reading.form)
        stages = [
            (process.key, state.key, limit)
            for process in row.compilation.rows.snapshot.object(row.object_key).processes
            for state in process.states
            if (limit := state.maximum_days if days == MAXIMUM else state.target_days) is not None
        ]
        if not stages:
            return sa.false()
        limits = sa.values(
            sa.column("process", sa.Text), sa.column("state", sa.Text), sa.column("days", sa.Numeric), name="limits"
        ).data([(literal(process), literal(state), sa.literal_column(str(limit))) for process, state, limit in stages])
        now = sa.bindparam("now", type_=sa.DateTime(timezone=True))
        here = [
            visits.c.record_id == row.column("id"),
            visits.c.left_at.is_(None),
            limits.c.process == visits.c.process,
            limits.c.state == visits.c.state,
            sa.extract("epoch", now - visits.c.entered_at) > limits.c.days * sa.literal_column("86400"),
        ]
        stay = sa.exists(sa.select(sa.literal_column("1")).select_from(visits.join(limits, sa.true())).where(*here))
        return stay.correlate(row.source)

    def spoken(self, raw: Any, subject: Subject) -> Text:
        """``超过最长停留天数的停留``."""
        over = _OVER.get((raw or {}).get("over", MAXIMUM), _OVER[MAXIMUM])
        return Text(f"超过{over.zh}的停留", f"a stay beyond the {over.en}")

    def parameters(self) -> Mapping[str, Any]:
        """Over which of the two."""
        choices = [{"key": key, "label": label.to_json()} for key, label in _OVER.items()]
        label = Text("超过", "Longer than").to_json()
        return {"over": {"label": label, "kind": "choice", "choices": choices}}
