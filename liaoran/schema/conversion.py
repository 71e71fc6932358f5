"""Converting values of one field type into another: what a retyping does to each value, without input or output."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liaoran.kernel.errors import Problem
from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.registry import type_of
from liaoran.schema.snapshot import Field

NO_RECORD = Text("没有名为“{value}”的记录", "there is no record named “{value}”")
SEVERAL_RECORDS = Text("有多条名为“{value}”的记录", "there are several records named “{value}”")
_BETWEEN = re.compile(r"[,;|、,;\n\t]+")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one value: the canonical new value, or the problem that keeps it from converting."""

    value: Any
    problem: Problem | None = None


class Converter:
    """Converts canonical values of ``old`` (links with their label: ``{"id", "label"}``) to canonical ones of ``new``.

    Equal values are converted once. ``ids`` are the records that names stand for where ``new`` is a link, several ids
    for a name that several records bear; the caller fills it before converting (see ``names_in``).
    """

    def __init__(self, old: Field, new: Field, zone: str, language: Language) -> None:
        self._old, self._new, self._language = old, new, language
        self._old_type, self._new_type = type_of(old), type_of(new)
        self._context = ParseContext(zone=zone, language=language, allow_retired=True)
        self._memo: dict[Any, Outcome] = {}
        self.ids: dict[str, list[str]] = {}

    def convert(self, values: Sequence[Any]) -> list[Outcome]:
        """One outcome per value; None stays None."""
        return [self._remembered(value) for value in values]

    def names_in(self, values: Sequence[Any]) -> set[str]:
        """Names that have to be looked up among the records of the new target, those known already left out."""
        if self._new.kind is not ValueKind.LINK or self._keeps_ids:
            return set()
        return {name for value in values if value is not None and (name := self.text(value)) not in self.ids}

    def text(self, value: Any) -> str:
        """An old value in words, for previews and lists of rejects."""
        return self._old_type.export(value, self._old, self._language)

    def new_text(self, value: Any) -> str:
        """A new value in words."""
        return self._new_type.export(value, self._new, self._language)

    @property
    def _keeps_ids(self) -> bool:
        return self._old.kind is ValueKind.LINK and self._old.target == self._new.target

    def _remembered(self, value: Any) -> Outcome:
        key = value if isinstance(value, str | int | float | bool | None) else str(value)
        mark = (key.__class__, key)
        outcome = self._memo.get(mark)
        if outcome is None:
            if len(self._memo) > 200_000:
                self._memo.clear()
            outcome = self._memo[mark] = self._converted(value)
        return outcome

    def _converted(self, value: Any) -> Outcome:
        if value is None:
            return Outcome(None)
        if self._new.kind is ValueKind.LINK and not self._keeps_ids:
            return self._linked(self.text(value))
        problem: Problem | None = None
        for raw in self._readings(value):
            try:
                return Outcome(self._new_type.parse(raw, self._new, self._context))
            except ValueProblem as refused:
                problem = refused.problem
        return Outcome(None, problem)

    def _readings(self, value: Any) -> list[Any]:
        """What the new type is given to read, the likeliest first: keys pass between choices, a list of one is one."""
        plain = self._old_type.plain(value, self._old, self._language)
        if isinstance(value, Mapping):
            return [value] if self._keeps_ids else [plain]
        if not self._new_type.takes_choices:
            return [plain]
        single = value[0] if isinstance(value, list) and len(value) == 1 else value
        return [single, plain] if self._old_type.takes_choices else [plain]

    def _linked(self, name: str) -> Outcome:
        found = self.ids.get(name, [])
        if len(found) == 1:
            return Outcome(found[0])
        message = (SEVERAL_RECORDS if found else NO_RECORD).fill(value=name[:60])
        code = "ambiguous_record" if found else "no_such_record"
        return Outcome(None, Problem(code, message, field=self._new.key, evidence={"value": name[:200]}))


def labels_in(values: Sequence[str], several: bool) -> list[str]:
    """The distinct labels in texts, in order of first appearance; texts of ``several`` labels are taken apart."""
    found: dict[str, None] = {}
    for value in values:
        for part in _BETWEEN.split(value) if several else [value]:
            if part.strip():
                found[part.strip()] = None
    return list(found)
