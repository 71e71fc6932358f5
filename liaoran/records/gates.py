"""The gates of a batch: every distinct Check is compiled once and evaluated on the candidates that carry it.

Candidates travel as JSON rows ``new`` and ``old``; the Conditions are compiled over these two as they would be over a
table, so a gate means the same as a filter. They read through the scope of the system: a gate does not depend on what
the writer may see, only "me" and "today" are the writer's.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.sql import visitors

from liaoran.access.scope import Scope, system_scope
from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.ports import Candidate, Check
from liaoran.kernel.text import Text
from liaoran.query.compilation import Joins, Late, Row
from liaoran.query.computed import new_compilation
from liaoran.query.conditions import Binder, Bound, bind_condition, compile_bound
from liaoran.records.context import STAMPS, WriteContext

NOT_EVALUABLE = Text(
    "一项检查无法进行({why}),请联系管理员", "one of the checks cannot be made ({why}); please tell an administrator"
)
_POSITION, _CHECKS = "__position", "__checks"


@dataclass(frozen=True, slots=True)
class CompiledGates:
    """``unmet`` is a JSON list of ``[position, check]``; ``new`` and ``old`` name the columns that the Conditions read;
    ``late`` are binds that definitions bring along."""

    unmet: sa.ColumnElement[Any]
    new: frozenset[str]
    old: frozenset[str]
    late: tuple[Late, ...]


@dataclass
class Gates:
    """Distinct Checks with their bound Conditions, and the candidates with the numbers of the Checks they carry."""

    checks: list[Check] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    carriers: list[tuple[Candidate, list[int]]] = field(default_factory=list)

    @property
    def shape(self) -> Hashable:
        """What decides the SQL."""
        return tuple(one.shape for one in self.bound)

    def compile(self, context: WriteContext) -> CompiledGates:
        """The Conditions over the two candidate rows."""
        rows = _readers(context)
        compilation, joins = new_compilation(rows), Joins()
        new, old = _source(context, "new"), _source(context, "old")
        before = Row(compilation, context.object.key, old, joins, optional=True)
        row = Row(compilation, context.object.key, new, joins, before=before)
        conditions = [compile_bound(one, row) for one in self.bound]
        base = joins.around(new.outerjoin(old, old.c[_POSITION] == new.c[_POSITION]))
        results = sa.values(sa.column("check", sa.Integer), sa.column("met", sa.Boolean), name="result").data(
            [(sa.literal(number), _when_carried(new, number, one)) for number, one in enumerate(conditions)]
        )
        lateral = results.lateral()
        unmet = (
            sa.select(sa.func.json_agg(sa.func.json_build_array(new.c[_POSITION], lateral.c.check)))
            .select_from(base.join(lateral, sa.true()))
            .where(~lateral.c.met)
        )
        used = _used(conditions, joins, new), _used(conditions, joins, old)
        return CompiledGates(unmet.scalar_subquery(), *used, tuple(compilation.late))

    def params(self, context: WriteContext, compiled: CompiledGates) -> dict[str, Any]:
        """The binds: values of the Conditions and the candidate rows, cut to what is read of them."""
        params = dict(self.values)
        for late in compiled.late:
            params |= late(_readers(context), context.scope.params())
        new = [
            {_POSITION: position, _CHECKS: numbers, **_row(candidate, candidate.new, compiled.new)}
            for position, (candidate, numbers) in enumerate(self.carriers)
        ]
        old = [
            {_POSITION: position, **_row(candidate, candidate.old, compiled.old)}
            for position, (candidate, _) in enumerate(self.carriers)
            if candidate.old is not None and compiled.old
        ]
        return {**params, "new": orjson.dumps(new).decode(), "old": orjson.dumps(old).decode()}

    def judge(self, unmet: Sequence[Sequence[int]]) -> None:
        """Gives each candidate the problems of the Checks that it fails."""
        for position, number in unmet:
            candidate = self.carriers[position][0]
            candidate.problems.append(_with_value(self.checks[number].problem, candidate))


def collect_gates(context: WriteContext, candidates: Sequence[Candidate]) -> Gates:
    """The gates of the candidates. A Condition that cannot be evaluated refuses what carries it."""
    gates, numbers, params = Gates(), dict[Hashable, int | None](), context.scope.params()
    binder = Binder("g")
    for candidate in candidates:
        carried = []
        for one in candidate.checks:
            if one.key not in numbers:
                numbers[one.key] = _add(gates, context, one, params, binder)
            number = numbers[one.key]
            if number is None:
                message = NOT_EVALUABLE.fill(why=one.problem.message)
                candidate.problems.append(Problem("gate_not_evaluable", message, one.problem.field))
            else:
                carried.append(number)
        if carried:
            gates.carriers.append((candidate, carried))
    gates.values = binder.values
    return gates


def _add(gates: Gates, context: WriteContext, one: Check, params: Mapping[str, Any], binder: Binder) -> int | None:
    try:
        bound = bind_condition(one.condition, _readers(context), context.object.key, params, binder, candidates=True)
    except Invalid:
        return None
    gates.checks.append(one)
    gates.bound.append(bound)
    return len(gates.checks) - 1


def _readers(context: WriteContext) -> Scope:
    found: Scope | None = context.seen.get("readers")
    if found is None:
        found = context.seen["readers"] = system_scope(context.snapshot)
    return found


def _source(context: WriteContext, name: str) -> sa.TableValuedAlias:
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(_POSITION, sa.Integer),
        sa.column(_CHECKS, pg.ARRAY(sa.Integer)),
    ]
    table = context.object.table
    keys = ["id", "version", *sorted(STAMPS), *context.stored_fields]
    columns += [sa.column(key, table.c[key].type) for key in keys]
    rows = sa.func.json_to_recordset(sa.cast(sa.bindparam(name, type_=sa.Text), pg.JSON))
    return rows.table_valued(*columns).render_derived(f"{name}_row", with_types=True)


def _when_carried(new: sa.FromClause, number: int, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    carried = sa.literal(number) == sa.any_(new.c[_CHECKS])
    return sa.case((~carried, sa.true()), (condition, sa.true()), else_=sa.false())


def _used(conditions: Sequence[Any], joins: Joins, source: sa.FromClause) -> frozenset[str]:
    parts = [*conditions, *(on for _, on in joins.found)]
    return frozenset(
        element.name
        for part in parts
        for element in visitors.iterate(part)
        if isinstance(element, sa.ColumnClause) and element.table is source
    )


def _row(candidate: Candidate, values: Mapping[str, Any] | None, columns: frozenset[str]) -> dict[str, Any]:
    own: dict[str, Any] = {
        "id": candidate.id,
        "version": candidate.version,
        "updated_at": candidate.at,
        "updated_by": candidate.by,
        **candidate.stamps,
        **(values or {}),
    }
    return {key: own[key] for key in columns if own.get(key) is not None}


def _with_value(problem: Problem, candidate: Candidate) -> Problem:
    """The problem with the value found in its Field added to the evidence."""
    if problem.field is None:
        return problem
    return replace(problem, evidence={**problem.evidence, "value": candidate.new.get(problem.field)})
