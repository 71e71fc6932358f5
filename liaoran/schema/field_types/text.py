"""text: one line of text.

Options: ``max_length`` (1 to 4,000, default 255; at most 500 for unique Fields), ``search`` (found by the search,
default true), ``pinyin`` (keeps a hidden key so that lists sort Chinese by pinyin, default true).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._texts import limited, one_line
from liaoran.schema.field_types.base import FieldType, ParseContext
from liaoran.schema.pinyin import sort_key, sort_keys
from liaoran.schema.reading import Reader
from liaoran.schema.snapshot import Field


class OneLine(FieldType):
    """Stored as ``text``, with the helper ``<key>__pinyin``. Blanks around it are dropped, line breaks are blanks."""

    key = "text"
    label = Text("单行文本", "Text")
    kind = ValueKind.TEXT
    column_type = sa.Text()
    can_be_unique = True
    can_be_name = True
    fixed_options = frozenset({"pinyin"})

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``max_length``, ``search`` and ``pinyin``."""
        return {
            "max_length": reader.integer("max_length", 255, 1, 4000),
            "search": reader.flag("search", True),
            "pinyin": reader.flag("pinyin", True),
        }

    def helper_types(self, one: Field) -> dict[str, sa.types.TypeEngine[Any]]:
        """The pinyin sort key."""
        return {f"{one.key}__pinyin": sa.Text()} if one.options.get("pinyin", True) else {}

    def store(self, value: Any, one: Field) -> dict[str, Any]:
        """The text and its pinyin sort key."""
        if not one.options.get("pinyin", True):
            return {one.key: value}
        return {one.key: value, f"{one.key}__pinyin": None if value is None else sort_key(value)}

    def store_many(self, values: list[Any], one: Field) -> dict[str, list[Any]]:
        """The texts and their pinyin sort keys."""
        if not one.options.get("pinyin", True):
            return {one.key: values}
        return {one.key: values, f"{one.key}__pinyin": sort_keys(values)}

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The text, or None where only blanks remain."""
        return limited(one_line(raw, one), one, one.options.get("max_length", 255)) or None

    def words(self, value: Any, one: Field) -> Iterable[str]:
        """The text itself, unless the Field is left out of the search."""
        return (value,) if value is not None and one.options.get("search", True) else ()

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [("上海某某科技", "上海某某科技"), ("  two\nlines ", "two lines"), (42, "42"), ("   ", None)]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("x" * 4001, "too_long"), ("a\x00b", "control_character"), (["a"], "not_a_text")]


TEXT = OneLine()
