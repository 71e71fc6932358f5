"""boolean: yes or no. An empty one counts as no in Conditions, yet stays empty."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._texts import fold
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.snapshot import Field

_YES = frozenset({"true", "t", "yes", "y", "1", "on", "是", "对", "有", "真", "√", "✓", "✔", "☑"})
_NO = frozenset({"false", "f", "no", "n", "0", "off", "否", "不", "错", "无", "假", "×", "✗", "✘", "☐"})


class Boolean(FieldType):
    """Stored as ``boolean``; takes yes/no, true/false, 1/0, 是/否 and the like."""

    key = "boolean"
    label = Text("是否", "Yes/no")
    kind = ValueKind.BOOLEAN
    column_type = sa.Boolean()

    def read(self, raw: Any, one: Field, context: ParseContext) -> bool | None:
        """true or false."""
        if raw is True or raw is False:
            return bool(raw)
        word = fold(str(raw)) if isinstance(raw, str | int) else ""
        if word in _YES:
            return True
        if word in _NO:
            return False
        if isinstance(raw, str) and not word:
            return None
        message = Text("“{value}”不是“是”或“否”", "“{value}” is neither yes nor no").fill(value=str(raw)[:60])
        raise problem(one, "not_a_boolean", message, raw)

    def export(self, value: Any, one: Field, language: Language) -> str:
        """是/否 or yes/no."""
        if value is None:
            return ""
        return (Text("是", "yes") if value else Text("否", "no")).read(language)

    def plain(self, value: Any, one: Field, language: Language) -> Any:
        """1 or 0 to numbers would surprise; every other type gets the word."""
        return None if value is None else self.export(value, one, language)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        return [(True, True), ("是", True), ("No", False), ("0", False), (1, True), ("✓", True)]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("maybe", "not_a_boolean"), (2, "not_a_boolean")]


BOOLEAN = Boolean()
