"""choice: one of a list. ``choices`` of the definition: ``[{"key", "label", "color", "retired", "synonyms"}]``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._choosing import choose
from liaoran.schema.field_types.base import FieldType, ParseContext
from liaoran.schema.snapshot import Field


class OneChoice(FieldType):
    """Stored as ``text``, the key of the choice; takes the key, the label in any language, or a synonym."""

    key = "choice"
    label = Text("单选", "Choice")
    kind = ValueKind.CHOICE
    column_type = sa.Text()
    takes_choices = True

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The key of the choice."""
        if isinstance(raw, str) and not raw.strip():
            return None
        return choose(raw, one, context)

    def export(self, value: Any, one: Field, language: Language) -> str:
        """The label, or the key itself where the choice is no longer known."""
        if value is None:
            return ""
        choice = one.choice_by_key.get(value)
        return choice.label.read(language) if choice else str(value)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """The key and both labels of the first active choice."""
        active = next((choice for choice in one.choices if not choice.retired), None)
        if active is None:
            return []
        return [(active.key, active.key)] + [(word, active.key) for word in (active.label.zh, active.label.en) if word]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("no-such-choice-at-all", "unknown_choice"), (["a"], "unknown_choice")]


CHOICE = OneChoice()
