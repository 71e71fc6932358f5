"""What the cells of a choice column mean: a choice by key, label, synonym or near writing, a new one, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from liaoran.exchange.converting import LEFT_EMPTY, ColumnReader, Refusal, learned_only, plain_text
from liaoran.exchange.plan import ColumnPlan
from liaoran.exchange.readers.table import Cell
from liaoran.exchange.values.normal import folded, has_han, pinyin_key
from liaoran.kernel.text import Text
from liaoran.schema.snapshot import Choice, Field

UNKNOWN = Text(
    "“{value}”不是“{field}”的选项；请改成已有选项，或选择新建",
    "“{value}” is not a choice of “{field}”; use an existing one, or choose to create it",
)
_SEPARATORS = re.compile(r"[;；,，、|\n]+")


class ChoiceNames:
    """Choices by all the writings that mean them."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._by_word: dict[str, str] = {}
        self._by_pinyin: dict[str, str] = {}
        active = [one for one in choices if not one.retired]
        for one in active:
            self._by_word.setdefault(one.key, one.key)
        for one in active:
            for word in (one.key, one.label.zh, one.label.en, *one.synonyms):
                if word:
                    self._by_word.setdefault(folded(word), one.key)
                    if has_han(word):
                        self._by_pinyin.setdefault(pinyin_key(word), one.key)

    def find(self, text: str) -> str | None:
        """The key of the choice that the text means, or None."""
        word = folded(text)
        return self._by_word.get(text) or self._by_word.get(word) or self._by_pinyin.get(word)


class ChoiceColumn:
    """One column of choices. ``missing_labels`` says what would have to be created before ``learn`` can read it."""

    def __init__(self, plan: ColumnPlan, field: Field) -> None:
        self.plan = plan
        self.field = field
        self.reader = ColumnReader(plan, learned_only)
        self._names = ChoiceNames(field.choices)

    def use(self, field: Field) -> None:
        """Takes the Field as it is now, after choices were added."""
        self.field = field
        self._names = ChoiceNames(field.choices)

    def missing_labels(self, cells: Iterable[Cell]) -> list[str]:
        """Labels that no choice has and that the plan wants created, in the order of the file."""
        if self.plan.missing != "create":
            return []
        unread = self.reader.unknown(cells)
        labels: dict[str, str] = {}
        for cell in cells:
            if cell in unread:
                for part in self._parts(cell):
                    if part is not None and self._names.find(part) is None:
                        labels.setdefault(folded(part), part)
        return list(labels.values())

    def learn(self, cells: Iterable[Cell]) -> None:
        """Reads the cells not met before."""
        self.reader.learn({cell: self._meaning(cell) for cell in self.reader.unknown(cells)})

    def _parts(self, cell: Cell) -> list[str | None]:
        text = plain_text(cell)
        if text is None:
            return []
        if text in self.plan.values or self.field.type != "choices":
            return [self._replaced(text)]
        if self.plan.separator is not None:
            parts = text.split(self.plan.separator)
        else:
            parts = [text] if self._names.find(text) else _SEPARATORS.split(text)
        return [self._replaced(part.strip()) for part in parts if part.strip()]

    def _replaced(self, text: str) -> str | None:
        if text in self.plan.values:
            value = self.plan.values[text]
            return None if value is None else str(value)
        return text

    def _meaning(self, cell: Cell) -> Any:
        keys: list[str] = []
        left = False
        for part in self._parts(cell):
            if part is None:
                continue
            key = self._names.find(part)
            if key is None:
                if self.plan.missing == "empty":
                    left = True
                    continue
                return Refusal("unknown_choice", UNKNOWN.fill(value=part[:80], field=self.field.label))
            if key not in keys:
                keys.append(key)
        if not keys:
            return LEFT_EMPTY if left else None
        return keys if self.field.type == "choices" else keys[0]
