"""Boards: for every state of a Process how many records, what they sum up to, and the first cards, as one statement.

Without a restriction counts and sums come from the totals that ``process`` maintains, within the actor's row scope;
otherwise they are counted. The cards of each state come from a lateral top-n that walks the index over state and order.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from liaoran.kernel.conditions import ALWAYS, parse_condition
from liaoran.kernel.errors import Invalid, NotFound
from liaoran.kernel.text import Text
from liaoran.query.compilation import Compilation, Row
from liaoran.query.display import json_object, literal, literal_int
from liaoran.query.keyset import cursor_text, order_by
from liaoran.query.paths import Path
from liaoran.query.planning import make_plan
from liaoran.query.plans import Plan
from liaoran.query.projection import (
    columns_needed,
    present_columns,
    record_object,
    resolve_select,
    shown_columns,
)
from liaoran.query.requests import BoardRequest, Sort
from liaoran.query.restrictions import Restriction, restrict
from liaoran.query.rows import Rows
from liaoran.query.sorting import SortKey, resolve_sort, sort_value
from liaoran.schema.processes import Process

NEWEST_CHANGE = (Sort(field="updated_at", dir="desc"),)


@dataclass(frozen=True, slots=True)
class _Board:
    """A board request, resolved. ``maintained`` says that counts and sums come from the maintained totals."""

    process: Process
    restriction: Restriction
    paths: tuple[Path, ...]
    keys: tuple[SortKey, ...]
    per_state: int
    maintained: bool
    sum_field: str | None
    currency_field: str | None

    @property
    def shape(self) -> Hashable:
        return (
            "board",
            self.process.key,
            self.restriction.shape,
            tuple(path.text for path in self.paths),
            tuple(key.shape for key in self.keys),
            self.per_state,
            self.maintained,
        )


def plan_board(rows: Rows, process_key: str, request: BoardRequest) -> Plan:
    """The Plan of a board. Raises NotFound for an unknown Process, Invalid as lists do."""
    process = rows.snapshot.process(process_key)
    if process is None:
        raise NotFound(Text("没有流程“{key}”", "there is no process “{key}”").fill(key=process_key[:60]))
    rows.field(process.object, process.field)
    params = rows.params()
    restriction, binds = restrict(rows, process.object, request, params)
    paths = resolve_select(rows, process.object, request.select if request.select is not None else _card(rows, process))
    everything = parse_condition(request.where) == ALWAYS and not restriction.searched and request.as_of is None
    sum_field, currency_field = _summed(rows, process)
    asked = _Board(
        process,
        restriction,
        paths,
        resolve_sort(rows, process.object, request.sort or _usual_sort(rows, process.object)),
        request.per_state,
        everything,
        sum_field,
        currency_field,
    )
    return make_plan(
        rows,
        params,
        asked.shape,
        binds,
        lambda compilation: _write(compilation, asked),
        as_of=request.as_of is not None,
    )


def _card(rows: Rows, process: Process) -> list[str]:
    """What a card shows when the request does not say: name, state, amount, and what the layout lists."""
    one = rows.snapshot.object(process.object)
    visible = {field.key for field in rows.fields(one.key)}
    listed = one.layouts.get("board", {}).get("card", ())
    _, currency = _summed(rows, process)
    wanted = [one.name_field, process.field, process.process_field, process.sum_field, currency, *listed]
    return [key for key in wanted if key and key.partition(".")[0] in visible]


def _summed(rows: Rows, process: Process) -> tuple[str | None, str | None]:
    """The Field that sums add up and its currency Field, where the actor may see them."""
    if process.sum_field is None:
        return None, None
    try:
        one = rows.field(process.object, process.sum_field)
        currency = one.options.get("currency_field")
        return one.key, rows.field(process.object, currency).key if currency else None
    except Invalid:
        return None, None


def _write(compilation: Compilation, asked: _Board) -> sa.Select[Any]:
    listed = ", ".join(str(literal(state.key)) for state in asked.process.states)
    states = (
        sa.func.unnest(sa.literal_column(f"ARRAY[{listed}]::text[]"))
        .table_valued("key", with_ordinality="place")
        .render_derived("states")
    )
    cards = _cards_by_state(compilation, asked, states).subquery("cards_by_state")
    totals = _totals_by_state(compilation, asked).subquery("totals_by_state")
    nothing: sa.ColumnElement[Any] = sa.literal_column("'[]'::json")
    no_sums: sa.ColumnElement[Any] = sa.literal_column("'{}'::json")
    state = [
        ("key", states.c.key),
        ("count", sa.func.coalesce(totals.c.count, sa.literal_column("0"))),
        ("sums", sa.func.coalesce(totals.c.sums, no_sums, type_=postgresql.JSON)),
        ("records", sa.func.coalesce(cards.c.records, nothing, type_=postgresql.JSON)),
        ("next_cursor", cards.c.cursor),
    ]
    source = states.outerjoin(totals, totals.c.state == states.c.key).outerjoin(cards, cards.c.state == states.c.key)
    ordered = postgresql.aggregate_order_by(json_object(*state), states.c.place)
    whole = json_object(("process", literal(asked.process.key)), ("states", sa.func.json_agg(ordered)))
    return sa.select(whole).select_from(source)


def _totals_by_state(compilation: Compilation, asked: _Board) -> sa.Select[Any]:
    """``state, count, sums``, the sums as a JSON object per Field and currency."""
    totals = _totals(compilation, asked).subquery("totals")
    count = sa.func.sum(totals.c.count).label("count")
    if asked.sum_field is None:
        return sa.select(totals.c.state, count, sa.literal_column("'{}'::json").label("sums")).group_by(totals.c.state)
    sums = sa.func.json_object_agg(totals.c.currency, sa.func.trim_scale(totals.c.sum))
    known = sums.filter(totals.c.sum.is_not(None))
    shown = sa.func.coalesce(known, sa.literal_column("'{}'::json"), type_=postgresql.JSON)
    return sa.select(totals.c.state, count, json_object((asked.sum_field, shown)).label("sums")).group_by(
        totals.c.state
    )


def _totals(compilation: Compilation, asked: _Board) -> sa.Select[Any]:
    """``state, currency, count, sum`` of the records on the board."""
    process, rows = asked.process, compilation.rows
    own_currency = literal(rows.snapshot.currency)
    kept = rows.totals_source(process) if asked.maintained else None
    if kept is not None:
        kept_currency = sa.func.coalesce(sa.func.nullif(kept.c.currency, literal("")), own_currency)
        statement = sa.select(
            kept.c.state.label("state"),
            kept_currency.label("currency"),
            sa.func.sum(kept.c.count).label("count"),
            sa.func.sum(kept.c.sum).label("sum"),
        )
        return statement.group_by(kept.c.state, kept_currency)
    row = Row(compilation, process.object, compilation.source(process.object))
    state = row.column(process.field)
    amount = row.column(asked.sum_field) if asked.sum_field else sa.cast(sa.null(), sa.Numeric)
    currency = row.column(asked.currency_field) if asked.currency_field else None
    where = [*asked.restriction.write(row), *_on_board(row, process), state.is_not(None)]
    counted = (
        sa.select(
            state.label("state"),
            (own_currency if currency is None else currency).label("currency"),
            sa.func.count().label("count"),
            sa.func.sum(amount).label("sum"),
        )
        .select_from(row.from_clause())
        .where(*where)
        .group_by(*([state] if currency is None else [state, currency]))
    )
    if currency is None:
        return counted
    # Of what says no currency there are a few groups, and very many rows.
    groups = counted.subquery("counted")
    known = sa.func.coalesce(groups.c.currency, own_currency)
    return sa.select(
        groups.c.state,
        known.label("currency"),
        sa.func.sum(groups.c.count).label("count"),
        sa.func.sum(groups.c.sum).label("sum"),
    ).group_by(groups.c.state, known)


def _on_board(row: Row, process: Process) -> list[sa.ColumnElement[bool]]:
    """Records of that Process, where several share the Field."""
    if process.process_field is None or not row.has_column(process.process_field):
        return []
    return [row.column(process.process_field) == literal(process.key)]


def _cards(compilation: Compilation, asked: _Board, states: sa.TableValuedAlias) -> sa.CTE:
    """The first cards of every state and one more each, with their place ``#`` within the state ``#state``."""
    process, rows = asked.process, compilation.rows
    row = Row(compilation, process.object, compilation.source(process.object))
    where = [*asked.restriction.write(row), *_on_board(row, process), row.column(process.field) == states.c.key]
    values = [sort_value(row, key.path) for key in asked.keys]
    filled = [not bool(getattr(value, "nullable", True)) for value in values]
    needed = ["id", "version", *(name for path in asked.paths for name in columns_needed(rows, path))]
    labelled = [value.label(f"#{index}") for index, value in enumerate(values)]
    chosen = sa.select(*present_columns(row, needed), *labelled).select_from(row.from_clause()).where(*where)
    limited = chosen.order_by(*order_by(asked.keys, values, filled)).limit(literal_int(asked.per_state + 1))
    found = limited.correlate(states).lateral("found")
    order = order_by(asked.keys, [found.c[f"#{index}"] for index in range(len(values))], filled)
    place = sa.func.row_number().over(partition_by=states.c.key, order_by=order).label("#")
    joined = states.join(found, sa.true())
    return sa.select(found, states.c.key.label("#state"), place).select_from(joined).cte("cards")


