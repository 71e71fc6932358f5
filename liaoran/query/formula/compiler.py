"""From a typed formula to SQL over one record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Row
from liaoran.query.display import field_as_text, value_as_text
from liaoran.query.formula.functions.base import Setting, Sql, certain
from liaoran.query.formula.parser import parse_formula
from liaoran.query.formula.typed import Typed, TypedCall, TypedConstant, TypedReference
from liaoran.query.formula.typing import Typer
from liaoran.query.formula.weight import is_too_heavy
from liaoran.query.values import SQL_TYPES
from liaoran.schema.snapshot import Field

ZONE = sa.bindparam("zone", type_=sa.Text())
TODAY = sa.bindparam("today", type_=sa.Date())
NOW = sa.bindparam("now", type_=sa.DateTime(timezone=True))


def formula_value(row: Row, one: Field) -> sa.ColumnElement[Any]:
    """The formula Field in SQL, of the SQL type of its kind. Raises Invalid where it no longer fits the catalogue."""
    typed = Typer(row.compilation.rows, row.object_key).type(parse_formula(one.options["expression"]))
    value = _Writer(row).taken(typed, one.kind)
    if is_too_heavy(value):
        raise too_complex(one)
    return sa.type_coerce(value, SQL_TYPES[one.kind])


def too_complex(one: Field) -> Invalid:
    """The error for a formula that would become too large a statement."""
    message = Text("公式“{field}”过于复杂，请拆分或简化", "the formula “{field}” is too complex; simplify it").fill(
        field=one.label
    )
    return Invalid(message, code="formula_too_complex", extra={"object": one.object, "field": one.key})


class _Writer:
    """Writes the parts of a formula for one record."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def taken(self, typed: Typed, kind: ValueKind | None) -> Sql:
        """The part converted to a kind."""
        if typed.kind is None:
            return sa.cast(sa.null(), SQL_TYPES[kind or ValueKind.TEXT])
        value = self.value(typed)
        if kind is None or kind is typed.kind:
            return certain(value) if kind is ValueKind.BOOLEAN and _may_be_null(typed) else value
        if kind is ValueKind.TEXT:
            return self._text(typed, value)
        if kind is ValueKind.DATE:
            return sa.cast(sa.func.timezone(ZONE, value), sa.Date)
        return value

    def value(self, typed: Typed) -> Sql:
        """The part as it is."""
        match typed:
            case TypedConstant(value, _):
                return _constant(value)
            case TypedReference(path):
                return self.row.operand(path).value
            case TypedCall():
                return self._call(typed)

    def _call(self, call: TypedCall) -> Sql:
        arguments = [self.taken(one, kind) for one, kind in zip(call.arguments, call.taken_as, strict=True)]
        constants = [one.value if isinstance(one, TypedConstant) else None for one in call.arguments]
        setting = Setting(ZONE, TODAY, NOW, call.taken_as, constants)
        return call.function.write(setting, arguments)

    def _text(self, typed: Typed, value: Sql) -> Sql:
        language = self.row.compilation.rows.snapshot.language
        if isinstance(typed, TypedReference) and typed.path.field is not None:
            return field_as_text(self.row.at(typed.path), typed.path.field, language)
        return value_as_text(value, typed.kind or ValueKind.TEXT, language)


def _may_be_null(typed: Typed) -> bool:
    """Whether a yes/no part may be null: a Field, or a function that passes on what it is given."""
    return isinstance(typed, TypedReference) or (isinstance(typed, TypedCall) and typed.function.result is None)


def _constant(value: Decimal | str | bool | None) -> Sql:
    if isinstance(value, bool):
        return sa.true() if value else sa.false()
    if isinstance(value, Decimal):
        return sa.literal_column(f"{value:f}::numeric", sa.Numeric)
    return sa.literal(value or "", sa.Text)
