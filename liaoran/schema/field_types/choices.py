"""choices: any number out of a list. ``choices`` of the definition as for ``choice``."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._choosing import choose
from liaoran.schema.field_types._texts import fold
from liaoran.schema.field_types.base import FieldType, ParseContext
from liaoran.schema.snapshot import Field

_BETWEEN = re.compile(r"[,;|、,;\n\t]+")


class ManyChoices(FieldType):
    """Stored as ``text[]`` of keys in catalogue order; takes a list, or text with ``, ; 、 |`` between the labels."""

    key = "choices"
    label = Text("多选", "Choices")
    kind = ValueKind.CHOICES
    column_type = ARRAY(sa.Text())
    takes_choices = True

    def read(self, raw: Any, one: Field, context: ParseContext) -> list[str] | None:
        """The keys in catalogue order without repetitions; None for an empty list."""
        if isinstance(raw, list | tuple):
            parts = [part for part in raw if part is not None and part != ""]
        elif isinstance(raw, str):
            whole = _whole(raw, one)
            parts = [whole] if whole else [part for part in _BETWEEN.split(raw) if part.strip()]
        else:
            parts = [raw]
        keys = {choose(part, one, context) for part in parts}
        if len(keys) <= 1:
            return list(keys) or None
        return [choice.key for choice in one.choices if choice.key in keys]

    def export(self, value: Any, one: Field, language: Language) -> str:
        """The labels with ``;`` between them."""
        known = one.choice_by_key
        labels = (known[key].label.read(language) if key in known else str(key) for key in value or ())
        return ";".join(labels)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """A list of keys, a text of labels, and an empty list."""
        active = [choice for choice in one.choices if not choice.retired][:2]
        keys = [choice.key for choice in active]
        if not keys:
            return []
        return [(keys[::-1], keys), ("、".join(choice.label.read("zh") for choice in active), keys), ([], None)]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("no-such-choice-at-all", "unknown_choice"), ([["a"]], "unknown_choice")]


def _whole(raw: str, one: Field) -> str | None:
    """The text itself where a label contains one of the separating marks and is written as a whole."""
    if not _BETWEEN.search(raw):
        return None
    wanted = fold(raw)
    active = (choice for choice in one.choices if not choice.retired)
    return next((choice.key for choice in active if wanted in (fold(choice.label.zh), fold(choice.label.en))), None)


CHOICES = ManyChoices()
