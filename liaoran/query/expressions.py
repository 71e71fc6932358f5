"""The catalogue's checker of formulas and roll-ups (port ``schema.expressions``), over a catalogue as it will be."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from liaoran.infra.statements import Statement
from liaoran.kernel.conditions import Leaf, leaves_of, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.computed import new_compilation
from liaoran.query.conditions import Binder, bind_condition
from liaoran.query.formula.compiler import too_complex
from liaoran.query.formula.errors import formula_error
from liaoran.query.formula.nodes import Place
from liaoran.query.formula.parser import parse_formula
from liaoran.query.formula.typed import fields_of, paths_of
from liaoran.query.formula.typing import KIND_NAMES, Typer
from liaoran.query.paths import SYSTEM_FIELDS, Path, find_field, resolve_path
from liaoran.query.values import SQL_TYPES
from liaoran.schema.processes import Process
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field, Snapshot

Pair = tuple[str, str]
START = Place(0, 1, 1)
RESULTS = frozenset({ValueKind.TEXT, ValueKind.NUMBER, ValueKind.BOOLEAN, ValueKind.DATE, ValueKind.INSTANT})
_NOBODY = UUID(int=0)
CIRCLE = Text("公式不能直接或间接引用自身", "a formula must not refer to itself, not even through others")


class WholeCatalogue:
    """Rows for checking only: every Field is visible, and there is nothing to read from."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @property
    def key(self) -> Hashable:
        """Nothing is compiled for these Rows."""
        return "whole catalogue"

    def source(self, object_key: str, verb: str = "read", as_of: bool = False) -> sa.FromClause:
        """A stand-in with the columns of the Object's records, to compile against and never to be read."""
        one = self.snapshot.object(object_key)
        stored = [column for field in one.active_fields for column in type_of(field).columns(field)]
        system = [(key, SQL_TYPES[kind]) for key, (_, kind, _) in SYSTEM_FIELDS.items()]
        columns = dict([*system, *((column.name, column.type) for column in stored)])
        stand_in = sa.TableClause(object_key, *(sa.column(name, kind) for name, kind in columns.items()))
        return sa.select(stand_in).subquery()

    def totals_source(self, process: Process) -> NoReturn:
        """There are no totals."""
        raise TypeError("expressions are checked without reading")

    def field(self, object_key: str, field_key: str) -> Field:
        """Any Field that is not retired."""
        return self.snapshot.object(object_key).field(field_key)

    def fields(self, object_key: str) -> tuple[Field, ...]:
        """All Fields that are not retired."""
        return self.snapshot.object(object_key).active_fields

    def params(self) -> dict[str, Any]:
        """Somebody, now."""
        now = datetime.now(UTC)
        return {
            "actor_id": _NOBODY,
            "actor_person": None,
            "actor_department": None,
            "actor_departments": [],
            "actor_above": [],
            "actor_reports": [],
            "zone": self.snapshot.zone,
            "now": now,
            "today": now.astimezone(ZoneInfo(self.snapshot.zone)).date(),
        }


