"""By which names a file may call each Field of an Object: labels, synonyms, the word table, and words put together."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from liaoran.exchange.mapping.headers import read_header
from liaoran.exchange.values.normal import folded
from liaoran.kernel.values import ValueKind
from liaoran.schema.snapshot import Field, Object, Snapshot

MatchBy = Literal["name", "code"]
EXTERNAL_ID = "external_id"
CREATED_AT = "created_at"
RECORD_ID = "id"
"""Not a Field: the column of an export by which its records are found again."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A Field that a header may mean, how surely (0 to 1) and, for links, whether cells hold names or codes."""

    field: str
    strength: float
    by: MatchBy = "name"


@lru_cache(maxsize=1)
def word_table() -> dict[str, Any]:
    """The words of ``words.json``, folded."""
    data = json.loads(files("liaoran.exchange.mapping").joinpath("words.json").read_text("utf-8"))
    return {
        part: {key: tuple(dict.fromkeys(folded(word) for word in words)) for key, words in data[part].items()}
        for part in ("parts", "objects", "fields", "also", "history", "ignored")
    }


class FieldNames:
    """All names of the Fields of one Object that an import can fill, and what each column header may mean."""

    def __init__(self, snapshot: Snapshot, owner: Object) -> None:
        self._table = word_table()
        self._meanings: dict[str, dict[tuple[str, MatchBy], float]] = {}
        self._own = self._object_words(owner)
        for field in owner.active_fields:
            if not field.computed:
                self._add_field(snapshot, owner, field)
        self._system = frozenset(self._table["ignored"]["system"])
        self.counters = frozenset(self._table["ignored"]["counter"])

    def meanings(self, header: str) -> list[Meaning]:
        """What the header may mean, surest first."""
        found: dict[tuple[str, MatchBy], float] = {}
        for place, key in enumerate(read_header(header).keys):
            weight = 1.0 if place == 0 else 0.98
            for form in self._forms(key):
                for meaning, strength in self._meanings.get(form, {}).items():
                    found[meaning] = max(found.get(meaning, 0.0), strength * weight)
        return sorted(
            (Meaning(field, round(strength, 3), by) for (field, by), strength in found.items()),
            key=lambda meaning: -meaning.strength,
        )

    def hits(self, cells: list[str]) -> int:
        """The number of cells that are known names (of Fields, or of what source systems compute)."""
        return sum(
            1 for cell in cells if cell.strip() and len(cell) < 60 and (self.is_system(cell) or self.meanings(cell))
        )

    def is_system(self, header: str) -> bool:
        """Whether the column holds what every system writes by itself, such as the time of creation."""
        return any(key in self._system for key in read_header(header).keys)

    def _forms(self, key: str) -> Iterable[str]:
        yield key
        if key.endswith("s") and key.isascii() and len(key) > 3:
            yield key[:-1]

    def _object_words(self, owner: Object) -> tuple[str, ...]:
        labels = (
            owner.key,
            owner.label.zh,
            owner.label.en,
            owner.label_plural.zh,
            owner.label_plural.en,
            *owner.synonyms,
        )
        words = {folded(word) for word in labels if word} | set(self._table["objects"].get(owner.key, ()))
        return tuple(sorted(words, key=len, reverse=True))

    def _add_field(self, snapshot: Snapshot, owner: Object, field: Field) -> None:
        fixed = {folded(word): 1.0 for word in (field.label.zh, field.label.en, field.key) if word}
        names = {folded(word): 0.95 for word in field.synonyms} | fixed
        table = dict.fromkeys(self._table["fields"].get(field.key, ()), 0.85)
        for name, strength in (table | names).items():
            self._put(name, field, strength)
            for own in self._own:
                self._put(own + name, field, strength - 0.05)
        ids = self._table["parts"]["id"]
        if field.key == owner.name_field:
            for own in self._own:
                self._put(own, field, 0.8)
                for part in self._table["parts"]["name"]:
                    self._put(own + part, field, 0.9)
        if field.key == EXTERNAL_ID:
            for own in self._own:
                for part in ids:
                    self._put(own + part, field, 0.9)
        if field.kind is ValueKind.LINK and field.target and not field.readonly:
            self._add_link(snapshot, field, [*names, *table], ids)

    def _add_link(self, snapshot: Snapshot, field: Field, names: Iterable[str], ids: tuple[str, ...]) -> None:
        for name in names:
            for part in ids:
                self._put(name + part, field, 0.75, "code")
        target = snapshot.objects.get(field.target or "")
        if target is None:
            return
        plain = 0.7 if target.key != field.object else 0.0
        for word in self._object_words(target):
            if word in self._table["parts"]["unclear"]:
                continue
            self._put(word, field, plain)
            for part in self._table["parts"]["name"]:
                self._put(word + part, field, plain)
            for part in ids:
                self._put(word + part, field, plain - 0.02, "code")

    def _put(self, name: str, field: Field, strength: float, by: MatchBy = "name") -> None:
        if not name or strength <= 0:
            return
        if field.readonly and field.key != CREATED_AT:
            strength -= 0.3
        known = self._meanings.setdefault(name, {})
        known[field.key, by] = max(known.get((field.key, by), 0.0), strength)
