"""Roll-ups: one figure over the records that link to a record, as a correlated subquery over their row source."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.kernel.conditions import parse_condition
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.conditions import compile_defined
from liaoran.query.display import literal
from liaoran.query.paths import find_field, resolve_path
from liaoran.schema.snapshot import Field


def rollup_value(row: Row, one: Field) -> sa.ColumnElement[Any]:
    """The roll-up in SQL. Amounts are never added up or compared across currencies: where those of the records that have
    an amount differ, the result is empty."""
    compilation, options = row.compilation, one.options
    source = compilation.source(options["object"])
    linked = Row(compilation, options["object"], source)
    link = find_field(compilation.rows, options["object"], options["link"])
    conditions = [linked.column(link.key) == row.column("id")]
    if options.get("where"):
        conditions.append(compile_defined(parse_condition(options["where"]), linked))
    figure = _figure(linked, options["function"], options.get("field"))
    statement = sa.select(figure).select_from(linked.from_clause()).where(*conditions)
    return statement.correlate(row.source).scalar_subquery()


def _figure(linked: Row, function: str, path_text: str | None) -> sa.ColumnElement[Any]:
    if function == "count" or path_text is None:
        return sa.cast(sa.func.count(), sa.Numeric)
    path = resolve_path(linked.compilation.rows, linked.object_key, path_text)
    value = linked.operand(path).value
    figure: sa.ColumnElement[Any] = getattr(sa.func, function)(value)
    if path.field is not None and path.kind is ValueKind.NUMBER and path.field.type == "money":
        currency = linked.at(path).column(path.field.options["currency_field"])
        # an amount without a currency is one of its own, a currency without an amount is none
        known = sa.func.coalesce(currency, literal(""))
        lowest, highest = (bound(known).filter(value.is_not(None)) for bound in (sa.func.min, sa.func.max))
        figure = sa.case((lowest.is_not_distinct_from(highest), figure))
    return figure
