"""percent: a share in percent; 25 means 25 %.

Options: ``scale`` digits after the point (0 to 10, default 2), ``minimum``, ``maximum``.
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


class Percent(FieldType):
    """Stored as ``numeric``; takes ``25``, ``"25%"`` and ``"２５％"``. A bare 0.25 is a quarter of one percent."""

    key = "percent"
    label = Text("百分比", "Percent")
    kind = ValueKind.NUMBER
    column_type = sa.Numeric()

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``scale``, ``minimum`` and ``maximum``."""
        return {"scale": reader.integer("scale", 2, 0, 10)} | read_bounds(reader)

    def read(self, raw: Any, one: Field, context: ParseContext) -> int | float | None:
        """The percentage as int or float."""
        if isinstance(raw, str) and not raw.strip():
            return None
        return check_bounds(canonical(raw, one, one.options.get("scale", 2), _bare), raw, one)

    def export(self, value: Any, one: Field, language: Language) -> str:
        """The number followed by a percent sign."""
        return "" if value is None else f"{written(value)}%"

    def plain(self, value: Any, one: Field, language: Language) -> Any:
        """The number itself: 25 % becomes 25."""
        return value

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [(25, 25), ("25%", 25), ("２５％", 25), ("12.5 %", 12.5), (0.25, 0.25)]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("high", "not_a_number"), (False, "not_a_number")]


def _bare(text: str) -> str:
    return text.removesuffix("%").rstrip()


PERCENT = Percent()
