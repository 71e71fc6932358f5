"""Conditions over candidates: records that are not written yet, with what they were before, judged in one statement.

The candidates travel as two JSON parameters that become the rows ``new`` and ``old``; the Conditions are compiled over
these as they would be over a table, so a gate means exactly what a filter means. Only columns that are read are sent.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.infra.encoding import to_json
from liaoran.kernel.conditions import Condition, Leaf
from liaoran.query.bound import Bound, BoundLeaf, compile_bound
from liaoran.query.compilation import Compilation, Joins, Row
from liaoran.query.conditions import Binder, bind_condition
from liaoran.query.display import as_json, json_array, json_object, literal_int
from liaoran.query.paths import SYSTEM_FIELDS
from liaoran.query.planning import make_plan
from liaoran.query.plans import LeastRecentlyUsed, Plan
from liaoran.query.projection import columns_needed
from liaoran.query.rows import Rows
from liaoran.query.values import SQL_TYPES
from liaoran.query.watched import Watched

_PLACE, _ASKED = "#", "#asked"


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A record as it would be (``new``) and as it was (``old``, None at create), in canonical values by Field key.

    ``asked`` are the numbers of the Conditions that it has to meet; None means all.
    """

    id: UUID
    new: Mapping[str, Any]
    old: Mapping[str, Any] | None = None
    asked: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class UnmetLeaf:
    """A leaf that stands in the way: it does not hold, or it holds where it must not (``negated``). ``value`` is the
    value found, in its JSON form."""

    leaf: Leaf
    negated: bool
    value: Any


@dataclass(frozen=True, slots=True)
class Unmet:
    """A Condition that a candidate does not meet: its number, and the leaves that stand in the way."""

    condition: int
    leaves: tuple[UnmetLeaf, ...]


@dataclass(frozen=True, slots=True)
class CandidatePlan:
    """The Plan, and how to read its answer."""

    plan: Plan
    ids: tuple[UUID, ...]
    leaves: tuple[tuple[tuple[BoundLeaf, bool], ...], ...]

    def read(self, body: bytes | None) -> dict[UUID, list[Unmet]]:
        """The Conditions that are not met, by candidate; candidates that meet all of theirs are left out."""
        return {self.ids[place]: unmet for place, unmet in self.read_places(body).items()}

    def read_places(self, body: bytes | None) -> dict[int, list[Unmet]]:
        """As ``read``, by the candidate's place in the list: for several candidates of one record."""
        found: dict[int, list[Unmet]] = {}
        for place, condition, values in orjson.loads(body or b"[]"):
            leaves = tuple(
                UnmetLeaf(bound.leaf, negated, value["value"])
                for (bound, negated), value in zip(self.leaves[condition], values, strict=True)
                if value is not None
            )
            found.setdefault(place, []).append(Unmet(condition, leaves))
        return found


def compile_on_candidates(
    rows: Rows,
    object_key: str,
    conditions: Sequence[Condition],
    candidates: Sequence[CandidateRow],
    *,
    asker: Rows | None = None,
) -> CandidatePlan:
    """The Plan that judges all candidates. Links are followed through ``rows``; "me" and "today" are those of ``asker``
    (left out: of ``rows``). Paths may start with ``old.``, and operators on change are permitted.

    Raises Invalid as ``bind_condition`` does; at most 100 leaves per Condition.
    """
    params = (asker or rows).params()
    judges = [judge_of(rows, object_key, condition, params, place=place) for place, condition in enumerate(conditions)]
    columns = _columns(judges)
    binds = _parameters(candidates, columns, len(conditions))
    for one in judges:
        binds.update(one.values)
    bound = [one.bound for one in judges]
    shape = ("candidates", object_key, tuple(one.shape for one in judges))
    plan = make_plan(rows, params, shape, binds, lambda compilation: _write(compilation, object_key, bound, columns))
    return CandidatePlan(plan, tuple(one.id for one in candidates), tuple(one.leaves for one in judges))


@dataclass(frozen=True, slots=True)
class Judge:
    """A Condition bound for judging candidates: its values by name, its leaves, the columns that it reads. ``settled``
    says that nothing of it depends on who asks, or when."""

    condition: Condition
    bound: Bound
    shape: Hashable
    values: Mapping[str, Any]
    leaves: tuple[tuple[BoundLeaf, bool], ...]
    columns: _Columns
    settled: bool


_judges: LeastRecentlyUsed[Judge] = LeastRecentlyUsed(5000)


def judge_of(rows: Rows, object_key: str, condition: Condition, params: Mapping[str, Any], *, place: int) -> Judge:
    """The Judge for the Condition at that place among those that are judged together. Raises Invalid as
    ``bind_condition`` does.

    The Conditions of gates are the same objects for as long as the catalogue stays, so what is settled is bound once.
    """

    def bind() -> Judge:
        return _bind(rows, object_key, condition, params, place)

    # The entry keeps the Condition, so while it is there no other one has this identity.
    found = _judges.get((rows.snapshot.identity, rows.key, object_key, id(condition), place), bind)
    return found if found.settled else bind()