class FormulaChecker:
    """Implements ``schema.expressions.ExpressionChecker``."""

    def check_formula(self, snapshot: Snapshot, object_key: str, field_key: str, expression: str) -> ValueKind:
        """The kind of the result. Raises Invalid with ``position, line, column, expected`` in ``extra``."""
        typed = Typer(WholeCatalogue(snapshot), object_key).type(parse_formula(expression))
        read = frozenset(pair for path in paths_of(typed) for pair in fields_of(path))
        self._refuse_circle(snapshot, (object_key, field_key), read)
        if typed.kind is None:
            raise formula_error(START, Text("公式的结果总是空的", "the formula is always empty"))
        kind = typed.kind if typed.kind in RESULTS else ValueKind.TEXT
        _compile(snapshot, _tried(object_key, field_key, "formula", kind, {"expression": expression}))
        return kind

    def check_rollup(
        self, snapshot: Snapshot, object_key: str, field_key: str, options: Mapping[str, Any]
    ) -> ValueKind:
        """The kind of the result. Raises Invalid for an unknown link, Field or Condition."""
        rows = WholeCatalogue(snapshot)
        link = find_field(rows, options["object"], options["link"])
        if link.kind is not ValueKind.LINK or link.computed or link.target != object_key:
            raise _wrong_link(link)
        where = parse_condition(options.get("where"))
        bind_condition(where, rows, options["object"], rows.params(), Binder())
        self._refuse_circle(snapshot, (object_key, field_key), frozenset(_rollup_pairs(rows, options)))
        function, kind = options.get("function", "count"), ValueKind.NUMBER
        if function != "count":
            kind = _figure_kind(resolve_path(rows, options["object"], options["field"]), function)
        _compile(snapshot, _tried(object_key, field_key, "rollup", kind, {"function": "count", **options}))
        return kind

    def references(self, snapshot: Snapshot, object_key: str, field_key: str) -> frozenset[Pair]:
        """The (object, field) pairs that a formula or roll-up of the catalogue reads; none if it no longer fits."""
        one = snapshot.object(object_key).fields.get(field_key)
        if one is None or not one.computed:
            return frozenset()
        rows = WholeCatalogue(snapshot)
        try:
            if one.type == "rollup":
                return frozenset(_rollup_pairs(rows, one.options))
            typed = Typer(rows, object_key).type(parse_formula(one.options["expression"]))
            return frozenset(pair for path in paths_of(typed) for pair in fields_of(path))
        except Invalid:
            return frozenset()

    def _refuse_circle(self, snapshot: Snapshot, start: Pair, read: frozenset[Pair]) -> None:
        """Follows what is read through all formulas and roll-ups; the Field itself must not come up."""
        if not start[1]:
            return
        seen: set[Pair] = set()
        waiting = list(read)
        while waiting:
            pair = waiting.pop()
            if pair == start:
                message = Text(
                    "公式不能直接或间接引用自身", "a formula must not refer to itself, not even through others"
                )
                raise formula_error(START, message, code="formula_circle")
            if pair not in seen:
                seen.add(pair)
                waiting.extend(self.references(snapshot, *pair))


def _tried(object_key: str, field_key: str, kind: str, result: ValueKind, options: Mapping[str, Any]) -> Field:
    label = Text(field_key or "公式", field_key or "formula")
    return Field(object_key, field_key or "#", kind, label, result, computed=True, options=options)


def _compile(snapshot: Snapshot, one: Field) -> None:
    """Compiles the Field as a reading would, so that what is accepted can be read. Raises Invalid."""
    compilation = new_compilation(WholeCatalogue(snapshot))
    row = Row(compilation, one.object, compilation.source(one.object))
    try:
        Statement(sa.select(row.value(one)).select_from(row.from_clause()))
    except RecursionError:
        raise too_complex(one) from None


def _rollup_pairs(rows: WholeCatalogue, options: Mapping[str, Any]) -> Iterator[Pair]:
    yield options["object"], options["link"]
    texts = [leaf.field for leaf in _leaves(options.get("where"))]
    if options.get("field"):
        texts.append(options["field"])
    for text in texts:
        path = resolve_path(rows, options["object"], text)
        yield from fields_of(path)
        if path.field is not None and path.field.type == "money":
            yield path.owner, path.field.options["currency_field"]


def _leaves(where: Any) -> Iterator[Leaf]:
    yield from leaves_of(parse_condition(where))


def _figure_kind(path: Path, function: str) -> ValueKind:
    possible = (
        {ValueKind.NUMBER} if function in ("sum", "avg") else {ValueKind.NUMBER, ValueKind.DATE, ValueKind.INSTANT}
    )
    if path.kind not in possible:
        message = Text("“{field}”是{kind}，不能计算 {function}", "“{field}” is {kind} and has no {function}").fill(
            field=path.label, kind=KIND_NAMES[path.kind], function=function
        )
        raise Invalid(message, code="not_measurable", extra={"field": path.text, "function": function})
    return path.kind


def _wrong_link(link: Field) -> Invalid:
    message = Text("“{field}”不是指向本对象的关联字段", "“{field}” is not a link to this object").fill(field=link.label)
    return Invalid(message, code="invalid_rollup", extra={"field": link.key})
