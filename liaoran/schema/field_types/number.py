"""number: a decimal number.

Options: ``scale`` digits after the point (0 to 10; values are rounded half up; left out: as entered), ``minimum``,
``maximum``, ``grouped`` (false for years and the like: shown without separators between thousands).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._numerals import canonical, check_bounds, read_bounds, written
from liaoran.schema.field_types.base import FieldType, ParseContext
from liaoran.schema.reading import Reader
from liaoran.schema.snapshot import Field


class Number(FieldType):
    """Stored as ``numeric``; takes ``1,054.5``, ``１２``, ``1.2万``, ``(3)`` for minus 3."""

    key = "number"
    label = Text("数字", "Number")
    kind = ValueKind.NUMBER
    column_type = sa.Numeric()
    can_be_unique = True

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``scale``, ``minimum``, ``maximum`` and ``grouped``."""
        scale = {"scale": reader.integer("scale", 0, 0, 10)} if reader.has("scale") else {}
        grouped = {} if reader.flag("grouped", True) else {"grouped": False}
        return scale | read_bounds(reader) | grouped

    def read(self, raw: Any, one: Field, context: ParseContext) -> int | float | None:
        """The number as int or float of at most 15 significant digits."""
        if isinstance(raw, str) and not raw.strip():
            return None
        value = canonical(raw, one, one.options.get("scale"))
        return check_bounds(value, raw, one) if one.options else value

    def export(self, value: Any, one: Field, language: Language) -> str:
        """Plain digits."""
        return "" if value is None else written(value)

    def plain(self, value: Any, one: Field, language: Language) -> Any:
        """The number itself."""
        return value

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [(3, 3), ("1,054.5", 1054.5), ("１２", 12), ("1.2万", 12000), ("(3)", -3), (0.25, 0.25), (" 7 ", 7)]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("12abc", "not_a_number"), (True, "not_a_number"), ("1234567890123456", "too_many_digits")]


NUMBER = Number()
