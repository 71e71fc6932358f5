"""Figures: groups and measures as one statement. Days and instants are grouped in the actor's zone; amounts of money
are never added up across currencies, so their currency becomes a further group.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Compilation, Row
from liaoran.query.display import (
    instant_text,
    json_array,
    json_object,
    literal,
    literal_int,
    record_label,
    region_label,
)
from liaoran.query.paths import Count, Path, resolve_path, target_of
from liaoran.query.planning import make_plan
from liaoran.query.plans import Plan
from liaoran.query.requests import AggregateRequest, Bucket, Group, Measure, Sort
from liaoran.query.restrictions import Restriction, restrict
from liaoran.query.rows import Rows
from liaoran.query.sorting import choice_order, label_sort_value

_DAYS = (ValueKind.DATE, ValueKind.INSTANT)
_COMPARABLE = (ValueKind.NUMBER, ValueKind.DATE, ValueKind.INSTANT)


@dataclass(frozen=True, slots=True)
class _Group:
    """A resolved grouping and the key of its column."""

    path: Path
    bucket: Bucket | None
    key: str

    @property
    def kind(self) -> ValueKind:
        return ValueKind.DATE if self.bucket else self.path.kind


@dataclass(frozen=True, slots=True)
class _Figure:
    """A resolved measure."""

    measure: Measure
    path: Path | None


@dataclass(frozen=True, slots=True)
class _Figures:
    """A request for figures, resolved. ``sort`` is (column number, descending)."""

    restriction: Restriction
    groups: tuple[_Group, ...]
    figures: tuple[_Figure, ...]
    sort: tuple[tuple[int, bool], ...]
    limit: int

    @property
    def shape(self) -> Hashable:
        groups = tuple((one.key, one.bucket) for one in self.groups)
        return (
            "figures",
            self.restriction.shape,
            groups,
            tuple(one.measure.key for one in self.figures),
            self.sort,
            self.limit,
        )


def plan_aggregate(rows: Rows, object_key: str, request: AggregateRequest) -> Plan:
    """The Plan of figures per group. Raises Invalid: ``not_groupable``, ``not_measurable`` besides what paths and
    Conditions raise."""
    params = rows.params()
    restriction, binds = restrict(rows, object_key, request, params)
    figures = tuple(_figure(rows, object_key, one) for one in request.measures)
    groups = [_group(rows, object_key, one) for one in request.group_by]
    groups += _currencies(rows, object_key, groups, figures)
    keys = [one.key for one in groups] + [one.measure.key for one in figures]
    sort = tuple((_column(keys, one), one.dir == "desc") for one in request.sort)
    asked = _Figures(restriction, tuple(groups), figures, sort, request.limit)
    return make_plan(
        rows,
        params,
        asked.shape,
        binds,
        lambda compilation: _write(compilation, asked),
        as_of=request.as_of is not None,
    )


def _group(rows: Rows, object_key: str, one: Group) -> _Group:
    path = resolve_path(rows, object_key, one.field)
    if one.bucket is not None and path.kind not in _DAYS:
        message = Text("“{field}”不是日期，不能按时间段分组", "“{field}” is no date and has no time buckets")
        raise Invalid(message.fill(field=path.label), code="not_groupable", extra={"field": one.field})
    bucket: Bucket | None = one.bucket or ("day" if path.kind is ValueKind.INSTANT else None)
    return _Group(path, bucket, one.key)


def _figure(rows: Rows, object_key: str, one: Measure) -> _Figure:
    if one.field is None:
        if one.fn != "count":
            message = Text("“{fn}”需要指定字段", "“{fn}” needs a field").fill(fn=one.fn)
            raise Invalid(message, code="not_measurable", extra={"fn": one.fn})
        return _Figure(one, None)
    path = resolve_path(rows, object_key, one.field)
    possible = {"count": tuple(ValueKind), "sum": (ValueKind.NUMBER,), "avg": (ValueKind.NUMBER,)}.get(
        one.fn, _COMPARABLE
    )
    if path.kind not in possible:
        message = Text("“{field}”不能计算 {fn}", "“{field}” has no {fn}").fill(field=path.label, fn=one.fn)
        raise Invalid(message, code="not_measurable", extra={"field": one.field, "fn": one.fn})
    return _Figure(one, path)


def _currencies(rows: Rows, object_key: str, groups: Sequence[_Group], figures: Sequence[_Figure]) -> list[_Group]:
    """Groups by the currencies of the amounts measured, as far as they are not asked for anyway."""
    known = {one.key for one in groups}
    added: list[_Group] = []
    for one in figures:
        field = one.path.field if one.path is not None else None
        if one.measure.fn == "count" or field is None or field.type != "money" or one.path is None:
            continue
        prefix, dot, _ = one.path.text.rpartition(".")
        key = f"{prefix}{dot}{field.options['currency_field']}"
        if key not in known:
            known.add(key)
            added.append(_Group(resolve_path(rows, object_key, key), None, key))
    return added


def _column(keys: Sequence[str], sort: Sort) -> int:
    if sort.field not in keys:
        message = Text("结果中没有列“{key}”，有：{keys}", "the result has no column “{key}”; it has {keys}")
        raise Invalid(message.fill(key=sort.field[:100], keys=", ".join(keys)), code="not_sortable")
    return keys.index(sort.field)


def _write(compilation: Compilation, asked: _Figures) -> sa.Select[Any]:
    object_key = asked.restriction.object
    row = Row(compilation, object_key, compilation.source(object_key))
    where = asked.restriction.write(row)
    unnested: list[sa.FromClause] = []
    groups = [_group_value(row, one, index, unnested) for index, one in enumerate(asked.groups)]
    extras = [extra for index, one in enumerate(asked.groups) for extra in _extras(row, one, index)]
    figures = [_figure_value(row, one).label(f"m{index}") for index, one in enumerate(asked.figures)]
    source = row.from_clause()
    for one in unnested:
        source = source.outerjoin(one, sa.true())
    labelled = [value.label(f"g{index}") for index, value in enumerate(groups)]
    grouped = sa.select(*labelled, *extras, *figures).select_from(source).where(*where)
    if groups:
        grouped = grouped.group_by(*groups)
    found = grouped.subquery("figures")
    listed = _shown(compilation, asked, found).subquery("shown")
    rows_json = sa.func.coalesce(
        sa.func.json_agg(listed.c.line), sa.literal_column("'[]'::json"), type_=postgresql.JSON
    )
    return sa.select(json_object(("columns", _columns(asked)), ("rows", rows_json))).select_from(listed)


def _group_value(row: Row, one: _Group, index: int, unnested: list[sa.FromClause]) -> sa.ColumnElement[Any]:
    value = row.operand(one.path).value
    if one.bucket is not None:
        return bucket_start(value, one.path.kind, one.bucket)
    if one.path.kind is ValueKind.CHOICES:
        single = sa.func.unnest(value).table_valued("value").render_derived(f"single{index}")
        unnested.append(single)
        return single.c.value
    return value


def bucket_start(value: sa.ColumnElement[Any], kind: ValueKind, bucket: Bucket) -> sa.ColumnElement[Any]:
    """The first day of the bucket that the value lies in; instants are taken in the actor's zone."""
    local: sa.ColumnElement[Any]
    if kind is ValueKind.INSTANT:
        local = sa.func.timezone(sa.bindparam("zone", type_=sa.Text()), value)
    else:
        local = sa.cast(value, sa.DateTime)
    return sa.cast(sa.func.date_trunc(literal(bucket), local), sa.Date)