def _bind(rows: Rows, object_key: str, condition: Condition, params: Mapping[str, Any], place: int) -> Judge:
    binder, watched = Binder(f"c{place}_"), Watched(params)
    bound = bind_condition(condition, rows, object_key, watched, binder, candidates=True)
    leaves = tuple(_leaves(bound, negated=False))
    columns = _columns_of(rows, leaves)
    return Judge(condition, bound, bound.shape, binder.values, leaves, columns, not watched.asked)


def _leaves(bound: Bound, *, negated: bool) -> list[tuple[BoundLeaf, bool]]:
    """All leaves in reading order, each with whether an odd number of negations stands above it."""
    if isinstance(bound, BoundLeaf):
        return [(bound, negated)]
    below = negated is not (bound.word == "not")
    return [leaf for part in bound.parts for leaf in _leaves(part, negated=below)]


@dataclass(frozen=True, slots=True)
class _Columns:
    new: tuple[str, ...]
    old: tuple[str, ...]


def _columns_of(rows: Rows, leaves: Sequence[tuple[BoundLeaf, bool]]) -> _Columns:
    new: dict[str, None] = {}
    old: dict[str, None] = {}
    for leaf, _ in leaves:
        names = dict.fromkeys(name for name in columns_needed(rows, leaf.path) if "__" not in name)
        if not leaf.path.old:
            new.update(names)
        if leaf.path.old or leaf.operator.on_change:
            old.update(names)
    return _Columns(tuple(new), tuple(old))


def _columns(judges: Sequence[Judge]) -> _Columns:
    new = dict.fromkeys(("id", *(name for one in judges for name in one.columns.new)))
    old = dict.fromkeys(("id", *(name for one in judges for name in one.columns.old)))
    return _Columns(tuple(new), tuple(old))


def _parameters(candidates: Sequence[CandidateRow], columns: _Columns, conditions: int) -> dict[str, Any]:
    everything = list(range(conditions))
    new = [
        {
            _PLACE: place,
            _ASKED: everything if one.asked is None else list(one.asked),
            **_picked(one.new, columns.new),
            "id": one.id,
        }
        for place, one in enumerate(candidates)
    ]
    old = [
        {_PLACE: place, **_picked(one.old, columns.old), "id": one.id}
        for place, one in enumerate(candidates)
        if one.old is not None
    ]
    return {"candidates_new": to_json(new).decode(), "candidates_old": to_json(old).decode()}


def _picked(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := values.get(name)) is not None}


def _write(compilation: Compilation, object_key: str, bound: Sequence[Bound], columns: _Columns) -> sa.Select[Any]:
    joins = Joins()
    new = _source(compilation.rows, object_key, "new", columns.new)
    old = _source(compilation.rows, object_key, "old", columns.old)
    before = Row(compilation, object_key, old, joins, optional=True)
    row = Row(compilation, object_key, new, joins, before=before)
    verdicts = [_verdict(row, new, number, one) for number, one in enumerate(bound)]
    results = sa.values(
        sa.column("condition", sa.Integer), sa.column("evidence", postgresql.JSON), name="verdict"
    ).data(verdicts or [(literal_int(0), sa.cast(sa.null(), postgresql.JSON))])
    verdict = results.lateral()
    source = joins.around(new.outerjoin(old, old.c[_PLACE] == new.c[_PLACE])).join(verdict, sa.true())
    line = json_array(new.c[_PLACE], verdict.c.condition, verdict.c.evidence)
    listed = sa.func.json_agg(postgresql.aggregate_order_by(line, new.c[_PLACE], verdict.c.condition))
    return sa.select(listed).select_from(source).where(verdict.c.evidence.is_not(None))


def _verdict(row: Row, new: sa.FromClause, number: int, bound: Bound) -> tuple[Any, Any]:
    """The number of a Condition, and the evidence where it is asked for and does not hold. Of a single leaf it is known
    then that it stands in the way; asking again would double what PostgreSQL has to plan."""
    asked = literal_int(number) == sa.any_(new.c[_ASKED])
    fails = compile_bound(bound, row, negated=True)
    leaves = _leaves(bound, negated=False)
    parts = [_found(row, leaves[0][0])] if len(leaves) == 1 else [_evidence(row, *one) for one in leaves]
    return literal_int(number), sa.case((sa.and_(asked, fails), json_array(*parts)))


def _evidence(row: Row, leaf: BoundLeaf, negated: bool) -> sa.ColumnElement[Any]:
    return sa.case((compile_bound(leaf, row, negated=not negated), _found(row, leaf)))


def _found(row: Row, leaf: BoundLeaf) -> sa.ColumnElement[Any]:
    return json_object(("value", as_json(row, leaf.path)))


def _source(rows: Rows, object_key: str, name: str, columns: Sequence[str]) -> sa.TableValuedAlias:
    own: list[sa.ColumnClause[Any]] = [sa.column(_PLACE, sa.Integer)]
    if name == "new":
        own.append(sa.column(_ASKED, postgresql.ARRAY(sa.Integer)))
    fields = rows.snapshot.object(object_key).fields
    for key in columns:
        kind = fields[key].kind if key in fields else SYSTEM_FIELDS[key][1]
        own.append(sa.column(key, SQL_TYPES[kind]))
    bind = sa.bindparam(f"candidates_{name}", type_=sa.Text)
    return (
        sa.func.json_to_recordset(sa.cast(bind, postgresql.JSON))
        .table_valued(*own)
        .render_derived(name, with_types=True)
    )