def _cards_by_state(compilation: Compilation, asked: _Board, states: sa.TableValuedAlias) -> sa.Select[Any]:
    """``state, records, cursor``: the cards as a JSON array, and the cursor after them where there are more."""
    cards = _cards(compilation, asked, states)
    shown = Row(compilation, asked.process.object, cards)
    pairs = shown_columns(shown, asked.paths, lenient=False, deleted=False)
    values = [cards.c[f"#{index}"] for index in range(len(asked.keys))]
    lines = (
        sa.select(
            cards.c["#state"].label("state"),
            cards.c["#"].label("place"),
            record_object(pairs).label("line"),
            cursor_text(asked.keys, values).label("cursor"),
        )
        .select_from(shown.from_clause())
        .subquery("lines")
    )
    last = literal_int(asked.per_state)
    listed = sa.func.json_agg(postgresql.aggregate_order_by(lines.c.line, lines.c.place))
    after = sa.func.max(lines.c.cursor).filter(lines.c.place == last)
    return sa.select(
        lines.c.state,
        listed.filter(lines.c.place <= last).label("records"),
        sa.case((sa.func.max(lines.c.place) > last, after)).label("cursor"),
    ).group_by(lines.c.state)


def _usual_sort(rows: Rows, object_key: str) -> tuple[Sort, ...]:
    """What changed last comes first, for whoever may see when that was."""
    visible = {one.key for one in rows.fields(object_key)}
    return tuple(one for one in NEWEST_CHANGE if one.field in visible)