def _extras(row: Row, one: _Group, index: int) -> list[sa.ColumnElement[Any]]:
    """What showing and sorting the group needs besides its value: names of a region, the pinyin of a text."""
    field = one.path.field
    if one.bucket is not None or field is None:
        return []
    here = row.at(one.path)
    if field.kind is ValueKind.REGION:
        return [sa.func.min(region_label(here, field)).label(f"g{index}__label")]
    if field.kind is ValueKind.TEXT and here.has_column(f"{field.key}__pinyin"):
        return [sa.func.min(here.column(f"{field.key}__pinyin")).label(f"g{index}__pinyin")]
    return []


def _figure_value(row: Row, one: _Figure) -> sa.ColumnElement[Any]:
    if one.path is None:
        return sa.func.count()
    value = row.operand(one.path).value
    figure: sa.ColumnElement[Any] = getattr(sa.func, one.measure.fn)(value)
    return sa.func.round(figure, sa.literal_column("6")) if one.measure.fn == "avg" else figure


def _shown(compilation: Compilation, asked: _Figures, found: sa.Subquery) -> sa.Select[Any]:
    """The groups in order, each as the JSON array ``line``. Names of linked records are looked up per group; the JSON
    is written for the groups that are shown, not for those beyond the limit."""
    source: sa.FromClause = found
    names: list[sa.ColumnElement[Any]] = []
    natural: list[sa.ColumnElement[Any]] = []
    for index, one in enumerate(asked.groups):
        if one.kind is ValueKind.LINK and one.path.field is not None:
            target = target_of(one.path.field)
            linked = Row(compilation, target, compilation.source(target))
            names.append(record_label(linked).label(f"g{index}__label"))
            natural.append(label_sort_value(linked))
            source = source.outerjoin(linked.from_clause(), linked.column("id") == found.c[f"g{index}"])
        else:
            natural.append(_natural(found, index, one))
    natural += [found.c[f"m{index}"] for index in range(len(asked.figures))]
    chosen = [natural[index].desc().nulls_last() if down else natural[index].asc() for index, down in asked.sort]
    ordered = sa.select(found, *names).select_from(source).order_by(*chosen, *natural[: len(asked.groups)])
    shown = ordered.limit(literal_int(asked.limit)).subquery("ordered")
    cells = [_cell(shown, index, one) for index, one in enumerate(asked.groups)]
    cells += [_figure_cell(shown.c[f"m{index}"], one) for index, one in enumerate(asked.figures)]
    return sa.select(json_array(*cells).label("line"))


