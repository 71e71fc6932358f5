"""Judgements: which of several Conditions hold for records as they stand, with the values found, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.kernel.conditions import Condition, Leaf
from liaoran.kernel.errors import Invalid
from liaoran.query.bound import Bound, BoundLeaf, compile_bound, leaves_of_bound
from liaoran.query.compilation import Compilation, Row
from liaoran.query.conditions import Binder, bind_condition
from liaoran.query.display import as_json, json_array
from liaoran.query.planning import make_plan
from liaoran.query.plans import Plan
from liaoran.query.rows import Rows


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a Condition holds, and each of its leaves with the value found, in its JSON form."""

    holds: bool
    found: tuple[tuple[Leaf, Any], ...]


@dataclass(frozen=True, slots=True)
class JudgementPlan:
    """The Plan, and how to read its answer."""

    plan: Plan
    leaves: tuple[tuple[BoundLeaf, ...], ...]

    def read(self, body: bytes | None) -> dict[UUID, list[Judgement]]:
        """By record a judgement for each Condition; a record that is not there for this actor is left out."""
        return {UUID(record): self._judged(verdicts) for record, verdicts in orjson.loads(body or b"[]")}

    def _judged(self, verdicts: Sequence[tuple[bool, list[Any]]]) -> list[Judgement]:
        return [
            Judgement(holds, tuple((bound.leaf, value) for bound, value in zip(leaves, values, strict=True)))
            for (holds, values), leaves in zip(verdicts, self.leaves, strict=True)
        ]


def can_be_judged(rows: Rows, object_key: str, condition: Condition) -> bool:
    """Whether the Condition rests on nothing that is gone, or that the actor may not see."""
    try:
        bind_condition(condition, rows, object_key, rows.params(), Binder("j"))
    except Invalid:
        return False
    return True


def compile_judgements(
    rows: Rows, object_key: str, records: Sequence[UUID], conditions: Sequence[Condition]
) -> JudgementPlan:
    """The Plan that judges each record by the Conditions (at most 100). Raises Invalid as ``bind_condition`` does."""
    params, binder = rows.params(), Binder("j")
    bound = [bind_condition(one, rows, object_key, params, binder) for one in conditions]
    shape = ("judgements", object_key, tuple(one.shape for one in bound))
    binds = {**binder.values, "records": list(records)}
    plan = make_plan(rows, params, shape, binds, lambda compilation: _write(compilation, object_key, bound))
    return JudgementPlan(plan, tuple(tuple(leaves_of_bound(one)) for one in bound))


def _write(compilation: Compilation, object_key: str, bound: Sequence[Bound]) -> sa.Select[Any]:
    row = Row(compilation, object_key, compilation.source(object_key))
    verdicts = json_array(*(_verdict(row, one) for one in bound))
    among = row.column("id") == sa.any_(sa.bindparam("records", type_=pg.ARRAY(sa.Uuid)))
    judged = sa.select(json_array(row.column("id"), verdicts).label("judged")).select_from(row.from_clause())
    each = judged.where(among).subquery("judgements")
    return sa.select(sa.func.json_agg(each.c.judged, type_=pg.JSON))


def _verdict(row: Row, bound: Bound) -> sa.ColumnElement[Any]:
    holds = sa.case((compile_bound(bound, row), sa.true()), else_=sa.false())
    return json_array(holds, json_array(*(as_json(row, leaf.path) for leaf in leaves_of_bound(bound))))
