"""long_text: text of several lines.

Options: ``max_length`` (1 to 200,000, default 20,000), ``search`` (found by the search, default true; the first 2,000
characters count).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._texts import limited, many_lines
from liaoran.schema.field_types.base import FieldType, ParseContext
from liaoran.schema.reading import Reader
from liaoran.schema.snapshot import Field

SEARCHED = 2_000


class LongText(FieldType):
    """Stored as ``text``; line ends become line feeds."""

    key = "long_text"
    label = Text("多行文本", "Long text")
    kind = ValueKind.TEXT
    column_type = sa.Text()

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``max_length`` and ``search``."""
        return {
            "max_length": reader.integer("max_length", 20_000, 1, 200_000),
            "search": reader.flag("search", True),
        }

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The text, or None where only blanks remain."""
        return limited(many_lines(raw, one), one, one.options.get("max_length", 20_000)) or None

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """The beginning of the text, unless the Field is left out of the search."""
        return (value[:SEARCHED],) if value is not None and one.options.get("search", True) else ()

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [("第一行\r\n第二行\n", "第一行\n第二行"), (" \n ", None)]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("x" * 200_001, "too_long"), ({"a": 1}, "not_a_text")]


LONG_TEXT = LongText()