def _cell(shown: sa.Subquery, index: int, one: _Group) -> sa.ColumnElement[Any]:
    """A group's value in its JSON form."""
    value = shown.c[f"g{index}"]
    if f"g{index}__label" in shown.c:
        key = "code" if one.kind is ValueKind.REGION else "id"
        return sa.case((value.is_not(None), json_object((key, value), ("label", shown.c[f"g{index}__label"]))))
    if one.kind is ValueKind.NUMBER and not isinstance(one.path.end, Count):
        return sa.func.trim_scale(sa.cast(value, sa.Numeric))
    return value


def _figure_cell(value: sa.ColumnElement[Any], one: _Figure) -> sa.ColumnElement[Any]:
    """A measure in its JSON form; counts are whole numbers as they are."""
    if one.path is None or one.measure.fn == "count":
        return value
    if one.path.kind is ValueKind.INSTANT:
        return instant_text(value)
    return sa.func.trim_scale(value) if one.path.kind is ValueKind.NUMBER else value


def _natural(found: sa.Subquery, index: int, one: _Group) -> sa.ColumnElement[Any]:
    value, field = found.c[f"g{index}"], one.path.field
    if f"g{index}__pinyin" in found.c:
        return found.c[f"g{index}__pinyin"]
    if field is not None and field.choices and one.bucket is None:
        return choice_order(field, value)
    return value


def _columns(asked: _Figures) -> sa.ColumnElement[Any]:
    columns: list[Mapping[str, Any]] = [
        {"key": one.key, "kind": "group", "field": one.path.text, **({"bucket": one.bucket} if one.bucket else {})}
        for one in asked.groups
    ]
    columns += [
        {"key": one.measure.key, "kind": "measure", "field": one.measure.field, "fn": one.measure.fn}
        for one in asked.figures
    ]
    return sa.cast(literal(orjson.dumps(columns).decode()), postgresql.JSON)
